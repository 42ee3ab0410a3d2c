"""The venues that are known by name: what each brings along, by venue and symbol.

A symbol may be written as the venue writes it (BTC-USDT-SWAP, XBTUSD, PF_ETHUSD) or, where only one of its contracts
can be meant, in the plain form (BTCUSDT). Figures and rules are data (data/venues.json, data/*.csv); each names its
source in docs/sources.md.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from margin_engine.model.contracts import Terms
from margin_engine.model.decimals import plain
from margin_engine.model.errors import Unsupported
from margin_engine.model.tiers import TierMethod, TierTable
from margin_engine.venues import tables
from margin_engine.venues.catalogue import Preset, Switching, SwitchScope, TriggerPrice, catalogue

__all__ = [
    "Listing",
    "Preset",
    "SwitchScope",
    "Switching",
    "TriggerPrice",
    "default_contract",
    "known_venues",
    "listing",
    "preset_of",
    "symbols",
    "tick_size",
    "tier_table",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A symbol's tiers at a venue.

    table: floors in the settle asset. as_of: the table's date or year, None where there is none. source: a key of
    docs/sources.md. note: what an answer's `assumptions` say about it.
    """

    table: TierTable
    as_of: str | None
    source: str
    note: str


def known_venues() -> tuple[str, ...]:
    """The name of every venue that is known."""
    return tuple(catalogue())


def preset_of(venue: str) -> Preset:
    """The preset of a venue by its contract name. Raises Unsupported, which lists the supported names."""
    preset = catalogue().get(venue)
    if preset is None:
        rule = f"must be one of the supported venues: {', '.join(catalogue())}"
        raise Unsupported(field="venue", value=venue, rule=rule)
    return preset


def symbols(venue: str) -> tuple[str, ...]:
    """Every symbol that the venue has a tier table for, sorted, by its own name; empty for a venue without tables.

    Raises Unsupported.
    """
    return tables.listed(preset_of(venue).name)


def listing(
    venue: str, symbol: str, *, size: Decimal | None = None, method: TierMethod | None = None
) -> Listing | None:
    """The venue's own tiers of a symbol with what must be said about them, or None.

    size: quantity x multiplier, above 0, for the venues whose rate depends on it (Deribit's grows with it, some publish
    rungs in contracts); None is the smallest. method: how rates count, None as at the venue. A venue with an assumed
    rate has it for every symbol. Raises Unsupported.
    """
    counts = method or preset_of(venue).rules.tier_method
    return _listing(venue, symbol, size if tables.depends_on_size(venue, _own_name(venue, symbol)) else None, counts)


def tier_table(venue: str, symbol: str, *, size: Decimal | None = None) -> TierTable | None:
    """The venue's own tier table of a symbol (floors in its settle asset), or None. Raises Unsupported.

    size: as for `listing`.
    """
    found = listing(venue, symbol, size=size)
    return None if found is None else found.table


def tick_size(venue: str, symbol: str) -> Decimal | None:
    """The smallest step of the symbol's price, above 0, or None where it is not known. Raises Unsupported."""
    return tables.ticks().get((preset_of(venue).name, _own_name(venue, symbol)))


def default_contract(venue: str, symbol: str) -> Terms | None:
    """The terms of a symbol where the book states none: kind, multiplier and settle asset by venue and name.

    None where the name does not tell them, so that the book must. Multipliers are 1 (a quantity is in coins, or in USD
    of face value for an inverse contract) but for quanto contracts. Raises Unsupported for an unknown venue.
    """
    return _default_contract(preset_of(venue).name, symbol)


@lru_cache(maxsize=1024)
def _default_contract(venue: str, symbol: str) -> Terms | None:
    settle_asset = tables.binance_settle_asset(symbol) if venue == tables.BINANCE else None
    if settle_asset is not None:
        return Terms(settle_asset=settle_asset)
    return next((terms for naming in preset_of(venue).namings if (terms := naming.terms(symbol))), None)


@lru_cache(maxsize=1024)
def _listing(venue: str, symbol: str, size: Decimal | None, method: TierMethod) -> Listing | None:
    preset = preset_of(venue)
    found = tables.published(venue, _own_name(venue, symbol), size=size, method=method)
    if found is not None:
        note = f"tiers: {symbol} by the table of {venue}" + (f" of {found.as_of}" if found.as_of else ", undated")
        note += f"; {found.remark}" if found.remark else ""
        return Listing(table=found.table, as_of=found.as_of, source=found.source, note=note)
    if preset.assumed is None:
        return None
    tier = preset.assumed.tier
    note = f"tiers: {symbol} at a rate of {plain(tier.rate)} that is assumed: {preset.assumed.reason}"
    return Listing(table=TierTable((tier,)), as_of=None, source=preset.assumed.source, note=note)


@lru_cache(maxsize=1024)
def _own_name(venue: str, symbol: str) -> str:
    """How the venue itself writes a symbol; as it stands where its name says nothing."""
    return next((name for naming in preset_of(venue).namings if (name := naming.own_name(symbol))), symbol)
