"""What the explain card is written from: our price beside the venue's, and what may be different there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from bot.rendering.views import LegView, Mode, TierTable

Item = Literal["shown", "leg", "mode", "added", "paid", "others", "rate"]
"""What the card asks, in this order: the venue's price, the position, its mode; margin added by hand, fees and funding
paid out of the margin, the profit or loss of other open positions, the maintenance rate that the venue shows."""

SuspectName = Literal[
    "mode",
    "venue",
    "rung",
    "flat_rate",
    "closing_fee",
    "fee_in_margin",
    "opening_fee",
    "leverage",
    "added",
    "paid",
    "wallet",
    "entry",
    "rate",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """An assumption in place of ours and the price that it gives. off = price - the venue's price, None without one.

    solved: it is worth naming only where it fits, as an amount that was found so that it does. facts: the amounts and
    names that say what it is.
    """

    name: SuspectName
    price: Decimal
    facts: Mapping[str, Decimal | str] = field(default_factory=dict)
    off: Decimal | None = None
    fits: bool = False
    solved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Our price beside the venue's, and the suspects: those that fit first, then by how near they come.

    ours: our price with what is known; None with `reason` where there is none. off = ours - shown. fits: ours is within
    a tick of the venue's. mark_counts: whether the price now moves our liquidation price. together: where the
    position's own coin backs the account, our price when that coin's price moves along; it stands still in `ours`.
    """

    ours: Decimal | None
    reason: str | None = None
    off: Decimal | None = None
    fits: bool = False
    mark_counts: bool = False
    together: Decimal | None = None
    suspects: tuple[Suspect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One position of an account, its mode, and why the venue may show another price for it.

    legs: all positions of the account; number: which of them, None while that is open. two_modes: both modes have an
    answer and nobody said which is meant. venue: the name of the venue that shows `shown`. known: what was answered;
    None for "don't know". asset: what the position settles in.
    """

    legs: tuple[LegView, ...]
    number: int | None
    mode: Mode
    explained: Explained
    two_modes: bool = False
    venue: str | None = None
    shown: Decimal | None = None
    asset: str = "USDT"
    known: Mapping[Item, Decimal | str | None] = field(default_factory=dict)
    tiers: TierTable | None = None

    @property
    def leg(self) -> LegView:
        """The position that is meant; the first while that is open."""
        return self.legs[self.number or 0]
