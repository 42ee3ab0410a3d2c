"""The settings: what stands for what a question does not say, and how answers are written.

    /settings                    ->  all of them, with what holds where nothing is set
    [Exchange] [Bybit]           ->  set; questions without an exchange are answered by Bybit's rules, which they say
    [Wallet]  7.5k               ->  typed as well
    [Taker fee]  0.045%          ->  a percent, or the same as a fraction
    [Time zone]  Vienna          ->  a city of the tz database
    [Not set]                    ->  back to what holds by itself

Pages: `all`, and one for each setting. In a group nothing is shown: a wallet is personal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Close, Event, Outcome
from bot.flows.cards import draft_in, on_card, opened_card, quoted
from bot.flows.flow import Flow
from bot.flows.start import as_set, sent_home, tongue_of
from bot.rendering.notes import write_note
from bot.rendering.settings_screen import (
    ORDER,
    TYPED,
    Name,
    SettingsView,
    choices_of,
    settings_screen,
    value_screen,
)
from bot.rendering.venues import titles
from bot.rendering.views import Note
from bot.services.answers import typed_wallet
from bot.services.facts import Facts
from bot.services.symbols import VENUE
from bot.storage.person_settings import PersonSettings, SaveSettings
from bot.understanding.answers import read_number
from bot.understanding.readings import Reading
from margin_engine import preset_of

FLOW: Final = "settings"
MOST_FEE: Final = Decimal("0.01")
"""A taker fee above 1 % of the notional is a slip of the decimal point."""

FIELDS: Final[Mapping[Name, str]] = {
    "venue": "venue",
    "mode": "mode",
    "wallet": "wallet",
    "fee": "taker_fee",
    "numbers": "numbers",
    "zone": "time_zone",
    "answers": "answers",
    "pictures": "pictures",
    "language": "language",
}
_FEE: Final = re.compile(r"(\d[\d.,]*)\s*(%|percent)?")


class Draft(BaseModel):
    """What the card remembers: the setting that is open, if one is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: Name | Literal["all"] = "all"
    at: datetime | None = None


def opened(event: Event, facts: Facts) -> Outcome:
    """/settings: a new card in the private chat; in a group only the way there."""
    if not event.chat.is_private:
        return sent_home(event, "settings.private", "settings")
    card = opened_card(event, FLOW)
    return _shown(event, card, Draft(), facts.settings.settings)


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing, as forged or outlived data does."""
    draft = draft_in(card, Draft)
    if draft is None or not event.chat.is_private:
        return None
    kind, _, rest = action.partition(":")
    name, _, value = rest.partition(":")
    known = next((each for each in ORDER if each == name), None)
    match kind:
        case "close":
            return Outcome(show=(Close(card=card),))
        case "back" | "cancel":
            return _shown(event, card, Draft(), facts.settings.settings)
        case "s" if known is not None and not value:
            return _shown(event, card, Draft(page=known), facts.settings.settings)
        case "clear" if known is not None and not value:
            return _set(event, card, known, None, facts)
        case "v" if known is not None and value in choices_of(known, _view(event, facts.settings.settings)):
            return _set(event, card, known, value, facts)
        case _:
            return None


def awaits(card: Card) -> bool:
    """Whether the next message may be the value of a setting."""
    draft = draft_in(card, Draft)
    return draft is not None and draft.page in TYPED


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """A written value of the setting that is open; None when it is none."""
    draft = draft_in(card, Draft)
    if draft is None or draft.page == "all" or draft.page not in TYPED:
        return None
    value = written_value(draft.page, text)
    return None if value is None else _set(event, card, draft.page, value, facts)


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that are no value of the open setting: the page again."""
    draft = draft_in(card, Draft)
    if draft is None or not awaits(card):
        return None
    tongue = tongue_of(event)
    note = Note(name="unreadable", facts={"text": quoted(text)})
    problem = write_note(note, tongue.words, tongue.numbers)
    return _shown(event, card, draft, facts.settings.settings, problem=problem)


# --- Values --------------------------------------------------------------------------------------------------------


def written_value(name: Name, text: str) -> str | None:
    """A written wallet, fee or time zone as it is kept; None for what is none."""
    match name:
        case "wallet":
            wallet = typed_wallet(text)
            in_dollars = wallet is not None and wallet[0] > 0 and wallet[1] in (None, "USDT")
            return f"{wallet[0].normalize():f}" if wallet is not None and in_dollars else None
        case "fee":
            return _fee(text)
        case "zone":
            return zones().get(re.sub(r"[\s_]+", " ", text.strip().lower()))
        case _:
            return None


def _fee(text: str) -> str | None:
    """ "0.045%" and "0.045" are percent, as fees are quoted; 15 digits are enough for one."""
    hit = _FEE.fullmatch(text.strip().lower())
    percent = read_number(hit[1], None) if hit else None
    if percent is None or not 0 <= percent / 100 <= MOST_FEE or len(percent.as_tuple().digits) > 15:
        return None
    return f"{percent / 100:f}"


@cache
def zones() -> Mapping[str, str]:
    """What people may write for a time zone -> its name: the name itself, or its city alone."""
    names = sorted(available_timezones())
    cities = {name.rpartition("/")[2].replace("_", " ").lower(): name for name in reversed(names)}
    return cities | {name.replace("_", " ").lower(): name for name in names} | {"utc": "UTC"}


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


# --- Showing -------------------------------------------------------------------------------------------------------


def _set(event: Event, card: Card, name: Name, value: str | None, facts: Facts) -> Outcome | None:
    """The setting is kept, and the card shows all of them as they are now."""
    stored = facts.settings
    document: dict[str, Any] = stored.settings.model_dump() | {FIELDS[name]: value}
    changed = PersonSettings.model_validate(document)
    if name == "zone" and value is not None and not _is_zone(value):
        return None
    shown = _shown(as_set(event, changed), card, Draft(), changed, remark=True)
    save = SaveSettings(owner_id=event.person.id, settings=changed, version=stored.version)
    return replace(shown, changes=(save,))


def _view(event: Event, settings: PersonSettings) -> SettingsView:
    values = {name: getattr(settings, field) for name, field in FIELDS.items()}
    said_so = {
        name: f"{value:f}" if isinstance(value, Decimal) else value
        for name, value in values.items()
        if value is not None
    }
    fee = preset_of(settings.venue or VENUE).taker_fee or preset_of(VENUE).taker_fee
    return SettingsView(
        values=said_so,
        venues=titles(),
        now=event.time,
        default_venue=VENUE,
        default_fee=fee or Decimal(0),
    )


def _shown(
    event: Event,
    card: Card,
    draft: Draft,
    settings: PersonSettings,
    *,
    remark: bool = False,
    problem: Markup | None = None,
) -> Outcome:
    tongue, view = tongue_of(event), _view(event, settings)
    if draft.page == "all":
        screen = settings_screen(view, tongue, remark=tongue.words("settings.saved") if remark else None)
    else:
        screen = value_screen(draft.page, view, tongue, problem=problem)
    kept = draft.model_copy(update={"at": event.time})
    return on_card(card, kept, screen)


SETTINGS: Final = Flow(
    name=FLOW,
    tapped=tapped,
    awaits=awaits,
    typed=typed,
    misread=misread,
    shown=lambda event, card, facts: _shown(event, card, Draft(), facts.settings.settings),
)
