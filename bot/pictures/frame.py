"""The sheet that every picture is drawn on: 1080 pixels wide, counted from its upper left corner.

A point of type is a pixel here (72 dots an inch), so that sizes are what they say. Nothing is smaller than LEAST.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.text import Text

from bot.pictures.palette import PALETTES, Palette
from bot.pictures.specs import Theme
from bot.pictures.wording import FONT

WIDTH: Final = 1080
HEIGHT: Final = 1350
SQUARE: Final = 1080
DOTS: Final = 72
MARGIN: Final = 56
LEAST: Final = 28
SMALL: Final = 30
BODY: Final = 36
HEAD: Final = 46
TITLE: Final = 62

STYLE: Final[Any] = {
    "font.family": FONT,
    "text.parse_math": False,
    "axes.unicode_minus": False,
    "hatch.linewidth": 2.0,
    "path.simplify": True,
}
"""matplotlib's settings while a picture is drawn."""

Align = Literal["left", "center", "right"]
Weight = Literal["normal", "bold"]


class Frame:
    """A sheet in the making."""

    def __init__(self, theme: Theme, height: int = HEIGHT) -> None:
        self.height = height
        self.palette: Palette = PALETTES[theme]
        self.figure = Figure(figsize=(WIDTH / DOTS, height / DOTS), dpi=DOTS, facecolor=self.palette.paper)
        self.canvas = FigureCanvasAgg(self.figure)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = BODY,
        color: str = "",
        weight: Weight = "normal",
        align: Align = "left",
    ) -> Text:
        """Words with their middle at the height y."""
        return self.figure.text(
            x / WIDTH, 1 - y / self.height, words, fontsize=max(LEAST, size), color=color or self.palette.ink,
            fontweight=weight, ha=align, va="center_baseline",
        )  # fmt: skip

    def lines(
        self, y: float, words: str, *, size: int, weight: Weight = "normal", color: str = "", most: int = 2
    ) -> float:
        """Words over the whole width, broken, and made smaller until they fit `most` lines. Result: where they end."""
        while True:
            broken = self.broken(words, size, weight, WIDTH - 2 * MARGIN)
            if len(broken) <= most or size <= LEAST:
                break
            size = max(LEAST, size - 4)
        for line in broken[:most]:
            self.text(MARGIN, y + size * 0.6, line, size=size, weight=weight, color=color)
            y += size * 1.28
        return y

    def broken(self, words: str, size: int, weight: Weight, width: float) -> list[str]:
        """Words in lines of at most `width` pixels."""
        found: list[str] = []
        for word in words.split():
            longer = f"{found[-1]} {word}" if found else word
            if found and self.width(longer, size, weight) <= width:
                found[-1] = longer
            else:
                found.append(word)
        return found

    def fitting(self, words: str, size: int, weight: Weight, width: float) -> str:
        """Words cut to `width` pixels."""
        if self.width(words, size, weight) <= width:
            return words
        while words and self.width(words + "…", size, weight) > width:
            words = words[:-1]
        return words.rstrip(" ,") + "…"

    def width(self, words: str, size: int, weight: Weight = "normal") -> float:
        """How many pixels a line of words takes."""
        font = FontProperties(family=FONT, size=size, weight=weight)
        renderer: Any = self.canvas.get_renderer()  # type: ignore[no-untyped-call]
        found: float = renderer.get_text_width_height_descent(words, font, ismath=False)[0]
        return found

    def box(
        self, x: float, y: float, width: float, height: float, color: str, *, hatch: str = "", edge: str = ""
    ) -> None:
        """A filled rectangle with its upper left corner at (x, y); hatched in the colour `edge`."""
        patch = Rectangle(
            (x / WIDTH, 1 - (y + height) / self.height), width / WIDTH, height / self.height, facecolor=color,
            edgecolor=edge or "none", hatch=hatch or None, linewidth=0, transform=self.figure.transFigure,
        )  # fmt: skip
        self.figure.add_artist(patch)

    def card(self, x: float, y: float, width: float, height: float, color: str, *, round: float = 22) -> None:
        """A filled rectangle with round corners."""
        patch = FancyBboxPatch(
            (x, self.height - y - height), width, height, boxstyle=f"round,pad=0,rounding_size={round}",
            facecolor=color, edgecolor="none", transform=None, mutation_aspect=1,
        )  # fmt: skip
        self.figure.add_artist(patch)

    def stroke(self, x: float, y: float, length: float, color: str, *, dashes: Any, mark: str) -> None:
        """A sample of a line: what a legend shows."""
        ends = [x / WIDTH, (x + length / 2) / WIDTH, (x + length) / WIDTH]
        height = 1 - y / self.height
        self.figure.add_artist(
            Line2D(ends, [height] * 3, color=color, linewidth=7, linestyle=dashes, transform=self.figure.transFigure)
        )
        middle = Line2D([ends[1]], [height], color=color, marker=mark, markersize=20, linestyle="")
        middle.set_transform(self.figure.transFigure)
        self.figure.add_artist(middle)

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Axes whose plot has its upper left corner at (x, y)."""
        axes = self.figure.add_axes((x / WIDTH, 1 - (y + height) / self.height, width / WIDTH, height / self.height))
        axes.set_facecolor(self.palette.panel)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.tick_params(length=0, pad=10, labelsize=SMALL, labelcolor=self.palette.muted)
        return axes

    def footer(self, words: str) -> None:
        """The small line at the bottom, with the bot's name."""
        self.text(MARGIN, self.height - 38, "Marginbot", size=LEAST, weight="bold", color=self.palette.muted)
        self.text(WIDTH - MARGIN, self.height - 38, words, size=LEAST, color=self.palette.muted, align="right")
