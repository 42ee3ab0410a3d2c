"""Which positions share which wallet: isolated and cross pools, hedges, several assets, marks and contracts."""

from decimal import Decimal

import pytest

from margin_engine import Book, LiquidationReason, MarginMode, Position, Side, evaluate
from tests.margin_engine.builders import ONE_PERCENT, D, asked, position


def test_isolated_margins_leave_the_cross_wallet() -> None:
    answer = asked(position(margin_mode="isolated"), position(id="p2", symbol="BBBUSDT"))
    assert [pool.id for pool in answer.pools] == ["p1", "cross:USDT"]
    assert answer.pool("p1").wallet_balance == 10
    assert answer.pool("cross:USDT").wallet_balance == 40


def test_the_default_isolated_margin_is_the_notional_at_entry_over_leverage() -> None:
    answer = asked(position(margin_mode="isolated", mark_price="95", leverage="8"))
    assert answer.pool("p1").wallet_balance == D("12.5")
    assert answer.position("p1").initial_margin == D(95) / 8
    assert any(note.startswith("isolated_margin: p1") for note in answer.assumptions)


def test_three_isolated_thirds_are_exactly_the_wallet() -> None:
    thirds = [position(id=f"p{n}", margin_mode="isolated", leverage="3") for n in range(3)]
    answer = asked(*thirds, wallet={"USDT": "100"})
    assert answer.pool("cross:USDT").wallet_balance == 0


def test_another_positions_gain_carries_a_losing_one() -> None:
    # Alone: 50 / 0.99. With BBB up by 20 and needing 1.2: 50 + 20 - 1.2 + (P - 100) = 0.01 P.
    other = position(id="p2", symbol="BBBUSDT", mark_price="120")
    answer = asked(position(), other).position("p1")
    assert answer.liquidation_price is not None
    assert abs(answer.liquidation_price * D("0.99") - D("31.2")) < D("1e-24")
    assert answer.bankruptcy_price == 30  # 50 + 20 + (P - 100) = 0


def test_the_loss_of_another_short_has_its_own_sign() -> None:
    # The short has lost 20: 50 - 20 - 1.2 + (P - 100) = 0.01 P.
    other = position(id="p2", symbol="BBBUSDT", side="short", mark_price="120")
    price = asked(position(), other).position("p1").liquidation_price
    assert price is not None
    assert abs(price * D("0.99") - D("71.2")) < D("1e-24")


def test_hedge_legs_in_cross_share_one_price() -> None:
    # Long 3, short 1 at 100: 50 + 2 (P - 100) = 0.04 P  ->  1.96 P = 150.
    legs = (position(quantity="3"), position(id="p2", side="short"))
    answer = asked(*legs)
    prices = {each.liquidation_price for each in answer.positions}
    assert len(prices) == 1
    price = prices.pop()
    assert price is not None
    assert abs(price * D("1.96") - 150) < D("1e-24")
    assert {each.bankruptcy_price for each in answer.positions} == {D(75)}


def test_equal_hedge_legs_die_where_their_requirement_has_grown_to_the_balance() -> None:
    # 50 = 0.02 P  ->  P = 2500, far above both entries; and no price ruins a flat book.
    answer = asked(position(), position(id="p2", side="short"))
    assert [each.liquidation_price for each in answer.positions] == [2500, 2500]
    assert [each.bankruptcy_price for each in answer.positions] == [None, None]


def test_equal_hedge_legs_take_the_nearer_of_two_deaths() -> None:
    # Both rungs beside the middle one ask for more than 5 of both legs: at 105, and just below 10 or just below 99.
    def price(low: str) -> Decimal | None:
        rungs = [{"floor": "0", "rate": "0.6"}, {"floor": low, "rate": "0.01"}, {"floor": "105", "rate": "0.7"}]
        rules, legs = {"tier_method": "whole_position"}, (position(), position(id="p2", side="short"))
        return (
            asked(*legs, wallet={"USDT": "5"}, tiers={"AAAUSDT": rungs}, rules=rules).position("p1").liquidation_price
        )

    assert price("10") == 105
    assert price("99") == 99


def test_a_flat_hedge_without_requirement_has_no_price() -> None:
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0"}]}
    answer = asked(position(), position(id="p2", side="short"), tiers=tiers)
    assert {each.liquidation_reason for each in answer.positions} == {LiquidationReason.HEDGED_FLAT}


def test_a_net_long_hedge_that_survives_a_fall_to_zero_looks_above() -> None:
    # Long 1.001, short 1, entries 100: 50 + 0.001 (P - 100) = 2.001 x 0.01 P: never below, above at 49.9 / 0.01901.
    legs = (position(quantity="1.001"), position(id="p2", side="short"))
    answer = asked(*legs).position("p1")
    assert answer.liquidation_price is not None
    assert abs(answer.liquidation_price * D("0.01901") - D("49.9")) < D("1e-24")
    assert answer.distance is not None
    assert answer.distance > 0


def test_each_hedge_leg_takes_the_rung_of_its_own_notional() -> None:
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "150", "rate": "0.1"}]}
    answer = asked(position(quantity="2"), position(id="p2", side="short"), tiers=tiers)
    assert [each.maintenance_rate for each in answer.positions] == [D("0.1"), D("0.01")]


def test_an_isolated_and_a_cross_position_of_one_symbol_have_their_own_prices() -> None:
    answer = asked(position(margin_mode="isolated"), position(id="p2"))
    isolated, cross = answer.positions
    assert isolated.liquidation_price is not None
    assert cross.liquidation_price is not None
    assert abs(isolated.liquidation_price * D("0.99") - 90) < D("1e-24")
    assert abs(cross.liquidation_price * D("0.99") - 60) < D("1e-24")


def test_each_settle_asset_has_a_cross_pool_of_its_own() -> None:
    dollar, coin = position(), position(id="p2", symbol="BBBBTC", entry_price="0.5", quantity="2")
    answer = asked(dollar, coin, wallet={"USDT": "50", "BTC": "1"})
    assert [pool.id for pool in answer.pools] == ["cross:USDT", "cross:BTC"]
    assert answer.pool("cross:BTC").wallet_balance == 1
    # 1 + 2 (P - 0.5) = 0.02 P  ->  P = 0, so the coin position cannot die.
    assert answer.position("p2").liquidation_price is None


def test_a_pool_without_positions_is_never_liquidatable() -> None:
    pool = asked(wallet={"USDT": "0"}).pool("cross:USDT")
    assert not pool.liquidatable
    assert pool.margin_ratio is None
    assert asked(wallet={"USDT": "7"}).pool("cross:USDT").margin_ratio == 0


def test_a_mark_of_one_position_holds_for_its_symbol() -> None:
    answer = asked(position(mark_price="110"), position(id="p2", margin_mode="isolated", entry_price="105"))
    assert answer.position("p2").unrealised_pnl == 5
    assert not any(note.startswith("mark_price") for note in answer.assumptions)


def test_a_mark_that_nobody_gave_is_the_entry_and_is_named() -> None:
    assert "mark_price: AAAUSDT at its entry price 100" in asked(position()).assumptions


def test_isolated_and_cross_agree_for_one_position_with_all_of_the_wallet() -> None:
    cross = asked(position()).position("p1")
    isolated = asked(position(margin_mode="isolated", isolated_margin="50")).position("p1")
    assert isolated.liquidation_price == cross.liquidation_price


def test_a_book_can_be_made_from_values() -> None:
    p1 = Position(
        id="p1",
        symbol="BTCUSDT",
        side=Side.LONG,
        quantity=Decimal("0.5"),
        entry_price=Decimal(64000),
        leverage=Decimal(20),
        margin_mode=MarginMode.ISOLATED,
    )
    answer = evaluate(Book(wallet={"USDT": Decimal(10000)}, positions=(p1,)))
    assert answer.venue == "binance-usdm"
    assert answer.tiers_as_of == "2026-09-29"
    # 1600 + 0.5 (P - 64000) = 0.004 x 0.5 P
    price = answer.position("p1").liquidation_price
    assert price is not None
    assert abs(price * D("0.498") - 30400) < D("1e-24")


def test_the_callers_decimal_context_is_left_alone() -> None:
    from decimal import getcontext

    before = getcontext().copy()
    asked(position())
    assert (getcontext().prec, getcontext().traps) == (before.prec, before.traps)


def test_tables_that_are_given_have_no_date() -> None:
    assert asked(position()).tiers_as_of is None
    assert asked(position(), tiers={"AAAUSDT": ONE_PERCENT}).tiers_as_of is None


def test_an_evaluation_is_asked_by_the_ids_it_holds() -> None:
    answer = asked(position())
    assert answer.position("p1") is answer.positions[0]
    assert answer.pool("cross:USDT") is answer.pools[0]
    with pytest.raises(KeyError, match="p2"):
        answer.position("p2")
    with pytest.raises(KeyError, match="p1"):
        answer.pool("p1")
