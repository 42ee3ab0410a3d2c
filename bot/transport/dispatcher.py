"""The dispatcher: leases updates from the inbox and has each decided, in order within a lane, many lanes at once."""

from __future__ import annotations

import asyncio
import logging
from bisect import insort
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from markupsafe import Markup

from bot.dialogue import Chosen, Event, Outcome, Queried, Screen, Show, Tapped, Toast
from bot.storage.database import DatabaseError, Unfit
from bot.storage.inbox import Leased
from bot.storage.portfolio_rows import LostRace
from bot.storage.store import Handled, NotOurs, Store
from bot.transport.lanes import QUERIES
from bot.transport.letters import handled
from bot.transport.metrics import Metrics
from bot.transport.outage import Outage
from bot.transport.routing import Router

log = logging.getLogger(__name__)

LANES: Final = 64
"""How many updates are handled at once."""
LEASED_AHEAD: Final = 256
T = TypeVar("T")
Decide = Callable[[Event], Awaitable[Outcome | None]]


class Dispatcher:
    """Runs until it is stopped. `decide` gives the outcome of an event; it may be asked twice for the same one. What it
    gives None for is done without any answer, not even a tap's.

    `apology` is the words for a fault of ours, and for a change that somebody else's change overtook twice.
    """

    def __init__(
        self,
        *,
        bot_id: int,
        store: Store,
        router: Router,
        decide: Decide,
        outage: Outage,
        apology: str,
        metrics: Metrics,
    ) -> None:
        self._bot_id = bot_id
        self._store = store
        self._router = router
        self._decide = decide
        self._outage = outage
        self._apology = apology
        self._metrics = metrics
        self._lanes: dict[str, deque[Leased]] = {}
        self._waiting = 0
        self._places = asyncio.Semaphore(LANES)
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something is in the inbox, or on its way there: what is leased is written in the same transaction."""
        self._wake.set()

    async def run(self) -> None:
        """Leases and hands out. Returns after `stop`, when everything begun is finished."""
        while not self._stopping:
            self._wake.clear()
            room = LEASED_AHEAD - self._waiting
            leased = await self._lease(room) if room > 0 else []
            for update in leased:
                self._enter(update)
            if not leased or len(leased) < room:
                await self._idle()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def stop(self) -> None:
        """Takes nothing new; what is under way is finished."""
        self._stopping = True
        self._wake.set()

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(self._store.look_every):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _lease(self, count: int) -> list[Leased]:
        try:
            return await self._store.lease(self._bot_id, count)
        except Exception:
            log.exception("the inbox cannot be read; trying again")
            await asyncio.sleep(1)
            self._wake.set()
            return []

    def _enter(self, update: Leased) -> None:
        self._waiting += 1
        if update.lane in self._lanes:
            # The first is under way. One that comes late goes before those that were to come after it.
            insort(self._lanes[update.lane], update, lo=1, key=lambda leased: leased.update_id)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.create_task(self._serve(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, lane: str) -> None:
        queue = self._lanes[lane]
        try:
            while queue and not self._stopping:
                async with self._places:
                    if lane.startswith(QUERIES) and len(queue) > 1:  # that person has typed on
                        await self._commit(queue[0], self._nothing(queue[0]))
                    else:
                        await self._handle(queue[0])
                queue.popleft()
                self._waiting -= 1
        except DatabaseError:  # and the bot stops: what is left is in the inbox, and is handled after the next start
            log.exception("update %d waits for the next start", queue[0].serial)
        finally:
            del self._lanes[lane]
            self._waiting -= len(queue)

    async def _handle(self, leased: Leased) -> None:
        """Handles one update exactly once. A fault of ours, or of what is to be stored, is answered with the apology.

        Errors: DatabaseError when the bot is stopped while the database is out of order; then the update is not done.
        """
        try:
            event = await self._router.event(leased)
        except Exception:
            log.exception("update %d cannot be read; it is passed over", leased.serial)
            event = None
        self._metrics.taken(leased, event)
        if event is None:
            await self._commit(leased, self._nothing(leased))
            return
        for _ in range(2):
            try:
                outcome = await self._done(leased, lambda: self._decide(event))
                work = handled(event, outcome) if outcome else self._nothing(leased)
            except DatabaseError:
                raise
            except Exception:
                log.exception("update %d could not be answered", leased.serial)
                break
            try:
                await self._commit(leased, work)
                return
            except LostRace:
                log.info("update %d lost a race and is decided again", leased.serial)
            except Unfit:
                log.exception("what update %d led to cannot be stored", leased.serial)
        try:
            await self._commit(leased, handled(event, self._apologise(event)))
        except Unfit:
            log.exception("not even that can be said of update %d; it is passed over", leased.serial)
            await self._commit(leased, self._nothing(leased))

    async def _commit(self, leased: Leased, work: Handled) -> None:
        """Stores what is then posted. With the last of a lane more is leased: this lane may have more, and there is
        room, since at most LANES are being stored.
        """

        def commit() -> Awaitable[None]:
            if len(self._lanes[leased.lane]) == 1:
                self._wake.set()
            return self._store.commit(work)

        with suppress(NotOurs):
            await self._done(leased, commit)
        self._outage.over([leased.payload])

    async def _done(self, leased: Leased, do: Callable[[], Awaitable[T]]) -> T:
        """Does what an update needs. While the database is out of order the update waits: it must not be lost.

        Errors: DatabaseError when the bot is stopped meanwhile; whatever else `do` raises.
        """
        pause = 0.5
        while True:
            try:
                return await do()
            except DatabaseError:
                if self._stopping:
                    raise
                log.exception("update %d waits for the database; trying again in %.1f s", leased.serial, pause)
                self._outage.failed([leased.payload])
                await asyncio.sleep(pause)
                pause = min(30.0, pause * 2)

    def _nothing(self, leased: Leased) -> Handled:
        return Handled(serial=leased.serial, bot_id=self._bot_id)

    def _apologise(self, event: Event) -> Outcome:
        if isinstance(event.content, Tapped):
            return Outcome(toast=Toast(text=self._apology, alert=True))
        if isinstance(event.content, (Queried, Chosen)):
            return Outcome()  # there is no message to apologise in
        return Outcome(show=(Show(screen=Screen(text=Markup.escape(self._apology))),))
