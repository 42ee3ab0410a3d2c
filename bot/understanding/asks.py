"""What the person wants to know about a position or an account."""

from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C

_ASKS: tuple[tuple[C, str], ...] = (
    (C.DISTANCE, "liq_distance_pct"),
    (C.HOW_FAR, "liq_distance_pct"),
    (C.TIME_TO, "time_to_liq"),
    (C.MAX_LOSS, "max_loss"),
    (C.PROBABILITY, "liq_probability"),
    (C.HEATMAP, "heatmap"),
    (C.LADDER, "ladder"),
    (C.FIRST, "first_to_liquidate"),
    (C.EQUITY, "equity"),
)
_CAN = (
    " can i get liq",
    " can it get liq",
    " can i be liq",
    " can this be liq",
    " can it be liq",
    " will i get liq",
    " can this liq",
    " could i get liq",
)
_CAN_ALL = tuple(
    f"{start[:-3]}{end}" for start in _CAN for end in ("liquidated", "rekt", "liqd", "get liquidated", "get rekt")
)


def asks_of(message: Message) -> tuple[str, ...]:
    """The asks that are said, each once, in the order of the message; empty when none is."""
    named = dict(_ASKS)
    found = [named[piece.concept] for piece in message.pieces if piece.concept in named]
    if _stop_before_liq(message):
        found.append("stop_before_liq")
    if _can_be_liquidated(message):
        found.append("can_be_liquidated")
    if " before and after " in message.words:
        found.append("before_after")
    if found and _liq_too(message):
        found.insert(0, "liq_price")
    return tuple(dict.fromkeys(found))


def _can_be_liquidated(message: Message) -> bool:
    words = message.words
    if not any(verb in words for verb in (" can ", " could ", " will ", " able to ")):
        return False
    return any(phrase in words for phrase in _CAN_ALL) or (
        (" can " in words or " could " in words or " able to " in words)
        and (" be liquidated " in words or " get liquidated " in words or " be liq " in words)
    )


def _stop_before_liq(message: Message) -> bool:
    """ "does my stop hit before liq?", "is sl above liq", "will i get liquidated before my stop"."""
    pieces = message.pieces
    stops = [index for index, piece in enumerate(pieces) if piece.concept is C.STOP]
    liqs = [index for index, piece in enumerate(pieces) if piece.concept is C.LIQ]
    befores = [
        index for index, piece in enumerate(pieces) if piece.text in ("before", "first", "beyond", "past", "behind")
    ]
    return any(
        (min(stop, liq) < at < max(stop, liq)) or (pieces[at].text == "first" and at > max(stop, liq))
        for stop in stops
        for liq in liqs[:8]
        for at in befores[:8]
    )


def _liq_too(message: Message) -> bool:
    """Whether the liquidation price is asked beside another ask: "liq and max loss?", "liq price, odds"."""
    pieces = message.pieces
    for index, piece in enumerate(pieces):
        if piece.concept is not C.LIQ:
            continue
        joined = list(pieces[max(0, index - 1) : index] + pieces[index + 1 : index + 2])
        if any(p.concept is C.AND or p.text in ("+", "&") for p in joined):
            return True
    return False
