"""All liquidation prices of thousands of pools at once, in float64: for alerts and lists that follow the market.

The walk of health/rays.py, done for all positions side by side: each symbol of each pool is a row of lines (lines.py),
the others stand still at their marks, and the pieces are looked at one after the other from the mark outward. On a
piece a pool dies at its near end (the requirement jumps), or where its line meets 0, or not. Compiled once, it answers
again for every new set of marks. Needs NumPy (extra `clouds`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from margin_engine.health.lines import groups_of, lines_of, set_aside
from margin_engine.health.surface import Flags, Floats
from margin_engine.model.errors import Unsupported
from margin_engine.model.pools import Pool

NOTHING = 1e-12
"""A root nearer to 0 than this share of the mark is 0: what is left where everything cancels."""


@dataclass(frozen=True, slots=True)
class CrowdPrices:
    """One entry per row of the crowd, and whether each pool is liquidatable at the marks.

    prices: the liquidation price; NaN where there is none, or the pool is dead already.
    """

    prices: Floats
    dead: Flags


class Crowd:
    """Many pools, compiled; `crowd_of` makes it.

    rows: for each symbol of each pool, in their order, the number of the pool and the symbol. marks: the price of each
    row in its own book.
    """

    def __init__(self, pools: Sequence[Pool]) -> None:
        groups = [(number, group) for number, pool in enumerate(pools) for group in groups_of(pool)]
        lines = [lines_of(group) for _, group in groups]
        self.rows = tuple((number, each.symbol) for (number, _), each in zip(groups, lines, strict=True))
        self.marks: Floats = np.array([each.mark_price for each in lines])
        self._pool: npt.NDArray[np.int64] = np.array([number for number, _ in groups], np.int64)
        self._balance = np.array([float(pool.exact_balance) - float(set_aside(pool.holdings)) for pool in pools])
        self._side = np.array([each.side for each in lines], np.int64)
        self._inverse = np.array([each.inverse for each in lines], np.bool_)
        most = max((len(each.starts) for each in lines), default=1)
        # One line per piece and row; a row with fewer pieces has the rest beyond every price.
        self._starts = _table([each.starts for each in lines], most, np.inf)
        self._slopes = _table([each.slopes for each in lines], most, 0.0)
        self._intercepts = _table([each.intercepts for each in lines], most, 0.0)

    def marks_at(self, prices: Mapping[str, float]) -> Floats:
        """The marks of all rows where symbols have these prices (above 0); a symbol that is not named stays."""
        return np.array([prices.get(symbol, mark) for (_, symbol), mark in zip(self.rows, self.marks, strict=True)])

    def liquidation_prices(self, marks: Floats | None = None) -> CrowdPrices:
        """Where each symbol of each pool is liquidated, every other mark standing still.

        Net long: the nearest price below the mark, else above; net short the other way round; flat: the nearer one.
        marks: one for each row, all above 0; None: the books' own.
        """
        marks = self.marks if marks is None else marks
        at = np.where(self._inverse, 1 / marks, marks)
        own = self._own(at)
        health = self._balance + np.bincount(self._pool, own, minlength=len(self._balance))
        dead = health <= 0
        dead &= np.bincount(self._pool, minlength=len(self._balance)) > 0
        rest = health[self._pool] - own
        alive = ~dead[self._pool]
        below, above = np.full(at.shape, np.nan), np.full(at.shape, np.nan)
        self._walk(alive & (self._side >= 0), at, rest, below, falling=True)
        self._walk(alive & (self._side <= 0), at, rest, above, falling=False)
        self._walk(alive & (self._side > 0) & np.isnan(below), at, rest, above, falling=False)
        self._walk(alive & (self._side < 0) & np.isnan(above), at, rest, below, falling=True)
        nearer = np.isnan(above) | (marks - below <= above - marks)
        return CrowdPrices(np.where(nearer, below, above), dead)

    def _own(self, at: Floats) -> Floats:
        """What every row adds to the health of its pool."""
        value: Floats = self._intercepts[0] + self._slopes[0] * at
        for start, slope, intercept in zip(self._starts[1:], self._slopes[1:], self._intercepts[1:], strict=True):
            np.copyto(value, intercept + slope * at, where=at >= start)
        return value

    def _walk(self, asked: Flags, at: Floats, rest: Floats, answers: Floats, *, falling: bool) -> None:
        """Fill in the answers on one side of the mark. A falling price is a rising t of an inverse contract."""
        for inverse in (False, True):
            rows = np.flatnonzero(asked & (self._inverse == inverse))
            if rows.size:
                found = self._first(rows, at[rows], rest[rows], down=falling != inverse)
                answers[rows] = 1 / found if inverse else found

    def _first(self, rows: npt.NDArray[np.intp], at: Floats, rest: Floats, *, down: bool) -> Floats:
        """The first t at which each row's pool is dead, from its mark outward."""
        found = np.full(at.shape, np.nan)
        pieces = range(len(self._starts))
        for piece in reversed(pieces) if down else pieces:
            low = self._starts[piece][rows]
            high = self._starts[piece + 1][rows] if piece + 1 < len(pieces) else np.full(at.shape, np.inf)
            slope, offset = self._slopes[piece][rows], self._intercepts[piece][rows] + rest
            near, far = (np.minimum(high, at), low) if down else (np.maximum(low, at), high)
            ahead = np.isnan(found) & ((far < at) if down else (far > at)) & np.isfinite(low)
            with np.errstate(invalid="ignore", divide="ignore"):
                ends = offset + slope * np.where(np.isfinite(far), far, np.inf)
                # Without end, a line that does not fall never meets 0.
                sinks = np.where(np.isfinite(far), ends <= 0, slope < 0)
                root = np.clip(-offset / slope, np.minimum(near, far), np.maximum(near, far))
            stands = offset + slope * np.where(ahead, near, 0.0) > 0
            np.copyto(found, np.where(stands, root, near), where=ahead & (sinks | ~stands))
        found[found <= NOTHING * at] = np.nan
        return found


def crowd_of(pools: Sequence[Pool]) -> Crowd:
    """Compile many pools, of one asset each.

    Raises Unsupported for a pool in multi-asset mode: there the haircut of an asset breaks its line at a price that
    depends on the other marks, which the exact engine answers.
    """
    for number, pool in enumerate(pools):
        if pool.assets:
            rule = "must not be in multi-asset mode for all prices at once: ask evaluate"
            raise Unsupported(field=f"pools[{number}]", value=pool.id, rule=rule)
    return Crowd(pools)


def _table(columns: Sequence[Sequence[float]], most: int, beyond: float) -> Floats:
    return np.array([[*column, *[beyond] * (most - len(column))] for column in columns]).reshape(-1, most).T.copy()
