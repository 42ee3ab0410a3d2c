"""Long polling: one waiting getUpdates per bot, offsets that confirm, and repeated or reordered updates on request."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from itertools import islice

from bot.localchat.expiry import Expiry
from bot.localchat.model import Bot, Json
from bot.localchat.refusals import conflict
from bot.localchat.world import World

LONGEST_POLL = 50.0
GATHER_SECONDS = 2.0
"""How long updates that are to change places wait for a second one."""
_AHEAD = 10


class Polling:
    """The bots that wait in getUpdates."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._expiry = Expiry(world)
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._repeats: defaultdict[int, list[Json]] = defaultdict(list)
        self._reorders: defaultdict[int, int] = defaultdict(int)
        self._closed = False
        world.on_update.append(self.wake)

    async def get(self, bot: Bot, *, offset: int, limit: int, seconds: float) -> list[Json]:
        """Up to `limit` unconfirmed updates from `offset` on, waiting up to `seconds` for the first.

        A second poller ends the first one's wait with a Refusal (409).
        """
        self.end(bot, "terminated by other getUpdates request; make sure that only one bot instance is running")
        self._expiry.sweep(bot)
        self._confirm(bot, offset)
        if seconds > 0:
            await self._wait(bot, min(seconds, LONGEST_POLL), lambda: self._has_news(bot))
        if self._reorders[bot.id]:
            await self._wait(bot, min(max(seconds, 0.1), GATHER_SECONDS), lambda: len(bot.updates) > 1)
        repeats = self._repeats.pop(bot.id, [])
        found = repeats + list(islice(bot.updates.values(), max(0, limit - len(repeats))))
        if self._reorders[bot.id] and len(found) > 1:
            self._reorders[bot.id] -= 1
            found.reverse()
        return found

    def end(self, bot: Bot, why: str) -> None:
        """End the wait of the bot's poller, if one waits, with a Refusal (409)."""
        waiting = self._waiting.pop(bot.id, None)
        if waiting is not None and not waiting.done():
            waiting.set_exception(conflict(why))

    def wake(self, bot: Bot) -> None:
        """Let the bot's poller, if one waits, look again."""
        waiting = self._waiting.get(bot.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def repeat(self, bot: Bot, update: Json) -> None:
        """Give the bot an update once more at its next poll, whatever it has confirmed."""
        self._repeats[bot.id].append(update)
        self.wake(bot)

    def reorder(self, bot: Bot, times: int) -> None:
        """Give the bot the next `times` batches of two or more updates backwards."""
        self._reorders[bot.id] += times

    def forget_faults(self) -> None:
        """Repeat and reorder nothing any more."""
        self._repeats.clear()
        self._reorders.clear()

    def close(self) -> None:
        """End every wait with what there is."""
        self._closed = True
        for bot in self._world.bots.values():
            self.wake(bot)

    def _has_news(self, bot: Bot) -> bool:
        return bool(bot.updates) or bot.id in self._repeats

    def _confirm(self, bot: Bot, offset: int) -> None:
        """Strike off what comes before `offset`; one that lies ahead of everything is passed over, as on Telegram."""
        if offset > bot.next_update_id + _AHEAD:
            return
        if offset < 0:  # the last `-offset` updates stay, everything before is forgotten
            old = list(islice(bot.updates, max(0, len(bot.updates) + offset)))
        else:
            old = []
            for update_id in bot.updates:
                if update_id >= offset:
                    break
                old.append(update_id)
        for update_id in old:
            self._world.confirm(bot, update_id)

    async def _wait(self, bot: Bot, seconds: float, enough: Callable[[], bool]) -> None:
        """Wait until there is enough, but no longer than `seconds`."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not enough() and not self._closed:
            waiting: asyncio.Future[None] = loop.create_future()
            self._waiting[bot.id] = waiting
            try:
                async with asyncio.timeout_at(end):
                    await waiting
            except TimeoutError:
                return
            finally:
                if self._waiting.get(bot.id) is waiting:
                    del self._waiting[bot.id]
