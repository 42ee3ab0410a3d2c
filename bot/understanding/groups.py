"""Which parts of a message speak of which position: "btc long 0.5@64000, sol long 100@150" are two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.understanding.account import is_venue
from bot.understanding.lexer import Piece, around
from bot.understanding.roles import SEPARATORS
from bot.understanding.words import Concept as C

SIDES: dict[C, Literal["long", "short"]] = {C.LONG: "long", C.SHORT: "short"}
EMOJI_SIDES: dict[C, Literal["long", "short"]] = {
    C.EMOJI_LONG: "long",
    C.EMOJI_UP: "long",
    C.EMOJI_SHORT: "short",
    C.EMOJI_DOWN: "short",
}
_SPOTS: dict[C, Literal["long", "short"]] = {C.EMOJI_LONG: "long", C.EMOJI_SHORT: "short"}
"""Signs that stand for a side by themselves, where no word says one."""

_LETTERS: dict[str, Literal["long", "short"]] = {"l": "long", "s": "short", "b": "long"}
_PRICED = frozenset({C.MARK, C.NOW, C.PRICE})
_ACCOUNT = frozenset({C.BALANCE, C.COLLATERAL, C.MARGIN, C.ADDED, C.RISK, C.FEE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The pieces [start, end) of one position, with its symbol and side as far as they were said."""

    start: int
    end: int
    symbol: str | None = None
    side: Literal["long", "short"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anchor:
    index: int
    symbol: str | None = None
    side: Literal["long", "short"] | None = None


def side_at(pieces: Sequence[Piece], index: int) -> Literal["long", "short"] | None:
    """The side that a piece says: a word, or a lone letter beside a coin or a number ("btc l 64000")."""
    piece = pieces[index]
    if piece.concept in SIDES:
        return SIDES[piece.concept]
    if piece.text in _LETTERS and piece.kind == "word":
        near = [pieces[at] for at in (index - 1, index + 1) if 0 <= at < len(pieces)]
        if any(other.coin and not other.coin.weak for other in near) or (
            len(near) == 2 and all(other.number or other.concept for other in near)
        ):
            return _LETTERS[piece.text]
    return None


def strong_coins(pieces: Sequence[Piece]) -> list[int]:
    """Indices of the pieces that name a coin: the sure ones, else weak names that stand where a coin is expected."""
    sure = [
        index
        for index, piece in enumerate(pieces)
        if piece.coin and not piece.coin.weak and not is_venue(pieces, index)
    ]
    if sure:
        return sure
    return [index for index, piece in enumerate(pieces) if piece.coin and _expected(pieces, index)]


def _expected(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a coin is expected here: beside a side word or a quantity, in a message with a number that suits."""
    piece = pieces[index]
    if (
        piece.coin is None
        or len(piece.text) < 2
        or (piece.concept and piece.text not in ("pump", "near", "stack", "like"))
    ):
        return False
    near = [at for at in (index - 1, index + 1) if 0 <= at < len(pieces)]
    beside_side = any(side_at(pieces, at) for at in near)
    beside_number = any(pieces[at].number for at in near)
    near_by = around(pieces, index)
    prices = any(other.number and other.number.fits_price(piece.coin.symbol) for _, other in near_by)
    has_side = any(side_at(pieces, at) for at, _ in near_by)
    return (beside_side and (prices or beside_number)) or (beside_number and prices and has_side)


def _anchors(pieces: Sequence[Piece], roles: dict[int, C]) -> list[_Anchor]:
    named = set(strong_coins(pieces))
    found: list[_Anchor] = []
    seen: set[str] = set()
    worded = any(side_at(pieces, index) for index in range(len(pieces)))
    for index, piece in enumerate(pieces):
        side = side_at(pieces, index) if worded else _SPOTS.get(piece.concept or C.FILLER)
        if side:
            found.append(_Anchor(index=index, side=side))
        elif index in named and piece.coin:
            if not _is_aside(pieces, index, roles, other=bool(seen - {piece.coin.symbol})):
                found.append(_Anchor(index=index, symbol=piece.coin.symbol))
            seen.add(piece.coin.symbol)
    return found


def _is_aside(pieces: Sequence[Piece], index: int, roles: dict[int, C], *, other: bool) -> bool:
    """Whether a coin opens no position: it is money, or only its price is told beside another coin ("eth is 3200").

    Arguments: other, whether another coin was named before.
    """
    after = range(index + 1, min(index + 3, len(pieces)))
    priced = any(roles.get(at) is C.MARK for at in after) and (
        pieces[index + 1].text == "is" or pieces[index + 1].concept is C.AT or pieces[index + 1].number is not None
    )
    priced = priced or any(roles.get(at) in _PRICED for at in after[1:] if pieces[at - 1].concept in _PRICED)
    return (priced and other) or _is_collateral(pieces, index, roles)


def _is_collateral(pieces: Sequence[Piece], index: int, roles: dict[int, C]) -> bool:
    """Whether a coin is money here: "balance 0.05 btc", "margin 0.1 btc", "my collateral is eth", "+ 0.1 btc"."""
    if any(piece.concept is C.USED for piece in pieces[max(0, index - 2) : index]):
        return True  # "3k locked in eth"
    if index and pieces[index - 1].number is not None:
        return roles.get(index - 1) in _ACCOUNT or _pays(pieces, index)
    before = [
        piece for piece in pieces[max(0, index - 3) : index] if piece.concept is not C.FILLER and piece.text != ":"
    ]
    after = pieces[index + 1 : index + 3]
    settled = any(piece.text in ("settled", "margined") for piece in (*before[-2:], *after[:1]))
    as_collateral = [piece.text for piece in after] == ["as", "collateral"] or any(
        p.text == "as collateral" for p in after
    )
    return settled or as_collateral or bool(before and before[-1].concept is C.COLLATERAL)


def _pays(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a coin is paid in, beside another one that is traded: "long eth with 0.1 btc isolated"."""
    paid = index >= 2 and pieces[index - 2].text in ("with", "using")
    traded = (piece.coin for piece in pieces[: max(0, index - 2)] if piece.coin and not piece.coin.weak)
    return paid and any(coin.symbol != pieces[index].coin.symbol for coin in traded)  # type: ignore[union-attr]


def groups_of(pieces: Sequence[Piece], roles: dict[int, C]) -> list[Group]:
    """The positions of a message, in order. One group without symbol and side when neither is said."""
    groups: list[Group] = []
    start, symbol, side = 0, None, None
    last = -1
    for anchor in _anchors(pieces, roles):
        fresh_coin = anchor.symbol is not None and symbol is not None and anchor.symbol != symbol
        fresh_side = anchor.side is not None and side is not None and (symbol is not None or anchor.side != side)
        repeated = fresh_side and anchor.side == side and not _says_more(pieces, last, anchor.index)
        if fresh_coin or (fresh_side and not repeated):
            cut = _cut(pieces, last, anchor.index)
            groups.append(Group(start=start, end=cut, symbol=symbol, side=side))
            inherited: Literal["long", "short"] | None = side if fresh_coin else None
            start, symbol, side = cut, anchor.symbol, anchor.side
            if fresh_coin and inherited and not _side_follows(pieces, anchor.index):
                side = inherited
        else:
            symbol, side = symbol or anchor.symbol, side or anchor.side
        last = anchor.index
    groups.append(Group(start=start, end=len(pieces), symbol=symbol, side=side or _emoji_side(pieces)))
    return _hedge_symbols(groups)


def _says_more(pieces: Sequence[Piece], last: int, index: int) -> bool:
    """Whether the same side said again opens a second position: only after a separator and with a number of its own."""
    between = pieces[last + 1 : index]
    separated = any(piece.text in SEPARATORS or piece.concept is C.AND for piece in between)
    return separated and any(piece.number for piece in between) and any(piece.number for piece in pieces[index:])


def _side_follows(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the new coin is given a side of its own before the next coin."""
    for at in range(index + 1, len(pieces)):
        if side_at(pieces, at):
            return True
        piece = pieces[at]
        if piece.coin and not piece.coin.weak and piece.coin != pieces[index].coin:
            return False
    return False


def _cut(pieces: Sequence[Piece], last: int, index: int) -> int:
    """Where the next position begins: after the last separator before its first word, else at its quantity or that
    word.
    """
    for at in range(index - 1, last, -1):
        if pieces[at].text in SEPARATORS or pieces[at].concept is C.AND:
            return at + 1
    before = pieces[index - 1].number if index - 1 > last else None
    named = pieces[index].coin
    if before and named and before.unit == "coin" and before.asset == named.symbol:
        return index - 1
    return index


def _emoji_side(pieces: Sequence[Piece]) -> Literal["long", "short"] | None:
    return next((EMOJI_SIDES[piece.concept] for piece in pieces if piece.concept in EMOJI_SIDES), None)


def _hedge_symbols(groups: list[Group]) -> list[Group]:
    """ "btc long 1 62k, short 0.4 65k": the second leg has the first one's symbol."""
    found: list[Group] = []
    for group in groups:
        symbol = group.symbol or (found[-1].symbol if found else None)
        found.append(Group(start=group.start, end=group.end, symbol=symbol, side=group.side))
    return found
