"""Short turns of a talk that only make sense beside the last answer: "flip it", "eth instead", "double it", "65k".

What a text says is told by its reading (`Reading.follow`); a turn adds whether every position is meant, and takes
a bare number as one, whose meaning only the last answer decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal

from bot.understanding.answers import understand_slot
from bot.understanding.readings import Reading, Slots
from bot.understanding.tagging import Message
from bot.understanding.tagging import read as tagged
from bot.understanding.understand import understand
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

Do = Literal["flip", "why", "scale", "instead", "drop", "stop", "target", "venue", "price", "number", "slots"]
LONGEST: Final = 60
"""Characters of a text that can be such a turn."""

_SIGNS: Final = "?!., "


class Turn(Slots):
    """What a turn wants done with the last answer; only what belongs to `do` is filled.

    number: a factor for "scale", a price for "stop", "target" and "price", the entry for "instead" where one is said;
    for "number" the text says not what it is. coin: for "instead" and "drop". venue: for "venue". slots: the reading of
    the rest of the text. all: "for both".
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
    core = _without_leads(said.strip(_SIGNS), listed("turn_leads"))
    rest = _without_all(core)
    message = tagged(rest)
    turn = _bare_number(message, rest, coin) or _turn_of(understand(message), rest, coin)
    return turn.model_copy(update={"all": rest != core}) if turn is not None else None


def _without_leads(text: str, leads: Iterable[str]) -> str:
    """The text without words at its start that only join it to what was said before."""
    lead = next((lead for lead in leads if text.startswith((f"{lead} ", f"{lead},"))), None)
    return text if lead is None else _without_leads(text.removeprefix(lead).lstrip(" ,"), leads)


def _without_all(text: str) -> str:
    """ "10x for both" and "both 10x" -> "10x"."""
    for words in sorted(listed("for_each"), key=len, reverse=True):
        if text.startswith(f"{words} "):
            return text.removeprefix(words).strip()
        if text.endswith(f" {words}"):
            rest = text.removesuffix(words).rstrip()
            joint = next((joint for joint in listed("for_words") if rest.endswith(f" {joint}")), "")
            return rest.removesuffix(joint).rstrip()
    return text


def _bare_number(message: Message, core: str, coin: str | None) -> Turn | None:
    """ "65k", "with 5k", "at 3300": one number and nothing that says what it is but "at"."""
    pieces = message.pieces
    numbers = [piece.number for piece in pieces if piece.number]
    others = [piece for piece in pieces if not piece.number and piece.concept not in (C.AT, C.MONEY)]
    if (
        len(numbers) != 1
        or numbers[0].unit not in ("", "usd")
        or any(p.text not in listed("with_words") for p in others)
    ):
        return None
    written = _written(core)
    heard = understand_slot("mark", written, coin) if written else None
    if heard is None or heard.price is None:
        return None
    at = any(piece.concept is C.AT for piece in pieces)
    return Turn(do="price" if at else "number", number=heard.price, text=written)


def _written(core: str) -> str:
    """The number of a text as it was typed, with what stands behind it; empty for one in words."""
    words = core.replace("@", " ").split()
    first = next((at for at, word in enumerate(words) if any(map(str.isdecimal, word))), len(words))
    return " ".join(words[first:])


def _turn_of(reading: Reading, core: str, coin: str | None) -> Turn | None:
    """The reading of a text as a turn, where it leans on the last answer."""
    parsed = reading.parsed
    positions = parsed.positions or ()
    match reading.follow:
        case "flip":
            return Turn(do="flip")
        case "steps" if reading.kind == "explain":
            return Turn(do="why")
        case "scale":
            return Turn(do="scale", number=reading.scale)
        case "instead" if len(positions) == 1:
            entry = positions[0].entry
            return Turn(do="instead", coin=positions[0].symbol, number=entry if isinstance(entry, Decimal) else None)
        case "drop" if parsed.remove:
            return Turn(do="drop", coin=parsed.remove[0])
        case "plan" if len(reading.plan) == 1:
            return _planned(reading.plan[0], core, coin)
        case "slots" if parsed.venue and not positions and parsed.account is None:
            return Turn(do="venue", venue=parsed.venue)
        case "slots" if not reading.unread and reading.unknown_coin is None:
            return Turn(do="slots", slots=reading, text=core)
        case _:
            return None


def _planned(plan: str, core: str, coin: str | None) -> Turn | None:
    """A stop or a target at a price: "stop 61500"."""
    heard = understand_slot("mark", _written(core), coin)
    if heard is None or heard.price is None:
        return None
    return Turn(do="stop" if plan.startswith("stop") else "target", number=heard.price, text=_written(core))
