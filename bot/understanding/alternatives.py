"""What a position still lacks, and the other readings of it that would lead to different money."""

from __future__ import annotations

from bot.understanding.coins import window
from bot.understanding.readings import PositionSlots, Reading
from bot.understanding.tagging import Message

AMOUNT_SWAPPED = "size: the amount taken the other way"
"""The flag of a reading whose margin is the position's value, or the other way round."""


def missing_of(positions: tuple[PositionSlots, ...], *, walleted: bool) -> tuple[str, ...]:
    """What has to be asked before a liquidation price can be given, in the order of asking.

    An isolated price needs symbol, side, entry and leverage (or margin and size in its place), but no size; a cross
    price needs the size and the wallet (`walleted`: it was said), and no leverage.
    """
    lacking: set[str] = set()
    for slots in positions or (PositionSlots(),):
        size = any((slots.qty, slots.notional, slots.contracts))
        lacking |= {"symbol"} if slots.symbol is None else set()
        lacking |= {"side"} if slots.side is None else set()
        lacking |= {"entry"} if slots.entry is None else set()
        if slots.mode == "cross" and not size and not (slots.margin and slots.leverage):
            lacking.add("size")
        if slots.leverage is None and not (slots.margin and size) and not (slots.mode == "cross" and size):
            lacking |= {"leverage"} if size or slots.margin else {"size", "leverage"}
    if not walleted and any(slots.mode == "cross" for slots in positions):
        lacking.add("balance")
    return tuple(name for name in ("symbol", "side", "size", "entry", "leverage", "balance") if name in lacking)


def alternatives_of(message: Message, reading: Reading) -> tuple[Reading, ...]:
    """The readings of a position that differ from this one in money, each worth a button."""
    return _other_amounts(reading) + _other_marks(message, reading)


def _other_amounts(reading: Reading) -> tuple[Reading, ...]:
    """The same message with the bare money amount as the position's value instead of its margin, and the other way
    round.
    """
    positions = reading.parsed.positions or ()
    if not any(entry.startswith(("usd_amount_is_margin", "size: a size in money")) for entry in reading.assumed):
        return ()
    swapped = tuple(_swapped(slots) for slots in positions)
    if swapped == positions:
        return ()
    parsed = reading.parsed.model_copy(update={"positions": swapped})
    return (
        Reading(
            kind="position",
            parsed=parsed,
            assumed=(AMOUNT_SWAPPED,),
            missing=missing_of(swapped, walleted=parsed.account is not None),
        ),
    )


def _other_marks(message: Message, reading: Reading) -> tuple[Reading, ...]:
    """The entry with its mark read the other way ("1.234" as 1234), where no recorded price of the coin decides."""
    positions = reading.parsed.positions or ()
    if len(positions) != 1 or positions[0].symbol is None or window(positions[0].symbol) is not None:
        return ()
    slots = positions[0]
    numbers = (piece.number for piece in message.pieces if piece.number and len(piece.number.values) > 1)
    other = next(
        (value for n in numbers if slots.entry in n.values for value in n.values if value != slots.entry), None
    )
    if other is None:
        return ()
    changed = (slots.model_copy(update={"entry": other}),)
    parsed = reading.parsed.model_copy(update={"positions": changed})
    flag = f"entry: read as {other.normalize():f}"
    return (Reading(kind="position", parsed=parsed, assumed=(*reading.assumed, flag), missing=reading.missing),)


def _swapped(slots: PositionSlots) -> PositionSlots:
    if slots.margin_unit or (slots.margin is not None and slots.notional is not None):
        return slots
    return slots.model_copy(update={"margin": slots.notional, "notional": slots.margin})
