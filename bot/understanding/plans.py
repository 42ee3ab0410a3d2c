"""Stops and targets beside a position, and the side where only they (or other figures of a row) tell it."""

from decimal import Decimal

from bot.understanding.asides import figure
from bot.understanding.draft import Draft
from bot.understanding.figures import side_told
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C


def plan_of(message: Message, roles: dict[int, C]) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Stop price, stop distance in percent, first target price."""
    symbols = message.symbols
    stop = stop_pct = target = None
    for index, role in sorted(roles.items()):
        number = message.pieces[index].number
        if number is None:
            continue
        if role is C.STOP and number.unit == "%":
            stop_pct = stop_pct if stop_pct is not None else number.value
        elif role is C.STOP and stop is None:
            stop = number.price(symbols[index])
        elif role is C.TAKE_PROFIT and target is None and number.unit != "%":
            target = number.price(symbols[index])
    return stop, stop_pct, target


def named_plan(message: Message, roles: dict[int, C]) -> tuple[str, ...]:
    """Every stop and target as "stop 60000", so that one that is not used can be named."""
    words = {C.STOP: "stop", C.TAKE_PROFIT: "target"}
    numbers = ((words[role], index) for index, role in sorted(roles.items()) if role in words)
    found = ((word, message.pieces[index].number, message.symbols[index]) for word, index in numbers)
    return tuple(
        f"{word} {figure(number) if number.unit == '%' else f'{number.price(symbol).normalize():f}'}"
        for word, number, symbol in found
        if number
    )


def infer_side(draft: Draft, stop: Decimal | None, target: Decimal | None) -> None:
    """The side that the stop or else the target tells, which is flagged; one that was said stays."""
    entry = draft.slots.get("entry")
    if draft.group.side or "side" in draft.slots or not isinstance(entry, Decimal):
        return
    if stop is not None and stop != entry:
        draft.slots["side"] = "long" if stop < entry else "short"
        draft.assumed.append("side: told from the stop and the entry")
    elif target is not None and target != entry:
        draft.slots["side"] = "long" if target > entry else "short"
        draft.assumed.append("side: told from the target and the entry")


def side_of_row(draft: Draft, message: Message, roles: dict[int, C]) -> None:
    """The side of a copied row that does not name it, told from its other figures."""
    entry = draft.slots.get("entry")
    if draft.group.side or "side" in draft.slots or not isinstance(entry, Decimal):
        return
    inside = {at: role for at, role in roles.items() if draft.group.start <= at < draft.group.end}
    told = side_told(message, inside, entry)
    if told is not None:
        draft.slots["side"] = told[0]
        draft.assumed.append(f"side: told from {told[1]}")
