"""How much waits in the database: updates to be handled, letters to be sent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.storage.tables import inbox, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Counts."""

    updates: int
    letters: int


def count(connection: Connection, bot_id: int) -> Backlog:
    """Counts what waits for this bot, in whichever process it was taken up."""
    undone = select(func.count()).where(inbox.c.bot_id == bot_id, inbox.c.done_at.is_(None))
    unsent = select(func.count()).where(outbox.c.bot_id == bot_id)
    return Backlog(updates=connection.scalar(undone) or 0, letters=connection.scalar(unsent) or 0)
