"""Who is blocked: whose updates are done without an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.dialogue import Change
from bot.storage.tables import blocked, inserting


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Change):
    """Blocks a person, from the next few seconds on; doing it again changes nothing."""

    bot_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unblock(Change):
    """Takes a block back; without one it changes nothing."""

    bot_id: int
    person_id: int


def find(connection: Connection, bot_id: int) -> tuple[int, ...]:
    """The ids of those whom this bot has blocked, who was blocked last at first."""
    query = select(blocked.c.person_id).where(blocked.c.bot_id == bot_id)
    return tuple(connection.scalars(query.order_by(blocked.c.blocked_at.desc(), blocked.c.person_id)))


def block(connection: Connection, change: Block, now: datetime) -> None:
    """Blocks the person."""
    row = {"bot_id": change.bot_id, "person_id": change.person_id, "blocked_at": now}
    connection.execute(inserting(connection, blocked).values(row).on_conflict_do_nothing())


def unblock(connection: Connection, change: Unblock, _now: datetime) -> None:
    """Takes the block back."""
    connection.execute(
        delete(blocked).where(blocked.c.bot_id == change.bot_id, blocked.c.person_id == change.person_id)
    )
