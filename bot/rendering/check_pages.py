"""The pages of a check card that ask something: what to change, one slot, how to save, which reading was meant."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.dialogue import Screen, Tap
from bot.rendering.check_screen import (
    back_row,
    bold,
    choice_rows,
    in_rows,
    joined,
    positions_block,
    question_line,
    shortened,
)
from bot.rendering.notes import SLOT_LABELS, write_note
from bot.rendering.verdict import Tongue, leg_name, verdict_lines
from bot.rendering.views import Asked, CheckView, LegView, Note, Slot


def change_screen(view: CheckView, tongue: Tongue, *, leg: int) -> Screen:
    """What can be changed: one button for each slot, with its value now; several positions are chosen first."""
    words = tongue.words
    if len(view.legs) > 1 and leg < 0:
        rows = [
            (Tap(label=str(leg_name(each, tongue).striptags()), action=f"leg:{n}"),) for n, each in enumerate(view.legs)
        ]
        return Screen(text=_with_question(view, words("change.which"), tongue), buttons=(*rows, back_row(tongue)))
    slots: tuple[Slot, ...] = ("side", "size", "entry", "leverage", "mode", "wallet", "mark")
    taps = [Tap(label=words.label(SLOT_LABELS[slot]), action=f"slot:{slot}") for slot in slots]
    return Screen(
        text=_with_question(view, words("change.what"), tongue), buttons=(*in_rows(taps, 3), back_row(tongue))
    )


def slot_screen(view: CheckView, tongue: Tongue, asked: Asked, *, problem: Note | None = None) -> Screen:
    """The question for one slot, with likely answers; a typed answer does as well."""
    question = question_line(asked, view, tongue)
    if problem is not None:
        question = Markup("\n").join((write_note(problem, tongue.words, tongue.numbers), question))
    return Screen(
        text=_with_question(view, question, tongue), buttons=(*choice_rows(asked, tongue, per_row=3), back_row(tongue))
    )


def save_mode_screen(view: CheckView, tongue: Tongue) -> Screen:
    """Saving needs a mode: which one?"""
    words = tongue.words
    taps = (
        Tap(label=words.label("save.as_isolated"), action="save:isolated"),
        Tap(label=words.label("save.as_cross"), action="save:cross"),
    )
    return Screen(text=_with_question(view, words("save.which_mode"), tongue), buttons=(taps, back_row(tongue)))


def replace_screen(view: CheckView, tongue: Tongue, *, held: Markup) -> Screen:
    """The portfolio already has such a position: replace it?"""
    words = tongue.words
    question = words("save.exists", held=held)
    buttons = (Tap(label=words.label("save.replace"), action="replace", style="danger"),)
    return Screen(text=_with_question(view, question, tongue), buttons=(buttons, back_row(tongue)))


def choose_screen(readings: Sequence[CheckView], tongue: Tongue) -> Screen:
    """Two readings of one message that differ in money: which one was meant?"""
    words = tongue.words
    names = [Markup("; ").join(_read_as(leg, tongue) for leg in view.legs) for view in readings]
    lines = [words("choose.line", number=n, name=name) for n, name in enumerate(names, start=1)]
    taps = [(Tap(label=shortened(str(name.striptags()), 40), action=f"pick:{n}"),) for n, name in enumerate(names)]
    return Screen(text=joined([words("choose.question"), *lines]), buttons=tuple(taps))


def _read_as(leg: LegView, tongue: Tongue) -> Markup:
    """A position with the amount of dollars that was read, as what it was read."""
    name, numbers = leg_name(leg, tongue), tongue.numbers
    if leg.said_margin is not None:
        return tongue.words("choose.margin", name=name, amount=numbers.money(leg.said_margin))
    if leg.said_notional is not None:
        return tongue.words("choose.notional", name=name, amount=numbers.money(leg.said_notional))
    return name


def _with_question(view: CheckView, question: Markup, tongue: Tongue) -> Markup:
    head = joined(bold(verdict_lines(view, tongue))) or positions_block(view, tongue)
    return Markup("\n\n").join(part for part in (head, question) if part)
