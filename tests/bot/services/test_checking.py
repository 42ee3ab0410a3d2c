"""What a card can say with what was said, and no more."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.check_screen import card_screen
from bot.rendering.plain import plain_text
from bot.rendering.verdict import Tongue
from bot.rendering.views import Figures
from bot.services.asking import question_about
from bot.services.checking import Worked, work_out
from bot.services.question import GivenPrice, Leg, Question
from bot.services.symbols import listing_of, nearest

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BTC = Leg(coin="BTC", side="long", quantity=Decimal("0.5"), entry=Decimal(64000), leverage=Decimal(20))


def worked(*legs: Leg, wallet: int | None = 10000, **more: object) -> Worked:
    return work_out(Question(legs=legs, wallet=None if wallet is None else Decimal(wallet), **more), now=NOW)


def changed(**update: object) -> Leg:
    return BTC.model_copy(update=update)


def notes(answer: Worked) -> set[str]:
    return {note.name for note in (*answer.view.assumed, *answer.view.remarks)}


def isolated(answer: Worked) -> Figures:
    figures = answer.view.legs[0].isolated
    assert figures is not None
    return figures


@pytest.mark.parametrize(
    ("leg", "slot"),
    [
        (changed(coin=None), "symbol"),
        (changed(side=None), "side"),
        (changed(entry=None), "entry"),
        (changed(leverage=None), "leverage"),
    ],
)
def test_the_first_thing_that_is_missing_is_asked_for(leg: Leg, slot: str) -> None:
    answer = worked(leg, wallet=None)
    assert answer.view.asked is not None
    assert (answer.view.asked.slot, answer.answered) == (slot, False)


def test_isolated_needs_neither_wallet_nor_size() -> None:
    answer = worked(changed(quantity=None), wallet=None)
    assert isolated(answer).liquidation_price == isolated(worked(BTC)).liquidation_price
    assert answer.view.legs[0].size_free_up_to == Decimal(300000)
    assert answer.view.asked is not None
    assert (answer.view.asked.slot, answer.view.asked.of_cross) == ("wallet", True)


def test_a_short_must_start_smaller_to_end_in_the_first_tier() -> None:
    answer = worked(changed(quantity=None, side="short"), wallet=None)
    # liquidated at 64,000 x 1.05 / 1.004 = 66,932.27: 300,000 x 64,000 / 66,932.27 = 286,857 -> 286,000
    assert answer.view.legs[0].size_free_up_to == Decimal(286000)


def test_a_size_unknown_does_not_make_the_wallet_too_small() -> None:
    answer = worked(changed(quantity=None), wallet=10)
    assert answer.view.isolated_trouble is None
    assert isolated(answer).liquidation_price is not None


def test_cross_needs_no_leverage() -> None:
    answer = worked(changed(leverage=None, mode="cross"))
    assert answer.view.asked is None
    figures = answer.view.legs[0].cross
    assert figures is not None
    assert figures.liquidation_price is not None
    assert figures.margin is None
    assert "isolated_needs_leverage" in notes(answer)


def test_a_given_margin_is_the_isolated_margin() -> None:
    figures = isolated(worked(changed(margin=Decimal(4200), leverage=None)))
    # (4,200 - 32,000) / (0.002 - 0.5) = 55,823.29
    assert figures.liquidation_price is not None
    assert abs(figures.liquidation_price - Decimal("55823.2932")) < Decimal("0.0001")
    assert (figures.loss, figures.margin) == (Decimal(4200), Decimal(4200))


def test_the_distance_is_measured_from_the_given_price() -> None:
    given = {"BTC": GivenPrice(price=Decimal(63000), given_at=NOW)}
    figures = isolated(worked(BTC, prices=given))
    assert figures.distance is not None
    assert figures.liquidation_price is not None
    assert figures.distance == figures.liquidation_price / 63000 - 1


def test_the_tier_is_the_one_at_the_liquidation_price() -> None:
    # 5 BTC: 320,000 at entry stands on the second rung, 61,0xx x 5 = 305,000 still does, a lower one would not.
    rung = isolated(worked(changed(quantity=Decimal(5)), wallet=100000)).rung
    assert rung is not None
    assert (rung.rate, rung.cap) == (Decimal("0.005"), Decimal(800000))
    rung = isolated(worked(changed(quantity=Decimal("4.8")), wallet=100000)).rung
    assert rung is not None
    assert (rung.rate, rung.cap) == (Decimal("0.004"), Decimal(300000))


def test_a_leverage_above_the_rungs_limit_names_it() -> None:
    answer = worked(changed(leverage=Decimal(126), quantity=Decimal(5)))
    assert answer.view.remarks[0].facts["limit"] == 100
    assert answer.view.asked is not None
    assert answer.view.asked.choices == ("20", "50", "75", "100")


def test_both_legs_of_a_hedge_get_one_price_and_the_stand_in_is_named() -> None:
    answer = worked(
        changed(quantity=Decimal(1), leverage=Decimal(10)),
        changed(side="short", entry=Decimal(65000), leverage=Decimal(10)),
    )
    prices = {leg.cross.liquidation_price for leg in answer.view.legs if leg.cross}
    assert len(prices) == 1
    assert {"hedge", "larger_entry_is_price"} <= notes(answer)


def test_the_same_side_twice_is_refused_with_what_to_do() -> None:
    assert worked(BTC, BTC).view.remarks[0].name == "same_side_twice"


def test_a_wallet_below_the_opening_margin_is_pointed_out_in_cross() -> None:
    answer = worked(changed(quantity=Decimal(1), leverage=Decimal(10)), wallet=5000)
    assert "cannot_open" in notes(answer)
    assert answer.view.isolated_trouble is not None


def test_likely_wallets_are_above_the_margins() -> None:
    for slot in ("wallet", "side", "mode", "leverage", "size"):
        asked = question_about(slot, 0, None, Question(legs=(BTC,)), worked(BTC).legs)
        assert asked.slot == slot
    wallets = question_about("wallet", 0, None, Question(legs=(BTC,)), worked(BTC).legs)
    assert wallets.choices == ("2000", "5000", "10000")


def test_listings_know_lots_and_neighbours() -> None:
    pepe = listing_of("PEPE")
    assert pepe is not None
    assert (pepe.symbol, pepe.per, pepe.coin) == ("1000PEPEUSDT", 1000, "1000PEPE")
    assert listing_of("NOSUCHCOIN") is None
    assert listing_of("BTC,USDT") is None
    assert nearest("PEPES") == ("1000PEPE",)


NUMBERS = st.one_of(st.none(), st.decimals(min_value=Decimal("1e-12"), max_value=Decimal("1e15"), allow_nan=False))
LEGS = st.builds(
    Leg,
    coin=st.sampled_from(["BTC", "ETH", "PEPE", "SOL", "XRP", "ADA", "BNB", None, "NOSUCH"]),
    side=st.sampled_from(["long", "short", None]),
    quantity=NUMBERS,
    notional=NUMBERS,
    margin=NUMBERS,
    entry=NUMBERS,
    leverage=NUMBERS,
    mode=st.sampled_from([None, "isolated", "cross"]),
)


@given(legs=st.lists(LEGS, min_size=1, max_size=8), wallet=NUMBERS, price=NUMBERS)
def test_whatever_was_said_has_a_card_that_fits_a_message(
    legs: list[Leg], wallet: Decimal | None, price: Decimal | None
) -> None:
    prices = {"BTC": GivenPrice(price=price, given_at=NOW)} if price is not None else {}
    answer = work_out(Question(legs=tuple(legs), wallet=wallet, prices=prices), now=NOW)
    assert len(answer.view.legs) == len(legs)
    for working in (False, True):
        assert len(plain_text(card_screen(answer.view, Tongue.of("en"), working=working))) <= 4096
