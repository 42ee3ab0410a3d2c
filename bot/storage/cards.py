"""Cards: the live messages and the drafts of the conversations that they stand for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from bot.dialogue import Card
from bot.storage.tables import cards

CLOSED: Final = "closed"
"""The flow of a card whose message was taken away."""

_columns = (
    cards.c.id,
    cards.c.owner_id,
    cards.c.chat_id,
    cards.c.flow,
    cards.c.draft,
    cards.c.version,
    cards.c.message_id,
)
BY_ID = select(*_columns).where(cards.c.bot_id == bindparam("bot"), cards.c.id == bindparam("card"))
BY_MESSAGE = select(*_columns).where(
    cards.c.bot_id == bindparam("bot"), cards.c.chat_id == bindparam("chat"), cards.c.message_id == bindparam("message")
)
NEWEST = (
    select(*_columns)
    .where(
        cards.c.bot_id == bindparam("bot"),
        cards.c.chat_id == bindparam("chat"),
        cards.c.owner_id == bindparam("owner"),
        cards.c.flow != CLOSED,
    )
    .order_by(cards.c.id.desc())
    .limit(1)
)
_change = (
    update(cards)
    .where(cards.c.id == bindparam("card"))
    .values(
        flow=bindparam("new_flow"), draft=bindparam("new_draft"), version=bindparam("new_version"),
        updated_at=bindparam("now"),
    )
)  # fmt: skip


def from_row(row: Row[Any]) -> Card:
    return Card(**{**row._mapping, "draft": json.loads(row.draft)})


def save(connection: Connection, bot_id: int, changed: Iterable[Card], now: datetime) -> None:
    """Stores cards as they are after an event: new ones (version 0) and changed ones, each at the next version.

    The updates of one person are handled in order, so nobody else has changed the card meanwhile.
    """
    new, old = [], []
    for card in changed:
        draft = json.dumps(card.draft, ensure_ascii=False)
        if card.version == 0:
            new.append(
                {"id": card.id, "bot_id": bot_id, "owner_id": card.owner_id, "chat_id": card.chat_id,
                 "flow": card.flow, "draft": draft, "version": 1, "updated_at": now}
            )  # fmt: skip
        else:
            old.append(
                {"card": card.id, "new_flow": card.flow, "new_draft": draft, "new_version": card.version + 1,
                 "now": now}
            )  # fmt: skip
    if new:
        connection.execute(cards.insert(), new)
    if old:
        connection.execute(_change, old)


def forget(connection: Connection, before: datetime) -> None:
    """Deletes cards untouched since then; their buttons answer that they are too old."""
    connection.execute(delete(cards).where(cards.c.updated_at < before))
