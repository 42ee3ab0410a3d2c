"""The few books that the lessons are told with, in round numbers; the rest is the engine's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from margin_engine import Book, Contract, ContractKind, MarginMode, Position, Side, Tier, TierTable

ISOLATED, CROSS = MarginMode.ISOLATED, MarginMode.CROSS
WALLET = Decimal(10_000)
BTC_PRICE = Decimal(64_000)
ETH_PRICE = Decimal(3_200)


def position(
    symbol: str,
    quantity: str,
    entry: Decimal | str,
    leverage: Decimal | int,
    mode: MarginMode,
    *,
    side: Side = Side.LONG,
    identity: str = "",
    mark: Decimal | None = None,
    margin: Decimal | None = None,
    contract: Contract | None = None,
) -> Position:
    """One position of a lesson; its id is its symbol unless said otherwise."""
    return Position(
        id=identity or symbol,
        symbol=symbol,
        side=side,
        quantity=Decimal(quantity),
        entry_price=Decimal(entry),
        leverage=Decimal(leverage),
        margin_mode=mode,
        mark_price=mark,
        isolated_margin=margin,
        contract=contract,
    )


def usual(
    leverage: int = 20, mode: MarginMode = ISOLATED, *, venue: str = "binance-usdm", quantity: str = "0.5"
) -> Book:
    """Long 0.5 BTC at 64,000 with 10,000 USDT in the wallet."""
    symbol = "BTC-USDT-SWAP" if venue == "okx" else "BTCUSDT"
    held = position(symbol, quantity, BTC_PRICE, leverage, mode, identity="p1")
    return Book(venue=venue, wallet={"USDT": WALLET}, positions=(held,))


def hedge(mode: MarginMode, *, beta: Decimal = Decimal(1), shocks: Mapping[str, Decimal] | None = None) -> Book:
    """Long 0.5 BTC against short 10 ETH of the same worth, 10x, with 10,000 USDT."""
    long = position("BTCUSDT", "0.5", BTC_PRICE, 10, mode)
    short = position("ETHUSDT", "10", ETH_PRICE, 10, mode, side=Side.SHORT)
    return Book(
        wallet={"USDT": WALLET}, positions=(long, short), betas={"ETHUSDT": beta, "*": Decimal(1)}, shocks=shocks or {}
    )


def three(mode: MarginMode, shocks: Mapping[str, Decimal] | None = None) -> Book:
    """Long BTC, long ETH and a large short in SOL, with 5,000 USDT."""
    return Book(
        wallet={"USDT": Decimal(5_000)},
        positions=(
            position("BTCUSDT", "0.1", BTC_PRICE, 10, mode),
            position("ETHUSDT", "1", ETH_PRICE, 10, mode),
            position("SOLUSDT", "200", "150", 10, mode, side=Side.SHORT),
        ),
        shocks=shocks or {},
    )


def _flat(rate: str) -> TierTable:
    return TierTable((Tier(floor=Decimal(0), rate=Decimal(rate)),))


IN_BTC = Contract(kind=ContractKind.LINEAR, multiplier=Decimal(1), settle_asset="BTC")
"""A coin that is priced and settled in BTC."""

INVERSE = Contract(kind=ContractKind.INVERSE, multiplier=Decimal(1), settle_asset="BTC")


def in_btc(
    wallet: str, *positions: Position, rates: Mapping[str, str], shocks: Mapping[str, Decimal] | None = None
) -> Book:
    """An account in BTC, with one maintenance rate for each symbol."""
    tiers = {symbol: _flat(rate) for symbol, rate in rates.items()}
    wallets = {"BTC": Decimal(wallet)}
    return Book(venue="generic", wallet=wallets, positions=positions, tiers=tiers, shocks=shocks or {})


def moved(book: Book, shocks: Mapping[str, Decimal]) -> Book:
    """The same book with these moves to come."""
    return replace(book, shocks=shocks)


def figure(value: Decimal | None) -> Decimal:
    """A figure that every one of these books has."""
    if value is None:
        raise ValueError("a lesson's book must have this figure")
    return value
