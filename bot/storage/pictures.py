"""Pictures that Telegram has: its file id by bot and content, so that the same picture is uploaded once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, select

from bot.storage.tables import inserting, pictures

MOST: Final = 5000
"""Pictures that are remembered for each bot; the oldest go first."""

_by_key = select(pictures.c.bot_id, pictures.c.key, pictures.c.file_id).where(
    pictures.c.bot_id.in_(bindparam("bots", expanding=True)), pictures.c.key.in_(bindparam("keys", expanding=True))
)
_forget = delete(pictures).where(pictures.c.bot_id == bindparam("bot"), pictures.c.key == bindparam("name"))


@dataclass(frozen=True, slots=True)
class Named:
    """The picture with this content."""

    bot_id: int
    key: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Telegram's id of it; None forgets it."""

    bot_id: int
    key: str
    file_id: str | None


def find(connection: Connection, wanted: Collection[Named]) -> dict[object, str]:
    """The file ids of those that are known."""
    rows = connection.execute(
        _by_key, {"bots": [each.bot_id for each in wanted], "keys": [each.key for each in wanted]}
    )
    return {Named(row.bot_id, row.key): row.file_id for row in rows}


def keep(connection: Connection, changes: Iterable[Kept], now: datetime) -> None:
    """Remembers and forgets; beyond MOST of a bot the oldest go."""
    bots = set()
    for change in changes:
        if change.file_id is None:
            connection.execute(_forget, {"bot": change.bot_id, "name": change.key})
            continue
        bots.add(change.bot_id)
        row = {"bot_id": change.bot_id, "key": change.key, "file_id": change.file_id, "kept_at": now}
        new = inserting(connection, pictures).values(row)
        update = {"file_id": change.file_id, "kept_at": now}
        connection.execute(new.on_conflict_do_update(index_elements=["bot_id", "key"], set_=update))
    for bot_id in bots:
        _trim(connection, bot_id)


def _trim(connection: Connection, bot_id: int) -> None:
    count = connection.execute(select(func.count()).where(pictures.c.bot_id == bot_id)).scalar_one()
    if count <= MOST:
        return
    oldest = select(pictures.c.key).where(pictures.c.bot_id == bot_id).order_by(pictures.c.kept_at).limit(count - MOST)
    connection.execute(delete(pictures).where(pictures.c.bot_id == bot_id, pictures.c.key.in_(oldest)))
