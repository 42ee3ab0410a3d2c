"""The card to be sent on: a verdict with its reasons, or the two modes side by side."""

from __future__ import annotations

from bot.pictures.frame import BODY, HEAD, HEIGHT, LEAST, MARGIN, SMALL, SQUARE, TITLE, WIDTH, Frame
from bot.pictures.palette import DASHES, MARKS
from bot.pictures.phrases import MODES
from bot.pictures.specs import Mode, Reason, ShareRow, ShareSpec
from bot.pictures.verdicts import reason_of
from bot.pictures.wording import Wording, with_letters

NOTE, INDENT, LEADING, GAP = 100.0, 76.0, 1.3, 22.0
"""The height of the note, where reasons begin, their distance between lines and between each other."""
FIRST, SECOND = 640.0, WIDTH - MARGIN - 24.0
"""Where the columns of the table end."""


def height_of(spec: ShareSpec) -> int:
    """The height of the sheet: square, higher where a table and reasons stand on it."""
    return HEIGHT if spec.rows and spec.reasons else SQUARE


def draw_share(spec: ShareSpec, frame: Frame, words: Wording) -> None:
    """Draws the sheet."""
    palette = frame.palette
    if spec.mode is not None:
        frame.box(0, 0, WIDTH, 20, palette.of(spec.mode))
    y = frame.lines(64, with_letters(spec.title), size=BODY, color=palette.muted, most=2) + 14
    y = frame.lines(y, with_letters(spec.verdict), size=TITLE + 8, weight="bold", most=3) + 30
    if spec.rows:
        y = _table(spec.rows, y, frame, words) + 24
    bottom = frame.height - 80
    room = bottom - y
    if spec.note:
        room -= NOTE
        frame.lines(bottom - NOTE + 14, with_letters(spec.note), size=SMALL, color=palette.muted)
    if spec.reasons:
        _reasons(spec.reasons, y, room, frame, words)
    frame.footer(words.footer(spec.given, mixed=spec.mixed))


def _table(rows: tuple[ShareRow, ...], y: float, frame: Frame, words: Wording) -> float:
    palette = frame.palette
    height = min(124.0, (SQUARE - 200 - y) / (len(rows) + 1))
    frame.card(MARGIN - 20, y, WIDTH - 2 * MARGIN + 40, height * (len(rows) + 1) + 16, palette.panel)
    columns: tuple[tuple[Mode, float], ...] = (("isolated", FIRST), ("cross", SECOND))
    for mode, x in columns:
        name = words(MODES[mode])
        frame.text(x, y + height * 0.5, name, size=BODY, weight="bold", align="right", color=palette.of(mode))
        start = x - frame.width(name, BODY, "bold") - 64
        frame.stroke(start, y + height * 0.5, 50, palette.of(mode), dashes=DASHES[mode], mark=MARKS[mode])
    for number, row in enumerate(rows):
        middle = y + height * (number + 1.5)
        frame.box(MARGIN, middle - height / 2, WIDTH - 2 * MARGIN, 2, palette.grid)
        frame.text(MARGIN + 4, middle, frame.fitting(with_letters(row.label), SMALL, "normal", 260), size=SMALL,
                   color=palette.muted)  # fmt: skip
        for value, x, room in ((row.isolated, FIRST, 310.0), (row.cross, SECOND, 330.0)):
            size = BODY if frame.width(with_letters(value), BODY, "bold") <= room else SMALL
            frame.text(x, middle, frame.fitting(with_letters(value), size, "bold", room), size=size, weight="bold",
                       align="right").set_gid(f"cell:{row.label}")  # fmt: skip
    return y + height * (len(rows) + 1) + 16


def _reasons(reasons: tuple[Reason, ...], y: float, room: float, frame: Frame, words: Wording) -> None:
    """Each beside the mark of the mode that it speaks for: as large as there is room, and no more than fit whole."""
    width = WIDTH - 2 * MARGIN - INDENT
    for size in (HEAD - 4, BODY, SMALL, LEAST):
        blocks = [frame.broken(with_letters(reason_of(each, words)), size, "normal", width) for each in reasons]
        height = sum(len(lines) for lines in blocks) * size * LEADING
        if height + GAP * (len(blocks) - 1) <= room:
            break
    gap = min(3 * GAP, (room - height) / max(1, len(blocks)))
    for each, lines in zip(reasons, blocks, strict=True):
        if len(lines) * size * LEADING > room:
            break
        color = frame.palette.of(each.mode) if each.mode is not None else frame.palette.muted
        dashes, mark = (DASHES[each.mode], MARKS[each.mode]) if each.mode is not None else ("", ".")
        frame.stroke(MARGIN, y + size * 0.6, 50, color, dashes=dashes, mark=mark)
        for line in lines:
            frame.text(MARGIN + INDENT, y + size * 0.6, line, size=size)
            y, room = y + size * LEADING, room - size * LEADING
        y, room = y + max(gap, GAP / 2), room - max(gap, GAP / 2)
