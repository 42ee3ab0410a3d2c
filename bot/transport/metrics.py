"""What happens, counted for Prometheus: no ids, no names, no words, and no label that grows with what people do."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from bot.dialogue import CARDS_PER_EVENT, Event, Refusal
from bot.pictures.workshop import Counts
from bot.storage.inbox import Leased
from bot.storage.outbox import Letter

_REMEMBERED: Final = 10_000
"""How many updates whose answer is awaited; the oldest are those that got none."""
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class _Pictures(Collector):
    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The pictures so far, by what became of them."""
        counts = self._counts
        family = CounterMetricFamily("marginbot_pictures", "Pictures that were asked for.", labels=["result"])
        for result, count in {"drawn": counts.drawn, "kept": counts.from_cache, **counts.faults}.items():
            family.add_metric([result], count)
        yield family


class Metrics:
    """The numbers of one bot in one process, in a registry of their own."""

    def __init__(self) -> None:
        own = self._registry = CollectorRegistry()
        ProcessCollector(registry=own)
        self._updates = Counter(
            "marginbot_updates", "Updates that were taken up, by what they are.", ["kind"], registry=own
        )
        self._answers = Counter("marginbot_answers", "Calls that answered somebody, by kind.", ["kind"], registry=own)
        self._seconds = Histogram(
            "marginbot_answer_seconds", "From an update's arrival to its first answer.", buckets=_SECONDS, registry=own
        )
        self._waiting = Gauge("marginbot_waiting", "What waits in the database.", ["queue"], registry=own)
        self._errors = Counter(
            "marginbot_errors", "Errors in the log, by the part that logged them.", ["part"], registry=own
        )
        self._refusals = Counter(
            "marginbot_taps_refused", "Taps on buttons that led to nothing, by reason.", ["reason"], registry=own
        )
        self._limited = Counter(
            "marginbot_limited", "Updates that were not looked at, by reason.", ["reason"], registry=own
        )
        self._since: OrderedDict[int, datetime] = OrderedDict()

    def taken(self, leased: Leased, event: Event | None) -> None:
        """An update is looked at; `event` is None for what the bot has no use for."""
        self._updates.labels("other" if event is None else type(event.content).__name__.lower()).inc()
        self._since[leased.serial] = leased.received_at
        if len(self._since) > _REMEMBERED:
            self._since.popitem(last=False)

    def sent(self, letter: Letter) -> None:
        """A letter is out."""
        self._answers.labels(letter.kind).inc()
        since = self._since.pop(letter.id // CARDS_PER_EVENT, None)
        if since is not None:
            self._seconds.observe(max(0.0, (datetime.now(UTC) - since).total_seconds()))

    def waiting(self, queue: str, count: float) -> None:
        """How much waits in a queue just now."""
        self._waiting.labels(queue).set(count)

    def failed(self, record: logging.LogRecord) -> None:
        """An error was logged."""
        self._errors.labels(record.name).inc()

    def refused(self, reason: Refusal) -> None:
        """A tap led to nothing."""
        self._refusals.labels(reason).inc()

    def limited(self, reason: str) -> None:
        """An update was left aside: its person is blocked, or asks too fast."""
        self._limited.labels(reason).inc()

    def watch(self, pictures: Counts) -> None:
        """Tells what the drawing room counts."""
        self._registry.register(_Pictures(pictures))

    def page(self) -> bytes:
        """All of it in Prometheus' text form."""
        return generate_latest(self._registry)
