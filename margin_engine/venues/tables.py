"""Dated tables by venue and symbol, read from the package's own data: maintenance tiers and tick sizes.

A venue publishes its rungs in one of three ways, and each is brought to floors in the settle asset:

- by notional: the table as it is;
- by contracts: the rung depends on the size of the position alone, not on the price, so that at a known size one rung
  holds at every price: its rate for the whole position or, marginally, (size x rate - amount) / size;
- as a rate that grows with the size (Deribit): again one rung at a known size.

Binance USD-M's file (907 symbols, 7,276 rungs) is searched for the symbol that is asked for, and only its lines are
parsed. Published maintenance amounts are not read: they follow from continuity, and a test compares them.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import cache, lru_cache

from margin_engine.model.decimals import ONE, ZERO, exactly, plain
from margin_engine.model.tiers import Tier, TierMethod, TierTable
from margin_engine.venues.packaged import rows_of, text_of

BINANCE = "binance-usdm"
_BINANCE_DATE, _BINANCE_SOURCE = "2026-09-29", "binance-usdm-tiers"
_LEVERAGE_STEP = Decimal("0.0001")
_CONTRACTS = "contracts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A table as published. as_of: its date or year, None where undated. source: a key of docs/sources.md.

    remark: what else an answer that rests on it must say, or nothing.
    """

    table: TierTable
    as_of: str | None
    source: str
    remark: str = ""


@exactly
def published(venue: str, symbol: str, *, size: Decimal | None, method: TierMethod) -> Published | None:
    """The venue's table of a symbol by its own name, at a size (coins, or USD for an inverse contract; None: least).

    None where it has none. The size matters only where the rate depends on it.
    """
    if venue == BINANCE:
        found = _binance(symbol)
        return None if found is None else found[1]
    if (rungs := _rungs().get((venue, symbol))) is not None:
        return _by_contracts(rungs, size or ZERO, method) if rungs[0]["unit"] == _CONTRACTS else _by_notional(rungs)
    growing = _growing().get((venue, symbol))
    return None if growing is None else _grown(growing, size or ZERO)


def depends_on_size(venue: str, symbol: str) -> bool:
    """Whether the rate of a symbol, by its own name, goes by the size of the position."""
    return (venue, symbol) in _growing() or _rungs().get((venue, symbol), [{}])[0].get("unit") == _CONTRACTS


def binance_settle_asset(symbol: str) -> str | None:
    """What a symbol that Binance USD-M lists settles in, or None."""
    found = _binance(symbol)
    return None if found is None else found[0]


@cache
def listed(venue: str) -> tuple[str, ...]:
    """Every symbol that the venue has a table for, sorted, by its own name."""
    if venue == BINANCE:
        lines = text_of("binance_usdm_tiers.csv").splitlines()[2:]
        return tuple(sorted({line.split(",", maxsplit=1)[0] for line in lines}))
    return tuple(sorted(symbol for name, symbol in [*_rungs(), *_growing()] if name == venue))


@cache
def ticks() -> Mapping[tuple[str, str], Decimal]:
    """The known tick sizes by venue and symbol."""
    return {(row["venue"], row["symbol"]): Decimal(row["tick_size"]) for row in rows_of("ticks.csv")}


def _by_notional(rungs: list[dict[str, str]]) -> Published:
    tiers = tuple(
        Tier(floor=Decimal(row["floor"]), rate=Decimal(row["maintenance_rate"]), max_leverage=_limit(row))
        for row in rungs
    )
    top = rungs[-1]["cap"]
    remark = f"known up to a notional of {top}, beyond it the last rung is taken" if top else ""
    return _dated(rungs[0], TierTable(tiers), remark)


def _by_contracts(rungs: list[dict[str, str]], size: Decimal, method: TierMethod) -> Published:
    contract = Decimal(rungs[0]["contract_size"])
    tiers = tuple(Tier(floor=Decimal(row["floor"]) * contract, rate=Decimal(row["maintenance_rate"])) for row in rungs)
    rung = max(0, bisect_right(tiers, size, key=lambda tier: tier.floor) - 1)
    amount = TierTable(tiers).amounts(method)[rung]
    rate = tiers[rung].rate - (amount / size if amount else ZERO)
    remark = f"rungs published in contracts of {plain(contract)}, the rung is that of the size {plain(size)}"
    return _dated(rungs[0], TierTable((Tier(floor=ZERO, rate=rate, max_leverage=_limit(rungs[rung])),)), remark)


def _grown(row: dict[str, str], size: Decimal) -> Published:
    rate = Decimal(row["maintenance_rate"]) + size * Decimal(row["maintenance_rate_per_coin"])
    initial = Decimal(row["initial_rate"]) + size * Decimal(row["initial_rate_per_coin"])
    limit = (ONE / initial).quantize(_LEVERAGE_STEP, rounding=ROUND_DOWN)
    remark = f"the rate grows with the size, at {plain(size)} coins it is {plain(rate)}"
    return _dated(row, TierTable((Tier(floor=ZERO, rate=rate, max_leverage=limit),)), remark)


def _dated(row: dict[str, str], table: TierTable, remark: str) -> Published:
    return Published(table=table, as_of=row["as_of"] or None, source=row["source"], remark=remark)


def _limit(row: dict[str, str]) -> Decimal | None:
    return Decimal(row["max_leverage"]) if row["max_leverage"] else None


@cache
def _rungs() -> Mapping[tuple[str, str], list[dict[str, str]]]:
    tables: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows_of("tiers.csv"):
        tables.setdefault((row["venue"], row["symbol"]), []).append(row)
    return tables


@cache
def _growing() -> Mapping[tuple[str, str], dict[str, str]]:
    return {(row["venue"], row["symbol"]): row for row in rows_of("growing_rates.csv")}


@lru_cache(maxsize=1024)
def _binance(symbol: str) -> tuple[str, Published] | None:
    """What a symbol by its exact name (BTCUSDT, ETHBTC, BTCUSDT_261225) settles in, and its table."""
    rows = _binance_rows(symbol)
    if not rows:
        return None
    tiers = tuple(
        Tier(floor=Decimal(floor), rate=Decimal(rate), max_leverage=Decimal(limit))
        for _, _, floor, _, rate, _, limit in rows
    )
    return rows[0][1], Published(table=TierTable(tiers), as_of=_BINANCE_DATE, source=_BINANCE_SOURCE)


def _binance_rows(symbol: str) -> list[list[str]]:
    """The lines of one symbol, which stand together, split into fields."""
    text, mark = text_of("binance_usdm_tiers.csv"), f"\n{symbol},"
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
