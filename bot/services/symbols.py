"""Which contract of a venue a coin's name means, and what is known about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.coins import STABLES, window
from margin_engine import ContractKind, Terms, default_contract, known_venues, symbols, tick_size, tier_table
from margin_engine.model.contracts import notional
from margin_engine.model.tiers import Tier, TierTable
from margin_engine.venues.tables import depends_on_size

VENUE: Final = "binance-usdm"
"""The venue whose rules hold where none was named."""

COIN_VENUE: Final = "binance-coinm"
"""The same for coin-margined contracts."""

SETTLE: Final = "USDT"
GENERIC: Final = "generic"
Kind = Literal["linear", "inverse", "quanto"]
_KINDS: Final[tuple[Kind, Kind]] = ("linear", "inverse")
Basis = Literal["published", "assumed", "given"]
"""Where a maintenance rate is from: the venue's table, an assumption, or the person."""

IN_ORDER: Final = (
    VENUE, "bybit", "okx", "hyperliquid", "gate", "bitmex", "deribit", "dydx-v4", "kraken-futures", COIN_VENUE,
    "primexbt", "margex", "alphapoint",
)  # fmt: skip
"""The venues as they are offered, those with the most users first."""

_NAMES: Final[dict[str, dict[str, str]]] = {
    VENUE: {"linear": "{coin}USDT"},
    COIN_VENUE: {"coin": "{coin}USD_PERP"},
    "bybit": {"linear": "{coin}USDT", "coin": "{coin}USD"},
    "okx": {"linear": "{coin}-USDT-SWAP", "coin": "{coin}-USD-SWAP"},
    "bitmex": {"linear": "{own}USDT", "coin": "{own}USD"},
    "gate": {"linear": "{coin}_USDT", "coin": "{coin}_USD"},
    "hyperliquid": {"linear": "{coin}"},
    "dydx-v4": {"linear": "{coin}-USD"},
    "deribit": {"linear": "{coin}_USDC-PERPETUAL", "coin": "{coin}-PERPETUAL"},
    "kraken-futures": {"linear": "PF_{own}USD", "coin": "PI_{own}USD"},
}
"""How a venue writes its perpetual contracts; the others have USDT ones by their plain names."""

_PLAIN: Final = {"linear": "{coin}USDT"}
_OTHER_DOLLARS: Final = {(VENUE, "USDC"): "{coin}USDC"}
"""Linear contracts beside the usual ones of a venue that are settled in another dollar coin, by that coin."""

_LOTS: Final = {
    VENUE: (("1000", 1000), ("1000000", 1_000_000), ("1M", 1_000_000)),
    "hyperliquid": (("k", 1000),),
}
_CONTRACT_SIZES: Final = {
    ("okx", "BTC-USDT-SWAP"): Decimal("0.01"),
    ("okx", "ETH-USD-SWAP"): Decimal(10),
    ("gate", "BTC_USDT"): Decimal("0.0001"),
    (COIN_VENUE, "BTCUSD_PERP"): Decimal(100),
}
"""What one contract holds: coins, or USD of an inverse one (docs/sources.md: okx-position-samples, gate-samples,
binance-coinm-margin-faq)."""

_DOLLAR_CONTRACTS: Final = frozenset({"bybit", "bitmex", "kraken-futures"})
"""Venues whose inverse contracts are 1 USD each."""

_ASSUMED_RATES: Final = {(COIN_VENUE, "BTCUSD_PERP"): Decimal("0.004")}
"""Binance's own worked example of COIN-M: 100 contracts of 100 USD at 25,000 require 0.0016 BTC, 0.4 % of 0.4 BTC."""

_BASE = re.compile(r"(?:P[FI]_)?(?P<base>.+?)(?:[-_/]?(?:USDT|USDC|USD))?(?:[-_](?:PERP|SWAP|PERPETUAL))?")
_NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A contract of a venue. `coin` is its base name; `per` is how many coins one unit holds, 1 but for lots.

    contract: its kind, multiplier and settle asset. table: floors in the settle asset; where the rate goes by the size
    (`by_size`), that of the least size. basis: where the table is from. lot: what one contract holds, None where that
    is not known.
    """

    coin: str
    symbol: str
    per: int
    tick: Decimal | None
    table: TierTable
    venue: str
    contract: Terms
    basis: Basis
    by_size: bool
    lot: Decimal | None

    @property
    def settle(self) -> str:
        """The asset in which margins, profits and losses are counted."""
        return self.contract.settle_asset

    @property
    def kind(self) -> Kind:
        """Linear, inverse or quanto."""
        return self.contract.kind.value

    @property
    def stated(self) -> bool:
        """Whether the engine has to be told the table, because it is not the venue's own."""
        return self.basis == "given" or (self.venue, self.symbol) in _ASSUMED_RATES

    @property
    def in_coins(self) -> bool:
        """Whether it is settled in a coin, not in dollars."""
        return self.settle not in STABLES

    def table_at(self, quantity: Decimal | None) -> TierTable:
        """The tiers of a position of that size."""
        if not self.by_size or quantity is None:
            return self.table
        return tier_table(self.venue, self.symbol, size=quantity * self.contract.multiplier) or self.table

    def notional(self, quantity: Decimal, price: Decimal) -> Decimal:
        """What a position is worth, in the settle asset."""
        return notional(kind=self.contract.kind, size=quantity * self.contract.multiplier, price=price)


def is_known(venue: str) -> bool:
    """Whether the engine has the rules of a venue."""
    return venue in known_venues() and venue != GENERIC


@lru_cache(maxsize=4096)
def listing_of(
    coin: str,
    venue: str = VENUE,
    contract: Kind | None = None,
    rate: Decimal | None = None,
    quote: str | None = None,
) -> Listing | None:
    """The contract for a coin: PEPE is traded in lots of a thousand at Binance, as 1000PEPEUSDT.

    Arguments: contract, None for the venue's usual one; rate, a maintenance rate that the person gave; quote, the
    dollar coin that was written with it ("BTCUSDC"). None where the venue has no such contract, or no tiers for it and
    no rate was given.
    """
    if not coin:
        return None
    for prefix, per in (("", 1), *_LOTS.get(venue, ())):
        symbol = symbol_of(prefix + coin, venue, contract, quote)
        found = _listed(prefix + coin, symbol, per, venue, None) if symbol is not None else None
        if found is not None:
            return found if rate is None else _listed(prefix + coin, found.symbol, per, venue, rate)
    symbol = symbol_of(coin, venue, contract, quote)
    return _listed(coin, symbol, 1, venue, rate) if symbol is not None and rate is not None else None


def symbol_of(coin: str, venue: str, contract: Kind | None, quote: str | None = None) -> str | None:
    """How the venue writes a coin's perpetual contract; None where it has none of that kind."""
    names = _NAMES.get(venue, _PLAIN)
    if contract in (None, "linear") and has_quote(venue, quote):
        names, contract = {"linear": _OTHER_DOLLARS[venue, quote or ""]}, "linear"
    kind = "linear" if contract == "linear" else "coin" if contract is not None else _usual(coin, venue)
    pattern = names.get(kind)
    if pattern is None:
        return None
    if venue == "hyperliquid" and coin.startswith("1000"):
        return "k" + coin.removeprefix("1000")
    return pattern.format(coin=coin, own="XBT" if coin == "BTC" else coin)


def has_quote(venue: str, quote: str | None) -> bool:
    """Whether a venue has linear contracts in a dollar coin beside its usual ones: BTCUSDC beside BTCUSDT."""
    return (venue, quote) in _OTHER_DOLLARS


def is_beside(symbol: str, venue: str) -> bool:
    """Whether a contract is one of those that a venue has beside its usual ones: BTCUSDC beside BTCUSDT."""
    coin = coin_of(symbol)
    return any(each == venue and name.format(coin=coin) == symbol for (each, _), name in _OTHER_DOLLARS.items())


def in_quote(coin: str, venue: str, quote: str | None) -> Listing | None:
    """The contract of a coin in the dollar coin that was said; None where the venue has none in that."""
    listing = listing_of(coin, venue, quote=quote)
    return listing if listing is not None and quote in (None, listing.settle) else None


def has_both_kinds(coin: str, venue: str) -> bool:
    """Whether a venue writes contracts of a coin that are settled in dollars and others that are settled in coins."""
    if venue in (VENUE, COIN_VENUE):
        return True
    pairs = [symbol_of(coin, venue, kind) for kind in _KINDS]
    return all(symbol is not None and default_contract(venue, symbol) is not None for symbol in pairs)


def _usual(coin: str, venue: str) -> str:
    """The kind of contract that is meant where nobody says: linear, but COIN-M has none, and of BitMEX only the
    tiers of XBTUSD are known."""
    return "coin" if venue == COIN_VENUE or (venue, coin) == ("bitmex", "BTC") else "linear"


def _listed(coin: str, symbol: str, per: int, venue: str, rate: Decimal | None) -> Listing | None:
    terms = default_contract(venue, symbol)
    if terms is None:
        return None
    table = tier_table(venue, symbol)
    basis: Basis = "published" if symbol in symbols(venue) else "assumed"
    assumed = _ASSUMED_RATES.get((venue, symbol)) if rate is None else rate
    if assumed is not None:
        table = TierTable((Tier(floor=Decimal(0), rate=assumed),))
        basis = "given" if rate is not None else "assumed"
    if table is None:
        return None
    return Listing(
        coin=coin,
        symbol=symbol,
        per=per,
        tick=tick_size(venue, symbol),
        table=table,
        venue=venue,
        contract=terms,
        basis=basis,
        by_size=assumed is None and depends_on_size(venue, symbol),
        lot=_lot(venue, symbol, terms),
    )


def _lot(venue: str, symbol: str, terms: Terms) -> Decimal | None:
    known = _CONTRACT_SIZES.get((venue, symbol))
    if known is not None or terms.kind is ContractKind.LINEAR:
        return known
    if terms.kind is ContractKind.QUANTO or venue in _DOLLAR_CONTRACTS:
        return Decimal(1)
    return Decimal(10) if venue == COIN_VENUE else None


@lru_cache(maxsize=1024)
def venues_with(coin: str, contract: Kind | None) -> tuple[str, ...]:
    """The venues whose own tiers of a coin's contract are known, in the order in which they are offered."""
    kind = contract if contract is None or contract == "linear" else "inverse"
    return tuple(
        venue
        for venue in IN_ORDER
        if (listing := listing_of(coin, venue, kind)) is not None
        and (listing.basis == "published" or venue == COIN_VENUE)
    )


@lru_cache(maxsize=16)
def _coins(venue: str) -> dict[str, str]:
    """What people call the listed coins -> their names: PEPE for 1000PEPE."""
    listed = symbols(venue) if venue != VENUE else [each for each in symbols(venue) if each.endswith(SETTLE)]
    coins = [coin_of(symbol) for symbol in listed] or list(_coins(VENUE).values())
    return {coin.lstrip("01") if coin[:4] == "1000" else coin: coin for coin in coins}


@lru_cache(maxsize=256)
def nearest(coin: str, venue: str = VENUE) -> tuple[str, ...]:
    """Listed coins that `coin` may have been meant to be: one letter off, two in long names; at most three.

    Coins that many trade come first, and a name of up to three letters must begin alike. Better none than a silly one.
    """
    edits, coins = 1 if len(coin) <= 5 else 2, _coins(venue)
    found = process.extract(coin, list(coins), scorer=OSA.distance, score_cutoff=edits, limit=None)
    near = [
        (distance, window(base) is None, base) for base, distance, _ in found if base[0] == coin[0] or len(coin) > 3
    ]
    return tuple(coins[base] for _, _, base in sorted(near))[:_NEAREST] if len(coin) > 2 else ()


def tick_of(symbol: str, venue: str = VENUE) -> Decimal | None:
    """The smallest step of a contract's price, None where it is not known."""
    return tick_size(venue, symbol)


@lru_cache(maxsize=4096)
def coin_of(symbol: str) -> str:
    """The base name of a contract: BTC for BTCUSDT, BTC-USDT-SWAP, XBTUSD and PI_XBTUSD."""
    found = _BASE.fullmatch(symbol)
    base = found["base"] if found else symbol
    return "BTC" if base == "XBT" else base
