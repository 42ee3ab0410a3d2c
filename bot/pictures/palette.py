"""Colours on light and dark paper, after Okabe and Ito, which people with any colour vision tell apart.

No colour speaks alone: modes differ in their line's dashes and marks too, nearness is written beside its bar, and what
is dead is hatched.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.pictures.specs import Mode, Theme

NEAR: Final = Decimal("0.15")
WATCH: Final = Decimal("0.3")
"""Distances below which a liquidation is called near, or to be watched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """paper: the background; panel: raised areas; ink and muted: text; the rest by meaning."""

    paper: str
    panel: str
    ink: str
    muted: str
    grid: str
    isolated: str
    cross: str
    given: str
    need: str
    far: str
    watch: str
    near: str
    dead: str
    loss: str
    gain: str

    def of(self, mode: Mode) -> str:
        """The colour of a mode."""
        return {"isolated": self.isolated, "cross": self.cross, "given": self.given}[mode]

    def of_distance(self, distance: Decimal | None, *, dead: bool) -> str:
        """The colour of a distance to liquidation."""
        return self.dead if dead else {"near": self.near, "watch": self.watch, "far": self.far}[nearness(distance)]


PALETTES: Final[dict[Theme, Palette]] = {
    "light": Palette(
        paper="#FFFFFF", panel="#F1F4F7", ink="#14181D", muted="#525C67", grid="#D5DBE1", isolated="#B54A00",
        cross="#0067A5", given="#00795A", need="#6B7682", far="#009E73", watch="#B87F00", near="#B83A00",
        dead="#5B6570", loss="#D55E00", gain="#0072B2",
    ),
    "dark": Palette(
        paper="#10151B", panel="#1A222B", ink="#F2F5F8", muted="#A9B5C1", grid="#33404C", isolated="#F0A030",
        cross="#56B4E9", given="#3CCFA0", need="#9AA7B4", far="#2CC79A", watch="#F0C050", near="#FF7F41",
        dead="#8A97A4", loss="#E8702A", gain="#4AA8E0",
    ),
}  # fmt: skip

DASHES: Final[dict[Mode, str]] = {"cross": "-", "isolated": "--", "given": "-."}
MARKS: Final[dict[Mode, str]] = {"cross": "o", "isolated": "X", "given": "D"}


def nearness(distance: Decimal | None) -> str:
    """ "near", "watch" or "far"."""
    if distance is None or abs(distance) >= WATCH:
        return "far"
    return "watch" if abs(distance) >= NEAR else "near"
