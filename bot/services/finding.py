"""Finds what a person's words point at in a book of the engine: positions by coin and side, moves by their target."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.rendering.compare_views import Part
from bot.services.equity import moving_collateral
from bot.services.market_moves import base_of
from bot.services.symbols import coin_of, listing_of
from bot.understanding.readings import Shock
from margin_engine import Book, Position

EVERYTHING = "*"
_QUOTED = r"([-_/]?(USD[TCE]?|FDUSD|PERP)\b.*)?"


def is_of(symbol: str, coin: str) -> bool:
    """Whether a contract's symbol is one of a coin: BTCUSDT, BTC-USDT-SWAP and 1000PEPEUSDT for PEPE."""
    listing = listing_of(coin)
    named = re.fullmatch(rf"(10{{3,6}})?{re.escape(coin)}{_QUOTED}", symbol.upper())
    return named is not None or (listing is not None and listing.symbol == symbol)


def positions_of(book: Book, coin: str | None, side: str | None = None) -> tuple[Position, ...]:
    """The positions of a coin (None: of any) and side in a book."""
    return tuple(
        each
        for each in book.positions
        if (coin is None or is_of(each.symbol, coin)) and side in (None, each.side.value)
    )


def mark_of(position: Position) -> Decimal:
    """The price now of a position: its mark, else its entry price."""
    return position.mark_price if position.mark_price is not None else position.entry_price


def moved_by(book: Book, shocks: Sequence[Shock]) -> tuple[Mapping[str, Decimal], tuple[Part, ...]] | None:
    """A person's supposed move as shocks of the marks by symbol, and its parts by name.

    None where a part of it has no plain figure (a range, a known event, a beta) or no position to move.
    """
    found: dict[str, Decimal] = {}
    parts: list[Part] = []
    for shock in sorted(shocks, key=_narrowness):
        moved = _one(book, shock)
        if moved is None:
            return None
        found |= moved[0]
        parts.append(moved[1])
    return (found, tuple(parts)) if parts else None


def _narrowness(shock: Shock) -> int:
    return {"ALL": 0, "REST": 0, "ALTS": 1}.get(shock.target, 2)


def everything(book: Book, fraction: Decimal) -> Mapping[str, Decimal]:
    """The shocks of a move of the whole market: every symbol, and the coins that back the account."""
    return {EVERYTHING: fraction} | dict.fromkeys(moving_collateral(book), fraction)


def _one(book: Book, shock: Shock) -> tuple[Mapping[str, Decimal], Part] | None:
    fraction = shock.pct / 100 if isinstance(shock.pct, Decimal) else None
    if shock.beta is not None or (fraction is not None and fraction <= -1):
        return None
    if shock.target in ("ALL", "REST"):
        return (everything(book, fraction), Part(coin="", fraction=fraction)) if fraction is not None else None
    if shock.target == "ALTS":
        others = [each.symbol for each in book.positions if not is_of(each.symbol, "BTC")]
        others += [asset for asset in moving_collateral(book) if asset != "BTC"]
        if fraction is None or not others:
            return None
        return dict.fromkeys(others, fraction), Part(coin="ALTS", fraction=fraction)
    own = positions_of(book, shock.target)
    if not own:
        return None
    coin, mark = coin_of(own[0].symbol), mark_of(own[0])
    backing = [asset for asset in moving_collateral(book) if asset == base_of(coin)]
    if shock.price is None:
        moved = dict.fromkeys((*(each.symbol for each in own), *backing), fraction) if fraction is not None else None
        return (moved, Part(coin=coin, fraction=fraction)) if moved and fraction is not None else None
    listing = listing_of(shock.target)
    price = shock.price * (listing.per if listing is not None and listing.symbol == own[0].symbol else 1)
    part = Part(coin=coin, fraction=price / mark - 1, price=price)
    shocked = {each.symbol: price / mark_of(each) - 1 for each in own}
    return shocked | dict.fromkeys(backing, price / mark - 1), part
