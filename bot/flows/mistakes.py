"""Mistakes: what the positions of a card or the saved account get wrong, each with the step that mends it.

/check                      ->  "2 things to know about your 3 positions", each with its number and its step
/check long btc 64k 50x …   ->  the same for a trade that is not saved
[2 things to know]          ->  the same for the positions of the card under which the button stands
[Add margin] [What if…]     ->  the conversation in which it is mended
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Close, Event, Outcome
from bot.flows.basis import SAVED, Basis, subject_at
from bot.flows.cards import draft_in, on_card, opened_card, remark
from bot.flows.flow import Flow, showing
from bot.flows.start import declined, tongue_of
from bot.rendering.mistakes_screen import mistakes_screen, no_book_screen
from bot.services.facts import Facts
from bot.services.noticing import NOTHING_TOLD, Told, noticed, worst_first

FLOW: Final = "mistakes"


class Draft(BaseModel):
    """What the card remembers: whose mistakes it shows, what was said beside the book, when it was spoken of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Basis = SAVED
    unattended: bool | None = None
    thinks_cross_safer: bool | None = None
    switching: tuple[str, ...] = ()
    at: datetime | None = None


def opened(event: Event, basis: Basis | None, facts: Facts, told: Told = NOTHING_TOLD) -> Outcome:
    """A new card about the positions of the card at hand, else about the saved account; told: what the person said."""
    card = opened_card(event, FLOW)
    draft = Draft(
        basis=basis or SAVED,
        unattended=told.unattended,
        thinks_cross_safer=told.thinks_cross_safer,
        switching=told.switching,
    )
    return _shown(event, card, draft, facts)


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card: only Close comes back to it; the others open another conversation."""
    if action != "close" or draft_in(card, Draft) is None:
        return None
    return Outcome(show=(Close(card=card),))


def _shown(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome:
    tongue = tongue_of(event)
    subject = subject_at(event, card, draft.basis, facts)
    if subject.held and subject.trouble and not subject.books and not tongue.in_group:
        return declined(event, next(iter(subject.trouble.values())))
    if subject.as_it_stands is None:
        return remark(no_book_screen(tongue, held=subject.held))
    told = Told(unattended=draft.unattended, thinks_cross_safer=draft.thinks_cross_safer, switching=draft.switching)
    screen = mistakes_screen(worst_first(noticed(subject, told)), tongue, positions=len(subject.legs))
    kept = draft.model_copy(update={"at": event.time})
    return on_card(card, kept, screen)


def _basis(card: Card) -> Basis | None:
    draft = draft_in(card, Draft)
    return draft.basis if draft is not None else None


MISTAKES: Final = Flow(name=FLOW, tapped=tapped, basis=_basis, shown=showing(Draft, _shown))
