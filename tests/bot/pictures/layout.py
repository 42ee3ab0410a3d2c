"""Where things stand on a sheet: every text with its box, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text

from bot.pictures.frame import LEAST
from bot.pictures.wording import drawable

TOUCH = 4.0
"""Pixels that two boxes may share: ascenders and descenders leave that much air."""


def texts(figure: Figure) -> list[Text]:
    """Everything that is written on a sheet."""
    figure.canvas.draw()
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text not in _beyond(figure)]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _beyond(figure: Figure) -> set[Text]:
    """The labels of ticks beyond an axis, which are there and not drawn."""
    found = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        slack = (high - low) * 1e-9
        found |= {tick.label1 for tick in axis.get_major_ticks() if not low - slack <= tick.get_loc() <= high + slack}
    return found


def by_gid(figure: Figure, gid: str) -> list[Any]:
    """The artists that were given a name."""
    return list(figure.findobj(lambda artist: artist.get_gid() == gid))


def faults(figure: Figure) -> Iterator[str]:
    """What is wrong: too small, missing letters, out of the sheet, one over another."""
    width, height = figure.canvas.get_width_height()
    boxes = []
    for text in texts(figure):
        name, box = repr(text.get_text()), text.get_window_extent()
        boxes.append((name, box))
        if float(text.get_fontsize()) < LEAST:
            yield f"{name} is {text.get_fontsize()} pixels high"
        if not drawable(text.get_text()):
            yield f"{name} has letters that the font lacks"
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height:
            yield f"{name} leaves the sheet"
    for (one, first), (other, second) in combinations(boxes, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        up = min(first.y1, second.y1) - max(first.y0, second.y0)
        if across > TOUCH and up > TOUCH:
            yield f"{one} and {other} overlap by {across:.0f} x {up:.0f}"
