"""Where along one number does a condition change first? The search behind every sizing answer.

The number is a quantity, a margin, a part to close. Between two *edges* (the quantities at which a notional stands on
a floor at one of the prices that matter) every health that decides the condition is a straight line in it. So each
stretch between edges is read off two trials inside it: the roots of the lines are the only places where the condition
can change, and the trials at and between them say where it does. The line's root is exact, no step size is involved.

What is no straight line there (a floor that is jumped on the way to the price, not at its end) is caught by the trials
and closed by the lines as they run there, else by halving, to 30 digits.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

_NUDGE = Decimal("1e-40")
_HALVINGS = 100
_LINES_TRIED = 12
_ROUNDINGS = tuple(Context(prec=digits, rounding=ROUND_HALF_EVEN) for digits in (6, 15, 40))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The condition at one number. lines: healths that are straight between edges, the same ones in every trial."""

    holds: bool
    lines: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Secant:
    """Two trials of one line, from which its root follows."""

    first: Decimal
    first_value: Decimal
    second: Decimal
    second_value: Decimal

    @property
    def root(self) -> Decimal | None:
        """Where the line is 0, or None where it never is (or always)."""
        rise = self.second_value - self.first_value
        return self.first - self.first_value * (self.second - self.first) / rise if rise else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Where the condition changes. holds_at: whether it holds there itself. secant: None at an edge, or if halved."""

    at: Decimal
    holds_at: bool
    secant: Secant | None = None


Probe = Callable[[Decimal], Trial]


def first_flip(probe: Probe, *, start: Decimal, edges: Sequence[Decimal], end: Decimal | None) -> Flip | None:
    """The first number from `start` upward at which the condition is no longer what it is at the start.

    edges: where lines bend or jump, in any order. end: the last number that is tried, or None for no bound. Returns
    None where the condition never changes.
    """
    tried: dict[Decimal, Trial] = {}

    def at(number: Decimal) -> Trial:
        if number not in tried:
            tried[number] = probe(number)
        return tried[number]

    held = at(start).holds
    before, reason = start, None
    for point, secant in _points(at, start, sorted({edge for edge in edges if edge > start}), end):
        if at(point).holds != held:
            return _closed(at, (before, reason), (point, secant), held)
        before, reason = point, secant
    return None


def _points(
    at: Probe, start: Decimal, edges: list[Decimal], end: Decimal | None
) -> Iterator[tuple[Decimal, Secant | None]]:
    """The numbers to try in order: on each stretch the roots of its lines, a number between each two, its end."""
    near = start
    for far in [*(edge for edge in edges if end is None or edge < end), end]:
        width = (far - near) if far is not None else max(near, Decimal(1))
        roots = _roots(at, near, near + width)
        # A line that is 0 at an end of the stretch has its root there, up to the last digit: that is no other point.
        lowest, highest = near + width * _NUDGE, None if far is None else far - width * _NUDGE
        inside = sorted(root for root in roots if root > lowest and (highest is None or root < highest))
        stops = [*inside, far if far is not None else 2 * max([near + width, *inside])]
        for stop in stops:
            yield _between(near, stop), None
            yield stop, roots.get(stop)
            near = stop


def _roots(at: Probe, low: Decimal, high: Decimal) -> dict[Decimal, Secant]:
    """Where the lines through two trials between two numbers are 0, anywhere."""
    middle = _between(low, high)
    first, second = _between(low, middle), _between(middle, high)
    secants = (
        Secant(first=first, first_value=one, second=second, second_value=other)
        for one, other in zip(at(first).lines, at(second).lines, strict=False)
    )
    return {root: secant for secant in secants if (root := secant.root) is not None}


def _between(low: Decimal, high: Decimal) -> Decimal:
    """A number about half way, of few digits: trials of short numbers are quick."""
    middle = (low + high) / 2
    return next((short for each in _ROUNDINGS if low < (short := each.plus(middle)) < high), middle)


def _closed(at: Probe, before: tuple[Decimal, Secant | None], after: tuple[Decimal, Secant | None], held: bool) -> Flip:
    """The change between two numbers tried: at one of them, at the root of a line between them, or by halving."""
    low, high = before[0], after[0]
    nudge = (high - low) * _NUDGE
    if at(low + nudge).holds != held:
        return Flip(at=low, holds_at=held, secant=before[1])
    if at(high - nudge).holds == held:
        return Flip(at=high, holds_at=not held, secant=after[1])
    for halved in range(_HALVINGS):
        if halved < _LINES_TRIED:
            flip = _at_a_root(at, low, high, held)
            if flip:
                return flip
        middle = _between(low, high)
        low, high = (middle, high) if at(middle).holds == held else (low, middle)
    return Flip(at=high, holds_at=not held)


def _at_a_root(at: Probe, low: Decimal, high: Decimal, held: bool) -> Flip | None:
    """The change at the root of a line as it runs between two numbers, where a bend was in the way before."""
    nudge = (high - low) * _NUDGE
    for root, secant in _roots(at, low, high).items():
        if low + nudge < root < high - nudge and at(root - nudge).holds == held != at(root + nudge).holds:
            return Flip(at=root, holds_at=at(root).holds, secant=secant)
    return None
