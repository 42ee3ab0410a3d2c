"""Which numbers of a message a reading has found a place for: by value, whatever reader made it.

A number that is passed over in silence looks as if it had been understood, so this decides between readings and names
what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from pydantic import BaseModel

from bot.understanding.asides import figure
from bot.understanding.numbers import Number
from bot.understanding.readings import Parsed, Reading
from bot.understanding.tagging import Message
from bot.understanding.worded import fraction_of
from bot.understanding.words import Concept as C

_POINTING = frozenset({C.TAKE_PROFIT, C.FEE, C.EACH, C.FIRST, C.EQUITY, C.PNL, C.MARGIN_RATIO, C.REWARD})
"""Labels whose numbers are understood and have no slot in most kinds: targets behind the first, fees, table steps."""


def values_of(reading: Reading) -> frozenset[Decimal]:
    """Every number in the slots of a reading, and in what it names as assumed or left out."""
    said = " ".join((*reading.assumed, *reading.unread)).replace(",", " ").replace(":", " ")
    named = (_decimal(word.lstrip("+-±").rstrip("x%")) for word in said.split())
    found = frozenset(abs(value) for value in _numbers((reading.parsed, reading.changes, reading.ladder)))
    return found | frozenset(value for value in named if value is not None)


def _decimal(word: str) -> Decimal | None:
    return Decimal(word) if word.replace(".", "", 1).isdecimal() and word.isascii() else None


def _numbers(value: object) -> Iterator[Decimal]:
    match value:
        case Decimal():
            yield value
        case BaseModel():
            for name in value.model_fields_set:
                yield from _numbers(getattr(value, name))
        case Mapping():
            for item in value.values():
                yield from _numbers(item)
        case tuple() | list():
            for item in value:
                yield from _numbers(item)
        case _:
            return


def unplaced(message: Message, reading: Reading) -> tuple[str, ...]:
    """The numbers of a message that occur nowhere in a reading, as the person wrote them.

    A number counts as placed in any of its meanings ("64.000" as 64 or 64000), as the share, the sum or the product
    that a slot was worked out from, and where its label has no slot of its own. Linear in the message.
    """
    numbers = [(index, piece.number) for index, piece in enumerate(message.pieces) if piece.number]
    if not numbers:
        return ()
    placed = values_of(reading)
    known = message.roles
    return tuple(
        figure(number)
        for index, number in numbers
        if known.get(index) not in _POINTING
        and not _is_placed(number, placed)
        and (fraction_of(message.pieces[index].text) or Decimal(0)) * 100 not in placed  # the "half" of what is closed
    )


def _is_placed(number: Number, placed: frozenset[Decimal]) -> bool:
    if number.unit in ("hours", "days") and number.value / 24 in placed:
        return True
    if number.unit == "x" and (number.value - 1) * 100 in placed:
        return True  # "does a 2x" is a rise of 100 %
    return any(value in placed or value * 1000 in placed for value in number.values)


def conventions(message: Message, reading: Reading) -> tuple[str, ...]:
    """What was decided where a mark can stand for decimals or thousands: "64.000" as 64000, by the coin's usual prices.

    Only readings that are not the usual one of the mark are named ("61,234" is 61234 in any English text); each entry
    begins with the name of the slot.
    """
    found = []
    for piece in message.pieces:
        number = piece.number
        if number is None or len(number.values) < 2:
            continue
        for value in number.values[1:]:
            slot = _slot_of(value, reading.parsed)
            if slot:
                found.append(f"{slot}: {piece.raw} read as {value.normalize():f}")
    return tuple(dict.fromkeys(found))


def _slot_of(value: Decimal, parsed: Parsed) -> str:
    """The name of the slot that holds a value, empty when none does."""
    for position in (*(parsed.positions or ()), *(parsed.add_positions or ())):
        for name, slot in (("entry", "entry"), ("qty", "size"), ("margin", "size"), ("notional", "size")):
            if getattr(position, name) == value:
                return slot
    if parsed.account is not None and value in _numbers(parsed.account):
        return "wallet"
    if value in (parsed.marks or {}).values():
        return "mark"
    return "entry" if parsed.entry == value else "target" if value in _numbers(parsed) else ""
