"""The fee that is said beside a position: "fees 0.05%", "0.05% taker fee"."""

from dataclasses import replace
from decimal import Decimal

from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

MOST = Decimal(1)
"""Percent: no venue takes more for a trade."""


def without_fee(message: Message) -> tuple[Message, Decimal | None]:
    """The message without its fee, and the fee in percent; None where none is said, or more than one."""
    pieces = message.pieces
    rates = [index for index, piece in enumerate(pieces) if piece.number and piece.number.unit == "%"]
    for start, piece in enumerate(pieces):
        if piece.concept is not C.FEE or piece.text in listed("other_fees"):
            continue
        at = next((index for index in rates if abs(index - start) <= _REACH), None)
        between = pieces[min(start, at) + 1 : max(start, at)] if at is not None else ()
        number = pieces[at].number if at is not None else None
        joined = all(p.concept is C.FILLER or p.text in listed("fee_words") for p in between)
        if at is None or number is None or not joined or number.sign or not 0 < number.value <= MOST:
            return message, None
        first, last = min(start, at), max(start, at)
        while first and pieces[first - 1].text in listed("fee_words"):
            first -= 1
        return replace(message, pieces=pieces[:first] + pieces[last + 1 :]), number.value
    return message, None


_REACH = 3
