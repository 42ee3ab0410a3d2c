"""Cases in which one sign or one comparison decides: found by flipping each of them (tests/support/sign_flips.py)."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from margin_engine import evaluate, what_if
from margin_engine.model.derivation import ALREADY_THERE
from margin_engine.questions.clouds import crowd
from tests.margin_engine.builders import D, asked, position, read

DEARER_BELOW = {"AAAUSDT": [{"floor": "0", "rate": "0.99"}, {"floor": "90", "rate": "0.01"}]}
"""Needs 1 % of a notional of 90 or more, and nearly all of a smaller one: a fall to 90 can end a short as well."""
WHOLE = {"tier_method": "whole_position"}


def test_legs_that_nearly_cancel_can_still_die_of_a_rise() -> None:
    # Long 10 and short 9.9 at 100, 1 %: each unit of a rise gains 0.1 and needs 0.199 more. Free: 50 - 19.9 = 30.1.
    legs = (position(quantity="10"), position(id="p2", side="short", quantity="9.9"))
    answer = asked(*legs, wallet={"USDT": "50"})
    assert answer.position("p1").liquidation_price == pytest.approx(D(100) + D("30.1") / D("0.099"))


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        # 50 + (100 - P) = 0.01 P; below 90 the short has 60 and needs 89.
        (("short",), 150 / 1.01),
        # Dies at 90, where it needs 0.99 x 90 with 40 left.
        (("long",), 90.0),
        # Both sides end it: at 90 each leg needs 89 of the 50; above at 50 = 0.02 P, much further.
        (("long", "short"), 90.0),
    ],
)
def test_where_both_sides_can_end_a_pool_the_side_of_the_position_decides(
    sides: tuple[str, ...], expected: float
) -> None:
    legs = [position(id=side, side=side) for side in sides]
    book = read(*legs, tiers=DEARER_BELOW, rules=WHOLE)
    assert [float(each.liquidation_price or 0) for each in evaluate(book).positions] == pytest.approx(
        [expected] * len(legs)
    )
    assert crowd([book]).crowd.liquidation_prices().prices == pytest.approx([expected])


def test_a_flat_hedge_takes_the_nearer_side_even_where_it_is_above() -> None:
    # Rates that jump at 300 upward and below 20 downward: 110 and 20 are both ends, 110 is nearer.
    rungs = [{"floor": "0", "rate": "0.99"}, {"floor": "20", "rate": "0.01"}, {"floor": "110", "rate": "0.5"}]
    legs = (position(), position(id="p2", side="short"))
    book = read(*legs, wallet={"USDT": "30"}, tiers={"AAAUSDT": rungs}, rules=WHOLE)
    assert evaluate(book).position("p1").liquidation_price == 110
    assert np.allclose(crowd([book]).crowd.liquidation_prices().prices, [110.0])


def test_a_path_that_ends_on_a_floor_does_not_look_beyond_it() -> None:
    # A fall by 10 % ends at 90, on the upper rung: 40 left, 0.9 needed. Any further it would need 89.
    answer = what_if(read(position(), tiers=DEARER_BELOW, rules=WHOLE, shocks={"AAAUSDT": "-0.1"}))
    assert answer.liquidated == ()


def test_a_jump_to_exactly_nothing_that_is_never_reached_kills_nobody() -> None:
    # Just below 80 a short has 70 and needs 0.875 x 80 = 70; at 80 it needs 0.8, below it gains more than it needs.
    rungs = {"AAAUSDT": [{"floor": "0", "rate": "0.875"}, {"floor": "80", "rate": "0.01"}]}
    answer = asked(position(side="short"), tiers=rungs, rules=WHOLE)
    assert answer.pool("cross:USDT").market_fall_to_liquidation is None


def test_a_line_that_meets_nothing_on_a_floor_is_saved_by_a_cheaper_rung() -> None:
    # At 120 a short has 30 and would need 0.25 x 120 = 30, but stands on the upper rung already: 150 - P = 0.01 P.
    rungs = {"AAAUSDT": [{"floor": "0", "rate": "0.25"}, {"floor": "120", "rate": "0.01"}]}
    answer = asked(position(side="short"), tiers=rungs, rules=WHOLE)
    assert answer.position("p1").liquidation_price == pytest.approx(D(150) / D("1.01"))


COIN = {"kind": "inverse", "multiplier": "1", "settle_asset": "AAA"}
PAID_IN_COIN = {"kind": "linear", "multiplier": "1", "settle_asset": "AAA"}
LOSING = position(mark_price="60")
LOSING_COIN = position(symbol="AAAUSD", quantity="6000", mark_price="60", contract=COIN)
WINNING = {"id": "p2", "symbol": "BBBUSDT", "mark_price": "150"}
HALF_COUNTS = {"asset_mode": "multi", "collateral": {"AAA": {"price": "1", "haircut": "0.5"}}}


@pytest.mark.parametrize(
    ("losing", "winning", "fields"),
    [
        # Without the profit of 50: 42.1 - 40 = 2.1 left, 0.6 + 1.5 needed.
        (LOSING, position(**WINNING), {"wallet": {"USDT": "42.1"}}),
        # The same in a coin, with a notional of 100: 42.5 - 40 = 2.5 left, 1 + 1.5 needed.
        (LOSING_COIN, position(**WINNING, contract=PAID_IN_COIN), {"wallet": {"AAA": "42.5"}}),
        # And where half of it counts: (45 - 40) / 2 = 2.5.
        (LOSING_COIN, position(**WINNING, contract=PAID_IN_COIN), {"wallet": {"AAA": "45"}} | HALF_COUNTS),
    ],
)
def test_without_the_profit_of_others_a_position_can_stand_exactly_at_its_end(
    losing: dict[str, Any], winning: dict[str, Any], fields: dict[str, Any]
) -> None:
    answer = asked(losing, winning, rules={"others_profit_counts": False}, **fields)
    assert not answer.pools[-1].liquidatable
    last = answer.steps_of("p1", "liquidation_price")[-1]
    assert (last.value, last.source) == (D(60), ALREADY_THERE)


@pytest.mark.parametrize(
    ("held", "wallet", "expected"),
    [
        # Aside: 0.1 x 90 = 9; 15 + P - 100 = 0.01 P + 9.
        (position(), {"USDT": "15"}, D(94) / D("0.99")),
        # A coin contract of 10,000 at 100, worth 100: aside 0.1 x 110 = 11; 17 + 100 - 10,000 / P = 100 / P + 11.
        (position(symbol="AAAUSD", quantity="10000", contract=COIN), {"AAA": "17"}, D(10100) / D(106)),
    ],
)
def test_what_is_set_aside_for_closing_counts_once(
    held: dict[str, Any], wallet: dict[str, str], expected: Decimal
) -> None:
    rules = {"others_profit_counts": False, "fee_to_close_rate": "0.1"}
    assert asked(held, wallet=wallet, rules=rules).position("p1").liquidation_price == pytest.approx(expected)
