"""From the server's state to records of the state file and back; a task writes what has changed, by the batch."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.localchat.model import Bot, Chat, Json, Message, Person, StoredFile, Tap, Topic, plain
from bot.localchat.store import Record, Store
from bot.localchat.world import World, fresh_counter

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.5
LEAP = 1000
"""How far counters jump after a crash: more ids than a lost batch can have used."""


class Keeper:
    """Keeps a world in a state file."""

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._store: Store | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Fill the world from the file and begin to write what changes."""
        self._store = Store(self._path)
        _load(self._world, self._store.load())
        self._world.dirty = set()
        self._store.save([("meta", "clean", None)])
        self._task = asyncio.get_running_loop().create_task(self._write_on(self._store))

    async def stop(self) -> None:
        """Write the rest and close the file."""
        if self._task is None or self._store is None:
            return
        self._stopping.set()
        await self._task
        store, self._task, self._store = self._store, None, None
        try:
            store.save([*self._collect()[1], ("meta", "clean", "true")])
        finally:
            store.close()

    async def _write_on(self, store: Store) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), FLUSH_SECONDS)
            changed, records = self._collect()
            try:
                if records:
                    await asyncio.to_thread(store.save, records)
            except sqlite3.Error as error:
                logger.error("the state file could not be written, trying again: %s", error)
                for kind, key in changed:
                    self._world.mark(kind, key)

    def _collect(self) -> tuple[set[tuple[str, Any]], list[Record]]:
        """What has changed since the last time, and its records."""
        changed, self._world.dirty = self._world.dirty or set(), set()
        return changed, [_record(self._world, kind, key) for kind, key in changed]


def _record(world: World, kind: str, key: Any) -> Record:
    value = _value(world, kind, key)
    name = "/".join(map(str, key)) if isinstance(key, tuple) else str(key)
    return kind, name, None if value is None else json.dumps(value)  # in ASCII: a lone surrogate has no UTF-8


def _value(world: World, kind: str, key: Any) -> Json | None:
    if kind == "person":
        return plain(world.people[key])
    if kind == "bot":
        return plain(world.bots[key], leave=("updates",))
    if kind == "chat":
        chat = world.chats[key]
        return plain(chat, leave=("messages", "topics")) | {"topics": [plain(topic) for topic in chat.topics.values()]}
    if kind == "message":
        message = world.chats[key[:2]].messages.get(key[2])
        return plain(message) if message else None
    if kind == "tap":
        return plain(world.taps[key]) if key in world.taps else None
    if kind == "update":
        return world.bots[key[0]].updates.get(key[1])
    if key not in world.files:
        return None
    file = world.files[key]
    return {
        "id": file.id,
        "unique_id": file.unique_id,
        "path": file.path,
        "content_type": file.content_type,
        "content": base64.b64encode(file.content).decode("ascii"),
    }


def _load(world: World, records: list[Record]) -> None:
    by_kind: dict[str, list[tuple[str, Any]]] = {}
    for kind, key, value in records:
        by_kind.setdefault(kind, []).append((key, json.loads(value or "null")))
    for _, value in by_kind.get("person", ()):
        world.people[value["id"]] = Person(**value)
    for _, value in by_kind.get("bot", ()):
        allowed = value.pop("allowed_updates")
        world.bots[value["id"]] = Bot(**value, allowed_updates=tuple(allowed) if allowed else None)
    for _, value in by_kind.get("chat", ()):
        chat = _chat(value)
        world.chats[chat.key] = chat
    for key, value in sorted(by_kind.get("message", ()), key=lambda item: item[1]["id"]):
        bot_id, chat_id, _ = key.split("/")
        message = Message(**value)
        world.chats[int(bot_id), int(chat_id)].messages[message.id] = message
        world.version = max(world.version, message.version)
    for _, value in by_kind.get("tap", ()):
        place = value.pop("place", (value["bot_id"], value["person_id"]))
        world.taps[value["id"]] = Tap(**value, place=tuple(place))
    for key, value in sorted(by_kind.get("update", ()), key=lambda item: item[1]["update_id"]):
        bot = world.bots[int(key.split("/")[0])]
        bot.updates[value["update_id"]] = value
    for _, value in by_kind.get("file", ()):
        file = StoredFile(**{**value, "content": base64.b64decode(value["content"])})
        world.files[file.id] = file
        world.file_bytes += len(file.content)
    if world.bots and "meta" not in by_kind:
        _leap(world)


def _chat(value: Json) -> Chat:
    value.pop("members", None)  # written by versions that knew no groups
    statuses = {int(user_id): status for user_id, status in value.pop("statuses", {}).items()}
    topics = {topic["id"]: Topic(**topic) for topic in value.pop("topics", ())}
    return Chat(**value, statuses=statuses, topics=topics)


def _leap(world: World) -> None:
    """After a crash ids of the lost batch may be known to bots already: go past them."""
    for chat in world.chats.values():
        chat.next_message_id += LEAP
    for bot in world.bots.values():
        bot.next_update_id = max(bot.next_update_id + LEAP, fresh_counter())
        bot.next_message_id = max(bot.next_message_id + LEAP, fresh_counter())
