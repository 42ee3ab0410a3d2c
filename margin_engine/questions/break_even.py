"""Where along a market-wide move does the better margin mode change, by what it leaves?

The same positions, all isolated and all cross, hold the same until something dies: an isolated position takes its
margin with it, a cross pool all that is in it. So between two deaths the difference of the two equities is a sum of
PnL, whose changes of sign are found exactly, and at a death it jumps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from margin_engine.health.crossings import places_of
from margin_engine.health.legs import Leg, joint_leg
from margin_engine.health.numerators import Coefficients, Numerators, plus, scaled, times
from margin_engine.health.polynomials import Polynomial, first_root, polynomial, sign_beyond
from margin_engine.health.risk import is_dead
from margin_engine.model.book import MarginMode
from margin_engine.model.pools import Account, Holding, Pool, decimal_of
from margin_engine.questions.market_moves import market_crossing, market_ends, moves

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """From a move on, one mode leaves more than the other.

    asset: what the equities are counted in: a settle asset, or USD in multi-asset mode. at: signed fraction of the
    marks. better: the mode that leaves more just beyond.
    """

    asset: str
    at: Decimal
    better: MarginMode


def break_evens(isolated: Account, cross: Account, direction: int) -> tuple[BreakEven, ...]:
    """Every move on one side at which the better mode changes, nearest first.

    isolated, cross: the same book partitioned either way. While nothing has died the two are equal; the first change is
    from there. Call it within the engine's decimal context.
    """
    end = market_ends(cross)[direction]
    found: list[BreakEven] = []
    for pool in cross.pools:
        found += _Race(isolated, pool, direction, end).changes()
    return tuple(sorted(found, key=lambda each: (abs(each.at), each.asset)))


class _Race:
    """One cross pool beside the isolated pools of the same positions."""

    def __init__(self, isolated: Account, pool: Pool, direction: int, end: Fraction | None) -> None:
        self.pool, self.direction, self.end = pool, direction, end
        ids = {holding.position.id for holding in pool.holdings}
        self.alone = [each for each in isolated.pools if each.id in ids]
        self.places = places_of(pool)
        self.legs = {holding.position.id: self._leg(holding) for holding in pool.holdings}
        self.over = Numerators(list(self.legs.values()))

    def changes(self) -> list[BreakEven]:
        deaths = [(self._death(pool), pool.id) for pool in (*self.alone, self.pool)]
        events = sorted({at for at, _ in deaths if at is not None} | {_ZERO}, key=abs)
        found: list[BreakEven] = []
        ahead = 0
        for near, far in zip(events, [*events[1:], self.end], strict=True):
            dead = {identity for at, identity in deaths if at is not None and abs(at) <= abs(near)}
            difference = self._difference(dead)
            at: Fraction | None = near
            while at is not None:
                sign = sign_beyond(difference, at, self.direction)
                if sign and sign != ahead:
                    better = MarginMode.ISOLATED if sign > 0 else MarginMode.CROSS
                    found.append(BreakEven(asset=self.pool.asset, at=decimal_of(at), better=better))
                    ahead = sign
                at = first_root(difference, at, far, self.direction)
        return found

    def _death(self, pool: Pool) -> Fraction | None:
        if not pool.holdings:
            return None
        if is_dead(pool):
            return _ZERO
        met = market_crossing(pool, self.direction, self.end) if moves(pool) else None
        return None if met is None else Fraction(met.at)

    def _difference(self, dead: set[str]) -> Polynomial:
        """What isolated leaves more than cross, once these pools are dead: its sign is that of a polynomial.

        While the cross pool lives it is minus what the dead isolated positions are worth in it, margin + PnL; after
        that all that isolated has left: balances, less the margins of the dead, and the PnL of the living.
        """
        gone = self.pool.id in dead
        total: Coefficients = [_ZERO]
        if gone:
            for balance, course in self._balances():
                total = plus(total, times(scaled(course, balance), self.over.whole), _ONE)
        for each in self.alone:
            lost, leg, course = each.id in dead, self.legs[each.id], self._course(each.holdings[0])
            if lost:
                total = plus(total, times(course, self.over.whole), -each.exact_balance)
            if lost != gone:
                total = plus(total, times(course, self.over.pnl(leg)), _ONE if gone else -_ONE)
        return polynomial(total)

    def _balances(self) -> Sequence[tuple[Fraction, Coefficients]]:
        if not self.pool.assets:
            return [(self.pool.exact_balance, [_ONE])]
        return [
            (asset.exact_balance, [Fraction(asset.price), Fraction(asset.price) * Fraction(asset.beta)])
            for asset in self.pool.assets
        ]

    def _course(self, holding: Holding) -> Coefficients:
        """The price of the asset that a position settles in, along the move."""
        if not self.pool.assets:
            return [_ONE]
        return self._balances()[self.places[holding.terms.settle_asset]][1]

    def _leg(self, holding: Holding) -> Leg[Fraction]:
        return joint_leg(holding, Fraction(holding.beta), self.places.get(holding.terms.settle_asset, 0))
