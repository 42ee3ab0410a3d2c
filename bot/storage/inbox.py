"""The inbox: every update is here before it is acknowledged to Telegram, and is done in the same transaction as its
effects. It is the only queue. Repeats are known by bot and exact update id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.storage.tables import inbox

LEASE: Final = timedelta(seconds=60)
"""How long a worker may take over an update before another may have it."""

LANE_DEPTH: Final = 8
"""How many updates of one lane are leased ahead, so that one flooding person cannot fill every place."""


LEASE_LOCK: Final = 1_735_289
"""The class of the advisory locks, one a bot, that are held while leasing: any number that nobody else uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An update as it came: Telegram's JSON, and the lane whose order it must keep."""

    update_id: int
    lane: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """An update that this worker is to handle."""

    serial: int
    lane: str
    payload: str
    received_at: datetime


def add(connection: Connection, bot_id: int, updates: Sequence[Received], now: datetime) -> None:
    """Writes the updates in their order; those that are there already stay as they are."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    rows = [
        {"bot_id": bot_id, "update_id": u.update_id, "lane": u.lane, "payload": u.payload, "received_at": now}
        for u in updates
    ]
    if rows:
        connection.execute(insert(inbox).on_conflict_do_nothing(index_elements=["bot_id", "update_id"]), rows)


_numbered = (
    select(
        inbox.c.serial,
        inbox.c.lane,
        inbox.c.leased_by,
        inbox.c.leased_until,
        func.row_number().over(partition_by=inbox.c.lane, order_by=inbox.c.serial).label("place"),
        func.max(
            case(((inbox.c.leased_until >= bindparam("now")) & (inbox.c.leased_by != bindparam("worker")), 1), else_=0)
        )
        .over(partition_by=inbox.c.lane)
        .label("taken"),
    )
    .where(inbox.c.bot_id == bindparam("bot"), inbox.c.done_at.is_(None))
    .subquery()
)
_free = (
    select(_numbered.c.serial)
    .where(
        _numbered.c.place <= LANE_DEPTH,
        _numbered.c.taken == 0,
        _numbered.c.leased_until.is_(None) | (_numbered.c.leased_until < bindparam("now")),
    )
    .order_by(_numbered.c.place, _numbered.c.serial)
    .limit(bindparam("count"))
)
# Locked row by row: what another worker is just now marking as done is passed over. SQLite leaves the lock out.
_chosen = (
    select(inbox.c.serial)
    .where(
        inbox.c.serial.in_(_free),
        inbox.c.done_at.is_(None),
        inbox.c.leased_until.is_(None) | (inbox.c.leased_until < bindparam("now")),
    )
    .with_for_update(skip_locked=True)
)
_lease = (
    update(inbox)
    .where(inbox.c.serial.in_(_chosen))
    .values(leased_by=bindparam("worker"), leased_until=bindparam("until"))
    .returning(inbox.c.serial, inbox.c.lane, inbox.c.payload, inbox.c.received_at)
)


_one_at_a_time = select(func.pg_advisory_xact_lock(bindparam("lock"), func.hashtext(bindparam("bot"))))


def lease(connection: Connection, bot_id: int, worker: str, count: int, now: datetime) -> list[Leased]:
    """Takes up to `count` waiting updates for `worker`, the first of every lane before the second of any.

    A lane of which another worker holds an update is left to that worker, so on PostgreSQL one worker leases at a time:
    two that chose at once would not see each other's lanes. Result: in the order of arrival.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_one_at_a_time, {"lock": LEASE_LOCK, "bot": str(bot_id)})
    parameters = {"bot": bot_id, "worker": worker, "count": count, "now": now, "until": now + LEASE}
    rows = connection.execute(_lease, parameters).all()
    return sorted((Leased(**row._mapping) for row in rows), key=lambda leased: leased.serial)


_still_ours = (
    select(inbox.c.serial)
    .where(
        inbox.c.serial.in_(bindparam("serials", expanding=True)),
        inbox.c.done_at.is_(None),
        inbox.c.leased_by == bindparam("worker"),
    )
    .order_by(inbox.c.serial)
    .with_for_update()  # until it is done: a lease that has just run out is not taken over in between
)
_done = (
    update(inbox)
    .where(inbox.c.serial.in_(bindparam("serials", expanding=True)))
    .values(done_at=bindparam("now"), payload="", leased_until=None)
)


def still_ours(connection: Connection, serials: Iterable[int], worker: str) -> set[int]:
    """Which of the updates this worker still holds undone: the guard that makes handling exactly once."""
    return set(connection.scalars(_still_ours, {"serials": list(serials), "worker": worker}))


def mark_done(connection: Connection, serials: Iterable[int], now: datetime) -> None:
    """Ends the updates. What the person wrote is not kept; the id is, to know a repeat by."""
    connection.execute(_done, {"serials": list(serials), "now": now})


def release(connection: Connection, worker: str | None = None) -> None:
    """Gives back the leases of one worker, or of all: right on SQLite at start, where there is one process."""
    held = inbox.c.done_at.is_(None) & (
        inbox.c.leased_by.is_not(None) if worker is None else inbox.c.leased_by == worker
    )
    connection.execute(update(inbox).where(held).values(leased_by=None, leased_until=None))


def forget_done(connection: Connection, before: datetime) -> None:
    """Deletes the traces of updates done before then. Telegram repeats nothing older than a day."""
    connection.execute(delete(inbox).where(inbox.c.done_at < before))
