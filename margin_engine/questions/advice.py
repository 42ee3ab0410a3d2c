"""Isolated, cross, or both? The decision tree of five questions, as votes that may pull in different directions.

Nothing is worded here: votes, conflicts and a verdict, each an enum, with the numbers of the book behind them. Mistakes
that a book shows are in mistakes.py.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from margin_engine.model.book import Book, MarginMode
from margin_engine.model.decimals import exactly
from margin_engine.questions.mistakes import HIGH_LEVERAGE

MANY_POSITIONS = 3
"""Positions from which one pool for all of them begins to pay: gains of one carry another."""


class Question(StrEnum):
    """The tree's questions, in its order."""

    HIGH_LEVERAGE = "high_leverage"
    MANY_POSITIONS = "many_positions"
    UNATTENDED = "unattended"
    KNOWN_LOSS = "known_loss"
    BEGINNER = "beginner"


LEANS = {
    Question.HIGH_LEVERAGE: MarginMode.ISOLATED,
    Question.MANY_POSITIONS: MarginMode.CROSS,
    Question.UNATTENDED: MarginMode.CROSS,
    Question.KNOWN_LOSS: MarginMode.ISOLATED,
    Question.BEGINNER: MarginMode.CROSS,
}
"""What a yes to each question speaks for. A no speaks for nothing."""


class Verdict(StrEnum):
    """What the answers come to. EITHER: no question speaks for one of the modes."""

    ISOLATED = "isolated"
    CROSS = "cross"
    BOTH = "both"
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Yes, no, or not answered (yet), to the five questions.

    high_leverage: above 20x? many_positions: three or more at once? unattended: sleep without looking at the phone?
    known_loss: know exactly how much one trade can lose? beginner?
    """

    high_leverage: bool | None = None
    many_positions: bool | None = None
    unattended: bool | None = None
    known_loss: bool | None = None
    beginner: bool | None = None

    def of(self, question: Question) -> bool | None:
        """The answer to one question."""
        answer: bool | None = getattr(self, question.value)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The verdict, what speaks for each mode, and where two answers pull apart (one for each mode, in tree order).

    first: the first question that speaks, whose mode leads where both are advised. split: the mode advised for each
    position of the book, by id, if there is a book. open: questions not answered.
    """

    verdict: Verdict
    first: Question | None
    for_isolated: tuple[Question, ...]
    for_cross: tuple[Question, ...]
    conflicts: tuple[tuple[Question, Question], ...]
    open: tuple[Question, ...]
    split: dict[str, MarginMode]


_UNANSWERED = Answers()


def prefilled(book: Book, answers: Answers = _UNANSWERED) -> Answers:
    """The answers that an open book gives itself, where the person has not: its highest leverage, its positions."""
    if not book.positions:
        return answers
    leverage = max(position.leverage for position in book.positions)
    return replace(
        answers,
        high_leverage=leverage > HIGH_LEVERAGE if answers.high_leverage is None else answers.high_leverage,
        many_positions=len(book.positions) >= MANY_POSITIONS
        if answers.many_positions is None
        else answers.many_positions,
    )


@exactly
def advise(answers: Answers, book: Book | None = None) -> Advice:
    """Which mode do these answers speak for, which of them contradict each other, and which position belongs where?

    Both modes, split, where questions speak for each; one where all that speak agree. In a split, positions above 20x
    are isolated and the others share the pool; if none is above 20x, the largest leverage of the book is isolated,
    since it is there that the loss is to be known.
    """
    yes = [question for question in Question if answers.of(question)]
    isolated = tuple(question for question in yes if LEANS[question] is MarginMode.ISOLATED)
    cross = tuple(question for question in yes if LEANS[question] is MarginMode.CROSS)
    verdict = _verdict(bool(isolated), bool(cross))
    return Advice(
        verdict=verdict,
        first=yes[0] if yes else None,
        for_isolated=isolated,
        for_cross=cross,
        conflicts=tuple((one, other) for one in isolated for other in cross),
        open=tuple(question for question in Question if answers.of(question) is None),
        split=_split(verdict, book) if book else {},
    )


def _verdict(isolated: bool, cross: bool) -> Verdict:
    if isolated and cross:
        return Verdict.BOTH
    if isolated or cross:
        return Verdict.ISOLATED if isolated else Verdict.CROSS
    return Verdict.EITHER


def _split(verdict: Verdict, book: Book) -> dict[str, MarginMode]:
    if verdict is Verdict.EITHER:
        return {position.id: position.margin_mode for position in book.positions}
    if verdict is not Verdict.BOTH:
        return {position.id: MarginMode(verdict.value) for position in book.positions}
    highest = max((position.leverage for position in book.positions), default=HIGH_LEVERAGE)
    bound = HIGH_LEVERAGE if highest > HIGH_LEVERAGE else None
    return {
        position.id: MarginMode.ISOLATED if _stands_alone(position.leverage, bound, highest) else MarginMode.CROSS
        for position in book.positions
    }


def _stands_alone(leverage: Decimal, bound: Decimal | None, highest: Decimal) -> bool:
    return leverage == highest if bound is None else leverage > bound
