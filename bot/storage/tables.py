"""The tables, as SQLAlchemy Core. Migrations create them (migrations/versions); a test holds the two together.

Times are whole microseconds since 1970 in UTC; documents are JSON text with decimals as strings. On SQLite the tables
are STRICT, so that a value of the wrong type is refused instead of kept.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata: Final = MetaData()
BigInt: Final = BigInteger().with_variant(Integer, "sqlite")  # STRICT tables know INTEGER only, which has 64 bits
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as microseconds since 1970 so that it sorts and compares as a number."""

    impl = BigInt
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


def inserting(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT in the words of the database at hand, that may say what becomes of a row which is there already."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


inbox = Table(
    "inbox",
    metadata,
    Column("serial", BigInt, primary_key=True),  # our own name for it, unique over all bots
    Column("bot_id", BigInt, nullable=False),
    Column("update_id", BigInt, nullable=False),
    Column("lane", Text, nullable=False),  # whose updates must stay in order
    Column("payload", Text, nullable=False),  # Telegram's JSON; emptied when done
    Column("received_at", UtcTime, nullable=False),
    Column("leased_by", Text),  # the worker that handles it
    Column("done_at", UtcTime),
    UniqueConstraint("bot_id", "update_id", name="inbox_update"),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)
Index(
    "inbox_waiting",
    inbox.c.bot_id,
    inbox.c.lane,
    inbox.c.update_id,
    sqlite_where=inbox.c.done_at.is_(None),
    postgresql_where=inbox.c.done_at.is_(None),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("bot_id", BigInt, nullable=False),
    Column("chat_id", BigInt, nullable=False),
    Column("card_id", BigInt),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("expires_at", UtcTime),
    Column("leased_by", Text),  # the worker that sends it
    Column("written_at", UtcTime, nullable=False, server_default="0"),  # letters of a chat leave in this order
    sqlite_strict=True,
)

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("alive_until", UtcTime, nullable=False),  # by the database's clock
    sqlite_strict=True,
)

cards = Table(
    "cards",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("bot_id", BigInt, nullable=False),
    Column("owner_id", BigInt, nullable=False),
    Column("chat_id", BigInt, nullable=False),
    Column("flow", Text, nullable=False),
    Column("draft", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("message_id", BigInt),
    Column("updated_at", UtcTime, nullable=False),
    Column("asked", BigInt),  # the person's message that the card answers
    Column("inline_message_id", Text),  # Telegram's, of one that was sent through inline mode
    Index("cards_newest", "bot_id", "chat_id", "owner_id", "updated_at"),
    Index("cards_message", "bot_id", "chat_id", "message_id"),
    Index("cards_asked", "bot_id", "chat_id", "asked"),
    Index("cards_inline", "bot_id", "inline_message_id"),
    sqlite_strict=True,
)

portfolios = Table(
    "portfolios",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("owner_id", BigInt, nullable=False),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("positions", Integer, nullable=False),  # how many the document holds, for lists
    Column("opened", BigInt, nullable=False),  # the highest of a person's is the open one
    Column("step", Integer, nullable=False),  # where in its history it stands
    Column("newest", Integer, nullable=False),  # the last step that can be redone
    Column("updated_at", UtcTime, nullable=False),
    Column("deleted_at", UtcTime),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)
_living = portfolios.c.deleted_at.is_(None)
Index(
    "portfolios_living_name",
    portfolios.c.owner_id,
    portfolios.c.name,
    unique=True,
    sqlite_where=_living,
    postgresql_where=_living,
)
Index("portfolios_owner", portfolios.c.owner_id)
Index("portfolios_deleted", portfolios.c.deleted_at)

portfolio_steps = Table(
    "portfolio_steps",
    metadata,
    Column("portfolio_id", BigInt, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("owner_id", BigInt, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("document", Text, nullable=False),
    Index("portfolio_steps_owner", "owner_id"),
    sqlite_strict=True,
)

shares = Table(
    "shares",
    metadata,
    Column("token", Text, primary_key=True),
    Column("owner_id", BigInt, nullable=False),
    Column("portfolio_id", BigInt, nullable=False),
    Column("shape", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("document", Text, nullable=False),
    Index("shares_owner", "owner_id"),
    sqlite_strict=True,
)

person_settings = Table(
    "person_settings",
    metadata,
    Column("owner_id", BigInt, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    sqlite_strict=True,
)

group_settings = Table(
    "group_settings",
    metadata,
    Column("bot_id", BigInt, primary_key=True, autoincrement=False),
    Column("chat_id", BigInt, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("moved_to", BigInt),  # the supergroup that took its place
    Column("left_at", UtcTime),  # since when the bot is not in it any more
    Index("group_settings_left", "left_at"),
    sqlite_strict=True,
)

pictures = Table(
    "pictures",
    metadata,
    Column("bot_id", BigInt, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),  # the picture's content, by its hash
    Column("file_id", Text, nullable=False),  # Telegram's, which is good for this bot only
    Column("kept_at", UtcTime, nullable=False),
    Index("pictures_oldest", "bot_id", "kept_at"),
    sqlite_strict=True,
)

blocked = Table(
    "blocked",
    metadata,
    Column("bot_id", BigInt, primary_key=True, autoincrement=False),
    Column("person_id", BigInt, primary_key=True, autoincrement=False),
    Column("blocked_at", UtcTime, nullable=False),
    sqlite_strict=True,
)
