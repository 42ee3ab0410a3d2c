"""A place beside the loop for work that takes several times as long as an answer, so that answers go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, TypeVar

PAUSE: Final = 0.1
"""Seconds between two turns. A picture is drawn in 0.13 s, so that twenty asked for at once are there no later, and an
answer meets at most one that is worked out."""

CROWD: Final = 32
"""Waiting for a turn: with more there is no pause, for each of them holds one of the 64 places of the dispatcher."""

Found = TypeVar("Found")


class Aside:
    """One thread, and turns on it for work that can wait. pause: seconds that the loop has to itself between turns."""

    def __init__(self, pause: float = PAUSE) -> None:
        self._thread = ThreadPoolExecutor(1, "aside")
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._pause = pause

    async def run(self, work: Callable[[], Found]) -> Found:
        """Does the work in the thread. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

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
