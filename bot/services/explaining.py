"""Why does the venue show another liquidation price? Each assumption is changed in turn, and the engine asked again.

Nothing here knows what the venue does: a suspect that fits is one that is worth checking there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.rendering.explain_views import Explained, Suspect
from bot.rendering.views import Partition
from bot.services.equity import answer_of
from bot.services.own_coin import shown_health
from bot.services.suspects import (
    Known,
    direct,
    mark_counts,
    other_modes,
    solved,
    tolerance,
    with_known,
)
from margin_engine import Book, EngineError

MOST: Final = 6
"""Suspects that one answer shows without a price to compare, and those that it shows to fit."""

MOST_AMISS: Final = 4
"""Suspects that do not fit and are shown all the same, the nearest ones."""


def explain_difference(
    books: Mapping[Partition, Book],
    partition: Partition,
    identity: str,
    *,
    shown: Decimal | None,
    venue: str | None = None,
    known: Known | None = None,
) -> Explained:
    """Which assumption makes our liquidation price the venue's.

    Arguments: books and partition, the account in each mode and the mode that is meant; identity, the position; shown,
    the venue's price above 0, None where it is not known (then the suspects say what each would give); venue, the
    engine's name of the venue that shows it; known, what the person knows besides. Never raises for what the engine
    refuses: such a suspect is left out.
    """
    known = known or Known()
    try:
        book = with_known(books[partition], identity, known)
    except EngineError:
        return Explained(ours=None, reason="refused")
    base = answer_of(book)
    ours = base.position(identity).liquidation_price if base is not None else None
    if base is None or ours is None:
        reason = base.position(identity).liquidation_reason if base is not None else None
        return Explained(ours=None, reason=reason.value if reason is not None else "refused")
    near = tolerance(book, identity, ours)
    together, own_coin = shown_health(base, identity)
    found = [*other_modes(books, partition, identity, known), *direct(book, identity, venue, known)]
    if shown is not None:
        found += solved(book, identity, shown, known, near)
    judged = [_judged(each, shown, near) for each in found]
    off = ours - shown if shown is not None else None
    return Explained(
        ours=ours,
        off=off,
        fits=off is not None and abs(off) <= near,
        mark_counts=mark_counts(book, identity, ours),
        together=together.liquidation_price if own_coin is not None else None,
        suspects=_ranked([each for each in judged if each.price != ours], shown, venue),
    )


def _judged(suspect: Suspect, shown: Decimal | None, near: Decimal) -> Suspect:
    if shown is None:
        return suspect
    off = suspect.price - shown
    return replace(suspect, off=off, fits=abs(off) <= near)


def _ranked(suspects: list[Suspect], shown: Decimal | None, venue: str | None) -> tuple[Suspect, ...]:
    """Those that fit, rules before amounts; then the venue's own rules and what comes nearest."""
    kept = [each for each in suspects if each.fits or not each.solved]
    seen: dict[tuple[str, Decimal], Suspect] = {}
    for each in kept:
        seen.setdefault((each.name, each.price), each)
    if shown is None:
        return tuple(seen.values())[:MOST]

    def rank(each: Suspect) -> tuple[bool, bool, bool, Decimal]:
        return not each.fits, each.solved, each.facts.get("venue") != venue, abs(each.off or Decimal(0))

    ranked = sorted(seen.values(), key=rank)
    fitting = [each for each in ranked if each.fits][:MOST]
    return (*fitting, *[each for each in ranked if not each.fits and not each.solved][:MOST_AMISS])
