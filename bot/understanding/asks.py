"""What the person wants to know about a position or an account."""

from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

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


def asks_of(message: Message) -> tuple[str, ...]:
    """The asks that are said, each once, in the order of the message; empty when none is."""
    named = dict(_ASKS)
    stated = C.EQUITY in message.roles.values()  # "PNL +155" in a position row is no question
    found = [
        named[piece.concept]
        for piece in message.pieces
        if piece.concept in named and not (stated and piece.concept is C.EQUITY)
    ]
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
    return any(f" {phrase} " in words for phrase in listed("can_be_liquidated")) or (
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
    first = next((piece for piece in pieces if piece.concept not in (C.FILLER, C.MY, C.ASKING)), None)
    if first is not None and first.concept is C.LIQ:
        return True
    for index, piece in enumerate(pieces):
        if piece.concept is not C.LIQ:
            continue
        joined = list(pieces[max(0, index - 1) : index] + pieces[index + 1 : index + 2])
        if any(p.concept is C.AND or p.text in ("+", "&") for p in joined):
            return True
    return False
