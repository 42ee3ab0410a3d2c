"""The venues by the names that people use for them (`data/venues.json`)."""

from collections.abc import Sequence
from functools import cache

from bot.understanding.lexer import Piece
from bot.understanding.words import data

_JOINTS = frozenset("-._/")


@cache
def names() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word -> the venue names that begin with it, as words and the venue meant, longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for venue, phrases in data("venues.json").items():
        for phrase in phrases:
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((words, venue))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()}


@cache
def single_words() -> dict[str, str]:
    """The names of one word -> the venue meant."""
    return {words[0]: venue for rows in names().values() for words, venue in rows if len(words) == 1}


@cache
def coin_names() -> frozenset[str]:
    """The venues whose names are also those of coins: they count only where a place is named."""
    return frozenset(data("venues.json")) & {"hyperliquid", "dydx"}


def phrase_at(pieces: Sequence[Piece], start: int) -> tuple[int, str]:
    """How many pieces from `start` on name a venue, and which; (0, "") when none. "coin-m" counts as two words."""
    for words, venue in names().get(pieces[start].text, ()):
        index = start
        for position, word in enumerate(words):
            if position and index < len(pieces) and pieces[index].text in _JOINTS:
                index += 1
            if index >= len(pieces) or pieces[index].text != word:
                break
            index += 1
        else:
            return index - start, venue
    return 0, ""


def engine_venue(venue: str, *, coin_margined: bool) -> str:
    """The venue of the engine that a person's venue means: "binance" is Binance USD-M, or COIN-M where coin-margined.

    Arguments: venue, a slot of a reading. Result: a name from the list of the engine's venues, or the name itself.
    """
    if venue == "binance":
        return "binance-coinm" if coin_margined else "binance-usdm"
    return {"dydx": "dydx-v4", "kraken": "kraken-futures"}.get(venue, venue)
