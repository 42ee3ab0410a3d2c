"""Distances: a bar for each position and one for the whole market, percent to liquidation, nearest first."""

from __future__ import annotations

from decimal import Decimal

from bot.pictures.frame import BODY, LEAST, MARGIN, SMALL, TITLE, WIDTH, Frame
from bot.pictures.palette import nearness
from bot.pictures.specs import Bar, DistancesSpec
from bot.pictures.verdicts import distances_verdict, name_of, where_of
from bot.pictures.wording import Wording, with_letters

TOP, BELOW = 290.0, 110.0
"""Where the bars begin, and what is below them."""
MOST_HEIGHT, MOST_BARS = 250.0, 950.0
"""The height of a bar with its words, and of all of them."""
NEARNESS = {"near": "picture.near", "watch": "picture.watch", "far": "picture.far"}
FULL = 0.6
"""The distance that fills the whole width; what is farther away does, too."""


def sheet_of(spec: DistancesSpec) -> int:
    """The height of the sheet: as much as its bars need."""
    return round(TOP + len(spec.bars) * _bar_height(spec) + BELOW)


def _bar_height(spec: DistancesSpec) -> float:
    return min(MOST_HEIGHT, MOST_BARS / len(spec.bars))


def draw_distances(spec: DistancesSpec, frame: Frame, words: Wording) -> None:
    """Draws the sheet."""
    title = words("picture.distances_title", mode=words.mode(spec.mode))
    frame.lines(44, title, size=BODY, color=frame.palette.muted, most=1)
    frame.lines(104, with_letters(distances_verdict(spec, words)), size=TITLE, weight="bold")
    height = _bar_height(spec)
    for number, bar in enumerate(spec.bars):
        _bar(bar, TOP + number * height, height, frame, words)
    scale = words("picture.scale", full=words.numbers.rate(Decimal(str(FULL))))
    more = words("picture.more", number=spec.more) if spec.more else ""
    frame.text(MARGIN, frame.height - BELOW + 24, f"{scale} {more}".strip(), size=LEAST, color=frame.palette.muted)
    frame.footer(words.footer(spec.given, mixed=spec.mixed))


def _bar(bar: Bar, y: float, height: float, frame: Frame, words: Wording) -> None:
    palette, width = frame.palette, WIDTH - 2 * MARGIN
    color = palette.of_distance(bar.distance, dead=bar.dead)
    where = where_of(bar, words)
    taken = frame.width(where, SMALL + 2, "bold")
    name = frame.fitting(with_letters(name_of(bar, words)), SMALL + 2, "normal", width - taken - 24)
    frame.text(MARGIN, y + 26, name, size=SMALL + 2)
    text = frame.text(WIDTH - MARGIN, y + 26, where, size=SMALL + 2, weight="bold", align="right")
    text.set_gid(f"distance:{bar.name or 'market'}")
    share = 1.0 if bar.distance is None and not bar.dead else min(1.0, abs(float(bar.distance or 0)) / FULL)
    room = width - 170
    thick = min(92.0, height - 66)
    frame.box(MARGIN, y + 52, room, thick, palette.panel)
    frame.box(MARGIN, y + 52, max(share * room, 6), thick, color, hatch="//" if bar.account else "", edge=palette.paper)
    word = words("picture.all_gone") if bar.dead else words(NEARNESS[nearness(bar.distance)])
    frame.text(WIDTH - MARGIN, y + 52 + thick / 2, word, size=SMALL, color=palette.muted, align="right")
