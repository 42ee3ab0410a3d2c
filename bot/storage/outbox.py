"""The outbox: what is to be sent, committed together with the change it tells of, struck off once it is sent.

Where workers share it, a chat's letters go to one worker at a time: one that is written while another worker still has
letters of the chat is that worker's to send.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Select, bindparam, delete, exists, select, update

from bot.storage.tables import cards, outbox

Kind = Literal["send", "edit", "delete", "answer", "guest", "offers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One call to be made. Letters of a chat leave in the order of their ids; an answer to a tap, or to a
    call as a guest, leaves at once.

    `payload` holds the call's parameters but for the ids that are known only when it is made. After `expires_at` it
    is worthless and is struck off unsent. The answer to an inline query is worthless before a restart is through, so
    it is not kept at all: one comes with every few letters that somebody types.
    """

    id: int
    bot_id: int
    chat_id: int
    kind: Kind
    payload: Mapping[str, Any]
    card_id: int | None = None
    expires_at: datetime | None = None

    @property
    def at_once(self) -> bool:
        """Whether it keeps no order with others."""
        return self.kind in AT_ONCE

    @property
    def kept(self) -> bool:
        """Whether it stands in the outbox until it is out."""
        return self.kind != "offers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A letter that is settled: sent (then perhaps as a message of a card), or given up."""

    letter_id: int
    card_id: int | None = None
    message_id: int | None = None


AT_ONCE: Final = ("answer", "guest", "offers")
"""The kinds that keep no order with others: the worker that wrote them sends them."""


def add(connection: Connection, letters: Iterable[Letter], now: datetime, worker: str, *, alone: bool) -> None:
    """Writes letters. They are this worker's if it is alone; else those that keep an order are yet to be leased."""
    rows = [
        {
            "id": letter.id,
            "bot_id": letter.bot_id,
            "chat_id": letter.chat_id,
            "card_id": letter.card_id,
            "kind": letter.kind,
            "payload": json.dumps(letter.payload, ensure_ascii=False),
            "expires_at": letter.expires_at,
            "leased_by": worker if alone or letter.at_once else None,
            "written_at": now,
        }
        for letter in letters
        if letter.kept
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


_columns = [column for column in outbox.c if column.name not in ("leased_by", "written_at")]
_expired = delete(outbox).where(
    outbox.c.bot_id == bindparam("bot"), outbox.c.leased_by.is_(None), outbox.c.expires_at < bindparam("now")
)


def strike_expired(connection: Connection, bot_id: int, now: datetime) -> None:
    """Strikes off what nobody has and what is worthless by now."""
    connection.execute(_expired, {"bot": bot_id, "now": now})


_other = outbox.alias("other")
_elsewhere = exists().where(
    _other.c.bot_id == outbox.c.bot_id,
    _other.c.chat_id == outbox.c.chat_id,
    _other.c.leased_by != bindparam("worker"),
    _other.c.kind.not_in(AT_ONCE),
)
_free = (
    select(outbox.c.id)
    .where(outbox.c.bot_id == bindparam("bot"), outbox.c.leased_by.is_(None), ~_elsewhere)
    .with_for_update(skip_locked=True)
)
_lease = (
    update(outbox)
    .where(outbox.c.id.in_(_free))
    .values(leased_by=bindparam("worker"))
    .returning(outbox.c.written_at, *_columns)
)


def lease(connection: Connection, bot_id: int, worker: str) -> list[Letter]:
    """Takes for `worker` the letters that nobody has, but for those of chats of which another worker has some.

    Workers take turns at it (workers.take_turn). Result: in the order in which they were written. Those that have
    expired are among them: the sender strikes them off.
    """
    rows = connection.execute(_lease, {"bot": bot_id, "worker": worker}).all()
    return [_letter(row) for row in sorted(rows, key=lambda row: (row.written_at, row.id))]


_release = update(outbox).where(outbox.c.leased_by.is_not(None)).values(leased_by=None)


def release(connection: Connection, living: Select[tuple[str]] | None = None) -> None:
    """Gives back the letters of all but the living workers; all of them, where there is one process."""
    connection.execute(_release if living is None else _release.where(outbox.c.leased_by.not_in(living)))


def _letter(row: Any) -> Letter:
    return Letter(
        **{column.name: getattr(row, column.name) for column in _columns} | {"payload": json.loads(row.payload)}
    )


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
