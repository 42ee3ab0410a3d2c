"""Changing every slot of a check card, and adding and removing positions, button by button."""

import pytest

from tests.bot.flows.talk import Talk

FULL = "long 0.5 btc 64k 20x, wallet 10k"


def test_a_trade_that_was_asked_for_is_a_further_position_of_the_card() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.act("slot:position")
    assert talk.text.endswith("like short 4 eth 3200 10x.")
    talk.say("short 4 eth 3200 10x")
    assert len(talk.messages) == 1
    assert "Short 4 ETH at 3,200, 10x" in talk.text
    assert "Long 0.5 BTC at 64,000, 20x" in talk.text
    talk.say("undo")
    assert "ETH" not in talk.text


def test_a_trade_with_a_wallet_of_its_own_is_another_question() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.act("slot:position")
    talk.say("short 4 eth 3200 10x, wallet 5k")
    assert len(talk.messages) == 2
    assert "BTC" not in talk.text


def test_a_further_position_is_asked_for_slot_by_slot() -> None:
    talk = Talk()
    talk.say(FULL)
    for action in ("slot:position", "set:position:ETH", "set:side:short"):
        talk.act(action)
    talk.say("3200")
    talk.say("20x")
    text = talk.say("4")
    assert "Short 4 ETH at 3,200, 20x" in text
    assert "everything may" in text


def test_a_position_is_removed_but_never_the_last() -> None:
    talk = Talk()
    talk.say("cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x")
    talk.act("remove:0")
    assert "Short 4 ETH" in talk.text
    assert "BTC" not in talk.text
    talk.act("remove:0")
    assert "Short 4 ETH" in talk.text


def test_the_mode_goes_back_to_both_side_by_side() -> None:
    talk = Talk()
    talk.say(FULL + " iso")
    talk.act("slot:mode")
    talk.tap("both")
    talk.act("change")
    assert "Mode: both" in talk.labels


def test_changing_the_exchange_takes_a_typed_rate_away() -> None:
    talk = Talk()
    talk.say("bybit long 2 eth 3200 10x iso")
    talk.say("0.5%")
    assert "Maintenance rate: 0.5%, as you gave it." in talk.text
    talk.act("set:venue:hyperliquid")
    assert "as you gave it" not in talk.text
    assert "Hyperliquid table" in talk.text


def test_coin_margined_at_binance_is_its_own_exchange_and_back() -> None:
    talk = Talk()
    talk.say("long 1 btc 64k 10x, wallet 10k")
    talk.act("set:contract:inverse")
    assert "Cross with 0.15625 BTC" in talk.text  # 10,000 / 64,000
    talk.act("set:venue:binance-usdm")
    assert "Cross with 10,000 USDT" in talk.text


def test_a_dead_card_shows_where_it_died() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    assert "It went at 61,044.2." in talk.say("btc 60k now")


def test_a_wall_of_figures_without_a_place_is_cut() -> None:
    text = Talk().say("long 0.5 btc 64k 20x iso tp 66k tp 67k tp 68k tp 69k tp 70k tp 71k")
    assert "target 69000 and 2 more" in text


def test_a_trade_at_another_exchange_is_not_mixed_into_the_saved_account() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x cross, wallet 10k")
    talk.act("save")
    text = talk.say("bybit short 1 btc 64k 10x cross, wallet 5k")
    assert "Your saved position is not counted: it is at another exchange" in text
    talk.act("save")
    assert "your portfolio is one of Binance USD‑M, and this trade is at Bybit" in talk.toasts[-1]


def test_a_coin_margined_trade_is_saved_with_its_rate_and_its_wallet_in_coins() -> None:
    talk = Talk()
    talk.say("coin-m long 50 contracts btc 64k 10x cross, wallet 1 btc")
    talk.act("save")
    text = talk.command("portfolio")
    assert "Long 5,000 USD of BTC at 64,000, 10x" in text
    assert "Wallet: 1 BTC. Binance COIN‑M." in text


@pytest.mark.parametrize(
    "forged", ["set:position:<b>", "set:fees:5", "set:venue:nowhere", "remove:7", "slot:nothing", "set:contract:odd"]
)
def test_forged_changes_are_refused_politely(forged: str) -> None:
    talk = Talk()
    before = talk.say(FULL)
    talk.act(forged)
    assert talk.text == before
    assert "too old" in talk.toasts[-1]
