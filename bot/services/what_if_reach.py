"""How far a target may go before something is liquidated, and what is left on every rung of a ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Context, Decimal
from typing import Final

from bot.rendering.views import LegView, Partition
from bot.rendering.whatif_views import RungView, SolvedView
from bot.services.equity import equity, moving_collateral, prices_at, prices_of, shocks_of
from bot.services.market_moves import base_of, beta_of
from bot.services.moved_prices import shifts_of, with_rung
from bot.services.scenario import ALTS, EVERYTHING, GROUPS, Ladder, Scenario, Solve, is_alt
from bot.services.supposed_changes import applied
from bot.services.symbols import coin_of, tick_of
from margin_engine import Book, EngineError, evaluate, path
from margin_engine.questions.what_if import walked

RUNGS: Final = tuple(map(Decimal, (-30, -20, -10, -5, 0, 5, 10, 20, 30)))
_FINE_RUNGS: Final = 9
_PRECISE: Final = Context(prec=30)


def solve(book: Book, asked: Solve, legs: Mapping[str, LegView], *, betas_on: bool) -> SolvedView:
    """How far the target may go before the first liquidation, all other prices standing still.

    Raises EngineError for what the engine refuses.
    """
    weights = _weights(book, asked.target, betas_on=betas_on)
    book = replace(book, betas=weights) if weights is not None else book
    dead = [pool for pool in evaluate(book, explain=False).pools if pool.liquidatable]
    walk_ = path(book)
    deaths = walk_.fall if asked.direction == "down" else walk_.rise
    coins = {coin_of(each.symbol) for each in book.positions if weights is None or weights.get(each.symbol)}
    start = prices_of(book).get(next(iter(coins))) if len(coins) == 1 else None
    first = deaths[0] if deaths else None
    return SolvedView(
        target=asked.target,
        direction=asked.direction,
        at=first.at if first else None,
        legs=tuple(legs[each] for each in (first.positions if first else ()) if each in legs),
        cross=first is not None and first.id.startswith("cross:"),
        price=start * (1 + first.at) if first and start is not None else None,
        tick=_tick(book, coins) if len(coins) == 1 else None,
        dead=bool(dead),
    )


def _tick(book: Book, coins: set[str]) -> Decimal | None:
    ticks = [tick_of(each.symbol, book.venue) for each in book.positions if coin_of(each.symbol) in coins]
    return ticks[0] if ticks else None


def _weights(book: Book, target: str, *, betas_on: bool) -> dict[str, Decimal] | None:
    """How much each symbol goes along; None for the book's own weights."""
    named = {each.symbol: base_of(coin_of(each.symbol)) for each in book.positions}
    named |= {asset: base_of(asset) for asset in moving_collateral(book)}
    if target == EVERYTHING and not betas_on:
        return None
    if target in GROUPS:
        moving = {symbol: coin for symbol, coin in named.items() if target != ALTS or is_alt(coin)}
    else:
        coin = target.partition("/")[0]
        moving = {symbol: each for symbol, each in named.items() if each == base_of(coin)}
    weights = {symbol: beta_of(coin) if betas_on and target in GROUPS else Decimal(1)
               for symbol, coin in moving.items()}  # fmt: skip
    return {**weights, "*": Decimal(0)}


# --- The ladder ----------------------------------------------------------------------------------------------------


def rungs_of(ladder: Ladder) -> tuple[Decimal, ...]:
    """The percentages of a ladder over a range: nine at equal steps, those that no price can go left out."""
    step = _PRECISE.divide(ladder.high - ladder.low, Decimal(_FINE_RUNGS - 1))
    found = [(ladder.low + step * number).normalize() for number in range(_FINE_RUNGS)] if step else [ladder.low]
    return tuple(percent for percent in found if percent > -100)


def ladder(
    books: Mapping[Partition, tuple[Book, bool]],
    scenario: Scenario,
    target: str,
    percents: tuple[Decimal, ...],
    *,
    free_wallet: bool,
) -> tuple[RungView, ...]:
    """What is left on each rung, in each partition; `books` with whether changes of mode are made there."""
    made: dict[Partition, Book | None] = {}
    for name, (book, switches) in books.items():
        try:
            made[name] = applied(book, scenario.changes, switches=switches, free_wallet=free_wallet).book
        except EngineError:
            made[name] = None
    return tuple(_rung(made, with_rung(scenario, target, percent), percent) for percent in percents)


def _rung(books: Mapping[Partition, Book | None], scenario: Scenario, percent: Decimal) -> RungView:
    left: dict[Partition, Decimal | None] = {}
    gone: dict[Partition, int] = {}
    total = 0
    for name, book in books.items():
        left[name] = None
        if book is None:
            continue
        total = max(total, len(book.positions))
        shifts = shifts_of(scenario, prices_of(book))
        if shifts.refusal is not None:
            continue
        answer = walked(replace(book, shocks=shocks_of(book, shifts)))
        left[name] = equity(book, answer.equity_after, prices_at(book, shifts))
        gone[name] = sum(len(death.positions) for death in answer.liquidated)
    return RungView(percent=percent, equity=left, gone=gone, total=total)
