"""The same words again: what is shown already is shown anew below them, so that no message stays without an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.dialogue import Card, Event, Outcome, Show
from bot.flows.portfolio_card import Draft, draft_of, new_card
from bot.storage.portfolios import Portfolio, SavedPosition

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_PAGES = ("order", "import", "pick", "mode")
"""Pages that show what a message said."""


def anew(event: Event, card: Card, outcome: Outcome) -> Outcome:
    """The outcome on a card of its own where it would show on `card` what that shows already."""
    shown = outcome.show[0] if outcome.show else None
    if not isinstance(shown, Show) or shown.card is None or shown.card.id != card.id or outcome.changes:
        return outcome
    before, after = draft_of(card), draft_of(shown.card)
    if before is None or after is None or after.page not in _PAGES or _said(before) != _said(after):
        return outcome
    fresh = replace(shown, card=replace(new_card(event), draft=shown.card.draft))
    return replace(outcome, show=(fresh, *outcome.show[1:]))


def _said(draft: Draft) -> dict[str, Any]:
    """A draft without what is new in every message: the ids and times of positions that it would open."""
    order = draft.order
    if order is not None and order.position is not None:
        order = order.model_copy(update={"position": _bare(order.position)})
    incoming = _bare_book(draft.incoming) if draft.incoming is not None else None
    kept = draft.model_copy(update={"order": order, "incoming": incoming, "unsaid": ()})
    return kept.model_dump(exclude={"back"})


def _bare(position: SavedPosition) -> SavedPosition:
    return position.model_copy(update={"id": "", "saved_at": _NEVER})


def _bare_book(book: Portfolio) -> Portfolio:
    return book.model_copy(update={"positions": tuple(map(_bare, book.positions)), "marks": {}})
