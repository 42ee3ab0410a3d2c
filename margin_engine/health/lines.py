"""A pool's health as lines, one symbol beside the other, for what is evaluated at very many prices.

Where every price is given, health is a sum over symbols, and what the positions of a symbol add is a straight line
between breakpoints in what the contract is worth: t = price, or 1 / price for an inverse contract. The lines are
compiled from those that health/rays.py walks on, exactly; only the result is made floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from margin_engine.health.legs import price_leg
from margin_engine.model.decimals import ZERO, exactly
from margin_engine.model.pools import Holding, Pool


@dataclass(frozen=True, slots=True)
class Lines:
    """What the positions of one symbol add to the health of their pool, in the settle asset.

    PnL - requirement = intercepts[i] + slopes[i] t from starts[i] (included) to the next start; the PnL alone is
    pnl_at_zero + pnl_slope t. side: the sign of their sizes together, 0 if they cancel. mark: t at the mark.
    """

    symbol: str
    inverse: bool
    starts: tuple[float, ...]
    slopes: tuple[float, ...]
    intercepts: tuple[float, ...]
    pnl_at_zero: float
    pnl_slope: float
    side: int
    mark_price: float


def groups_of(pool: Pool) -> list[list[Holding]]:
    """The positions of a pool by symbol: those that move together."""
    groups: dict[str, list[Holding]] = {}
    for holding in pool.holdings:
        groups.setdefault(holding.position.symbol, []).append(holding)
    return list(groups.values())


def set_aside(holdings: Sequence[Holding]) -> Decimal:
    """The part of the requirements that does not move with prices, in the settle asset."""
    return sum((holding.fee_to_close for holding in holdings), ZERO)


@exactly
def lines_of(group: Sequence[Holding]) -> Lines:
    """Compile the positions of one symbol (at least one; no fee that is set aside): each ladder's pieces, merged."""
    legs = [price_leg(holding, Decimal) for holding in group]
    pnl_at_zero = sum((leg.pnl_at_zero for leg in legs), ZERO)
    pnl_slope = sum((leg.pnl_slope for leg in legs), ZERO)
    turns: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for leg in legs:
        ladder, slope, intercept = leg.ladder, ZERO, ZERO
        for start, rate, deduction in zip(ladder.starts, ladder.slopes, ladder.deductions, strict=True):
            # A leg's notional is notional_slope x t, so it is on this piece from start / notional_slope on.
            at, below = start / leg.notional_slope, (slope, intercept)
            slope, intercept = -rate * leg.notional_slope, deduction
            turn = turns.get(at, (ZERO, ZERO))
            turns[at] = (turn[0] + slope - below[0], turn[1] + intercept - below[1])
    starts = sorted(turns)
    slopes, intercepts = [], []
    slope, intercept = pnl_slope, pnl_at_zero
    for start in starts:
        slope, intercept = slope + turns[start][0], intercept + turns[start][1]
        slopes.append(float(slope))
        intercepts.append(float(intercept))
    net = sum((holding.signed_size for holding in group), ZERO)
    return Lines(
        symbol=group[0].position.symbol,
        inverse=group[0].inverse,
        starts=tuple(map(float, starts)),
        slopes=tuple(slopes),
        intercepts=tuple(intercepts),
        pnl_at_zero=float(pnl_at_zero),
        pnl_slope=float(pnl_slope),
        side=(net > 0) - (net < 0),
        mark_price=float(group[0].mark_price),
    )
