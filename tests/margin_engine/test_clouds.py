"""Clouds are the exact engine's lines in floats: three ways to evaluate them, held together on random books."""

import subprocess
import sys
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from margin_engine import Book, InvalidValue, Unsupported, evaluate, read_book
from margin_engine.health.fused import add_lines_fused
from margin_engine.health.surface import Adder, Floats, Surface, add_lines
from margin_engine.questions.clouds import crowd, surfaces
from tests.margin_engine.builders import position, read
from tests.support.engine_reference import account_of, health, precisely
from tests.support.random_books import mixed_book, random_book

SCENARIOS = 24
FLOAT = 1e-13
"""What rounding may do, as a share of all that is summed up."""


def moved(book: dict[str, Any], surface: Surface, prices: Floats, scenario: int) -> dict[str, Any]:
    """The book where every price of a surface stands at one of its scenarios."""
    at = {name: str(Decimal(float(prices[row, scenario]))) for row, name in enumerate(surface.names)}
    positions = [each | {"mark_price": at.get(each["symbol"], each["mark_price"])} for each in book["positions"]]
    collateral = dict(book.get("collateral", {}))
    for asset in (name for name in surface.names if name in book["wallet"] or name in collateral):
        collateral[asset] = collateral.get(asset, {}) | {"price": at[asset]}
    return book | {"positions": positions, "collateral": collateral}


@precisely
def exactly_there(book: dict[str, Any], pool_id: str) -> tuple[Decimal, Decimal, Decimal]:
    """Equity and health by the second method, and the size of what is summed up."""
    account = account_of(book)
    pool = account.pools[pool_id]
    balance, need = health(pool, account.marks)
    size = sum((abs(asset.balance) * asset.price for asset in pool.assets.values()), Decimal(1))
    for leg in pool.legs:
        worth = leg.notional(account.marks[leg.symbol]) + leg.notional(leg.entry) + max(rung[2] for rung in leg.rungs)
        size += worth * pool.assets[leg.asset].price
    return balance, balance - need, size


@given(st.integers(0, 2**32), st.booleans())
def test_scalar_numpy_and_numba_agree_on_random_books_over_random_prices(seed: int, straight: bool) -> None:
    random = Random(seed)
    book = (random_book if straight else mixed_book)(random)
    read_as = read_book(book)
    plain, fused = surfaces(read_as), surfaces(read_as, fast=True)
    for pool_id, surface in plain.items():
        marks = np.array(surface.marks)[:, None]
        prices = marks * np.exp(np.random.default_rng(seed).uniform(-2, 2, (len(surface.names), SCENARIOS)))
        equity, health_there = surface.equity(prices), surface.health(prices)
        dead = surface.liquidatable(prices)
        for scenario in range(SCENARIOS if len(surface.names) else 0):
            balance, healthy, size = exactly_there(moved(book, surface, prices, scenario), pool_id)
            allowed = FLOAT * float(size)
            assert abs(equity[scenario] - float(balance)) <= allowed
            assert abs(health_there[scenario] - float(healthy)) <= allowed
            assert abs(fused[pool_id].health(prices)[scenario] - float(healthy)) <= allowed
            if abs(healthy) > allowed and account_of(book).pools[pool_id].legs:
                assert dead[scenario] == (healthy <= 0)


@given(st.integers(0, 2**32))
def test_all_prices_of_many_books_at_once_are_those_of_evaluate(seed: int) -> None:
    books = [book for number in range(6) if covered(book := read_book(mixed_book(Random(seed + number))))]
    together = crowd(books)
    found = together.crowd.liquidation_prices()
    evaluations = [evaluate(book) for book in books]
    asked_for = {
        (place, each.pool_id, each.symbol): each for place, of in enumerate(evaluations) for each in of.positions
    }
    for (number, symbol), price in zip(together.crowd.rows, found.prices, strict=True):
        book_number, pool_id = together.pools[number]
        exact = asked_for[book_number, pool_id, symbol].liquidation_price
        assert (exact is None) == np.isnan(price)
        assert exact is None or price == pytest.approx(float(exact), rel=1e-9)
        pool = evaluations[book_number].pool(pool_id)
        assert found.dead[number] == pool.liquidatable


def covered(book: Book) -> bool:
    try:
        crowd([book])
    except Unsupported:
        return False
    return True


def test_many_books_follow_the_market_once_they_are_compiled() -> None:
    # 100 coins at 100, 1 %, wallet 50: dead at (50 - 100) / (0.01 - 1) = 50.50...; B's gain of 10 moves it to 40.40...
    two = read(position(), position(id="p2", symbol="BBBUSDT", quantity="0.5"), wallet={"USDT": "50"})
    alone = read(position())
    many = crowd([alone, two]).crowd
    assert many.rows == ((0, "AAAUSDT"), (1, "AAAUSDT"), (1, "BBBUSDT"))
    before = many.liquidation_prices().prices
    assert before[0] == pytest.approx(50 / 0.99)
    assert before[1] == pytest.approx((50 + 0.5) / 0.99)
    after = many.liquidation_prices(many.marks_at({"BBBUSDT": 120})).prices
    assert after[1] == pytest.approx((50 - 10 + 0.6) / 0.99)
    assert after[0] == before[0]


def test_a_pool_that_dies_with_the_market_has_no_price_any_more() -> None:
    many = crowd([read(position())]).crowd
    found = many.liquidation_prices(many.marks_at({"AAAUSDT": 50}))
    assert found.dead.tolist() == [True]
    assert np.isnan(found.prices).all()


def test_no_books_have_no_prices() -> None:
    empty = crowd([]).crowd.liquidation_prices()
    assert (empty.prices.size, empty.dead.size) == (0, 0)


def test_a_full_cover_has_no_price_though_floats_leave_a_crumb() -> None:
    one_x = position(quantity="0.1", entry_price="0.3", leverage="1", margin_mode="isolated")
    assert np.isnan(crowd([read(one_x)]).crowd.liquidation_prices().prices).all()


def test_what_many_prices_at_once_do_not_cover_is_refused_by_name() -> None:
    multi = read(position(), asset_mode="multi", wallet={"USDT": "50"})
    with pytest.raises(Unsupported, match="multi-asset mode"):
        crowd([multi])
    with pytest.raises(Unsupported, match=r"books\[0\].rules.others_profit_counts"):
        crowd([read(position(), rules={"others_profit_counts": False})])


def test_a_heatmap_is_two_axes_that_broadcast() -> None:
    # Two coins at 100, wallet 50: equity 50 + (a - 100) + (b - 100), requirement 0.01 (a + b).
    surface = surfaces(read(position(), position(id="p2", symbol="BBBUSDT")))["cross:USDT"]
    a, b = np.array([70.0, 100.0, 130.0])[:, None], np.array([60.0, 100.0])[None, :]
    expected = 50 + (a - 100) + (b - 100) - 0.01 * (a + b)
    assert surface.health({"AAAUSDT": a, "BBBUSDT": b}) == pytest.approx(expected)
    assert surface.liquidatable({"AAAUSDT": a, "BBBUSDT": b})[:, 0].tolist() == [True, False, False]
    assert surface.equity({"AAAUSDT": a}) == pytest.approx(50 + (a - 100))
    assert surface.health({}).shape == ()


@pytest.mark.parametrize("inverse", [False, True])
def test_the_fused_loop_is_the_same_before_and_after_it_is_compiled(inverse: bool) -> None:
    prices = np.linspace(0.01, 4, 1500)
    lines = (np.array([0.0, 0.5, 2.0]), np.array([1.0, -1.0, 3.0]), np.array([7.0, 8.0, 0.0]))
    totals = [np.ones(prices.size) for _ in range(3)]
    ways: tuple[Adder, ...] = (add_lines, add_lines_fused, add_lines_fused.py_func)
    for add, total in zip(ways, totals, strict=True):
        add(prices, inverse, *lines, total)
    at = 1 / prices if inverse else prices
    expected = 1 + np.where(at >= 2, 3 * at, np.where(at >= 0.5, 8 - at, 7 + at))
    for total in totals:
        assert total == pytest.approx(expected)


def test_more_scenarios_than_one_block_are_all_answered() -> None:
    surface = surfaces(read(position()))["cross:USDT"]
    prices = np.linspace(1, 200, 200_000)
    assert np.allclose(surface.health([prices]), 50 + (prices - 100) - 0.01 * prices)


def test_a_pool_without_positions_is_never_dead() -> None:
    surface = surfaces(read(wallet={"USDT": "-5"}))["cross:USDT"]
    assert surface.health({}) == -5
    assert not surface.liquidatable({})


def test_prices_of_another_pool_are_refused() -> None:
    surface = surfaces(read(position()))["cross:USDT"]
    with pytest.raises(InvalidValue, match="must be one of AAAUSDT"):
        surface.health({"BTCUSDT": 1.0})
    with pytest.raises(InvalidValue, match="a row for each of AAAUSDT"):
        surface.health(np.ones((2, 5)))


def test_a_stable_coin_that_loses_its_peg_is_a_price_like_any_other() -> None:
    # Multi mode: 50 USDT and 100 USDC back one coin at 100 (1 % requirement, in USDT). USDC falls to 0.5.
    book = read(position(), asset_mode="multi", wallet={"USDT": "50", "USDC": "100"})
    surface = surfaces(book)["cross:USD"]
    assert surface.names == ("AAAUSDT", "USDT", "USDC")
    assert surface.health({"USDC": np.array([1.0, 0.5])}) == pytest.approx([50 + 100 - 1, 50 + 50 - 1])


def test_an_engine_without_numpy_answers_everything_else() -> None:
    program = (
        "import sys; sys.modules['numpy'] = sys.modules['numba'] = None\n"
        "import margin_engine, margin_engine.__main__\n"
        "assert margin_engine.evaluate(margin_engine.Book(wallet={})).positions == ()\n"
        "try:\n    import margin_engine.questions.clouds\n"
        "except ImportError:\n    print('clouds need numpy')"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "clouds need numpy"
