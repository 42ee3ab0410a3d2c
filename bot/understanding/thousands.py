"""Numbers whose thousands are set apart by spaces: "10 000", "64 250.50"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.understanding.coins import plausible_quantity, window
from bot.understanding.lexer import Piece, around
from bot.understanding.numbers import Number, literal
from bot.understanding.roles import nearest_symbols
from bot.understanding.words import Concept as C

_FIRST = re.compile(r"[1-9][0-9]{0,2}")
_GROUP = re.compile(r"[0-9]{3}")
_LAST = re.compile(r"[0-9]{3}(?:[.,][0-9]{1,2})?")
_COMMA = re.compile(r"0,[0-9]+|[0-9]+(?:\.[0-9]{3})*,(?:[0-9]{1,2}|[0-9]{4,})")
_DOTTED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_MILLION = 1_000_000
_AMOUNTS = frozenset({C.BALANCE, C.HAVE, C.MARGIN, C.COLLATERAL, C.NOTIONAL, C.ADDED, C.RISK, C.ADD, C.TOP_UP})
_PASSED = frozenset({C.FILLER, C.MY})
_UNITS = frozenset({C.TIMES, C.PERCENT, C.LEVERAGE, C.HOURS, C.DAYS, C.WEEKS, C.MONTHS})
MOST_GROUPS = 5
"""Up to a thousand billions; a longer row of groups is a list."""

_LEVERS = frozenset((1, 2, 3, 5, 10, 15, 20, 25, 50, 75, 100, 125))


def with_thousand_dots(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with "1.500" as 1500 first where the message writes "0,45": its comma is the decimal mark.

    It stays 1.5 where a thousand times as many coins would be worth a million and more ("1.500 btc").
    """
    if not any(piece.number and _COMMA.fullmatch(piece.raw) for piece in pieces):
        return pieces
    known = [found for found in (window(piece.coin.symbol) for piece in pieces if piece.coin) if found]
    dearest = max((found.low for found in known), default=Decimal(0))
    return [
        replace(piece, number=replace(piece.number, values=piece.number.values[::-1]))
        if piece.number and _DOTTED.fullmatch(piece.raw) and max(piece.number.values) * dearest < _MILLION
        else piece
        for piece in pieces
    ]


def with_thousands(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with one to three digits and the groups of exactly three behind them as one number.

    They are left apart where that is impossible: the parts are prices of a named coin and the whole is not, or the last
    group has a unit of its own ("150 100x").
    """
    found: list[Piece] = []
    named = {piece.coin.symbol for piece in pieces if piece.coin}
    everyday = {piece.coin.symbol for piece in pieces if piece.coin and piece.coin.weak}
    nearest = nearest_symbols(pieces)
    index = 0
    while index < len(pieces):
        near = nearest[index]
        symbols = {near, *everyday} if near else named
        end = _cut(pieces, index, _end(pieces, index), symbols)
        while end > index + 1 and not _is_one(pieces, index, end, symbols):
            end -= 1
        piece = pieces[index]
        if end > index + 1:
            raw = " ".join(part.raw for part in pieces[index:end])
            piece = replace(piece, text=raw, raw=raw, number=Number(values=literal(raw)))
        found.append(piece)
        index = end
    return found


def _end(pieces: Sequence[Piece], start: int) -> int:
    """Where the groups that begin at `start` end; start + 1 when nothing follows that could belong to it."""
    end = start + 1
    if not _plain(pieces[start]) or not _FIRST.fullmatch(pieces[start].raw):
        return end
    while end < min(len(pieces), start + MOST_GROUPS) and _plain(pieces[end]) and not pieces[end].glued:
        if end + 1 < len(pieces) and pieces[end + 1].glued and _is_unit(pieces, end + 1):
            return end  # "bal 12 500 100x"
        if _GROUP.fullmatch(pieces[end].raw):
            end += 1
            continue
        return end + 1 if _LAST.fullmatch(pieces[end].raw) else end
    return end


def _cut(pieces: Sequence[Piece], start: int, end: int, symbols: set[str]) -> int:
    """Where a run of groups ends when a part of it is the only price: "20 000 221 2 sol", "66 698 400 wallet"."""
    named = [piece for piece in pieces[max(0, start - 3) : start] if piece.text not in ":=$"]
    if end - start == 2 and named and named[-1].concept in _AMOUNTS:
        return end  # "wallet 2 500" is one amount, whatever 500 may cost
    if (
        end - start < 2
        or not symbols
        or _is_price(pieces, start, end, symbols)
        or _priced_elsewhere(pieces, start, end, symbols)
    ):
        return end
    for first in range(start, end):
        for last in range(first + 1, end + 1):
            whole = last == end or not pieces[last].raw.startswith("0")
            if whole and not pieces[first].raw.startswith("0") and _is_price(pieces, first, last, symbols):
                return first if first > start else last
    return end


def _is_price(pieces: Sequence[Piece], start: int, end: int, symbols: set[str]) -> bool:
    values = literal(" ".join(part.raw for part in pieces[start:end]))
    return bool(values) and any(Number(values=values).usual_price(symbol) for symbol in symbols)


def _priced_elsewhere(pieces: Sequence[Piece], start: int, end: int, symbols: set[str]) -> bool:
    """Whether a number outside the run is a price of a named coin: no leverage, and no quantity before a coin."""
    for index, piece in around(pieces, start):
        if piece.number is None or start <= index < end:
            continue
        before = pieces[index - 1] if index else None
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        # In "2x 1" the sign belongs to the 2 that it is glued to.
        taken = index > 1 and before is not None and before.glued and pieces[index - 2].number is not None
        lever = before is not None and before.concept in (C.TIMES, C.LEVERAGE) and not taken
        lever = lever or (after is not None and after.concept in _UNITS and not _is_prefix(pieces, index + 1))
        coin = after is not None and after.coin is not None
        if not (lever or coin) and any(piece.number.usual_price(symbol) for symbol in symbols):
            return True
    return False


def _plain(piece: Piece) -> bool:
    return piece.number is not None and not piece.number.scaled


def _is_one(pieces: Sequence[Piece], start: int, end: int, symbols: set[str]) -> bool:
    parts = pieces[start:end]
    before = pieces[start - 1] if start else None
    after = pieces[end] if end < len(pieces) else None
    zeros = any(part.raw.startswith("0") for part in parts[1:])
    if after is not None and _is_unit(pieces, end) and (after.glued or not zeros):
        return False
    if before is not None and (before.concept is C.LEVERAGE or (before.text == "x" and not before.glued)):
        return False
    if zeros:
        return True
    whole = Number(values=literal(" ".join(part.raw for part in parts)))
    return _likely(pieces, start, end, whole, symbols)


def _is_unit(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a piece is the unit of the number before it."""
    piece = pieces[index]
    return (piece.concept in _UNITS or piece.text == "%") and not _is_prefix(pieces, index)


def _is_prefix(pieces: Sequence[Piece], index: int) -> bool:
    """Whether an "x" or "lev" belongs to the number behind it: "64 250 x20", "64 250 lev 20"."""
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    return not pieces[index].glued and after is not None and (bool(after.number) or after.text == ":")


def _likely(pieces: Sequence[Piece], start: int, end: int, whole: Number, symbols: set[str]) -> bool:
    """Whether groups that could each be a number of their own are one all the same."""
    after = pieces[end] if end < len(pieces) else None
    labelled = _labelled(pieces, start, end)
    money = after is not None and (after.concept is C.MONEY or after.text in "$€£")
    if _lever_first(pieces, start) and not labelled:
        return False
    if labelled or money or any(whole.fits_price(symbol) for symbol in symbols):
        return True
    if after is not None and after.coin is not None:
        return plausible_quantity(after.coin.symbol, whole.value)
    others = (piece.number for at, piece in around(pieces, start) if not start <= at < end)
    return not symbols and not any(others)


def _labelled(pieces: Sequence[Piece], start: int, end: int) -> bool:
    """Whether a word for an amount of money stands right before or behind."""
    before = [p for p in pieces[max(0, start - 3) : start] if p.concept not in _PASSED and p.text not in ":=$"]
    after = [p for p in pieces[end : end + 3] if p.concept not in _PASSED | {C.MONEY}]
    return any(bool(near) and near[at].concept in _AMOUNTS for near, at in ((before, -1), (after, 0)))


def _lever_first(pieces: Sequence[Piece], start: int) -> bool:
    """Whether the first group may be the leverage: "btc l 64000 20 500 usdt", with none said otherwise."""
    number = pieces[start].number
    said = any(p.concept in (C.TIMES, C.LEVERAGE) for _, p in around(pieces, start))
    before = pieces[start - 1] if start else None
    return not said and number is not None and number.value in _LEVERS and before is not None and bool(before.number)
