"""The outbox: what is to be sent, committed together with the change it tells of, struck off once it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.storage.tables import cards, outbox

Kind = Literal["send", "edit", "delete", "answer", "guest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One call to be made. Letters of a chat leave in the order of their ids; an answer to a tap, or to a
    call as a guest, leaves at once.

    `payload` holds the call's parameters but for the ids that are known only when it is made. After `expires_at` it
    is worthless and is struck off unsent.
    """

    id: int
    bot_id: int
    chat_id: int
    kind: Kind
    payload: Mapping[str, Any]
    card_id: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A letter that is settled: sent (then perhaps as a message of a card), or given up."""

    letter_id: int
    card_id: int | None = None
    message_id: int | None = None


def add(connection: Connection, letters: Iterable[Letter]) -> None:
    rows = [
        {
            "id": letter.id,
            "bot_id": letter.bot_id,
            "chat_id": letter.chat_id,
            "card_id": letter.card_id,
            "kind": letter.kind,
            "payload": json.dumps(letter.payload, ensure_ascii=False),
            "expires_at": letter.expires_at,
        }
        for letter in letters
    ]
    if rows:
        connection.execute(outbox.insert(), rows)


_strike = delete(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_map = update(cards).where(cards.c.id == bindparam("card")).values(message_id=bindparam("message"))


def settle(connection: Connection, delivered: Iterable[Delivered]) -> None:
    """Strikes the letters off and notes which message shows which card."""
    delivered = list(delivered)
    if not delivered:
        return
    connection.execute(_strike, {"ids": [d.letter_id for d in delivered]})
    messages = [{"card": d.card_id, "message": d.message_id} for d in delivered if d.card_id and d.message_id]
    if messages:
        connection.execute(_map, messages)


def unsent(connection: Connection, bot_id: int, now: datetime) -> list[Letter]:
    """The letters left over from before, oldest first; those that have expired are struck off."""
    connection.execute(delete(outbox).where(outbox.c.bot_id == bot_id, outbox.c.expires_at < now))
    rows = connection.execute(select(outbox).where(outbox.c.bot_id == bot_id).order_by(outbox.c.id)).mappings()
    return [Letter(**{**row, "payload": json.loads(row["payload"])}) for row in rows]


def move_chat(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """A group became a supergroup: its letters and cards follow. Doing it again changes nothing.

    Message ids mean nothing in the new chat, so the cards there begin new messages and nothing is replied to.
    """
    waiting = select(outbox.c.id, outbox.c.payload).where(outbox.c.bot_id == bot_id, outbox.c.chat_id == old)
    for row in connection.execute(waiting).all():
        payload = json.dumps(without_messages(json.loads(row.payload)), ensure_ascii=False)
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(chat_id=new, payload=payload))
    moving = update(cards).where(cards.c.bot_id == bot_id, cards.c.chat_id == old)
    connection.execute(moving.values(chat_id=new, message_id=None, asked=None))


def without_messages(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A letter's parameters without the ids of messages, for another chat than the one that they were written for."""
    return {name: value for name, value in payload.items() if name not in ("reply_to", "message", "thread")}
