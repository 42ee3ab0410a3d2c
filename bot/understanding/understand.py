"""The way of a message: text -> tagged pieces -> kind -> that kind's reader."""

from collections.abc import Callable

from bot.understanding import comparisons, margins, positions, sizes, topics, what_ifs
from bot.understanding.account import marks_of
from bot.understanding.follow_ups import stated_prices
from bot.understanding.kinds import Facts, kind_of
from bot.understanding.positions import foreign_of, unknown_coin_of
from bot.understanding.readings import Context, Kind, Parsed, Reading
from bot.understanding.tagging import Message
from bot.understanding.tagging import read as tagged
from bot.understanding.words import Concept as C

_READERS: dict[Kind, Callable[[Message], Reading]] = {
    "whatif": what_ifs.read,
    "compare": comparisons.read,
    "size": sizes.read,
    "addmargin": margins.read,
    "explain": topics.read,
    "faq": topics.read,
}


def understand(text: str, context: Context | None = None) -> Reading:
    """What a message means.

    Arguments: text, any string, of which the first 4096 characters count; a leading command ("/liq btc l 64000 20")
    is a hint. context, what the conversation already knows. Result: the reading; it never fails, and what is not
    understood is kind "unknown".
    """
    message = tagged(text)
    reading = _read(message, context or Context())
    beside = {"lang": message.lang, "unknown_coin": unknown_coin_of(message), "foreign": foreign_of(message)}
    return reading.model_copy(update=beside) if any(beside.values()) else reading


def _read(message: Message, context: Context) -> Reading:
    facts = Facts(message)
    kind = kind_of(facts)
    if kind == "position":
        return positions.read(message, facts.book)
    if kind == "mark":
        return _mark(message, context)
    reader = _READERS.get(kind)
    return reader(message) if reader else Reading(kind=kind, parsed=Parsed())


def _mark(message: Message, context: Context) -> Reading:
    """A statement of current prices; without a coin it is the open card's, if that has one symbol."""
    marks = marks_of(message, message.roles)[0] | stated_prices(message)
    if not marks and len(context.symbols) == 1:
        index = next(index for index, role in message.roles.items() if role in (C.MARK, C.NOW, C.PRICE))
        number = message.pieces[index].number
        marks = {context.symbols[0]: number.price(context.symbols[0])} if number else {}
    missing = () if marks else ("symbol",)
    return Reading(kind="mark", parsed=Parsed(marks=marks or None), missing=missing)


def public_kind(reading: Reading) -> str:
    """The kind under its outside name: a stated mark price is a matter of the portfolio."""
    return "portfolio" if reading.kind == "mark" else reading.kind
