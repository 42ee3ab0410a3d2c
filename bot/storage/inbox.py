"""The inbox: every update is here before it is acknowledged to Telegram, and is done in the same transaction as its
effects. It is the only queue. Repeats are known by bot and exact update id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Select, bindparam, case, delete, func, select, update

from bot.storage.tables import inbox, inserting

LANE_DEPTH: Final = 8
"""How many updates of one lane are leased ahead, so that one flooding person cannot fill every place."""


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
    update_id: int
    lane: str
    payload: str
    received_at: datetime


def add(connection: Connection, bot_id: int, updates: Iterable[Received], now: datetime) -> None:
    """Writes the updates; those that are there already stay as they are.

    By rising id, so that two workers to which the same updates come wait for each other in one direction only.
    """
    rows = [
        {"bot_id": bot_id, "update_id": u.update_id, "lane": u.lane, "payload": u.payload, "received_at": now}
        for u in sorted(updates, key=lambda received: received.update_id)
    ]
    if rows:
        connection.execute(
            inserting(connection, inbox).on_conflict_do_nothing(index_elements=["bot_id", "update_id"]), rows
        )


_held_elsewhere = case((inbox.c.leased_by != bindparam("worker"), 1), else_=0)
_numbered = (
    select(
        inbox.c.serial,
        inbox.c.leased_by,
        func.row_number().over(partition_by=inbox.c.lane, order_by=inbox.c.update_id).label("place"),
        func.max(_held_elsewhere).over(partition_by=inbox.c.lane).label("taken"),
    )
    .where(inbox.c.bot_id == bindparam("bot"), inbox.c.done_at.is_(None))
    .subquery()
)
_free = (
    select(_numbered.c.serial)
    .where(_numbered.c.place <= LANE_DEPTH, _numbered.c.taken == 0, _numbered.c.leased_by.is_(None))
    .order_by(_numbered.c.place, _numbered.c.serial)
    .limit(bindparam("count"))
)
# Locked row by row: what another worker is just now marking as done is passed over. SQLite leaves the lock out.
_chosen = (
    select(inbox.c.serial)
    .where(inbox.c.serial.in_(_free), inbox.c.done_at.is_(None), inbox.c.leased_by.is_(None))
    .with_for_update(skip_locked=True)
)
_lease = (
    update(inbox)
    .where(inbox.c.serial.in_(_chosen))
    .values(leased_by=bindparam("worker"))
    .returning(inbox.c.serial, inbox.c.update_id, inbox.c.lane, inbox.c.payload, inbox.c.received_at)
)


def lease(connection: Connection, bot_id: int, worker: str, count: int) -> list[Leased]:
    """Takes up to `count` waiting updates for `worker`, the first of every lane before the second of any.

    A lane of which another worker holds an update is left to that worker, so workers take turns (workers.take_turn):
    two that chose at once would not see each other's lanes. Result: by update id, which is Telegram's order.
    """
    rows = connection.execute(_lease, {"bot": bot_id, "worker": worker, "count": count}).all()
    return sorted((Leased(**row._mapping) for row in rows), key=lambda leased: leased.update_id)


_still_ours = (
    select(inbox.c.serial)
    .where(
        inbox.c.serial.in_(bindparam("serials", expanding=True)),
        inbox.c.done_at.is_(None),
        inbox.c.leased_by == bindparam("worker"),
    )
    .order_by(inbox.c.serial)
    .with_for_update()  # until it is done: a lease is not taken over in between
)
_done = (
    update(inbox)
    .where(inbox.c.serial.in_(bindparam("serials", expanding=True)))
    .values(done_at=bindparam("now"), payload="")
)


def still_ours(connection: Connection, serials: Iterable[int], worker: str) -> set[int]:
    """Which of the updates this worker still holds undone: the guard that makes handling exactly once."""
    return set(connection.scalars(_still_ours, {"serials": list(serials), "worker": worker}))


def mark_done(connection: Connection, serials: Iterable[int], now: datetime) -> None:
    """Ends the updates. What the person wrote is not kept; the id is, to know a repeat by."""
    connection.execute(_done, {"serials": list(serials), "now": now})


_release = update(inbox).where(inbox.c.done_at.is_(None), inbox.c.leased_by.is_not(None)).values(leased_by=None)


def release(connection: Connection, living: Select[tuple[str]] | None = None) -> None:
    """Gives back the leases of all but the living workers; of all, where there is one process."""
    connection.execute(_release if living is None else _release.where(inbox.c.leased_by.not_in(living)))


def forget_done(connection: Connection, before: datetime) -> None:
    """Deletes the traces of updates done before then. Telegram repeats nothing older than a day."""
    connection.execute(delete(inbox).where(inbox.c.done_at < before))
