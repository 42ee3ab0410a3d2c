"""What if several things happen, one after the other? Shocks are walked, everything else is applied, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from margin_engine.model.book import Book
from margin_engine.model.decimals import exactly
from margin_engine.questions.change_kinds import (
    Add,
    AddMargin,
    Change,
    Close,
    PriceShock,
    Reduce,
    SetLeverage,
    SwitchMode,
    TakeMargin,
)
from margin_engine.questions.changes import changed
from margin_engine.questions.liquidation import evaluate_account
from margin_engine.questions.marks import at_marks, marks_of
from margin_engine.questions.results import Evaluation
from margin_engine.questions.shocks import Liquidation
from margin_engine.questions.venue_steps import VenueStep
from margin_engine.questions.what_if import walked


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedLiquidation:
    """A liquidation and the change (its place, from 0) that brings it about; a change without a path kills at 0."""

    change: int
    liquidation: Liquidation


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedStep:
    """A step of a venue's own and the change (its place, from 0) on whose way it is taken."""

    change: int
    step: VenueStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedWhatIf:
    """The account before and after all changes, and what died on the way.

    steps: those of the venue, where the rules ask for them. book: what is left. without_effect: places of the changes
    whose position was liquidated before their turn.
    """

    before: Evaluation
    after: Evaluation
    book: Book
    liquidated: tuple[StagedLiquidation, ...]
    steps: tuple[StagedStep, ...]
    without_effect: tuple[int, ...]
    equity_before: dict[str, Decimal]
    equity_after: dict[str, Decimal]


@exactly
def what_if_changes(book: Book, changes: Sequence[Change], *, explain: bool = True) -> ChangedWhatIf:
    """What do these changes make of the account, in their order, liquidations on the way included?

    A price shock walks straight from the marks of its moment to the shocked marks, and the pools that die on it are
    gone for all that follows. Any other change happens at the marks of its moment; a pool that it leaves liquidatable
    dies there. What is liquidatable before the first change is not touched, so that a deposit can still save it. The
    book's own shocks play no part. explain: whether both evaluations carry their working, as in `evaluate`. Raises an
    EngineError whose field is the path of the refused change, as in `apply`.
    """
    book = at_marks(replace(book, shocks={}), marks_of(book))
    start = walked(book)
    state, gone = book, set[str]()
    liquidated: list[StagedLiquidation] = []
    steps: list[StagedStep] = []
    idle: list[int] = []
    for place, change in enumerate(changes):
        if isinstance(change, _ABOUT_ONE) and change.id in gone:
            idle.append(place)
            continue
        after = changed(state, change, f"changes[{place}]")
        shock = change if isinstance(change, PriceShock) else None
        answer = walked(replace(state, shocks=shock.shocks) if shock else after)
        liquidated += [StagedLiquidation(change=place, liquidation=death) for death in answer.liquidated]
        gone.update(identity for death in answer.liquidated for identity in death.positions)
        steps += [StagedStep(change=place, step=step) for step in answer.steps]
        state = answer.book
    end = walked(state)
    return ChangedWhatIf(
        before=evaluate_account(start.before, explain=explain),
        after=evaluate_account(end.before, explain=explain),
        book=state,
        liquidated=tuple(liquidated),
        steps=tuple(steps),
        without_effect=tuple(idle),
        equity_before=start.equity_before,
        equity_after=end.equity_before,
    )


_ABOUT_ONE = (AddMargin, TakeMargin, Add, Reduce, Close, SetLeverage, SwitchMode)
