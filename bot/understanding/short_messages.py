"""Messages of a few words that only make sense beside the last question and fill no slot of a position by themselves:
"flip it", "half size", "sl 61.5k", "65k", "close it", "-10 -20", "and on bybit?", "why?".

Each is recognised by what it consists of, never by a word among others, so that no trade of its own is taken for one.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from bot.understanding.account import is_venue, venue_of
from bot.understanding.changes import closing
from bot.understanding.coins import plausible_price
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.plans import named_plan
from bot.understanding.readings import AccountSlots, Change, Context, Parsed, PositionSlots, Reading, Shock, Values
from bot.understanding.tagging import Message
from bot.understanding.worded import fraction_of
from bot.understanding.words import Concept as C
from bot.understanding.words import listed, table

LONGEST = 12
"""Pieces of a message that may be one of these."""

_QUIET_TEXT = frozenset(".,!?:=~+()/$€£'\"\n-&")
_QUIET = frozenset({C.FILLER, C.MY, C.AND, C.THANKS, C.NOW})
_PLANNED = frozenset({C.STOP, C.TAKE_PROFIT})
_FACTORS = {word: Decimal(value) for word, value in table("lists.json")["factors"].items()}
_HALF = Decimal("0.5")
_LEAST_PRICE = 1000


def short_reading(message: Message, context: Context) -> Reading | None:
    """What a short message says beside the last question; None when it is none of these."""
    if not message.pieces or len(message.pieces) > LONGEST:
        return None
    for reader in _READERS:
        reading = reader(message, context)
        if reading is not None:
            return reading
    return None


def _only(message: Message, *concepts: C, texts: frozenset[str] = frozenset(), numbers: bool = False) -> bool:
    """Whether a message has nothing but words of the given meanings and words that change nothing."""
    return all(
        _only_quiet(piece) or piece.concept in concepts or piece.text in texts or (numbers and piece.number is not None)
        for piece in message.pieces
    )


def _only_quiet(piece: Piece) -> bool:
    """Whether a piece changes nothing."""
    return piece.concept in _QUIET or piece.text in _QUIET_TEXT or piece.text in listed("polite")


def _numbers(pieces: Sequence[Piece]) -> list[Number]:
    return [piece.number for piece in pieces if piece.number]


def _why(message: Message, _: Context) -> Reading | None:
    """ "why?", "how?", "explain"."""
    asked = message.has(C.WHY) or any(piece.text in listed("bare_asks") for piece in message.pieces)
    if not asked or not _only(message, C.WHY, C.ASKING, texts=listed("bare_asks") | listed("bare_whys")):
        return None
    return Reading(kind="explain", parsed=Parsed(topic="steps", ref="last_answer"), follow="steps")


def _flip(message: Message, _: Context) -> Reading | None:
    """ "flip it", "other way": the other side."""
    flipped = message.has(C.REVERSE) and _only(
        message, C.REVERSE, C.GO_TO, C.WHAT_IF, C.IF, texts=listed("sizes_meant") | {"do"}
    )
    return Reading(kind="unknown", follow="flip") if flipped else None


def _scale(message: Message, _: Context) -> Reading | None:
    """ "2x size", "half the size", "double it": the same with so many times the size."""
    pieces = message.pieces
    said = [piece for piece in pieces if not (piece.concept in _QUIET or piece.text in _QUIET_TEXT)]
    factors = [factor for piece in said if (factor := _factor(piece)) is not None]
    sized = message.has(C.SIZE) or any(f" {article} position " in message.words for article in ("the", "my"))
    counted = [piece.number for piece in said if piece.number and piece.number.unit == "x" and _factor(piece) is None]
    factors += [number.value for number in counted] if sized else []
    others = [
        piece
        for piece in said
        if not (
            piece.concept in (C.SIZE, C.CLOSE, C.IF, C.WHAT_IF)
            or piece.text in listed("sizes_meant")
            or piece.text in listed("polite")
        )
    ]
    if len(factors) != 1 or len(others) != 1 or factors[0] <= 0:
        return None
    if message.has(C.CLOSE) and not any(piece.text == "in" for piece in pieces):
        return None  # "close half" is no other size but an order
    if factors[0] == _HALF and message.has(C.IF, C.WHAT_IF):
        change = Change(what="close", share=_HALF * 100)  # "what if i halve my position"
        return Reading(kind="whatif", parsed=Parsed(portfolio="current"), changes=(change,), follow="close")
    return Reading(kind="unknown", follow="scale", scale=factors[0])


def _factor(piece: Piece) -> Decimal | None:
    return _FACTORS.get(piece.text, None if piece.number else fraction_of(piece.text))


def _drop(message: Message, _: Context) -> Reading | None:
    """ "drop the eth", "without eth": the question without its positions in a coin."""
    pieces = message.pieces
    coins = {piece.coin.symbol for piece in pieces if piece.coin and piece.coin.known and not piece.coin.weak}
    said = [piece.text for piece in pieces if piece.text in listed("leaves_out")]
    if len(coins) != 1 or not said or any(piece.number for piece in pieces):
        return None
    words = listed("leaves_out") | listed("position_words") | {"out", "leave"}
    if not all(_is_named(piece) or piece.text in words or _only_quiet(piece) for piece in pieces):
        return None
    return Reading(kind="unknown", parsed=Parsed(remove=tuple(coins)), follow="drop")


def _instead(message: Message, _: Context) -> Reading | None:
    """ "eth instead at 3k": another coin in the place of the last question's, and its entry."""
    pieces, numbers = message.pieces, _numbers(message.pieces)
    coins = {piece.coin.symbol for piece in pieces if _is_named(piece) and piece.coin}
    put = message.has(C.INSTEAD) or " same " in message.words
    if len(coins) != 1 or len(numbers) != 1 or not put:
        return None
    (symbol,), (number,) = coins, numbers
    words = (
        frozenset(piece.text for piece in pieces if _is_named(piece)) | listed("with_words") | {"same", "but", "for"}
    )
    if not _only(message, C.INSTEAD, C.AT, C.ENTRY, C.ALSO, C.WHAT_IF, texts=words, numbers=True):
        return None
    if number.sign or number.unit not in ("", "usd") or plausible_price(symbol, number.price(symbol)) is not True:
        return None
    position = PositionSlots(symbol=symbol, entry=number.price(symbol))
    return Reading(kind="position", parsed=Parsed(positions=(position,), ask=("liq_price",)), follow="instead")


def _is_named(piece: Piece) -> bool:
    return piece.coin is not None and not piece.coin.weak


def _plan(message: Message, _: Context) -> Reading | None:
    """ "sl 61.5k", "tp 70k and 72k": a stop or target for what is open."""
    numbers = [index for index, piece in enumerate(message.pieces) if piece.number]
    planned = bool(numbers) and all(message.roles.get(index) in _PLANNED for index in numbers)
    if not planned or not _only(message, *_PLANNED, C.AT, C.GO_TO, C.MOVE, C.MONEY, numbers=True):
        return None
    return Reading(kind="unknown", follow="plan", plan=named_plan(message, message.roles))


def _close(message: Message, _: Context) -> Reading | None:
    """ "close it", "close half": of what is open."""
    change = closing(message)
    if change is None or change.symbol is not None or change.side is not None:
        return None
    allowed = listed("sizes_meant") | {"out"}
    if not _only(
        message, C.CLOSE, C.ALL, C.HALVE, C.PERCENT, C.COINS, texts=allowed | {"half", "quarter"}, numbers=True
    ):
        return None
    return Reading(kind="whatif", parsed=Parsed(portfolio="current"), changes=(change,), follow="close")


def _venue(message: Message, _: Context) -> Reading | None:
    """ "and on bybit?": the same at another venue."""
    venue, pieces = venue_of(message), message.pieces
    others = (piece.coin for index, piece in enumerate(pieces) if not is_venue(pieces, index))
    if venue is None or any(coin and not coin.weak for coin in others):
        return None
    names = frozenset(piece.text for index, piece in enumerate(pieces) if is_venue(pieces, index))
    if _numbers(pieces) or not _only(message, C.AT, C.ALSO, C.WHAT_IF, C.ASKING, texts=names):
        return None
    parsed = Parsed(positions=(), ask=("liq_price",), venue=venue)
    return Reading(kind="position", parsed=parsed, follow="slots")


def _ladder(message: Message, _: Context) -> Reading | None:
    """ "-10 -20", "ladder -5 -10 -20": several moves of the whole market, in the order said."""
    numbers = _numbers(message.pieces)
    if len(numbers) < 2 or not _only(message, C.LADDER, C.WHAT_IF, C.IF, C.PERCENT, numbers=True):
        return None
    signed = all(number.sign in ("+", "-") and number.unit in ("", "%") for number in numbers)
    if not signed or any(piece.text == "/" for piece in message.pieces):
        return None
    steps = tuple(number.signed for number in numbers)
    shock = Shock(target="ALL", range_pct=(min(steps), max(steps)))
    parsed = Parsed(shocks=(shock,), ask=("ladder",), portfolio="current")
    return Reading(kind="whatif", parsed=parsed, ladder=steps, follow="move")


def _liquidation(message: Message, _: Context) -> Reading | None:
    """ "liq 58000?": the exchange shows another liquidation price than the last answer."""
    numbers = [index for index, piece in enumerate(message.pieces) if piece.number]
    if len(numbers) != 1 or message.roles.get(numbers[0]) is not C.LIQ:
        return None
    names = frozenset(piece.text for piece in message.pieces if piece.venue)
    if not _only(message, C.LIQ, C.AT, C.PRICE, texts=names | listed("showing"), numbers=True):
        return None
    number = message.pieces[numbers[0]].number
    if number is None or number.unit not in ("", "usd"):
        return None
    values = Values(venue=number.value)
    parsed = Parsed(topic="venue_mismatch", ref="last_answer", values=values, venue=venue_of(message))
    return Reading(kind="explain", parsed=parsed, venue_liquidation=number.value)


def _money(message: Message, _: Context) -> Reading | None:
    """ "and with 5k?": another wallet, or as much margin; nothing decides here."""
    pieces = [piece for piece in message.pieces if piece.concept is not C.AND and piece.text not in _QUIET_TEXT]
    if len(pieces) != 2 or pieces[0].text not in ("with", "w") or not pieces[1].number:
        return None
    number = pieces[1].number
    if number.sign or number.unit not in ("", "usd") or number.value < 5:
        return None
    amount = number.money()
    wallet = Parsed(positions=(), ask=("liq_price",), account=AccountSlots(balance=amount))
    margin = Parsed(positions=(PositionSlots(margin=amount),), ask=("liq_price",))
    offered = tuple(Reading(kind="position", parsed=parsed, follow="slots") for parsed in (wallet, margin))
    return Reading(kind="unknown", alternatives=offered, follow="money")


_PRESENT: Final = frozenset({"now", "currently", "rn"})


def _price(message: Message, context: Context) -> Reading | None:
    """ "65k", "50k?", "at 65k?": a price alone may be the entry or where the coin goes; nothing decides here. "Now 65k"
    is where the coin is."""
    numbers = _numbers(message.pieces)
    if len(numbers) != 1 or not _only(message, C.AT, C.GO_TO, C.IF, C.WHAT_IF, numbers=True):
        return None
    number, symbols = numbers[0], context.symbols if context.fresh else ()
    symbol = symbols[0] if len(symbols) == 1 else None
    fits = plausible_price(symbol, number.price(symbol))
    large = number.scaled or number.value >= _LEAST_PRICE
    if number.sign or number.unit not in ("", "usd") or fits is False or (fits is None and not large):
        return None
    asked = any(piece.text == "?" for piece in message.pieces) or message.has(C.GO_TO, C.IF, C.WHAT_IF)
    price = number.price(symbol)
    if symbol is not None and _PRESENT & set(message.words.split()) and not message.has(C.GO_TO, C.IF, C.WHAT_IF):
        return Reading(kind="mark", parsed=Parsed(marks={symbol: price}))
    entry = Reading(
        kind="position",
        parsed=Parsed(positions=(PositionSlots(entry=price),), ask=("liq_price",)),
        follow="slots",
    )
    if symbol is None:
        return Reading(kind="unknown", follow="price", alternatives=(entry,))
    shocks = (Shock(target=symbol, price=price),)
    move = Reading(kind="whatif", parsed=Parsed(shocks=shocks, portfolio="current"), follow="move")
    return Reading(kind="unknown", follow="price", alternatives=(move, entry) if asked else (entry, move))


_READERS: tuple[Callable[[Message, Context], Reading | None], ...] = (
    _why, _flip, _scale, _drop, _instead, _plan, _close, _venue, _ladder, _liquidation, _money, _price
)  # fmt: skip
