"""Cards: the live messages and the drafts of the conversations that they stand for."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.dialogue import Card
from bot.storage.tables import cards

_by_id = select(cards).where(cards.c.id.in_(bindparam("ids", expanding=True)))
# Column by column rather than by tuples, which SQLite answers by reading the whole table; what is found beyond the
# wanted combinations is passed over.
_by_message = select(cards).where(
    cards.c.bot_id.in_(bindparam("bots", expanding=True)),
    cards.c.chat_id.in_(bindparam("chats", expanding=True)),
    cards.c.message_id.in_(bindparam("messages", expanding=True)),
)
_by_question = select(cards).where(
    cards.c.bot_id.in_(bindparam("bots", expanding=True)),
    cards.c.chat_id.in_(bindparam("chats", expanding=True)),
    cards.c.asked.in_(bindparam("messages", expanding=True)),
)
_by_inline = (
    select(cards)
    .where(
        cards.c.bot_id.in_(bindparam("bots", expanding=True)),
        cards.c.inline_message_id.in_(bindparam("messages", expanding=True)),
    )
    .order_by(cards.c.id)
)  # of two, the later: who sent it is told after who asked has tapped it
_last = (
    select(cards)
    .where(
        cards.c.bot_id == bindparam("bot"), cards.c.chat_id == bindparam("chat"), cards.c.owner_id == bindparam("owner")
    )
    .order_by(cards.c.updated_at.desc(), cards.c.id.desc())
    .limit(bindparam("count"))
)
_touched = (
    select(cards.c.bot_id, cards.c.chat_id, cards.c.owner_id, func.max(cards.c.updated_at).label("last"))
    .where(
        cards.c.bot_id.in_(bindparam("bots", expanding=True)),
        cards.c.chat_id.in_(bindparam("chats", expanding=True)),
        cards.c.owner_id.in_(bindparam("owners", expanding=True)),
    )
    .group_by(cards.c.bot_id, cards.c.chat_id, cards.c.owner_id)
    .subquery()
)
_newest = (
    select(cards)
    .join(
        _touched,
        (cards.c.bot_id == _touched.c.bot_id)
        & (cards.c.chat_id == _touched.c.chat_id)
        & (cards.c.owner_id == _touched.c.owner_id)
        & (cards.c.updated_at == _touched.c.last),
    )
    .order_by(cards.c.id)
)
_change = (
    update(cards)
    .where(cards.c.id == bindparam("card"))
    .values(
        flow=bindparam("new_flow"), draft=bindparam("new_draft"), version=bindparam("new_version"),
        updated_at=bindparam("now"),
    )
)  # fmt: skip
_close = delete(cards).where(cards.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class ById:
    """The card with this id, if it is this bot's."""

    bot_id: int
    card_id: int


@dataclass(frozen=True, slots=True)
class ByMessage:
    """The card that this message shows."""

    bot_id: int
    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class ByQuestion:
    """The card that answers this message of a person."""

    bot_id: int
    chat_id: int
    asked: int


@dataclass(frozen=True, slots=True)
class Newest:
    """The card of this person in this chat that was shown or touched last."""

    bot_id: int
    chat_id: int
    owner_id: int


@dataclass(frozen=True, slots=True)
class ByInline:
    """The card that was sent through inline mode as the message with this id."""

    bot_id: int
    inline_message_id: str


Key = ById | ByMessage | ByQuestion | Newest | ByInline
KEYS: Final = (ById, ByMessage, ByQuestion, Newest, ByInline)
"""The ways of naming a card."""


def find(connection: Connection, wanted: Collection[Key]) -> dict[object, Card]:
    """Reads cards, one statement for each way of naming them. Result: by what was wanted; absent ones are left out."""
    found: dict[object, Card] = {}
    if ids := [key.card_id for key in wanted if isinstance(key, ById)]:
        for row in connection.execute(_by_id, {"ids": ids}):
            found[ById(row.bot_id, row.id)] = _card(row)
    if messages := [key for key in wanted if isinstance(key, ByMessage)]:
        where = {"bots": [k.bot_id for k in messages], "chats": [k.chat_id for k in messages]}
        for row in connection.execute(_by_message, {**where, "messages": [k.message_id for k in messages]}):
            found[ByMessage(row.bot_id, row.chat_id, row.message_id)] = _card(row)
    if questions := [key for key in wanted if isinstance(key, ByQuestion)]:
        where = {"bots": [k.bot_id for k in questions], "chats": [k.chat_id for k in questions]}
        for row in connection.execute(_by_question, {**where, "messages": [k.asked for k in questions]}):
            found[ByQuestion(row.bot_id, row.chat_id, row.asked)] = _card(row)
    if sent := [key for key in wanted if isinstance(key, ByInline)]:
        named = {"bots": [k.bot_id for k in sent], "messages": [k.inline_message_id for k in sent]}
        for row in connection.execute(_by_inline, named):
            found[ByInline(row.bot_id, row.inline_message_id)] = _card(row)
    if people := [key for key in wanted if isinstance(key, Newest)]:
        where = {"bots": [k.bot_id for k in people], "chats": [k.chat_id for k in people]}
        for row in connection.execute(_newest, {**where, "owners": [k.owner_id for k in people]}):
            found[Newest(row.bot_id, row.chat_id, row.owner_id)] = _card(row)
    return found


def last(connection: Connection, bot_id: int, chat_id: int, owner_id: int, count: int) -> tuple[Card, ...]:
    """The cards of this person in this chat that were shown or touched last, at most `count`, the newest first."""
    where = {"bot": bot_id, "chat": chat_id, "owner": owner_id, "count": count}
    return tuple(map(_card, connection.execute(_last, where)))


def _card(row: Any) -> Card:
    return Card(
        id=row.id,
        owner_id=row.owner_id,
        chat_id=row.chat_id,
        flow=row.flow,
        draft=json.loads(row.draft),
        version=row.version,
        message_id=row.message_id,
        asked=row.asked,
        inline_message_id=row.inline_message_id,
    )


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
                 "flow": card.flow, "draft": draft, "version": 1, "updated_at": now, "asked": card.asked,
                 "inline_message_id": card.inline_message_id}
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


def close(connection: Connection, ids: Iterable[int]) -> None:
    """Deletes cards whose messages are taken away."""
    connection.execute(_close, {"ids": list(ids)})


def forget(connection: Connection, before: datetime) -> None:
    """Deletes cards untouched since then; their buttons answer that they are too old."""
    connection.execute(delete(cards).where(cards.c.updated_at < before))
