"""Results explain themselves: every derivation replays from its formulas, and every figure is the value of a step."""

from dataclasses import fields
from decimal import Decimal
from random import Random

import pytest

from margin_engine import (
    Evaluation,
    PoolHealth,
    PositionHealth,
    compare,
    evaluate,
    read_book,
    what_if,
    write_evaluation,
)
from tests.margin_engine.builders import D, asked, book, position
from tests.margin_engine.replay import replayed
from tests.support.random_books import mixed_book, random_book


def check(evaluation: Evaluation) -> None:
    values = replayed(evaluation.derivation)
    for step in evaluation.derivation:
        assert abs(values[step.symbol] - step.value) <= D("1e-60") * (1 + abs(step.value)), step
    recorded = {(step.subject, step.name): step.value for step in evaluation.derivation}
    results: list[PositionHealth | PoolHealth] = [*evaluation.positions, *evaluation.pools]
    for result in results:
        for name in (field.name for field in fields(result)):
            value = getattr(result, name)
            if isinstance(value, Decimal) and name != "max_loss" and (result.id, name) in recorded:
                assert recorded[result.id, name] == value


@pytest.mark.parametrize("seed", range(90))
def test_every_derivation_replays_from_its_formulas(seed: int) -> None:
    read = read_book((mixed_book if seed % 3 else random_book)(Random(seed)))
    check(evaluate(read))
    comparison = compare(read) if seed % 3 == 0 else None
    for evaluation in (comparison.isolated, comparison.cross) if comparison else ():
        if evaluation:
            check(evaluation)
    answer = what_if(read)
    check(answer.before)
    check(answer.after)


def test_the_liquidation_price_of_one_position_reads_like_the_fields_closed_form() -> None:
    steps = asked(position(margin_mode="isolated")).steps_of("p1", "liquidation_price")
    assert steps[-1].formula == "(W_p1 + D_p1 - s_p1 * q_p1 * E_p1) / (q_p1 * m_p1 - s_p1 * q_p1)"
    assert [step.symbol for step in steps] == ["q_p1", "s_p1", "E_p1", "L_p1", "W_p1", "m_p1", "D_p1", "P_liq_p1"]


def test_in_a_pool_the_others_stand_still_inside_the_closed_form() -> None:
    steps = asked(position(), position(id="p2", symbol="BBBUSDT")).steps_of("p1", "liquidation_price")
    backing = "W_cross_USDT + U_others_p1 - M_others_p1"
    assert steps[-1].formula == f"({backing} + D_p1 - s_p1 * q_p1 * E_p1) / (q_p1 * m_p1 - s_p1 * q_p1)"
    assert steps[-1].uses[:3] == ("W_cross_USDT", "U_others_p1", "M_others_p1")


def test_the_rung_that_holds_at_the_liquidation_price_is_named_apart_from_the_marks() -> None:
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "120", "rate": "0.1"}]}
    answer = asked(position(side="short"), wallet={"USDT": "30"}, tiers=tiers)
    steps = {step.symbol: step for step in answer.steps_of("p1", "liquidation_price")}
    assert steps["m_liq_p1"].value == D("0.1")
    assert steps["D_liq_p1"].value == D("10.8")


def test_a_jump_is_derived_from_its_floor() -> None:
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "120", "rate": "0.5"}]}
    answer = asked(position(side="short"), tiers=tiers, rules={"tier_method": "whole_position"})
    assert answer.steps_of("p1", "liquidation_price")[-1].formula == "F_liq_p1 / q_p1"
    check(answer)
    at_the_mark = {"AAAUSDT": [{"floor": "0", "rate": "0.6"}, {"floor": "100", "rate": "0.01"}]}
    answer = asked(position(), tiers=at_the_mark, rules={"tier_method": "whole_position"})
    assert answer.steps_of("p1", "liquidation_price")[-1].formula == "F_liq_p1 / q_p1"
    check(answer)


def test_the_working_of_a_figure_that_does_not_exist_is_empty() -> None:
    assert asked(position(mark_price="40")).steps_of("p1", "liquidation_price") == ()
    assert len(asked(position()).steps_of("p1")) > 10


def test_any_id_makes_symbols_that_replay() -> None:
    names = ("a b", "x1", "p-1", "1", "βeta", "a b'\"\n")
    positions = [position(id=name, symbol=f"S{number}USDT") for number, name in enumerate(names)]
    answer = asked(*positions, wallet={"USDT": "900"})
    check(answer)
    assert len({step.symbol for step in answer.derivation}) == len(answer.derivation)


@pytest.mark.parametrize("seed", range(20))
def test_without_a_derivation_every_figure_is_the_same(seed: int) -> None:
    read = read_book(mixed_book(Random(seed)))
    explained, bare = evaluate(read), evaluate(read, explain=False)
    assert bare.derivation == ()
    assert (bare.positions, bare.pools) == (explained.positions, explained.pools)


def test_written_steps_have_the_six_documented_keys() -> None:
    answer = write_evaluation(evaluate(read_book(book(position()))))
    keys = {tuple(step) for step in answer["derivation"]}
    assert keys == {("symbol", "name", "formula", "value", "unit", "source")}
