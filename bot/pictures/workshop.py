"""Draws in a warm process beside the loop: cached by content, bounded, and never in the way of a text.

The process is started with the first picture (or by `warm`), imports matplotlib once and draws one picture after the
other. When it dies it is started anew, and the picture that it was drawing is tried once more.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from bot.pictures.picture import Picture
from bot.pictures.specs import PictureSpec, key_of

log = logging.getLogger(__name__)

MOST_WAITING: Final = 64
"""Pictures that may be asked for at once; more are refused, and the caller shows its text."""
TIME_LIMIT: Final = 20.0
"""Seconds for one picture, the start of the process included."""
MOST_KEPT: Final = 64
MOST_BYTES: Final = 16 * 1024 * 1024
_ATTEMPTS: Final = 2
_COMMAND: Final = (sys.executable, "-m", "bot.pictures.worker")


class NotDrawn(Exception):
    """There is no picture: `why` is "refused" (the spec cannot be drawn), "lost" (the process died twice, or took too
    long), "busy" (too many are waiting) or "closed". The caller says in text what the picture would have shown."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why
        self.detail = detail


class Superseded(Exception):
    """A newer picture of the same card was asked for meanwhile."""


@dataclass(slots=True)
class Counts:
    """What happened so far. faults: by NotDrawn's `why`."""

    drawn: int = 0
    from_cache: int = 0
    superseded: int = 0
    restarts: int = 0
    faults: dict[str, int] = field(default_factory=dict)


class Workshop:
    """`draw` from any task of one loop; `close` at the end."""

    def __init__(
        self, *, command: tuple[str, ...] = _COMMAND, time_limit: float = TIME_LIMIT, most_waiting: int = MOST_WAITING
    ) -> None:
        self.counts = Counts()
        self.memory = 0
        """The most memory that the process had, in bytes, as of its last picture."""
        self._command, self._time_limit, self._most_waiting = command, time_limit, most_waiting
        self._cache: OrderedDict[str, Picture] = OrderedDict()
        self._bytes = 0
        self._process: asyncio.subprocess.Process | None = None
        self._started = False
        self._turn = asyncio.Lock()
        self._drawing: dict[str, asyncio.Task[Picture]] = {}
        self._newest: dict[object, asyncio.Event] = {}
        self._closed = False

    async def warm(self) -> None:
        """Starts the process, so that the first picture does not wait for its imports."""
        async with self._turn:
            if not self._closed:
                await self._living()

    async def draw(self, spec: PictureSpec, *, card: object = None) -> Picture:
        """The picture of a spec.

        Arguments: card, for what it is: a newer request for the same card makes this one give up. Raises NotDrawn,
        Superseded.
        """
        newer = self._newest[card] = self.supersede(card) if card is not None else asyncio.Event()
        try:
            return await self._drawn_unless(newer, spec)
        except NotDrawn as fault:
            self.counts.faults[fault.why] = self.counts.faults.get(fault.why, 0) + 1
            raise
        finally:
            if self._newest.get(card) is newer:
                del self._newest[card]

    def supersede(self, card: object) -> asyncio.Event:
        """Tells the waiting request for a card that it is not wanted any more. Result: the event of the next one."""
        if card in self._newest:
            self._newest[card].set()
        return asyncio.Event()

    async def close(self) -> None:
        """Ends the process; whoever waits gets NotDrawn("closed")."""
        self._closed = True
        for task in self._drawing.values():
            task.cancel()
        await asyncio.gather(*self._drawing.values(), return_exceptions=True)
        await self._stop()

    async def _drawn_unless(self, newer: asyncio.Event, spec: PictureSpec) -> Picture:
        key = key_of(spec)
        if (kept := self._cache.get(key)) is not None:
            self._cache.move_to_end(key)
            self.counts.from_cache += 1
            return kept
        if self._closed:
            raise NotDrawn("closed")
        if key not in self._drawing:
            if len(self._drawing) >= self._most_waiting:
                raise NotDrawn("busy", f"{self._most_waiting} pictures are waiting")
            self._drawing[key] = task = asyncio.create_task(self._draw(key, spec))
            task.add_done_callback(lambda done: self._forget(key, done))
        drawing = self._drawing[key]
        waiting = asyncio.create_task(newer.wait())
        try:
            await asyncio.wait({drawing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if not drawing.done():
            self.counts.superseded += 1
            raise Superseded
        if drawing.cancelled():
            raise NotDrawn("closed")
        return drawing.result()

    def _forget(self, key: str, done: asyncio.Task[Picture]) -> None:
        self._drawing.pop(key, None)
        if not done.cancelled():
            done.exception()  # nobody may have waited for it to the end

    async def _draw(self, key: str, spec: PictureSpec) -> Picture:
        line = spec.model_dump_json().encode() + b"\n"
        async with self._turn:
            picture = await self._asked(line)
        self.counts.drawn += 1
        self._keep(key, picture)
        return picture

    def _keep(self, key: str, picture: Picture) -> None:
        self._cache[key] = picture
        self._bytes += len(picture.png)
        while len(self._cache) > MOST_KEPT or self._bytes > MOST_BYTES:
            _, oldest = self._cache.popitem(last=False)
            self._bytes -= len(oldest.png)

    # --- The process -----------------------------------------------------------------------------------------------

    async def _asked(self, line: bytes) -> Picture:
        """Hands a spec to the process. What kills the process twice is not tried again."""
        detail = ""
        for _ in range(_ATTEMPTS):
            try:
                async with asyncio.timeout(self._time_limit):
                    return await self._exchanged(await self._living(), line)
            except (OSError, EOFError, TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
                detail = f"{type(error).__name__} {error}".strip()
                log.warning("the drawing process is lost (%s); it is started anew", detail)
                await self._stop()
            except asyncio.CancelledError:
                await self._stop()  # in the middle of an answer nobody knows where the next one begins
                raise
        raise NotDrawn("lost", detail)

    async def _exchanged(self, process: asyncio.subprocess.Process, line: bytes) -> Picture:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line)
        await process.stdin.drain()
        answered = await process.stdout.readline()
        if not answered:
            raise EOFError("it ended")
        head: dict[str, Any] = json.loads(answered)
        if "error" in head:
            raise NotDrawn("refused", f"{head['error']}: {head.get('reason', '')}")
        self.memory = head["memory"]
        return Picture.of(await process.stdout.readexactly(head["size"]))

    async def _living(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        if self._started:
            self.counts.restarts += 1
        self._started = True
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True
        )  # in a session of its own, so that Ctrl+C is for the bot, which then closes its input
        return self._process

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(ProcessLookupError):
            process.kill()  # it keeps nothing that could be lost
        await process.wait()
        with contextlib.suppress(OSError):
            await process.stdin.wait_closed()
