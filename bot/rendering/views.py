"""What the screens are written from: results of the engine, picked out and named for one card.

These are values only. Services fill them, the screens word them; nothing here knows a sentence or a formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from margin_engine import Evaluation

Mode = Literal["isolated", "cross"]
Partition = Literal["isolated", "cross", "given"]
"""The modes in which a book is looked at: all isolated, all cross, or as it was said."""

SideName = Literal["long", "short"]
OLD_AFTER_DAYS = 90

Slot = Literal[
    "symbol",
    "side",
    "size",
    "entry",
    "leverage",
    "mode",
    "wallet",
    "mark",
    "venue",
    "contract",
    "collateral",
    "coin_price",
    "stop",
    "target",
    "fees",
    "position",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a distance is measured from. `age` is None for the entry price, else how long ago the price was given."""

    price: Decimal
    age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """The rung of the tier table that a position stands on at its liquidation price. `cap` None = no end.

    value: the position's notional at that price, None when its size is not known.
    """

    rate: Decimal
    cap: Decimal | None
    value: Decimal | None = None
    only: bool = False
    """No other rung is known."""
    by_size: bool = False
    """The rate is that of the position's size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCoin:
    """That a position's own coin backs its account, and both prices move to reach the liquidation price.

    still: the liquidation price with that of the collateral standing still, None without one. left, needed: the
    account's margin balance and requirement at the liquidation price, where they meet.
    """

    asset: str
    still: Decimal | None
    left: Decimal | None = None
    needed: Decimal | None = None


def nearness(move: Decimal | None, *, dead: bool = False) -> Decimal:
    """How far from its liquidation something is, by which everything that goes first is found.

    Arguments: move, the signed fraction of the price now that ends it, None when no price does. Result: 0 for what is
    liquidated already, infinite without an end.
    """
    if dead:
        return Decimal(0)
    return Decimal("Infinity") if move is None else abs(move)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One position in one mode. `reason` says why there is no liquidation price, in the engine's words, or that it is
    too "far" above the price now to be shown.

    `distance` is a signed fraction of the reference's price; `loss` is what a liquidation takes at most, in the
    settle asset, None when the size is not known; `margin` is what opening the position at its entry sets aside, None
    when size or leverage is not known.
    """

    liquidation_price: Decimal | None
    reason: str | None
    distance: Decimal | None
    loss: Decimal | None
    margin: Decimal | None
    below_mark: bool = True
    """Whether the price has to fall to reach it, which is the side it is rounded to."""
    rung: Rung | None = None
    own_coin: OwnCoin | None = None
    died_at: Decimal | None = None
    """Where it was liquidated on the way from its entry, for one that is dead at a price that was given."""
    move: Decimal | None = None
    """Its distance from the price now, which is not that from its entry where a coin has several positions."""

    @property
    def dead(self) -> bool:
        """Whether it is liquidated at the price now already."""
        return self.reason == "already_liquidatable"

    @property
    def nearness(self) -> Decimal:
        """How far from the price now it is liquidated."""
        return nearness(self.move, dead=self.dead)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to be said besides the numbers: an assumption, a remark or a refusal.

    `name` is worded by notes.py with `facts`: numbers are Decimal, names of things are text, "count" picks the plural.
    `slot` is what a person would change to make it go away, in the position number `leg`.
    """

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    slot: Slot | None = None
    leg: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A stop or a target: what closing there leaves after fees, in the settle asset, and as a fraction of the margin.

    None where size or margin are not known. dies_before: the modes in which a liquidation comes first.
    """

    price: Decimal
    result: Decimal | None = None
    on_margin: Decimal | None = None
    dies_before: tuple[Mode, ...] = ()
    out_of_reach: bool = False
    """In no mode that is worked out the position lives to see it."""
    wrong_side: bool = False
    """It lies where the price is already past it, so that it would trigger at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A position's stop and target. fee: the taker rate that is counted each way, None for none."""

    stop: Goal | None = None
    target: Goal | None = None
    break_even: Decimal | None = None
    reward_to_risk: Decimal | None = None
    fee: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegView:
    """One position on a card. What was not said is None; `size_free_up_to` replaces a size that nothing depends on.

    unit: what the quantity is counted in: None for the coin, USD of an inverse contract, "" for contracts. settle: the
    asset of its amounts.
    """

    coin: str
    side: SideName | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    settle: str = "USDT"
    entry: Decimal | None = None
    leverage: Decimal | None = None
    mode: Mode | None = None
    tick: Decimal | None = None
    reference: Reference | None = None
    isolated: Figures | None = None
    cross: Figures | None = None
    given: Figures | None = None
    """In the modes that were said, where some positions are isolated and others cross."""
    plan: PlanView | None = None
    size_free_up_to: Decimal | None = None
    said_margin: Decimal | None = None
    said_notional: Decimal | None = None

    @property
    def priced(self) -> bool:
        """Whether somebody gave its price now, else its entry stands in for it."""
        return self.reference is not None and self.reference.age is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The one question of a card: which slot of which position, and likely answers."""

    slot: Slot
    leg: int = 0
    choices: tuple[str, ...] = ()
    of_cross: bool = False
    """The rest is answered; only the cross half waits for this."""
    asset: str = "USDT"
    """What an amount is asked in, or the coin that is asked about."""
    of_venue: str = ""
    """The venue whose maintenance rate would do as well."""
    example: Decimal | None = None
    """A number that the answer might be."""
    more: bool = False
    """Whether there are more choices than these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """How far everything may move together before the cross account is liquidated: signed fractions of the prices."""

    fall: Decimal | None
    rise: Decimal | None
    liquidatable: bool = False

    @property
    def nearer(self) -> Decimal | None:
        """The side that comes first; None where no move of everything ends the account."""
        return min((side for side in (self.fall, self.rise) if side is not None), key=abs, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The initial margin that opening a cross trade takes, where less than that is free."""

    needed: Decimal
    free: Decimal
    asset: str = "USDT"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTable:
    """Which table an answer rests on, and how old it is at the time of the answer.

    said: its year or month, where no day is known. basis: "assumed" or "given" where there is no table. venue: whose
    it is, where somebody named the venue.
    """

    as_of: date | None
    age_days: int = 0
    said: str = ""
    basis: Literal["published", "assumed", "given"] = "published"
    venue: str = ""

    @property
    def old(self) -> bool:
        """Whether the table is older than 90 days, which an answer has to say."""
        return self.age_days > OLD_AFTER_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check card: positions, and what a liquidation does to them in each mode.

    `isolated_trouble` and `cross_trouble` say why that half has no numbers although nothing is missing.
    in_account: the cross half is that of the saved account with this trade in it. opening: an exchange would refuse it.
    wallets: by asset. pooled: all of them back one cross pool. counted_in: what amounts are in,
    where it is not what the positions settle in.
    """

    legs: tuple[LegView, ...]
    venue: str = ""
    wallets: tuple[tuple[str, Decimal], ...] = ()
    pooled: bool = False
    counted_in: str = ""
    fee: Decimal | None = None
    """The taker fee that is counted each way."""
    kind: str = "linear"
    both_kinds: bool = False
    """Whether the venue has the contract settled in dollars and in the coin."""
    mode: Mode | None = None
    market: Market | None = None
    isolated_trouble: Note | None = None
    cross_trouble: Note | None = None
    in_account: bool = False
    opening: Opening | None = None
    remarks: tuple[Note, ...] = ()
    assumed: tuple[Note, ...] = ()
    asked: Asked | None = None
    tiers: TierTable | None = None
    isolated_evaluation: Evaluation | None = None
    cross_evaluation: Evaluation | None = None

    @property
    def wallet(self) -> Decimal | None:
        """The wallet's balance, of several the first one's."""
        return self.wallets[0][1] if self.wallets else None

    @property
    def settle(self) -> str:
        """The asset of the amounts: dollars at the prices now where all assets back one pool."""
        if self.pooled:
            return "USD"
        return self.counted_in or (self.legs[0].settle if self.legs else "USDT")

    @property
    def answered(self) -> bool:
        """Whether at least one mode has numbers."""
        return any(leg.isolated or leg.cross for leg in self.legs)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """One saved position with its id; its figures stand under the mode that it is held in."""

    id: str
    leg: LegView
    figures: Figures | None
    place: int = 1
    """Its number in the person's own order, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What the positions that settle in one asset come to: unrealised gain, margin in use, free balance if known."""

    asset: str
    gain: Decimal
    margin: Decimal
    free: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """A coin behind a multi-asset account: its price (None: not known) and when it was given, and its haircut."""

    asset: str
    amount: Decimal
    price: Decimal | None
    haircut: Decimal
    age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceView:
    """The price now of one coin: given by the person `age` ago, or its entry price standing in (`age` None)."""

    coin: str
    price: Decimal
    age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioView:
    """The saved account: its positions as they stand, and how far everything may move.

    `trouble` says why there are no figures. `market` is None when no position is cross.
    """

    held: tuple[HeldView, ...]
    wallet: Decimal | None = None
    settle: str = "USDT"
    venue: str = ""
    """As people know it."""
    market: Market | None = None
    trouble: Note | None = None
    prices: tuple[PriceView, ...] = ()
    tiers: TierTable | None = None
    name: str = ""
    wallets: tuple[tuple[str, Decimal], ...] = ()
    most: int | None = None
    """How many positions it can hold, where that is near."""
    multi: bool = False
    backing: tuple[Backing, ...] = ()
    totals: tuple[Total, ...] = ()
