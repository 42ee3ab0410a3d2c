"""Webhook delivery: each update is posted until the bot takes it, those of one chat in their order."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import aiohttp

from bot.localchat.model import Bot, Json
from bot.localchat.world import World

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 30.0
POST_SECONDS = 30.0


class Webhooks:
    """The bots that are told by POST. Up to max_connections posts run at once, one per chat."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session: aiohttp.ClientSession | None = None
        self._couriers: dict[int, _Courier] = {}
        world.on_update.append(self.wake)

    def restart(self, bot: Bot) -> None:
        """Begin with the bot's webhook as it is now, or stop when it has none."""
        courier = self._couriers.pop(bot.id, None)
        if courier is not None:
            courier.stop()
        if bot.webhook is not None:
            if self._session is None:
                self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=POST_SECONDS))
            self._couriers[bot.id] = _Courier(self._world, bot, bot.webhook, self._session)
            self._couriers[bot.id].look()

    def wake(self, bot: Bot) -> None:
        """Look for something to deliver to the bot."""
        courier = self._couriers.get(bot.id)
        if courier is not None:
            courier.look()

    def repeat(self, bot: Bot, update: Json) -> bool:
        """Post an update once more; False when the bot has no webhook."""
        courier = self._couriers.get(bot.id)
        if courier is not None:
            courier.post_again(update)
        return courier is not None

    async def close(self) -> None:
        """Stop every delivery; what was not taken stays queued."""
        for courier in self._couriers.values():
            courier.stop()
        await asyncio.gather(*(courier.ended() for courier in self._couriers.values()))
        self._couriers.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None


class _Courier:
    """Delivers one bot's updates to one URL."""

    def __init__(self, world: World, bot: Bot, webhook: Json, session: aiohttp.ClientSession) -> None:
        self._world = world
        self._bot = bot
        self._webhook = webhook
        self._session = session
        self._busy: set[Any] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False

    def look(self) -> None:
        """Start a delivery for every chat that has news and no delivery under way."""
        if self._stopped:
            return
        for update in self._bot.updates.values():
            if len(self._busy) >= self._webhook["max_connections"]:
                return
            lane = _lane(update)
            if lane not in self._busy:
                self._busy.add(lane)
                self._start(self._deliver(update, lane))

    def post_again(self, update: Json) -> None:
        """Post an update once, whatever comes back."""

        async def once() -> None:
            await self._post(update)

        self._start(once())

    def stop(self) -> None:
        """Cancel what is under way."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()

    async def ended(self) -> None:
        """Wait until the cancelled deliveries are gone."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, update: Json, lane: Any) -> None:
        pause = FIRST_PAUSE
        while update["update_id"] in self._bot.updates and not await self._post(update):
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self._world.confirm(self._bot, update["update_id"])
        self._busy.discard(lane)
        self.look()

    async def _post(self, update: Json) -> bool:
        headers = {"Content-Type": "application/json"}
        if self._webhook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._webhook["secret"]
        try:
            async with self._session.post(self._webhook["url"], data=json.dumps(update), headers=headers) as answer:
                await answer.read()
                if answer.status // 100 == 2:
                    return True
                self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
        return False

    def _note(self, problem: str) -> None:
        self._webhook["last_error_date"] = int(time.time())
        self._webhook["last_error_message"] = problem
        self._world.mark("bot", self._bot.id)


def _lane(update: Json) -> Any:
    """What keeps updates in order among themselves: their chat, else their sender."""
    payload = next(value for name, value in update.items() if name != "update_id")
    chat = payload.get("chat") or payload.get("message", {}).get("chat")
    return chat["id"] if chat else payload.get("from", {}).get("id")
