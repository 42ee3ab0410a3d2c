"""The same book partitioned both ways."""

from margin_engine import compare, write_comparison
from tests.margin_engine.builders import D, position, read


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
