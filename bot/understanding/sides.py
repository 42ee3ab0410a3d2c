"""Sides that are said and not meant: "dont long", "not long but short", "i mean short", "long or short?"."""

from collections.abc import Sequence
from dataclasses import replace

from bot.understanding.lexer import Piece
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

_SIDES = frozenset({C.LONG, C.SHORT})
_PASSED = frozenset({C.FILLER, C.MY, C.GO_TO, C.OPEN, C.NEED})
_NEAR = 3


def meant_sides(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with only the sides that are meant; the others become words that say nothing.

    A side behind a negation is not meant; one behind "i mean" takes the place of those before it; of "long or short"
    neither is chosen, so that it can be asked.
    """
    sides = [index for index, piece in enumerate(pieces) if piece.concept in _SIDES]
    if not sides:
        return pieces
    dropped = {index for index in sides if _is_denied(pieces, index)}
    for index in sides:
        if _is_correction(pieces, index) and any(side < index for side in sides):
            dropped |= {side for side in sides if side < index}
    if not any(piece.concept is C.HEDGE for piece in pieces):
        for first in sides:
            dropped |= {first, first + 2} if _is_choice(pieces, first) else set()
    if not dropped:
        return pieces
    return [
        replace(piece, concept=C.FILLER, coin=None, text="") if index in dropped else piece
        for index, piece in enumerate(pieces)
    ]


def _is_denied(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a negation stands before a side, with nothing but words that say nothing between."""
    for at in range(index - 1, max(index - 1 - _NEAR, -1), -1):
        if pieces[at].text in listed("negations"):
            return True
        if pieces[at].concept not in _PASSED:
            return False
    return False


def _is_correction(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a side takes back what was said before: "i mean short", "sorry, short"."""
    for at in range(index - 1, max(index - 1 - _NEAR, -1), -1):
        if pieces[at].concept is C.CORRECTED:
            return True
        if not (pieces[at].concept in _PASSED or pieces[at].text in (",", "-", "*", ":")):
            return False
    return False


def _is_choice(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a side and another one are joined by "or" or a slash."""
    if index + 2 >= len(pieces) or pieces[index + 2].concept not in _SIDES:
        return False
    return pieces[index + 1].concept is C.OR or pieces[index + 1].text == "/"
