"""Several asks in one message, in order: where one ends and the next begins.

A message is cut at sentence ends and before words that open a question. Pieces that cannot stand alone stay with what
is before them, and so does what only completes it: a position and the move that is supposed for it are one ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.understanding.lexer import Piece
from bot.understanding.readings import PositionSlots, Reading
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C

MOST_ASKS = 4
LONGEST = 200
"""Pieces of a message that is looked at for several asks; nobody asks two things in more words."""

_ENDS = frozenset("?!;.")
_JOINTS = frozenset({",", "+", "&", "-"})
_OPENERS = frozenset({C.WHAT_IF, C.HOW_MUCH, C.HOW_MANY, C.HOW_FAR, C.WHY, C.COMPARE, C.ALSO, C.ASKING})
_QUIET = frozenset({C.FILLER, C.AND, C.GREETING, C.THANKS, C.ALSO, C.MY})
_MOVES = frozenset({"whatif", "compare", "size", "addmargin"})


def asks_of_message(message: Message, read: Callable[[Message], Reading]) -> list[tuple[Message, Reading]]:
    """The asks of a message, in order, each with what it means; the message itself when it has only one.

    Arguments: read, what a part means on its own.
    """
    parts = _parts(message) if len(message.pieces) <= LONGEST else [message]
    found: list[tuple[Message, Reading]] = []
    for part in parts:
        reading = read(part)
        if found and not (_stands(reading) and _stands(found[-1][1]) and _apart(found[-1], (part, reading))):
            part = replace(message, pieces=found.pop()[0].pieces + part.pieces)
            reading = read(part)
        found.append((part, reading))
    return found


def _parts(message: Message) -> list[Message]:
    """The clauses that may be an ask; at most `MOST_ASKS`, the rest stays with the last one."""
    cuts = [0]
    for index in range(1, len(message.pieces)):
        if len(cuts) < MOST_ASKS and _begins(message.pieces, index) and _says(message.pieces[cuts[-1] : index]):
            cuts.append(index)
    ends = [*cuts[1:], len(message.pieces)]
    return [replace(message, pieces=message.pieces[start:end]) for start, end in zip(cuts, ends, strict=True)]


def _begins(pieces: Sequence[Piece], index: int) -> bool:
    before, piece = pieces[index - 1], pieces[index]
    if before.text in _ENDS:
        return piece.text not in _ENDS
    joined = before.text in _JOINTS or before.text == "\n" or before.concept in (C.AND, C.ALSO)
    return joined and (piece.concept in _OPENERS or (piece.concept is C.FILLER and piece.text in ("is", "does", "do")))


def _says(pieces: Sequence[Piece]) -> bool:
    return any(piece.kind != "punct" and piece.concept not in _QUIET for piece in pieces)


def _stands(reading: Reading) -> bool:
    """Whether a part is an ask of its own, and not a fragment of one."""
    parsed = reading.parsed
    match reading.kind:
        case "position":
            return any(_is_told(slots) for slots in parsed.positions or ()) or parsed.portfolio is not None
        case "whatif":
            return bool(parsed.shocks or parsed.add_positions or parsed.remove)
        case "compare":
            return any(_is_told(slots) for slots in parsed.positions or ()) or parsed.switch is not None
        case "size":
            return parsed.symbol is not None and bool(parsed.risk or parsed.constraint or parsed.solve)
        case "addmargin":
            return bool(parsed.amount or parsed.target or parsed.options or parsed.solve)
        case "explain" | "faq" | "quiz" | "settings":
            return True
        case _:
            return False


def _is_general(part: Message, question: Reading) -> bool:
    """Whether a question beside an ask is one of its own: not which mode to take, nor what "my" or "the new" one is."""
    if _TOLD & set(part.roles.values()):
        return False  # "whats liq, account 4000": an amount of the trade stands in it
    choice = part.has(C.ISOLATED) and part.has(C.CROSS) and part.has(C.OR, C.VERSUS)
    leans = any(f" {word} " in part.words for word in ("my", "new", "i", "then"))
    leans = leans or (
        question.parsed.topic == "liquidation_price" and (" the " in part.words or not part.has(C.ASKING))
    )
    return not choice and (not leans or part.has(C.WHY))


_TOLD = frozenset({C.BALANCE, C.COLLATERAL, C.MARGIN, C.SIZE, C.NOTIONAL, C.ENTRY, C.STOP, C.TAKE_PROFIT})


def _is_told(slots: PositionSlots) -> bool:
    return slots.symbol is not None and slots.side is not None and len(slots.model_fields_set) > 2


def _apart(before: tuple[Message, Reading], after: tuple[Message, Reading]) -> bool:
    """Whether two asks are two: not when one only completes the other."""
    (_, first), (part, second) = before, after
    kinds = {first.kind, second.kind}
    if kinds == {"position"}:
        saved = next((each for each in (before, after) if each[1].parsed.portfolio), None)
        pointed = saved is not None and (saved[1].parsed.portfolio != "current" or saved[0].has(C.BOOK, C.SAVED))
        return pointed and first.parsed.ask != second.parsed.ask  # "..., how far is liq?" asks of the trade just told
    if kinds == {"explain", "position"} and "venue_mismatch" in (first.parsed.topic, second.parsed.topic):
        return not part.has(C.LONG, C.SHORT)
    if "position" in kinds and kinds & _MOVES:
        told = first if first.kind == "position" else second
        return told.parsed.portfolio is not None
    if kinds == {"compare", "whatif"}:
        return bool((first if first.kind == "compare" else second).parsed.shocks)
    if kinds == {"whatif"}:
        return part.has(C.WHAT_IF, C.IF)
    if kinds & {"faq", "explain"} and first.kind != second.kind:
        return _is_general(*(after if second.kind in ("faq", "explain") else before))
    if first.kind == second.kind:
        return first.parsed != second.parsed
    return True
