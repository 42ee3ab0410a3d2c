"""The server's state and the few ways it changes; every change is told to the feed and marked for the state file."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.localchat.feed import LOBBY, Change, Feed
from bot.localchat.inline import Inline
from bot.localchat.model import Bot, Chat, Json, Message, Person, StoredFile, Tap, is_service

if TYPE_CHECKING:
    from bot.localchat.guests import GuestQuery

_EPOCH = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
FIRST_PERSON_ID = 7_000_000_001  # above the bots, whose ids come with their tokens
TAP_SECONDS = 3600
MESSAGES_KEPT = 2000
"""How many of a chat's newest messages stay; beyond that the oldest go, a tenth at a time."""
FILE_BYTES_KEPT = 256 * 1024 * 1024
"""How much the files that are kept may weigh together; beyond that the oldest go."""


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
        self.file_bytes = 0
        self.version = 0
        self.feed = Feed()
        self.inline = Inline()
        self.guests: dict[str, GuestQuery] = {}
        self.ephemeral = True
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

    def add_group(self, title: str, kind: str) -> Chat:
        """A new group or supergroup without members."""
        chat_id = -(10**12 + fresh_counter()) if kind == "supergroup" else -fresh_counter()
        while (0, chat_id) in self.chats:
            chat_id -= 1
        chat = Chat(id=chat_id, bot_id=0, kind=kind, title=title)
        self.chats[chat.key] = chat
        self.mark("chat", chat.key)
        return chat

    def groups(self) -> list[Chat]:
        """The groups as they are now, without those that a supergroup took the place of."""
        return [chat for chat in self.chats.values() if chat.kind != "private" and not chat.upgraded_to]

    def find_chat(self, bot: Bot, chat_id: int | str) -> Chat | None:
        """The chat that the bot means by `chat_id` (a private chat's id is the person's), or None.

        A bot knows the groups that it is or was in.
        """
        if isinstance(chat_id, str):
            return None
        group = self.chats.get((0, chat_id))
        return group if group is not None and bot.id in group.statuses else self.chats.get((bot.id, chat_id))

    def chat_object(self, chat: Chat) -> Json:
        """The chat as the Bot API's Chat object."""
        if chat.kind != "private":
            group: Json = {"id": chat.id, "type": chat.kind, "title": chat.title}
            return group | {"is_forum": True} if chat.forum else group
        person = self.people[chat.id]
        found: Json = {"id": person.id, "type": "private", "first_name": person.first_name}
        if person.username:
            found["username"] = person.username
        return found

    def changed(self, chat: Chat) -> None:
        """Note that something about the chat itself is new, and tell those who look at it."""
        self.mark("chat", chat.key)
        self.feed.publish(chat.key, Change(kind="chat"))

    def profile_changed(self, bot: Bot) -> None:
        """Note that the bot says something new about itself, and tell those who look at its chats."""
        self.mark("bot", bot.id)
        self.feed.publish_to_bot(bot.id, Change(kind="profile"))
        for group in self.groups():
            if group.has(bot.id):
                self.feed.publish(group.key, Change(kind="profile"))

    # --- messages

    def add_message(self, chat: Chat, *, sender: Json, content: Json, reply_to: Message | None = None) -> Message:
        """Put a new message into the chat; `content` is what it carries, in the Bot API's form."""
        body: Json = {
            "message_id": self._next_message_id(chat),
            "from": sender,
            "chat": self.chat_object(chat),
            "date": int(time.time()),
        }
        if reply_to is None and content.get("is_topic_message") and not is_service(content):
            # Telegram lets what answers nothing in a topic answer the message that began the topic.
            reply_to = chat.messages.get(content["message_thread_id"])
        if reply_to is not None:
            body["reply_to_message"] = {k: v for k, v in reply_to.body.items() if k != "reply_to_message"}
        body.update(content)
        message = Message(id=body["message_id"], version=self._tick(), body=body)
        chat.messages[message.id] = message
        self.mark("message", (*chat.key, message.id))
        if len(chat.messages) > MESSAGES_KEPT:
            self._drop_oldest(chat)
        self.feed.publish(chat.key, Change(kind="message", subject=message))
        self.feed.publish(LOBBY, Change(kind="said", subject=chat))
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
        if message.id in chat.pinned:
            chat.pinned.remove(message.id)
            self.mark("chat", chat.key)
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
        self.file_bytes += len(content)
        while self.file_bytes > FILE_BYTES_KEPT and len(self.files) > 1:
            oldest = self.files.pop(next(iter(self.files)))
            self.file_bytes -= len(oldest.content)
            self.mark("file", oldest.id)
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

    def add_tap(self, bot: Bot, person: Person, chat: Chat) -> Tap:
        """A new callback query, kept for an hour; its answer is told in `chat`."""
        for old in [tap.id for tap in islice(self.taps.values(), 10) if tap.at < time.time() - TAP_SECONDS]:
            del self.taps[old]
            self.mark("tap", old)
        tap = Tap(id=str(secrets.randbits(62)), bot_id=bot.id, person_id=person.id, place=chat.key, at=time.time())
        self.taps[tap.id] = tap
        self.mark("tap", tap.id)
        return tap

    def _drop_oldest(self, chat: Chat) -> None:
        """Forget a tenth of the chat, without a word to those who look at it."""
        for message_id in list(islice(chat.messages, MESSAGES_KEPT // 10)):
            del chat.messages[message_id]
            self.mark("message", (*chat.key, message_id))

    def _next_message_id(self, chat: Chat) -> int:
        counter = chat if chat.kind != "private" else self.bots[chat.bot_id]
        counter.next_message_id += 1
        self.mark("chat" if counter is chat else "bot", chat.key if counter is chat else chat.bot_id)
        return counter.next_message_id - 1

    def _tick(self) -> int:
        self.version += 1
        return self.version
