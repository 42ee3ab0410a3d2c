"""What a book's coins cost, what they are shocked by, and what is left of it in one amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.services.moved_prices import Shifts
from bot.services.symbols import SETTLE, coin_of
from bot.understanding.coins import STABLES
from margin_engine import AssetMode, Book


def prices_of(book: Book) -> dict[str, Decimal]:
    """Where each coin of a book starts: its mark, else its entry; assets that back it, at their price."""
    found: dict[str, Decimal] = {}
    if book.asset_mode == AssetMode.MULTI:
        found |= {asset: Decimal(1) for asset in book.wallet}
        found |= {asset: each.price for asset, each in book.collateral.items()}
    for each in book.positions:
        if each.mark_price is None:
            found.setdefault(coin_of(each.symbol), each.entry_price)
    found |= {coin_of(each.symbol): each.mark_price for each in book.positions if each.mark_price is not None}
    return found


def moving_collateral(book: Book) -> tuple[str, ...]:
    """The assets that back a book and have a price that moves with the market: not the stable coins."""
    if book.asset_mode != AssetMode.MULTI:
        return ()
    return tuple(asset for asset in dict.fromkeys((*book.wallet, *book.collateral)) if asset not in STABLES)


def with_moving_collateral(book: Book) -> Book:
    """The book whose collateral moves with the market by a weight of 1, where the book does not say another."""
    named = dict.fromkeys(moving_collateral(book), Decimal(1))
    return replace(book, betas=named | dict(book.betas)) if named else book


def shocks_of(book: Book, shifts: Shifts) -> dict[str, Decimal]:
    """The engine's shocks of a book: a fraction for every symbol that moves, and every asset that backs it."""
    names = {each.symbol: coin_of(each.symbol) for each in book.positions}
    if book.asset_mode == AssetMode.MULTI:
        names |= {asset: asset for asset in (*book.wallet, *book.collateral)}
    return {name: shifts.by_coin[coin].fraction for name, coin in names.items() if coin in shifts.by_coin}


def asset_of(book: Book) -> str:
    """What a book's amounts are shown in: USD where all assets back it, else its one asset, USDT of several."""
    if book.asset_mode == AssetMode.MULTI:
        return "USD"
    return money_of(book)


def money_of(book: Book) -> str:
    """The asset in which money is paid in: USDT where there is any, else the first of the wallet."""
    return SETTLE if SETTLE in book.wallet or not book.wallet else next(iter(book.wallet))


def equity(book: Book, by_asset: Mapping[str, Decimal]) -> Decimal:
    """Wallet + PnL of what lives, in the asset of the book; of all assets, at the prices then, where all back it."""
    asset = asset_of(book)
    if book.asset_mode != AssetMode.MULTI:
        return by_asset.get(asset, Decimal(0))
    total = Decimal(0)
    for name, amount in by_asset.items():
        price = book.collateral[name].price if name in book.collateral else Decimal(1)
        total += amount * price
    return total
