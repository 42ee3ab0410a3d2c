"""Updates that nobody fetched are kept for a day, as on Telegram."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from itertools import takewhile

from bot.localchat.model import Bot
from bot.localchat.world import World

KEPT_SECONDS = 24 * 3600


class Expiry:
    """Remembers when each update came; those from before a restart count from when they are seen first."""

    def __init__(self, world: World, clock: Callable[[], float] = time.time) -> None:
        self._world = world
        self._clock = clock
        self._came: defaultdict[int, deque[tuple[int, float]]] = defaultdict(deque)
        world.on_update.insert(0, self.sweep)

    def sweep(self, bot: Bot) -> None:
        """Note the bot's new updates and strike off those that are older than a day."""
        came, now = self._came[bot.id], self._clock()
        newest = came[-1][0] if came else -1
        new = list(takewhile(lambda update_id: update_id > newest, reversed(bot.updates)))
        came.extend((update_id, now) for update_id in reversed(new))
        while came and (now - came[0][1] >= KEPT_SECONDS or came[0][0] not in bot.updates):
            self._world.confirm(bot, came.popleft()[0])
