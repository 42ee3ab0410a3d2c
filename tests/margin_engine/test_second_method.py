"""The engine against a second method that shares no code with it, on random books of every kind and mode."""

import os
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from margin_engine import Evaluation, evaluate, path, read_book, what_if
from tests.support.engine_reference import (
    Account,
    Pool,
    account_of,
    bankruptcy_price,
    health,
    liquidation_price,
    market_move,
    precisely,
    shock_fraction,
)
from tests.support.random_books import mixed_book, random_book

CASES = 20_000 if os.environ.get("MARGINBOT_SOAK") else 200
BATCHES = 8
TOLERANCE = Decimal("1e-12")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_answer_of_a_random_book_agrees_with_bounds_and_bisection(batch: int) -> None:
    for case in range(CASES // BATCHES):
        make: Callable[[Random], dict[str, Any]] = random_book if case % 5 == 0 else mixed_book
        check_book(make(Random(1_000_000 * batch + case)))


def check_book(book: dict[str, Any]) -> None:
    read, account = read_book(book), account_of(book)
    evaluation = evaluate(read)
    assert {pool.id for pool in evaluation.pools} == set(account.pools)
    deaths = {death.id: death.at_fraction for death in what_if(read).liquidated}
    sides = path(read)
    moves = {side: {death.id: death.at for death in found} for side, found in ((-1, sides.fall), (1, sides.rise))}
    for name, pool in account.pools.items():
        if not pool.legs:
            continue
        dead = check_pool(evaluation, name, account, pool)
        agree(deaths.get(name), Decimal(0) if dead else shock_fraction(account, pool))
        answers = evaluation.pool(name)
        figures = {-1: answers.market_fall_to_liquidation, 1: answers.market_rise_to_liquidation}
        for side, found in figures.items():
            agree(found, None if dead else market_move(account, pool, side))
            assert moves[side].get(name) == found


@precisely
def check_pool(evaluation: Evaluation, name: str, account: Account, pool: Pool) -> bool:
    found = evaluation.pool(name)
    balance, need = health(pool, account.marks)
    dead = balance <= need
    scale = sum((abs(asset.balance * asset.price) for asset in pool.assets.values()), Decimal(0))
    agree(found.margin_balance, balance, scale=scale * Decimal("1e-30"))
    agree(found.maintenance_margin, need)
    agree(found.initial_margin, pool.initial(account.marks))
    assert found.liquidatable == dead
    for position in evaluation.positions:
        if position.pool_id == name:
            agree(position.liquidation_price, None if dead else liquidation_price(account, pool, position.symbol))
            assert (position.liquidation_price is None) == (position.liquidation_reason is not None)
            agree(position.bankruptcy_price, bankruptcy_price(account, pool, position.symbol))
    return dead


def agree(found: Decimal | None, wanted: Decimal | None, scale: Decimal = Decimal(0)) -> None:
    assert (found is None) == (wanted is None), (found, wanted)
    if found is not None and wanted is not None:
        assert abs(found - wanted) <= TOLERANCE * max(abs(wanted), scale), (found, wanted)
