"""Faults on request, for tests of a bot's transport, and the log of recent calls."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, Literal, get_args

FaultKind = Literal["delay", "status", "reset_before", "reset_after"]


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next `times` calls of `method` (None: of any but getUpdates).

    delay: the answer comes `value` seconds later. status: the call is not carried out and answered with the HTTP status
    `value`, with `description` and `retry_after`. reset_before: the connection breaks before the call is carried out;
    reset_after: it is carried out, but the answer is lost.
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

    def hits(self, method: str) -> bool:
        """Whether this call is to go wrong."""
        if self.times <= 0:
            return False
        return method != "getUpdates" if self.method is None else method.lower() == self.method.lower()


class Faults:
    """The faults that wait for their calls, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let a fault wait for its calls."""
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
