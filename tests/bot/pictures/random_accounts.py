"""Random accounts as both modes hold them: 1 to 30 positions, prices from 1e-8 to 1e6, from safe to gone already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Final

from bot.pictures.specs import Mode, PictureSpec
from bot.services.picture_card import share_of
from bot.services.picturing import SPANS, Look, Scene
from margin_engine import Book, EngineError, MarginMode, Position, Side, Tier, TierTable
from tests.support.picture_specs import distances_spec, ladder_spec, market_spec, two_coins_spec

COINS: Final = (
    "BTC", "ETH", "SOL", "XRP", "DOGE", "ADA", "LINK", "AVAX", "LTC", "BCH", "DOT", "UNI", "1000SHIB", "1000PEPE",
    "1000000MOG", "NEAR", "APT", "ARB", "OP", "TIA", "SUI", "SEI", "INJ", "FIL", "ATOM", "ETC", "TRX", "XLM", "ALGO",
    "ICP",
)  # fmt: skip
TABLE: Final = TierTable(tiers=(Tier(floor=Decimal(0), rate=Decimal("0.005")),))


def account(random: Random) -> dict[Mode, Book]:
    """The same positions isolated and cross."""
    held = [_position(random, coin) for coin in random.sample(COINS, random.choice((1, 1, 2, 2, 3, 5, 12, 30)))]
    needed = sum(float(each.quantity * each.entry_price / each.leverage) for each in held)
    wallet = _digits(needed * random.choice((1.01, 1.2, 2, 10, 1000)), 6)
    tiers = {each.symbol: TABLE for each in held}
    modes: dict[Mode, MarginMode] = {"isolated": MarginMode.ISOLATED, "cross": MarginMode.CROSS}
    return {
        name: Book(wallet={"USDT": wallet}, positions=tuple(_in(each, mode) for each in held), tiers=tiers)
        for name, mode in modes.items()
    }


def specs(random: Random) -> Iterator[PictureSpec]:
    """Every picture that a random account can have, for somebody of a random language on random paper."""
    books = account(random)
    names = {each.id: f"{each.id} {each.side.value}" for each in books["cross"].positions}
    span, mode = random.choice(SPANS), random.choice(tuple(books))
    language = random.choice(("en", "de", "fr", "ru", "tr"))
    look = Look(theme=random.choice(("light", "dark")), language=language, given=random.random() < 0.5)
    try:
        yield market_spec(books, names, span=span, look=look)
    except EngineError:  # isolated margins above the wallet
        return
    yield ladder_spec(books[mode], names, mode=mode, span=span, look=look)
    yield distances_spec(books[mode], names, mode=mode, look=look)
    yield share_of(*(Scene(book=book, mode=name, names=names) for name, book in books.items()), look=look)
    if len(names) > 1:
        across, up, *_ = (each.symbol for each in books[mode].positions)
        yield two_coins_spec(books[mode], names, mode=mode, across=across, up=up, span=span, look=look)


def _position(random: Random, coin: str) -> Position:
    price = 10 ** random.uniform(-8, 6)
    moved = random.choice((1.0, 1.0, 1.0, random.uniform(0.97, 1.03), random.uniform(0.8, 1.2)))
    return Position(
        id=coin,
        symbol=f"{coin}USDT",
        side=random.choice((Side.LONG, Side.SHORT)),
        quantity=_digits(10 ** random.uniform(1, 5) / price, 4),
        entry_price=_digits(price, 4),
        mark_price=_digits(price * moved, 5),
        leverage=Decimal(random.choice((1, 2, 5, 10, 20, 50))),
        margin_mode=MarginMode.CROSS,
    )


def _in(position: Position, mode: MarginMode) -> Position:
    return replace(position, margin_mode=mode)


def _digits(value: float, digits: int) -> Decimal:
    return Decimal(f"{Decimal(f'{value:.{digits}g}'):f}")
