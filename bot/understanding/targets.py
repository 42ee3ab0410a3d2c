"""What moves: the coin, ratio or group of coins that a piece names, and numbers that are moves and no amounts."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding import coins
from bot.understanding.account import is_venue
from bot.understanding.lexer import Piece
from bot.understanding.words import Concept as C

_GROUPS = {C.ALL: "ALL", C.MARKET: "ALL", C.ALTS: "ALTS", C.REST: "REST"}
_MULTIPLE = 3
"""Of "xrp 2x" a doubling, of "xrp 20x" a leverage: nobody supposes a coin to rise tenfold, few take 2x."""

FALLS = frozenset({C.FALL, C.EMOJI_DOWN})
RISES = frozenset({C.RISE, C.EMOJI_UP})


def moves_market(pieces: Sequence[Piece]) -> bool:
    """Whether a signed number stands right behind the market or a group of coins ("market +10"): a move, no amount."""
    return any(
        piece.number and piece.number.sign in ("+", "-", "±") and pieces[index - 1].concept in _GROUPS
        for index, piece in enumerate(pieces)
        if index
    )


def is_multiple(pieces: Sequence[Piece], index: int) -> bool:
    """Whether "1.3x" says how much something moves ("eth moves 1.3x btc", "xrp 2x"), and is no leverage."""
    number, before = pieces[index].number, pieces[index - 1] if index else None
    if number is None or number.unit != "x" or before is None:
        return False
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    if before.concept in FALLS | RISES | {C.MOVE}:
        return True
    alone = len([p for p in pieces if p.kind != "punct" and p.concept is not C.FILLER]) == 2
    return alone and after is None and before.coin is not None and 1 < number.value <= _MULTIPLE


def ratio_of(word: str) -> str | None:
    """The ratio that a pair of coins in one word names: "ethbtc" is ETH/BTC. None for any other word."""
    for second in ("btc", "eth", "bnb"):
        first = coins.find(word.removesuffix(second)) if word.endswith(second) and word != second else None
        if first is not None and not first.weak:
            return f"{first.symbol}/{second.upper()}"
    return None


def target_at(pieces: Sequence[Piece], index: int) -> str | None:
    """The target that a piece names: a coin, a ratio ("eth/btc", at its first coin), a group, a stable coin that
    depegs.
    """
    piece = pieces[index]
    if piece.coin and (not piece.coin.weak or piece.concept is None) and not is_venue(pieces, index):
        if index + 2 < len(pieces) and pieces[index + 1].text == "/" and pieces[index + 2].coin:
            return f"{piece.coin.symbol}/{pieces[index + 2].coin.symbol}"  # type: ignore[union-attr]
        if piece.coin.weak and not _moves_next(pieces, index):
            return None
        second = index >= 2 and pieces[index - 1].text == "/" and pieces[index - 2].coin is not None
        return None if second else piece.coin.symbol
    if piece.concept is C.MONEY and piece.text in ("usdt", "usdc", "dai", "fdusd") and _moves_next(pieces, index):
        return piece.text.upper()
    if piece.concept is C.ALL and piece.text in ("my account", "whole account", "entire account"):
        return None
    if piece.concept is None and piece.kind == "word" and piece.coin is None:
        return ratio_of(piece.text)
    return _GROUPS.get(piece.concept) if piece.concept else None


def _moves_next(pieces: Sequence[Piece], index: int) -> bool:
    after = next((piece for piece in pieces[index + 1 :] if piece.concept is not C.FILLER), None)
    return after is not None and (
        after.concept in FALLS | RISES | {C.GO_TO, C.FLAT, C.AT} or bool(after.number and after.number.sign)
    )
