"""What an answer assumes: as the list at a card's end, and as names for an answer that is cut short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from bot.dialogue import Assumed
from bot.rendering.notes import write_note
from bot.rendering.verdict import Tongue
from bot.rendering.views import Note

USUAL: Final = frozenset(
    {"entry_is_price", "entry_is_price_of", "entries_are_prices", "nothing_else_open", "venue", "fees"}
)
"""What nearly every answer assumes and a group is not told: the price now, an account with nothing else, the usual
exchange, no fees."""

MOST: Final = 8
"""How many assumptions an answer lists that is long without them."""


def assumed_block(notes: Sequence[Note], tongue: Tongue, *, most: int | None = None) -> Markup:
    """The assumptions under each other, the first `most` of them; empty for none."""
    if not notes:
        return Markup("")
    lines = [Markup("• {}").format(write_note(note, tongue.words, tongue.numbers)) for note in notes[:most]]
    return Markup("\n").join([tongue.words("check.assumed"), *lines, *_more(notes, most, "• …")])


def assumed_in_short(notes: Sequence[Note], tongue: Tongue, *, most: int | None = None) -> Assumed | None:
    """The same for a group, whose answers are cut short; None for no assumptions, and where nobody cuts them."""
    if not (notes and tongue.in_group):
        return None
    told = [write_note(note, tongue.words, tongue.numbers) for note in notes[:most] if note.name not in USUAL]
    names = [Markup(note.partition(":")[0]) for note in told]
    return Assumed(text=assumed_block(notes, tongue, most=most), names=(*names, *_more(notes, most, "…")))


def _more(notes: Sequence[Note], most: int | None, said: str) -> list[Markup]:
    return [Markup(said)] if most is not None and len(notes) > most else []
