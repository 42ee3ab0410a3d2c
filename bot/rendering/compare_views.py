"""What the comparison and its pages are written from. Values only, as in views.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from bot.rendering.views import CheckView, LegView, Mode, Note, Partition, SideName


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a supposed move: a coin ("" is everything), its signed fraction, and the price if one was said."""

    coin: str
    fraction: Decimal
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a move leaves: the equity (None where it is counted in several assets) and who is liquidated on the way."""

    equity: Decimal | None
    dead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A supposed move, and what it leaves in each partition. asked: the person named it."""

    parts: tuple[Part, ...]
    left: Mapping[Partition, Left]
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """A book in one partition: what can be lost, what the positions set aside, what is free. None: several assets."""

    loss: Decimal | None
    margin: Decimal | None
    free: Decimal | None
    equity: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Even:
    """From this market-wide move on (signed fraction) that mode leaves more."""

    at: Decimal
    better: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualLeverage:
    """The isolated leverage of a position whose liquidation price is that of cross. leverage None: see `reason`."""

    leg: LegView
    leverage: Decimal | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareView:
    """A comparison: `check` has the positions with their figures in each partition, the rest goes beyond a check card.

    ids: the positions' ids in the order of `check.legs`. falls, rises: where the better mode changes; None where a
    partition has no answer. held: they are the saved account. private: nothing of it may be shown here.
    """

    check: CheckView
    ids: tuple[str, ...] = ()
    sums: Mapping[Partition, Sums] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    falls: tuple[Even, ...] | None = None
    rises: tuple[Even, ...] | None = None
    equal: tuple[EqualLeverage, ...] = ()
    held: bool = False
    private: bool = False

    @property
    def compared(self) -> bool:
        """Whether both modes have an answer, or are refused for a reason that is said."""
        return bool(self.sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchView:
    """The preview of a position in the other mode. `before` and `after` stand in leg.isolated and leg.cross.

    permission: "allowed", "refused", "unknown" at the venue. released: what the switch adds to the shared balance,
    negative where it needs it. dead: positions that it would liquidate at once. together: how many switch with it.
    stated: whether the position's mode was said. refusal: why it cannot be worked out.
    """

    id: str
    leg: LegView
    start: Mode
    stated: bool
    permission: Literal["allowed", "refused", "unknown"]
    venue: str
    rule: str
    source: str
    settle: str
    released: Decimal | None = None
    dead: tuple[tuple[str, SideName], ...] = ()
    together: int = 1
    refusal: Note | None = None

    @property
    def end(self) -> Mode:
        """The mode that it would be in."""
        return "cross" if self.start == "isolated" else "isolated"
