"""What the local chat keeps: people, bots, chats with their messages, taps that wait for an answer.

A message's `body` is the Bot API's own Message object and is never changed in place: an edit puts a new dictionary
there, so that an update which still waits for its bot keeps what it carried.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# What getUpdates and webhooks leave out unless allowed_updates names it.
QUIET_KINDS = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody who chats: `id` as Telegram's user id, a name, and perhaps the language of their app."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None

    def user(self) -> Json:
        """The person as the Bot API's User object."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user


@dataclass(slots=True, kw_only=True)
class Bot:
    """A bot: what it says about itself, its counters and the updates it has not confirmed yet."""

    id: int
    username: str
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    allowed_updates: tuple[str, ...] | None = None
    webhook: Json | None = None
    next_update_id: int = 1
    next_message_id: int = 1
    updates: OrderedDict[int, Json] = field(default_factory=OrderedDict)

    @property
    def name(self) -> str:
        """The name people see; the username until the bot has set one."""
        return self.names.get("", self.username)

    def user(self) -> Json:
        """The bot as the Bot API's User object."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def wants(self, kind: str) -> bool:
        """Whether updates of this kind are queued for the bot."""
        if self.allowed_updates is None:
            return kind not in QUIET_KINDS
        return kind in self.allowed_updates


@dataclass(slots=True, kw_only=True)
class Message:
    """A message in a chat; `version` grows over the whole server with each change, so newer is always greater."""

    id: int
    version: int
    body: Json
    edited: bool = False

    @property
    def sender_id(self) -> int:
        """The user id of the person or bot that wrote it."""
        return int(self.body["from"]["id"])


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat. A private one belongs to a person (`id`) and a bot (`bot_id`); in a group `bot_id` is 0.

    `started`: the person has written at least once; `blocked`: the person has blocked the bot.
    """

    id: int
    bot_id: int
    kind: str = "private"
    title: str = ""
    members: set[int] = field(default_factory=set)
    started: bool = False
    blocked: bool = False
    next_message_id: int = 1
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, int]:
        """What the server knows the chat by."""
        return (self.bot_id, self.id)

    def newest_id(self) -> int:
        """The id of the newest message, 0 in an empty chat."""
        return next(reversed(self.messages), 0)


@dataclass(slots=True, kw_only=True)
class Tap:
    """A press of a callback button: `id` is the callback query's, `answer` what the bot said to it, once it did."""

    id: str
    bot_id: int
    person_id: int
    at: float
    answer: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that was uploaded by a bot or sent by a person."""

    id: str
    unique_id: str
    path: str
    content_type: str
    content: bytes


def plain(value: Person | Bot | Tap | Message | Chat, leave: Iterable[str] = ()) -> Json:
    """The fields of a value as JSON-ready data, without those named in `leave`."""
    left = frozenset(leave)
    out: Json = {}
    for name in value.__slots__:
        if name not in left:
            item = getattr(value, name)
            out[name] = list(item) if isinstance(item, set | tuple) else item
    return out
