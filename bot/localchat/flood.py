"""Flood limits as bots meet them on Telegram: per chat, per group and over all chats. Off unless asked for.

Telegram does not publish its limits; these follow what its FAQ names (about one message a second in a chat with short
bursts, 20 a minute in a group, 30 a second over all) and what bots have seen: edits count as sends, answers to taps do
not, and who calls again before the time is up waits longer.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.localchat.refusals import Refusal

MOST_BUCKETS = 10_000
_COUNTED = ("send", "edit", "copy", "forward", "stop")
_FREE = frozenset({"sendchataction", "senddraft", "sendmessagedraft"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodLimits:
    """How much a bot may send: `burst` at once and `rate` a second per chat, `group_minute` a minute in one group,
    `total` a second over all chats. A call inside a wait makes it `penalty` seconds longer, up to `longest` seconds.
    """

    rate: float = 1.0
    burst: int = 3
    group_minute: int = 20
    total: int = 30
    penalty: float = 1.0
    longest: float = 60.0

    def __post_init__(self) -> None:
        if min(self.rate, self.burst, self.group_minute, self.total) <= 0 or self.penalty < 0 or self.longest < 1:
            raise ValueError("rates and bursts are greater than 0, a penalty is not negative, longest is at least 1")


@dataclass(slots=True)
class _Bucket:
    """Holds up to `size` calls and gains `rate` a second; what is in it may be used at once."""

    size: float
    rate: float
    left: float
    at: float

    def wait(self, cost: float, now: float) -> float:
        """Seconds until a call of this cost may be made. An album that is larger than the bucket needs it full."""
        self.left = min(self.size, self.left + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(cost, self.size) - self.left) / self.rate)


class Flood:
    """Counts every bot's calls against the limits; None lets everything pass."""

    def __init__(self, limits: FloodLimits | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._buckets: dict[tuple[int, Any], _Bucket] = {}
        self._until: dict[tuple[int, Any], float] = {}

    def check(self, bot_id: int, method: str, raw: Mapping[str, Any]) -> None:
        """Count a call; a Refusal (429) with retry_after when it comes too soon."""
        limits = self._limits
        name = method.lower()
        if limits is None or not name.startswith(_COUNTED) or name in _FREE:
            return
        now = self._clock()
        place = (bot_id, str(raw.get("chat_id", "")))
        until = self._until.get(place, 0.0)
        if now < until:
            raise self._refused(place, min(until + limits.penalty, now + limits.longest), now)
        cost = _cost(raw)
        buckets = self._all(place, now, limits)
        wait = max(bucket.wait(cost, now) for bucket in buckets)
        if wait > 0:
            raise self._refused(place, now + min(wait, limits.longest), now)
        for bucket in buckets:
            bucket.left -= cost

    def _refused(self, place: tuple[int, Any], until: float, now: float) -> Refusal:
        self._until[place] = until
        seconds = max(1, math.ceil(until - now))
        return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})

    def _all(self, place: tuple[int, Any], now: float, limits: FloodLimits) -> list[_Bucket]:
        bot_id, chat_id = place
        if len(self._buckets) > MOST_BUCKETS:
            self._forget(now)
        buckets = [self._bucket((bot_id, None), limits.total, limits.total, now)]
        if chat_id:
            buckets.append(self._bucket(place, limits.burst, limits.rate, now))
        if chat_id.startswith(("-", "@")):
            size = limits.group_minute
            buckets.append(self._bucket((bot_id, f"{chat_id}/minute"), size, size / 60, now))
        return buckets

    def _bucket(self, key: tuple[int, Any], size: float, rate: float, now: float) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(size, rate, size, now)
        return bucket

    def _forget(self, now: float) -> None:
        """Drop what has been quiet long enough to be as new."""
        self._buckets = {key: b for key, b in self._buckets.items() if b.left + (now - b.at) * b.rate < b.size}
        self._until = {key: until for key, until in self._until.items() if until > now}


def _cost(raw: Mapping[str, Any]) -> int:
    """Albums and several messages at once count one by one."""
    for name in ("media", "message_ids"):
        value = raw.get(name)
        if isinstance(value, list):
            return max(1, len(value))
        if isinstance(value, str) and value.startswith("["):
            return max(1, value.count('"media"') if name == "media" else value.count(",") + 1)
    return 1
