"""What a message supposes, apart from the facts that it tells beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.understanding.events import event_at
from bot.understanding.groups import SIDES
from bot.understanding.lexer import Piece
from bot.understanding.scenarios import scenario_of
from bot.understanding.tagging import Message
from bot.understanding.targets import FALLS, RISES, target_at
from bot.understanding.words import Concept as C

_STOPS = frozenset(".?;\n")


def hypothesis(message: Message) -> tuple[Message, Message]:
    """The message in two: what is supposed ("if btc goes to 55k"), and the rest, which tells the facts."""
    pieces = message.pieces
    start = next((index for index, piece in enumerate(pieces) if piece.concept in (C.IF, C.WHAT_IF)), None)
    if start is not None:
        near = range(start, min(start + 4, len(pieces)))
        side = next((index for index in near if pieces[index].concept in SIDES), None)
        if side is not None and not any(_is_move(pieces, index) for index in range(start, side)):
            start = None  # "if i long 0.5 btc 64k": the trade itself
    if start is None and message.command == "whatif" and _is_move(pieces, 1) and target_at(pieces, 0):
        start = 0  # "/whatif btc -10% long 0.5 btc 64k 20x"
    if start is None and _asks_of_a_move(message):
        start = 0  # "does a move to 60k liquidate me long 0.3 btc 64k 20x"
    if start is None:
        start = _plain_move(pieces, named=event_at(message.words) is not None)
    if start is None:
        start, end = scenario_of(message) or (None, 0)
        if start is None:
            return message, replace(message, pieces=())
        return _parted(message, start, end)
    end = next((index for index in range(start + 1, len(pieces)) if _ends(pieces, index)), len(pieces))
    trade = _trade_behind(message, start)
    return _parted(message, start, end if trade is None else min(end, trade))


def _asks_of_a_move(message: Message) -> bool:
    """Whether a question begins with a move, and the trade that it is asked of stands behind it."""
    first = message.pieces[0].concept if message.pieces else None
    asked = first in (C.ASKING, C.FILLER) and not message.has(C.STOP, C.TAKE_PROFIT, C.OPEN, C.ADD)
    return asked and _trade_behind(message, 0) is not None


def _trade_behind(message: Message, start: int) -> int | None:
    """Where a trade is told behind a move that is complete: "if btc goes to 60k do i get liquidated long 0.3 btc 64k".

    A side with two figures of its own behind the move's, of which one can be its entry, and no further move between
    them tells one; its coin and its size may stand before the side.
    """
    pieces, symbols = message.pieces, message.symbols
    move = _move_end(pieces, start)
    side = next((at for at in range(move or 0, len(pieces)) if pieces[at].concept in SIDES), None)
    if move is None or side is None:
        return None
    if any(piece.concept in _OPENS for piece in pieces[max(move, side - 3) : side]):
        return None  # "... and i add a long 0.5 btc 60k 10x": supposed, too
    first = side
    while first - 1 > move and _is_of_trade(pieces[first - 1]):
        first -= 1
    behind = range(first, min(side + _TOLD, len(pieces)))
    end = next((at for at in behind if pieces[at].concept in _MOVES), len(pieces))
    told = [(pieces[at].number, symbols[at]) for at in behind if at < end]
    priced = any(n is not None and n.unit in ("", "usd") and n.fits_price(symbol) for n, symbol in told)
    return first if priced and sum(number is not None for number, _ in told) > 1 else None


def _move_end(pieces: Sequence[Piece], start: int) -> int | None:
    """The number that ends a move begun at `start`: by its sign, or behind a word for one; None behind a side."""
    moved = False
    for index in range(start, len(pieces)):
        concept = pieces[index].concept
        if concept in SIDES:
            return None
        number = pieces[index].number
        falls = number is not None and number.unit == "%" and pieces[index + 1 : index + 2]
        if number and (moved or _is_move(pieces, index) or (falls and falls[0].concept in _MOVES)):
            return index + bool(falls)
        moved = moved or concept in _MOVES or concept is C.AT
    return None


def _is_of_trade(piece: Piece) -> bool:
    """Whether a piece before a side belongs to its trade: "my 0.3 btc long"."""
    named = piece.coin is not None and not piece.coin.weak
    return named or piece.number is not None or piece.concept is C.MY or piece.text in ("a", "an", "the")


_TOLD = 8
"""Pieces behind a side in which the first figures of its trade stand."""

_MOVES = frozenset({*FALLS, *RISES, C.GO_TO})
_OPENS = frozenset({C.OPEN, C.ALSO, C.ADD})


def _parted(message: Message, start: int, end: int) -> tuple[Message, Message]:
    """The pieces [start, end) and the others; a coin that only the first ones name is that of the others, too."""
    pieces = message.pieces
    supposed, facts = pieces[start:end], pieces[:start] + pieces[end:]
    named = [piece for piece in supposed if piece.coin and not piece.coin.weak]
    sided = any(piece.concept in SIDES for piece in facts)
    if (
        sided
        and len({piece.coin for piece in named}) == 1
        and not any(piece.coin and not piece.coin.weak for piece in facts)
    ):
        side = next(index for index, piece in enumerate(facts) if piece.concept in SIDES)
        facts = (*facts[:side], named[0], *facts[side:])
    return replace(message, pieces=supposed), replace(message, pieces=facts)


def _plain_move(pieces: Sequence[Piece], *, named: bool) -> int | None:
    """Where a move is supposed without an "if" behind a position: "long 1 btc 64k 10x, btc goes to 55k".

    Arguments: named, whether the message names an event, which may stand there too ("covid crash again").
    """
    sided = figured = False
    for index, piece in enumerate(pieces):
        sided = sided or piece.concept in SIDES
        figured = figured or piece.number is not None
        after = pieces[index + 2] if index + 2 < len(pieces) else None
        signed = after is not None and after.number is not None and after.number.sign in ("+", "-")
        parted = piece.text in (",", ".", ";", "\n", ":", "?", "then", "and") and after is not None
        moves = after is not None and after.concept in FALLS | RISES | {C.GO_TO, C.HALVE, C.DOUBLE}
        moves = moves or (signed and after is not None and after.number is not None and after.number.unit in ("", "%"))
        if sided and figured and _is_move(pieces, index + 2) and target_at(pieces, index + 1):
            return index + 1  # "long 0.5 btc 64k 20x btc -10%"
        if sided and parted and named and event_at(f" {' '.join(p.text for p in pieces[index + 1 :])} "):
            return index + 1
        if sided and parted and moves and target_at(pieces, index + 1) and not (after and after.text == "to"):
            return index + 1
    return None


def _is_move(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a piece is a percentage with its sign."""
    number = pieces[index].number if index < len(pieces) else None
    return number is not None and number.unit == "%" and number.sign in ("+", "-")


def _ends(pieces: Sequence[Piece], index: int) -> bool:
    if pieces[index].text in _STOPS:
        return True
    if pieces[index].concept in SIDES and _is_move(pieces, index - 1):
        return sum(piece.number is not None for piece in pieces[index + 1 :]) > 1  # "btc -10% long 0.5 btc 64k 20x"
    if pieces[index].text not in (",", ":") and pieces[index].concept is not C.FILLER:
        return False
    after = pieces[index + 1 : index + 6]
    side = next((at for at, piece in enumerate(after) if piece.concept in SIDES), None)
    move = next((at for at, piece in enumerate(after) if piece.concept in FALLS | RISES | {C.GO_TO}), 9)
    figures = any(piece.number for piece in pieces[index + 1 :][:8])
    return pieces[index].concept is None and side is not None and side < move and figures
