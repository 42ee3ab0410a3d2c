"""Statements of current prices: "btc is 61k", "price now 63000"."""

from bot.understanding.account import marks_of
from bot.understanding.follow_ups import stated_prices
from bot.understanding.readings import Context, Parsed, Reading
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C


def mark_of(message: Message, context: Context) -> Reading:
    """The prices that a message states; without a coin they are the open card's, if that has one symbol."""
    marks = marks_of(message, message.roles)[0] | stated_prices(message)
    if not marks and context.fresh and len(context.symbols) == 1:
        index = next(index for index, role in message.roles.items() if role in (C.MARK, C.NOW, C.PRICE))
        number = message.pieces[index].number
        marks = {context.symbols[0]: number.price(context.symbols[0])} if number else {}
    missing = () if marks else ("symbol",)
    return Reading(kind="mark", parsed=Parsed(marks=marks or None), missing=missing)
