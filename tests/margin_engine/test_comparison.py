"""The same book partitioned both ways."""

from dataclasses import replace

from margin_engine import compare, write_comparison
from tests.margin_engine.builders import D, position, read
from tests.margin_engine.test_contract_kinds import inverse


def test_a_cross_position_becomes_isolated_with_its_initial_margin_at_entry() -> None:
    answer = compare(read(position(), position(id="p2", symbol="BBBUSDT", margin_mode="isolated", isolated_margin="5")))
    assert answer.isolated is not None
    assert [pool.wallet_balance for pool in answer.isolated.pools] == [10, 5, 35]
    assert answer.cross is not None
    assert [pool.wallet_balance for pool in answer.cross.pools] == [50]
    assert [pool.id for pool in answer.as_given.pools] == ["p2", "cross:USDT"]
    assert (answer.as_given_reason, answer.isolated_reason, answer.cross_reason) == (None, None, None)


def test_a_partition_that_would_be_refused_is_null_with_its_reason() -> None:
    poor = compare(read(position(leverage="1")))
    assert poor.isolated is None
    assert poor.isolated_reason == "wallet.USDT: must cover the isolated margins of 100, got 50"
    assert poor.differences == ()
    twice = [position(id=name, margin_mode="isolated") for name in ("p1", "p2")]
    doubled = compare(read(*twice))
    assert doubled.cross is None
    assert doubled.cross_reason is not None
    assert doubled.cross_reason.startswith("positions[1].side: must not repeat")
    assert doubled.isolated is not None


def test_a_mode_switch_can_be_liquidatable_at_once_and_is_not_refused() -> None:
    answer = compare(read(position(mark_price="90.5")))
    assert answer.isolated is not None
    assert answer.isolated.pool("p1").liquidatable
    assert not answer.as_given.pool("cross:USDT").liquidatable


def test_differences_name_the_figures_that_the_mode_changes() -> None:
    answer = compare(read(position()))
    found = {(each.id, each.field): each for each in answer.differences}
    assert set(found) == {("p1", name) for name in ("liquidation_price", "distance", "margin_ratio", "max_loss")}
    loss = found["p1", "max_loss"]
    assert (loss.as_given, loss.isolated, loss.cross) == (D(50), D(10), D(50))
    whole = position(margin_mode="isolated", isolated_margin="50")
    assert compare(read(whole)).differences == ()


def test_a_comparison_is_written_with_reasons_beside_its_nulls() -> None:
    written = write_comparison(compare(read(position(leverage="1"))))
    assert written["isolated"] is None
    assert written["isolated_reason"].startswith("wallet.USDT: ")
    assert written["cross"]["positions"][0]["max_loss"] == "50"
    assert D(written["as_given"]["pools"][0]["margin_balance"]) == 50


def test_two_partitions_are_compared_even_when_the_third_is_refused() -> None:
    alone = position(id="p1", margin_mode="isolated")
    answer = compare(read(alone, position(id="p2")))
    assert answer.cross is None
    found = {(each.id, each.field): each for each in answer.differences}
    # As given the cross leg has the 40 that the isolated leg leaves; isolated it has its initial margin of 10.
    loss = found["p2", "max_loss"]
    assert (loss.as_given, loss.isolated, loss.cross) == (D(40), D(10), None)
    assert not [key for key in found if key[0] == "p1"]


def test_the_mode_that_leaves_more_changes_where_a_dead_position_would_have_lost_its_margin() -> None:
    # Isolated dies at 90/0.99: until 90, where all of its 10 would be gone, cross has more; beyond, isolated keeps 40.
    # Cross dies at 50/0.99, and isolated is ahead to the end.
    falls = compare(read(position())).break_even_fall
    assert [each.better for each in falls] == ["cross", "isolated"]
    assert abs(falls[0].at - (D(90) / 99 - D(1))) < D("1e-24") or abs(falls[0].at + D(9) / 99) < D("1e-24")
    assert falls[1].at == D("-0.1")
    assert compare(read(position())).break_even_rise == ()


def test_a_cross_pool_that_dies_first_leaves_isolated_ahead_at_once() -> None:
    # Cross: 30 for two positions of 100 that fall together; isolated the short one keeps its margin.
    long, hedge = position(leverage="5"), position(id="p2", symbol="BBBUSDT", quantity="0.1", leverage="1")
    answer = compare(read(long, hedge, wallet={"USDT": "30"}))
    assert answer.break_even_fall[-1].better == "isolated"


def test_break_evens_of_inverse_positions_are_in_their_coin() -> None:
    # Isolated 1 BTC of 10: dies at 1010/11; worth nothing at 1000/11, which is -1/11.
    falls = compare(read(inverse(), wallet={"BTC": "5"})).break_even_fall
    assert [(each.asset, each.better) for each in falls] == [("BTC", "cross"), ("BTC", "isolated")]
    assert abs(falls[1].at + D(1) / 11) < D("1e-24")


def test_break_evens_in_multi_mode_are_in_dollars() -> None:
    fields = {"asset_mode": "multi", "collateral": {"BTC": {"price": "100"}}, "wallet": {"BTC": "5", "USDT": "10"}}
    falls = compare(read(inverse(), position(id="p2"), **fields)).break_even_fall
    assert {each.asset for each in falls} == {"USD"}
    assert falls[-1].better == "isolated"


def test_without_its_working_a_comparison_says_the_same() -> None:
    bare, whole = compare(read(position()), explain=False), compare(read(position()))
    assert whole.cross is not None
    assert whole.isolated is not None
    assert whole.as_given.derivation
    assert bare == replace(
        whole,
        as_given=replace(whole.as_given, derivation=()),
        isolated=replace(whole.isolated, derivation=()),
        cross=replace(whole.cross, derivation=()),
    )
