"""What the administrators of a group set for it, as one aggregate with a version. Its row is in group_rows.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Change

KEPT_AFTER_LEAVING: Final = timedelta(days=30)
"""How long a group's settings and cards wait for the bot to be added again."""


class GroupSettings(BaseModel):
    """A group's settings; None is a setting that was never made.

    venue stands for what a question there does not say. language: a code, above that of who asks. quiet: only
    commands, replies and mentions that arrive are answered. off: the names of the commands that are not answered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    venue: str | None = None
    language: str | None = None
    quiet: bool = False
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredGroup:
    """Settings with the version they were read at; version 0 is a group that nothing is known of. `left`: the bot is
    not in it any more."""

    settings: GroupSettings = field(default_factory=GroupSettings)
    version: int = 0
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveGroup(Change):
    """Replaces the group's settings, which must still be at `version`; else the event is handled again."""

    bot_id: int
    chat_id: int
    settings: GroupSettings
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePresence(Change):
    """The bot is in the group now (`here`), or not any more."""

    bot_id: int
    chat_id: int
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveGroup(Change):
    """A group became a supergroup with another id; all that is stored of it goes along."""

    bot_id: int
    old: int
    new: int
