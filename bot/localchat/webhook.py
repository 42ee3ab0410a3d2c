"""Webhook delivery: each update is posted until the bot takes it, those of one chat in their order."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from bot.localchat.model import Bot, Json
from bot.localchat.webhook_reply import asked_in_reply
from bot.localchat.world import World

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 30.0
LONGEST_ASKED_PAUSE = 3600.0
POST_SECONDS = 30.0
GATHER_SECONDS = 2.0
"""How long updates that are to change places wait for a second one."""

Reply = Callable[[Bot, Json], Awaitable[None]]


class Webhooks:
    """The bots that are told by POST. Up to max_connections posts run at once, one per chat.

    A call in the answer to a post goes to `on_reply`, which the server sets.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._session: aiohttp.ClientSession | None = None
        self._couriers: dict[int, _Courier] = {}
        self.on_reply: Reply | None = None
        world.on_update.append(self.wake)

    def restart(self, bot: Bot) -> None:
        """Begin with the bot's webhook as it is now, or stop when it has none."""
        courier = self._couriers.pop(bot.id, None)
        if courier is not None:
            courier.stop()
        if bot.webhook is not None:
            if self._session is None:
                # Each bot has its own number of connections; nobody waits for another's, and nothing is remembered.
                self._session = aiohttp.ClientSession(
                    timeout=aiohttp.ClientTimeout(total=POST_SECONDS),
                    connector=aiohttp.TCPConnector(limit=0),
                    cookie_jar=aiohttp.DummyCookieJar(),
                )
            self._couriers[bot.id] = _Courier(self._world, bot, bot.webhook, self._session, self._reply)
            self._couriers[bot.id].look()

    def wake(self, bot: Bot) -> None:
        """Look for something to deliver to the bot."""
        courier = self._couriers.get(bot.id)
        if courier is not None and bot.updates:
            courier.came(next(reversed(bot.updates.values())))

    def repeat(self, bot: Bot, update: Json) -> bool:
        """Post an update once more; False when the bot has no webhook."""
        courier = self._couriers.get(bot.id)
        if courier is not None:
            courier.post_again(update)
        return courier is not None

    def reorder(self, bot: Bot, times: int) -> bool:
        """Post the next `times` pairs of one chat's updates backwards; False when the bot has no webhook."""
        courier = self._couriers.get(bot.id)
        if courier is not None:
            courier.backwards += times
        return courier is not None

    def forget_faults(self) -> None:
        """Reorder nothing any more."""
        for courier in self._couriers.values():
            courier.backwards = 0

    async def close(self) -> None:
        """Stop every delivery; what was not taken stays queued."""
        for courier in self._couriers.values():
            courier.stop()
        await asyncio.gather(*(courier.ended() for courier in self._couriers.values()))
        self._couriers.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _reply(self, bot: Bot, asked: Json) -> None:
        if self.on_reply is not None:
            await self.on_reply(bot, asked)


class _Courier:
    """Delivers one bot's updates to one URL."""

    def __init__(self, world: World, bot: Bot, webhook: Json, session: aiohttp.ClientSession, reply: Reply) -> None:
        self._world = world
        self._bot = bot
        self._webhook = webhook
        self._session = session
        self._reply = reply
        self._busy: set[Any] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False
        self.backwards = 0

    def came(self, update: Json) -> None:
        """Deliver the newest update, unless it has to wait for those of its chat: who ends with them looks again."""
        if _lane(update) not in self._busy:
            self.look()

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
                self._start(self._deliver_pair(update, lane) if self.backwards else self._deliver(update, lane))

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

    async def _deliver(self, *updates: Any) -> None:
        """Post updates of one lane (the last argument) one after the other, each until it is taken."""
        *in_turn, lane = updates
        try:
            for update in in_turn:
                await self._until_taken(update)
        finally:  # whatever happened: a lane that stays busy would never be delivered to again
            self._busy.discard(lane)
        self.look()

    async def _until_taken(self, update: Json) -> None:
        pause = FIRST_PAUSE
        while update["update_id"] in self._bot.updates:
            asked_pause = await self._post(update)
            if asked_pause is None:
                break
            await asyncio.sleep(asked_pause or pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self._world.confirm(self._bot, update["update_id"])

    async def _deliver_pair(self, first: Json, lane: Any) -> None:
        """Wait a little for the lane's second update and deliver it before the first."""
        end = asyncio.get_running_loop().time() + GATHER_SECONDS
        second: Json | None = None
        while second is None and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.02)
            later = (u for u in self._bot.updates.values() if u is not first and _lane(u) == lane)
            second = next(later, None)
        if second is None:
            await self._deliver(first, lane)
            return
        self.backwards = max(0, self.backwards - 1)
        await self._deliver(second, first, lane)

    async def _post(self, update: Json) -> float | None:
        """None when the bot has taken the update, else the seconds that it asks to wait (0: none asked)."""
        headers = {"Content-Type": "application/json"}
        if self._webhook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._webhook["secret"]
        try:
            async with self._session.post(
                self._webhook["url"], data=json.dumps(update), headers=headers, allow_redirects=False
            ) as answer:
                if answer.status // 100 == 2:
                    asked = await asked_in_reply(answer)
                    if asked:
                        self._start(self._reply(self._bot, asked))
                    return None
                await answer.read()
                self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return _asked_pause(answer.headers.get("Retry-After", ""))
        except aiohttp.ClientConnectorError:
            self._note("Connection refused")
        except TimeoutError:
            self._note("Read timeout expired")
        except (aiohttp.ClientError, OSError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
        return 0.0

    def _note(self, problem: str) -> None:
        self._webhook["last_error_date"] = int(time.time())
        self._webhook["last_error_message"] = problem
        self._world.mark("bot", self._bot.id)


def _asked_pause(header: str) -> float:
    return min(float(header), LONGEST_ASKED_PAUSE) if header.isascii() and header.isdigit() else 0.0


def _lane(update: Json) -> Any:
    """What keeps updates in order among themselves: their chat, else their sender."""
    payload = next(value for name, value in update.items() if name != "update_id")
    chat = payload.get("chat") or payload.get("message", {}).get("chat")
    return chat["id"] if chat else payload.get("from", {}).get("id")
