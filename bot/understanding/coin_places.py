"""Where a coin must stand: everyday words that are coins there ("long 100 near 4"), and names that no coin has."""

from collections.abc import Sequence
from dataclasses import replace

from bot.understanding import coins
from bot.understanding.coins import Coin
from bot.understanding.lexer import Piece, around
from bot.understanding.numbers import Number
from bot.understanding.roles import SEPARATORS
from bot.understanding.vocabulary import known_words
from bot.understanding.words import Concept as C

_SIDES = frozenset({C.LONG, C.SHORT})
_BEFORE_PRICE = _SIDES | {C.AT, C.ENTRY, C.FILLER, C.PERPETUAL, C.PRICE, C.ISOLATED, C.CROSS, C.MODE, C.MARK}
_PAIRED = ("btc", "eth", "bnb")
REACH = 8


def placed(pieces: list[Piece], *, english: bool) -> list[Piece]:
    """The pieces, with every word that stands where a trade has its coin marked as one.

    An everyday word counts beside a side or a quantity, before a price of that coin. A word that nobody knows counts
    in the same places when the clause has no other coin; it becomes a coin that is not `known`. Arguments: english,
    whether no other language was met: its unlisted words are too many to be taken for coins.
    """
    trade = any(
        piece.concept in _SIDES or (piece.concept is C.TIMES and index and pieces[index - 1].number)
        for index, piece in enumerate(pieces)
    )
    if not trade:
        return pieces
    found = list(pieces)
    for index, piece in enumerate(found):
        if piece.coin and piece.coin.weak and _is_traded(found, index, piece.coin):
            found[index] = replace(piece, coin=replace(piece.coin, weak=False), concept=None)
    return _with_unknown(found, english=english)


def _is_traded(pieces: Sequence[Piece], index: int, coin: Coin) -> bool:
    piece = pieces[index]
    before = pieces[index - 1] if index else None
    beside = before is None or before.concept in _SIDES or _is_quantity(before) or before.text in SEPARATORS
    follows = index + 1 < len(pieces) and pieces[index + 1].concept in _SIDES
    capitals = piece.raw.isupper() and len(piece.raw) > 1
    if not (beside or follows or capitals) or _own_coin(pieces, index):
        return False
    if _is_only_coin(pieces, index, coin) and (before is not None or follows):
        return True
    if follows and _opens_alone(pieces, index):
        return True
    price = _price_after(pieces, index)
    if price is None:
        return False
    if coins.window(coin.symbol) is not None:
        return price.usual_price(coin.symbol)
    structured = before is not None and _is_quantity(before) and index > 1 and pieces[index - 2].concept in _SIDES
    return structured and piece.concept is None


def _opens_alone(pieces: Sequence[Piece], index: int) -> bool:
    """Whether an everyday word opens the message before a side and no coin is named elsewhere: "link short, ..."."""
    if index or pieces[index].concept is not None or len(pieces[index].text) < 3:
        return False
    return not any(piece.coin and not piece.coin.weak for piece in pieces)


def _is_only_coin(pieces: Sequence[Piece], index: int, coin: Coin) -> bool:
    """Whether no other coin is named and some number of the message is a price of this one."""
    near_by = around(pieces, index)
    if any(piece.coin and not piece.coin.weak for _, piece in near_by) or (
        pieces[index].concept and coin.symbol != "NEAR"
    ):
        return False
    levers = {at - 1 for at, piece in near_by if piece.concept is C.TIMES and piece.glued}
    return any(
        piece.number and at not in levers and at != index - 1 and piece.number.usual_price(coin.symbol)
        for at, piece in near_by
    )


def _is_quantity(piece: Piece) -> bool:
    return piece.number is not None and not piece.number.dollar


def _own_coin(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the clause already has a coin since its side was said: then an everyday word is one."""
    for at in range(index - 1, -1, -1):
        piece = pieces[at]
        if piece.text in SEPARATORS or piece.concept is C.AND:
            return False
        if piece.coin and not piece.coin.weak:
            return True
        if piece.concept in _SIDES:
            if _has_coin_before(pieces, at):
                return True
            break
    for piece in pieces[index + 1 :]:
        if piece.text in SEPARATORS or piece.concept in _SIDES | {C.AND}:
            return False
        if piece.coin and not piece.coin.weak and piece.coin != pieces[index].coin:
            return True
    return False


def _has_coin_before(pieces: Sequence[Piece], side: int) -> bool:
    """Whether the coin of a side stands right before it ("avax long"), and belongs to no side before that."""
    coin = pieces[side - 1].coin if side else None
    if coin is None or coin.weak:
        return False
    return side < 2 or not (pieces[side - 2].concept in _SIDES or _is_quantity(pieces[side - 2]))


def _price_after(pieces: Sequence[Piece], index: int) -> Number | None:
    """The first number behind a coin that is no leverage, with nothing but words that introduce a price between."""
    for at in range(index + 1, min(index + REACH, len(pieces))):
        piece = pieces[at]
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if piece.number:
            if after is not None and (after.concept in (C.TIMES, C.LEVERAGE, C.PERCENT) or after.text == "%"):
                continue
            return piece.number
        if not (piece.concept in _BEFORE_PRICE | {C.TIMES, C.LEVERAGE} or piece.text in "@:=-$,"):
            return None
    return None


def _with_unknown(pieces: list[Piece], *, english: bool) -> list[Piece]:
    found: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece, following = pieces[index], index + 1
        name = _unknown_name(pieces, index, english=english)
        if name:
            if found and found[-1].text in ("$", "#") and piece.glued:
                found.pop()
            while _joined_quote(pieces, following):
                following += 2
            piece = replace(piece, coin=_meant(name, pieces, index), concept=None)
        found.append(piece)
        index = following
    return found


def _meant(name: str, pieces: Sequence[Piece], index: int) -> Coin:
    """The coin that a name nobody has was meant to be, if some number of the message can be its price."""
    coin = coins.meant_by(name.lower())
    priced = coin is not None and any(
        piece.number and piece.number.usual_price(coin.symbol) for _, piece in around(pieces, index)
    )
    return coin if coin is not None and priced else Coin(symbol=name, known=False)


def _joined_quote(pieces: Sequence[Piece], index: int) -> bool:
    return (
        index + 1 < len(pieces)
        and pieces[index].text in ("/", "-")
        and pieces[index].glued
        and pieces[index + 1].glued
        and pieces[index + 1].text in (*coins.QUOTES, *_PAIRED)
    )


def _unknown_name(pieces: Sequence[Piece], index: int, *, english: bool) -> str:
    """The name of the unknown coin or pair that a piece is; empty when it is none."""
    piece = pieces[index]
    word = piece.text
    if piece.coin and not piece.coin.weak:
        pair = _joined_quote(pieces, index + 1) and pieces[index + 2].text in _PAIRED and piece.coin.symbol != "BTC"
        return f"{piece.coin.symbol}/{pieces[index + 2].text.upper()}" if pair else ""
    listed = word in coins.plain_words() or word in known_words() or bool(piece.venue)
    if piece.kind != "word" or piece.coin or piece.concept or listed or not 2 <= len(word) <= 20 or not word.isascii():
        return ""
    base = next((word.removesuffix(quote) for quote in (*coins.QUOTES, *_PAIRED) if word.endswith(quote)), "")
    named = bool(base) and (len(base) > 1) and (base != "w" and (coins.find(base) is not None or word.endswith("usdt")))
    marked = index > 0 and pieces[index - 1].text in ("$", "#") and piece.glued
    if named or marked or _joined_quote(pieces, index + 1):
        return next(
            (base.upper() for quote in coins.QUOTES if (base := word.removesuffix(quote)) != word), word.upper()
        )
    if not english or _own_coin(pieces, index):
        return ""
    return word.upper() if _is_coin_place(pieces, index) else ""


def _is_coin_place(pieces: Sequence[Piece], index: int) -> bool:
    before = pieces[index - 1] if index else None
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    if before is not None and _is_quantity(before) and not pieces[index].glued:
        return after is None or bool(after.number) or after.concept in _BEFORE_PRICE or after.text in "@,"
    if before is not None and before.concept in _SIDES:
        return _price_after(pieces, index) is not None or _levered(pieces, index)
    opens = before is None or before.text in SEPARATORS
    sided = after is not None and after.concept in _SIDES
    return opens and sided and any(piece.number for piece in pieces[index + 2 : index + 5])


def _levered(pieces: Sequence[Piece], index: int) -> bool:
    number, times = pieces[index + 1 : index + 2], pieces[index + 2 : index + 3]
    return bool(number and number[0].number and times and times[0].concept is C.TIMES)
