"""This process as one of the workers that share a database: its name, its sign of life, the letters that it sends."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import outbox, workers
from bot.storage.outbox import Letter

log = logging.getLogger(__name__)

Post = Callable[[Sequence[Letter]], None]
"""Takes letters to be sent, in their order."""

IDLE_ALONE: Final = 20.0
"""Seconds between two looks at the inbox of a process that is alone: nobody but itself puts anything there."""


class Membership:
    """On PostgreSQL one worker of several, from `join` to `leave`; on SQLite alone, with a name and nothing more."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.shared: Final = engine.dialect.name == "postgresql"
        self.name = workers.new_name()
        self.look_every: Final = workers.BEAT if self.shared else IDLE_ALONE
        self._posts: dict[int, Post] = {}
        self._mine: set[int] = set()  # letters that are posted and not yet struck off
        self._broken = False
        self._last_beat = time.monotonic()
        self._beating: asyncio.Task[None] | None = None

    async def join(self) -> None:
        """Enters the worker and keeps it alive."""
        if self.shared:
            async with self._engine.begin() as connection:
                await connection.run_sync(workers.join, self.name)
            self._beating = asyncio.create_task(self._beat_on(), name="sign of life")

    async def leave(self) -> None:
        """Frees what this worker held, so that the others have it at once. While the database is away they have it
        once it is back and they have heard nothing for a while, as of the dead.
        """
        if self._beating is None:
            return
        self._beating.cancel()
        with suppress(asyncio.CancelledError):
            await self._beating
        try:
            async with self._engine.begin() as connection:
                await connection.run_sync(workers.leave, self.name)
        except Exception as error:
            log.warning("this worker cannot free what it held (%s); the others will", type(error).__name__)

    # --- letters ---------------------------------------------------------------------------------------------------

    @property
    def bots(self) -> frozenset[int]:
        """The bots whose letters this process sends."""
        return frozenset(self._posts)

    def sends(self, bot_id: int, post: Post) -> None:
        """From now on `post` gets this bot's letters."""
        self._posts[bot_id] = post

    def take(self, connection: Connection, bot_id: int, letters: Sequence[Letter], now: datetime) -> list[Letter]:
        """Writes letters. Result: what this worker has to send by now, in order; theirs and perhaps others' before.

        To be handed to `post` once the transaction is through, of which it takes the last lock.
        """
        if not self.shared:
            outbox.add(connection, letters, now, self.name, alone=True)
            return list(letters)
        turn = workers.take_turn(connection, bot_id)
        outbox.add(connection, letters, turn, self.name, alone=False)
        at_once = [letter for letter in letters if letter.at_once]
        return at_once + outbox.lease(connection, bot_id, self.name)

    def take_over(self, connection: Connection, bot_id: int) -> list[Letter]:
        """Result: the letters that nobody holds, now this worker's to send; as `take`."""
        if self.shared:
            workers.take_turn(connection, bot_id)
        return outbox.lease(connection, bot_id, self.name)

    def post(self, letters: Mapping[int, Sequence[Letter]]) -> None:
        """Has letters sent, by bot."""
        for bot_id, own in letters.items():
            if own and bot_id in self._posts:
                self.hold(own)
                self._posts[bot_id](own)

    def hold(self, letters: Sequence[Letter]) -> None:
        """Notes that these are this worker's to send."""
        if self.shared:
            self._mine |= {letter.id for letter in letters if letter.kept}

    def holds(self, letter_id: int) -> bool:
        """Whether a letter that was posted is still this worker's to send."""
        return not self.shared or letter_id in self._mine

    def settled(self, letter_id: int) -> None:
        """A letter is struck off."""
        self._mine.discard(letter_id)

    # --- life ------------------------------------------------------------------------------------------------------

    def failed(self, error: Exception) -> None:
        """A transaction failed. When its connection broke, nobody knows whether it happened, nor what is held by it."""
        if isinstance(error, OSError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            self._broken = True

    async def _beat_on(self) -> None:
        failing = False
        while True:
            await asyncio.sleep(workers.BEAT)
            try:
                await self._beat()
            except Exception as error:
                self.failed(error)
                if not failing:
                    log.warning("no sign of life can be left in the database (%s); trying again", type(error).__name__)
                failing = True
            else:
                failing = False

    async def _beat(self) -> None:
        async with self._engine.begin() as connection:
            name, letters = await connection.run_sync(self._say_alive)
        if name != self.name:
            log.warning("the other workers, or a broken connection, ended what this one held; it begins anew")
            self.name, self._broken = name, False
            self._mine.clear()
        self._last_beat = time.monotonic()
        self.post(letters)

    def _say_alive(self, connection: Connection) -> tuple[str, dict[int, list[Letter]]]:
        name = self.name
        if self._broken:
            workers.leave(connection, name)
        if self._broken or not workers.live(connection, name):
            name = workers.new_name()
            workers.join(connection, name)
            return name, {}
        if time.monotonic() - self._last_beat < 2 * workers.BEAT:  # who was late itself leaves the others time
            workers.bury(connection)
        return name, {bot_id: self.take_over(connection, bot_id) for bot_id in sorted(self._posts)}
