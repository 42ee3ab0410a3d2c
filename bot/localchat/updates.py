"""Long polling: one waiting getUpdates per bot, offsets that confirm, and repeats on request."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from itertools import islice

from bot.localchat.model import Bot, Json
from bot.localchat.refusals import conflict
from bot.localchat.world import World

LONGEST_POLL = 50.0


class Polling:
    """The bots that wait in getUpdates."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._repeats: defaultdict[int, list[Json]] = defaultdict(list)
        self._closed = False
        world.on_update.append(self.wake)

    async def get(self, bot: Bot, *, offset: int, limit: int, seconds: float) -> list[Json]:
        """Up to `limit` unconfirmed updates from `offset` on, waiting up to `seconds` for the first.

        A second poller ends the first one's wait with a Refusal (409).
        """
        older = self._waiting.pop(bot.id, None)
        if older is not None and not older.done():
            older.set_exception(
                conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
            )
        self._confirm(bot, offset)
        if not self._has_news(bot) and seconds > 0 and not self._closed:
            await self._wait(bot, min(seconds, LONGEST_POLL))
        repeats = self._repeats.pop(bot.id, [])
        return repeats + list(islice(bot.updates.values(), max(0, limit - len(repeats))))

    def wake(self, bot: Bot) -> None:
        """Let the bot's poller, if one waits, look again."""
        waiting = self._waiting.get(bot.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def repeat(self, bot: Bot, update: Json) -> None:
        """Give the bot an update once more at its next poll, whatever it has confirmed."""
        self._repeats[bot.id].append(update)
        self.wake(bot)

    def close(self) -> None:
        """End every wait with what there is."""
        self._closed = True
        for bot in self._world.bots.values():
            self.wake(bot)

    def _has_news(self, bot: Bot) -> bool:
        return bool(bot.updates) or bot.id in self._repeats

    def _confirm(self, bot: Bot, offset: int) -> None:
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

    async def _wait(self, bot: Bot, seconds: float) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[bot.id] = waiting
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            pass
        finally:
            if self._waiting.get(bot.id) is waiting:
                del self._waiting[bot.id]
