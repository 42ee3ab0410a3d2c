"""What the what-if screens are written from: picked out of the engine's answers, partition by partition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from bot.rendering.views import Asked, Figures, LegView, Note, Partition, TierTable


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """One move as it was said. target: a coin, a ratio, "ALL", "ALTS" or "REST"; points: percentage points."""

    target: str
    points: Decimal
    price: Decimal | None = None
    event: str | None = None
    event_day: date | None = None
    beta_to: str | None = None
    beta: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One change of the account. whose: the positions that it is about, none for the account."""

    kind: str
    whose: tuple[LegView, ...] = ()
    everyone: bool = False
    amount: Decimal | None = None
    mode: str | None = None
    days: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartView:
    """Where one coin starts and where it ends. age: how long ago its price now was given; None: its entry stands in."""

    coin: str
    price: Decimal
    end: Decimal
    age: timedelta | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FallView:
    """A liquidation on the way. at: part of the way, 0 at the start and 1 at the end; None where a change brings it.

    prices: of its coins at that moment. loss in the settle asset. part: a step of the venue's own that closes so much.
    """

    legs: tuple[LegView, ...]
    cross: bool
    at: Decimal | None
    loss: Decimal
    prices: tuple[tuple[LegView, Decimal], ...] = ()
    part: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftView:
    """A position that is still there, at its price then; `before`: how it stood, None where
    it was opened."""

    leg: LegView
    price: Decimal
    figures: Figures
    before: Figures | None
    cross: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfView:
    """The book in one partition, before and after. trouble: why there are no numbers. paid_in: the deposits between."""

    partition: Partition
    trouble: Note | None = None
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    paid_in: Decimal = Decimal(0)
    falls: tuple[FallView, ...] = ()
    left: tuple[LeftView, ...] = ()
    market_fall: Decimal | None = None
    market_rise: Decimal | None = None
    solved: tuple[SolvedView, ...] = ()

    @property
    def change(self) -> Decimal:
        """What prices, funding and liquidations make of it: what was paid in is no gain."""
        return self.after - self.before - self.paid_in

    @property
    def gone(self) -> int:
        """How many positions were liquidated."""
        return sum(len(fall.legs) for fall in self.falls if fall.part is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedView:
    """How far one target may go: to the first liquidation, a signed fraction; None when it can go all the way.

    legs: what goes then, as the cross account where `cross`; price: of the one coin that moves, at that moment. dead:
    it is liquidated already.
    """

    target: str
    direction: Literal["down", "up"]
    at: Decimal | None
    legs: tuple[LegView, ...] = ()
    cross: bool = False
    price: Decimal | None = None
    tick: Decimal | None = None
    dead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RungView:
    """One line of a ladder: the target at `percent`; equity and positions gone by partition (None: no numbers)."""

    percent: Decimal
    equity: Mapping[Partition, Decimal | None]
    gone: Mapping[Partition, int]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfView:
    """A what-if card. wallet_known: whether what is left of the account can be told, not the positions' part alone.

    asset: what the amounts are in. haircut: whether collateral, which counts in full here, counts less toward margin.
    """

    moves: tuple[MoveView, ...] = ()
    changes: tuple[ChangeView, ...] = ()
    halves: tuple[HalfView, ...] = ()
    starts: tuple[StartView, ...] = ()
    legs: tuple[LegView, ...] = ()
    asset: str = "USDT"
    wallet_known: bool = False
    haircut: bool = False
    remarks: tuple[Note, ...] = ()
    assumed: tuple[Note, ...] = ()
    asked: Asked | None = None
    tiers: TierTable | None = None
    ladder: tuple[RungView, ...] = ()
    ladder_target: str = "ALL"
    coins: tuple[str, ...] = field(default=())
    """The coins that can be chosen as a target."""

    @property
    def answered(self) -> bool:
        """Whether at least one partition has numbers."""
        return any(half.trouble is None for half in self.halves)
