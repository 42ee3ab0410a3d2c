"""The card to be sent on: a verdict with its reasons, or the two modes side by side."""

from __future__ import annotations

from bot.pictures.frame import BODY, HEAD, LEAST, MARGIN, SMALL, TITLE, WIDTH, Frame
from bot.pictures.palette import DASHES, MARKS
from bot.pictures.phrases import MODES
from bot.pictures.specs import Mode, ShareRow, ShareSpec
from bot.pictures.wording import Wording, with_letters

BOTTOM = 1000.0
FIRST, SECOND = 640.0, WIDTH - MARGIN - 24.0
"""Where the columns of the table end."""


def draw_share(spec: ShareSpec, frame: Frame, words: Wording) -> None:
    """Draws the sheet."""
    palette = frame.palette
    if spec.mode is not None:
        frame.box(0, 0, WIDTH, 20, palette.of(spec.mode))
    y = frame.lines(64, with_letters(spec.title), size=BODY, color=palette.muted, most=2) + 14
    y = frame.lines(y, with_letters(spec.verdict), size=TITLE + 8, weight="bold", most=3) + 30
    if spec.rows:
        y = _table(spec.rows, y, frame, words) + 24
    for reason in spec.reasons:
        y = _reason(reason, y, frame)
    if spec.note:
        frame.lines(min(y + 10, BOTTOM - 70), with_letters(spec.note), size=SMALL, color=palette.muted)
    frame.footer(words.footer(spec.given))


def _table(rows: tuple[ShareRow, ...], y: float, frame: Frame, words: Wording) -> float:
    palette = frame.palette
    height = min(124.0, (BOTTOM - y - 120) / (len(rows) + 1))
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
        for value, x, room in ((row.isolated, FIRST, 310.0), (row.cross, SECOND, 350.0)):
            size = BODY if frame.width(with_letters(value), BODY, "bold") <= room else SMALL
            frame.text(x, middle, frame.fitting(with_letters(value), size, "bold", room), size=size, weight="bold",
                       align="right").set_gid(f"cell:{row.label}")  # fmt: skip
    return y + height * (len(rows) + 1) + 16


def _reason(reason: str, y: float, frame: Frame) -> float:
    size = HEAD - 6
    lines = frame.broken(with_letters(reason), size, "normal", WIDTH - 2 * MARGIN - 50)[:3]
    if y + len(lines) * size * 1.3 > BOTTOM - 60:
        return y
    frame.text(MARGIN, y + size * 0.6, "▸", size=size, color=frame.palette.muted)
    for line in lines:
        frame.text(MARGIN + 50, y + size * 0.6, line, size=max(size, LEAST))
        y += size * 1.3
    return y + 18
