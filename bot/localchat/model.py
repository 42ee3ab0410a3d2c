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

PRESENT = frozenset({"creator", "administrator", "member"})
LEADING = frozenset({"creator", "administrator"})

# The fields that make a message a service message: something that happened, not something that was written.
SERVICE_FIELDS = (
    "new_chat_members",
    "left_chat_member",
    "group_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "pinned_message",
)


def is_service(body: Json) -> bool:
    """Whether a message tells of something that happened in the chat."""
    return any(name in body for name in SERVICE_FIELDS)


def answered(body: Json) -> Json | None:
    """The message that this one answers, as people see it: what merely began its topic does not count."""
    replied: Json | None = body.get("reply_to_message")
    return None if replied is None or "forum_topic_created" in replied else replied


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
    """A bot: what it says about itself, its counters and the updates it has not confirmed yet.

    `token_digest`: of the token that it is called with. `reads_all`: privacy mode is off, so it gets everything
    that is written in its groups; `inline`: inline mode
    is on; `inline_feedback`: the bot is told which of its results was sent; `guest`: it may be called into groups
    that it is not in.
    """

    id: int
    username: str
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    allowed_updates: tuple[str, ...] | None = None
    webhook: Json | None = None
    reads_all: bool = False
    inline: bool = True
    inline_feedback: bool = True
    guest: bool = True
    token_digest: str = ""
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
    """A message in a chat; `version` grows over the whole server with each change, so newer is always greater.

    `meant_for`: the bot that a message in a group is meant for, 0 for none (see privacy.py);
    `inline_id`: the inline_message_id by which the bot that it was sent through can edit it.
    """

    id: int
    version: int
    body: Json
    edited: bool = False
    meant_for: int = 0
    keyboard: Json | None = None
    force_reply: bool = False
    inline_id: str | None = None

    @property
    def only_for(self) -> int:
        """The user id of the one person who sees it, 0 where everybody does."""
        receiver: Json = self.body.get("receiver_user", {})
        return int(receiver.get("id", 0))

    def is_seen_by(self, person_id: int) -> bool:
        """Whether a person who is in the chat sees it."""
        return self.only_for in (0, person_id)

    @property
    def sender_id(self) -> int:
        """The user id of the person or bot that wrote it."""
        return int(self.body["from"]["id"])


@dataclass(slots=True, kw_only=True)
class Topic:
    """A topic of a forum; `id` is the message thread's, which is the id of the message that tells of its making."""

    id: int
    name: str
    creator_id: int
    icon_color: int
    icon_custom_emoji_id: str = ""
    closed: bool = False


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat. A private one belongs to a person (`id`) and a bot (`bot_id`); in a group `bot_id` is 0.

    Private: `started` once the person has written; `blocked` while the person blocks the bot.
    Groups: `statuses` of everyone who is or was in it, by user id (creator, administrator, member, left, kicked);
    `upgraded_to`, the supergroup that took its place; `forum` with `topics`; `last_bot`, the bot that wrote last;
    `pinned`, message ids, the newest pin last.
    """

    id: int
    bot_id: int
    kind: str = "private"
    title: str = ""
    statuses: dict[int, str] = field(default_factory=dict)
    started: bool = False
    blocked: bool = False
    upgraded_to: int = 0
    forum: bool = False
    general_closed: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    last_bot: int = 0
    next_message_id: int = 1
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, int]:
        """What the server knows the chat by."""
        return (self.bot_id, self.id)

    @property
    def members(self) -> list[int]:
        """The user ids of those who are in the group."""
        return [user_id for user_id, status in self.statuses.items() if status in PRESENT]

    def has(self, user_id: int) -> bool:
        """Whether this person or bot is in the group."""
        return self.statuses.get(user_id) in PRESENT

    def leads(self, user_id: int) -> bool:
        """Whether this person or bot is the group's creator or an administrator."""
        return self.statuses.get(user_id) in LEADING

    def newest_id(self) -> int:
        """The id of the newest message, 0 in an empty chat."""
        return next(reversed(self.messages), 0)


@dataclass(slots=True, kw_only=True)
class Tap:
    """A press of a callback button: `id` is the callback query's, `answer` what the bot said to it, once it did.

    `place` is the key of the chat it was pressed in.
    """

    id: str
    bot_id: int
    person_id: int
    place: tuple[int, int]
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


def plain(value: Person | Bot | Tap | Message | Chat | Topic, leave: Iterable[str] = ()) -> Json:
    """The fields of a value as JSON-ready data, without those named in `leave`."""
    left = frozenset(leave)
    out: Json = {}
    for name in value.__slots__:
        if name not in left:
            item = getattr(value, name)
            out[name] = list(item) if isinstance(item, tuple) else item
    return out
