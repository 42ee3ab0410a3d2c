"""Binance USD-M's dated tables, read from the package's own data: 907 symbols with 7,276 rungs, and 71 tick sizes.

The file is read once; only the lines of the symbol that is asked for are parsed. Published maintenance amounts are not
read: they follow from continuity, and a test compares them.
"""

import pkgutil
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from margin_engine.model.tiers import Tier, TierTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A listed symbol: the asset that it settles in, and its tiers (floors in that asset)."""

    settle_asset: str
    table: TierTable


@lru_cache(maxsize=1024)
def listing(symbol: str) -> Listing | None:
    """The venue's listing of a symbol by its exact name (BTCUSDT, ETHBTC, BTCUSDT_261225), or None."""
    rows = _rows_of(symbol)
    if not rows:
        return None
    tiers = tuple(
        Tier(floor=Decimal(floor), rate=Decimal(rate), max_leverage=Decimal(limit))
        for _, _, floor, _, rate, _, limit in rows
    )
    return Listing(settle_asset=rows[0][1], table=TierTable(tiers))


@cache
def listed() -> tuple[str, ...]:
    """Every listed symbol, sorted."""
    lines = _text("binance_usdm_tiers.csv").splitlines()[2:]
    return tuple(sorted({line.split(",", maxsplit=1)[0] for line in lines}))


@cache
def ticks() -> dict[str, Decimal]:
    """The known tick sizes by symbol."""
    lines = _text("binance_usdm_ticks.csv").splitlines()[2:]
    return {symbol: Decimal(tick) for symbol, tick, _ in (line.split(",") for line in lines)}


def _rows_of(symbol: str) -> list[list[str]]:
    """The lines of one symbol, which stand together, split into fields."""
    text, mark = _text("binance_usdm_tiers.csv"), f"\n{symbol},"
    start = text.find(mark)
    # A separator inside the name would match across fields; the heading is no symbol.
    if start < 0 or not symbol or "," in symbol or "\n" in symbol or symbol == "symbol":
        return []
    rows: list[list[str]] = []
    while text.startswith(mark, start):
        end = text.index("\n", start + 1)
        rows.append(text[start + 1 : end].split(","))
        start = end
    return rows


@cache
def _text(name: str) -> str:
    data = pkgutil.get_data("margin_engine.venues", f"data/{name}")
    if data is None:
        raise FileNotFoundError(name)
    return data.decode("utf-8")
