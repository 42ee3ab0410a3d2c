"""Where a trade that is told is left again: "closed half at 66k", "exit 66k", "sold 0.2 at 66k". No such price is an
entry, and no such sale a second position.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.understanding.lexer import Piece
from bot.understanding.worded import fraction_of
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

_SIDES = frozenset({C.LONG, C.SHORT})
_OPPOSITE = {C.LONG: C.SHORT, C.SHORT: C.LONG}
_WITHIN = frozenset({C.FILLER, C.AT, C.PRICE, C.ALL, C.MY, C.HALVE, C.PERCENT, C.COINS, C.SIZE, C.MARKET, C.GO_TO})
_TRADE = 20
"""Pieces of the trade that such a clause names."""

_REACH = 7
"""Pieces of a clause that are looked at: "closed half of it at a price of 66k"."""


def with_closing_sales(pieces: list[Piece], symbols: Sequence[str | None]) -> list[Piece]:
    """The pieces, with "sold at 66k" behind a long of one coin, or "bought back at 60k" behind a short, as closing it.

    Only where the words say neither a coin of another kind nor a leverage of a second trade.
    """
    sides = [index for index, piece in enumerate(pieces) if piece.concept in _SIDES]
    if len(sides) != 2 or any(piece.concept is C.HEDGE for piece in pieces):
        return pieces
    first, second = sides
    if _OPPOSITE[pieces[first].concept or C.LONG] is not pieces[second].concept:
        return pieces
    if pieces[second].text not in listed("closing_sales") or not _is_one_trade(pieces, symbols, first, second):
        return pieces
    found = list(pieces)
    found[second] = replace(pieces[second], concept=C.CLOSE)
    return found


def _is_one_trade(pieces: Sequence[Piece], symbols: Sequence[str | None], first: int, second: int) -> bool:
    """Whether what stands behind the second side can only be how the first one's trade ends."""
    told, behind = range(first, second), range(second + 1, len(pieces))
    coins = {piece.coin.symbol for piece in pieces if piece.coin and not piece.coin.weak}
    levers = sum(bool(piece.number and piece.number.unit == "x") for piece in pieces)
    priced = any(_is_price(pieces, symbols, at) for at in told) and any(_is_price(pieces, symbols, at) for at in behind)
    stopped = any(pieces[at].concept in (C.STOP, C.TAKE_PROFIT) for at in behind)
    return len(coins) == 1 and levers < 2 and priced and not stopped


def exits_of(pieces: Sequence[Piece], symbols: Sequence[str | None]) -> frozenset[int]:
    """The indices of the prices at which a trade that is told beside them is left."""
    sides = [index for index, piece in enumerate(pieces) if piece.concept in _SIDES]
    if not sides:
        return frozenset()
    found = set()
    for index, piece in enumerate(pieces):
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        out = piece.text == "out" and after is not None and after.concept is C.AT
        if piece.concept is C.CLOSE or out:
            found |= set(_prices_of(pieces, symbols, index))
    return frozenset(found)


def _prices_of(pieces: Sequence[Piece], symbols: Sequence[str | None], verb: int) -> Iterator[int]:
    """The price in a clause that closes, or behind the trade that it names ("close half of my long ... at 66k")."""
    for at in range(verb + 1, min(verb + 1 + _REACH, len(pieces))):
        piece = pieces[at]
        if piece.concept in _SIDES:
            told = range(at, min(at + _TRADE, len(pieces)))
            prices = [index for index in told if _is_price(pieces, symbols, index)]
            if len(prices) > 1 and pieces[prices[-1] - 1].concept is C.AT:
                yield prices[-1]
            return
        if _is_price(pieces, symbols, at) and fraction_of(piece.text) is None:
            yield at
            return
        part = piece.number is not None and piece.number.unit != "x"
        if not (part or piece.coin or piece.concept in _WITHIN or fraction_of(piece.text) or piece.text in ("it", "=")):
            return


def _is_price(pieces: Sequence[Piece], symbols: Sequence[str | None], index: int) -> bool:
    number = pieces[index].number
    return number is not None and number.unit in ("", "usd") and number.usual_price(symbols[index])
