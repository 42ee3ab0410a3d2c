"""Text -> typed pieces: numbers with what stands at them, words, signs. Linear in the length of the text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.understanding.coins import Coin
from bot.understanding.numbers import SCALES, Number, literal
from bot.understanding.words import Concept, listed

_PIECE = re.compile(
    r"(?P<num>[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+(?![^\W_])|[0-9]+(?:[.,'_][0-9]+)*|(?<![0-9A-Za-z])[.,][0-9]+)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<punct>->|=>|\n|[^\w\s])"
)
_RUN = re.compile(r"[^\W_]{1,41}")
"""One longer than 40 letters and digits is no word that anybody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a message.

    text: lower case, apostrophes dropped, typos corrected. raw: as typed. glued: no space before it. number: for kind
    "num". concept, coin and venue: what the word means, filled in by tagging.
    """

    kind: Literal["num", "word", "punct"]
    text: str
    raw: str
    glued: bool
    number: Number | None = None
    concept: Concept | None = None
    coin: Coin | None = None
    venue: str = ""


AROUND = 80
"""How many pieces to both sides a look at the surroundings takes in: more than a message that people write has, and few
enough that reading stays linear in the length of any."""


def around(pieces: Sequence[Piece], index: int) -> Sequence[tuple[int, Piece]]:
    """The pieces in the surroundings of one, each with its index."""
    start = max(0, index - AROUND)
    return list(enumerate(pieces[start : index + AROUND], start))


def lex(text: str, whole: Callable[[str], bool]) -> list[Piece]:
    """The pieces of a normalised text, in order.

    Arguments: text; whole(run) says that a run of letters and digits ("1000pepe", "tp1") is one word.
    """
    pieces: list[Piece] = []
    position = 0
    while hit := _PIECE.search(text, position):
        start, position = hit.span()
        raw, glued = hit.group(), start > 0 and not text[start - 1].isspace()
        run = None if hit.lastgroup == "punct" else _RUN.match(text, start)
        if (
            run
            and position < run.end() <= start + 40
            and not _inside_number(text, start)
            and whole(run.group().lower())
        ):
            position = run.end()
            pieces.append(Piece(kind="word", text=run.group().lower(), raw=run.group(), glued=glued))
        elif hit.lastgroup == "num":
            pieces += _numbers(raw, glued)
        else:
            kind: Literal["word", "punct"] = "word" if hit.lastgroup == "word" else "punct"
            pieces.append(Piece(kind=kind, text=raw.lower().replace("'", ""), raw=raw, glued=glued))
    return pieces


def _inside_number(text: str, position: int) -> bool:
    return position > 0 and text[position - 1] in ".,'_" and text[position - 2 : position - 1].isdigit()


def _numbers(raw: str, glued: bool) -> list[Piece]:
    """One number, or, when the run is none ("0.5,64000"), its parts between commas."""
    values = literal(raw)
    if values:
        return [Piece(kind="num", text=raw, raw=raw, glued=glued, number=Number(values=values))]
    found: list[Piece] = []
    for part in raw.split(","):
        values = literal(part)
        if values:
            found.append(Piece(kind="num", text=part, raw=part, glued=False, number=Number(values=values)))
            found.append(Piece(kind="punct", text=",", raw=",", glued=True))
    return found[:-1]


def scaled(pieces: list[Piece]) -> list[Piece]:
    """Numbers multiplied by the k, m, thousand that follows them ("10k", "1.5 million", "10kusdt", "64к")."""
    found: list[Piece] = []
    queue = list(reversed(pieces))
    while queue:
        piece = queue.pop()
        follower = queue[-1] if queue else None
        if piece.number and follower and follower.kind == "word":
            scale, rest = _scale(follower)
            if scale:
                queue.pop()
                number = Number(values=tuple(v * SCALES[scale] for v in piece.number.values), scaled=True)
                if scale in listed("rupiah_scales"):
                    number = replace(number, unit="usd", asset="IDR")  # unless another unit follows
                piece = Piece(kind="num", text=piece.text, raw=piece.raw, glued=piece.glued, number=number)
                if rest:
                    queue.append(Piece(kind="word", text=rest, raw=rest, glued=True))
        found.append(piece)
    return found


def _scale(word: Piece) -> tuple[str, str]:
    """The scale at the start of the word after a number, and what of the word is left."""
    if word.text == "mil" and word.glued:
        return "million", ""  # "5mil" is English slang; Spanish "5 mil" is five thousand
    if word.text in SCALES and (word.glued or len(word.text) > 2 or word.text in ("k", "к", "万", "千", "jt")):
        return word.text, ""
    if (
        word.glued
        and word.text[0] in "kmкм"
        and word.text[1:] in ("usdt", "usdc", "usd", "u", "btc", "eth", "xrp", "sol", "doge")
    ):
        return word.text[0], word.text[1:]
    return "", ""
