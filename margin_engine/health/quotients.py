"""Health along a joint path on which not everything is a straight line: inverse contracts, several moving assets.

    h(t) = sum over assets of price x (1 + weight x t) x (share x equity(t) - requirement(t))

where equity and requirement are sums of lines and of constants over 1 + weight x t (inverse contracts), and share is 1
- haircut while the equity is above 0, else 1. Multiplied by all its denominators, which are above 0 on the whole path,
h is a polynomial on each piece: its first root is where the pool dies. The sign of an equity changes where that equity
is 0, which is the root of a polynomial as well. Such a place can be irrational; then two fractions close around it
stand for it, and between them both shares are tried: since share x equity is the lesser of its two forms, h is <= 0
exactly where one of them is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from margin_engine.health.legs import Leg
from margin_engine.health.numerators import Coefficients, Numerators, plus, scaled, times, value
from margin_engine.health.polynomials import Polynomial, first_root, polynomial, sign_at, sign_beyond, without_factor
from margin_engine.health.rays import Crossing, Edge, Reach, Walk

_ZERO, _ONE = Fraction(0), Fraction(1)
_AROUND = Fraction(1, 2**400)
"""How close two fractions stand around an irrational place, as a share of it."""


@dataclass(frozen=True, slots=True)
class AssetCourse:
    """An asset of a pool along a path: its price is price x (1 + weight x t).

    equity: its wallet balance and the PnL that stands still; need: the requirements that stand still, in the asset.
    """

    equity: Fraction
    need: Fraction = _ZERO
    price: Fraction = _ONE
    weight: Fraction = _ZERO
    haircut: Fraction = _ZERO


def first_joint_crossing(
    *,
    assets: Sequence[AssetCourse],
    legs: Sequence[Leg[Fraction]],
    start: Fraction,
    direction: int,
    reach: Reach[Fraction],
) -> Crossing[Fraction] | None:
    """The first point of a path at which the margin balance of several assets is <= the requirement.

    As first_crossing in rays.py, for every kind of leg. Legs name their asset by its place in `assets`.
    """
    return _QuotientWalk(assets, legs, start, direction, reach).first_crossing()


class _QuotientWalk(Walk[Fraction]):
    """Health as a polynomial on the pieces that hold: the shares' part is fixed, the requirement is kept up to date."""

    def __init__(
        self,
        assets: Sequence[AssetCourse],
        legs: Sequence[Leg[Fraction]],
        start: Fraction,
        direction: int,
        reach: Reach[Fraction],
    ) -> None:
        super().__init__(legs, start, direction, reach)
        self.at = start
        over = Numerators(legs)
        weights = {each.weight for each in assets if each.weight}
        self.vanishing = [-1 / weight for weight in over.pulls | weights]
        courses = [[each.price, each.price * each.weight] for each in assets]
        self.worths = [times(course, over.whole) for course in courses]
        self.equities = [scaled(worth, each.equity) for worth, each in zip(self.worths, assets, strict=True)]
        self.required = [_ZERO]
        for worth, each in zip(self.worths, assets, strict=True):
            self.required = plus(self.required, worth, each.need)
        self.notionals: list[Coefficients] = []
        for leg in legs:
            number, course = leg.asset, courses[leg.asset]
            self.equities[number] = plus(self.equities[number], times(course, over.pnl(leg)), _ONE)
            self.notionals.append(times(course, over.notional(leg)))
        for number, piece in enumerate(self.pieces):
            self._count(number, piece, _ONE)
        self.shares = [(1 - each.haircut, _ONE) if each.haircut else (_ONE,) for each in assets]
        self.turning = [self._turning_points(number) for number in range(len(assets))]
        points = {point for turning in self.turning for interval in turning for point in interval}
        self.cuts = sorted(points, key=lambda point: point * direction)

    def turn(self, number: int, piece: int) -> None:
        self._count(number, self.pieces[number], -_ONE)
        self._count(number, piece, _ONE)
        self.pieces[number] = piece

    def stand(self, numerator: Fraction, denominator: Fraction) -> None:
        self.at = numerator / denominator

    def sinks_at_once(self) -> bool:
        beyond = next((cut for cut in self.cuts if (cut - self.at) * self.direction > 0), None)
        return any(sign_beyond(p, self.at, self.direction) <= 0 for p in self._healths(self.at, beyond))

    def root(self, edge: Edge[Fraction] | None) -> Fraction | None:
        end = self.reach.end
        closes = end is not None and (edge is None or (edge.at - end) * self.direction > 0)
        far = end if closes or edge is None else edge.at
        for near, stop in self._stretches(far):
            found = [first_root(p, near, stop, self.direction) for p in self._healths(near, stop)]
            roots = [each for each in found if each is not None]
            if roots:
                return min(roots, key=lambda root: root * self.direction)
            counted = stop is not None and (stop != far or (closes and self.reach.included))
            if stop is not None and counted and self._health(stop) <= 0:
                return stop
        return None

    def dead_here(self) -> bool:
        return self._health(self.at) <= 0

    def crossing_here(self, at: Fraction, jump: tuple[int, Fraction]) -> Crossing[Fraction]:
        return Crossing(at, tuple(self.pieces), None if self._health(at) == 0 else jump)

    def _count(self, number: int, piece: int, sign: Fraction) -> None:
        """Put a piece into the requirement (1), or take it out (-1)."""
        leg = self.legs[number]
        self.required = plus(self.required, self.notionals[number], sign * leg.ladder.slopes[piece])
        self.required = plus(self.required, self.worths[leg.asset], -sign * leg.ladder.deductions[piece])

    def _turning_points(self, number: int) -> list[tuple[Fraction, Fraction]]:
        """Where an equity that has a haircut is 0 ahead: the place itself, twice, or two fractions close around it."""
        found: list[tuple[Fraction, Fraction]] = []
        if len(self.shares[number]) == 1:
            return found
        equity, near = polynomial(self.equities[number]), self.start
        while (root := first_root(equity, near, self.reach.end, self.direction)) is not None:
            margin = abs(root) * _AROUND if sign_at(equity, root) else _ZERO
            found.append((root - margin, root + margin))
            near = root + margin * self.direction
        return found

    def _stretches(self, far: Fraction | None) -> Iterator[tuple[Fraction, Fraction | None]]:
        near = self.at
        for cut in self.cuts:
            if (cut - near) * self.direction > 0 and (far is None or (far - cut) * self.direction > 0):
                yield near, cut
                near = cut
        yield near, far

    def _healths(self, near: Fraction, far: Fraction | None) -> Iterator[Polynomial]:
        """The polynomials of which the least has the sign of health between two neighbouring points."""
        low, high = (near, far) if far is None or near < far else (far, near)
        middle = near + self.direction if far is None else (near + far) / 2
        shares = [self._shares_between(number, low, high, middle) for number in range(len(self.equities))]
        for chosen in product(*shares):
            health = scaled(self.required, -_ONE)
            for share, equity in zip(chosen, self.equities, strict=True):
                health = plus(health, equity, share)
            p = polynomial(health)
            for root in self.vanishing:
                p = without_factor(p, root, self.start)
            yield p

    def _shares_between(
        self, number: int, low: Fraction, high: Fraction | None, middle: Fraction
    ) -> tuple[Fraction, ...]:
        shares = self.shares[number]
        if len(shares) == 1 or any(
            start < end and start < (end if high is None else high) and end > low for start, end in self.turning[number]
        ):
            return shares
        return shares[:1] if value(self.equities[number], middle) > 0 else shares[1:]

    def _health(self, at: Fraction) -> Fraction:
        health = -value(self.required, at)
        for shares, equity in zip(self.shares, self.equities, strict=True):
            worth = value(equity, at)
            health += worth * (shares[0] if worth > 0 else shares[-1])
        return health
