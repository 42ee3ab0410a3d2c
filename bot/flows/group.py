"""The settings of a group, by its administrators.

    /settings        ->  what is set: exchange, language, quiet or not, commands, with a button for each
    [Exchange]       ->  the exchanges; a tap sets one, [As each asks] takes it back
    [Quiet: off]     ->  on: only commands and replies are answered, and a mention where one arrives
    [Commands]       ->  a button for each, ✓ where it is answered

Every administrator may tap, whoever asked; anybody else reads one line, or gets a toast.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Close, Event, Outcome, Toast
from bot.flows.cards import draft_in, on_card, opened_card
from bot.flows.flow import Flow
from bot.flows.start import said, tongue_of
from bot.rendering.group_settings_screen import COMMANDS, GroupView, commands_screen, group_screen, venues_screen
from bot.rendering.venues import titles
from bot.rendering.words import LANGUAGES
from bot.services.facts import GROUP_FLOW, Facts
from bot.storage.group_settings import GroupSettings, SaveGroup


class Draft(BaseModel):
    """Which page the card shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: Literal["all", "venue", "commands"] = "all"


def opened(event: Event, facts: Facts) -> Outcome:
    """/settings in a group: a card for administrators, one line for anybody else."""
    if not facts.leads:
        return said(event, "group.admins_only")
    return _shown(event, opened_card(event, GROUP_FLOW), Draft(), facts.group.settings)


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing, as forged or outlived data does."""
    draft = draft_in(card, Draft)
    if draft is None or card.chat_id != event.chat.id:
        return None
    if not facts.leads:  # who asked may be an administrator no more
        return Outcome(toast=Toast(text=tongue_of(event).words.label("group.admins_only"), alert=True))
    settings = facts.group.settings
    kind, _, value = action.partition(":")
    match kind:
        case "close":
            return Outcome(show=(Close(card=card),))
        case "back":
            return _shown(event, card, Draft(), settings)
        case "venue" if not value:
            return _shown(event, card, Draft(page="venue"), settings)
        case "commands":
            return _shown(event, card, Draft(page="commands"), settings)
        case "venue" if value in (*titles(), "-"):
            return _set(event, card, Draft(), facts, venue=None if value == "-" else value)
        case "language":
            return _set(event, card, Draft(), facts, language=_next_language(settings.language))
        case "quiet":
            return _set(event, card, Draft(), facts, quiet=not settings.quiet)
        case "off" if value in COMMANDS:
            off = set(settings.off) ^ {value}
            return _set(event, card, draft, facts, off=tuple(name for name in COMMANDS if name in off))
        case _:
            return None


def _next_language(language: str | None) -> str | None:
    """Round in a circle: each one's own, then every language that there is."""
    order = (None, *LANGUAGES)
    return order[(order.index(language) + 1) % len(order)] if language in order else None


def _set(event: Event, card: Card, draft: Draft, facts: Facts, **changed: Any) -> Outcome:
    settings = GroupSettings.model_validate(facts.group.settings.model_dump() | changed)
    save = SaveGroup(bot_id=event.bot_id, chat_id=event.chat.id, settings=settings, version=facts.group.version)
    return replace(_shown(event, card, draft, settings), changes=(save,))


def _shown(event: Event, card: Card, draft: Draft, settings: GroupSettings) -> Outcome:
    tongue = tongue_of(event)
    view = GroupView(
        venue=settings.venue, language=settings.language, quiet=settings.quiet, off=settings.off, venues=titles()
    )
    pages = {"all": group_screen, "venue": venues_screen, "commands": commands_screen}
    return on_card(card, draft, pages[draft.page](view, tongue))


GROUP: Final = Flow(name=GROUP_FLOW, tapped=tapped, joined=tapped)  # administrators are all alike, whoever asked
