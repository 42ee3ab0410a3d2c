"""The server's state and the few ways it changes; every change is told to the feed and marked for the state file."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bot.localchat.feed import LOBBY, Change, Feed
from bot.localchat.model import Bot, Chat, Json, Message, Person, StoredFile, Tap

_EPOCH = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
FIRST_PERSON_ID = 7_000_000_001  # above the bots, whose ids come with their tokens
TAP_SECONDS = 3600


def fresh_counter() -> int:
    """Where counters of a new server begin: ten a second since 2026, so a server without a state file that is started
    again does not use its old ids once more (a bot keeps what it knows of them)."""
    return max(1, (int(time.time()) - _EPOCH) * 10)


class World:
    """Everyone and everything the server knows."""

    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self.bots: dict[int, Bot] = {}
        self.chats: dict[tuple[int, int], Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.files: dict[str, StoredFile] = {}
        self.version = 0
        self.feed = Feed()
        self.on_update: list[Callable[[Bot], None]] = []
        self.recent_updates: dict[int, list[Json]] = {}
        self.dirty: set[tuple[str, Any]] | None = None

    def mark(self, kind: str, key: Any) -> None:
        """Note that a record has changed, for the state file."""
        if self.dirty is not None:
            self.dirty.add((kind, key))

    # --- people, bots, chats

    def person(self, name: str, *, username: str | None = None, language_code: str | None = None) -> Person:
        """The person of that name, made when there is none yet; a language that is given replaces theirs."""
        found = next((person for person in self.people.values() if person.first_name == name), None)
        if found is None:
            found = Person(id=FIRST_PERSON_ID + len(self.people), first_name=name)
            self.people[found.id] = found
            self.feed.publish(LOBBY, Change(kind="arrival"))
        found.username = username or found.username
        found.language_code = language_code or found.language_code
        self.mark("person", found.id)
        return found

    def bot(self, bot_id: int) -> Bot:
        """The bot with that id, made when it is seen first."""
        bot = self.bots.get(bot_id)
        if bot is None:
            first = fresh_counter()
            bot = Bot(id=bot_id, username=f"local_{bot_id}_bot", next_update_id=first, next_message_id=first)
            self.bots[bot_id] = bot
            self.mark("bot", bot_id)
            self.feed.publish(LOBBY, Change(kind="arrival"))
        return bot

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        """The chat between the two, made when it is opened first."""
        key = (bot.id, person.id)
        if key not in self.chats:
            self.chats[key] = Chat(id=person.id, bot_id=bot.id)
            self.mark("chat", key)
        return self.chats[key]

    def find_chat(self, bot: Bot, chat_id: int | str) -> Chat | None:
        """The chat that the bot means by `chat_id` (a private chat's id is the person's), or None."""
        if isinstance(chat_id, str):
            return None
        return self.chats.get((bot.id, chat_id)) or self.chats.get((0, chat_id))

    def chat_object(self, chat: Chat) -> Json:
        """The chat as the Bot API's Chat object."""
        if chat.kind != "private":
            return {"id": chat.id, "type": chat.kind, "title": chat.title}
        person = self.people[chat.id]
        found: Json = {"id": person.id, "type": "private", "first_name": person.first_name}
        if person.username:
            found["username"] = person.username
        return found

    def audience(self, chat: Chat) -> list[Bot]:
        """The bots that are told what people do in the chat."""
        if chat.kind == "private":
            return [self.bots[chat.bot_id]]
        return [self.bots[member] for member in sorted(chat.members) if member in self.bots]

    # --- messages

    def add_message(self, chat: Chat, *, sender: Json, content: Json, reply_to: Message | None = None) -> Message:
        """Put a new message into the chat; `content` is what it carries, in the Bot API's form."""
        body: Json = {
            "message_id": self._next_message_id(chat),
            "from": sender,
            "chat": self.chat_object(chat),
            "date": int(time.time()),
        }
        if reply_to is not None:
            body["reply_to_message"] = {k: v for k, v in reply_to.body.items() if k != "reply_to_message"}
        body.update(content)
        message = Message(id=body["message_id"], version=self._tick(), body=body)
        chat.messages[message.id] = message
        self.mark("message", (*chat.key, message.id))
        self.feed.publish(chat.key, Change(kind="message", subject=message))
        return message

    def change_message(self, chat: Chat, message: Message, body: Json, *, edited: bool) -> None:
        """Give a message a new body; `edited` when its words changed (a new keyboard alone is not called an edit)."""
        if edited:
            body["edit_date"] = int(time.time())
            message.edited = True
        message.body = body
        message.version = self._tick()
        self.mark("message", (*chat.key, message.id))
        self.feed.publish(chat.key, Change(kind="message", subject=message))

    def delete_message(self, chat: Chat, message: Message) -> None:
        """Take a message out of the chat."""
        del chat.messages[message.id]
        self._tick()
        self.mark("message", (*chat.key, message.id))
        self.feed.publish(chat.key, Change(kind="deleted", subject=message.id))

    def add_file(self, content: bytes, *, name: str, content_type: str) -> StoredFile:
        """Keep a file and give it its ids."""
        unique_id = secrets.token_urlsafe(12)
        folder = "photos" if content_type.startswith("image/") else "documents"
        safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[-64:] or "file"
        file = StoredFile(
            id=f"local-{secrets.token_urlsafe(24)}",
            unique_id=unique_id,
            path=f"{folder}/{unique_id}_{safe}",
            content_type=content_type,
            content=content,
        )
        self.files[file.id] = file
        self.mark("file", file.id)
        return file

    # --- updates and taps

    def enqueue(self, bot: Bot, kind: str, payload: Json) -> Json | None:
        """Queue an update for the bot, unless it does not want that kind; gives the update."""
        if not bot.wants(kind):
            return None
        update: Json = {"update_id": bot.next_update_id, kind: payload}
        bot.next_update_id += 1
        bot.updates[update["update_id"]] = update
        recent = self.recent_updates.setdefault(bot.id, [])
        recent.append(update)
        del recent[:-200]
        self.mark("bot", bot.id)
        self.mark("update", (bot.id, update["update_id"]))
        for tell in self.on_update:
            tell(bot)
        return update

    def confirm(self, bot: Bot, update_id: int) -> None:
        """Strike off an update that the bot has got."""
        if bot.updates.pop(update_id, None) is not None:
            self.mark("update", (bot.id, update_id))

    def add_tap(self, bot: Bot, person: Person) -> Tap:
        """A new callback query, kept for an hour."""
        for old in [tap.id for tap in islice(self.taps.values(), 10) if tap.at < time.time() - TAP_SECONDS]:
            del self.taps[old]
            self.mark("tap", old)
        tap = Tap(id=str(secrets.randbits(62)), bot_id=bot.id, person_id=person.id, at=time.time())
        self.taps[tap.id] = tap
        self.mark("tap", tap.id)
        return tap

    def _next_message_id(self, chat: Chat) -> int:
        counter = chat if chat.kind != "private" else self.bots[chat.bot_id]
        counter.next_message_id += 1
        self.mark("chat" if counter is chat else "bot", chat.key if counter is chat else chat.bot_id)
        return counter.next_message_id - 1

    def _tick(self) -> int:
        self.version += 1
        return self.version
