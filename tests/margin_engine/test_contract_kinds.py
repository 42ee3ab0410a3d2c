"""Inverse and quanto contracts: arithmetic that can be followed by eye, in the coin that they settle in."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from margin_engine import ContractKind, LiquidationReason, what_if
from margin_engine.model.contracts import average_entry, closing_notional, notional, unrealised_pnl
from tests.margin_engine.builders import D, asked, position, read

INVERSE = {"kind": "inverse", "multiplier": "1", "settle_asset": "BTC"}
QUANTO = {"kind": "quanto", "multiplier": "0.001", "settle_asset": "BTC"}


def inverse(**fields: Any) -> dict[str, Any]:
    """A long of 1000 USD at 100, so 10 BTC, 10x, cross."""
    return position(**({"symbol": "BTCUSD", "quantity": "1000", "contract": INVERSE} | fields))


def quanto(**fields: Any) -> dict[str, Any]:
    """A long of 10 contracts of 0.001 BTC per unit of price at 100, so 1 BTC, 10x, cross."""
    return position(**({"symbol": "ETHUSD", "quantity": "10", "contract": QUANTO} | fields))


def near(found: Decimal | None, wanted: Decimal | int) -> bool:
    return found is not None and abs(found - wanted) < D("1e-24")


@pytest.mark.parametrize(
    ("kind", "value", "gain"),
    [
        (ContractKind.LINEAR, 12 * 50, 12 * (50 - 40)),
        (ContractKind.QUANTO, 12 * 50, 12 * (50 - 40)),
        (ContractKind.INVERSE, Fraction(12, 50), Fraction(12, 40) - Fraction(12, 50)),
    ],
)
def test_each_kind_has_its_notional_and_its_gain(kind: ContractKind, value: Fraction, gain: Fraction) -> None:
    size, entry, price = Fraction(12), Fraction(40), Fraction(50)
    assert notional(kind=kind, size=size, price=price) == value
    assert unrealised_pnl(kind=kind, signed_size=size, entry_price=entry, price=price) == gain
    assert unrealised_pnl(kind=kind, signed_size=-size, entry_price=entry, price=price) == -gain


@pytest.mark.parametrize("kind", list(ContractKind))
def test_the_average_entry_makes_the_whole_gain_what_its_parts_gain(kind: ContractKind) -> None:
    fills = [(Fraction(3), Fraction(40)), (Fraction(1), Fraction(60)), (Fraction(2), Fraction(50))]
    average = average_entry(kind, fills)

    def gain(size: Fraction, entry: Fraction) -> Fraction:
        return unrealised_pnl(kind=kind, signed_size=size, entry_price=entry, price=Fraction(55))

    assert gain(Fraction(6), average) == sum(gain(size, entry) for size, entry in fills)
    # 6 / (3/40 + 1/60 + 2/50), not 280 / 6
    assert average == (6 / Fraction(79, 600) if kind is ContractKind.INVERSE else Fraction(140, 3))


@pytest.mark.parametrize("kind", list(ContractKind))
@pytest.mark.parametrize("side", [1, -1])
def test_the_closing_notional_is_the_value_where_the_initial_margin_is_gone(kind: ContractKind, side: int) -> None:
    size, entry, leverage = Fraction(side * 12), Fraction(40), Fraction(4)
    found = closing_notional(kind=kind, signed_size=size, entry_price=entry, leverage=leverage)
    ruin = entry * leverage / (leverage + side) if kind is ContractKind.INVERSE else entry * (1 - side / leverage)
    assert found == notional(kind=kind, size=abs(size), price=ruin)
    margin = notional(kind=kind, size=abs(size), price=entry) / leverage
    assert unrealised_pnl(kind=kind, signed_size=size, entry_price=entry, price=ruin) == -margin


def test_an_inverse_position_is_counted_in_its_coin() -> None:
    answer = asked(inverse(mark_price="125"), wallet={"BTC": "1"})
    p1, pool = answer.position("p1"), answer.pool("cross:BTC")
    # 1000/125; 1000/100 - 1000/125
    assert (p1.notional, p1.unrealised_pnl, p1.initial_margin) == (D(8), D(2), D("0.8"))
    assert (p1.maintenance_margin, pool.margin_balance) == (D("0.08"), D(3))


def test_an_inverse_long_dies_below_where_its_coins_run_out() -> None:
    # 1 + 1000/100 - 1000/P = 0.01 x 1000/P  ->  11 = 1010 / P
    answer = asked(inverse(), wallet={"BTC": "1"}).position("p1")
    assert near(answer.liquidation_price, D(1010) / 11)
    assert near(answer.bankruptcy_price, D(1000) / 11)
    assert answer.distance is not None
    assert answer.distance < 0


def test_an_inverse_short_dies_above_and_one_paid_in_full_never() -> None:
    # 1 - 1000/100 + 1000/P = 0.01 x 1000/P  ->  9 = 990 / P
    answer = asked(inverse(side="short"), wallet={"BTC": "1"}).position("p1")
    assert answer.liquidation_price == 110
    assert near(answer.bankruptcy_price, D(1000) / 9)
    covered = asked(inverse(side="short", leverage="1", margin_mode="isolated"), wallet={"BTC": "10"}).position("p1")
    assert covered.liquidation_price is None
    assert covered.liquidation_reason is LiquidationReason.COVERED_AT_ANY_PRICE
    assert covered.bankruptcy_price is None


def test_an_inverse_long_at_1x_still_dies() -> None:
    # 10 + 10 - 1000/P = 10/P  ->  P = 1010 / 20
    answer = asked(inverse(leverage="1", margin_mode="isolated"), wallet={"BTC": "10"}).position("p1")
    assert answer.liquidation_price == D("50.5")
    assert answer.bankruptcy_price == 50


def test_an_isolated_inverse_margin_of_a_third_is_exact() -> None:
    thirds = [inverse(id=f"p{n}", margin_mode="isolated", leverage="3") for n in range(3)]
    assert asked(*thirds, wallet={"BTC": "10"}).pool("cross:BTC").wallet_balance == 0


def test_inverse_hedge_legs_share_one_price() -> None:
    # 1 + 30 - 3000/P - (10 - 1000/P) = 0.01 x 4000/P  ->  21 = 2040/P
    answer = asked(inverse(quantity="3000"), inverse(id="p2", side="short"), wallet={"BTC": "1"})
    assert [near(each.liquidation_price, D(2040) / 21) for each in answer.positions] == [True, True]
    # Equal legs: 1 = 0.02 x 1000/P; nothing is lost on the way down but the requirement grows.
    flat = asked(inverse(), inverse(id="p2", side="short"), wallet={"BTC": "1"})
    assert [each.liquidation_price for each in flat.positions] == [20, 20]
    assert [each.bankruptcy_price for each in flat.positions] == [None, None]


def test_an_inverse_notional_grows_into_a_higher_rung_as_the_price_falls() -> None:
    # 8 BTC at 125; rung 2 from 10 BTC (100): amount 0.9. 3 + 8 - 1000/P = 0.1 x 1000/P - 0.9  ->  P = 1100 / 11.9
    tiers = {"BTCUSD": [{"floor": "0", "rate": "0.01"}, {"floor": "10", "rate": "0.1"}]}
    answer = asked(inverse(entry_price="125"), wallet={"BTC": "3"}, tiers=tiers).position("p1")
    assert answer.maintenance_rate == D("0.01")
    assert near(answer.liquidation_price, D(1100) / D("11.9"))


def test_an_inverse_whole_position_table_jumps_where_the_notional_reaches_the_floor() -> None:
    # At 100 the notional reaches 10: 3 + 8 - 10 = 1, which is 0.1 x 10.
    tiers = {"BTCUSD": [{"floor": "0", "rate": "0.01"}, {"floor": "10", "rate": "0.1"}]}
    rules = {"tier_method": "whole_position"}
    answer = asked(inverse(entry_price="125"), wallet={"BTC": "3"}, tiers=tiers, rules=rules)
    assert answer.position("p1").liquidation_price == 100
    richer = asked(inverse(entry_price="125"), wallet={"BTC": "3.1"}, tiers=tiers, rules=rules)
    assert near(richer.position("p1").liquidation_price, D(1100) / D("11.1"))
    poorer = asked(inverse(entry_price="125"), wallet={"BTC": "2.5"}, tiers=tiers, rules=rules)
    assert poorer.position("p1").liquidation_price == 100
    assert poorer.steps_of("p1", "liquidation_price")[-1].formula == "q_p1 / F_liq_p1"
    assert poorer.pool("cross:BTC").market_fall_to_liquidation == D("-0.2")


def test_the_rung_of_a_notional_that_stands_exactly_on_a_floor_is_the_upper_one() -> None:
    # 300 / 3 = 100, although 1 / 3 has no end.
    tiers = {"BTCUSD": [{"floor": "0", "rate": "0.01"}, {"floor": "100", "rate": "0.02"}]}
    answer = asked(inverse(quantity="300", entry_price="3"), wallet={"BTC": "50"}, tiers=tiers).position("p1")
    assert answer.maintenance_rate == D("0.02")


def test_a_market_fall_of_inverse_contracts_is_solved_exactly() -> None:
    # 11 = 1010 / (100 (1 + x))  ->  x = 10.1 / 11 - 1
    answer = asked(inverse(), wallet={"BTC": "1"}).pool("cross:BTC")
    assert near(answer.market_fall_to_liquidation, D("10.1") / 11 - 1)
    assert answer.market_rise_to_liquidation is None
    steps = asked(inverse(), wallet={"BTC": "1"}, betas={"*": "2"}).steps_of("cross:BTC", "market_fall_to_liquidation")
    assert (
        steps[-1].formula == "((s_p1 * N_p1 + N_p1 * m_p1) / (W_cross_BTC + D_p1 + s_p1 * q_p1 / E_p1) - 1) / beta_p1"
    )
    assert {step.symbol: step.unit for step in steps} | {"E_p1": "USD", "N_p1": "BTC", "q_p1": ""} == {
        step.symbol: step.unit for step in steps
    }


def test_two_inverse_contracts_with_betas_of_their_own_meet_a_quadratic() -> None:
    # 2 BTC: 10 (1 - 1/(1+x)) twice, the second at 2x, no requirement: 2 + 20 - 10/(1+x) - 10/(1+2x) = 0.
    other = inverse(id="p2", symbol="BTCUSD_Q")
    tiers = {"BTCUSD": [{"floor": "0", "rate": "0"}], "BTCUSD_Q": [{"floor": "0", "rate": "0"}]}
    answer = asked(inverse(), other, wallet={"BTC": "2"}, tiers=tiers, betas={"BTCUSD_Q": "2"}).pool("cross:BTC")
    x = answer.market_fall_to_liquidation
    assert x is not None
    # Times (1+x)(1+2x): 44 x^2 + 36 x + 2 = 0, the root nearer to 0.
    assert abs(44 * x * x + 36 * x + 2) < D("1e-24")
    assert D("-0.1") < x < 0


def test_a_health_that_touches_its_requirement_and_rises_again_is_a_death() -> None:
    # With y = 1 + x: W - 10 (1 - 1/y) + 2.5 (y - 1) = 10/y + 2.5 y + W - 12.5, least at y = 2, where it is W - 2.5.
    legs = (inverse(side="short"), quanto(id="p2", quantity="25"))
    tiers = {"BTCUSD": [{"floor": "0", "rate": "0"}], "ETHUSD": [{"floor": "0", "rate": "0"}]}

    def rise(wallet: str) -> Decimal | None:
        return asked(*legs, wallet={"BTC": wallet}, tiers=tiers).pool("cross:BTC").market_rise_to_liquidation

    assert rise("2.5") == 1
    assert rise("2.500000001") is None
    # 10/y + 2.5 y = 10.25 at y = 1.6 and at y = 2.5: the nearer one counts.
    assert rise("2.25") == D("0.6")


def test_a_quanto_position_is_counted_in_its_third_coin() -> None:
    # 10 x 0.001 x 120 = 1.2 BTC; gained 10 x 0.001 x 20. 0.5 + 0.01 (P - 100) = 0.01 x 0.01 P  ->  0.0099 P = 0.5
    answer = asked(quanto(mark_price="120"), wallet={"BTC": "0.5"}).position("p1")
    assert (answer.notional, answer.unrealised_pnl) == (D("1.2"), D("0.2"))
    assert near(answer.liquidation_price, D("0.5") / D("0.0099"))
    assert answer.bankruptcy_price == 50
    assert asked(quanto(leverage="1"), wallet={"BTC": "1"}).position("p1").liquidation_price is None


def test_inverse_and_quanto_in_one_coin_share_a_pool() -> None:
    # The quanto long has gained 0.2 and needs 0.012: 1 + 0.2 - 0.012 + 10 - 1000/P = 10/P.
    answer = asked(inverse(), quanto(id="p2", mark_price="120"), wallet={"BTC": "1"})
    assert near(answer.position("p1").liquidation_price, D(1010) / D("11.188"))
    # The inverse long stands at its entry and needs 0.1: 1 - 0.1 + 0.01 (P - 100) = 0.0001 P.
    assert near(answer.position("p2").liquidation_price, D("0.1") / D("0.0099"))


def test_a_what_if_moves_inverse_contracts_along_the_straight_path_of_prices() -> None:
    # Dies at 1010/11 = 91.82 on the way from 100 to 50.
    answer = what_if(read(inverse(), wallet={"BTC": "1"}, shocks={"BTCUSD": "-0.5"}))
    assert near(answer.liquidated[0].at_fraction, (1 - D("10.1") / 11) * 2)
    assert answer.equity_after == {"BTC": 0}
    spared = what_if(read(inverse(), wallet={"BTC": "1"}, shocks={"BTCUSD": "0.25"}))
    assert spared.equity_after == {"BTC": 3}  # 1 + 10 - 8


def test_what_cancels_in_thirds_leaves_nothing() -> None:
    # 1/3 of a coin gained and 1/3 of a coin lost: the balance is exactly the wallet, and with a wallet of 0 exactly 0.
    won = inverse(quantity="1", entry_price="1.5", mark_price="3")  # 2/3 - 1/3
    lost = inverse(id="p2", symbol="BTCUSD_Q", quantity="1", entry_price="3", mark_price="1.5")  # 1/3 - 2/3
    tiers = {"BTCUSD": [{"floor": "0", "rate": "0"}], "BTCUSD_Q": [{"floor": "0", "rate": "0"}]}
    pool = asked(won, lost, wallet={"BTC": "0"}, tiers=tiers).pool("cross:BTC")
    assert pool.margin_balance == 0
    assert pool.margin_ratio is None
    assert pool.liquidatable
