"""The quiz: what is answered already, and what the answers come to in a person's own numbers. All pure.

The decision tree and its votes are the engine's (`advise`); the open book answers its first two questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.rendering.quiz_screen import InMode, OwnAnswer, Placed, QuizView, VerdictView
from bot.rendering.views import Mode
from bot.services.noticing import Told, noticed, worst_first
from bot.services.subject import Subject
from margin_engine import (
    Answers,
    Book,
    EngineError,
    MarginMode,
    Mistake,
    Position,
    Side,
    advise,
    evaluate,
    path,
    prefilled,
    preset_of,
)
from margin_engine.questions.advice import MANY_POSITIONS, Advice, Verdict
from margin_engine.questions.advice import Question as Asked
from margin_engine.questions.mistakes import HIGH_LEVERAGE
from margin_engine.questions.switching import permission_of

ORDER: Final = tuple(Asked)


class Given(BaseModel):
    """What the person answered; None is a question that they did not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    high_leverage: bool | None = None
    many_positions: bool | None = None
    unattended: bool | None = None
    known_loss: bool | None = None
    beginner: bool | None = None

    def with_answer(self, question: Asked, answer: bool) -> Given:
        """These answers and one more."""
        return self.model_copy(update={question.value: answer})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The answers with what the book answers itself. own: those that nobody gave."""

    answers: Answers
    own: Mapping[Asked, OwnAnswer] = field(default_factory=dict)

    def next_open(self, after: int) -> int | None:
        """The number of the first question behind `after` that is not answered; None when all are."""
        return next((n for n in range(after + 1, len(ORDER)) if self.answers.of(ORDER[n]) is None), None)

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(self.answers.of(question) is not None for question in ORDER)


def sheet_of(given: Given, subject: Subject) -> Sheet:
    """The answers: the person's own, and for the rest those that the book gives itself."""
    said = Answers(**given.model_dump())
    book = book_of(subject)
    if book is None:
        return Sheet(answers=said)
    answers = prefilled(book, said)
    own = {
        question: OwnAnswer(yes=bool(answers.of(question)), value=value)
        for question, value in (
            (Asked.HIGH_LEVERAGE, max(each.leverage for each in book.positions)),
            (Asked.MANY_POSITIONS, Decimal(len(book.positions))),
        )
        if said.of(question) is None
    }
    return Sheet(answers=answers, own=own)


def book_of(subject: Subject) -> Book | None:
    """The book that the quiz is about; None where a leverage was not said, for then it would rest on a stand-in."""
    known = all(leg.leverage is not None for leg in subject.legs.values())
    return subject.as_it_stands if known else None


def quiz_view(step: int, given: Given, subject: Subject) -> QuizView:
    """One question as it is shown."""
    question, sheet = ORDER[step], sheet_of(given, subject)
    return QuizView(
        number=step + 1,
        of=len(ORDER),
        question=question,
        answer=sheet.answers.of(question),
        own=sheet.own,
        held=subject.held,
        begun=given != Given(),
        can_end=sheet.answered > 0,
        border=HIGH_LEVERAGE,
        many=MANY_POSITIONS,
        move=move_at_border(),
    )


@cache
def move_at_border() -> Decimal:
    """How far BTC falls until an isolated long at the tree's border of leverage is liquidated, a fraction."""
    price = Decimal(64000)
    position = Position(
        id="p1",
        symbol="BTCUSDT",
        side=Side.LONG,
        quantity=Decimal(1),
        entry_price=price,
        leverage=HIGH_LEVERAGE,
        margin_mode=MarginMode.ISOLATED,
    )
    book = Book(wallet={"USDT": price}, positions=(position,))
    return evaluate(book, explain=False).positions[0].distance or Decimal(0)


def verdict_view(given: Given, subject: Subject) -> VerdictView:
    """What the answers come to, with the positions where there are some."""
    sheet, book = sheet_of(given, subject), book_of(subject)
    advice = advise(sheet.answers, book)
    moved = _moved(advice, book) if book is not None else ()
    return VerdictView(
        advice=advice,
        answered=sheet.answered,
        own=sheet.own,
        border=HIGH_LEVERAGE,
        many=MANY_POSITIONS,
        move=move_at_border(),
        placed=_placed(advice, subject, moved) if book is not None else (),
        modes=_modes(advice, subject, book) if book is not None else (),
        needs_wallet=book is not None and subject.wallet is None,
        mistakes=worst_first(noticed(subject, told_by(given, subject))) if book is not None else (),
        general=() if book is not None else general_mistakes(sheet.answers, advice),
        switch=permission_of(preset_of(book.venue).switching).value if book is not None and moved else None,
        venue=preset_of(book.venue).title if book is not None else "",
        held=subject.held,
        settle=subject.settle,
    )


def told_by(given: Given, subject: Subject) -> Told:
    """What the answers say that no book tells. Who wants cross in order to sleep takes it for the safer one."""
    sheet, book = sheet_of(given, subject), book_of(subject)
    unattended = sheet.answers.unattended
    moved = _moved(advise(sheet.answers, book), book) if book is not None else ()
    return Told(unattended=unattended, thinks_cross_safer=unattended, switching=moved)


def _moved(advice: Advice, book: Book) -> tuple[str, ...]:
    """The positions that the advice would hold in the other mode."""
    return tuple(each.id for each in book.positions if advice.split.get(each.id) is not each.margin_mode)


def _placed(advice: Advice, subject: Subject, moved: tuple[str, ...]) -> tuple[Placed, ...]:
    """Where each position belongs; one whose mode nobody said is not moved anywhere."""
    return tuple(
        Placed(leg=leg, mode=_mode(advice.split[identity]), moves=identity in moved and leg.mode is not None)
        for identity, leg in subject.legs.items()
        if identity in advice.split
    )


def _mode(mode: MarginMode) -> Mode:
    return "isolated" if mode is MarginMode.ISOLATED else "cross"


def _modes(advice: Advice, subject: Subject, book: Book) -> tuple[InMode, ...]:
    """Both modes in numbers, and the split where it is neither."""
    books: dict[str, Book] = {name: subject.books[name] for name in ("isolated", "cross") if name in subject.books}
    if len(set(advice.split.values())) > 1 and subject.wallet is not None:
        positions = tuple(_held_as(each, advice.split[each.id]) for each in book.positions)
        books["split"] = replace(book, positions=positions)
    found = []
    for name, each in books.items():
        try:
            found.append(_in_mode(name, each, subject))
        except EngineError:  # an isolated margin that the wallet does not cover: that split cannot be held
            continue
    return tuple(found)


def _held_as(position: Position, mode: MarginMode) -> Position:
    margin = position.isolated_margin if mode is MarginMode.ISOLATED else None
    return replace(position, margin_mode=mode, isolated_margin=margin)


def _in_mode(name: str, book: Book, subject: Subject) -> InMode:
    """What is at stake, and how far everything has to move until the first pool is gone.

    At stake: the wallet balance of every pool that holds a position.
    """
    evaluation, deaths = evaluate(book, explain=False), path(book)
    used = {position.pool_id for position in evaluation.positions}
    dead = [position.id for position in evaluation.positions if evaluation.pool(position.pool_id).liquidatable]
    nearest = min((*deaths.fall[:1], *deaths.rise[:1]), key=lambda death: abs(death.at), default=None)
    first = dead or (list(nearest.positions) if nearest else [])
    lost = {evaluation.position(each).pool_id for each in first}
    return InMode(
        name=name,
        at_stake=sum((evaluation.pool(each).wallet_balance for each in used), Decimal(0)),
        takes=sum((evaluation.pool(each).wallet_balance for each in lost), Decimal(0)),
        move=nearest.at if nearest and not dead else None,
        dead=bool(dead),
        first=tuple(subject.legs[each] for each in first if each in subject.legs),
        every=len(first) == len(evaluation.positions),
    )


def general_mistakes(answers: Answers, advice: Advice) -> tuple[Mistake, ...]:
    """Which of the common mistakes the answers point at, where there is no book to find them in."""
    isolated = advice.verdict in (Verdict.ISOLATED, Verdict.BOTH)
    cross = advice.verdict in (Verdict.CROSS, Verdict.BOTH)
    points = {
        Mistake.CROSS_WITH_HIGH_LEVERAGE: answers.high_leverage and cross,
        Mistake.ISOLATED_UNATTENDED: answers.unattended and isolated,
        Mistake.SWITCH_CROSSED_AT_ONCE: isolated and cross,
        Mistake.CROSS_TAKEN_FOR_SAFER: cross,
    }
    return tuple(mistake for mistake, there in points.items() if there)
