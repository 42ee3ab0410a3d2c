"""Short turns of a talk that only make sense beside the last answer: "flip it", "eth instead", "double it", "65k".

What single slots a text changes ("10x iso") is said by its reading; a turn is what goes beyond slots, or is so short
that the last answer decides what it means. English, as most such turns are in any chat about trades.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, Literal

from bot.understanding.answers import understand_slot
from bot.understanding.lexer import Piece
from bot.understanding.readings import Reading, Slots
from bot.understanding.tagging import read as tagged
from bot.understanding.understand import understand

Do = Literal["flip", "why", "scale", "instead", "drop", "stop", "target", "venue", "price", "number", "slots"]
LONGEST: Final = 60
"""Characters of a text that can be such a turn."""

_LEAD = re.compile(r"^(?:(?:and|ok|okay|so|then|but|please|pls|hmm*|what about|how about|what if)\b[\s,]*)+")
_TAIL = re.compile(r"[\s?!.,]+(?:please|pls)?[\s?!.,]*$")
_ALL = re.compile(r"^(?:both|all)\s+(?=\S)|\s+(?:for|on)?\s*(?:both|all|each|all of them|both of them)$")
_FLIP = re.compile(
    r"(?:flip|reverse|invert)(?:\s+(?:it|this|that|the|side|sides|position))*"
    r"|(?:the\s+)?(?:other|opposite)\s+(?:way|side|direction)(?:\s+a?round)?"
)
_WHY = re.compile(r"why(?:\s+(?:is\s+)?(?:so|that|this|though))?|how\s+(?:so|come)")
_OBJECT = r"(?:\s+(?:it|that|this|up|down|the|my|size|position|of))*"
_WORDED = re.compile(rf"(double|twice|triple|halve|half){_OBJECT}")
_TIMES = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*x\s+(?:the\s+|my\s+)?(?:size|position)|size\s+x?\s*(\d{1,3})\s*x")
_FACTORS: Final = {"double": "2", "twice": "2", "triple": "3", "halve": "0.5", "half": "0.5"}
_DROP = re.compile(r"(?:drop|remove|without|minus|skip|forget|leave out|take out|delete)\s+(?:the\s+|my\s+)?(.+)")
_PLAN = re.compile(r"(sl|stop(?:[\s-]?loss)?|tp|target|take[\s-]profit)(?:\s*(?:at|to|@|:|=))?\s+(\S+)")
_PRICE = re.compile(r"(?:at|@)\s*(\S+)")
_NUMBER = re.compile(r"(?:with\s+)?(\$?\d\S*(?:\s*(?:usdt?|bucks|dollars))?)")


class Turn(Slots):
    """What a turn wants done with the last answer; only what belongs to `do` is filled.

    number: a factor for "scale", a price for "stop", "target" and "price"; for "number" the text says not what it is.
    coin: for "instead" and "drop". venue: for "venue". slots: the reading of the rest of the text. all: "for both".
    """

    do: Do
    text: str = ""
    number: Decimal | None = None
    coin: str | None = None
    venue: str | None = None
    slots: Reading | None = None
    all: bool = False


def read_turn(text: str, coin: str | None = None) -> Turn | None:
    """The turn that a whole text is, None for any other text.

    Arguments: coin, the symbol of the last answer where it has only one, by which prices are read.

    Example: "and with 5k?" -> Turn(do="number", text="5k", number=Decimal(5000)).
    """
    said = " ".join(text.lower().split())
    if not said or len(said) > LONGEST:
        return None
    core = _TAIL.sub("", _LEAD.sub("", said))
    everywhere = _ALL.search(core) is not None
    core = _ALL.sub("", core).strip()
    turn = _worded(core) or _with_coin(core) or _with_number(core, coin) or _venue(core) or _slots(core, said)
    return turn.model_copy(update={"all": everywhere}) if turn is not None else None


def _worded(core: str) -> Turn | None:
    if _FLIP.fullmatch(core):
        return Turn(do="flip")
    if _WHY.fullmatch(core):
        return Turn(do="why")
    if hit := _WORDED.fullmatch(core):
        return Turn(do="scale", number=Decimal(_FACTORS[hit[1]]))
    hit = _TIMES.fullmatch(core)
    factor = Decimal(hit[1] or hit[2]) if hit else Decimal(0)
    return Turn(do="scale", number=factor) if factor > 0 else None


def _with_coin(core: str) -> Turn | None:
    """ "eth instead", "drop the eth"."""
    if core.endswith(" instead") or core.startswith("instead "):
        coin = _coin(core.replace("instead", "").strip())
        return Turn(do="instead", coin=coin) if coin else None
    hit = _DROP.fullmatch(core)
    dropped = _coin(re.sub(r"\s+(?:leg|position|one|trade)$", "", hit[1])) if hit else None
    return Turn(do="drop", coin=dropped) if dropped else None


def _coin(text: str) -> str | None:
    pieces: tuple[Piece, ...] = tagged(text).pieces
    named = [piece.coin for piece in pieces if piece.coin is not None and piece.coin.known]
    filler = {"use", "with", "make", "it", "do", "for", "in", "the", "of"}
    rest = [piece for piece in pieces if piece.coin is None and piece.text not in filler]
    return named[0].symbol if len(named) == 1 and not rest else None


def _with_number(core: str, coin: str | None) -> Turn | None:
    if hit := _PLAN.fullmatch(core):
        price = _price(hit[2], coin)
        do: Do = "stop" if hit[1].startswith("s") else "target"
        return Turn(do=do, number=price, text=hit[2]) if price is not None else None
    if hit := _PRICE.fullmatch(core):
        price = _price(hit[1], coin)
        return Turn(do="price", number=price, text=hit[1]) if price is not None else None
    hit = _NUMBER.fullmatch(core)
    number = _price(hit[1], coin) if hit else None
    return Turn(do="number", number=number, text=hit[1]) if hit and number is not None else None


def _price(text: str, coin: str | None) -> Decimal | None:
    heard = understand_slot("mark", text, coin)
    return heard.price if heard is not None else None


def _venue(core: str) -> Turn | None:
    heard = understand_slot("venue", core)
    return Turn(do="venue", venue=heard.venue) if heard is not None and heard.venue else None


def _slots(core: str, said: str) -> Turn | None:
    """Slots in words that stand around them: "and cross?", "10x for both"."""
    reading = understand(core)
    if reading.follow_up and not reading.unread and reading.unknown_coin is None:
        return Turn(do="slots", slots=reading, text=core)
    return None
