"""A price that is only supposed beside a position: "btc to 50k? im long 0.5 64k 10x", "can i hold to 60k".

Such a price stands behind a word for reaching, living through or earning, and the position has another price, which is
its entry.
"""

from collections.abc import Sequence

from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C

_SIDES = frozenset({C.LONG, C.SHORT})
_RESULTS = frozenset({C.EQUITY, C.PNL, C.MAX_LOSS})
_BETWEEN = frozenset({C.FILLER, C.MY, C.PRICE, C.MONEY, C.BELOW, C.ABOVE, C.AT})
_FREE = frozenset({None, C.AT, C.PRICE, C.NOW, C.EQUITY, C.PNL})
"""The labels that a supposed price may have: none that says what else it is."""

_BOUNDS = frozenset({*_SIDES, C.ISOLATED, C.CROSS, C.TIMES, C.LEVERAGE, C.BALANCE, C.MARGIN})
_PUNCT = frozenset(",.;:?!\n")
REACH = 4


def scenario_of(message: Message) -> tuple[int, int] | None:
    """The pieces [start, end) of the first supposed price beside a told position; None when no price is one."""
    pieces = message.pieces
    if not message.has(*_SIDES) or not message.has(C.GO_TO, C.SURVIVE, *_RESULTS):
        return None
    priced = [index for index, piece in enumerate(pieces) if _is_price(piece.number, message.symbols[index])]
    if len(priced) < 2:
        return None
    for index in priced:
        if message.roles.get(index) in _FREE:
            trigger = _trigger(pieces, index)
            if trigger is not None:
                return _start(pieces, min(trigger, index)), max(trigger, index) + 1
    return None


def _is_price(number: Number | None, symbol: str | None) -> bool:
    bare = number is not None and number.unit in ("", "usd") and not number.sign
    return bare and number is not None and (number.usual_price(symbol) or (symbol is None and number.value > 100))


def _trigger(pieces: Sequence[Piece], index: int) -> int | None:
    """The word that makes a price a supposed one: right before it, or "survive" right behind."""
    labelled = False
    for at in range(index - 1, max(index - 1 - REACH, -1), -1):
        piece = pieces[at]
        if piece.concept is C.SURVIVE or (piece.concept in _RESULTS and labelled):
            return at
        if piece.concept is C.GO_TO:
            ranged = at > 0 and (pieces[at - 1].number is not None or pieces[at - 1].concept in (C.STOP, C.TAKE_PROFIT))
            return None if ranged else at
        labelled = labelled or piece.concept is C.AT
        if not (piece.concept in _BETWEEN or piece.coin or piece.text in "$@"):
            break
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    return index + 1 if after is not None and after.concept is C.SURVIVE else None


def _start(pieces: Sequence[Piece], trigger: int) -> int:
    """Where the supposing clause begins: behind the last number, side or separator before its word."""
    for at in range(trigger - 1, -1, -1):
        if pieces[at].number or pieces[at].concept in _BOUNDS or pieces[at].text in _PUNCT:
            return at + 1
    return 0
