"""Errors in the log, as admins hear of them: counted, and told in the admin chat, by type and place alone.

What an exception says may hold a person's words, so it never leaves this machine. A notice goes out past inbox and
outbox, which may be what is out of order; when it cannot be sent it is not an error again.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from threading import Lock
from types import TracebackType
from typing import Final

from telegram.error import ChatMigrated, RetryAfter

from bot.rendering.admin_screen import Fault, notice
from bot.transport.errors import seconds
from bot.transport.metrics import Metrics
from bot.transport.request import Api

log = logging.getLogger(__name__)

PAUSE: Final = 60.0
"""Seconds between two notices."""
MOST_PLACES: Final = 100
_OURS: Final = ("bot.", "margin_engine.")


class ErrorNotices(logging.Handler):
    """Counts errors in the log; while `run` runs, the chat `chat_id` hears of them at most once in PAUSE seconds."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.ERROR)
        self._metrics = metrics
        self._guard = Lock()  # an error may come from another thread
        self._faults: dict[tuple[str, str], Fault] = {}
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Takes an error in."""
        self._metrics.failed(record)
        kind, place = _place(record)
        self._add([Fault(kind=kind, place=place, count=1, since=datetime.fromtimestamp(record.created, UTC))])
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self, api: Api, chat_id: int) -> None:
        """Tells the chat, until it is cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            faults = self._take()
            pause = PAUSE
            if faults:
                try:
                    await api.call(
                        "sendMessage", {"chat_id": chat_id, "text": str(notice(faults)), "parse_mode": "HTML"}
                    )
                except ChatMigrated as moved:
                    log.warning("the admin chat has another id now: set MARGINBOT_ADMIN_CHAT=%d", moved.new_chat_id)
                    chat_id, pause = moved.new_chat_id, 0
                    self._again(faults)
                except Exception as error:  # whatever it is, the next notice is tried
                    log.warning("the admin chat could not be told of errors: %s", type(error).__name__)
                    pause = max(pause, seconds(error)) if isinstance(error, RetryAfter) else pause
                    self._again(faults)
            await asyncio.sleep(pause)

    def _take(self) -> list[Fault]:
        with self._guard:
            faults, self._faults = list(self._faults.values()), {}
        return faults

    def _again(self, faults: list[Fault]) -> None:
        self._add(faults)
        self._wake.set()

    def _add(self, faults: list[Fault]) -> None:
        with self._guard:
            for fault in faults:
                key = (fault.kind, fault.place)
                if key not in self._faults and len(self._faults) >= MOST_PLACES:
                    continue
                known = self._faults.get(key, Fault(kind=fault.kind, place=fault.place, count=0, since=fault.since))
                self._faults[key] = Fault(
                    kind=fault.kind,
                    place=fault.place,
                    count=known.count + fault.count,
                    since=min(known.since, fault.since),
                )


def _place(record: logging.LogRecord) -> tuple[str, str]:
    """The type of what went wrong, and the last place in our own code that it went through."""
    error = record.exc_info[1] if record.exc_info else None
    place = f"{record.name}:{record.lineno}"
    if error is None:
        return "error", place
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith(_OURS):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return type(error).__name__, place
