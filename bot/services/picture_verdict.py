"""The quiz's verdict as a card to be sent on. Pure."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from bot.pictures.phrases import Phrases
from bot.pictures.specs import Mode, Reason, ShareRow, ShareSpec
from bot.rendering.quiz_screen import InMode, VerdictView, headline, placed_line, reason
from bot.rendering.verdict import Tongue
from bot.services.picturing import Look
from bot.services.quizzing import Given, verdict_view
from bot.services.subject import Subject
from margin_engine import Verdict
from margin_engine.questions.advice import Question

MODES: Final[dict[Verdict, Mode]] = {Verdict.ISOLATED: "isolated", Verdict.CROSS: "cross"}
MOST_PLACED: Final = 3


def verdict_of(given: Given, subject: Subject, look: Look) -> ShareSpec:
    """The verdict, what both modes come to in the person's numbers where there are some, and the reasons."""
    view, tongue, words = verdict_view(given, subject), Tongue.of(look.language), Phrases(look.language)
    reasons = [
        Reason(mode=mode, text=_plain(reason(question, view, tongue)))
        for mode, questions in _sides(view)
        for question in questions
    ]
    split = view.placed if view.advice.verdict is Verdict.BOTH else ()
    named = [_plain(placed_line(each, tongue)) for each in split[:MOST_PLACED]]
    return ShareSpec(
        theme=look.theme,
        language=look.language,
        given=look.given if view.modes else None,
        mixed=look.mixed and bool(view.modes),
        title=words("picture.quiz_title"),
        verdict=_plain(headline(view, tongue)),
        mode=MODES.get(view.advice.verdict),
        rows=_rows(view, words),
        reasons=tuple(reasons),
        note="; ".join(named) + (" …" if len(split) > MOST_PLACED else ""),
    )


def _sides(view: VerdictView) -> tuple[tuple[Mode, tuple[Question, ...]], ...]:
    return ("isolated", view.advice.for_isolated), ("cross", view.advice.for_cross)


def _rows(view: VerdictView, words: Phrases) -> tuple[ShareRow, ...]:
    modes = {each.name: each for each in view.modes}
    if not {"isolated", "cross"} <= set(modes):
        return ()
    alone, together = modes["isolated"], modes["cross"]
    stakes = [f"{words.amount(each.at_stake, view.settle)} {view.settle}" for each in (alone, together)]
    return (
        ShareRow(label=words("picture.quiz_first"), isolated=_first(alone, words), cross=_first(together, words)),
        ShareRow(label=words("picture.share_loss"), isolated=stakes[0], cross=stakes[1]),
    )


def _first(mode: InMode, words: Phrases) -> str:
    """Which common move ends the first position."""
    if mode.dead:
        return words("picture.now_dead")
    return words("picture.no_price_short") if mode.move is None else words.move(mode.move)


def _plain(text: Markup) -> str:
    return text.striptags().removeprefix("• ")
