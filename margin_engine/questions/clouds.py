"""Very many answers at once, in floating point: what happens to a book over a cloud of prices, and to a crowd of books.

For heatmaps, ladders, odds and alerts. Single answers come from the exact engine; these are its lines, evaluated in
float64. Not part of the package's front page, because it needs NumPy (extra `clouds`; with `fast`, numba as well):

    from margin_engine.questions.clouds import surfaces

    surface = surfaces(book)["cross:USDT"]
    dead = surface.liquidatable({"BTCUSDT": falls[:, None], "ETHUSDT": rises[None, :]})
"""

from collections.abc import Sequence
from dataclasses import dataclass

from margin_engine.health.crowd import Crowd, CrowdPrices, crowd_of
from margin_engine.health.surface import Surface, add_lines, surface_of
from margin_engine.model.book import Book
from margin_engine.model.decimals import exactly
from margin_engine.model.errors import Unsupported
from margin_engine.model.pools import Account
from margin_engine.venues.account import open_account

__all__ = ["BookCrowd", "Crowd", "CrowdPrices", "Surface", "crowd", "surfaces"]


@dataclass(frozen=True, slots=True)
class BookCrowd:
    """The pools of many books that have positions.

    pools: for each pool of `crowd`, in its order, the number of its book and its id.
    """

    crowd: Crowd
    pools: tuple[tuple[int, str], ...]


@exactly
def surfaces(book: Book, *, fast: bool = False) -> dict[str, Surface]:
    """The health of each pool of a book over any prices, by pool id.

    fast: add the lines up in numba's compiled loop (extra `fast`; its first use takes about a second). Raises an
    EngineError for a book that is refused, ImportError where numba is asked for and not installed.
    """
    add = add_lines
    if fast:
        from margin_engine.health.fused import add_lines_fused as add
    return {pool.id: surface_of(pool, add=add) for pool in open_account(book).pools}


@exactly
def crowd(books: Sequence[Book]) -> BookCrowd:
    """Many books, compiled once: `crowd.liquidation_prices` then answers for all their positions at any marks.

    Raises an EngineError for a book that is refused, and Unsupported for what prices at once do not cover: a cross pool
    in multi-asset mode, and venues where profits of other symbols do not count.
    """
    pools = []
    for number, book in enumerate(books):
        account = open_account(book)
        _check(account, number)
        pools += [(number, pool) for pool in account.pools if pool.holdings]
    return BookCrowd(crowd_of([pool for _, pool in pools]), tuple((number, pool.id) for number, pool in pools))


def _check(account: Account, number: int) -> None:
    if not account.rules.others_profit_counts:
        rule = "must count the profits of other symbols for all prices at once: ask evaluate"
        raise Unsupported(field=f"books[{number}].rules.others_profit_counts", value="false", rule=rule)
