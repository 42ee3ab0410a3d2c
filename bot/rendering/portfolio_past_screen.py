"""The history page: every change with its time, what the numbers were then, undo and redo.

Actions: `history:START`, `undo:STEP:ID`, `redo`, `back`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.check_screen import bold, joined, paragraphs
from bot.rendering.notes import age, write_note
from bot.rendering.portfolio_views import StepLine
from bot.rendering.verdict import Tongue, liquidation_price, short_leg_name

STEPS_SHOWN = 6


def history_screen(
    lines: Sequence[StepLine],
    tongue: Tongue,
    *,
    now: datetime,
    undo: str,
    can_redo: bool,
    start: int = 0,
    remark: Markup | None = None,
) -> Screen:
    """The changes, newest first. What was undone and can be redone is marked.

    Arguments: undo, the action of the button that takes the newest back, empty without one.
    """
    words = tongue.words
    start = start if 0 <= start < len(lines) else 0
    shown = [_line(line, tongue, now=now) for line in lines[start : start + STEPS_SHOWN]]
    head = words.count("past.title", len(lines)) if lines else words("past.empty")
    text = paragraphs([*([remark] if remark else []), joined(bold([head])), *shown])
    turning: list[Button] = []
    if start > 0:
        turning.append(Tap(label=words.label("button.newer"), action=f"history:{max(0, start - STEPS_SHOWN)}"))
    if start + STEPS_SHOWN < len(lines):
        turning.append(Tap(label=words.label("button.older"), action=f"history:{start + STEPS_SHOWN}"))
    doing: list[Button] = []
    if undo:
        doing.append(Tap(label=words.label("button.undo"), action=undo))
    if can_redo:
        doing.append(Tap(label=words.label("button.redo"), action="redo"))
    back: tuple[Button, ...] = (Tap(label=words.label("button.back"), action="back"),)
    rows = [tuple(row) for row in (turning, doing) if row]
    return Screen(text=text, buttons=(*rows, back))


def _line(line: StepLine, tongue: Tongue, *, now: datetime) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    what = Markup("; ").join(write_note(note, words, numbers) for note in line.changes)
    when = age(now - line.at, words)
    key = "past.undone" if line.undone else "past.line"
    head = words(key, number=line.number, what=what or words("past.nothing"), when=when)
    return joined([head, *_numbers(line, tongue)])


def _numbers(line: StepLine, tongue: Tongue) -> list[Markup]:
    """What the account's numbers were then."""
    words, numbers = tongue.words, tongue.numbers
    parts = []
    if line.nearest is not None:
        leg, figures = line.nearest
        if figures.liquidation_price is not None:
            price = liquidation_price(leg, figures, tongue)
            parts.append(words("past.nearest", name=short_leg_name(leg, tongue), price=price))
    if line.market is not None and line.market.fall is not None:
        parts.append(words("past.fall", fall=numbers.percent(line.market.fall)))
    elif line.market is not None and line.market.rise is not None:
        parts.append(words("past.rise", rise=numbers.percent(line.market.rise)))
    return [words("past.numbers", numbers=Markup("; ").join(parts))] if parts else []
