"""Who gets no answer, or not yet: the blocked, and who asks faster than the limit. Kept in memory."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Final

from markupsafe import Markup

from bot.dialogue import SHARED_IDS, Attached, Commanded, Enclosed, Event, Outcome, Said, Screen, Show, Tapped, Toast
from bot.rendering.admin_screen import wait_label

log = logging.getLogger(__name__)

WINDOW: Final = timedelta(minutes=1)
REFRESHED: Final = 3.0
"""Seconds until a block is known, also one that another process has stored."""
_REMEMBERED: Final = 10_000
_COUNTED: Final = (Said, Commanded, Attached, Enclosed, Tapped)


@dataclass(slots=True)
class _Minute:
    since: datetime
    count: int = 0
    last: int = 0
    """The update that was counted last: one that is decided again is not counted again."""


class Door:
    """Before an event is decided `turned_away` is asked, after it `answered`.

    limit: answers a minute and person, taps on buttons included; 0 for none. In the admin chat there is none.
    blocked: reads the ids of those whom a bot has blocked.
    """

    def __init__(
        self, *, limit: int, admin_chat: int | None, blocked: Callable[[int], Awaitable[tuple[int, ...]]]
    ) -> None:
        self._limit = limit
        self._admin_chat = admin_chat
        self._read = blocked
        self._blocked: frozenset[int] = frozenset()
        self._read_at = -inf
        self._reading = asyncio.Lock()
        self._minutes: OrderedDict[int, _Minute] = OrderedDict()

    async def blocks(self, event: Event) -> bool:
        """Whether the person is blocked, as of at most REFRESHED seconds ago.

        While the database does not answer, what was read last holds.
        """
        async with self._reading:
            if time.monotonic() - self._read_at > REFRESHED:
                try:
                    self._blocked = frozenset(await self._read(event.bot_id))
                except Exception as error:
                    log.info("who is blocked cannot be read: %s", type(error).__name__)
                self._read_at = time.monotonic()
        return event.person.id in self._blocked

    def turned_away(self, event: Event) -> Outcome | None:
        """For a person over the limit: the toast for a tap, silence for the rest. None for everybody else."""
        minute = self._minutes.get(_asker(event))
        if minute is None or minute.count <= self._limit or not self._counts(event):
            return None
        seconds = (minute.since + WINDOW - event.time).total_seconds()
        if not 0 < seconds <= WINDOW.total_seconds() or minute.last == event.serial:
            return None
        return _wait(event, seconds) if isinstance(event.content, Tapped) else Outcome()

    def answered(self, event: Event, outcome: Outcome) -> Outcome:
        """Counts an answer. Result: the outcome or, for the first one over the limit, a polite word instead of it."""
        if not self._counts(event) or outcome == Outcome():  # ordinary talk of a group is no question
            return outcome
        minute = self._minute(event)
        if minute.last != event.serial:
            minute.last = event.serial
            minute.count += 1
        if minute.count <= self._limit:
            return outcome
        log.info("person %d in chat %d asks faster than the limit", event.person.id, event.chat.id)
        return _wait(event, (minute.since + WINDOW - event.time).total_seconds())

    def _counts(self, event: Event) -> bool:
        return bool(self._limit) and event.chat.id != self._admin_chat and isinstance(event.content, _COUNTED)

    def _minute(self, event: Event) -> _Minute:
        minute = self._minutes.get(_asker(event))
        if minute is None or not minute.since <= event.time < minute.since + WINDOW:  # clocks are set back, too
            minute = self._minutes[_asker(event)] = _Minute(since=event.time)
            if len(self._minutes) > _REMEMBERED:
                self._minutes.popitem(last=False)
        self._minutes.move_to_end(_asker(event))
        return minute


def _asker(event: Event) -> int:
    """Whose answers are counted together: a person's; a group's for those who write under an id that many share."""
    return event.chat.id if event.person.id in SHARED_IDS else event.person.id


def _wait(event: Event, seconds: float) -> Outcome:
    words = wait_label(event.person.language_code, seconds)
    if isinstance(event.content, Tapped):
        return Outcome(toast=Toast(text=words))
    return Outcome(show=(Show(screen=Screen(text=Markup.escape(words))),))
