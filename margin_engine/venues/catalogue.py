"""What a venue brings along, read from data/venues.json: rules, modes, switching, fees, names, and what is assumed.

Every figure and rule names its source: a key of docs/sources.md. What is not known is None, never a guess.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from margin_engine.model.book import MarginMode, Rules
from margin_engine.model.contracts import ContractKind, Terms
from margin_engine.model.tiers import Tier, TierMethod
from margin_engine.venues.packaged import text_of


class SwitchScope(StrEnum):
    """What a choice of margin mode holds for."""

    SYMBOL = "symbol"
    ACCOUNT = "account"
    ORDER = "order"
    SUBACCOUNT = "subaccount"


class TriggerPrice(StrEnum):
    """Which price decides about a liquidation."""

    MARK = "mark"
    FAIR = "fair"
    ORACLE = "oracle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switching:
    """Whether a margin mode can be changed. None: not known.

    with_position, with_orders: while a position, or open orders, of that scope exist. rule: the venue's rule in words.
    """

    scope: SwitchScope | None
    with_position: bool | None
    with_orders: bool | None
    rule: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that holds at a venue and has no slot, or is assumed: the slot that it is about, in words, sourced."""

    slot: str
    text: str
    source: str

    def __str__(self) -> str:
        return f"{self.slot}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedTier:
    """The one rung that stands in where a venue publishes none, and why it is that one."""

    tier: Tier
    reason: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How one family of symbols is written and what its contracts are.

    pattern: the whole name as people write it, with groups `base` and `quote` where the rest uses them. name: the
    venue's own way of writing it (None: as it stands). settle, multiplier: the contract's.
    """

    pattern: re.Pattern[str]
    name: str | None
    kind: ContractKind
    settle: str
    multiplier: Decimal

    def own_name(self, symbol: str) -> str | None:
        """The venue's own name of a symbol of this family; None if it is of another."""
        found = self.pattern.fullmatch(symbol)
        if found is None or self.name is None:
            return found and symbol
        return self.name.format_map(found.groupdict())

    def terms(self, symbol: str) -> Terms | None:
        """The contract of a symbol of this family; None if it is of another."""
        found = self.pattern.fullmatch(symbol)
        if found is None:
            return None
        settle_asset = self.settle.format_map(found.groupdict())
        return Terms(kind=self.kind, multiplier=self.multiplier, settle_asset=settle_asset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A venue.

    name: as in a book. title: as people know it. rules: every slot of its own. tiers_as_of: the date of its main table
    (None: it has none, or an undated one). margin_modes and default_mode: what a position can have, and has unless said
    otherwise. max_leverage: the highest that is known of any symbol; each rung has its own limit. taker_fee, maker_fee:
    fractions of the notional, without discounts. rounds_toward_mark: whether shown liquidation prices are rounded to
    the tick on the mark's side (a long's up, a short's down). isolated_in_multi: whether isolated positions are allowed
    in multi-asset mode. assumed: the rung where no table is published. noted: what is only named. sources: the key for
    each of these by its name.
    """

    name: str
    title: str
    rules: Rules
    tiers_as_of: str | None
    margin_modes: tuple[MarginMode, ...]
    default_mode: MarginMode
    switching: Switching
    trigger_price: TriggerPrice | None
    max_leverage: Decimal | None
    taker_fee: Decimal | None
    maker_fee: Decimal | None
    rounds_toward_mark: bool | None
    isolated_in_multi: bool | None
    default_symbol: str
    assumed: AssumedTier | None
    noted: tuple[Note, ...]
    namings: tuple[Naming, ...]
    sources: Mapping[str, str]

    @property
    def rule_sources(self) -> Mapping[str, str]:
        """The source of each slot of `rules` that is not plain."""
        return {slot.removeprefix("rules."): key for slot, key in self.sources.items() if slot.startswith("rules.")}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is only named, as entries of an answer's `assumptions`."""
        return tuple(str(note) for note in self.noted)


@cache
def catalogue() -> Mapping[str, Preset]:
    """Every venue by its name, in the order of the data."""
    data = json.loads(text_of("venues.json"), parse_float=Decimal)
    namings = {name: tuple(map(_naming, families)) for name, families in data["namings"].items()}
    return {venue["name"]: _preset(venue, namings) for venue in data["venues"]}


def _preset(venue: dict[str, Any], namings: Mapping[str, tuple[Naming, ...]]) -> Preset:
    return Preset(
        name=venue["name"],
        title=venue["title"],
        rules=_rules(venue["rules"]),
        tiers_as_of=venue["tiers_as_of"],
        margin_modes=tuple(map(MarginMode, venue["margin_modes"])),
        default_mode=MarginMode(venue["default_mode"]),
        switching=_switching(venue["switching"]),
        trigger_price=TriggerPrice(venue["trigger_price"]) if venue["trigger_price"] else None,
        max_leverage=_decimal(venue["max_leverage"]),
        taker_fee=_decimal(venue["taker_fee"]),
        maker_fee=_decimal(venue["maker_fee"]),
        rounds_toward_mark=venue["rounds_toward_mark"],
        isolated_in_multi=venue["isolated_in_multi"],
        default_symbol=venue["default_symbol"],
        assumed=_assumed(venue["assumed"]),
        noted=tuple(Note(slot=slot, text=text, source=source) for slot, text, source in venue["notes"]),
        namings=namings[venue["namings"]],
        sources=venue["sources"],
    )


def _rules(given: dict[str, Any]) -> Rules:
    """A venue's rules: what it leaves out is plain."""
    plain = Rules()
    return Rules(
        closing_fee_rate=Decimal(given.get("closing_fee_rate", plain.closing_fee_rate)),
        tier_method=TierMethod(given.get("tier_method", plain.tier_method)),
        others_profit_counts=given.get("others_profit_counts", plain.others_profit_counts),
        fee_to_close_rate=Decimal(given.get("fee_to_close_rate", plain.fee_to_close_rate)),
    )


def _switching(given: dict[str, Any]) -> Switching:
    scope = SwitchScope(given["scope"]) if given["scope"] else None
    return Switching(**{**given, "scope": scope})


def _assumed(given: dict[str, Any] | None) -> AssumedTier | None:
    if given is None:
        return None
    tier = Tier(floor=Decimal(0), rate=Decimal(given["rate"]), max_leverage=_decimal(given["max_leverage"]))
    return AssumedTier(tier=tier, reason=given["reason"], source=given["source"])


def _naming(given: dict[str, Any]) -> Naming:
    return Naming(
        pattern=re.compile(given["pattern"]),
        name=given.get("name"),
        kind=ContractKind(given["kind"]),
        settle=given["settle"],
        multiplier=Decimal(given.get("multiplier", 1)),
    )


def _decimal(given: str | None) -> Decimal | None:
    return None if given is None else Decimal(given)
