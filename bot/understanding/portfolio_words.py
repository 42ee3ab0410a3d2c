"""Orders about saved positions, in words: "close half the sol", "deposit 500", "move sol to cross", "eth leverage 20x".

A message is an order only when all of it is: a verb, what it is about, and nothing that finds no place. Everything else
is left to the readers of questions, so that "what if I close half the sol" stays a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Literal, TypeVar

from bot.understanding.groups import SIDES
from bot.understanding.lexer import Piece
from bot.understanding.readings import PositionSlots, Side
from bot.understanding.tagging import Message
from bot.understanding.tagging import read as tagged
from bot.understanding.understand import understand
from bot.understanding.words import Concept as C

OrderKind = Literal[
    "open", "add", "reduce", "close", "remove", "margin", "leverage", "isolated", "cross",
    "deposit", "withdraw", "wallet", "rename", "new", "choose", "redo", "undo",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What an order says. coin None with `everything` is every position.

    sold: it is to be sold, which makes a long smaller and a short larger.
    fraction: of the position, above 0; more than 1 is more than there is. amount: money, signed for margin. asset: of
    the amount, empty where it was not said. name: of a portfolio. quote: the dollar coin that the contract was written
    with ("BTCUSDC").
    """

    kind: OrderKind
    sold: bool = False
    coin: str | None = None
    side: Side | None = None
    everything: bool = False
    quantity: Decimal | None = None
    fraction: Decimal | None = None
    price: Decimal | None = None
    leverage: Decimal | None = None
    amount: Decimal | None = None
    asset: str = ""
    position: PositionSlots | None = None
    name: str = ""
    quote: Literal["USDC"] | None = None


_NAMED: Final = re.compile(
    r"\s*(?:(?P<rename>rename)(?:\s+(?:it|portfolio|this))?\s+to"
    r"|(?P<new>new|create|add)\s+portfolio(?:\s+(?:called|named))?"
    r"|(?P<choose>open|switch\s+to|use)(?:\s+portfolio)?)"
    r"\s+[\"“']?(?P<name>[^\n\"”]{1,200}?)[\"”']?\s*",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(r"\s*(?:rename|call|name)(?:\s+(?:it|portfolio|this))?(?:\s+to)?\s+(?=\S)", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\n;]+|,?\s+(?:and\s+then|and|then)\s+|,\s+", re.IGNORECASE)
_MOST_ORDERS: Final = 8
_UNDO: Final = re.compile(
    r"\W*undo\s+(?:the\s+)?(?:last\s+)?(?P<count>[1-9]\d?)(?:\s+(?:changes|steps))?\W*", re.IGNORECASE
)
_REDO: Final = re.compile(r"\W*redo\W*", re.IGNORECASE)
_SPARE: Final = frozenset({C.FILLER, C.MY, C.GO_TO, C.AND})
_SPARE_WORDS: Final = frozenset(
    ("the", "of", "by", "to", "from", "into", "in", "my", "position", "please", "pls", "with", "on", "set", "now")
)
_HALF, _THIRD, _QUARTER = Decimal("0.5"), Decimal(1) / 3, Decimal("0.25")
_PARTS: Final = {"half": _HALF, "third": _THIRD, "quarter": _QUARTER}
_REDUCES: Final = frozenset({"reduce", "trim", "cut", "decrease", "lower", "halve"})
_TAKES: Final = frozenset({"take", "remove", "withdraw", "pull"})
_SELLS: Final = frozenset({"sell", "sell half"})
_SHARES: Final = frozenset({"half", "third", "quarter"})


@dataclass(slots=True)
class _Parts:
    """What a message mentions, each at most once unless it is counted."""

    coins: list[str] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    modes: list[Literal["isolated", "cross"]] = field(default_factory=list)
    numbers: list[tuple[Piece, bool]] = field(default_factory=list)
    """Each with whether "at" stands before it."""
    words: set[str] = field(default_factory=set)
    onto: bool = False
    """Whether a coin is what something goes to: of "add to btc 0.1" the number is a size in BTC."""


def order_of(text: str, *, names: Sequence[str] = (), message: Message | None = None) -> Spoken | None:
    """The order that a message gives, None when it is none.

    Arguments: text, any string; names, of the person's portfolios, so that "open swing" finds one; message, the text
    tagged, where that is done already.
    """
    if len(text) > 300:
        return None
    if _REDO.fullmatch(text):
        return Spoken(kind="redo")
    undo = _UNDO.fullmatch(text)
    if undo is not None:
        return Spoken(kind="undo", quantity=Decimal(undo["count"]))
    named = _of_a_portfolio(text, names)
    if named is not None:
        return named
    pieces = [piece for piece in (message or tagged(text)).pieces if piece.text not in (".", "!", ",")]
    if len(pieces) < 2 or any(p.concept in (C.IF, C.WHAT_IF, C.ASKING, C.HOW_MUCH) or p.text == "?" for p in pieces):
        return None
    spoken = _opening(text, pieces) or _of_parts(pieces)
    in_usdc = any(piece.coin is not None and piece.coin.quote == "USDC" for piece in pieces)
    return replace(spoken, quote="USDC") if spoken is not None and in_usdc else spoken


def bare_name(text: str) -> str:
    """The name in an answer to "what is it called?": without "rename to" or "call it" before it."""
    return _CALLED.sub("", text, count=1)


def orders_of(text: str, *, names: Sequence[str] = ()) -> tuple[Spoken, tuple[str, ...]] | None:
    """The first of several orders in one message, and the others as they were written; None for anything else.

    "close half the btc and half the eth" is two: what has no verb has that of the order before.
    """
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    first = order_of(parts[0], names=names) if 1 < len(parts) <= _MOST_ORDERS and "?" not in text else None
    if first is None:
        return None
    verb = parts[0].split()[0]
    rest = [part if order_of(part, names=names) else f"{verb} {part}" for part in parts[1:]]
    return (first, tuple(rest)) if all(order_of(part, names=names) for part in rest) else None


def _of_a_portfolio(text: str, names: Sequence[str]) -> Spoken | None:
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    name = " ".join(found["name"].split())
    if found["choose"]:
        known = next((each for each in names if each.casefold() == name.casefold()), None)
        return Spoken(kind="choose", name=known) if known else None
    return Spoken(kind="rename" if found["rename"] else "new", name=name)


def _opening(text: str, pieces: Sequence[Piece]) -> Spoken | None:
    """ "add 2 eth long 3100 10x cross": what follows the verb is a position of its own."""
    if pieces[0].text not in ("add", "save", "put", "open", "opened"):
        return None
    reading = understand(text.strip()[len(pieces[0].raw) :])
    said = reading.parsed.positions or ()
    whole = reading.kind == "position" and len(said) == 1 and not reading.unread and not reading.alternatives
    if not whole or reading.parsed.account is not None or reading.parsed.marks:
        return None
    if said[0].symbol and said[0].side and isinstance(said[0].entry, Decimal):
        return Spoken(kind="open", coin=said[0].symbol, side=said[0].side, position=said[0])
    return None


def _of_parts(pieces: Sequence[Piece]) -> Spoken | None:
    verb, parts = pieces[0], _parts(pieces[1:])
    if verb.coin is not None and not verb.coin.weak:  # "eth leverage 20x", "sol to cross"
        verb, parts = Piece(kind="word", text="set", raw="set", glued=False), _parts(pieces)
    if parts is None or len(set(parts.coins)) > 1 or len(parts.sides) > 1 or len(parts.modes) > 1:
        return None
    if "more" in parts.words:
        parts.sides = parts.sides or ([SIDES[verb.concept]] if verb.concept in SIDES else [])
        return _more(parts) if verb.text == "add" or verb.concept in SIDES else None
    if verb.concept is C.CLOSE or verb.text in _REDUCES or verb.text in _SELLS:
        return _less(verb, parts)
    if "leverage" in parts.words or "margin" in parts.words:
        return _leverage_or_margin(verb, parts)
    if parts.modes:
        return _mode(verb, parts)
    if "wallet" in parts.words or verb.text in ("deposit", "withdraw", "wallet", "balance", "set wallet"):
        return _money(verb, parts)
    if verb.text == "add":
        return _more(parts)
    if verb.text in ("remove", "delete") and parts.coins and not parts.numbers and not parts.words:
        return Spoken(kind="remove", coin=parts.coins[0], side=_first(parts.sides))
    return None


def _parts(pieces: Sequence[Piece]) -> _Parts | None:
    """What the pieces mention; None when one of them has no place in any order."""
    parts, at, before = _Parts(), False, None
    for piece in pieces:
        if piece.number is not None:
            if piece.number.sign or piece.number.value <= 0:
                return None
            parts.numbers.append((piece, at))
        elif piece.coin is not None and not piece.coin.weak:
            parts.coins.append(piece.coin.symbol)
            parts.onto = parts.onto or (before is not None and before.text == "to")
        elif piece.concept in SIDES:
            parts.sides.append(SIDES[piece.concept])
        elif piece.concept in (C.ISOLATED, C.CROSS):
            parts.modes.append("isolated" if piece.concept is C.ISOLATED else "cross")
        elif piece.concept is C.HALVE:  # "by half", "in half"
            parts.words.add("half")
        elif piece.concept is C.MORE:
            parts.words.add("more")
        elif piece.concept is C.ALL or piece.text in _PARTS:
            parts.words.add("all" if piece.concept is C.ALL else piece.text)
        elif piece.concept in (C.LEVERAGE, C.MARGIN):
            parts.words.add("leverage" if piece.concept is C.LEVERAGE else "margin")
        elif piece.concept in (C.BALANCE, C.ACCOUNT):
            parts.words.add("wallet")
        elif not (piece.concept is C.AT or piece.concept in _SPARE or piece.text in _SPARE_WORDS or piece.text == "@"):
            return None
        at, before = piece.concept is C.AT or piece.text == "@", piece
    return parts


def _less(verb: Piece, parts: _Parts) -> Spoken | None:
    """ "close half the sol", "reduce btc by 0.2", "close eth short at 3000", "close everything"."""
    coin, side = _first(parts.coins), _first(parts.sides)
    if parts.modes or parts.words - {"all", *_PARTS} or (coin is None and "all" not in parts.words):
        return None
    price = fraction = quantity = None
    for piece, at in parts.numbers:
        number = piece.number
        assert number is not None
        if at and number.unit in ("", "usd") and price is None:
            price = number.price(coin)
        elif number.unit == "%" and fraction is None:
            fraction = number.value / 100
        elif piece.text in _SHARES and fraction is None:
            fraction = _PARTS[piece.text]
        elif number.unit in ("", "coin", "coins") and quantity is None and len(number.values) == 1:
            quantity = number.value
        else:
            return None
    word = next((_PARTS[word] for word in parts.words if word in _PARTS), None)
    fraction = fraction or word or (_HALF if verb.text in ("halve", "sell half") else None)
    if fraction is not None and quantity is not None:
        return None
    sold = verb.text in _SELLS
    if sold and fraction is None:
        return None  # "sell 0.1 btc" may open a short as well: that is a trade in words
    if quantity is None and fraction is None and verb.text in _REDUCES:
        return None
    if coin is None:
        alone = fraction is None and quantity is None and price is None and side is None
        return Spoken(kind="close", everything=True) if alone else None
    whole = quantity is None and (fraction is None or fraction == 1)
    return Spoken(
        kind="close" if whole else "reduce",
        sold=sold,
        coin=coin,
        side=side,
        price=price,
        quantity=quantity,
        fraction=None if whole else fraction,
    )


def _more(parts: _Parts) -> Spoken | None:
    """ "add 0.5 btc at 62000", "buy 0.5 more btc" to a position that is there."""
    coin, more = _first(parts.coins), "more" in parts.words
    if coin is None or parts.words - {"more"} or parts.modes or len(parts.numbers) > 2:
        return None
    if not parts.numbers:
        return Spoken(kind="add", coin=coin, side=_first(parts.sides)) if more else None
    units = ("", "coin", "coins") if parts.onto or more else ("coin", "coins")
    sized = [piece.number for piece, at in parts.numbers if not at and piece.number]
    priced = [piece.number for piece, at in parts.numbers if at and piece.number]
    if len(sized) != 1 or sized[0].unit not in units or len(sized[0].values) != 1 or len(priced) > 1:
        return None
    if any(number.unit not in ("", "usd") for number in priced):
        return None
    if sized[0].unit == "" and not priced and not more:
        return None  # "add 500 to btc" can be money as well
    price = priced[0].price(coin) if priced else None
    return Spoken(kind="add", coin=coin, side=_first(parts.sides), quantity=sized[0].value, price=price)


def _leverage_or_margin(verb: Piece, parts: _Parts) -> Spoken | None:
    if len(parts.numbers) != 1 or not parts.coins or parts.words not in ({"leverage"}, {"margin"}) or parts.modes:
        return None
    number = parts.numbers[0][0].number
    assert number is not None
    coin, side = parts.coins[0], _first(parts.sides)
    if parts.words == {"leverage"}:
        fits = number.unit in ("", "x") and verb.text in ("set", "change", "leverage")
        return Spoken(kind="leverage", coin=coin, side=side, leverage=number.value) if fits else None
    if number.unit not in ("", "usd") or verb.text not in ({"add", "put"} | _TAKES):
        return None
    amount = -number.money() if verb.text in _TAKES else number.money()
    return Spoken(kind="margin", coin=coin, side=side, amount=amount, asset=number.asset)


def _mode(verb: Piece, parts: _Parts) -> Spoken | None:
    """ "move sol to cross", "switch eth to isolated with 300"."""
    moves = verb.concept in (C.MOVE, C.SWITCH) or verb.text in ("move", "switch", "change", "set", "make", "put")
    if not moves or not parts.coins or parts.words - {"margin"} or len(parts.numbers) > 1:
        return None
    number = parts.numbers[0][0].number if parts.numbers else None
    if number is not None and (number.unit not in ("", "usd") or parts.modes[0] == "cross"):
        return None
    return Spoken(
        kind=parts.modes[0],
        coin=parts.coins[0],
        side=_first(parts.sides),
        amount=number.money() if number else None,
    )


def _money(verb: Piece, parts: _Parts) -> Spoken | None:
    """ "deposit 500", "withdraw 200 usdt", "set wallet to 5000"."""
    kinds: dict[str, OrderKind] = {
        "deposit": "deposit", "add": "deposit", "put": "deposit", "withdraw": "withdraw", "take": "withdraw",
        "set": "wallet", "wallet": "wallet", "balance": "wallet", "set wallet": "wallet",
    }  # fmt: skip
    kind = kinds.get(verb.text)
    if kind is None or len(parts.numbers) != 1 or parts.sides or parts.modes or parts.words - {"wallet"}:
        return None
    number = parts.numbers[0][0].number
    assert number is not None
    if number.unit not in ("", "usd", "coin"):
        return None
    if parts.coins and number.unit != "coin":
        return None
    asset = number.asset if number.unit == "coin" else "" if number.asset in ("", "USD") else number.asset
    amount = number.value if number.unit == "coin" else number.money()
    return Spoken(kind=kind, amount=amount, asset=asset) if len(number.values) == 1 or not asset else None


_T = TypeVar("_T")


def _first(found: Sequence[_T]) -> _T | None:
    return found[0] if found else None
