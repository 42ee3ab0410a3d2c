"""Clouds: the health of one pool at millions of price vectors, in float64 over NumPy arrays.

Nothing is calculated here a second way: only the lines that lines.py compiles from the exact engine are evaluated,

    health = balance - set aside + sum over symbols of (intercept + slope t), on the piece that holds at t

In multi-asset mode this holds for each asset, and with c its price and E its balance + PnL

    health = sum over assets of c x (health of the asset - haircut x max(E, 0))

The exact engine answers in `Decimal`; what comes from here is rounded by about 1e-15 of the amounts that are summed, so
that a pool which stands on its limit to the last digits may be flagged either way. Needs NumPy (extra `clouds`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from margin_engine.health.lines import Lines, groups_of, lines_of, set_aside
from margin_engine.model.errors import InvalidValue
from margin_engine.model.pools import Pool

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Pieces = tuple[Floats, Floats, Floats]
"""Lines as arrays: starts, slopes, intercepts."""
Adder = Callable[[Floats, bool, Floats, Floats, Floats, Floats], None]
Prices = Mapping[str, npt.ArrayLike] | npt.ArrayLike

BLOCK = 1 << 16
"""Scenarios at a time: what is summed up stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Share:
    """The positions of one symbol: their lines with and without requirements. row: the place of its price."""

    row: int
    inverse: bool
    health: Pieces
    pnl: Pieces


@dataclass(frozen=True, slots=True)
class Backing:
    """An asset of a pool and the symbols that settle in it. row: the place of its price; None: it counts as it is."""

    balance: float
    set_aside: float
    haircut: float
    row: int | None
    shares: tuple[Share, ...]


def add_lines(prices: Floats, inverse: bool, starts: Floats, slopes: Floats, intercepts: Floats, total: Floats) -> None:
    """Add to `total` the line that holds at each price (above 0): intercept + slope t, t = price, or 1 / price.

    All arrays have one dimension; prices and total are as long as each other.
    """
    at = np.reciprocal(prices) if inverse else prices
    value = at * slopes[0]
    value += intercepts[0]
    line, holds = np.empty_like(at), np.empty(at.shape, np.bool_)
    for start, slope, intercept in zip(starts[1:], slopes[1:], intercepts[1:], strict=True):
        np.multiply(at, slope, out=line)
        line += intercept
        np.greater_equal(at, start, out=holds)
        np.copyto(value, line, where=holds)
    total += value


class Surface:
    """The health of one pool over prices; `surface_of` makes it.

    names: the prices on which it depends: its symbols, and in multi-asset mode its assets (price in USD). marks: where
    each of them stands in the book.
    """

    def __init__(
        self, names: tuple[str, ...], marks: tuple[float, ...], backings: tuple[Backing, ...], add: Adder
    ) -> None:
        self.names, self.marks = names, marks
        self._backings, self._add = backings, add

    def health(self, prices: Prices) -> Floats:
        """Margin balance - maintenance margin, in the pool's asset, at every scenario.

        prices: all above 0; a mapping from names to arrays that broadcast together, where a name left out stands at its
        mark, or one array with a row for each of `names`. Raises InvalidValue for another name or number of rows.
        """
        return self._over(prices, self._health)

    def equity(self, prices: Prices) -> Floats:
        """The margin balance, in the pool's asset, at every scenario. Prices as for `health`."""
        return self._over(prices, self._equity)

    def liquidatable(self, prices: Prices) -> Flags:
        """Whether health is at or below 0, at every scenario; a pool without positions never is."""
        health = self.health(prices)
        return health <= 0 if any(backing.shares for backing in self._backings) else np.zeros(health.shape, np.bool_)

    def _over(self, prices: Prices, evaluate: Callable[[Sequence[Floats]], Floats]) -> Floats:
        rows = self._rows(prices)
        shape = np.broadcast_shapes(*(row.shape for row in rows))
        size = int(np.prod(shape))
        if any(row.size not in (1, size) for row in rows):
            # A grid: every symbol is evaluated along its own axis only.
            return np.array(np.broadcast_to(evaluate(rows), shape))
        found = np.empty(size)
        flat = [row.reshape(-1) for row in rows]
        for begin in range(0, size, BLOCK):
            here = slice(begin, begin + BLOCK)
            found[here] = evaluate([row[here] if row.size == size else row for row in flat])
        return found.reshape(shape)

    def _rows(self, prices: Prices) -> list[Floats]:
        if not isinstance(prices, Mapping):
            rows = np.asarray(prices, np.float64)
            if rows.ndim == 0 or len(rows) != len(self.names):
                rule = f"must have a row for each of {', '.join(self.names)}"
                raise InvalidValue(field="prices", value=f"an array of shape {rows.shape}", rule=rule)
            return list(rows)
        for name in prices:
            if name not in self.names:
                raise InvalidValue(field="prices", value=name, rule=f"must be one of {', '.join(self.names)}")
        marked = zip(self.names, self.marks, strict=True)
        return [np.asarray(prices.get(name, mark), np.float64) for name, mark in marked]

    def _health(self, rows: Sequence[Floats]) -> Floats:
        def worth(backing: Backing) -> Floats:
            free = self._sum(rows, backing.balance - backing.set_aside, ((s, s.health) for s in backing.shares))
            return free - _cut(backing, self._balance(rows, backing)) if backing.haircut else free

        return self._valued(rows, worth)

    def _equity(self, rows: Sequence[Floats]) -> Floats:
        def worth(backing: Backing) -> Floats:
            balance = self._balance(rows, backing)
            return balance - _cut(backing, balance) if backing.haircut else balance

        return self._valued(rows, worth)

    def _valued(self, rows: Sequence[Floats], worth: Callable[[Backing], Floats]) -> Floats:
        """The sum over the assets, each at its price."""
        total = np.zeros(())
        for number, backing in enumerate(self._backings):
            value = worth(backing)
            if backing.row is not None:
                value = value * rows[backing.row]
            total = total + value if number else value
        return total

    def _balance(self, rows: Sequence[Floats], backing: Backing) -> Floats:
        return self._sum(rows, backing.balance, ((share, share.pnl) for share in backing.shares))

    def _sum(self, rows: Sequence[Floats], base: float, pieces: Iterable[tuple[Share, Pieces]]) -> Floats:
        """`base` and what each symbol adds, each symbol at no more prices than it has."""
        chosen = list(pieces)
        total = np.full(np.broadcast_shapes((), *(rows[share.row].shape for share, _ in chosen)), base)
        for share, lines in chosen:
            prices = rows[share.row]
            if prices.size == total.size:
                self._add(prices.reshape(-1), share.inverse, *lines, total.reshape(-1))
            else:
                own = np.zeros(prices.size)
                self._add(prices.reshape(-1), share.inverse, *lines, own)
                total += own.reshape(prices.shape)
        return total


def surface_of(pool: Pool, *, add: Adder = add_lines) -> Surface:
    """Compile a pool. add: how lines are added up, in NumPy (`add_lines`) or by fused.py's kernel."""
    groups = groups_of(pool)
    compiled = [(group[0].terms.settle_asset, lines_of(group)) for group in groups]
    shares: dict[str, list[Share]] = {}
    for row, (asset, lines) in enumerate(compiled):
        shares.setdefault(asset, []).append(_share(row, lines))

    def backing(asset: str, balance: float, haircut: float, row: int | None) -> Backing:
        aside = float(set_aside([each for each in pool.holdings if each.terms.settle_asset == asset]))
        return Backing(balance, aside, haircut, row, tuple(shares.get(asset, ())))

    backings = [
        backing(asset.asset, float(asset.exact_balance), float(asset.haircut), len(groups) + place)
        for place, asset in enumerate(pool.assets)
    ]
    names = [lines.symbol for _, lines in compiled] + [asset.asset for asset in pool.assets]
    marks = [lines.mark_price for _, lines in compiled] + [float(asset.price) for asset in pool.assets]
    if not pool.assets:
        backings = [backing(pool.asset, float(pool.exact_balance), 0.0, None)]
    return Surface(tuple(names), tuple(marks), tuple(backings), add)


def _share(row: int, lines: Lines) -> Share:
    health = (np.array(lines.starts), np.array(lines.slopes), np.array(lines.intercepts))
    return Share(row, lines.inverse, health, (np.zeros(1), np.array([lines.pnl_slope]), np.array([lines.pnl_at_zero])))


def _cut(backing: Backing, balance: Floats) -> Floats:
    """What a haircut takes: of a positive balance only."""
    return backing.haircut * np.maximum(balance, 0)
