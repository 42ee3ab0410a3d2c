"""Group commit: whatever waits to be written while the last transaction was on its way to the disk goes into the next
one, together. A caller waits until its own part is durable.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

MOST_TOGETHER: Final = 128


@dataclass(frozen=True, slots=True)
class _Waiting:
    job: Any
    done: asyncio.Future[Any]


class Writer:
    """Hands jobs to `write` by the batch, inside one transaction.

    `write(connection, jobs)` returns one result a job: a value, or an exception for the one job that did not happen.
    When it raises, nothing of the batch happened and the jobs are tried again one by one, so that a bad one fails
    alone.
    """

    def __init__(self, engine: AsyncEngine, write: Callable[[Connection, Sequence[Any]], Sequence[Any]]) -> None:
        self._engine = engine
        self._write = write
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._run(), name="writer")

    async def do(self, job: object) -> Any:
        """Writes `job` and returns its result once it is durable. Raises what became of it otherwise."""
        if self._closing:
            raise RuntimeError("the storage is closed")
        waiting = _Waiting(job, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._wake.set()
        return await waiting.done

    async def close(self) -> None:
        """Writes what still waits, then stops."""
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
            results = await self._transaction([waiting.job for waiting in batch])
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

    async def _transaction(self, jobs: Sequence[Any]) -> Sequence[Any]:
        async with self._engine.begin() as connection:
            return await connection.run_sync(self._write, jobs)
