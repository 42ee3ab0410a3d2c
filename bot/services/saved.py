"""Saved positions as the engine takes them, and the few things that everybody asks of a portfolio."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_CEILING, Context, Decimal

from bot.services.saved_terms import contract_of
from bot.services.symbols import SETTLE, listing_of
from bot.storage.portfolios import Mark, Portfolio, SavedPosition
from margin_engine import EngineError, MarginMode, Position, Side, default_contract, tick_size

_UP = Context(prec=15, rounding=ROUND_CEILING)


def wallet_of(portfolio: Portfolio) -> Decimal | None:
    """The saved wallet balance in USDT, or None when it was never told."""
    return portfolio.wallet.get(SETTLE)


def settle_asset(portfolio: Portfolio, position: SavedPosition) -> str:
    """The asset that a position's margin and gains are counted in: USDT, or BTC for an inverse contract on it."""
    if position.contract is not None and position.contract.settle_asset is not None:
        return position.contract.settle_asset
    try:
        terms = default_contract(portfolio.venue, position.symbol)
    except EngineError:
        return SETTLE
    return terms.settle_asset if terms is not None else SETTLE


def settle_of(portfolio: Portfolio) -> str:
    """The asset of which the wallet is asked: that of the first position, USDT without any."""
    return next((settle_asset(portfolio, position) for position in portfolio.positions), SETTLE)


def tick_at(venue: str, symbol: str) -> Decimal | None:
    """The smallest step of a contract's price at its venue, None where it is not known."""
    try:
        return tick_size(venue, symbol)
    except EngineError:
        return None


def coin_of(symbol: str) -> str:
    """The base name of a contract: BTC for BTCUSDT."""
    return symbol.removesuffix(SETTLE)


def coins_held(portfolio: Portfolio) -> tuple[str, ...]:
    """The coins of the saved positions, each once."""
    return tuple(dict.fromkeys(coin_of(position.symbol) for position in portfolio.positions))


def margin_of_saved(position: SavedPosition) -> Decimal:
    """What an isolated position sets aside, rounded up: its own margin, else the initial margin at entry."""
    if position.isolated_margin is not None:
        return position.isolated_margin
    return _UP.divide(position.quantity * position.entry_price, position.leverage)


def engine_position(saved: SavedPosition, mark: Decimal | None, *, identity: str | None = None) -> Position:
    """A saved position for the engine at the price `mark`, None for its entry."""
    return Position(
        id=saved.id if identity is None else identity,
        symbol=saved.symbol,
        side=Side(saved.side),
        quantity=saved.quantity,
        entry_price=saved.entry_price,
        mark_price=mark,
        leverage=saved.leverage,
        margin_mode=MarginMode(saved.margin_mode),
        isolated_margin=saved.isolated_margin,
        contract=contract_of(saved.contract),
    )


def with_prices(
    portfolio: Portfolio, prices: Mapping[str, Decimal], *, now: datetime
) -> tuple[Portfolio, tuple[str, ...]]:
    """The portfolio with prices now by coin, in the coin's own unit, and the coins that it holds positions of."""
    marks, held = dict(portfolio.marks), []
    for coin, price in prices.items():
        listing = listing_of(coin)
        if listing is not None and any(position.symbol == listing.symbol for position in portfolio.positions):
            marks[listing.symbol] = Mark(price=price * listing.per, given_at=now)
            held.append(coin)
    return (portfolio.model_copy(update={"marks": marks}) if held else portfolio), tuple(held)
