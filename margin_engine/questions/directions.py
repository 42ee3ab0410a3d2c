"""Where does each pool die if prices move in many directions? For borders of survival, which are drawn from rays."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from margin_engine.health.crossings import FALL, RISE, Weigh, move_crossing
from margin_engine.health.risk import is_dead
from margin_engine.model.book import Book
from margin_engine.model.decimals import ONE, ZERO, exactly
from margin_engine.model.pools import BackingAsset, Holding, Pool
from margin_engine.venues.account import open_account

Direction = Mapping[str, Decimal]
"""Shocks by symbol, or by asset of collateral, as fractions of the marks above -1; what is not named stands still."""


@exactly
def deaths_along(book: Book, directions: Sequence[Direction]) -> dict[str, tuple[Decimal | None, ...]]:
    """At which fraction of the straight way to each of the shocks does each pool die?

    Result: by the id of each pool that has positions, one answer for each direction: in [0, 1], 0 for a pool that is
    liquidatable already, None for one that lives to the end. The book's own shocks and betas play no part. Raises an
    EngineError for a book that is refused.
    """
    account = open_account(book)
    return {
        pool.id: tuple(_death(pool, direction) for direction in directions) for pool in account.pools if pool.holdings
    }


@exactly
def death_of(book: Book, pool_id: str, moving: Collection[str], *, first: int) -> Decimal | None:
    """How far do some symbols and assets of collateral move together until a living pool dies, all else still?

    Arguments: first, FALL (-1) or RISE (+1), the side that counts before the other. Result: a fraction of the marks,
    None where the pool lives on both sides. Raises KeyError for an unknown pool, an EngineError for a refused book.
    """
    pool = {each.id: each for each in open_account(book).pools}[pool_id]
    weights = dict.fromkeys(moving, ONE)
    for direction in (first, -first):
        end = Fraction(-1) if direction == FALL else None
        met = move_crossing(pool, weigh=_weigh(weights), direction=direction, end=end)
        if met is not None:
            return met.at
    return None


def _weigh(direction: Direction) -> Weigh:
    def weigh(moved: Holding | BackingAsset) -> Decimal:
        return direction.get(moved.asset if isinstance(moved, BackingAsset) else moved.position.symbol, ZERO)

    return weigh


def _death(pool: Pool, direction: Direction) -> Decimal | None:
    if is_dead(pool):
        return ZERO
    weigh = _weigh(direction)
    moving: tuple[Holding | BackingAsset, ...] = (*pool.holdings, *pool.assets)
    if not any(weigh(moved) for moved in moving):
        return None
    met = move_crossing(pool, weigh=weigh, direction=RISE, end=Fraction(1), included=True)
    return None if met is None else met.at
