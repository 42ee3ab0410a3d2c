"""The liquidation and bankruptcy price of a position: arithmetic that can be followed by eye."""

from decimal import Decimal

import pytest

from margin_engine import LiquidationReason, Tier, TierMethod, TierTable
from margin_engine.health.legs import Leg
from margin_engine.health.rays import Reach, first_crossing
from tests.margin_engine.builders import D, asked, position


def test_an_isolated_long_dies_where_its_own_margin_meets_its_requirement() -> None:
    # 10 + (P - 100) = 0.01 P  ->  0.99 P = 90
    answer = asked(position(margin_mode="isolated")).position("p1")
    assert answer.liquidation_price is not None
    assert abs(answer.liquidation_price * D("0.99") - 90) < D("1e-24")
    assert answer.bankruptcy_price == 90
    assert answer.max_loss == 10
    assert answer.pool_id == "p1"


def test_an_isolated_short_dies_above() -> None:
    # 10 - (P - 100) = 0.01 P  ->  1.01 P = 110
    answer = asked(position(side="short", margin_mode="isolated")).position("p1")
    assert answer.liquidation_price is not None
    assert abs(answer.liquidation_price * D("1.01") - 110) < D("1e-24")
    assert answer.distance is not None
    assert answer.distance > 0
    assert answer.bankruptcy_price == 110


def test_a_cross_long_is_backed_by_the_whole_wallet() -> None:
    # 50 + (P - 100) = 0.01 P  ->  P = 50 / 0.99
    answer = asked(position()).position("p1")
    assert answer.liquidation_price is not None
    assert abs(answer.liquidation_price * D("0.99") - 50) < D("1e-24")
    assert answer.max_loss == 50


def test_leverage_sets_the_initial_margin_and_not_the_cross_liquidation_price() -> None:
    low, high = (asked(position(leverage=leverage)).position("p1") for leverage in ("2", "50"))
    assert low.liquidation_price == high.liquidation_price
    assert (low.initial_margin, high.initial_margin) == (D(50), D(2))


def test_the_rung_is_that_of_the_price_in_question_and_not_of_the_mark() -> None:
    # 10 coins: 1000 at the mark stands on rung 2 (2 %, amount 5); the pool dies at a notional of 455.5... on rung 1.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "500", "rate": "0.02"}]}
    answer = asked(position(quantity="10"), wallet={"USDT": "549"}, tiers=tiers)
    assert answer.position("p1").maintenance_rate == D("0.02")
    assert answer.position("p1").maintenance_amount == 5
    assert answer.position("p1").maintenance_margin == 15
    price = answer.position("p1").liquidation_price
    assert price is not None
    assert abs(price * D("9.9") - 451) < D("1e-24")  # 549 + 10 (P - 100) = 0.1 P


def test_a_short_grows_into_a_higher_rung_before_it_dies() -> None:
    # Rung 2 from 120: 0.1 N - 10.8. 30 - (P - 100) = 0.1 P - 10.8  ->  P = 140.8 / 1.1 = 128, above 120.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "120", "rate": "0.1"}]}
    assert asked(position(side="short"), wallet={"USDT": "30"}, tiers=tiers).position("p1").liquidation_price == 128


def test_a_death_exactly_on_a_floor_is_found() -> None:
    # At the floor of 120: 21.2 - 20 = 1.2 = 0.01 x 120.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "120", "rate": "0.1"}]}
    assert asked(position(side="short"), wallet={"USDT": "21.2"}, tiers=tiers).position("p1").liquidation_price == 120


def test_a_closing_fee_counts_inside_the_requirement_and_ratio_one_is_still_liquidation() -> None:
    # 50 + (P - 100) = (0.01 + 0.002) P
    answer = asked(position(), rules={"closing_fee_rate": "0.002"})
    price = answer.position("p1").liquidation_price
    assert price is not None
    assert abs(price * D("0.988") - 50) < D("1e-24")
    assert answer.position("p1").maintenance_margin == D("1.2")
    assert answer.position("p1").maintenance_rate == D("0.01")
    at_death = asked(position(mark_price="80"), wallet={"USDT": "20.96"}, rules={"closing_fee_rate": "0.002"})
    assert at_death.pool("cross:USDT").margin_ratio == 1
    assert at_death.pool("cross:USDT").liquidatable


def test_touching_the_requirement_is_liquidatable() -> None:
    for wallet, dead in (("1", True), ("1.000000001", False), ("0.5", True)):
        answer = asked(position(), wallet={"USDT": wallet})
        assert answer.pool("cross:USDT").liquidatable is dead


def test_a_liquidatable_pool_has_no_price_but_keeps_its_bankruptcy_price() -> None:
    answer = asked(position(mark_price="51"))
    assert answer.position("p1").liquidation_price is not None
    dead = asked(position(mark_price="50.5"))
    p1, pool = dead.position("p1"), dead.pool("cross:USDT")
    assert pool.liquidatable
    assert p1.liquidation_price is None
    assert p1.distance is None
    assert p1.liquidation_reason is LiquidationReason.ALREADY_LIQUIDATABLE
    assert p1.bankruptcy_price == 50
    assert pool.market_fall_to_liquidation is None
    assert pool.market_rise_to_liquidation is None


def test_a_long_that_is_paid_in_full_has_no_liquidation_price_and_says_why() -> None:
    answer = asked(position(leverage="1"), wallet={"USDT": "100"}).position("p1")
    assert answer.liquidation_price is None
    assert answer.liquidation_reason is LiquidationReason.COVERED_TO_ZERO
    assert answer.bankruptcy_price is None


def test_a_price_of_zero_is_no_price() -> None:
    # 99.99 + (P - 100) = 0.01 P  ->  P = 0.01 / 0.99 is one; with exactly 100 it would be 0.
    price = asked(position(), wallet={"USDT": "99.99"}).position("p1").liquidation_price
    assert price is not None
    assert price > 0


def test_the_margin_ratio_is_null_where_the_margin_balance_is_not_above_zero() -> None:
    for mark in ("50", "40"):
        answer = asked(position(mark_price=mark))
        assert answer.pool("cross:USDT").margin_ratio is None
        assert answer.position("p1").margin_ratio is None


def test_available_balance_is_never_below_zero() -> None:
    assert asked(position()).pool("cross:USDT").available_balance == 40  # 50 - 100 / 10
    assert asked(position(mark_price="55")).pool("cross:USDT").available_balance == 0  # 5 - 5.5


def test_the_requirement_is_never_below_zero_before_the_fee() -> None:
    # 100 x 0.01 - 3 would be -2: only the fee is left.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01", "amount": "3"}]}
    answer = asked(position(side="short"), tiers=tiers, rules={"closing_fee_rate": "0.001"}).position("p1")
    assert answer.maintenance_margin == D("0.1")
    assert answer.maintenance_rate == D("0.01")
    assert answer.maintenance_amount == 3
    assert answer.liquidation_price is not None
    assert abs(answer.liquidation_price * D("1.001") - 150) < D("1e-24")


def test_the_requirement_leaves_zero_on_the_way_to_the_liquidation_price() -> None:
    # The requirement is 0 up to 100 / 0.5 = 200. 150 - (P - 100) = 0.5 P - 100  ->  P = 350 / 1.5, above 200.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.5", "amount": "100"}]}
    price = asked(position(side="short"), wallet={"USDT": "150"}, tiers=tiers).position("p1").liquidation_price
    assert price is not None
    assert abs(price * D("1.5") - 350) < D("1e-24")


@pytest.mark.parametrize(("wallet", "price"), [("25", D(120)), ("31", D(120)), ("33", D(121) / D("1.1"))])
def test_a_whole_position_table_jumps_at_its_floor(wallet: str, price: Decimal) -> None:
    # From 120 on 10 % of everything: the requirement jumps from 1.2 to 12 there. 25 and 31 survive 1.2 but not 12;
    # 33 - 20 = 13 survives the jump and dies at 133 / 1.1.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "120", "rate": "0.1"}]}
    rules = {"tier_method": "whole_position"}
    answer = asked(position(side="short"), wallet={"USDT": wallet}, tiers=tiers, rules=rules).position("p1")
    expected = D(133) / D("1.1") if wallet == "33" else price
    assert answer.liquidation_price is not None
    assert abs(answer.liquidation_price - expected) < D("1e-20")
    assert answer.maintenance_amount == 0


def test_a_whole_position_price_on_a_floor_stands_on_the_upper_rung() -> None:
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "100", "rate": "0.1"}]}
    answer = asked(position(), tiers=tiers, rules={"tier_method": "whole_position"}).position("p1")
    assert answer.maintenance_rate == D("0.1")
    assert answer.maintenance_margin == 10


def test_a_table_whose_requirement_jumps_up_just_below_the_mark_ends_a_pool_at_once() -> None:
    # The rung below 100 asks for 60 % of everything, the one at 100 for 1 %: a breath of a fall is enough.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.6"}, {"floor": "100", "rate": "0.01"}]}
    answer = asked(position(), tiers=tiers, rules={"tier_method": "whole_position"})
    assert not answer.pool("cross:USDT").liquidatable
    assert answer.position("p1").liquidation_price == 100
    assert answer.position("p1").distance == 0
    assert answer.pool("cross:USDT").market_fall_to_liquidation == 0


def test_a_requirement_that_equals_the_balance_all_along_ends_a_pool_where_that_begins() -> None:
    # Below 100 rate and fee take 100 % of the notional: 100 + (P - 100) - P = 0 at every price.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.9"}, {"floor": "100", "rate": "0.01"}]}
    rules = {"tier_method": "whole_position", "closing_fee_rate": "0.1"}
    answer = asked(position(), wallet={"USDT": "100"}, tiers=tiers, rules=rules)
    assert answer.position("p1").liquidation_price == 100


def test_a_requirement_that_jumps_up_to_the_balance_and_is_outgrown_again_is_a_death_all_the_same() -> None:
    # Covered down to 0; above, 0.01 P + 118.8 from 120 on touches P there: 120 - 1.2 - 118.8 = 0. Then P grows faster.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "120", "rate": "0.01", "amount": "-118.8"}]}
    answer = asked(position(), wallet={"USDT": "100"}, tiers=tiers)
    assert answer.position("p1").liquidation_price == 120
    relieved = [{"floor": "0", "rate": "0.01"}, {"floor": "120", "rate": "0.01", "amount": "-118.7"}]
    spared = asked(position(), wallet={"USDT": "100"}, tiers={"AAAUSDT": relieved})
    assert spared.position("p1").liquidation_price is None


def test_twelve_digits_survive_when_almost_nothing_is_left() -> None:
    # 10,000,000 of wallet, a loss of 9,999,999.999: 0.001 is left, and nothing is required.
    one_rung = {"AAAUSDT": [{"floor": "0", "rate": "0"}]}
    loser = position(quantity="99999.99999", entry_price="200", mark_price="100")
    answer = asked(loser, wallet={"USDT": "10000000"}, tiers=one_rung).pool("cross:USDT")
    assert answer.margin_balance == D("0.001")


def test_the_contract_multiplier_scales_the_size() -> None:
    contract = {"kind": "linear", "multiplier": "1000", "settle_asset": "USDT"}
    answer = asked(position(quantity="0.001", contract=contract)).position("p1")
    assert answer.notional == 100
    assert answer.liquidation_price == asked(position()).position("p1").liquidation_price


def test_a_walk_that_starts_below_the_requirement_ends_where_it_starts() -> None:
    # -50 + (P - 100) rises by 0.99 for every 1 of the price, but at the start there is less than nothing.
    ladder = TierTable((Tier(floor=D(0), rate=D("0.01")),)).ladder(method=TierMethod.MARGINAL, closing_fee_rate=D(0))
    long = Leg(pnl_at_zero=D(-100), pnl_slope=D(1), notional_at_zero=D(0), notional_slope=D(1), ladder=ladder)
    met = first_crossing(balance=D(-50), legs=[long], start=D(100), direction=1, reach=Reach(None))
    assert met is not None
    assert met.at == 100
