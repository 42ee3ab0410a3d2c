"""The steps of venues that document them: what is closed first, what survives, what is left."""

from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from margin_engine import WhatIf, read_book, what_if, write_what_if
from margin_engine.model.decimals import plain
from margin_engine.questions.change_kinds import Close, PriceShock
from margin_engine.questions.changed_books import what_if_changes
from margin_engine.questions.venue_steps import JUST_BELOW, StepKind
from tests.margin_engine.builders import D, position, read
from tests.support.random_books import mixed_book

RUNGS = [{"floor": "0", "rate": "0.01"}, {"floor": "200", "rate": "0.02"}, {"floor": "400", "rate": "0.1"}]


IN_USDT = {"kind": "linear", "multiplier": "1", "settle_asset": "USDT"}


def near(value: Decimal | None, expected: Decimal) -> bool:
    return value is not None and abs(value - expected) <= D("1e-24") * abs(expected)


def stepped(*positions: dict[str, Any], **fields: Any) -> WhatIf:
    """The what-if of a book that asks for the venue's own steps."""
    rules = {"liquidation_process": "venue"} | fields.pop("rules", {})
    return what_if(read(*positions, rules=rules, **fields))


def okx(*, wallet: str = "150", rules: dict[str, str] | None = None, mark: str = "100", **fields: Any) -> WhatIf:
    """An isolated long of 5 at 100 with 100 of margin; each rung's rate counts for all of it."""
    long = position(margin_mode="isolated", quantity="5", isolated_margin="100", mark_price=mark)
    counts = {"tier_method": "whole_position"} | (rules or {})
    return stepped(long, venue="okx", wallet={"USDT": wallet}, tiers={"AAAUSDT": RUNGS}, rules=counts, **fields)


def test_okx_goes_down_two_rungs_and_the_rest_lives() -> None:
    # 100 - 5 (100 - P) = 0.1 x 5 P: dead at 400 / 4.5 = 88.9 on rung 3, 11.1 % down. On rung 1 it holds 200 / 88.9.
    answer = okx(shocks={"AAAUSDT": "-0.15"})
    assert [(each.kind, each.source) for each in answer.steps] == [(StepKind.REDUCED, "okx-liquidation-help")]
    step, price = answer.steps[0], D(400) / D("4.5")
    assert near(step.at_fraction, (1 - price / 100) / D("0.15"))
    assert step.quantity is not None
    assert near(5 - step.quantity, 200 * JUST_BELOW / price)
    assert near(step.loss, step.quantity * (100 - price))
    # All that it lost at the end: the part at 88.9, the rest at 85.
    left = 5 - step.quantity
    assert near(answer.equity_after["USDT"], 150 - step.loss - left * 15)
    assert near(answer.after.position("p1").margin_balance, 100 - step.loss - left * 15)


def test_okx_takes_over_what_no_step_can_save() -> None:
    # Further down the rest stands on rung 1, where nothing is reduced any more.
    answer = okx(shocks={"AAAUSDT": "-0.5"})
    assert [each.kind for each in answer.steps] == [StepKind.REDUCED, StepKind.TAKEN_OVER]
    assert near(answer.equity_after["USDT"], D(50))
    assert answer.after.positions == ()


def test_okx_takes_over_at_once_where_the_first_rungs_rate_is_not_covered() -> None:
    # Dead at the marks: 100 - 5 x 19.5 = 2.5 against 0.01 x 402.5.
    answer = okx(mark="80.5")
    assert [(each.kind, each.at_fraction, each.loss) for each in answer.steps] == [(StepKind.TAKEN_OVER, D(0), D(100))]


def test_the_fee_that_stands_in_the_requirement_is_paid_on_what_is_closed() -> None:
    step = okx(shocks={"AAAUSDT": "-0.12"}, rules={"closing_fee_rate": "0.0005"}).steps[0]
    # 100 - 5 (100 - P) = 0.1005 x 5 P.
    price = D(400) / (5 * D("0.8995"))
    assert step.quantity is not None
    assert near(step.loss, step.quantity * (100 - price) + step.quantity * price * D("0.0005"))


def test_hyperliquid_closes_at_the_mark_and_returns_what_is_left() -> None:
    # 10 - (100 - P) = 0.01 P: at 90 / 0.99 the 1 % of it is left.
    alone = position(margin_mode="isolated", contract=IN_USDT)
    answer = stepped(alone, venue="hyperliquid", shocks={"*": "-0.5"})
    price = D(90) / D("0.99")
    assert [(each.kind, each.quantity) for each in answer.steps] == [(StepKind.CLOSED, D(1))]
    assert near(answer.equity_after["USDT"], 50 - (100 - price))
    # Found dead below two thirds of its requirement, nothing is left: 10 - 9.5 against 0.905.
    late = stepped(alone | {"mark_price": "90.5"}, venue="hyperliquid")
    assert [each.kind for each in late.steps] == [StepKind.TAKEN_OVER]
    assert late.equity_after == {"USDT": D(40)}


def test_the_one_position_of_a_cross_pool_is_stepped_and_several_go_as_a_whole() -> None:
    one = stepped(position(contract=IN_USDT), venue="hyperliquid", shocks={"*": "-0.6"})
    assert [each.kind for each in one.steps] == [StepKind.CLOSED]
    cross = position(quantity="5", leverage="5")
    fields: dict[str, Any] = {"venue": "okx", "wallet": {"USDT": "100"}, "rules": {"tier_method": "whole_position"}}
    reduced = stepped(cross, tiers={"AAAUSDT": RUNGS}, shocks={"*": "-0.12"}, **fields)
    assert [each.kind for each in reduced.steps] == [StepKind.REDUCED]
    assert reduced.after.position("p1").margin_mode == "cross"
    pair = (position(contract=IN_USDT), position(id="p2", symbol="BBBUSDT", contract=IN_USDT))
    two = stepped(*pair, venue="hyperliquid", shocks={"*": "-0.6"})
    assert [(each.kind, each.positions, each.source) for each in two.steps] == [
        (StepKind.TAKEN_OVER, ("p1", "p2"), None)
    ]


def test_what_is_liquidated_are_the_pools_that_do_not_outlive_their_step() -> None:
    reduced = okx(shocks={"AAAUSDT": "-0.15"})
    assert reduced.liquidated == ()
    died = okx(shocks={"AAAUSDT": "-0.5"})
    part, rest = died.steps
    assert [(each.id, each.at_fraction, each.loss) for each in died.liquidated] == [("p1", rest.at_fraction, rest.loss)]
    assert near(rest.loss, 100 - part.loss)


def test_the_answer_names_the_steps_in_place_of_the_whole_pool() -> None:
    answer = okx(shocks={"AAAUSDT": "-0.15"})
    of_process = [note for note in answer.before.assumptions if note.startswith("liquidation_process:")]
    assert of_process == [
        "liquidation_process: steps for pools of one position, else the whole pool; orders fill at the mark",
        "liquidation_process: a part that is closed leaves its margin in the position",
    ]
    step = answer.steps[0]
    assert step.quantity is not None
    assert answer.after.assumptions[-1] == (
        f"liquidation_process: p1 reduced by {plain(step.quantity)} at {plain(step.at_fraction)} of the way,"
        f" at a loss of {plain(step.loss)}"
    )
    assert not any("whole pool at once" in note for note in answer.before.assumptions + answer.after.assumptions)


def test_as_json_the_answer_has_the_shape_of_any_what_if() -> None:
    written = write_what_if(okx(shocks={"AAAUSDT": "-0.5"}))
    assert list(written) == ["before", "after", "liquidated", "equity_before", "equity_after"]
    assert [list(each) for each in written["liquidated"]] == [["id", "positions", "at_fraction", "loss"]]
    assert any("p1 reduced by" in note for note in written["after"]["assumptions"])


def test_what_is_left_of_a_stepped_walk_stands_at_the_shocked_marks() -> None:
    answer = okx(shocks={"AAAUSDT": "-0.15"})
    assert near(answer.book.positions[0].mark_price, D(85))
    assert answer.book.shocks == {}
    assert near(answer.book.wallet["USDT"], 150 - answer.steps[0].loss)


def test_changes_go_on_with_what_the_steps_leave() -> None:
    long = position(margin_mode="isolated", quantity="5", isolated_margin="100", mark_price="100")
    rules = {"tier_method": "whole_position", "liquidation_process": "venue"}
    book = read(long, venue="okx", wallet={"USDT": "150"}, tiers={"AAAUSDT": RUNGS}, rules=rules)
    fall, back = PriceShock(shocks={"*": D("-0.15")}), PriceShock(shocks={"*": D(100) / 85 - 1})
    answer = what_if_changes(book, [fall, back, Close(id="p1")])
    assert [(each.change, each.step.kind) for each in answer.steps] == [(0, StepKind.REDUCED)]
    assert (answer.liquidated, answer.without_effect) == ((), ())
    # Back at its entry the rest loses nothing: only the part is gone.
    assert near(answer.equity_after["USDT"], 150 - answer.steps[0].step.loss)


def test_a_venue_without_documented_steps_goes_as_a_whole_and_says_so() -> None:
    answer = stepped(position(margin_mode="isolated"), shocks={"*": "-0.5"})
    assert not answer.steps
    assert [each.loss for each in answer.liquidated] == [10]
    assert "liquidation_process: the whole pool at once" in answer.before.assumptions


def test_nobody_is_stepped_who_does_not_ask() -> None:
    alone = position(margin_mode="isolated", contract=IN_USDT)
    answer = what_if(read(alone, venue="hyperliquid", shocks={"*": "-0.5"}))
    assert not answer.steps
    assert [each.loss for each in answer.liquidated] == [10]


@pytest.mark.parametrize("seed", range(15))
def test_where_no_step_can_save_a_pool_the_walk_is_that_of_whole_pools(seed: int) -> None:
    # On a first rung nothing is reduced.
    data = mixed_book(Random(seed))
    data |= {"venue": "okx", "tiers": {symbol: [{"floor": "0", "rate": "0.05"}] for symbol in data["tiers"]}}
    whole = what_if(read_book(data))
    stepped = what_if(read_book(data | {"rules": data["rules"] | {"liquidation_process": "venue"}}))
    assert [(each.kind, each.pool_id) for each in stepped.steps] == [
        (StepKind.TAKEN_OVER, each.id) for each in whole.liquidated
    ]
    for step, death in zip(stepped.liquidated, whole.liquidated, strict=True):
        assert abs(step.at_fraction - death.at_fraction) < D("1e-40")
        assert abs(step.loss - death.loss) <= D("1e-40") * (1 + abs(death.loss))
    for asset, amount in whole.equity_after.items():
        assert abs(stepped.equity_after[asset] - amount) <= D("1e-40") * (1 + abs(amount))


@pytest.mark.parametrize("venue", ["okx", "hyperliquid"])
@pytest.mark.parametrize("seed", range(15))
def test_whatever_the_steps_what_is_left_lives_at_the_end(venue: str, seed: int) -> None:
    data = mixed_book(Random(seed))
    answer = what_if(read_book(data | {"venue": venue, "rules": data["rules"] | {"liquidation_process": "venue"}}))
    assert not any(pool.liquidatable for pool in answer.after.pools)
    fractions = [D(0), *(step.at_fraction for step in answer.steps), D(1)]
    assert all(earlier <= later + D("1e-100") for earlier, later in pairwise(fractions))
    left = {each.id for each in answer.after.positions}
    assert left.isdisjoint(name for death in answer.liquidated for name in death.positions)
    assert left | {name for death in answer.liquidated for name in death.positions} == {
        each.id for each in answer.before.positions
    }
