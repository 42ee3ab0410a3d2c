"""News about a chat, for those who look at it: the page (a queue of changes) and the driver (waits for any change)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal["message", "deleted", "typing", "answered", "chat", "profile", "arrival", "migrated", "said"]
ChatKey = tuple[int, int]

LOBBY: ChatKey = (0, 0)
"""Where the arrival of a bot or a person is told, and in which chat something was said."""

MOST_UNREAD = 1000
"""How many changes wait for a page that does not take them, such as one in a tab that sleeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that happened in a chat; `subject` is the message, message id, tap or action it happened to."""

    kind: ChangeKind
    subject: Any = None


class Feed:
    """Who listens to which chat."""

    def __init__(self) -> None:
        self._queues: defaultdict[ChatKey, set[asyncio.Queue[Change | None]]] = defaultdict(set)
        self._waiters: defaultdict[ChatKey, set[asyncio.Future[None]]] = defaultdict(set)

    def publish(self, key: ChatKey, change: Change) -> None:
        """Tell everyone who listens to the chat `key`."""
        for queue in self._queues.get(key, ()):
            if queue.qsize() < MOST_UNREAD:
                queue.put_nowait(change)
            elif queue.qsize() == MOST_UNREAD:
                queue.put_nowait(None)  # who reads so slowly begins anew
        for waiter in self._waiters.pop(key, ()):
            if not waiter.done():
                waiter.set_result(None)

    def publish_to_bot(self, bot_id: int, change: Change) -> None:
        """Tell everyone who listens to any chat with the bot."""
        for key in {key for key in (*self._queues, *self._waiters) if key[0] == bot_id}:
            self.publish(key, change)

    def subscribe(self, *keys: ChatKey) -> asyncio.Queue[Change | None]:
        """A queue that gets every change of these chats from now on; None when the server stops or it grew too long."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue()
        for key in keys:
            self._queues[key].add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Change | None]) -> None:
        """Stop filling the queue."""
        for key in [key for key, queues in self._queues.items() if queue in queues]:
            self._queues[key].discard(queue)
            if not self._queues[key]:
                del self._queues[key]

    def next_change(self, key: ChatKey) -> asyncio.Future[None]:
        """A future that is done at the chat's next change."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters[key].add(waiter)
        return waiter

    def forget(self, key: ChatKey, waiter: asyncio.Future[None]) -> None:
        """Drop a future that nobody waits for any more."""
        waiters = self._waiters.get(key)
        if waiters is not None:
            waiters.discard(waiter)
            if not waiters:
                del self._waiters[key]

    def close(self) -> None:
        """Tell every queue that nothing will follow."""
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(None)
