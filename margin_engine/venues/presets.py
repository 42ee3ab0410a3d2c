"""The venues that are known by name, and what each brings along: rules, the date of its tables, what has no slot.

Presets hold data only. Which sources they come from stands beside the figures.
"""

from dataclasses import dataclass
from decimal import Decimal

from margin_engine.model.book import Rules
from margin_engine.model.contracts import Terms
from margin_engine.model.errors import Unsupported
from margin_engine.model.tiers import TierTable
from margin_engine.venues import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A venue: its rules, the date and name of its tier tables (None: it has none), and notes on what has no slot."""

    name: str
    rules: Rules
    tiers_as_of: str | None
    notes: tuple[str, ...]


BINANCE_USDM = Preset(
    name="binance-usdm",
    rules=Rules(),
    tiers_as_of="2026-09-29",
    notes=(
        "liquidation_process: the whole pool at once; the venue closes large positions in steps of unpublished size",
        "fees: funding, trading and liquidation fees not yet paid are not deducted from the wallet",
    ),
)
GENERIC = Preset(name="generic", rules=Rules(), tiers_as_of=None, notes=())

_SUPPORTED = {preset.name: preset for preset in (BINANCE_USDM, GENERIC)}
_QUOTES = ("USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USD1", "USDE", "DAI", "USD", "BTC", "ETH", "U")


def preset_of(venue: str) -> Preset:
    """The preset of a venue by its contract name. Raises Unsupported, which lists the supported names."""
    preset = _SUPPORTED.get(venue)
    if preset is None:
        rule = f"must be one of the supported venues: {', '.join(_SUPPORTED)}"
        raise Unsupported(field="venue", value=venue, rule=rule)
    return preset


def symbols(venue: str) -> tuple[str, ...]:
    """Every symbol that the venue has a tier table for, sorted; empty for a venue without tables.

    Raises Unsupported.
    """
    return tables.listed() if preset_of(venue) is BINANCE_USDM else ()


def tier_table(venue: str, symbol: str) -> TierTable | None:
    """The venue's own tier table of a symbol (floors in its settle asset), or None. Raises Unsupported."""
    listing = tables.listing(symbol) if preset_of(venue) is BINANCE_USDM else None
    return listing.table if listing else None


def tick_size(venue: str, symbol: str) -> Decimal | None:
    """The smallest step of the symbol's price, above 0, or None where it is not known. Raises Unsupported."""
    return tables.ticks().get(symbol) if preset_of(venue) is BINANCE_USDM else None


def default_contract(venue: str, symbol: str) -> Terms | None:
    """The terms of a symbol where the book states none: linear, multiplier 1, settled in the venue's settle asset.

    A symbol that the venue does not list is settled in the quote that its name ends with (a delivery date and
    separators apart); None if it ends with none. Raises Unsupported for an unknown venue.
    """
    listing = tables.listing(symbol) if preset_of(venue) is BINANCE_USDM else None
    settle_asset = listing.settle_asset if listing else _quote_of(symbol)
    return Terms(settle_asset=settle_asset) if settle_asset else None


def _quote_of(symbol: str) -> str | None:
    name = symbol.split("_", maxsplit=1)[0]
    return next((quote for quote in _QUOTES if name.endswith(quote) and name != quote), None)
