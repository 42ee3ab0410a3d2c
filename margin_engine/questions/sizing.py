"""What must I change so that I am not liquidated there? Quantity, margin to add, part to close, leverage.

Each answer is found by trials of the changed book itself (survival.py, flips.py), so that it holds for every contract
kind, mode and venue rule that the engine evaluates, and is the root of a straight line of health wherever the limit is
one. The result carries the evaluation of the changed book: there the liquidation price stands where it was asked for.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from margin_engine.model.book import Book, MarginMode
from margin_engine.model.decimals import ONE, ZERO, exactly
from margin_engine.model.derivation import DEFINITION, Step, literal
from margin_engine.model.errors import EngineError
from margin_engine.questions.change_kinds import Close, Reduce
from margin_engine.questions.changes import changed
from margin_engine.questions.flips import Flip, Trial, first_flip
from margin_engine.questions.liquidation import evaluate
from margin_engine.questions.results import Evaluation
from margin_engine.questions.subject import Subject, subject_of
from margin_engine.questions.survival import TOUCHING, Course, Goal, course_of, end_factor, trial

TRIED = "the changed book, evaluated"
LINE = "health is a straight line between floors: its root"
EDGE = "where a floor is reached or a limit stands"

MOST = Decimal(2**100)
"""Money beyond which nothing is looked for."""

_SMALLEST_SHARE = Decimal("1e-9")


class Outcome(StrEnum):
    """How a sizing question comes out.

    FOUND: the value is the limit. HOLDS: the goal holds already, nothing is needed. UNBOUNDED: no size breaks it.
    IMPOSSIBLE: nothing of this kind brings it about; the reason says why.
    """

    FOUND = "found"
    HOLDS = "holds"
    UNBOUNDED = "unbounded"
    IMPOSSIBLE = "impossible"


class SizingReason(StrEnum):
    """Why nothing helps, or what limits the answer. The set is closed.

    AT_ANY_SIZE: however small, the position breaks the goal, since its margin shrinks with it. DIES_WITHOUT_IT: the
    pool dies on that path even without the position. MARGIN_LEAVES_TOO: closing part of an isolated position takes its
    margin out as well. LOSS_NOT_COVERED: closing it realises more than the wallet has beside other margins.
    COUNTS_NOTHING: the haircut of the asset takes all of it. NO_EFFECT_IN_CROSS: leverage sets the initial margin
    there, not the liquidation price. BELOW_ONE: only a leverage below 1 would do. LEVERAGE_LIMIT, INITIAL_MARGIN: the
    goal would allow more, but the venue's limit or the money for the initial margin does not.
    """

    AT_ANY_SIZE = "at_any_size"
    DIES_WITHOUT_IT = "dies_without_it"
    MARGIN_LEAVES_TOO = "margin_leaves_too"
    LOSS_NOT_COVERED = "loss_not_covered"
    COUNTS_NOTHING = "counts_nothing"
    NO_EFFECT_IN_CROSS = "no_effect_in_cross"
    BELOW_ONE = "below_one"
    LEVERAGE_LIMIT = "leverage_limit"
    INITIAL_MARGIN = "initial_margin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """The limit, and whether it is allowed itself.

    value: None without one. included: whether the goal holds at the value, or only short of it (a smaller quantity or
    leverage, a larger margin or part). after: the changed book at the value, evaluated; None where there is none.
    """

    outcome: Outcome
    reason: SizingReason | None = None
    value: Decimal | None = None
    included: bool = False
    after: Evaluation | None = None
    derivation: tuple[Step, ...] = ()


@exactly
def largest_quantity(book: Book, identity: str, goal: Goal) -> Sizing:
    """How large may this position be, so that every size up to it meets the goal, and can be opened at all?

    The position stands in the book with any quantity; a margin that it states is kept, one left open grows with it.
    Limits beside the goal, named in `reason`: the venue's leverage limit, and the money for the initial margin. Raises
    InvalidValue for an unknown id or a goal out of range, and whatever refuses the rest of the book.
    """
    subject = subject_of(book, identity)
    course = _course(subject, goal)
    if not trial(subject.resized(ZERO), course).holds:
        return Sizing(outcome=Outcome.IMPOSSIBLE, reason=SizingReason.DIES_WITHOUT_IT)

    def fits(quantity: Decimal) -> Trial:
        resized = subject.resized(quantity)
        try:
            goal_met, spares = trial(resized, course), subject.opening_spares(resized)
        except EngineError:
            return Trial(holds=False)
        affordable = all(spare >= -TOUCHING for spare in spares)
        return Trial(holds=goal_met.holds and affordable, lines=goal_met.lines + spares)

    edges = [*_floors(subject, course), *subject.affordable_quantities()]
    flip = first_flip(fits, start=ZERO, edges=edges, end=None)
    if flip is None:
        return Sizing(outcome=Outcome.UNBOUNDED)
    if not flip.at:
        return Sizing(outcome=Outcome.IMPOSSIBLE, reason=SizingReason.AT_ANY_SIZE)
    return _found(subject, flip, subject.resized(flip.at), "quantity", _why_limited(subject, course, flip))


@exactly
def margin_to_add(book: Book, identity: str, goal: Goal) -> Sizing:
    """How much money must be added, so that the goal is met: to the isolated margin, or to the wallet in cross?

    In the position's settle asset, from outside: what the account holds beside is not touched. It is the health that
    is missing (requirement - margin balance) at the worst point of the path. Raises as largest_quantity does.
    """
    subject = subject_of(book, identity)
    course = _course(subject, goal)

    def backed(amount: Decimal) -> Trial:
        return trial(subject.backed(amount), course)

    if backed(ZERO).holds:
        return Sizing(outcome=Outcome.HOLDS, value=ZERO, included=True)
    enough = ONE
    while not backed(enough).holds and enough < MOST:
        enough *= 2
    flip = first_flip(backed, start=ZERO, edges=(), end=enough)
    if flip is None:
        return Sizing(outcome=Outcome.IMPOSSIBLE, reason=SizingReason.COUNTS_NOTHING)
    return _found(subject, flip, subject.backed(flip.at), "margin_to_add")


@exactly
def part_to_close(book: Book, identity: str, goal: Goal) -> Sizing:
    """Which quantity must be closed at the mark, so that the goal is met? The smallest one, up to all of it.

    Closing part of an isolated position returns its share of the margin to the wallet. Raises as largest_quantity does.
    """
    subject = subject_of(book, identity)
    course, whole = _course(subject, goal), subject.position.quantity

    def without(part: Decimal) -> Book:
        if not part:
            return book
        return changed(book, Close(id=identity) if part == whole else Reduce(id=identity, quantity=part), "part")

    if trial(book, course).holds:
        return Sizing(outcome=Outcome.HOLDS, value=ZERO, included=True)
    edges = [whole - floor for floor in _floors(subject, course) if floor < whole]
    refused: set[Decimal] = set()

    def reduced(part: Decimal) -> Trial:
        try:
            return trial(without(part), course)
        except EngineError:
            refused.add(part)
            return Trial(holds=False)

    flip = first_flip(reduced, start=ZERO, edges=edges, end=whole)
    if flip is None:
        reason = SizingReason.LOSS_NOT_COVERED if whole in refused else SizingReason.DIES_WITHOUT_IT
        return Sizing(outcome=Outcome.IMPOSSIBLE, reason=reason)
    if flip.at == whole and subject.position.margin_mode is MarginMode.ISOLATED:
        return Sizing(outcome=Outcome.IMPOSSIBLE, reason=SizingReason.MARGIN_LEAVES_TOO)
    return _found(subject, flip, without(flip.at), "part_to_close")


@exactly
def largest_leverage(book: Book, identity: str, goal: Goal) -> Sizing:
    """Which leverage may this position have at most? L = notional at entry / the isolated margin that the goal needs.

    The margin is the initial margin at entry of that leverage, money for it coming from outside. Only isolated margin
    follows the leverage; in cross it has no effect. The venue's limit caps the answer. Raises as largest_quantity does.
    """
    subject = subject_of(book, identity)
    course = _course(subject, goal)
    if subject.position.margin_mode is MarginMode.CROSS:
        outcome = Outcome.HOLDS if trial(book, course).holds else Outcome.IMPOSSIBLE
        return Sizing(outcome=outcome, reason=SizingReason.NO_EFFECT_IN_CROSS)
    value, limit = subject.notional_at_entry, subject.leverage_limit

    def levered(margin: Decimal) -> Book:
        leverage = value / margin
        return subject.levered(leverage if limit is None else min(leverage, limit))

    start = value * _SMALLEST_SHARE if limit is None else value / limit
    if trial(levered(start), course).holds:
        if limit is None:
            return Sizing(outcome=Outcome.UNBOUNDED)
        at_limit = Flip(at=limit, holds_at=True)
        return _found(subject, at_limit, levered(start), "leverage", SizingReason.LEVERAGE_LIMIT)
    flip = first_flip(lambda margin: trial(levered(margin), course), start=start, edges=(), end=value)
    if flip is None:
        return Sizing(outcome=Outcome.IMPOSSIBLE, reason=SizingReason.BELOW_ONE)
    found = _found(subject, flip, levered(flip.at), "margin")
    steps = (
        subject.step("x_notional", "notional_at_entry", literal(value), value, DEFINITION),
        subject.step(
            "x_leverage", "leverage", f"x_notional_{subject.label} / x_margin_{subject.label}", value / flip.at
        ),
    )
    return replace(found, value=value / flip.at, derivation=found.derivation + steps)


def _course(subject: Subject, goal: Goal) -> Course:
    return course_of(subject.pool_id, subject.position.symbol, subject.mark_price, goal)


def _floors(subject: Subject, course: Course) -> list[Decimal]:
    """The quantities at which the notional stands on a floor: at entry, at the mark, at the end of the path."""
    end = subject.mark_price * end_factor(course, subject.position.symbol)
    units = {subject.worth_at(price) for price in (subject.position.entry_price, subject.mark_price, end)}
    return [start / unit for unit in units for start in subject.ladder_starts if start > 0]


def _why_limited(subject: Subject, course: Course, flip: Flip) -> SizingReason | None:
    """Whether the goal ends the answer (None), or what stands before it."""
    beyond = flip.at * (ONE + _SMALLEST_SHARE)
    resized = subject.resized(beyond)
    try:
        if not trial(resized, course).holds:
            return None
    except EngineError as refusal:
        leverage = refusal.field.endswith(".leverage")
        return SizingReason.LEVERAGE_LIMIT if leverage else SizingReason.INITIAL_MARGIN
    return SizingReason.INITIAL_MARGIN


def _found(subject: Subject, flip: Flip, after: Book, name: str, reason: SizingReason | None = None) -> Sizing:
    try:
        evaluation = evaluate(after)
    except EngineError:
        # The limit itself is not allowed, as where a floor's rung allows less leverage.
        evaluation = None
    return Sizing(
        outcome=Outcome.FOUND,
        reason=reason,
        value=flip.at,
        included=flip.holds_at,
        after=evaluation,
        derivation=_steps(subject, flip, name),
    )


def _steps(subject: Subject, flip: Flip, name: str) -> tuple[Step, ...]:
    """x = x1 - h1 (x2 - x1) / (h2 - h1): the root of the line through two trials; or the edge itself."""
    secant, symbol = flip.secant, f"x_{name}"
    if secant is None:
        return (subject.step(symbol, name, literal(flip.at), flip.at, EDGE),)
    given = (
        ("x_first", f"{name}_tried", secant.first),
        ("h_first", "health_there", secant.first_value),
        ("x_second", f"{name}_tried", secant.second),
        ("h_second", "health_there", secant.second_value),
    )
    tried = tuple(subject.step(f"{key}_{name}", what, literal(value), value, TRIED) for key, what, value in given)
    first, at_first, second, at_second = (step.symbol for step in tried)
    formula = f"{first} - {at_first} * ({second} - {first}) / ({at_second} - {at_first})"
    return (*tried, subject.step(symbol, name, formula, flip.at, LINE))
