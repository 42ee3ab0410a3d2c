"""Which contract of the venue a coin's name means."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rapidfuzz import fuzz, process

from margin_engine import symbols, tick_size, tier_table
from margin_engine.model.tiers import TierTable

VENUE = "binance-usdm"
"""The one venue that is built in."""

SETTLE = "USDT"
_LOTS = (("1000", 1000), ("1000000", 1_000_000), ("1M", 1_000_000))
_NEAREST = 3
_ALIKE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A listed contract. `coin` is its base name; `per` is how many coins one unit holds, 1 but for lots."""

    coin: str
    symbol: str
    per: int
    tick: Decimal | None
    table: TierTable


@lru_cache(maxsize=2048)
def listing_of(coin: str) -> Listing | None:
    """The USDT contract for a coin: PEPE is traded in lots of a thousand, as 1000PEPEUSDT. None if there is none."""
    for prefix, per in (("", 1), *_LOTS):
        symbol = f"{prefix}{coin}{SETTLE}"
        table = tier_table(VENUE, symbol)
        if table is not None:
            return Listing(coin=prefix + coin, symbol=symbol, per=per, tick=tick_size(VENUE, symbol), table=table)
    return None


@lru_cache(maxsize=1)
def _coins() -> tuple[str, ...]:
    listed = (symbol.removesuffix(SETTLE) for symbol in symbols(VENUE) if symbol.endswith(SETTLE))
    return tuple(listed)


@lru_cache(maxsize=256)
def nearest(coin: str) -> tuple[str, ...]:
    """Listed coins whose names are like `coin`, nearest first, at most three."""
    found = process.extract(coin, _coins(), scorer=fuzz.ratio, limit=_NEAREST, score_cutoff=_ALIKE)
    return tuple(name for name, _, _ in found)


def tick_of(symbol: str) -> Decimal | None:
    """The smallest step of a contract's price, None where it is not known."""
    return tick_size(VENUE, symbol)
