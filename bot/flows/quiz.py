"""The quiz: five questions, one message, and at its end isolated, cross, or both with a split.

    /quiz                       ->  "1/5 Do you trade above 20x?" [Yes] [No] [Why do you ask?]
    [Yes]                       ->  "2/5 …", in the same message; [« Back] at every step, [Verdict now] after one answer
    (a portfolio is saved)      ->  "3/5 …": 1 and 2 are answered from it, which it says; Back leads to them, too
    [Verdict now]               ->  the verdict so far, with the open questions offered
    [What if…] [Compare]        ->  the same positions in those conversations
    [Picture]                   ->  the verdict as a card to be sent on
    /cancel                     ->  the quiz waits where it was left

Pages: `question`, `verdict`, `paused`. In a group everybody takes their own: a tap on somebody else's quiz opens one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from bot.dialogue import Card, Close, Event, Outcome, Toast
from bot.flows import mistakes, picture
from bot.flows.basis import SAVED, Basis, answered, subject_at
from bot.flows.cards import draft_in, on_card, opened_card, quoted
from bot.flows.flow import Flow, showing
from bot.flows.start import tongue_of
from bot.payloads import bot_link
from bot.rendering.notes import write_note
from bot.rendering.quiz_screen import paused_screen, question_screen, verdict_screen
from bot.rendering.views import Note
from bot.services.facts import Facts
from bot.services.quizzing import ORDER, Given, quiz_view, sheet_of, told_by, verdict_view
from bot.services.subject import Subject
from bot.understanding.readings import Reading

FLOW: Final = "quiz"
LAST: Final = len(ORDER) - 1

_YES: Final = frozenset({"yes", "y", "yep", "yeah", "yup", "sure", "true", "ja", "да", "sí", "si", "sim", "evet", "ya"})
_NO: Final = frozenset({"no", "n", "nope", "nah", "false", "nein", "нет", "não", "nao", "hayır", "tidak"})


class Draft(BaseModel):
    """What a quiz remembers: the page, the question that it is at, the answers that were given, whether Why is open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Basis = SAVED
    page: Literal["question", "verdict", "paused"] = "question"
    step: int = Field(default=0, ge=0, le=LAST)
    given: Given = Given()
    why: bool = False
    at: datetime | None = None


# --- Beginning -----------------------------------------------------------------------------------------------------


def opened(event: Event, basis: Basis | None, facts: Facts) -> Outcome:
    """A new quiz: about the positions of the card at hand, else about the saved account, if there is one."""
    card = opened_card(event, FLOW)
    draft = Draft(basis=basis or SAVED)
    return _at_first_open(event, card, draft, facts)


def begun(event: Event, basis: Basis | None, facts: Facts) -> Outcome:
    """/quiz: about the saved account where there is one, for the advice is about all that is open."""
    saved = event.chat.is_private and facts.portfolio.portfolio.positions
    return opened(event, SAVED if saved else basis, facts)


def joined(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A tap on somebody else's quiz leads to one's own in private: a quiz for each curious tap would bury the group."""
    if action == "close":
        return None
    toast = Toast(text=tongue_of(event).words.label("quiz.your_own"), url=bot_link(event.bot_name, FLOW))
    return Outcome(toast=toast, refused="not_yours")


def _at_first_open(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome:
    """The first question that is not answered yet; the verdict when all are."""
    sheet = sheet_of(draft.given, _subject(event, card, draft, facts))
    step = sheet.next_open(-1)
    if step is None:
        return _shown(event, card, draft.model_copy(update={"page": "verdict", "why": False}), facts)
    return _shown(event, card, draft.model_copy(update={"page": "question", "step": step, "why": False}), facts)


# --- Going on ------------------------------------------------------------------------------------------------------


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the quiz; None for one that means nothing on this page, as forged or outlived data does."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    match action:
        case "yes" | "no" if draft.page == "question":
            return _answer(event, card, draft, action == "yes", facts)
        case "why" if draft.page == "question":
            return _shown(event, card, draft.model_copy(update={"why": not draft.why}), facts)
        case "back":
            return _back(event, card, draft, facts)
        case "verdict" if sheet_of(draft.given, _subject(event, card, draft, facts)).answered:
            return _shown(event, card, draft.model_copy(update={"page": "verdict", "why": False}), facts)
        case "avoid" if draft.page == "verdict":
            told = told_by(draft.given, _subject(event, card, draft, facts))
            return mistakes.opened(event, draft.basis, facts, told)
        case "card" if draft.page == "verdict":
            return picture.opened(event, draft.basis, facts, kind="verdict", given=draft.given)
        case "on":
            return _at_first_open(event, card, draft, facts)
        case "again":
            return _at_first_open(event, card, Draft(basis=draft.basis), facts)
        case "cancel":
            return _shown(event, card, draft.model_copy(update={"page": "paused", "why": False}), facts)
        case "close":
            return Outcome(show=(Close(card=card),))
        case _:
            return None


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """ "yes", "no", "back" and "why" in words; on the verdict also what a position lacks, such as the wallet."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    word = text.strip().lower().rstrip(".!?")
    if draft.page != "question":
        basis = answered(event, draft.basis, text, reading, facts) if draft.page == "verdict" else None
        return None if basis is None else _shown(event, card, draft.model_copy(update={"basis": basis}), facts)
    if word in _YES | _NO:
        return _answer(event, card, draft, word in _YES, facts)
    if word in ("back", "why"):
        return tapped(event, card, word, facts)
    return None


def awaits(card: Card) -> bool:
    """Whether a question is open."""
    draft = draft_in(card, Draft)
    return draft is not None and draft.page == "question"


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that are neither yes nor no: the question again."""
    draft = draft_in(card, Draft)
    if draft is None or draft.page != "question":
        return None
    tongue = tongue_of(event)
    note = Note(name="unreadable", facts={"text": quoted(text)})
    problem = Markup("\n").join((write_note(note, tongue.words, tongue.numbers), tongue.words("quiz.yes_or_no")))
    return _shown(event, card, draft, facts, problem=problem)


def _answer(event: Event, card: Card, draft: Draft, yes: bool, facts: Facts) -> Outcome:
    """The answer is noted, and the next question that is open comes; behind the last one, the verdict."""
    given = draft.given.with_answer(ORDER[draft.step], yes)
    step = sheet_of(given, _subject(event, card, draft, facts)).next_open(draft.step)
    update: dict[str, object] = {"given": given, "why": False}
    update |= {"page": "verdict"} if step is None else {"step": step}
    return _shown(event, card, draft.model_copy(update=update), facts)


def _back(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome | None:
    """One question back, answered or not; from the verdict to the question before it."""
    step = draft.step if draft.page != "question" else draft.step - 1
    if step < 0:
        return None
    return _shown(event, card, draft.model_copy(update={"page": "question", "step": step, "why": False}), facts)


# --- Showing -------------------------------------------------------------------------------------------------------


def _subject(event: Event, card: Card, draft: Draft, facts: Facts) -> Subject:
    return subject_at(event, card, draft.basis, facts)


def _shown(event: Event, card: Card, draft: Draft, facts: Facts, *, problem: Markup | None = None) -> Outcome:
    tongue, subject = tongue_of(event), _subject(event, card, draft, facts)
    match draft.page:
        case "verdict":
            next_open = sheet_of(draft.given, subject).next_open(-1)
            screen = verdict_screen(verdict_view(draft.given, subject), tongue, next_open=next_open)
        case "paused":
            screen = paused_screen(quiz_view(draft.step, draft.given, subject), tongue)
        case "question":
            view = quiz_view(draft.step, draft.given, subject)
            screen = question_screen(view, tongue, why=draft.why, problem=problem)
    kept = draft.model_copy(update={"at": event.time})
    return on_card(card, kept, screen)


def verdict(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """The verdict that the card stands at; None while it asks."""
    draft = draft_in(card, Draft)
    return _shown(event, card, draft, facts) if draft is not None and draft.page == "verdict" else None


def _basis(card: Card) -> Basis | None:
    draft = draft_in(card, Draft)
    return draft.basis if draft is not None else None


QUIZ: Final = Flow(
    name=FLOW,
    tapped=tapped,
    joined=joined,
    awaits=awaits,
    typed=typed,
    misread=misread,
    basis=_basis,
    shown=showing(Draft, _shown),
)
