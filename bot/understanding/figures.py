"""Numbers that stand beside a position and are none of its slots: the exchange's own liquidation price, funding, money
in use. None of them changes an answer, so each is named: passed over in silence it would look as if it had counted.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from bot.understanding.asides import figure
from bot.understanding.lexer import Piece
from bot.understanding.readings import Side
from bot.understanding.tagging import Message
from bot.understanding.worded import fraction_of
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

FEES: Final = "fees"
"""What names fees that are wished to count and whose rate is not said."""


def liquidation_of(message: Message, roles: dict[int, C]) -> Decimal | None:
    """The first liquidation price that the message itself states, None without one."""
    index = next((index for index, role in sorted(roles.items()) if role is C.LIQ), None)
    number = message.pieces[index].number if index is not None else None
    if index is None or number is None or number.unit == "%":
        return None
    return number.price(message.symbols[index])


def left_over(message: Message, roles: dict[int, C]) -> tuple[str, ...]:
    """What was said beside the positions and does not count, by name: "liq 61020", "funding 0.01%", "2000 in use"."""
    found = []
    for index, role in sorted(roles.items()):
        number = message.pieces[index].number
        if number is None:
            continue
        if role is C.LIQ:
            found.append(f"liq {figure(number)}")
        elif role is C.FUNDING:
            found.append(f"funding {figure(number)}")
        elif role is C.USED and fraction_of(message.pieces[index].text) is None:
            found.append(f"{figure(number)} in use")
        elif role is C.REWARD and C.TAKE_PROFIT not in roles.values():
            found.append(f"{figure(number)}R")  # beside a target it is answered with the target
    found += [piece.text for piece in message.pieces if piece.concept is C.ALL_IN]
    planned = [at for at, role in sorted(roles.items()) if role in (C.STOP, C.TAKE_PROFIT) and at > 1]
    parts = [message.pieces[at - 2].text for at in planned]
    found += [word for word in parts if fraction_of(word) is not None]  # "tp half at 66k"
    return (*found, *_asked_beside(message, roles))


def _asked_beside(message: Message, roles: dict[int, C]) -> list[str]:
    """What is wished without its figure: fees that are to count, at no rate, and the break-even of a trade without a
    plan, where no card works it out.
    """
    pieces = message.pieces
    fees = any(_counts_fees(pieces, index) for index in range(len(pieces)))
    even = [piece.text for piece in pieces if piece.concept is C.ENTRY and piece.text in listed("break_even")]
    planned = {C.ENTRY, C.STOP, C.TAKE_PROFIT} & set(roles.values())
    return [*([FEES] if fees else []), *([] if planned else even[:1])]


def _counts_fees(pieces: Sequence[Piece], index: int) -> bool:
    """ "fees included": which fee, is not said; "no fees" is what is counted without a word."""
    piece = pieces[index]
    denied = index > 0 and pieces[index - 1].text in listed("not_counted")
    return piece.concept is C.FEE and piece.text not in listed("other_fees") and not denied


def side_told(message: Message, roles: dict[int, C], entry: Decimal) -> tuple[Side, str] | None:
    """The side that follows from other figures of a copied row, and from which; None when they do not tell.

    A profit while the mark is above the entry is a long's; a liquidation price below the entry is a long's, too.
    """
    pieces = message.pieces
    pnl = next((pieces[at].number for at, role in sorted(roles.items()) if role is C.PNL and pieces[at].number), None)
    marked = next((at for at, role in sorted(roles.items()) if role is C.MARK), None)
    number = pieces[marked].number if marked is not None else None
    mark = number.price(message.symbols[marked]) if marked is not None and number else entry
    if pnl is not None and pnl.sign in ("+", "-") and mark != entry:
        return ("long" if (mark > entry) == (pnl.sign == "+") else "short"), "the profit and the mark"
    liq = liquidation_of(message, roles)
    if liq is not None and liq != entry:
        return ("long" if liq < entry else "short"), "the liquidation price"
    return None


def row_flags(message: Message) -> tuple[str, ...]:
    """That entry and mark of a copied row without a header were told from their places."""
    pairs = zip(message.pieces, message.pieces[1:], strict=False)
    placed = {C.ENTRY: "entry", C.MARK: "mark"}
    return tuple(
        f"{placed[piece.concept]}: {figure(after.number)} read from its place in the row"
        for piece, after in pairs
        if piece.concept in placed and not piece.raw and after.number
    )
