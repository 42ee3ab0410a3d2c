"""Which contract of the venue a coin's name means."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.coins import window
from margin_engine import symbols, tick_size, tier_table
from margin_engine.model.tiers import TierTable

VENUE = "binance-usdm"
"""The one venue that is built in."""

SETTLE = "USDT"
_LOTS = (("1000", 1000), ("1000000", 1_000_000), ("1M", 1_000_000))
_NEAREST = 3


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
def _coins() -> dict[str, str]:
    """What people call the listed coins -> their names: PEPE for 1000PEPE."""
    listed = (symbol.removesuffix(SETTLE) for symbol in symbols(VENUE) if symbol.endswith(SETTLE))
    return {coin.lstrip("01") if coin[:4] == "1000" else coin: coin for coin in listed}


@lru_cache(maxsize=256)
def nearest(coin: str) -> tuple[str, ...]:
    """Listed coins that `coin` may have been meant to be: one letter off, two in long names; at most three.

    Coins that many trade come first, and a name of up to three letters must begin alike. Better none than a silly one.
    """
    edits = 1 if len(coin) <= 5 else 2
    found = process.extract(coin, list(_coins()), scorer=OSA.distance, score_cutoff=edits, limit=None)
    near = [
        (distance, window(base) is None, base) for base, distance, _ in found if base[0] == coin[0] or len(coin) > 3
    ]
    return tuple(_coins()[base] for _, _, base in sorted(near))[:_NEAREST] if len(coin) > 2 else ()


def tick_of(symbol: str) -> Decimal | None:
    """The smallest step of a contract's price, None where it is not known."""
    return tick_size(VENUE, symbol)
