"""What a position still lacks, and the other readings of it that would lead to different money."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from bot.understanding.coins import window
from bot.understanding.lexer import Piece
from bot.understanding.readings import PositionSlots, Reading
from bot.understanding.sizes_meant import MONEY_AS_SIZE, TAKEN_AS_COINS
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C

AMOUNT_SWAPPED = "size: the amount taken the other way"
"""The flag of a reading whose margin is the position's value, or the other way round."""

LEAST_TRADE = Decimal(5)
"""USDT that a position must be worth to be one at all."""

MOST_TRADE = Decimal(1_000_000)
"""USDT beyond which the smaller one of two readings is meant."""

MOST_ASKED = Decimal(10_000_000)
"""USDT up to which the larger one of two readings is still asked about: a confident wrong size is worse than a tap."""

AGREES = 3
"""How many times the margin that follows from size and leverage a stated one may be, since people add some."""

_GROUPED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_POINTED = re.compile(r"[0-9]*\.[0-9]{1,2}|[0-9]+\.[0-9]{4,}|0\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def missing_of(positions: tuple[PositionSlots, ...], *, walleted: bool, open_size: bool = False) -> tuple[str, ...]:
    """What has to be asked before a liquidation price can be given, in the order of asking.

    An isolated price needs symbol, side, entry and leverage (or margin and size in its place), but no size; a cross
    price needs the size and the wallet (`walleted`: it was said), and no leverage. open_size: the size was left to what
    one has, so that it is asked for where no amount says it.
    """
    lacking: set[str] = set()
    for slots in positions or (PositionSlots(),):
        size = any((slots.qty, slots.notional, slots.contracts))
        lacking |= {"symbol"} if slots.symbol is None else set()
        lacking |= {"side"} if slots.side is None else set()
        lacking |= {"entry"} if slots.entry is None else set()
        lacking |= {"size"} if open_size and not size and not slots.margin else set()
        if slots.mode == "cross" and not size and not (slots.margin and slots.leverage):
            lacking.add("size")
        if slots.leverage is None and not (slots.margin and size) and not (slots.mode == "cross" and size):
            lacking |= {"leverage"} if size or slots.margin else {"size", "leverage"}
    if not walleted and any(slots.mode == "cross" for slots in positions):
        lacking.add("balance")
    return tuple(name for name in ("symbol", "side", "size", "entry", "leverage", "balance") if name in lacking)


def alternatives_of(message: Message, reading: Reading, wallets: tuple[Decimal, ...] = ()) -> tuple[Reading, ...]:
    """The readings of a position that differ from this one in money, each worth a button.

    Arguments: wallets, balances that were said beside the account's and contradict it.
    """
    return (
        _other_amounts(reading)
        + _other_marks(message, reading)
        + _other_quantities(message, reading)
        + _other_of_two(message, reading)
        + _as_coins(message, reading)
        + _as_value(reading)
        + _other_wallets(reading, wallets)
        + _without_contradiction(reading)
    )


def _other_of_two(message: Message, reading: Reading) -> tuple[Reading, ...]:
    """ "500 or 600 margin": the first amount, where the second one was taken."""
    slots, pieces = _only(reading), message.pieces
    for before, joint, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        first, second = before.number, after.number
        if slots is None or joint.concept is not C.OR or first is None or second is None or first.sign:
            continue
        if second.money() != slots.margin or first.unit not in ("", "usd") or first.money() == slots.margin:
            continue
        said = f"size: {first.value.normalize():f} was said too and is not used"
        flags = tuple(flag for flag in reading.assumed if flag != said)
        unread = tuple(each for each in reading.unread if each != f"{first.value.normalize():f}")
        other = _changed(reading.model_copy(update={"assumed": flags, "unread": unread}), "", {"margin": first.money()})
        return (other,)
    return ()


def _changed(reading: Reading, flag: str, position: dict[str, Decimal | None]) -> Reading:
    """The reading with its only position changed, and what is different named where it has a name."""
    (slots,) = reading.parsed.positions or ()
    positions = (slots.model_copy(update=position),)
    missing = missing_of(positions, walleted=reading.parsed.account is not None)
    update = {"parsed": reading.parsed.model_copy(update={"positions": positions}), "missing": missing}
    flags = (*reading.assumed, flag) if flag else reading.assumed
    return reading.model_copy(update={**update, "assumed": flags})


def _only(reading: Reading) -> PositionSlots | None:
    positions = reading.parsed.positions or ()
    return positions[0] if len(positions) == 1 else None


def with_quantity(message: Message, reading: Reading) -> Reading:
    """The reading with "2.500 xrp" as 2500 where two and a half of them are less than anybody can trade.

    What was decided about the mark is named with the other conventions of the message.
    """
    slots = _only(reading)
    other = _thousandfold(message, slots) if slots else None
    if slots is None or other is None or slots.qty is None or not isinstance(slots.entry, Decimal):
        return reading
    if slots.qty * slots.entry >= LEAST_TRADE or not _usual_size(other * slots.entry, MOST_TRADE):
        return reading
    return _changed(reading, "", {"qty": other})


def _other_quantities(message: Message, reading: Reading) -> tuple[Reading, ...]:
    """ "1.000 sol" as a thousand, where one and a thousand are both positions that somebody holds and nothing tells
    which mark the person writes.
    """
    slots = _only(reading)
    other = _thousandfold(message, slots) if slots else None
    if slots is None or other is None or slots.qty is None or not isinstance(slots.entry, Decimal):
        return ()
    both = _usual_size(slots.qty * slots.entry, MOST_ASKED) and _usual_size(other * slots.entry, MOST_ASKED)
    if not both or any(_shows_point(piece) for piece in message.pieces):
        return ()
    return (_changed(reading, f"size: read as {other:f}", {"qty": other}),)


def _thousandfold(message: Message, slots: PositionSlots) -> Decimal | None:
    """The other meaning of a quantity that was written "1.000"; None when it was not."""
    numbers = (piece.number for piece in message.pieces if piece.number and _GROUPED.fullmatch(piece.raw))
    return next((max(number.values) for number in numbers if slots.qty == min(number.values)), None)


def _as_coins(message: Message, reading: Reading) -> tuple[Reading, ...]:
    """ "1000 btc" as a thousand coins, where so many are more than people hold and it was taken as margin instead."""
    slots = _only(reading)
    if slots is None or slots.margin is None or slots.margin_unit or slots.qty or slots.notional:
        return ()
    for piece, after in pairwise(message.pieces):
        number = piece.number
        named = after.coin is not None and not after.coin.weak and after.coin.symbol == slots.symbol
        if number is None or number.unit or number.dollar or not named or number.money() != slots.margin:
            continue
        own = tuple(entry for entry in reading.assumed if not entry.startswith("usd_amount_is_margin"))
        flag = f"size: {number.value.normalize():f} taken as coins"
        return (_changed(reading.model_copy(update={"assumed": own}), flag, {"qty": number.value, "margin": None}),)
    return ()


def _as_value(reading: Reading) -> tuple[Reading, ...]:
    """ "size 20k" as the position's value, where so many coins were taken and are hardly meant."""
    slots = _only(reading)
    if slots is None or slots.qty is None:
        return ()
    named = f"size: {slots.qty.normalize():f} {TAKEN_AS_COINS}"
    if named not in reading.assumed:
        return ()
    others = tuple(flag for flag in reading.assumed if flag != named)
    rest = reading.model_copy(update={"assumed": others})
    return (_changed(rest, MONEY_AS_SIZE, {"qty": None, "notional": slots.qty}),)


def _usual_size(worth: Decimal, most: Decimal) -> bool:
    return LEAST_TRADE <= worth <= most


def _shows_point(piece: Piece) -> bool:
    """Whether a number shows that its writer's point stands before decimals: "0.5", "3,200"."""
    return piece.number is not None and bool(_POINTED.fullmatch(piece.raw))


def _other_wallets(reading: Reading, wallets: tuple[Decimal, ...]) -> tuple[Reading, ...]:
    """The same with each other balance that was said."""
    account = reading.parsed.account
    if account is None:
        return ()
    found = []
    for balance in dict.fromkeys(wallets):
        other = reading.parsed.model_copy(update={"account": account.model_copy(update={"balance": balance})})
        flag = f"wallet: {balance.normalize():f} of the two that were said"
        found.append(reading.model_copy(update={"parsed": other, "assumed": (*reading.assumed, flag), "unread": ()}))
    return tuple(found)


def _without_contradiction(reading: Reading) -> tuple[Reading, ...]:
    """Of a size, leverage and margin that cannot all be meant, the readings that hold two of them."""
    slots = _only(reading)
    if slots is None or slots.margin_unit or slots.contract in ("inverse", "quanto"):
        return ()
    if not slots.qty or not slots.leverage or not slots.margin or not isinstance(slots.entry, Decimal):
        return ()
    implied = slots.qty * slots.entry / slots.leverage
    if implied <= AGREES * slots.margin and slots.margin <= AGREES * implied:
        return ()
    own = f"usd_amount_is_margin: the margin of {slots.margin.normalize():f} is left out"
    size = f"size: follows from the margin, not {slots.qty.normalize():f}"
    return (_changed(reading, own, {"margin": None}), _changed(reading, size, {"qty": None, "notional": None}))


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
