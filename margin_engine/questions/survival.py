"""Does a pool live through a straight path of prices? The condition behind every sizing answer.

A goal says how far the prices go; whatever it is, it becomes shocks of the marks and whether their end counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from margin_engine.health.risk import risk_of, worth_of
from margin_engine.model.book import EVERY_OTHER, Book, MarginMode
from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.errors import InvalidValue
from margin_engine.model.pools import Pool
from margin_engine.questions.flips import Trial
from margin_engine.questions.marks import moved
from margin_engine.questions.shocks import shock_crossing
from margin_engine.venues.account import open_account

TOUCHING = Decimal("1e-60")


@dataclass(frozen=True, slots=True, kw_only=True)
class AtPrice:
    """The position's liquidation price is this price (above 0) or lies beyond it, seen from the mark."""

    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDistance:
    """The same at a signed fraction of the mark, above -1: -0.2 is 20 % below it."""

    distance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BeyondStop:
    """The liquidation price lies beyond this stop price (above 0): at the stop itself the position still lives."""

    stop: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Survives:
    """Alive on the whole straight path to mark x (1 + shock), its end included; "*" is every symbol not named.

    whole_account: no pool of the account may die, not only that of the position.
    """

    shocks: Mapping[str, Decimal]
    whole_account: bool = False


Goal = AtPrice | AtDistance | BeyondStop | Survives


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A goal as shocks of the marks. closed: the end of the path counts. pool_id: who must live; None is every pool.

    price_of: the symbol whose liquidation price is meant, None where pools as such are. At a venue that leaves the
    profits of other symbols out of that price, they are left out here as well.
    """

    shocks: Mapping[str, Decimal]
    closed: bool
    pool_id: str | None
    price_of: str | None = None


def course_of(pool_id: str, symbol: str, mark: Decimal, goal: Goal) -> Course:
    """The path of prices that a goal for a position asks its pool to live through. `mark` is the symbol's.

    Raises InvalidValue for a price that is not above 0 or a shock not above -1.
    """
    match goal:
        case Survives():
            shocks = {name: _shock(ONE + shock, f"shocks.{name}") for name, shock in goal.shocks.items()}
            return Course(shocks=shocks, closed=True, pool_id=None if goal.whole_account else pool_id)
        case AtPrice():
            shock = _shock(goal.price / mark, "price")
        case AtDistance():
            shock = _shock(ONE + goal.distance, "distance")
        case _:
            shock = _shock(goal.stop / mark, "stop")
    return Course(shocks={symbol: shock}, closed=isinstance(goal, BeyondStop), pool_id=pool_id, price_of=symbol)


def _shock(ratio: Decimal, name: str) -> Decimal:
    if ratio <= 0:
        raise InvalidValue(field=f"goal.{name}", value=ratio - 1, rule="must leave a price above 0")
    return ratio - 1


def end_factor(course: Course, symbol: str) -> Decimal:
    """The symbol's price at the end of the path, as a multiple of its mark."""
    return ONE + course.shocks.get(symbol, course.shocks.get(EVERY_OTHER, ZERO))


def trial(book: Book, course: Course) -> Trial:
    """Whether the pools in question live along the course, and their healths at both ends of it.

    Health = margin balance - maintenance margin. A pool without positions has nothing to lose: it lives.
    """
    if course.price_of is not None:
        book = _as_its_price_sees_it(book, course.price_of)
    pools = [each for each in open_account(replace(book, shocks=course.shocks)).pools if _asked(each, course)]
    ends = [each for each in open_account(moved(book, course.shocks)).pools if _asked(each, course)]
    alive, lines = True, list[Decimal]()
    for pool, end in zip(pools, ends, strict=True):
        at_start, at_end = health(pool), health(end)
        lines += [at_start, at_end]
        alive = alive and at_start > 0 and _lives(pool, at_end, course.closed)
    return Trial(holds=alive, lines=tuple(lines))


def _asked(pool: Pool, course: Course) -> bool:
    return bool(pool.holdings) and course.pool_id in (None, pool.id)


def _as_its_price_sees_it(book: Book, symbol: str) -> Book:
    """The book without the profits of the other symbols' cross positions, where the venue leaves them out."""
    account = open_account(book)
    if account.rules.others_profit_counts:
        return book
    wallet = dict(account.wallet)
    for pool in account.pools:
        for holding in pool.holdings if pool.mode is MarginMode.CROSS else ():
            if holding.position.symbol != symbol:
                profit = risk_of(holding, holding.mark_price).unrealised_pnl
                wallet[holding.terms.settle_asset] -= max(ZERO, profit)
    return replace(book, wallet=wallet)


def _lives(pool: Pool, at_end: Decimal, closed: bool) -> bool:
    """Whether a pool that is alive at the marks lives through its shocks, their end included or not."""
    # A root is exact up to the last of 120 digits: what is that near to 0, or that near to the end, is there.
    if closed and abs(at_end) <= TOUCHING:
        return False
    met = shock_crossing(pool)
    return met is None or (not closed and met.at >= ONE - TOUCHING)


def health(pool: Pool) -> Decimal:
    """What a pool holds at its marks beyond its requirement, in its asset; at or below 0 it is liquidated."""
    worth = worth_of(pool)
    return worth.margin_balance - worth.maintenance_margin
