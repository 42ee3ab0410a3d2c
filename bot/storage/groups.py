"""Work that waits while the database is busy goes to it together: one round trip for many callers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST_TOGETHER: Final = 128


@dataclass(frozen=True, slots=True)
class _Waiting:
    job: Any
    done: asyncio.Future[Any]


class Group:
    """Hands jobs to `work` by the batch; each caller waits for its own result.

    `work(jobs)` gives one result a job: a value, or an exception for the one job that did not happen. When it raises,
    the jobs are tried again one by one, so that a bad one fails alone.
    """

    def __init__(self, name: str, work: Callable[[Sequence[Any]], Awaitable[Sequence[Any]]]) -> None:
        self._work = work
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._run(), name=name)

    async def do(self, job: object) -> Any:
        """Does `job` with whatever else waits. Raises what became of it, if it did not happen."""
        if self._closing:
            raise RuntimeError("the storage is closed")
        waiting = _Waiting(job, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._wake.set()
        return await waiting.done

    async def close(self) -> None:
        """Does what still waits, then stops."""
        self._closing = True
        self._wake.set()
        await self._task

    async def _run(self) -> None:
        while not (self._closing and not self._waiting):
            await self._wake.wait()
            batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            if not self._waiting:
                self._wake.clear()
            if batch:
                await self._settle(batch)

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        try:
            results = await self._work([waiting.job for waiting in batch])
        except Exception as error:
            if len(batch) > 1:
                for waiting in batch:
                    await self._settle([waiting])
                return
            results = [error]
        for waiting, result in zip(batch, results, strict=True):
            if waiting.done.cancelled():
                continue
            if isinstance(result, Exception):
                waiting.done.set_exception(result)
            else:
                waiting.done.set_result(result)
