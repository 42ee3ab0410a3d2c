"""The way of a message: text -> typed tokens -> possible readings -> the best one."""

from dataclasses import replace

from bot.understanding.asks_apart import asks_of_message
from bot.understanding.candidates import candidates, short_candidate
from bot.understanding.fees import without_fee
from bot.understanding.groups import SIDES
from bot.understanding.placing import conventions
from bot.understanding.positions import foreign_of, in_usdc, unknown_coin_of
from bot.understanding.readings import Context, Follow, Kind, Reading
from bot.understanding.tagging import Message
from bot.understanding.tagging import read as tagged
from bot.understanding.words import Concept as C

_LEADS = frozenset({C.AND, C.IF, C.WHAT_IF, C.FILLER, C.ASKING, C.ALL})


def understand(text: str | Message, context: Context | None = None) -> Reading:
    """What a message means.

    Arguments: text, any string, of which the first 4096 characters count, or such a text tagged; a leading command
    ("/liq btc l 64000 20") is a hint. context, what the conversation already knows. Result: the reading; it never
    fails, and what is not understood is kind "unknown".
    """
    message, known = text if isinstance(text, Message) else tagged(text), context or Context()
    first, *others = (reading for _, reading in asks_of(message, known))
    reading = first.model_copy(update={"also": tuple(others)}) if others else first
    return _beside(message, reading)


def asks_of(message: Message, context: Context) -> list[tuple[Message, Reading]]:
    """The asks of a message, in order, each with what it means."""
    short = short_candidate(message, context)
    if short is not None:
        return [(message, short.reading)]
    return asks_of_message(message, lambda part: _read(part, context))


def _read(message: Message, context: Context) -> Reading:
    rest, fee = without_fee(message)
    if fee is not None:
        reading = _read(rest, context)
        if reading.parsed.positions and reading.kind in ("position", "compare", "whatif") and not reading.follow:
            return reading.model_copy(update={"fee_pct": fee})
    behind = _behind_a_trade(message, context)
    if behind is not None:
        return behind
    best = candidates(message, context)[0]
    reading = _with_lost(best.reading, best.lost)
    said = conventions(message, reading)
    follow = reading.follow or _FOLLOWS.get(reading.kind) or _follows(message, reading)
    update = ({"assumed": (*reading.assumed, *said)} if said else {}) | ({"follow": follow} if follow else {})
    return reading.model_copy(update=update) if update else reading


def _behind_a_trade(message: Message, context: Context) -> Reading | None:
    """The position of "buy 0.5 more btc at 60000: long 0.5 btc 64k 20x": the price before the colon is no entry of it.

    That trade is named as not read.
    """
    at = next((index for index, piece in enumerate(message.pieces) if piece.text == ":"), None)
    head = message.pieces[: at or 0]
    supposed = any(piece.concept in (C.MORE, C.IF, C.WHAT_IF) for piece in head)
    traded = any(piece.concept in SIDES or piece.concept is C.ADD for piece in head)
    if at is None or not supposed or not traded or not any(piece.number for piece in head):
        return None
    reading = _read(replace(message, pieces=message.pieces[at + 1 :]), context)
    said = reading.parsed.positions or ()
    if reading.kind != "position" or not said or not all(each.entry is not None and each.side for each in said):
        return None
    left_out = " ".join(piece.text for piece in head)
    return reading.model_copy(update={"unread": (*reading.unread, left_out)})


def _with_lost(reading: Reading, lost: tuple[str, ...]) -> Reading:
    """The reading with the numbers named that found no place; positions name theirs, and an event's date is none."""
    dated = any(shock.named for shock in reading.parsed.shocks or ())
    if not lost or dated or reading.kind not in ("whatif", "size", "addmargin", "compare"):
        return reading
    named = tuple(
        f"{'target' if figure.endswith('%') else 'size'}: {figure} was said too and is not used" for figure in lost
    )
    return reading.model_copy(update={"assumed": (*reading.assumed, *named), "unread": (*reading.unread, *lost)})


_FOLLOWS: dict[Kind, Follow] = {"undo": "undo"}


def _follows(message: Message, reading: Reading) -> Follow | None:
    """Whether a question leans on the last one: its working, or a move that names no target."""
    if reading.parsed.topic == "steps":
        return "steps"
    words = [piece for piece in message.pieces if piece.kind != "punct" and piece.concept not in _LEADS]
    return "move" if reading.kind == "whatif" and len(words) == 1 and words[0].number else None


def _beside(message: Message, reading: Reading) -> Reading:
    """The reading with what holds for every kind: the language, names of coins that nobody has, other money."""
    beside = {"lang": message.lang, "unknown_coin": unknown_coin_of(message), "foreign": foreign_of(message)}
    beside["in_usdc"] = in_usdc(message)
    return reading.model_copy(update=beside) if any(beside.values()) else reading


def public_kind(reading: Reading) -> str:
    """The kind under its outside name: a stated mark price is a matter of the portfolio, "undo" alone is small talk."""
    return {"mark": "portfolio", "undo": "smalltalk"}.get(reading.kind, reading.kind)
