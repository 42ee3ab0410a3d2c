"""What every conversation does with its cards: open one, read and keep its draft, and see that it is still in sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from bot.dialogue import Card, Event, Outcome, Said, Screen, Show
from bot.rendering.plain import clipped
from bot.rendering.views import Note
from bot.services.answers import is_below_zero

IN_SIGHT: Final = 2
"""How many messages may stand between a card and a typed answer for the card to be edited in place. Further up the
answer would change a message that nobody sees, so the card is shown anew below. Telegram counts the messages of all
private chats of a bot together, so a busy bot shows a card anew sooner, never later."""

MOST_QUOTED: Final = 40
"""Letters of a person's own words that an answer repeats."""

Draft = TypeVar("Draft", bound=BaseModel)


def opened_card(event: Event, flow: str) -> Card:
    """A card of a flow that this event opens."""
    return Card(id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow=flow)


def draft_in(card: Card, kind: type[Draft]) -> Draft | None:
    """The card's draft, or None for one of another conversation or another time that nobody can read any more."""
    try:
        return kind.model_validate(card.draft)
    except ValidationError:
        return None


def with_draft(card: Card, draft: BaseModel) -> Card:
    """The card with that draft, as plain JSON."""
    return replace(card, draft=draft.model_dump(mode="json", exclude_defaults=True))


def age_of(card: Card | None, now: datetime) -> timedelta | None:
    """How long ago a card was last spoken of, None when it does not remember that."""
    at = card.draft.get("at") if card is not None else None
    return now - datetime.fromisoformat(at) if isinstance(at, str) else None


def on_card(card: Card, draft: BaseModel, screen: Screen) -> Outcome:
    """The card with that draft, showing that screen."""
    return Outcome(show=(Show(screen=screen, card=with_draft(card, draft)),))


def remark(screen: Screen) -> Outcome:
    """A passing remark: no card stays behind it."""
    return Outcome(show=(Show(screen=screen),))


def in_sight(event: Event, card: Card) -> Card:
    """The card itself, or a new one of its flow where a typed answer would change it out of sight."""
    if not isinstance(event.content, Said) or event.message_id is None or card.message_id is None:
        return card
    return card if event.message_id - card.message_id <= IN_SIGHT else opened_card(event, card.flow)


def quoted(text: str) -> str:
    """A person's own words, cut where they are long."""
    return clipped(text, MOST_QUOTED)


def misread_note(text: str, *, signed: bool = False) -> Note:
    """That words did not answer a question, or that a number had to be above 0 (signed: it may be below)."""
    name = "above_zero" if is_below_zero(text) and not signed else "unreadable"
    return Note(name=name, facts={"text": quoted(text)})
