"""Whether a database is sound: the file, the tables, and every document in them. Nothing that people wrote is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Table, select, text
from sqlalchemy.exc import DBAPIError

from bot.storage import database
from bot.storage.group_settings import GroupSettings
from bot.storage.person_settings import PersonSettings
from bot.storage.portfolios import Portfolio
from bot.storage.tables import (
    cards,
    group_settings,
    inbox,
    metadata,
    outbox,
    person_settings,
    portfolio_steps,
    portfolios,
    shares,
)
from bot.storage.upkeep.revisions import UPGRADE, existing, known, revision_of, using

NAMED: Final = 5
"""How many rows that cannot be read are named."""
BATCH: Final = 500
_Parse = Callable[[str], Any]
_JSON: Final[_Parse] = TypeAdapter(dict[str, Any]).validate_json


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check."""

    line: str
    good: bool = True


@dataclass(frozen=True, slots=True)
class _Documents:
    table: Table
    column: str
    parse: _Parse


_DOCUMENTS: Final = (
    _Documents(portfolios, "document", Portfolio.model_validate_json),
    _Documents(portfolio_steps, "document", Portfolio.model_validate_json),
    _Documents(shares, "document", Portfolio.model_validate_json),
    _Documents(person_settings, "document", PersonSettings.model_validate_json),
    _Documents(group_settings, "document", GroupSettings.model_validate_json),
    _Documents(cards, "draft", _JSON),
    _Documents(inbox, "payload", _JSON),
    _Documents(outbox, "payload", _JSON),
)


async def check(url: str) -> list[Finding]:
    """Looks at everything and changes nothing; the bot may run meanwhile.

    Errors: DatabaseError when there is no database, or it cannot be opened.
    """
    existing(url)
    async with using(database.reader_engine(url)) as engine, engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # all as it is at one moment
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return await connection.run_sync(lambda plain: list(findings(plain)))


def findings(connection: Connection) -> Iterator[Finding]:
    """What there is to say, in order. The tables are looked at only where they are of this program's version."""
    if connection.dialect.name == "sqlite":
        file = _file(connection)
        yield file
        if not file.good:  # whatever else is read there may be anything
            return
    version, newest = revision_of(connection), known()[-1]
    if version is None:
        yield Finding("version: these are not marginbot's tables, or there are none yet", good=False)
    elif version not in known():
        yield Finding(f"version: {version}, later than this program's {newest}", good=False)
    elif version != newest:
        yield Finding(f"version: {version} of {newest}; {UPGRADE}", good=False)
    else:
        yield Finding(f"version: {version}, the newest")
        yield _tables(connection)
        for documents in _DOCUMENTS:
            yield _readable(connection, documents)


def _file(connection: Connection) -> Finding:
    try:
        said = list(connection.execute(text("PRAGMA integrity_check")).scalars())
    except DBAPIError:  # damaged so much that not even that can be found out
        said = ["unreadable"]
    return Finding("file: sound") if said == ["ok"] else Finding(f"file: damaged ({len(said)} faults)", good=False)


def _tables(connection: Connection) -> Finding:
    differences = compare_metadata(MigrationContext.configure(connection), metadata)
    if not differences:
        return Finding("tables: as they should be")
    return Finding(f"tables: {len(differences)} differences from what the program made", good=False)


def _readable(connection: Connection, documents: _Documents) -> Finding:
    table = documents.table
    keys = list(table.primary_key.columns)
    query = select(*keys, table.c[documents.column])
    if table is inbox:
        query = query.where(inbox.c.done_at.is_(None))  # of what is done nothing is kept
    count, unread = 0, []
    for row in connection.execute(query, execution_options={"yield_per": BATCH}):
        count += 1
        try:
            documents.parse(row[-1])
        except ValidationError:
            unread.append("/".join("…" if isinstance(part, str) else str(part) for part in row[:-1]))
    if not unread:
        return Finding(f"{table.name}: {count} can be read")
    more = ", …" if len(unread) > NAMED else ""
    return Finding(
        f"{table.name}: {len(unread)} of {count} cannot be read: {', '.join(unread[:NAMED])}{more}", good=False
    )
