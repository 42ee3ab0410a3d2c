"""Targets, costs, break-even prices and rewards against risks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margin_engine import EngineError, read_book
from margin_engine.questions.profit import Costs, Profit, profit
from tests.margin_engine.builders import D, position, read
from tests.margin_engine.replay import replayed
from tests.margin_engine.strategies import books


def check_working(answer: Profit) -> None:
    values = replayed(answer.derivation)
    for step in answer.derivation:
        assert abs(values[step.symbol] - step.value) <= D("1e-60") * (1 + abs(step.value)), step


def test_a_target_is_worth_its_move_on_the_margin() -> None:
    # 1 x (120 - 100) = 20 on 100 / 10 = 10.
    answer = profit(read(position()), "p1", target=D(120))
    assert (answer.margin, answer.target.pnl, answer.target.net, answer.target.return_on_margin) == (
        D(10),
        D(20),
        D(20),
        D(2),
    )
    assert answer.break_even == 100
    assert (answer.stop, answer.reward_to_risk) == (None, None)
    check_working(answer)


def test_fees_and_funding_come_off_and_move_the_break_even() -> None:
    # 0.001 x 100 + 0.002 x 120 = 0.34 and 0.5 of funding; even at (100 + 0.1 + 0.5) / (1 - 0.002).
    costs = Costs(entry_fee_rate=D("0.001"), exit_fee_rate=D("0.002"), funding=D("0.5"))
    answer = profit(read(position()), "p1", target=D(120), costs=costs)
    assert (answer.target.fees, answer.target.net) == (D("0.34"), D("19.16"))
    assert answer.break_even is not None
    assert abs(answer.break_even - D("100.6") / D("0.998")) < D("1e-24")
    check_working(answer)


def test_a_short_breaks_even_below_its_entry() -> None:
    # (100 - 0.1) / (1 + 0.002).
    costs = Costs(entry_fee_rate=D("0.001"), exit_fee_rate=D("0.002"))
    answer = profit(read(position(side="short")), "p1", target=D(90), costs=costs)
    assert answer.break_even is not None
    assert abs(answer.break_even - D("99.9") / D("1.002")) < D("1e-24")
    assert answer.target.net == 10 - D("0.1") - D("0.18")
    check_working(answer)


def test_reward_to_risk_weighs_net_against_net() -> None:
    # 20 against 5.
    answer = profit(read(position()), "p1", target=D(120), stop=D(95))
    assert answer.stop is not None
    assert (answer.stop.net, answer.reward_to_risk) == (D(-5), D(4))
    check_working(answer)
    assert profit(read(position()), "p1", target=D(120), stop=D(101)).reward_to_risk is None


def test_a_price_beyond_the_liquidation_price_is_not_reached() -> None:
    # Isolated at 10x: gone at 90.9.
    answer = profit(read(position(margin_mode="isolated")), "p1", target=D(120), stop=D(90))
    assert answer.stop is not None
    assert (answer.target.reached, answer.stop.reached) == (True, False)
    assert profit(read(position()), "p1", target=D(120), stop=D(90)).target.reached


def test_a_stated_margin_is_what_the_return_is_counted_on() -> None:
    answer = profit(read(position(margin_mode="isolated", isolated_margin="40")), "p1", target=D(120))
    assert (answer.margin, answer.target.return_on_margin) == (D(40), D("0.5"))
    check_working(answer)
    bare = read(position(margin_mode="isolated", isolated_margin="0", mark_price="110"))
    assert profit(bare, "p1", target=D(120)).target.return_on_margin is None


def test_costs_that_no_price_pays_have_no_break_even() -> None:
    # A short of 1 from 100 earns at most 100.
    answer = profit(read(position(side="short")), "p1", target=D(90), costs=Costs(funding=D(101)))
    assert answer.break_even is None
    check_working(answer)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"target": D(0)}, "target: must be above 0"),
        ({"target": D(120), "stop": D(-1)}, "stop: must be above 0"),
        ({"target": D("Infinity")}, "target: must be a finite Decimal"),
        ({"target": D(120), "costs": Costs(exit_fee_rate=D("NaN"))}, r"costs\.exit_fee_rate: must be a finite Decimal"),
        ({"target": D(120), "costs": Costs(entry_fee_rate=D(1))}, r"costs\.entry_fee_rate: must be at least 0"),
        ({"target": D(120), "costs": Costs(exit_fee_rate=D(-1))}, r"costs\.exit_fee_rate: must be at least 0"),
    ],
)
def test_prices_and_rates_out_of_range_are_refused(fields: dict[str, Decimal], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        profit(read(position()), "p1", **fields)  # type: ignore[arg-type]


@given(books(), st.integers(1, 500), st.integers(0, 30), st.integers(0, 30), st.integers(-100, 100))
def test_at_the_break_even_price_nothing_is_left(
    data: dict[str, object], target: int, entry_fee: int, exit_fee: int, funding: int
) -> None:
    costs = Costs(entry_fee_rate=D(entry_fee) / 10000, exit_fee_rate=D(exit_fee) / 10000, funding=D(funding) / 100)
    book = read_book(data)
    answer = profit(book, book.positions[0].id, target=D(target), costs=costs)
    check_working(answer)
    if answer.break_even is not None:
        even = profit(book, book.positions[0].id, target=answer.break_even, costs=costs)
        assert abs(even.target.net) < D("1e-60")


# The other kinds: 10 inverse contracts of 10 USD at 100 are 1 AAA; 10 quanto contracts of 0.001 at 100 are 1 AAA too.

INVERSE = {"kind": "inverse", "multiplier": "10", "settle_asset": "AAA"}
QUANTO = {"kind": "quanto", "multiplier": "0.001", "settle_asset": "AAA"}


def test_an_inverse_long_earns_ever_fewer_coins_as_its_price_rises() -> None:
    # 100 / 100 - 100 / 200 = 0.5 of 1 / 10 margin; 100 / 100 - 100 / 50 = -1.
    book = read(position(symbol="AAAUSD", quantity="10", contract=INVERSE), wallet={"AAA": "2"})
    answer = profit(book, "p1", target=D(200), stop=D(50))
    assert answer.stop is not None
    assert (answer.target.pnl, answer.target.return_on_margin, answer.stop.pnl) == (D("0.5"), D(5), D(-1))
    assert answer.reward_to_risk == D("0.5")
    check_working(answer)


def test_an_inverse_position_breaks_even_where_its_coins_pay_the_fees() -> None:
    # Long: 1 - 0.01 - N = 0.01 N at N = 0.99 / 1.01 AAA, a price of 100 x 1.01 / 0.99; short: N = 1.01 / 0.99.
    costs = Costs(entry_fee_rate=D("0.01"), exit_fee_rate=D("0.01"))
    for side, even in (("long", D(101) / D("0.99")), ("short", D(99) / D("1.01"))):
        book = read(position(symbol="AAAUSD", side=side, quantity="10", contract=INVERSE), wallet={"AAA": "2"})
        answer = profit(book, "p1", target=D(110), costs=costs)
        assert answer.break_even is not None
        assert abs(answer.break_even - even) < D("1e-24")
        check_working(answer)


def test_an_inverse_long_whose_costs_exceed_its_coins_never_breaks_even() -> None:
    book = read(position(symbol="AAAUSD", quantity="10", contract=INVERSE), wallet={"AAA": "2"})
    assert profit(book, "p1", target=D(110), costs=Costs(funding=D(1))).break_even is None


def test_a_quanto_position_earns_its_settle_coin_in_a_straight_line() -> None:
    # 10 x 0.001 x 50 = 0.5 on 1 / 10.
    book = read(position(symbol="BBBUSD", quantity="10", contract=QUANTO), wallet={"AAA": "2"})
    answer = profit(book, "p1", target=D(150))
    assert (answer.target.pnl, answer.target.return_on_margin, answer.break_even) == (D("0.5"), D(5), D(100))
    check_working(answer)
