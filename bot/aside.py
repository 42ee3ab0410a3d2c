"""A process beside the bot for work that takes several times as long as an answer, so that answers go on meanwhile.

A thread would hold the interpreter by turns with the loop, and an answer, which changes threads a dozen times, would
wait at each change.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import signal
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any, Final, TypeVar, TypeVarTuple

from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

log = logging.getLogger(__name__)

PAUSE: Final = 0.1
"""Seconds between two turns. A picture is drawn in 0.13 s, so that twenty asked for at once are there no later, and
what each of them is to be told does not come in the way of the texts all at once."""

CROWD: Final = 32
"""Waiting for a turn: with more there is no pause, for each of them holds one of the 64 places of the dispatcher."""

_NICE: Final = 10
"""As low as the process that draws: answers go first."""

Found = TypeVar("Found")
Arguments = TypeVarTuple("Arguments")


class Aside:
    """Work in one process, and turns on it for what can wait. pause: seconds between turns.

    The process is started when it is first needed and ends with the loop, or when this one is gone. When it dies it is
    started anew, and what it was doing is tried once more.
    """

    def __init__(self, pause: float = PAUSE) -> None:
        self._one = CapacityLimiter(1)
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._pause = pause

    async def run(self, work: Callable[[*Arguments], Found], *arguments: *Arguments) -> Found:
        """Does the work in the process; all that goes in and comes out is pickled.

        Raises what it raises, anyio.BrokenWorkerProcess for what kills the process twice.
        """
        try:
            return await self._once(work, arguments)
        except BrokenWorkerProcess:
            log.warning("the process beside the bot is lost; it is started anew")
            return await self._once(work, arguments)

    async def _once(self, work: Callable[[*Arguments], Found], arguments: tuple[*Arguments]) -> Found:
        found: Found = await to_process.run_sync(
            _done, pickle.dumps((work, arguments)), cancellable=True, limiter=self._one
        )
        return found

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits until nobody else has a turn; the next one begins a pause after this one, unless a crowd waits."""
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            pause = self._pause if self._waiting <= CROWD else 0
            asyncio.get_running_loop().call_later(pause, self._turn.release)


def _done(task: bytes) -> Any:
    """In the process: the work. It gives way once its modules are there: a busy machine would not let it begin."""
    work, arguments = pickle.loads(task)
    _give_way()
    try:
        return work(*arguments)
    except Exception as error:
        error.add_note(traceback.format_exc())  # where it happened does not come over otherwise
        raise


@cache
def _give_way() -> None:
    """In the process, once: answers go first, and Ctrl+C is for the bot, which then ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):
        os.nice(_NICE)
