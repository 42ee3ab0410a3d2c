"""What a book gets wrong, ready to be shown: the findings with the positions' names and the step that mends each.

Quiet when there is nothing. When a finding is worth saying stands in one place, the engine's `Thresholds`, with the
reasons; the usual daily moves are those of daily_moves.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.rendering.mistakes_screen import MistakeView
from bot.services.daily_moves import daily_moves
from bot.services.subject import Subject
from margin_engine import (
    AtDistance,
    BeyondStop,
    Book,
    EngineError,
    Finding,
    Habits,
    Mistake,
    Thresholds,
    margin_to_add,
    mistakes,
)
from margin_engine.questions.survival import Goal

THRESHOLDS: Final = Thresholds()
DAYS_WANTED: Final = Decimal(2)
"""How many usual days away the mended liquidation is: one such day may follow another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the person said that no book tells; None is not known, and then nothing is said about it."""

    unattended: bool | None = None
    thinks_cross_safer: bool | None = None
    switching: tuple[str, ...] = ()


NOTHING_TOLD: Final = Told()


def noticed(subject: Subject, told: Told = NOTHING_TOLD) -> tuple[MistakeView, ...]:
    """What the positions of a subject get wrong as they stand; empty without a book and where all is well."""
    book = subject.as_it_stands
    if book is None or not all(leg.leverage is not None for leg in subject.legs.values()):
        return ()
    habits = Habits(
        unattended=told.unattended,
        thinks_cross_safer=told.thinks_cross_safer,
        switching=told.switching,
        daily_moves=daily_moves(),
    )
    try:
        findings = mistakes(book, habits, THRESHOLDS)
    except EngineError:
        return ()
    known = [finding for finding in findings if _is_known(finding, subject)]
    return tuple(_view(finding, subject, book) for finding in _one_pool_once(known))


def _one_pool_once(findings: Sequence[Finding]) -> list[Finding]:
    """One finding for all positions of the pool that is taken for safer: they have the same wallet at stake."""
    safer = [finding for finding in findings if finding.mistake is Mistake.CROSS_TAKEN_FOR_SAFER]
    others = [finding for finding in findings if finding not in safer]
    if not safer:
        return others
    numbers = {
        "at_stake": safer[0].numbers["at_stake"],
        "isolated_at_stake": sum((finding.numbers["isolated_at_stake"] for finding in safer), Decimal(0)),
    }
    if numbers["at_stake"] <= numbers["isolated_at_stake"]:
        return others
    positions = tuple(identity for finding in safer for identity in finding.positions)
    return [*others, Finding(mistake=Mistake.CROSS_TAKEN_FOR_SAFER, positions=positions, numbers=numbers)]


def _is_known(finding: Finding, subject: Subject) -> bool:
    """Without a wallet that was told, the book holds the margins alone, and every position would be most of it."""
    return subject.wallet is not None or finding.mistake is not Mistake.POSITION_IS_THE_ACCOUNT


def _view(finding: Finding, subject: Subject, book: Book) -> MistakeView:
    return MistakeView(
        mistake=finding.mistake,
        legs=tuple(subject.legs[each] for each in finding.positions if each in subject.legs),
        numbers=finding.numbers | _mending(finding, book),
        settle=subject.settle,
    )


def _mending(finding: Finding, book: Book) -> dict[str, Decimal]:
    """The number of the step that mends it, where the engine can tell one."""
    identity, numbers = finding.positions[0], finding.numbers
    match finding.mistake:
        case Mistake.LIQUIDATION_WITHIN_A_DAY:
            wanted = numbers["daily_move"] * DAYS_WANTED
            goal = AtDistance(distance=wanted if numbers["distance"] > 0 else -wanted)
            return {"days": DAYS_WANTED} | _margin(book, identity, goal)
        case Mistake.STOP_BEYOND_LIQUIDATION:
            return _margin(book, identity, BeyondStop(stop=numbers["stop"]))
        case Mistake.POSITION_IS_THE_ACCOUNT:
            kept = THRESHOLDS.account_share / numbers["share"]
            return {"close": book.position(identity).quantity * (1 - kept), "wanted": THRESHOLDS.account_share}
        case _:
            return {}


def _margin(book: Book, identity: str, goal: Goal) -> dict[str, Decimal]:
    try:
        needed = margin_to_add(book, identity, goal).value
    except EngineError:
        return {}
    return {"add": needed} if needed else {}


def worst_first(found: Sequence[MistakeView]) -> tuple[MistakeView, ...]:
    """The findings in the order in which they can hurt: what is near or can be crossed at once before habits."""
    return tuple(sorted(found, key=lambda each: URGENCY.index(each.mistake)))


URGENCY: Final = (
    Mistake.SWITCH_CROSSED_AT_ONCE,
    Mistake.STOP_BEYOND_LIQUIDATION,
    Mistake.LIQUIDATION_WITHIN_A_DAY,
    Mistake.CROSS_WITH_HIGH_LEVERAGE,
    Mistake.POSITION_IS_THE_ACCOUNT,
    Mistake.ONE_BET,
    Mistake.LEVERAGE_AT_THE_LIMIT,
    Mistake.ISOLATED_UNATTENDED,
    Mistake.CROSS_TAKEN_FOR_SAFER,
)
