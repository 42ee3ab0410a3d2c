"""What a book's coins cost, what they are shocked by, and what is left of it in one amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.services.market_moves import base_of
from bot.services.moved_prices import Shifts
from bot.services.symbols import SETTLE, coin_of
from bot.understanding.coins import STABLES
from margin_engine import AssetMode, Book, EngineError, Evaluation, MarginMode, Position, default_contract, evaluate


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


def is_cut(book: Book) -> bool:
    """Whether some of what backs a book counts less toward its margin than it is worth."""
    held = (book.collateral.get(asset) for asset in moving_collateral(book))
    return any(each is not None and each.haircut > 0 for each in held)


def moving_with(book: Book, symbol: str) -> tuple[str, ...]:
    """What has the price of a symbol's coin: its contracts that are held, and the coin where it backs the account."""
    coin = base_of(coin_of(symbol))
    held = dict.fromkeys(each.symbol for each in book.positions if base_of(coin_of(each.symbol)) == coin)
    return (*held, *(asset for asset in moving_collateral(book) if base_of(asset) == coin))


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


def counted(book: Book) -> tuple[str, ...]:
    """The assets that the positions of a book settle in: what else is in the wallet no position can touch."""
    stated = (settled_in(book, each) for each in book.positions)
    return tuple(dict.fromkeys(stated)) or tuple(book.wallet) or (SETTLE,)


def settled_in(book: Book, position: Position) -> str:
    """What a position settles in: as it states itself, else by venue and symbol."""
    own = position.contract.settle_asset if position.contract is not None else None
    usual = default_contract(book.venue, position.symbol)
    return own or (usual.settle_asset if usual is not None else SETTLE)


def with_money(book: Book, position: Position, amount: Decimal) -> Book:
    """The book with money from outside behind a position: in its own margin, or in the wallet for cross.

    Less behind it where the amount is below 0; the wallet of an isolated one only grows. Raises an EngineError.
    """
    asset = settled_in(book, position)
    if position.margin_mode is MarginMode.CROSS:
        return book.deposited(asset, amount)
    book = book.deposited(asset, max(amount, Decimal(0)))
    return book.with_position(replace(position, isolated_margin=margin_behind(book, position) + amount))


def margin_behind(book: Book, position: Position) -> Decimal:
    """What an isolated position has behind it: as stated, else its initial margin at entry. Raises an EngineError."""
    if position.isolated_margin is not None:
        return position.isolated_margin
    return evaluate(book, explain=False).pool(position.id).wallet_balance


def answer_of(book: Book | None) -> Evaluation | None:
    """The engine's answer, None where it refuses the book or there is none."""
    try:
        return evaluate(book, explain=False) if book is not None else None
    except EngineError:
        return None


def asset_of(book: Book) -> str:
    """What a book's amounts are shown in: its one settle asset, else USD, as far as all of them have a price."""
    one, prices = one_asset_of(book), prices_of(book)
    if one is not None:
        return one
    return "USD" if all(asset in STABLES or asset in prices for asset in counted(book)) else money_of(book)


def one_asset_of(book: Book) -> str | None:
    """The one asset that amounts of a book are in, USD where all of them back it; None for several."""
    if book.asset_mode == AssetMode.MULTI:
        return "USD"
    assets = counted(book)
    return assets[0] if len(assets) == 1 else None


def money_of(book: Book) -> str:
    """The asset in which money is paid in: of those that are settled in, or back the account, USDT, else the first."""
    assets = tuple(book.wallet) or (SETTLE,) if book.asset_mode == AssetMode.MULTI else counted(book)
    return SETTLE if SETTLE in assets else assets[0]


def equity(book: Book, by_asset: Mapping[str, Decimal], prices: Mapping[str, Decimal]) -> Decimal:
    """Wallet + PnL of what lives, in `asset_of` the book.

    Arguments: book, with all positions that the account had; prices, of each coin at the moment that is meant.
    """
    asset, multi = asset_of(book), book.asset_mode == AssetMode.MULTI
    if asset != "USD" and not multi:
        return by_asset.get(asset, Decimal(0))
    names = by_asset if multi else [each for each in counted(book) if each in by_asset]
    return sum((by_asset[name] * prices.get(name, Decimal(1)) for name in names), Decimal(0))


def prices_at(book: Book, shifts: Shifts | None = None) -> dict[str, Decimal]:
    """What each asset of a book is worth in dollars, before a move or after it; one that is not named counts 1."""
    found = {coin: price for coin, price in prices_of(book).items() if coin not in STABLES}
    found |= {asset: each.price for asset, each in book.collateral.items()}
    moved = shifts.by_coin if shifts is not None else {}
    return {coin: price * (1 + moved[coin].fraction) if coin in moved else price for coin, price in found.items()}
