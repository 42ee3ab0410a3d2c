"""Funding at flat prices: days until liquidation, and the rate that gets there in time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margin_engine import Book, EngineError, evaluate, read_book
from margin_engine.questions.change_kinds import PayFunding
from margin_engine.questions.changes import apply
from margin_engine.questions.funding import Bleed, BleedReason, funding_bleed, killing_rate
from tests.margin_engine.builders import D, position, read
from tests.margin_engine.replay import replayed
from tests.margin_engine.strategies import books

EIGHT = D(8)


def only(found: tuple[Bleed, ...]) -> Bleed:
    assert len(found) == 1
    return found[0]


def test_a_long_bleeds_until_its_surplus_is_gone() -> None:
    # 50 - 1 = 49 of surplus; 100 x 0.001 = 0.1 each 8 hours: the 490th payment, after 490 / 3 days.
    answer = only(funding_bleed(read(position()), {"AAAUSDT": D("0.001")}, interval_hours=EIGHT))
    assert (answer.surplus, answer.payment, answer.intervals) == (D(49), D("0.1"), D(490))
    assert answer.days is not None
    assert abs(answer.days - D(490) / 3) < D("1e-24")
    assert replayed(answer.derivation)["days_cross_USDT"] == answer.days


def test_a_pool_dies_at_a_whole_payment() -> None:
    # 9 of surplus at 0.4 each: 22 leave 0.2, the 23rd ends it.
    alone = read(position(margin_mode="isolated"))
    answer = only(funding_bleed(alone, {"*": D("0.004")}, interval_hours=EIGHT))
    assert answer.intervals == 23


def test_who_receives_or_pays_nothing_never_dies_of_it() -> None:
    for side, rate in (("short", "0.001"), ("long", "-0.001"), ("long", "0")):
        answer = only(funding_bleed(read(position(side=side)), {"*": D(rate)}, interval_hours=EIGHT))
        assert (answer.intervals, answer.days, answer.reason) == (None, None, BleedReason.NEVER)
    unnamed = only(funding_bleed(read(position()), {"BBBUSDT": D(1)}, interval_hours=EIGHT))
    assert unnamed.reason is BleedReason.NEVER


def test_what_is_dead_already_says_so() -> None:
    dead = read(position(mark_price="40"))
    assert only(funding_bleed(dead, {"*": D(1)}, interval_hours=EIGHT)).reason is BleedReason.ALREADY_LIQUIDATABLE
    assert killing_rate(dead, days=D(1), interval_hours=EIGHT)[0].reason is BleedReason.ALREADY_LIQUIDATABLE


def test_the_rate_that_kills_in_thirty_days() -> None:
    # 49 / (90 x 100).
    answer = killing_rate(read(position()), days=D(30), interval_hours=EIGHT)[0]
    assert (answer.intervals, answer.reason) == (D(90), None)
    assert answer.rate is not None
    assert abs(answer.rate - D(49) / 9000) < D("1e-24")
    assert replayed(answer.derivation)["rate_cross_USDT"] == answer.rate


def test_a_short_is_killed_by_a_rate_below_0_and_a_flat_hedge_by_none() -> None:
    short = killing_rate(read(position(side="short")), days=D(1), interval_hours=EIGHT)[0]
    assert short.rate is not None
    assert short.rate < 0
    hedge = read(position(), position(id="p2", side="short"))
    assert killing_rate(hedge, days=D(1), interval_hours=EIGHT)[0].reason is BleedReason.NEVER
    one_leg = read(position(), position(id="p2", side="short", symbol="BBBUSDT"))
    assert killing_rate(one_leg, days=D(1), interval_hours=EIGHT, symbol="AAAUSDT")[0].rate is not None


def test_intervals_and_days_out_of_range_are_refused() -> None:
    with pytest.raises(EngineError, match="interval_hours: must be above 0"):
        funding_bleed(read(position()), {}, interval_hours=D(0))
    with pytest.raises(EngineError, match="interval_hours: must be a finite Decimal"):
        killing_rate(read(position()), days=D(1), interval_hours=D("NaN"))
    with pytest.raises(EngineError, match="days: must hold at least one interval of 8 hours"):
        killing_rate(read(position()), days=D("0.3"), interval_hours=EIGHT)


@given(books(modes=("cross",)), st.integers(1, 50))
def test_the_pool_is_dead_after_the_payments_and_alive_one_before(data: dict[str, object], tenths: int) -> None:
    book = read_book(data)
    rate = D(tenths) / 10000
    answer = only(funding_bleed(book, {"*": rate}, interval_hours=EIGHT))
    if answer.intervals is None:
        return
    for payments, dead in ((answer.intervals, True), (answer.intervals - 1, False)):
        symbols = {each.symbol for each in book.positions}
        paid = apply(book, [PayFunding(symbol=symbol, rate=rate * payments) for symbol in symbols])
        assert evaluate(paid).pool("cross:USDT").liquidatable is dead


@given(books(modes=("cross",)), st.integers(1, 60))
def test_at_the_killing_rate_the_last_payment_ends_it(data: dict[str, object], days: int) -> None:
    book = read_book(data)
    answer = killing_rate(book, days=D(days), interval_hours=EIGHT)[0]
    if answer.rate is None:
        return
    bleed = only(funding_bleed(book, {"*": answer.rate}, interval_hours=EIGHT))
    assert bleed.intervals == answer.intervals == 3 * days


# Other kinds and several assets.

INVERSE = {"kind": "inverse", "multiplier": "10", "settle_asset": "AAA"}


def test_an_inverse_long_bleeds_coins() -> None:
    # 2 - 0.01 of surplus; 100 / 100 x 0.001 each: 1,990 payments.
    book = read(position(symbol="AAAUSD", quantity="10", contract=INVERSE), wallet={"AAA": "2"})
    assert only(funding_bleed(book, {"*": D("0.001")}, interval_hours=EIGHT)).intervals == 1990


def backed(haircut: str, **fields: str) -> Book:
    """A long of 1 at 100 with 5 USDT and a coin of 100 USD behind it, in one pool."""
    collateral = {"BTC": {"price": "100", "haircut": haircut}}
    return read(position(**fields), wallet={"USDT": "5", "BTC": "1"}, asset_mode="multi", collateral=collateral)


def test_in_multi_asset_mode_payments_go_on_below_0_in_their_asset() -> None:
    # 5 + 90 - 1 of surplus, 1 each: the 94th payment. The rate for 30 payments: 94 / 30 / 100.
    answer = only(funding_bleed(backed("0.1"), {"*": D("0.01")}, interval_hours=EIGHT))
    assert (answer.surplus, answer.payment, answer.intervals) == (D(94), D(1), D(94))
    rate = killing_rate(backed("0.1"), days=D(10), interval_hours=EIGHT)[0].rate
    assert rate is not None
    assert abs(rate - D(94) / D(3000)) < D("1e-24")


def test_a_haircut_on_the_asset_that_pays_bends_the_way_down() -> None:
    # USDT counts half while it is there: 20 of 40 and 100 of the coin, less 1. 40 payments of 1 cost 20; then 99 more.
    collateral = {"BTC": {"price": "100"}, "USDT": {"price": "1", "haircut": "0.5"}}
    book = read(position(), wallet={"USDT": "40", "BTC": "1"}, asset_mode="multi", collateral=collateral)
    answer = only(funding_bleed(book, {"*": D("0.01")}, interval_hours=EIGHT))
    assert (answer.surplus, answer.payment, answer.intervals) == (D(119), D("0.5"), D(139))
    rate = killing_rate(book, days=D(10), interval_hours=EIGHT)[0].rate
    assert rate is not None
    assert abs(rate - D(139) / D(3000)) < D("1e-24")


def test_in_multi_asset_mode_who_earns_never_dies() -> None:
    answer = only(funding_bleed(backed("0.1", side="short"), {"*": D("0.01")}, interval_hours=EIGHT))
    assert (answer.intervals, answer.reason) == (None, BleedReason.NEVER)
    short = killing_rate(backed("0.1", side="short"), days=D(10), interval_hours=EIGHT)[0]
    assert short.rate is not None
    assert short.rate < 0
