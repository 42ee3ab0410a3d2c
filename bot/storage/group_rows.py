"""Where groups are kept: one row each, with its settings (JSON), the supergroup that took its place, and its end.

A group that became a supergroup leaves its row behind, so that what was decided just before under the old id is stored
under the new one. Moving it again, from whichever side the news comes, changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.dialogue import Card
from bot.storage import outbox
from bot.storage.group_settings import (
    KEPT_AFTER_LEAVING,
    GroupSettings,
    MoveGroup,
    NotePresence,
    SaveGroup,
    StoredGroup,
)
from bot.storage.outbox import Letter
from bot.storage.portfolio_rows import LostRace
from bot.storage.tables import cards, group_settings, inserting
from bot.storage.tables import outbox as letters

FIRST_SUPERGROUP: Final = -(10**12)
"""Ids below it are those of supergroups, which never move."""

_of = select(group_settings).where(
    group_settings.c.bot_id.in_(bindparam("bots", expanding=True)),
    group_settings.c.chat_id.in_(bindparam("chats", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class GroupOf:
    """What is known of this group."""

    bot_id: int
    chat_id: int


def find(connection: Connection, wanted: Collection[GroupOf]) -> dict[object, StoredGroup]:
    """Reads groups. Result: by what was wanted; an empty one at version 0 for one that nothing is known of."""
    found: dict[object, StoredGroup] = {key: StoredGroup() for key in wanted}
    named = {"bots": [key.bot_id for key in wanted], "chats": [key.chat_id for key in wanted]}
    for row in connection.execute(_of, named):
        settings = GroupSettings.model_validate_json(row.document)
        found[GroupOf(row.bot_id, row.chat_id)] = StoredGroup(
            settings=settings, version=row.version, left=row.left_at is not None
        )
    return found


def save(connection: Connection, change: SaveGroup, now: datetime) -> None:
    """Stores the settings. Errors: LostRace when they are no longer at the version they were read at."""
    document = change.settings.model_dump_json()
    if change.version == 0:
        stored = _insert(connection, change.bot_id, change.chat_id, now, document=document)
    else:
        changed = update(group_settings).where(
            *_is(change.bot_id, change.chat_id), group_settings.c.version == change.version
        )
        values = {"document": document, "version": change.version + 1, "updated_at": now}
        stored = connection.execute(changed.values(**values)).rowcount == 1
    if not stored:
        raise LostRace


def note(connection: Connection, change: NotePresence, now: datetime) -> None:
    """The bot came or went. What it knew of the group waits for it, and is forgotten when it stayed away too long."""
    forget(connection, now)
    _insert(connection, change.bot_id, change.chat_id, now)
    left_at = None if change.here else now
    connection.execute(
        update(group_settings).where(*_is(change.bot_id, change.chat_id)).values(left_at=left_at, updated_at=now)
    )


def forget(connection: Connection, now: datetime) -> None:
    """Deletes the groups that the bot left too long ago, with their cards and letters."""
    gone = connection.execute(
        select(group_settings.c.bot_id, group_settings.c.chat_id).where(
            group_settings.c.left_at < now - KEPT_AFTER_LEAVING
        )
    ).all()
    for bot_id, chat_id in gone:
        for table in (cards, letters, group_settings):
            connection.execute(delete(table).where(table.c.bot_id == bot_id, table.c.chat_id == chat_id))


def move(connection: Connection, change: MoveGroup, now: datetime) -> None:
    """A group became a supergroup: its settings, cards and letters follow. Doing it again changes nothing.

    Message ids mean nothing in the new chat, so the cards there begin new messages.
    """
    bot_id, old, new = change.bot_id, change.old, change.new
    _insert(connection, bot_id, old, now)
    row = connection.execute(select(group_settings).where(*_is(bot_id, old))).one()
    values = {"document": row.document, "version": row.version, "left_at": row.left_at}
    if not _insert(connection, bot_id, new, now, **values) and row.moved_to is None and row.version > 1:
        changed = update(group_settings).where(*_is(bot_id, new), group_settings.c.version == 1)
        connection.execute(changed.values(document=row.document, version=row.version + 1, updated_at=now))
    connection.execute(update(group_settings).where(*_is(bot_id, old)).values(moved_to=new, updated_at=now))
    outbox.move_chat(connection, bot_id, old, new)


def letters_where_they_went(connection: Connection, bot_id: int, sent: list[Letter]) -> list[Letter]:
    """Letters under the ids that their groups have by now."""
    moved = _moved(connection, bot_id, {letter.chat_id for letter in sent})
    return [
        replace(letter, chat_id=moved[letter.chat_id], payload=outbox.without_messages(letter.payload))
        if letter.chat_id in moved
        else letter
        for letter in sent
    ]


def cards_where_they_went(connection: Connection, bot_id: int, changed: list[Card]) -> list[Card]:
    """Cards under the ids that their groups have by now."""
    moved = _moved(connection, bot_id, {card.chat_id for card in changed})
    return [
        replace(card, chat_id=moved[card.chat_id], asked=None) if card.chat_id in moved else card for card in changed
    ]


def _moved(connection: Connection, bot_id: int, chat_ids: Iterable[int]) -> dict[int, int]:
    """Which of these groups have become supergroups: the old id and the new one."""
    groups = {chat_id for chat_id in chat_ids if FIRST_SUPERGROUP < chat_id < 0}
    if not groups:
        return {}
    rows = connection.execute(_of, {"bots": [bot_id], "chats": list(groups)})
    return {row.chat_id: row.moved_to for row in rows if row.moved_to is not None}


def _is(bot_id: int, chat_id: int) -> tuple[Any, Any]:
    return group_settings.c.bot_id == bot_id, group_settings.c.chat_id == chat_id


def _insert(connection: Connection, bot_id: int, chat_id: int, now: datetime, **values: Any) -> bool:
    """Stores a group that is not there yet. Result: whether it was not."""
    document = GroupSettings().model_dump_json()
    row = {"bot_id": bot_id, "chat_id": chat_id, "document": document, "version": 1, "updated_at": now} | values
    return connection.execute(inserting(connection, group_settings).values(row).on_conflict_do_nothing()).rowcount == 1
