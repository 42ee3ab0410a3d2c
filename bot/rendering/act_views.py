"""What the cards about margin and size are written from. Values only, as in views.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from bot.rendering.compare_views import Part
from bot.rendering.views import Figures, LegView, Mode, Note, SideName, TierTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to the goal: money to add, or coins to close of a position.

    value: the amount, None where it is impossible (`reason`, the engine's word). money: what it takes now: the amount,
    or the trading fee of what is closed. after: the position's figures then, None for a whole account. leg: the
    position, None where the shared balance is meant.
    """

    kind: Literal["add", "close"]
    leg: LegView | None
    id: str = ""
    value: Decimal | None = None
    money: Decimal | None = None
    reason: str | None = None
    after: Figures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one pool needs: the ways, cheapest first, and those that are impossible. holds: nothing is needed.

    leg: the isolated position, None for the shared balance. unread: the goal says nothing of this pool.
    """

    mode: Mode
    leg: LegView | None
    holds: bool
    ways: tuple[Way, ...] = ()
    impossible: tuple[Way, ...] = ()

    @property
    def add(self) -> Decimal | None:
        """The money to add: 0 when the goal holds, None when none helps."""
        if self.holds:
            return Decimal(0)
        return next((way.value for way in self.ways if way.kind == "add"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The needs of one book: as it is, or a trade isolated and cross side by side."""

    name: Literal["isolated", "cross", "account"]
    needs: tuple[Need, ...]
    free: Decimal | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing is needed."""
        return all(need.holds for need in self.needs)

    @property
    def total(self) -> Decimal | None:
        """The money to add in all; None where some pool cannot be helped by money."""
        amounts = [need.add for need in self.needs]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if len(known) == len(amounts) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that was named: money added or taken out, or coins closed; the position before and after.

    refusal: why it cannot be done. outside: the money has to come from outside, since less is free. alive: whether the
    price that was to be lived through is lived through.
    """

    kind: Literal["add", "take", "close"]
    value: Decimal
    mode: Mode
    leg: LegView | None
    before: Figures | None = None
    after: Figures | None = None
    refusal: Note | None = None
    outside: bool = False
    wallet_known: bool = True
    check: Decimal | None = None
    alive: bool | None = None
    fall_before: Decimal | None = None
    fall_after: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActView:
    """A card about margin. goal: what is to be reached, by name and number; parts where it is a move of one's own.

    withdrawable: the most that can be taken out; asked: the goal is still open, with the moves to offer. which: several
    positions are meant. private: nothing may be shown here.
    """

    goal: Literal["survive", "move", "distance", "price", "ratio", "leverage", "none"] = "none"
    number: Decimal | None = None
    parts: tuple[Part, ...] = ()
    blocks: tuple[Block, ...] = ()
    changes: tuple[Change, ...] = ()
    withdrawable: Decimal | None = None
    withdraw: bool = False
    nearest: tuple[LegView, Figures] | None = None
    offers: tuple[int, ...] = (-10, -20, -30)
    asked: bool = False
    which: tuple[tuple[str, LegView], ...] = ()
    settle: str = "USDT"
    fee_rate: Decimal | None = None
    remarks: tuple[Note, ...] = ()
    assumed: tuple[Note, ...] = ()
    tiers: TierTable | None = None
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeHalf:
    """The planned position in one mode: where it is liquidated, and whether that comes before the stop.

    most_leverage: the highest isolated leverage that keeps the liquidation beyond the stop, where it is known. trouble:
    why it cannot be opened.
    """

    mode: Mode
    figures: Figures | None = None
    before_stop: bool | None = None
    wallet: Decimal | None = None
    trouble: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeView:
    """A card about size: what was planned, and the answer.

    solved: what the card answers. quantity_after_fees: the size with both taker fees inside the risk. reward: profit at
    the target, before fees. asked: the slot that is missing, with likely answers.
    """

    coin: str
    side: SideName | None = None
    entry: Decimal | None = None
    stop: Decimal | None = None
    target: Decimal | None = None
    risk: Decimal | None = None
    risk_share: Decimal | None = None
    leverage: Decimal | None = None
    quantity: Decimal | None = None
    notional: Decimal | None = None
    quantity_after_fees: Decimal | None = None
    fee_rate: Decimal | None = None
    reward: Decimal | None = None
    most_leverage: Decimal | None = None
    leverage_reason: str | None = None
    bound: Decimal | None = None
    survive: Decimal | None = None
    mode: Mode | None = None
    leg: LegView | None = None
    halves: tuple[SizeHalf, ...] = ()
    solved: Literal["qty", "leverage", "stop", "add_qty", "none"] = "none"
    reason: str | None = None
    asked: str = ""
    choices: tuple[str, ...] = ()
    settle: str = "USDT"
    remarks: tuple[Note, ...] = ()
    assumed: tuple[Note, ...] = ()
    tiers: TierTable | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
