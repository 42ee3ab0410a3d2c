"""What is supposed to change in what is open, beside a move of prices: margin put in, a part closed, another leverage.

These have no slot in the outside form of a reading, so they stand beside it for the flows to act on.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile

from bot.understanding.coins import STABLES
from bot.understanding.groups import SIDES
from bot.understanding.lexer import Piece
from bot.understanding.readings import Change, Side, What
from bot.understanding.tagging import Message
from bot.understanding.worded import fraction_of
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

_VERBS = frozenset({C.ADD, C.TOP_UP, C.WITHDRAW})
_NEAR = 5


def changes_of(message: Message) -> tuple[tuple[Change, ...], frozenset[int]]:
    """The supposed changes of a message in order, and the indices of the numbers that say them."""
    pieces = message.pieces
    found: list[Change] = []
    used: set[int] = set()
    for index, piece in enumerate(pieces):
        if piece.concept in _VERBS:
            at = _amount_after(pieces, index)
            number = pieces[at].number if at is not None else None
            if at is not None and number is not None and at not in used:
                symbol, side, named = _whose(pieces, at)
                found.append(_added(message, piece, at, symbol, side))
                used |= {at, *named}
    change = closing(message)
    if change is not None:
        found.append(change)
        used |= _said_part(pieces)
    settings, said = _settings(message)
    return (*found, *settings), frozenset(used | said)


def _said_part(pieces: Sequence[Piece]) -> set[int]:
    """The pieces that say which part is closed: the 30% of "close 30% of my btc long", the "half" of "close half"."""
    verb = next(index for index, piece in enumerate(pieces) if piece.concept is C.CLOSE)
    near = range(verb + 1, min(verb + 1 + _NEAR, len(pieces)))
    shares = {at for at in near if fraction_of(pieces[at].text) is not None}
    percents = {at for at in near if (number := pieces[at].number) and number.unit == "%"}
    parts = {at for at, piece in enumerate(pieces) if piece.number and _is_share(pieces, at)}
    return shares | (set(sorted(percents)[:1]) if not shares else set()) | parts


def _verb(piece: Piece) -> What:
    if piece.concept is C.WITHDRAW:
        return "withdraw"
    return "deposit" if piece.text.startswith("deposit") or "transfer" in piece.text else "add_margin"


def _added(message: Message, verb: Piece, at: int, symbol: str | None, side: Side | None) -> Change:
    """What is put in or taken out: money, or coins of a position where nothing says that they are margin."""
    pieces, number = message.pieces, message.pieces[at].number
    assert number is not None
    coins = number.unit == "coin" or _is_more_of(pieces, at) or _are_priced_coins(message, at)
    symbol = symbol or (message.symbols[at] if coins else None)
    unit = number.asset or (symbol if coins else None)
    if unit in ("USDT", "USD", "", None) and not (coins and unit is None):
        return Change(what=_verb(verb), amount=number.money(), symbol=symbol, side=side)
    sized = coins and unit not in STABLES and verb.concept is C.ADD and _verb(verb) == "add_margin"
    sized = sized and not message.has(C.MARGIN, C.BALANCE, C.ACCOUNT)
    amount = number.value if coins else number.money()
    return Change(what="add_size" if sized else _verb(verb), amount=amount, unit=unit, symbol=symbol, side=side)


def _is_more_of(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a bare number is coins: the 2 of "2 more eth"."""
    after = pieces[at + 1 : at + 3]
    number = pieces[at].number
    bare = number is not None and number.unit == ""
    return bare and len(after) == 2 and after[0].concept is C.MORE and _is_coin(after, 1)


def price_of_more(message: Message, at: int) -> int | None:
    """The index of the price at which an amount is put in: the 80k of "add 0.5 at 80k", "add 0.5 btc at 80k"."""
    pieces = message.pieces
    joint = next(
        (i for i in range(at + 1, len(pieces)) if not (_is_coin(pieces, i) or pieces[i].concept in _BESIDE)), at
    )
    if pieces[joint].concept is not C.AT or joint + 1 == len(pieces):
        return None
    price = pieces[joint + 1].number
    symbol = message.symbols[at]
    priced = price is not None and price.unit in ("", "usd") and (symbol is None or price.usual_price(symbol))
    return joint + 1 if priced else None


_BESIDE = frozenset({C.FILLER, C.MORE, C.COINS})

_MOST_MORE = 10
"""How many times the coins that are held a bare number before a price may be, to be more of them and no money."""

_LEAST_MARGIN = 5
"""Nobody adds less money than that."""


def _are_priced_coins(message: Message, at: int) -> bool:
    """Whether a bare number before a price is coins: the 0.5 of "long 0.5 btc 90k 10x, what if i add 0.5 at 80k"."""
    number = message.pieces[at].number
    if number is None or number.unit != "" or number.scaled or price_of_more(message, at) is None:
        return False
    symbol = message.symbols[at]
    others = (piece.number for i, piece in enumerate(message.pieces) if piece.number and i != at)
    held = max((each.value for each in others if each.unit == "coin" and each.asset == symbol), default=None)
    return number.value < _LEAST_MARGIN or (held is not None and number.value <= held * _MOST_MORE)


def _amount_after(pieces: Sequence[Piece], verb: int) -> int | None:
    for index in range(verb + 1, min(verb + 1 + _NEAR, len(pieces))):
        number = pieces[index].number
        if number and is_of_my_trade(pieces, verb, index):
            return None
        if number:
            return index if number.unit in ("", "usd", "coin") and not number.sign else None
        if pieces[index].concept in SIDES or pieces[index].concept in (C.IF, C.HOW_MUCH, C.LIQ):
            return None
    return None


def is_of_my_trade(pieces: Sequence[Piece], verb: int, index: int) -> bool:
    """Whether coins behind "add" are those of the trade it is added to: the 1 eth of "add to my 1 eth long"."""
    number = pieces[index].number
    mine = any(piece.concept is C.MY for piece in pieces[verb + 1 : index])
    return mine and number is not None and number.unit == "coin"


def _whose(pieces: Sequence[Piece], index: int) -> tuple[str | None, Side | None, frozenset[int]]:
    """The position that an amount is for ("add 500 to my eth short"), and the pieces that name it."""
    for at in range(index + 1, min(index + 1 + _NEAR, len(pieces))):
        piece = pieces[at]
        if piece.concept in (C.IF, C.AND) or piece.text in (*",?.", "then"):
            break
        if piece.concept in SIDES or (piece.coin and not piece.coin.weak):
            near = range(max(0, at - 1), at + len(_until_joint(pieces[at : at + 3])))
            named = frozenset(i for i in near if pieces[i].concept in SIDES or _is_coin(pieces, i))
            return (*_named(pieces, at), named)
    return None, None, frozenset()


def _named(pieces: Sequence[Piece], index: int) -> tuple[str | None, Side | None]:
    near = [*pieces[max(0, index - 1) : index], *_until_joint(pieces[index : index + 3])]
    symbol = next((piece.coin.symbol for piece in near if piece.coin and not piece.coin.weak), None)
    return symbol, next((SIDES[piece.concept] for piece in near if piece.concept in SIDES), None)


def _until_joint(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces before the first joint."""
    return list(takewhile(lambda piece: piece.concept is not C.AND and piece.text not in ",?", pieces))


def closing(message: Message) -> Change | None:
    """What a message closes: "close half", "close 30% of my btc long", "reduce my btc long by 0.2", "close it".

    Result: the share in percent or the coins, and the position as far as it is named; None when nothing is closed.
    """
    pieces = message.pieces
    verb = next((index for index, piece in enumerate(pieces) if piece.concept is C.CLOSE), None)
    if verb is None or message.has(C.WHY, C.HOW_MUCH, C.HOW_MANY, C.NEED, C.SURVIVE):
        return None
    if message.has(C.LIQ) and not is_closed_already(pieces):
        return None
    share = quantity = None
    for index in range(verb + 1, min(verb + 1 + _NEAR + 3, len(pieces))):
        piece = pieces[index]
        fraction = fraction_of(piece.text)  # "half the eth" is half of what is held
        if piece.concept is C.HALVE or fraction is not None:
            share = (fraction or Decimal("0.5")) * 100
        elif piece.number and piece.number.unit == "%":
            share = piece.number.value
        elif index in message.exits:
            break  # "exit 70000"
        elif piece.number and piece.number.unit in ("coin", "coins", "") and _is_share(pieces, index):
            quantity = piece.number.value
        if share is not None or quantity is not None or piece.concept in (C.IF, C.AND) or piece.text in ",.?":
            break
    if pieces[verb].text == "sell half":
        share = Decimal(50)
    near = next((at for at in _clause(pieces, verb) if pieces[at].concept in SIDES or _is_coin(pieces, at)), None)
    symbol, side = _named(pieces, near) if near is not None else (None, None)
    whole = share is None and quantity is None
    return Change(what="close", share=Decimal(100) if whole else share, qty=quantity, symbol=symbol, side=side)


def is_closed_already(pieces: Sequence[Piece]) -> bool:
    """Whether something has been closed, so that a liquidation price beside it is asked of the rest."""
    verb = next((piece for piece in pieces if piece.concept is C.CLOSE), None)
    return verb is not None and verb.text in listed("closed_already")


def _clause(pieces: Sequence[Piece], verb: int) -> range:
    """The places behind a verb that still belong to it: up to the next joint."""
    end = min(verb + 9, len(pieces))
    joint = (
        at
        for at in range(verb + 1, end)
        if pieces[at].concept in (C.IF, C.AND, C.WHAT_IF) or pieces[at].text in ",?;\n"
    )
    return range(verb + 1, next(joint, end))


def _is_coin(pieces: Sequence[Piece], index: int) -> bool:
    coin = pieces[index].coin
    return coin is not None and not coin.weak


def _is_share(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a number is the part that is closed: right behind the verb ("close 0.1 btc"), or behind "by"."""
    number = pieces[index].number
    if number is None or number.unit in ("usd", "x") or number.scaled:
        return False
    before = [
        piece for piece in pieces[max(0, index - 2) : index] if piece.concept is not C.FILLER or piece.text == "by"
    ]
    return bool(before) and (before[-1].concept is C.CLOSE or before[-1].text == "by")


def _settings(message: Message) -> tuple[list[Change], set[int]]:
    """Another leverage or funding that is supposed ("20x instead", "funding 0.05% for 3 days"), and its numbers."""
    found: list[Change] = []
    used: set[int] = set()
    pieces = message.pieces
    for index, piece in enumerate(pieces):
        number = piece.number
        before = pieces[index - 1] if index else None
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        put = (before is not None and before.text in listed("putting")) or (
            after is not None and after.text == "instead"
        )
        if number and number.unit == "x" and put:
            found.append(Change(what="leverage", leverage=number.value))
            used.add(index)
        if message.roles.get(index) is C.FUNDING and number and number.unit == "%":
            days = next((p.number.value for p in pieces if p.number and p.number.unit == "days"), None)
            hours = next((p.number.value for p in pieces[index:] if p.number and p.number.unit == "hours"), None)
            week = Decimal(7) if days is None and " week " in message.words else days
            found.append(Change(what="funding", rate_pct=number.signed, interval_h=hours, days=week))
    return found, used
