"""Saved positions as the engine takes them, and the few things that everybody asks of a portfolio."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_CEILING, Context, Decimal

from bot.services.saved_terms import contract_of
from bot.services.symbols import SETTLE, coin_of, is_beside, listing_of
from bot.storage.portfolios import Mark, Portfolio, SavedPosition
from margin_engine import MarginMode, Position, Side, Terms, Tier, TierTable, default_contract
from margin_engine.model.contracts import notional

_UP = Context(prec=15, rounding=ROUND_CEILING)
_ZERO = Decimal(0)


def settle_of(portfolio: Portfolio, symbol: str) -> str:
    """What a contract of the portfolio's venue is settled in, or what an imported book says of it."""
    terms = terms_of(portfolio, symbol)
    return terms.settle_asset if terms is not None else SETTLE


def terms_of(portfolio: Portfolio, symbol: str) -> Terms | None:
    """The terms of a contract: those that an imported book states, else the venue's; None where nobody tells."""
    saved = next((each.contract for each in portfolio.positions if each.symbol == symbol and each.contract), None)
    usual = default_contract(portfolio.venue, symbol)
    stated = contract_of(saved)
    if stated is None:
        return usual
    base = usual or Terms(settle_asset=SETTLE)
    return Terms(
        kind=stated.kind or base.kind,
        multiplier=stated.multiplier or base.multiplier,
        settle_asset=stated.settle_asset or base.settle_asset,
    )


def main_asset(portfolio: Portfolio) -> str:
    """The asset that the portfolio's wallet is told in: that of its first position, else of what is in the wallet."""
    if portfolio.positions:
        return settle_of(portfolio, portfolio.positions[0].symbol)
    return next(iter(portfolio.wallet), SETTLE)


def settles_held(portfolio: Portfolio) -> tuple[str, ...]:
    """What the saved positions settle in, each asset once."""
    return tuple(dict.fromkeys(settle_of(portfolio, each.symbol) for each in portfolio.positions))


def asset_asked(portfolio: Portfolio) -> str:
    """The asset whose balance is asked for: the first that positions stand on and nobody told, else the main one."""
    return lacking(portfolio) or main_asset(portfolio)


def is_pooled(portfolio: Portfolio) -> bool:
    """Whether all assets back one account of which some are told: one that is not among them then holds nothing."""
    return portfolio.asset_mode == "multi" and bool(portfolio.wallet)


def lacking(portfolio: Portfolio) -> str | None:
    """The first asset that positions stand on and whose balance nobody told; None where all are known."""
    if is_pooled(portfolio):
        return None
    return next((asset for asset in settles_held(portfolio) if asset not in portfolio.wallet), None)


def wallet_of(portfolio: Portfolio, asset: str | None = None) -> Decimal | None:
    """The saved wallet balance in an asset (None: the main one), or None when it was never told."""
    nothing = _ZERO if is_pooled(portfolio) else None
    return portfolio.wallet.get(main_asset(portfolio) if asset is None else asset, nothing)


def is_unused(portfolio: Portfolio) -> bool:
    """Whether nothing was saved yet, so that the portfolio can be one of any venue."""
    return not portfolio.positions and not portfolio.wallet


def coins_held(portfolio: Portfolio) -> tuple[str, ...]:
    """The coins of the saved positions, each once."""
    return tuple(dict.fromkeys(coin_of(position.symbol) for position in portfolio.positions))


def name_of(portfolio: Portfolio, symbol: str) -> str:
    """What a contract is called where it is shown: its coin, or its symbol where that would leave open which it is."""
    coin = coin_of(symbol)
    same = {each.symbol for each in portfolio.positions if coin_of(each.symbol) == coin} | {symbol}
    return symbol if len(same) > 1 or is_beside(symbol, portfolio.venue) else coin


def margin_of_saved(portfolio: Portfolio, position: SavedPosition) -> Decimal:
    """What an isolated position sets aside, rounded up: its own margin, else the initial margin at entry."""
    if position.isolated_margin is not None:
        return position.isolated_margin
    terms = terms_of(portfolio, position.symbol)
    value = position.quantity * position.entry_price
    if terms is not None:
        value = notional(kind=terms.kind, size=position.quantity * terms.multiplier, price=position.entry_price)
    return _UP.divide(value, position.leverage)


def saved_tiers(positions: Iterable[SavedPosition]) -> dict[str, TierTable]:
    """The maintenance rates that were given for positions whose venue has no table of them, by symbol."""
    return {each.symbol: TierTable((Tier(floor=_ZERO, rate=each.rate),)) for each in positions if each.rate is not None}


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
    """The portfolio with prices now by coin, in the coin's own unit, and the coins that it holds positions of.

    A coin's price is that of all its contracts and of the coin as collateral; a contract's symbol in its
    place is that one's alone.
    """
    marks, held = dict(portfolio.marks), []
    for coin, price in prices.items():
        for symbol in dict.fromkeys(position.symbol for position in portfolio.positions):
            listing = listing_of(coin, portfolio.venue)
            per = listing.per if listing is not None and listing.coin == coin_of(symbol) else 1
            if per > 1 or coin in (symbol, coin_of(symbol)):
                marks[symbol] = Mark(price=price * per, given_at=now)
                held.append(coin)
    backing = {
        coin: portfolio.collateral[coin].model_copy(update={"price": price, "given_at": now})
        for coin, price in prices.items()
        if coin in portfolio.collateral
    }
    held += backing
    update = {"marks": marks, "collateral": {**portfolio.collateral, **backing}}
    return (portfolio.model_copy(update=update) if held else portfolio), tuple(dict.fromkeys(held))
