"""Health along a path of prices: where does a pool first meet its maintenance margin?

A path has one parameter t. Along the price of one symbol alone t is what its contract is worth: the price, or 1 / price
for an inverse contract, so that PnL and notional are straight lines in t for every kind. Along a joint move t is the
common fraction, each price mark x (1 + weight x t): straight lines for linear and quanto contracts, and a constant over
1 + weight x t for inverse ones. A requirement is a straight function of its notional on each piece of its ladder. So
between two breakpoints the health

    h(t) = margin balance - maintenance margin

is one line (here), or a quotient of low polynomials (quotients.py), and the walk looks at the pieces one after the
other, from the start outward: each open piece, then the breakpoint itself, where a position that reaches a floor stands
on the upper rung. Nothing is guessed; and nothing relies on h being continuous or concave, so tables that jump are
walked in the same way.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Generic

from margin_engine.health.legs import Leg
from margin_engine.model.contracts import N


@dataclass(frozen=True, slots=True)
class Crossing(Generic[N]):
    """Where a pool is first liquidatable.

    at: the path's parameter. pieces: the piece of each leg's ladder that holds there. jump: the leg whose requirement
    jumps here and the notional of that floor; None where the requirement is met.
    """

    at: N
    pieces: tuple[int, ...]
    jump: tuple[int, N] | None = None


@dataclass(frozen=True, slots=True)
class Reach(Generic[N]):
    """How far a path goes: to `end`, itself included or not; without end if None."""

    end: N | None
    included: bool = False

    def holds(self, at: N, direction: int) -> bool:
        """Whether a point ahead is still on the path."""
        if self.end is None:
            return True
        ahead = (self.end - at) * direction
        return ahead > 0 or (self.included and ahead == 0)

    def continues(self, at: N, direction: int) -> bool:
        """Whether the path goes on beyond a point."""
        return self.end is None or (self.end - at) * direction > 0


def first_crossing(
    *, balance: N, legs: Sequence[Leg[N]], start: N, direction: int, reach: Reach[N]
) -> Crossing[N] | None:
    """The first point of a path at which balance + PnL <= requirement, walking from `start` (alive) in `direction`.

    balance: what backs the legs, net of every requirement that stands still, in the settle asset. direction: +1 or -1.
    Where the pool dies just beyond a breakpoint and not at it, the breakpoint is the answer: the nearest bound.
    Returns None if the pool lives on the whole path.
    """
    return _LineWalk(legs, start, direction, reach).first_crossing_from(balance)


@dataclass(slots=True)
class Edge(Generic[N]):
    """A leg's next breakpoint: its notional, at = numerator / denominator (> 0), and the pieces at and beyond it."""

    floor: N
    at: N
    numerator: N
    denominator: N
    here: int
    beyond: int


class Walk(ABC, Generic[N]):
    """The state of one walk: the pieces that hold now. How health is made of them is the matter of each kind of
    walk."""

    def __init__(self, legs: Sequence[Leg[N]], start: N, direction: int, reach: Reach[N]) -> None:
        self.legs: Sequence[Leg[N]] = legs
        self.start: N = start
        self.direction = direction
        self.reach: Reach[N] = reach
        # A notional that stands on a floor has its first edge at the start itself, if it falls.
        self.pieces = [leg.ladder.piece_at(leg.notional(start)) for leg in legs]
        # The edges ahead, nearest first: how far out, and the leg's number.
        self.edges: dict[int, Edge[N]] = {}
        self.ahead: list[tuple[N, int]] = []

    @abstractmethod
    def turn(self, number: int, piece: int) -> None:
        """Let another piece of a leg's ladder hold."""

    @abstractmethod
    def stand(self, numerator: N, denominator: N) -> None:
        """Take note of the point that the walk has come to, before it goes on from there."""

    @abstractmethod
    def sinks_at_once(self) -> bool:
        """Whether the pool is dead just beyond the point, on the pieces that hold now."""

    @abstractmethod
    def root(self, edge: Edge[N] | None) -> N | None:
        """Where health first meets 0 beyond the point, before the edge and within reach."""

    @abstractmethod
    def dead_here(self) -> bool:
        """Whether the pool is dead at the point itself."""

    @abstractmethod
    def crossing_here(self, at: N, jump: tuple[int, N]) -> Crossing[N]:
        """The crossing at an edge, once the pool is dead there."""

    def first_crossing(self) -> Crossing[N] | None:
        """Walk outward until the pool dies or the path ends."""
        for number in range(len(self.legs)):
            self._look_ahead(number)
        at: N = self.start
        jump: tuple[int, N] | None = None
        self.stand(at, type(at)(1))
        while self.reach.continues(at, self.direction):
            if self.sinks_at_once():
                return Crossing(at, tuple(self.pieces), jump)
            edge = self.edges[self.ahead[0][1]] if self.ahead else None
            root = self.root(edge)
            if root is not None:
                return Crossing(root, tuple(self.pieces))
            if edge is None or not self.reach.holds(edge.at, self.direction):
                return None
            at = edge.at
            reached = self._reach()
            jump = reached[0], edge.floor
            self.stand(edge.numerator, edge.denominator)
            if self.dead_here():
                return self.crossing_here(at, jump)
            self._leave(reached)
        return None

    def _look_ahead(self, number: int) -> None:
        """Find a leg's next edge, if it has one."""
        leg, piece = self.legs[number], self.pieces[number]
        course = leg.growth * self.direction
        if course == 0 or (course < 0 and piece == 0):
            return
        # Rising, the next start is reached from below and holds at once; falling, a start still holds when it is
        # reached.
        upper, beyond = (piece + 1, piece + 1) if course > 0 else (piece, piece - 1)
        if upper == len(leg.ladder.starts):
            return
        floor = leg.ladder.starts[upper]
        numerator, denominator = leg.reaches(floor)
        if denominator < 0:
            numerator, denominator = -numerator, -denominator
        edge = Edge(floor, numerator / denominator, numerator, denominator, upper, beyond)
        self.edges[number] = edge
        heappush(self.ahead, (edge.at * self.direction, number))

    def _reach(self) -> list[int]:
        """Stand on the upper rung of every leg whose edge is the nearest one; tell which they are."""
        out = self.ahead[0][0]
        reached: list[int] = []
        while self.ahead and self.ahead[0][0] == out:
            number = heappop(self.ahead)[1]
            reached.append(number)
            if self.edges[number].here != self.pieces[number]:
                self.turn(number, self.edges[number].here)
        return reached

    def _leave(self, reached: list[int]) -> None:
        for number in reached:
            if self.edges[number].beyond != self.pieces[number]:
                self.turn(number, self.edges[number].beyond)
            self._look_ahead(number)


class _LineWalk(Walk[N]):
    """Health is one line on the pieces that hold: offset + slope x t."""

    numerator: N
    denominator: N
    offset: N
    slope: N

    def first_crossing_from(self, balance: N) -> Crossing[N] | None:
        """The first crossing of a pool with this balance."""
        self.offset, self.slope = balance, balance - balance
        for leg, piece in zip(self.legs, self.pieces, strict=True):
            self.offset += leg.pnl_at_zero
            self.slope += leg.pnl_slope
            self._count(leg, piece, -1)
        return None if self._cannot_sink() else self.first_crossing()

    def turn(self, number: int, piece: int) -> None:
        self._count(self.legs[number], self.pieces[number], 1)
        self._count(self.legs[number], piece, -1)
        self.pieces[number] = piece

    def stand(self, numerator: N, denominator: N) -> None:
        self.numerator, self.denominator = numerator, denominator

    def _health(self) -> N:
        # By products, not at the rounded quotient: the sign of h at the point.
        return self.offset * self.denominator + self.slope * self.numerator

    def sinks_at_once(self) -> bool:
        near = self._health()
        return near < 0 or (near == 0 and self.slope * self.direction <= 0)

    def root(self, edge: Edge[N] | None) -> N | None:
        if self.slope * self.direction >= 0:
            return None
        root = -self.offset / self.slope
        before_edge = edge is None or (edge.at - root) * self.direction > 0
        return root if before_edge and self.reach.holds(root, self.direction) else None

    def dead_here(self) -> bool:
        return self._health() <= 0

    def crossing_here(self, at: N, jump: tuple[int, N]) -> Crossing[N]:
        """Where the lines meet exactly at the edge it is no jump, and the closed form gives the same point."""
        meets = self._health() == 0 and self.slope != 0
        return Crossing(-self.offset / self.slope if meets else at, tuple(self.pieces), None if meets else jump)

    def _cannot_sink(self) -> bool:
        """Whether no piece ahead can take a pool that is healthy at the start below its requirement.

        Outward of the start a requirement without jumps grows by at most its steepest slope times what its notional
        grows by, and not at all while the notional falls, since no slope is below 0. So with r the steepest rate ahead

            health gained per step outward >= sum of PnL slopes - sum of r x notional slopes where the notional grows

        and where that bound is >= 0 health never falls below what it is at the start, which is above 0.
        """
        if self.offset + self.slope * self.start <= 0:
            return False
        bound = self.slope - self.slope
        for leg, piece in zip(self.legs, self.pieces, strict=True):
            bound += leg.pnl_slope * self.direction
            growth = leg.notional_slope * self.direction
            if growth > 0:
                bound -= leg.ladder.steepest_from(piece) * growth
        return bound >= 0 and all(leg.ladder.continuous for leg in self.legs)

    def _count(self, leg: Leg[N], piece: int, sign: int) -> None:
        """Take a piece of a requirement out of the health (-1), or put it back (+1)."""
        rate = leg.ladder.slopes[piece] * sign
        self.offset += rate * leg.notional_at_zero - leg.ladder.deductions[piece] * sign
        self.slope += rate * leg.notional_slope
