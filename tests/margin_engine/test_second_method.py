"""The ray walk against plain bisection in exact fractions, on random books."""

import os
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from margin_engine import Evaluation, evaluate, path, read_book, what_if
from tests.support.engine_reference import Pool, Prices, liquidation_price, market_move, pools_of
from tests.support.random_books import random_book

CASES = 10_000 if os.environ.get("MARGINBOT_SOAK") else 240
BATCHES = 8
TOLERANCE = Fraction(1, 10**12)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_answer_of_a_random_book_agrees_with_bisection(batch: int) -> None:
    for case in range(CASES // BATCHES):
        book = random_book(Random(1000 * batch + case if CASES < 1000 else 100_000 * batch + case))
        evaluation = evaluate(read_book(book))
        pools, marks = pools_of(book)
        for name, pool in pools.items():
            if pool.legs:
                check_pool(book, evaluation, name, pool, marks)
        check_orders_of_death(book, pools, marks)


def check_pool(book: dict[str, Any], evaluation: Evaluation, name: str, pool: Pool, marks: Prices) -> None:
    health = evaluation.pool(name)
    expected = pool.health(marks)
    agree(health.margin_balance - health.maintenance_margin, expected, scale=pool.wallet + 1)
    assert health.liquidatable == (expected <= 0)
    members = [position for position in evaluation.positions if position.pool_id == name]
    for position in members:
        wanted = None if health.liquidatable else liquidation_price(pool, marks, position.symbol)
        agree(position.liquidation_price, wanted)
        assert (position.liquidation_price is None) == (position.liquidation_reason is not None)
    for side, answer in ((-1, health.market_fall_to_liquidation), (1, health.market_rise_to_liquidation)):
        agree(answer, None if health.liquidatable else market(book, pool, marks, side))


def market(book: dict[str, Any], pool: Pool, marks: Prices, side: int) -> Fraction | None:
    weights = {symbol: Fraction(book["betas"][symbol]) for symbol in marks}
    if not any(weights[leg.symbol] for leg in pool.legs):
        return None
    ends = [side / abs(weight) for weight in weights.values() if weight * side < 0]
    return market_move(pool, marks, weights, min(ends, key=abs, default=side * Fraction(10) ** 30))


def check_orders_of_death(book: dict[str, Any], pools: dict[str, Pool], marks: Prices) -> None:
    shocks = {symbol: Fraction(book["shocks"][symbol]) for symbol in marks}
    wanted = {}
    for name, pool in pools.items():
        if pool.legs:
            dead = pool.health(marks) <= 0
            wanted[name] = Fraction(0) if dead else market_move(pool, marks, shocks, Fraction(1), closed=True)
    found = {death.id: death.at_fraction for death in what_if(read_book(book)).liquidated}
    for name, fraction in wanted.items():
        agree(found.get(name), fraction)
    sides = path(read_book(book))
    for side, deaths in ((-1, sides.fall), (1, sides.rise)):
        moves = {death.id: death.at for death in deaths}
        for name, pool in pools.items():
            if pool.legs and pool.health(marks) > 0:
                agree(moves.get(name), market(book, pool, marks, side))


def agree(found: Decimal | None, wanted: Fraction | None, scale: Fraction = Fraction(0)) -> None:
    assert (found is None) == (wanted is None), (found, wanted and float(wanted))
    if found is not None and wanted is not None:
        assert abs(Fraction(found) - wanted) <= TOLERANCE * max(abs(wanted), scale), (found, float(wanted))
