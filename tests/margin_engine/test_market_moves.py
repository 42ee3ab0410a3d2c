"""A move of the whole market, what-if shocks, and the order in which pools die."""

from decimal import Decimal

from margin_engine import path, what_if
from tests.margin_engine.builders import D, asked, position, read


def near(found: Decimal | None, wanted: Decimal | int) -> bool:
    return found is not None and abs(found - wanted) < D("1e-24")


def test_a_market_fall_is_a_signed_fraction_of_all_marks() -> None:
    # 50 + 200 x = 0.01 x 200 (1 + x)  ->  198 x = -48
    answer = asked(position(), position(id="p2", symbol="BBBUSDT")).pool("cross:USDT")
    assert near(answer.market_fall_to_liquidation, D(-48) / 198)
    assert answer.market_rise_to_liquidation is None


def test_betas_weigh_the_symbols_and_the_star_means_the_rest() -> None:
    # 50 + 100 x + 200 x = 0.01 (100 (1 + x) + 100 (1 + 2 x))  ->  297 x = -48
    answer = asked(position(), position(id="p2", symbol="BBBUSDT"), betas={"BBBUSDT": "2", "*": "1"})
    assert near(answer.pool("cross:USDT").market_fall_to_liquidation, D(-48) / 297)


def test_a_hedge_over_two_symbols_dies_of_a_common_rise_when_the_short_moves_more() -> None:
    # Long AAA, short BBB with beta 1.5: 50 + 100 x - 150 x = 0.01 (200 + 250 x)
    legs = (position(), position(id="p2", symbol="BBBUSDT", side="short"))
    answer = asked(*legs, betas={"BBBUSDT": "1.5"}).pool("cross:USDT")
    assert near(answer.market_rise_to_liquidation, D(48) / D("52.5"))


def test_a_market_fall_ends_where_the_first_moving_price_of_the_book_would_reach_zero() -> None:
    # Alone the pool of AAA would die at -98 %, but BBB, twice as fast, reaches 0 at -50 %.
    slow = position(isolated_margin="98", margin_mode="isolated")
    fast = position(id="p2", symbol="BBBUSDT", quantity="0.001")
    alone = asked(slow, wallet={"USDT": "200"}).pool("p1").market_fall_to_liquidation
    assert near(alone, D(-97) / 99)
    beside = asked(slow, fast, wallet={"USDT": "200"}, betas={"BBBUSDT": "2"}).pool("p1")
    assert beside.market_fall_to_liquidation is None


def test_a_negative_beta_turns_a_long_around() -> None:
    answer = asked(position(), betas={"*": "-1"}).pool("cross:USDT")
    assert answer.market_fall_to_liquidation is None
    assert near(answer.market_rise_to_liquidation, D(49) / 99)


def test_betas_of_zero_give_no_market_figures() -> None:
    answer = asked(position(), betas={"*": "0"}).pool("cross:USDT")
    assert answer.market_fall_to_liquidation is None
    assert answer.market_rise_to_liquidation is None


def test_a_what_if_names_the_pools_that_die_in_order() -> None:
    isolated = position(margin_mode="isolated")  # dies at 90 / 0.99: -9.09 % of a fall of 60 %
    cross = position(id="p2", symbol="BBBUSDT")  # dies at 60 / 0.99: -39.4 %
    answer = what_if(read(isolated, cross, shocks={"*": "-0.6"}))
    assert [(death.id, death.positions) for death in answer.liquidated] == [("p1", ("p1",)), ("cross:USDT", ("p2",))]
    assert near(answer.liquidated[0].at_fraction, (1 - D(90) / 99) / D("0.6"))
    assert near(answer.liquidated[0].at_fraction * D("0.6") * 99, D(99) - 90)
    assert [death.loss for death in answer.liquidated] == [10, 40]
    assert answer.equity_before == {"USDT": 50}
    assert answer.equity_after == {"USDT": 0}
    assert answer.after.positions == ()


def test_what_survives_is_evaluated_at_the_shocked_marks() -> None:
    isolated, cross = position(margin_mode="isolated"), position(id="p2", symbol="BBBUSDT")
    answer = what_if(read(isolated, cross, shocks={"AAAUSDT": "-0.2", "BBBUSDT": "0.1"}))
    assert [each.id for each in answer.after.positions] == ["p2"]
    assert answer.after.position("p2").notional == 110
    assert answer.after.pool("cross:USDT").wallet_balance == 40
    assert answer.equity_after == {"USDT": 50}  # 40 left + 10 gained
    assert answer.before.position("p1").notional == 100


def test_a_pool_that_is_dead_already_dies_at_fraction_zero_and_one_that_touches_at_the_end_at_one() -> None:
    dead = position(margin_mode="isolated", isolated_margin="0.5")
    # 40.4 + (60 - 100) = 0.4; with 0.6 it touches at a price of 60 exactly.
    touching = position(id="p2", symbol="BBBUSDT", margin_mode="isolated", isolated_margin="40.6")
    safe = position(id="p3", symbol="BBBUSDT", side="short", margin_mode="isolated", isolated_margin="20")
    answer = what_if(read(dead, touching, safe, wallet={"USDT": "100"}, shocks={"BBBUSDT": "-0.4"}))
    assert [(death.id, death.at_fraction) for death in answer.liquidated] == [("p1", D(0)), ("p2", D(1))]


def test_a_requirement_that_jumps_at_the_very_end_of_the_path_ends_the_pool() -> None:
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "120", "rate": "0.5"}]}
    short = position(side="short")
    rules = {"tier_method": "whole_position"}
    answer = what_if(read(short, tiers=tiers, rules=rules, shocks={"AAAUSDT": "0.2"}))
    assert [death.at_fraction for death in answer.liquidated] == [1]
    spared = what_if(read(short, tiers=tiers, rules=rules, shocks={"AAAUSDT": "0.1999"}))
    assert spared.liquidated == ()


def test_deaths_at_the_same_moment_are_ordered_by_id() -> None:
    twins = [position(id=name, margin_mode="isolated") for name in ("b", "a")]
    assert [death.id for death in what_if(read(*twins, shocks={"*": "-0.5"})).liquidated] == ["a", "b"]


def test_the_wallet_of_a_dead_cross_pool_is_gone_and_isolated_margins_stay() -> None:
    isolated = position(side="short", margin_mode="isolated", leverage="3")
    answer = what_if(read(isolated, position(id="p2", symbol="BBBUSDT"), shocks={"*": "-0.4"}))
    assert [death.id for death in answer.liquidated] == ["cross:USDT"]
    assert answer.after.pool("cross:USDT").wallet_balance == 0
    assert near(answer.equity_after["USDT"], D(100) / 3 + 40)


def test_an_unshocked_book_stays_as_it_is() -> None:
    answer = what_if(read(position()))
    assert answer.liquidated == ()
    assert answer.after.positions == answer.before.positions


def test_a_path_lists_the_deaths_of_each_side_nearest_first() -> None:
    long, short = (
        position(margin_mode="isolated"),
        position(id="p2", side="short", margin_mode="isolated", leverage="5"),
    )
    answer = path(read(long, position(id="p3", symbol="BBBUSDT", quantity="0.5"), short))
    assert [death.id for death in answer.fall] == ["p1", "cross:USDT"]
    assert [death.id for death in answer.rise] == ["p2"]
    assert near(answer.fall[0].at, D(-9) / 99)
    assert near(answer.rise[0].at, D(19) / 101)


def test_a_path_leaves_out_what_is_liquidatable_already() -> None:
    assert path(read(position(margin_mode="isolated", isolated_margin="0"))).fall == ()


def test_pools_that_die_at_the_same_fraction_are_in_the_order_of_their_ids() -> None:
    # Initial margins of a third do not terminate as decimals; both pools still die at exactly the same move.
    few = position(id="a", leverage="3", margin_mode="isolated")
    many = position(id="b", quantity="31", leverage="3", margin_mode="isolated")
    same = {"wallet": {"USDT": "100000"}, "shocks": {"*": "-0.9"}}
    for legs in ((few, many), (many, few)):
        assert [death.id for death in what_if(read(*legs, **same)).liquidated] == ["a", "b"]
        assert [death.id for death in path(read(*legs, **same)).fall] == ["a", "b"]
