"""Several fills of one coin: "0.3 btc at 64k and 0.2 at 60k", "64k 60k 58k 0.1 each". One position at their average."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bot.understanding.coins import plausible_quantity, window
from bot.understanding.groups import Group
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

_PRICED = frozenset({None, C.AT, C.ENTRY, C.MARK, C.PRICE, C.ADDED})
_SIZED = frozenset({None, C.SIZE, C.ADDED, C.AT, C.MARGIN, C.ENTRY})
_WITHIN = frozenset({C.AT, C.FILLER, C.ENTRY, C.PRICE, C.COINS, C.MONEY})
_JOINTS = frozenset(
    {C.AND, C.FILLER, C.ADDED, C.ADD, C.LONG, C.SHORT, C.ALSO, C.PERPETUAL, C.ENTRY, C.ISOLATED, C.CROSS}
)
_LEAST_PRICE = 1000
"""Without a coin a number this large is a price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fills:
    """What several fills make together: their number, coins and average entry; and the numbers that say so."""

    count: int
    quantity: Decimal
    entry: Decimal
    used: frozenset[int]


def fills_of(pieces: Sequence[Piece], group: Group, roles: dict[int, C]) -> Fills | None:
    """The fills of one position, when there are at least two; None otherwise.

    A fill is a quantity and the price right behind it; or several prices in a row share one quantity "each".
    """
    numbers = [index for index in range(group.start, group.end) if pieces[index].number]
    if len(numbers) < 3:
        return None
    return _each(pieces, group, roles, numbers) or _pairs(pieces, group, roles, numbers)


def _pairs(pieces: Sequence[Piece], group: Group, roles: dict[int, C], numbers: Sequence[int]) -> Fills | None:
    found: list[tuple[int, int]] = []
    for index, then in pairwise(numbers):
        sized = _is_quantity(pieces, index, group, roles) and _is_price(pieces, then, group, roles)
        if not sized or not all(_within(piece, group) for piece in pieces[index + 1 : then]):
            continue
        if found and not _joined(pieces[found[-1][1] + 1 : index], group):
            break
        found.append((index, then))
    if len(found) < 2:
        return None
    sizes = [_value(pieces[size].number) for size, _ in found]
    prices = [_price(pieces[price].number, group) for _, price in found]
    total = sum(sizes, Decimal(0))
    worth = sum((size * price for size, price in zip(sizes, prices, strict=True)), Decimal(0))
    used = frozenset(index for pair in found for index in pair)
    return Fills(count=len(found), quantity=total, entry=worth / total, used=used)


def _each(pieces: Sequence[Piece], group: Group, roles: dict[int, C], numbers: Sequence[int]) -> Fills | None:
    each = next((index for index in range(group.start, group.end) if pieces[index].text == "each"), None)
    sizes = [index for index in numbers if _is_quantity(pieces, index, group, roles)]
    prices = [index for index in numbers if _is_price(pieces, index, group, roles)]
    if each is None or len(sizes) != 1 or len(prices) < 2 or not each - 3 < sizes[0] < each + 2:
        return None
    total = sum((_price(pieces[index].number, group) for index in prices), Decimal(0))
    return Fills(
        count=len(prices),
        quantity=_value(pieces[sizes[0]].number) * len(prices),
        entry=total / len(prices),
        used=frozenset((*sizes, *prices)),
    )


def _is_quantity(pieces: Sequence[Piece], index: int, group: Group, roles: dict[int, C]) -> bool:
    number = pieces[index].number
    if number is None or number.sign or number.dollar or roles.get(index) not in _SIZED or not number.value:
        return False
    if number.unit in ("coin", "coins"):
        return number.asset in ("", group.symbol)
    return number.unit == "" and not number.scaled and not _priced(number, group) and _held(number, group)


def _held(number: Number, group: Group) -> bool:
    return plausible_quantity(group.symbol, number.value)


def _is_price(pieces: Sequence[Piece], index: int, group: Group, roles: dict[int, C]) -> bool:
    number = pieces[index].number
    if number is None or number.sign or number.unit not in ("", "usd") or roles.get(index) not in _PRICED:
        return False
    return _priced(number, group)


def _priced(number: Number, group: Group) -> bool:
    if window(group.symbol) is None:
        return number.scaled or number.value >= _LEAST_PRICE
    return number.usual_price(group.symbol)


def _within(piece: Piece, group: Group) -> bool:
    own = piece.coin is not None and piece.coin.symbol == group.symbol
    return own or piece.concept in _WITHIN or piece.text in "$x"


def _joined(between: Sequence[Piece], group: Group) -> bool:
    """Whether nothing but a joint stands between two fills; "another", "dca" speak of one that is still to come."""
    later = any(piece.concept is C.MORE or piece.text in listed("later_fills") for piece in between)
    return not later and all(
        piece.concept in _JOINTS
        or piece.text in ",;+&\n"
        or (piece.number and piece.number.unit == "x")
        or (piece.coin and piece.coin.symbol == group.symbol)
        for piece in between
    )


def _value(number: Number | None) -> Decimal:
    return number.value if number else Decimal(0)


def _price(number: Number | None, group: Group) -> Decimal:
    return number.price(group.symbol) if number else Decimal(0)
