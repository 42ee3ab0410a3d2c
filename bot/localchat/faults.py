"""Faults on request, for tests of a bot's transport, and the log of recent calls."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any, Literal, get_args

from bot.localchat.model import Bot
from bot.localchat.refusals import Refusal
from bot.localchat.updates import Polling
from bot.localchat.webhook import Webhooks
from bot.localchat.world import World

FaultKind = Literal["delay", "status", "reset_before", "reset_after"]
MOST_WAITING = 100
MOST_TIMES = 1000
LONGEST_DELAY = 60.0
LONGEST_RETRY = 3600


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next `times` calls of `method` (None: of any but getUpdates).

    delay: the answer comes `value` seconds later. status: the call is not carried out and answered with the HTTP status
    `value`, with `description` and `retry_after`. reset_before: the connection breaks before the call is carried out;
    reset_after: it is carried out, but the answer is lost. ValueError for what is out of bounds.
    """

    method: str | None
    kind: FaultKind
    times: int = 1
    value: float = 0
    description: str | None = None
    retry_after: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"kind must be one of {', '.join(get_args(FaultKind))}, got {self.kind}")
        if not isinstance(self.method, str | None) or not isinstance(self.description, str | None):
            raise ValueError("method and description are texts")
        if not isinstance(self.times, int) or not isinstance(self.retry_after, int | None):
            raise ValueError("times and retry_after are whole numbers")
        if not 1 <= self.times <= MOST_TIMES:
            raise ValueError(f"times must be from 1 to {MOST_TIMES}, got {self.times}")
        if self.kind == "delay" and not 0 <= self.value <= LONGEST_DELAY:
            raise ValueError(f"a delay is from 0 to {LONGEST_DELAY:g} seconds, got {self.value}")
        if self.kind == "status" and not 400 <= self.value <= 599:
            raise ValueError(f"a status is from 400 to 599, got {self.value}")
        if self.retry_after is not None and not 0 <= self.retry_after <= LONGEST_RETRY:
            raise ValueError(f"retry_after is from 0 to {LONGEST_RETRY} seconds, got {self.retry_after}")

    def hits(self, method: str) -> bool:
        """Whether this call is to go wrong."""
        if self.times <= 0:
            return False
        return method != "getUpdates" if self.method is None else method.lower() == self.method.lower()

    async def before(self) -> None:
        """What it does before the call is carried out: waits, refuses, or breaks the connection."""
        if self.kind == "delay":
            await asyncio.sleep(self.value)
        elif self.kind == "reset_before":
            raise ConnectionResetError
        elif self.kind == "status":
            code = int(self.value)
            parameters = {"retry_after": self.retry_after} if self.retry_after is not None else None
            raise Refusal(code, self.description or self._words(code), parameters)

    def _words(self, code: int) -> str:
        if code == 429 and self.retry_after is not None:
            return f"Too Many Requests: retry after {self.retry_after}"
        return _STATUS_TEXTS.get(code, "Fault")


_STATUS_TEXTS = {
    429: "Too Many Requests: retry later",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class Faults:
    """The faults that wait for their calls, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let a fault wait for its calls; ValueError when too many wait already."""
        if len(self._waiting) >= MOST_WAITING:
            raise ValueError(f"{MOST_WAITING} faults wait already")
        self._waiting.append(fault)

    def take(self, method: str) -> Fault | None:
        """The fault for this call, counted down; None when nothing is to go wrong."""
        for fault in self._waiting:
            if fault.hits(method):
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Forget every fault."""
        self._waiting.clear()


class UpdateFaults:
    """Updates that come twice or in another order."""

    def __init__(self, world: World, polling: Polling, webhooks: Webhooks) -> None:
        self._world = world
        self._polling = polling
        self._webhooks = webhooks

    def repeat(self, update_id: int | None, bot: Bot | None) -> int:
        """Give a bot (the only one) one of its recent 200 updates once more (the newest); its id.

        ValueError when there is none like it.
        """
        chosen = bot or next(iter(self._world.bots.values()), None)
        recent = self._world.recent_updates.get(chosen.id, []) if chosen is not None else []
        update = next((u for u in reversed(recent) if update_id in (None, u["update_id"])), None)
        if chosen is None or update is None:
            raise ValueError("no such update among the recent ones")
        if not self._webhooks.repeat(chosen, update):
            self._polling.repeat(chosen, update)
        return int(update["update_id"])

    def reorder(self, times: int, bot: Bot | None) -> None:
        """Let the next `times` batches (polling) or pairs (webhook) of a bot's updates come backwards.

        ValueError when there is no bot, or `times` is out of bounds.
        """
        chosen = bot or next(iter(self._world.bots.values()), None)
        if chosen is None:
            raise ValueError("there is no bot yet")
        if not 1 <= times <= MOST_TIMES:
            raise ValueError(f"times must be from 1 to {MOST_TIMES}, got {times}")
        if not self._webhooks.reorder(chosen, times):
            self._polling.reorder(chosen, times)

    def clear(self) -> None:
        """Forget what has not come twice or backwards yet."""
        self._polling.forget_faults()
        self._webhooks.forget_faults()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCall:
    """A call that a bot made: `status` is the HTTP status (0: reset), `at` when it ended, after `seconds`."""

    bot_id: int
    method: str
    params: dict[str, Any]
    status: int
    description: str | None
    at: float
    seconds: float
    unknown_parameters: tuple[str, ...] = ()


CallLog = deque[LoggedCall]
