"""What a person set for themselves, as one aggregate with a version. Its row is in person_settings_rows.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Change, NumberFormat


class PersonSettings(BaseModel):
    """A person's settings; None is a setting that they never made.

    venue, mode, wallet (in dollars) and taker_fee (a fraction of the notional) stand for what a question does not say.
    numbers: how amounts are written. time_zone: a name of the tz database. answers: "short" leaves out what can be
    asked for. language: a code, above Telegram's own. pictures: on which paper a picture follows each answer by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    venue: str | None = None
    mode: Literal["isolated", "cross"] | None = None
    wallet: Decimal | None = None
    taker_fee: Decimal | None = None
    numbers: NumberFormat | None = None
    time_zone: str | None = None
    answers: Literal["short", "full"] | None = None
    language: str | None = None
    pictures: Literal["light", "dark"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSettings:
    """Settings with the version they were read at; version 0 was never stored."""

    settings: PersonSettings = field(default_factory=PersonSettings)
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSettings(Change):
    """Replaces the person's settings, which must still be at `version`; else the event is handled again."""

    owner_id: int
    settings: PersonSettings
    version: int
