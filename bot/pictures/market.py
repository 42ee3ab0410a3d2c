"""Equity against the market's move: a line for each mode, what must be kept, and where it ends on both sides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, permutations, product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from bot.pictures.frame import BODY, HEAD, LEAST, MARGIN, SMALL, WIDTH, Frame
from bot.pictures.palette import DASHES, MARKS
from bot.pictures.specs import Ending, Line, MarketSpec
from bot.pictures.wording import Wording, with_letters

PLOT_TOP, PLOT_HEIGHT, PLOT_LEFT = 470, 590, 190
ROW = 46
"""The height of a row of numbers above the plot."""
NUMBER, BESIDE = SMALL + 2, 12
"""Their size, and their distance from the mark."""


def draw_market(spec: MarketSpec, frame: Frame, words: Wording) -> None:
    """Draws the sheet."""
    title = words(
        "picture.market_title", asset=with_letters(spec.asset), market=with_letters(words.market(spec.subject))
    )
    frame.lines(44, title, size=BODY, color=frame.palette.muted, most=1)
    _legend(spec, frame, words)
    axes = frame.axes(PLOT_LEFT, PLOT_TOP, WIDTH - PLOT_LEFT - MARGIN, PLOT_HEIGHT)
    _plot(spec, axes, frame, words)
    for row, (line, numbers) in enumerate(_rows(spec, frame, words)):
        for written in numbers:
            _mark(axes, frame, line, written, row=len(spec.lines) - row)
    _deaths(spec, frame, words)
    frame.footer(words.footer(spec.given, mixed=spec.mixed))


def _legend(spec: MarketSpec, frame: Frame, words: Wording) -> None:
    """The verdict of each mode beside a sample of its line."""
    y = 140.0
    for line in spec.lines:
        color = frame.palette.of(line.mode)
        frame.stroke(MARGIN, y, 84, color, dashes=DASHES[line.mode], mark=MARKS[line.mode])
        verdict = with_letters(words.verdict(line))
        size = HEAD if frame.width(verdict, HEAD, "bold") <= WIDTH - 2 * MARGIN - 110 else BODY
        for part in frame.broken(verdict, size, "bold", WIDTH - 2 * MARGIN - 110)[:2]:
            frame.text(MARGIN + 110, y, part, size=size, weight="bold")
            y += size * 1.25
        y += 12
    frame.stroke(MARGIN, y, 84, frame.palette.need, dashes=":", mark="")
    frame.text(
        MARGIN + 110,
        y,
        words("picture.requirement_cut" if spec.haircut else "picture.requirement"),
        size=SMALL,
        color=frame.palette.muted,
    )


def _plot(spec: MarketSpec, axes: Axes, frame: Frame, words: Wording) -> None:
    span, palette = float(spec.span), frame.palette
    highest = max(max(line.equity) for line in spec.lines)
    lowest = min(0.0, *(min(line.equity) for line in spec.lines))
    axes.set_xlim(-span, span)
    axes.set_ylim(lowest - 0.03 * (highest - lowest or 1), highest + 0.08 * (highest - lowest or 1))
    axes.axvline(0, color=palette.muted, linewidth=3, zorder=1)
    axes.grid(True, axis="y", color=palette.grid, linewidth=2, zorder=0)
    for line in spec.lines:
        moves, equity = np.array(line.moves), np.array(line.equity)
        axes.plot(
            moves, equity, color=palette.of(line.mode), linewidth=8, linestyle=DASHES[line.mode],
            zorder=3 if line.mode == "cross" else 4,
            gid=f"equity:{line.mode}", solid_capstyle="round",
        )  # fmt: skip
    required = next((line for line in spec.lines if line.mode == "cross"), spec.lines[0])
    axes.plot(
        required.moves, required.requirement, color=palette.need, linewidth=5, linestyle=":", zorder=2,
        gid=f"requirement:{required.mode}",
    )  # fmt: skip
    _now(spec, axes, frame, words)
    steps = [Decimal(step) / 2 * spec.span for step in (-2, -1, 0, 1, 2)]
    axes.xaxis.set_major_locator(FixedLocator([float(step) for step in steps]))
    labels = {float(step): words.step(step) if step else words("picture.now") for step in steps}
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: labels.get(x, "")))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: words.amount(y, spec.asset)))
    first, *_, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    for label_of_axis in axes.get_yticklabels():
        label_of_axis.set_fontsize(LEAST)


def _now(spec: MarketSpec, axes: Axes, frame: Frame, words: Wording) -> None:
    """A dot for what is there now; one for each mode, with its name, where something is gone already in one of them."""
    palette, (lowest, highest) = frame.palette, axes.get_ylim()
    several, above = len(spec.nows) > 1, -math.inf
    for line, now in sorted(spec.nows, key=lambda each: each[1]):
        amount, asset = words.amount(now, spec.asset), with_letters(spec.asset)
        label = words("picture.now_amount", amount=amount, asset=asset)
        label = words("picture.now_in", mode=words.mode(line.mode), amount=amount, asset=asset) if several else label
        axes.plot([0], [float(now)], "o", color=palette.of(line.mode) if several else palette.ink, markersize=24,
                  zorder=6, gid="now")  # fmt: skip
        at = PLOT_HEIGHT * (float(now) - lowest) / (highest - lowest)
        lift: float = 30 if at < 0.14 * PLOT_HEIGHT else -46  # there may be no room for its label below
        lift = max(lift, above + ROW - at)
        above = at + lift
        axes.annotate(
            label, (0, float(now)), xytext=(22, lift), textcoords="offset points", fontsize=SMALL,
            color=palette.ink, fontweight="bold", gid="now", zorder=8,
            bbox={"facecolor": palette.panel, "edgecolor": "none", "pad": 4},
        )  # fmt: skip


def _first(endings: tuple[Ending, ...], span: Decimal) -> list[Ending]:
    """The nearest ending of a side, if it is on the picture."""
    return [ending for ending in endings[:1] if abs(ending.at) <= span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The number of an ending: where its mark is on the sheet, its words and whether its price is in them, and where
    they start and end, on either side of the mark."""

    at: float
    x: float
    words: str
    priced: bool
    start: float
    end: float


Row = tuple[Line, tuple[Written, ...]]


def _rows(spec: MarketSpec, frame: Frame, words: Wording) -> tuple[Row, ...]:
    """The modes' numbers in rows from the top, so that as few as can be are crossed by the line of a number above them:
    they would be taken for its own. Then with as many prices as there is room for."""
    found: list[tuple[tuple[int, int], tuple[Row, ...]]] = []
    for lines in permutations(spec.lines):
        rows: tuple[Row, ...] = ()
        for line in lines:
            above = [each.x for _, others in rows for each in others]
            choices = [(_unfit(each, above), each) for each in _choices(line, spec, frame, words)]
            rows += ((line, min(choices, key=lambda choice: choice[0])[1]),)
        found.append((_worth(rows), rows))
    return min(found, key=lambda each: each[0])[1]


def _choices(line: Line, spec: MarketSpec, frame: Frame, words: Wording) -> Iterator[tuple[Written, ...]]:
    """The numbers of a mode's first endings, with their prices and without."""
    endings = (*_first(line.fall, spec.span), *_first(line.rise, spec.span))
    for priced in product((True, False), repeat=len(endings)):
        yield tuple(_number(end, spec, frame, words, priced=each) for end, each in zip(endings, priced, strict=True))


def _unfit(written: Sequence[Written], above: Sequence[float]) -> tuple[int, int, int]:
    """How badly numbers stand in a row: over each other or off the sheet, crossed by lines from above, unpriced."""
    together = sum(one.end + BESIDE >= other.start for one, other in pairwise(written))
    off = sum(each.start < BESIDE or each.end > WIDTH - BESIDE for each in written)
    return together + off, _crossed(written, above), sum(not each.priced for each in written)


def _crossed(written: Sequence[Written], above: Sequence[float]) -> int:
    return sum(each.start - BESIDE < x < each.end + BESIDE and x != each.x for each in written for x in above)


def _worth(rows: Sequence[Row]) -> tuple[int, int]:
    """How many numbers are crossed, and how many have no price."""
    crossed = sum(
        _crossed(written, [each.x for _, others in rows[:row] for each in others])
        for row, (_, written) in enumerate(rows)
    )
    return crossed, sum(not each.priced for _, written in rows for each in written)


def _number(ending: Ending, spec: MarketSpec, frame: Frame, words: Wording, *, priced: bool) -> Written:
    at = float(ending.at)
    number = words.move(ending.at) if at else words("picture.now_dead")
    number += f" · {ending.price}" if ending.price and priced else ""
    x = PLOT_LEFT + (at / float(spec.span) + 1) / 2 * (WIDTH - PLOT_LEFT - MARGIN)
    wide = frame.width(number, NUMBER, "bold")
    left = x - BESIDE - wide >= 2 * BESIDE if at <= 0 else x + BESIDE + wide > WIDTH - 2 * BESIDE
    start = x - BESIDE - wide if left else x + BESIDE
    return Written(at=at, x=x, words=number, priced=priced or not ending.price, start=start, end=start + wide)


def _mark(axes: Axes, frame: Frame, line: Line, written: Written, *, row: int) -> None:
    """A mark where the mode ends first, and its number on a line above it."""
    at, color = written.at, frame.palette.of(line.mode)
    before = max(float(np.interp(at, line.moves, line.equity)), _beside(line, at))
    axes.plot([at], [before], MARKS[line.mode], color=color, markersize=26, markeredgecolor=frame.palette.paper,
              markeredgewidth=3, zorder=7, gid=f"ending:{line.mode}")  # fmt: skip
    axes.axvline(at, color=color, linewidth=3, linestyle=DASHES[line.mode], zorder=2, ymax=1.0)
    y = PLOT_TOP - row * ROW + 12
    text = frame.text(written.start, y, written.words, size=NUMBER, weight="bold", color=color)
    text.set_gid(f"ending:{line.mode}")
    text.set_bbox({"facecolor": frame.palette.paper, "edgecolor": "none", "pad": 2})
    text.set_zorder(5)
    frame.box(written.x - 1.5, y - 18, 3, PLOT_TOP - y + 18, color)


def _beside(line: Line, at: float) -> float:
    """The equity just before an ending, on the side of now."""
    inner = at * (1 - 1e-7)
    return float(np.interp(inner, line.moves, line.equity))


def _deaths(spec: MarketSpec, frame: Frame, words: Wording) -> None:
    """Under the plot, in words: what goes where."""
    y = PLOT_TOP + PLOT_HEIGHT + 76.0
    for line in spec.lines:
        sentence = words.gone(line, spec.span, priced=False)
        y = frame.lines(y, with_letters(sentence), size=SMALL, color=frame.palette.muted)
