"""Which position goes first is found from the price now, by cards, comparisons, the account, lessons and pictures.

A hedge of one coin without a price now: 0.5 BTC long from 64,000 and 0.3 short from 65,000, both 20x. The entry of the
larger leg stands in for the price. From 64,000 the long's 61,044.2 is 4.6 % away, the short's 67,978.0 is 6.2 %; each
from its own entry the short would be the nearer one, by 0.04 %.
"""

from __future__ import annotations

import pytest

from bot.pictures.specs import DistancesSpec, ShareSpec, spec_of
from tests.bot.flows.talk import Talk

HEDGE = "long 0.5 btc 64k 20x, short 0.3 btc 65k 20x, wallet 3k"
FIRST = "BTC long is liquidated first, at 61,044.2, 4.6% below entry."


def drawn(talk: Talk) -> object:
    picture = talk.last.screen.picture
    assert picture is not None
    return spec_of(dict(picture.spec))


@pytest.mark.parametrize("asked", [HEDGE, f"iso or cross for {HEDGE}?", "short 0.3 btc 65k 20x, long 0.5 btc 64k 20x"])
def test_the_card_and_the_comparison_name_the_leg_that_is_nearest_to_the_price_now(asked: str) -> None:
    talk = Talk()
    assert f"Isolated: {FIRST}" in talk.say(asked)


def test_the_pictures_name_the_same_leg() -> None:
    talk = Talk()
    talk.say(HEDGE)
    talk.tap("Picture")
    talk.tap("Distances")
    bars = drawn(talk)
    assert isinstance(bars, DistancesSpec)
    assert bars.bars[0].name == "BTC long"
    assert talk.first_line.startswith("BTC long goes first: −4.6%")
    talk.tap("Table")
    table = drawn(talk)
    assert isinstance(table, ShareSpec)
    assert table.rows[0].label == "BTC long"


def test_the_saved_account_a_lesson_and_its_help_name_the_same_leg() -> None:
    talk = Talk()
    talk.say(HEDGE.replace("20x", "20x iso"))
    talk.tap("Save")
    talk.command("portfolio")
    assert talk.first_line == "Nearest: BTC long isolated, at 61,044.2, 4.6% below entry."
    talk.tap("Make it safer")
    assert "BTC long" in talk.first_line
    talk.say("what is a liquidation price?")
    assert "Yours: BTC long is liquidated at 61,044.2, 4.6% from entry." in talk.text


def test_a_lesson_measures_its_own_number_from_where_it_says() -> None:
    # from its entry, 64,000, the long's 61,044.2 is 4.6 % away; from the price now, 62,000, it is 1.5 %
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso, short 0.6 btc 62k 20x iso, wallet 10k")
    talk.tap("Save")
    talk.say("what is a liquidation price?")
    assert "Yours: BTC long is liquidated at 61,044.2, 4.6% from entry." in talk.text


def test_a_lesson_has_no_price_of_what_is_liquidated_already() -> None:
    talk = Talk()
    talk.say("long 1 btc 64k 20x iso, wallet 4k, btc now 60k")
    talk.tap("Save")
    talk.say("what is a liquidation price?")
    assert "Liquidation price" in talk.first_line
    assert "Yours" not in talk.text


def test_a_saved_hedge_keeps_the_price_now_of_its_card() -> None:
    # 62,000 is the entry of the larger leg: 0.5 x (62,000 - 64,000) is the loss there
    talk = Talk()
    assert "price now: 62,000, the entry of the larger leg" in talk.say(
        "long 0.5 btc 64k 20x iso, short 0.6 btc 62k 20x iso, wallet 10k"
    )
    talk.tap("Save")
    talk.command("portfolio")
    assert talk.first_line == "Nearest: BTC long isolated, at 61,044.2, 4.6% below entry."
    assert "Prices: BTC 62,000, the entry." in talk.text
    assert "PnL −1,000 USDT" in talk.text
