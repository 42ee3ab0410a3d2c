"""An import before it is kept, line by line; and a portfolio as a file.

Actions: `save_all`, `save_over`, `as_all:MODE`, `back`.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap, TextFile
from bot.rendering.check_buttons import back_row, shortened
from bot.rendering.check_screen import bold, joined, paragraphs
from bot.rendering.notes import write_note
from bot.rendering.portfolio_screen import held_name
from bot.rendering.portfolio_views import ReadLine
from bot.rendering.verdict import Tongue
from bot.rendering.views import Note

MOST_LINES = 25


def import_screen(
    lines: Sequence[ReadLine],
    tongue: Tongue,
    *,
    name: str,
    ready: bool,
    unsaid: int,
    trouble: Note | None,
    replaced: int = 0,
    over: str = "",
) -> Screen:
    """What was read. It can be saved only when every line was.

    Arguments: name, of the portfolio that it goes into; unsaid, how many positions did not say their mode; replaced,
    how many of them are held already; over, the portfolio that can be replaced whole, empty where none can.
    """
    words = tongue.words
    bad = [line for line in lines if line.trouble is not None]
    good = [line for line in lines if line.trouble is None]
    head = words.count("import.bad", len(bad)) if bad else words.count("import.read", len(good))
    shown = [_line(line, tongue) for line in (*bad, *good)[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(words.count("order.more", len(lines) - MOST_LINES))
    after = []
    if trouble is not None:
        after.append(words("import.trouble", why=write_note(trouble, words, tongue.numbers)))
    if bad:
        after.append(words("import.again"))
    elif ready:
        after.append(words("import.goes_into", name=name))
    if ready and unsaid:
        after.append(words.count("import.unsaid", unsaid))
    parts = [joined(bold([head])) if lines else Markup(""), joined(shown), joined(after)]
    text = paragraphs(parts)
    return Screen(
        text=text,
        buttons=(*_buttons(tongue, ready=ready, unsaid=bool(unsaid), replaced=replaced, over=over), back_row(tongue)),
    )


def _buttons(tongue: Tongue, *, ready: bool, unsaid: bool, replaced: int, over: str) -> tuple[tuple[Button, ...], ...]:
    words = tongue.words
    if not ready:
        return ()
    if unsaid:
        return (
            (
                Tap(label=words.label("save.as_isolated"), action="as_all:isolated"),
                Tap(label=words.label("save.as_cross"), action="as_all:cross"),
            ),
        )
    label = "button.save_replacing" if replaced and not over else "button.save_all"
    saving: tuple[Button, ...] = (Tap(label=words.label(label), action="save_all", style="success"),)
    if not over:
        return (saving,)
    return (saving, (Tap(label=words.label("button.save_over", name=shortened(over, 20)), action="save_over"),))


def _line(line: ReadLine, tongue: Tongue) -> Markup:
    words = tongue.words
    if line.trouble is not None:
        why = write_note(line.trouble, words, tongue.numbers)
        return words("import.bad_line", number=line.number, text=line.text, why=why)
    assert line.leg is not None
    read = words("import.line", number=line.number, name=held_name(line.leg, tongue))
    if line.remark is None:
        return read
    return joined([read, Markup("  ") + write_note(line.remark, words, tongue.numbers)])


def file_screen(caption: Markup, *, name: str, text: str) -> Screen:
    """A document as a file of that name."""
    return Screen(text=caption, file=TextFile(name=name, text=text))
