"""Two coins: equity over the plane of their moves, the exact border of survival, and a dot for now."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.patches import Polygon
from matplotlib.ticker import FixedLocator, FuncFormatter

from bot.pictures.frame import BODY, LEAST, MARGIN, SMALL, TITLE, WIDTH, Frame
from bot.pictures.specs import Border, TwoCoinsSpec
from bot.pictures.verdicts import two_coins_verdict
from bot.pictures.wording import Wording, with_letters

TOP, LEFT = 284, 176
SIDE = WIDTH - LEFT - MARGIN


def draw_two_coins(spec: TwoCoinsSpec, frame: Frame, words: Wording) -> None:
    """Draws the sheet."""
    title = words("picture.two_title", mode=words.mode(spec.mode), across=spec.across, up=spec.up, asset=spec.asset)
    frame.lines(44, with_letters(title), size=BODY, color=frame.palette.muted, most=1)
    frame.lines(104, with_letters(two_coins_verdict(spec, words)), size=TITLE - 6, weight="bold")
    axes = frame.axes(LEFT, TOP, SIDE, SIDE)
    _cells(spec, axes, frame)
    for number, border in enumerate(spec.borders):
        _border(border, number, axes, frame, words)
    _corners(spec, axes, frame, words)
    _scales(spec, axes, frame, words)
    _key(spec, frame, words)
    frame.footer(words.footer(spec.given))


def _cells(spec: TwoCoinsSpec, axes: Axes, frame: Frame) -> None:
    palette, span = frame.palette, float(spec.span)
    cells = np.array(spec.cells)
    colours = LinearSegmentedColormap.from_list("equity", [palette.loss, palette.panel, palette.gain])
    now = float(spec.now)
    norm = TwoSlopeNorm(now, min(0.0, float(cells.min()), now - 1e-9), max(float(cells.max()), now + 1e-9))
    half = span / (len(cells) - 1)  # a cell's middle is its move
    edges = (-span - half, span + half, -span - half, span + half)
    axes.imshow(cells, origin="lower", extent=edges, cmap=colours, norm=norm, aspect="auto", zorder=1).set_gid("equity")
    axes.set_xlim(-span, span)
    axes.set_ylim(-span, span)
    axes.axvline(0, color=palette.muted, linewidth=2, linestyle=":", zorder=4)
    axes.axhline(0, color=palette.muted, linewidth=2, linestyle=":", zorder=4)
    axes.plot([0], [0], "o", color=palette.ink, markersize=28, markeredgecolor=palette.paper, markeredgewidth=4,
              zorder=8, gid="now")  # fmt: skip


def _border(border: Border, number: int, axes: Axes, frame: Frame, words: Wording) -> None:
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
    inside = _middle(region)
    label = words("picture.region_all") if border.whole else words("picture.region", names=with_letters(border.name))
    axes.text(
        *inside, label, fontsize=SMALL, color=palette.ink, fontweight="bold", ha="center", va="center", zorder=7,
        bbox={"facecolor": palette.paper, "edgecolor": "none", "boxstyle": "round,pad=0.25", "alpha": 0.85},
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


def _corners(spec: TwoCoinsSpec, axes: Axes, frame: Frame, words: Wording) -> None:
    """What is left in the corners, and now."""
    span, palette = float(spec.span), frame.palette
    last = len(spec.cells) - 1
    places = [(-1, -1, 0, 0), (1, -1, 0, last), (-1, 1, last, 0), (1, 1, last, last)]
    for x, y, row, column in places:
        value = spec.cells[row][column]
        label = words.amount(value, spec.asset) if value > 0 else words("picture.all_gone")
        axes.text(
            x * span * 0.96, y * span * 0.94, label, fontsize=SMALL, color=palette.ink, fontweight="bold", zorder=9,
            ha="left" if x < 0 else "right", va="center", gid="corner",
            bbox={"facecolor": palette.paper, "edgecolor": "none", "boxstyle": "round,pad=0.25", "alpha": 0.9},
        )  # fmt: skip
    axes.annotate(
        words("picture.now_amount", amount=words.amount(spec.now, spec.asset), asset=with_letters(spec.asset)), (0, 0),
        xytext=(0, 34), textcoords="offset points", fontsize=SMALL, fontweight="bold", color=palette.ink, zorder=9,
        ha="center", bbox={"facecolor": palette.paper, "edgecolor": "none", "boxstyle": "round,pad=0.25", "alpha": 0.9},
    )  # fmt: skip


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
