"""Health along a straight path of prices: where does a pool first meet its maintenance margin?

Along a path with one parameter t (the price of one symbol; a fraction of all marks) every PnL is a line in t and so is
every notional; a requirement is a line of the notional on each piece of its ladder. So between two breakpoints the
health

    h(t) = margin balance - maintenance margin = offset + slope x t

is one line, and the walk looks at the pieces one after the other, from the start outward: each open piece, then the
breakpoint itself, where a position that reaches a floor stands on the upper rung. Nothing is guessed and nothing is
iterated; and nothing relies on h being continuous or concave, so tables that jump are walked in the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.pools import Holding
from margin_engine.model.tiers import Ladder


@dataclass(frozen=True, slots=True)
class Leg:
    """One position along a path: pnl = pnl_at_zero + pnl_slope t, notional = notional_at_zero + notional_slope t."""

    pnl_at_zero: Decimal
    pnl_slope: Decimal
    notional_at_zero: Decimal
    notional_slope: Decimal
    ladder: Ladder


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a pool is first liquidatable.

    at: the path's parameter. pieces: the piece of each leg's ladder that holds there. jump: the leg whose requirement
    jumps here and the notional of that floor; None where two lines meet.
    """

    at: Decimal
    pieces: tuple[int, ...]
    jump: tuple[int, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a path goes: to `end`, itself included or not; without end if None."""

    end: Decimal | None
    included: bool = False

    def holds(self, at: Decimal, direction: int) -> bool:
        """Whether a point ahead is still on the path."""
        if self.end is None:
            return True
        ahead = (self.end - at) * direction
        return ahead > 0 or (self.included and ahead == 0)

    def continues(self, at: Decimal, direction: int) -> bool:
        """Whether the path goes on beyond a point."""
        return self.end is None or (self.end - at) * direction > 0


def price_leg(holding: Holding) -> Leg:
    """A position along the price of its own symbol: t is the price."""
    entry_price = holding.position.entry_price
    return Leg(-holding.signed_size * entry_price, holding.signed_size, ZERO, holding.size, holding.ladder)


def move_leg(holding: Holding, weight: Decimal) -> Leg:
    """A position along a joint move: its price is mark x (1 + weight x t)."""
    notional = holding.size * holding.mark_price
    drift = holding.signed_size * holding.mark_price
    pnl = holding.signed_size * (holding.mark_price - holding.position.entry_price)
    return Leg(pnl, drift * weight, notional, notional * weight, holding.ladder)


def first_crossing(
    *, balance: Decimal, legs: Sequence[Leg], start: Decimal, direction: int, reach: Reach
) -> Crossing | None:
    """The first point of a path at which balance + PnL <= requirement, walking from `start` (alive) in `direction`.

    balance: what backs the legs, net of every requirement that stands still, in the settle asset. direction: +1 or -1.
    Where the pool dies just beyond a breakpoint and not at it, the breakpoint is the answer: the nearest bound.
    Returns None if the pool lives on the whole path.
    """
    return _Walk(balance, legs, start, direction, reach).first_crossing()


@dataclass(frozen=True, slots=True)
class _Edge:
    """A leg's next breakpoint: its notional, at = numerator / denominator (> 0), and the pieces at and beyond it."""

    floor: Decimal
    at: Decimal
    numerator: Decimal
    denominator: Decimal
    here: int
    beyond: int


class _Walk:
    """The state of one walk: the pieces that hold now, and the line of the pool's health on them."""

    __slots__ = ("direction", "edges", "legs", "offset", "pieces", "reach", "slope", "start")

    def __init__(self, balance: Decimal, legs: Sequence[Leg], start: Decimal, direction: int, reach: Reach) -> None:
        self.legs, self.start, self.direction, self.reach = legs, start, direction, reach
        # A notional that stands on a floor has its first edge at the start itself, if it falls.
        self.pieces = [leg.ladder.piece_at(leg.notional_at_zero + leg.notional_slope * start) for leg in legs]
        self.offset, self.slope = balance, ZERO
        for leg, piece in zip(legs, self.pieces, strict=True):
            self.offset += leg.pnl_at_zero
            self.slope += leg.pnl_slope
            self._count(leg, piece, -1)
        self.edges: list[_Edge | None] = []

    def first_crossing(self) -> Crossing | None:
        if self._cannot_sink():
            return None
        self.edges = [self._next_edge(number) for number in range(len(self.legs))]
        at, numerator, denominator = self.start, self.start, ONE
        jump: tuple[int, Decimal] | None = None
        while self.reach.continues(at, self.direction):
            # By products, not at the rounded quotient: the sign of h at the near end of the open piece.
            near = self.offset * denominator + self.slope * numerator
            outward = self.slope * self.direction
            if near < 0 or (near == 0 and outward <= 0):
                return Crossing(at, tuple(self.pieces), jump)
            edge = self._nearest_edge()
            if outward < 0:
                root = -self.offset / self.slope
                before_edge = edge is None or (edge.at - root) * self.direction > 0
                if before_edge and self.reach.holds(root, self.direction):
                    return Crossing(root, tuple(self.pieces))
            if edge is None or not self.reach.holds(edge.at, self.direction):
                return None
            at, numerator, denominator = edge.at, edge.numerator, edge.denominator
            jump = self._reach_edge(at)
            here = self.offset * denominator + self.slope * numerator
            if here <= 0:
                return self._crossing_at_edge(at, here, jump)
            self._leave_edge(at)
        return None

    def _cannot_sink(self) -> bool:
        """Whether no piece ahead can take a pool that is healthy at the start below its requirement.

        Outward of the start a requirement without jumps grows by at most its steepest slope times what its notional
        grows by, and not at all while the notional falls, since no slope is below 0. So with r the steepest rate ahead

            health gained per step outward >= sum of PnL slopes - sum of r x notional slopes where the notional grows

        and where that bound is >= 0 health never falls below what it is at the start, which is above 0.
        """
        if self.offset + self.slope * self.start <= 0:
            return False
        bound = ZERO
        for leg, piece in zip(self.legs, self.pieces, strict=True):
            bound += leg.pnl_slope * self.direction
            growth = leg.notional_slope * self.direction
            if growth > 0:
                bound -= leg.ladder.steepest_from(piece) * growth
        return bound >= 0 and all(leg.ladder.continuous for leg in self.legs)

    def _crossing_at_edge(self, at: Decimal, health: Decimal, jump: tuple[int, Decimal]) -> Crossing:
        """Where the lines meet exactly at the edge it is no jump, and the closed form gives the same point."""
        meets = health == 0 and self.slope != 0
        return Crossing(-self.offset / self.slope if meets else at, tuple(self.pieces), None if meets else jump)

    def _count(self, leg: Leg, piece: int, sign: int) -> None:
        """Take a piece of a requirement out of the health (-1), or put it back (+1)."""
        rate = leg.ladder.slopes[piece] * sign
        self.offset += rate * leg.notional_at_zero - leg.ladder.deductions[piece] * sign
        self.slope += rate * leg.notional_slope

    def _turn(self, number: int, piece: int) -> None:
        self._count(self.legs[number], self.pieces[number], 1)
        self._count(self.legs[number], piece, -1)
        self.pieces[number] = piece

    def _next_edge(self, number: int) -> _Edge | None:
        leg, piece = self.legs[number], self.pieces[number]
        course = leg.notional_slope * self.direction
        if course == 0 or (course < 0 and piece == 0):
            return None
        # Rising, the next start is reached from below and holds at once; falling, a start still holds when it is
        # reached.
        upper, beyond = (piece + 1, piece + 1) if course > 0 else (piece, piece - 1)
        if upper == len(leg.ladder.starts):
            return None
        floor = leg.ladder.starts[upper]
        numerator, denominator = floor - leg.notional_at_zero, leg.notional_slope
        if denominator < 0:
            numerator, denominator = -numerator, -denominator
        return _Edge(floor, numerator / denominator, numerator, denominator, upper, beyond)

    def _nearest_edge(self) -> _Edge | None:
        nearest: _Edge | None = None
        for edge in self.edges:
            if edge is not None and (nearest is None or (nearest.at - edge.at) * self.direction > 0):
                nearest = edge
        return nearest

    def _reach_edge(self, at: Decimal) -> tuple[int, Decimal]:
        """Stand on the upper rung of every leg whose edge is here; name one of them and its floor."""
        reached = [(number, edge) for number, edge in enumerate(self.edges) if edge is not None and edge.at == at]
        for number, edge in reached:
            if edge.here != self.pieces[number]:
                self._turn(number, edge.here)
        return reached[0][0], reached[0][1].floor

    def _leave_edge(self, at: Decimal) -> None:
        for number, edge in enumerate(self.edges):
            if edge is not None and edge.at == at:
                if edge.beyond != self.pieces[number]:
                    self._turn(number, edge.beyond)
                self.edges[number] = self._next_edge(number)
