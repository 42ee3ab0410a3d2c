"""Two coins: equity over the plane of their moves, the exact border of survival, and a dot for now."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter

from bot.pictures.frame import BODY, LEAST, MARGIN, SMALL, TITLE, WIDTH, Frame
from bot.pictures.specs import Border, TwoCoinsSpec
from bot.pictures.verdicts import two_coins_verdict
from bot.pictures.wording import Wording, with_letters

TOP, LEFT = 284, 176
SIDE = WIDTH - LEFT - MARGIN
PLATE = 10
"""Pixels of a label's plate around its words."""

Box = tuple[float, float, float, float]
"""Left, right, low and high in pixels from the middle of the picture."""


def draw_two_coins(spec: TwoCoinsSpec, frame: Frame, words: Wording) -> None:
    """Draws the sheet."""
    title = words("picture.two_title", mode=words.mode(spec.mode), across=spec.across, up=spec.up, asset=spec.asset)
    frame.lines(44, with_letters(title), size=BODY, color=frame.palette.muted, most=1)
    frame.lines(104, with_letters(two_coins_verdict(spec, words)), size=TITLE - 6, weight="bold")
    axes = frame.axes(LEFT, TOP, SIDE, SIDE)
    _cells(spec, axes, frame)
    for number, border in enumerate(spec.borders):
        _border(border, number, axes, frame)
    taken = [*_corners(spec, axes, frame, words)]
    for border in sorted(spec.borders, key=lambda each: not each.whole):
        _name(border, spec, taken, axes, frame, words)
    _scales(spec, axes, frame, words)
    _key(spec, frame, words)
    frame.footer(words.footer(spec.given, mixed=spec.mixed))


def _cells(spec: TwoCoinsSpec, axes: Axes, frame: Frame) -> None:
    palette, span = frame.palette, float(spec.span)
    cells = np.array(spec.cells)
    colours = LinearSegmentedColormap.from_list("equity", [palette.loss, palette.panel, palette.gain])
    now = float(spec.now)
    least = 1e-9 * max(1.0, float(np.abs(cells).max()))  # the norm wants room on both sides
    norm = TwoSlopeNorm(now, min(0.0, float(cells.min()), now - least), max(float(cells.max()), now + least))
    half = span / (len(cells) - 1)  # a cell's middle is its move
    edges = (-span - half, span + half, -span - half, span + half)
    axes.imshow(cells, origin="lower", extent=edges, cmap=colours, norm=norm, aspect="auto", zorder=1).set_gid("equity")
    axes.set_xlim(-span, span)
    axes.set_ylim(-span, span)
    axes.axvline(0, color=palette.muted, linewidth=2, linestyle=":", zorder=4)
    axes.axhline(0, color=palette.muted, linewidth=2, linestyle=":", zorder=4)
    axes.plot([0], [0], "o", color=palette.ink, markersize=28, markeredgecolor=palette.paper, markeredgewidth=4,
              zorder=8, gid="now")  # fmt: skip


def _border(border: Border, number: int, axes: Axes, frame: Frame) -> None:
    palette = frame.palette
    region = [*border.line, *reversed(border.rim)]
    hatch = "/" if border.whole else ("/", "\\", "-", "|")[number % 4]
    axes.add_patch(
        Polygon(region, closed=True, facecolor=palette.panel, alpha=0.92 if border.whole else 0.45,
                edgecolor="none", linewidth=0, zorder=2)
    )  # fmt: skip
    axes.add_patch(
        Polygon(region, closed=True, facecolor="none", edgecolor=palette.dead, hatch=hatch, linewidth=0, zorder=3)
    )
    xs, ys = zip(*border.line, strict=True)
    axes.plot(xs, ys, color=palette.ink, linewidth=7, zorder=6, gid="border", solid_joinstyle="round")


def _name(border: Border, spec: TwoCoinsSpec, taken: list[Box], axes: Axes, frame: Frame, words: Wording) -> None:
    """Who is gone behind a border, written where there is room in its region; the caption and the hatch say it, too."""
    label = words("picture.region_all") if border.whole else words("picture.region", names=with_letters(border.name))
    label = frame.fitting(label, SMALL, "bold", SIDE * 0.6)
    half, unit = frame.width(label, SMALL, "bold") / 2 + PLATE, 2 * float(spec.span) / SIDE
    middles = [((x + u) / 2, (y + v) / 2) for (x, y), (u, v) in zip(border.line, border.rim, strict=True)]
    middles.sort(key=lambda at: -_depth(at, border))
    for x, y in (_middle([*border.line, *reversed(border.rim)]), *middles):
        box = (x / unit - half, x / unit + half, y / unit - SMALL, y / unit + SMALL)
        if max(map(abs, box)) <= SIDE / 2 - PLATE and not any(_meet(box, other) for other in taken):
            taken.append(box)
            _plate(axes, (x, y), label, frame, zorder=7)
            return


def _depth(at: tuple[float, float], border: Border) -> float:
    """How far a point is from the border's ends: the middle of a region has the most room."""
    return min((at[0] - x) ** 2 + (at[1] - y) ** 2 for x, y in (border.line[0], border.line[-1]))


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _plate(axes: Axes, at: tuple[float, float], label: str, frame: Frame, *, zorder: int) -> Text:
    """Words on a plate in the picture, with their middle at a point."""
    return axes.text(
        *at, label, fontsize=SMALL, color=frame.palette.ink, fontweight="bold", ha="center", va="center", zorder=zorder,
        bbox={"facecolor": frame.palette.paper, "edgecolor": "none", "boxstyle": "round,pad=0.25", "alpha": 0.9},
    )  # fmt: skip


def _middle(region: list[tuple[float, float]]) -> tuple[float, float]:
    """The middle of a polygon by its area."""
    x, y = np.array(region).T
    across, up = np.roll(x, -1), np.roll(y, -1)
    parts = x * up - across * y
    area = parts.sum()
    if abs(area) < 1e-12:
        return float(x.mean()), float(y.mean())
    return float(((x + across) * parts).sum() / (3 * area)), float(((y + up) * parts).sum() / (3 * area))


def _corners(spec: TwoCoinsSpec, axes: Axes, frame: Frame, words: Wording) -> Iterator[Box]:
    """What is left in the corners, and now. Result: the boxes that they take."""
    last = len(spec.cells) - 1
    written = []
    for across, up, row, column in ((-1, -1, 0, 0), (1, -1, 0, last), (-1, 1, last, 0), (1, 1, last, last)):
        value = spec.cells[row][column]
        label = words.amount(value, spec.asset) if value > 0 else words("picture.all_gone")
        edge = SIDE / 2 - PLATE - 6
        half = frame.width(label, SMALL, "bold") / 2
        written.append((across * (edge - half), up * (edge - SMALL / 2), label, "corner"))
    amount = words.amount(spec.now, spec.asset)
    written.append((0.0, 46.0, words("picture.now_amount", amount=amount, asset=with_letters(spec.asset)), "now"))
    unit = 2 * float(spec.span) / SIDE
    for x, y, label, gid in written:
        _plate(axes, (x * unit, y * unit), label, frame, zorder=9).set_gid(gid)
        half = frame.width(label, SMALL, "bold") / 2 + PLATE
        yield x - half, x + half, y - SMALL, y + SMALL


def _scales(spec: TwoCoinsSpec, axes: Axes, frame: Frame, words: Wording) -> None:
    steps = [Decimal(step) / 2 * spec.span for step in (-2, -1, 0, 1, 2)]
    labels = {float(step): words.step(step) if step else "0%" for step in steps}
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator([float(step) for step in steps]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: labels.get(value, "")))
    across = axes.get_xticklabels()
    across[0].set_horizontalalignment("left")
    across[-1].set_horizontalalignment("right")
    up = axes.get_yticklabels()
    up[0].set_verticalalignment("bottom")
    up[-1].set_verticalalignment("top")
    frame.text(
        LEFT + SIDE / 2, TOP + SIDE + 84, f"{with_letters(spec.across)} →", weight="bold", align="center", size=BODY
    )
    label = frame.text(30, TOP + SIDE / 2, f"{with_letters(spec.up)} →", weight="bold", align="center", size=BODY)
    label.set_rotation(90)


def _key(spec: TwoCoinsSpec, frame: Frame, words: Wording) -> None:
    key = words("picture.two_key") if spec.borders else words("picture.two_key_plain")
    frame.lines(TOP + SIDE + 114, key, size=LEAST, color=frame.palette.muted, most=1)
