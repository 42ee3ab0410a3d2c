"""What if the marks move? Which pools die on the way, in which order, and what is left at the end.

`what_if` walks the straight path from the marks to the shocked marks (shocks.py; in the venue's own steps where the
rules ask for them: venue_steps.py); `path` walks a market-wide move on both sides.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from margin_engine.health.crossings import FALL, RISE
from margin_engine.health.risk import is_dead
from margin_engine.model.book import Book, LiquidationProcess
from margin_engine.model.decimals import as_shown, exactly
from margin_engine.model.pools import Account, Pool
from margin_engine.questions.liquidation import evaluate_account
from margin_engine.questions.market_moves import market_crossing, market_ends, moves
from margin_engine.questions.marks import at_marks, marks_of, moved
from margin_engine.questions.results import Evaluation
from margin_engine.questions.shocks import Liquidation, equity_of, ids_of, liquidations, survivors, without
from margin_engine.questions.venue_steps import VenueStep, documents_steps, walk_in_steps
from margin_engine.venues.account import open_account


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What happens on the way to the shocked marks. Equity: wallet + PnL of all living positions, by asset.

    liquidated: the pools that die, in order. steps: where the venue's own steps are followed, each of them in order,
    those that a pool outlives included. book: what is left, at the shocked marks.
    """

    liquidated: tuple[Liquidation, ...]
    steps: tuple[VenueStep, ...]
    book: Book
    equity_before: dict[str, Decimal]
    equity_after: dict[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf(_Way):
    """The account before and after a shock, and the way there."""

    before: Evaluation
    after: Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(_Way):
    """The way to the shocked marks alone: neither of the accounts is evaluated."""

    before: Account
    after: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A pool that a market-wide move ends, at this signed fraction of the marks."""

    id: str
    at: Decimal
    positions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPath:
    """The pools that die on each side of a market-wide move, nearest first, ties by id."""

    fall: tuple[Death, ...]
    rise: tuple[Death, ...]


@exactly
def what_if(book: Book) -> WhatIf:
    """What happens while every mark moves in a straight line to mark x (1 + shock)?

    The shocks are those of the book. A liquidation takes the whole pool, unless the rules ask for the venue's own steps
    and they are documented. Raises an EngineError for a book that is refused.
    """
    walk = walked(book)
    return WhatIf(
        before=evaluate_account(walk.before),
        after=evaluate_account(walk.after),
        liquidated=walk.liquidated,
        steps=walk.steps,
        book=walk.book,
        equity_before=walk.equity_before,
        equity_after=walk.equity_after,
    )


@exactly
def walked(book: Book) -> Walk:
    """The same without the evaluations, which take most of the time: what dies on the way, and what is left."""
    account = open_account(book)
    if account.rules.liquidation_process is LiquidationProcess.VENUE and documents_steps(book.venue):
        return _in_steps(book, account)
    deaths = liquidations(account)
    left = moved(without(at_marks(book, marks_of(book)), deaths), book.shocks)
    after = replace(survivors(account, deaths), book=left)
    return Walk(
        before=account,
        after=after,
        liquidated=deaths,
        steps=(),
        book=left,
        equity_before=equity_of(account),
        equity_after=equity_of(after),
    )


def _in_steps(book: Book, account: Account) -> Walk:
    walk = walk_in_steps(book)
    after = open_account(walk.book)
    return Walk(
        before=_noted(account, walk.assumptions),
        after=_noted(after, walk.assumptions + walk.reductions),
        liquidated=walk.liquidated,
        steps=walk.steps,
        book=walk.book,
        equity_before=equity_of(account),
        equity_after=equity_of(after),
    )


def _noted(account: Account, notes: tuple[str, ...]) -> Account:
    """The account with these notes in place of what it says about its liquidation process."""
    others = tuple(note for note in account.assumptions if not note.startswith("liquidation_process:"))
    return replace(account, assumptions=others + notes)


@exactly
def path(book: Book) -> MarketPath:
    """Which pools does a market-wide fall or rise end, and in which order?

    At the first liquidation of each, in whatever steps its venue goes on. A pool that is liquidatable already is on
    neither side. Raises an EngineError for a book that is refused.
    """
    account = open_account(book)
    ends = market_ends(account)
    alive = [pool for pool in account.pools if moves(pool) and not is_dead(pool)]
    return MarketPath(fall=_deaths(alive, FALL, ends[FALL]), rise=_deaths(alive, RISE, ends[RISE]))


def _deaths(pools: list[Pool], direction: int, end: Fraction | None) -> tuple[Death, ...]:
    found = [
        Death(id=pool.id, at=met.at, positions=ids_of(pool))
        for pool in pools
        if (met := market_crossing(pool, direction, end)) is not None
    ]
    return tuple(sorted(found, key=lambda death: (as_shown(abs(death.at)), death.id)))
