"""Known crashes and squeezes by the names that people use for them; a date names the event (its first day, UTC).

Names and first days as commonly used; the moves themselves are data of other rooms.
"""

from functools import cache

from bot.understanding.words import data, listed


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Every name, and each date as it is written ("2020-03-12"), between single spaces."""
    rows = data("events.json").items()
    return tuple((f" {name} ", date) for date, names in rows for name in (*names, date.replace("-", " ")))


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.split()[0] for name, _ in _names())


def event_at(words: str) -> str | None:
    """The first day of the event that the words name, as "2020-03-12"; None when they name none.

    A bare date such as "10/10" counts only beside a word that speaks of a crash or a repetition.
    """
    if _first_words().isdisjoint(words.split()):
        return None
    for word in listed("event_style"):  # "luna style collapse"
        words = words.replace(f" {word} ", " ")
    for name, date in _names():
        if name in words:
            bare = not any(letter.isalpha() for letter in name)
            if not bare or any(f" {word} " in words for word in listed("crash_words")):
                return date
    return None
