"""All tables of one database into another, empty one: SQLite to PostgreSQL, or back.

The copy is one transaction on the target, committed after each table's rows were read back and found the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import database
from bot.storage.database import DatabaseError
from bot.storage.tables import metadata
from bot.storage.upkeep.revisions import UPGRADE, existing, known, revision_of, upgraded, using

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """A table that was copied: how many rows, and a checksum of all their values."""

    table: str
    rows: int
    checksum: str


@dataclass(slots=True)
class _Sum:
    """Of rows in any order, since two databases need not sort texts alike."""

    rows: int = 0
    total: int = 0

    def add(self, row: Mapping[Any, Any]) -> None:
        values = json.dumps({str(name): value for name, value in row.items()}, sort_keys=True, default=str)
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(values.encode()).digest())) % 2**256

    def of(self, table: Table) -> Moved:
        return Moved(table.name, self.rows, f"{self.total:064x}"[:16])


def shown(url: str) -> str:
    """An address without its password. Errors: DatabaseError for one that cannot be read."""
    return database.address(url).render_as_string(hide_password=True)


async def move(source: str, target: str) -> list[Moved]:
    """Copies everything; the source stays as it is. Result: the tables in order.

    Errors: DatabaseError, and then nothing was copied: a bot runs on a SQLite file of the two, the source is not at the
    newest version, the target holds something, or a table came out other than it was.
    """
    if existing(source) == database.address(target):
        raise DatabaseError("the target is the database itself")
    with database.locked(source), database.locked(target):
        async with (
            using(database.writer_engine(source)) as old,
            using(database.writer_engine(target)) as new,
            old.begin() as reading,
        ):
            await _steady(reading)
            await upgraded(new)
            async with new.begin() as writing:
                return await _copy(reading, writing)


async def _steady(reading: AsyncConnection) -> None:
    """All of the source is read as it is at one moment, and must be of the newest version."""
    if reading.dialect.name == "postgresql":
        await reading.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    version = await reading.run_sync(revision_of)
    if version != known()[-1]:
        raise DatabaseError(f"the database is at version {version} of {known()[-1]}; {UPGRADE}")


async def _copy(reading: AsyncConnection, writing: AsyncConnection) -> list[Moved]:
    tables = metadata.sorted_tables
    if writing.dialect.name == "postgresql":  # a bot that starts there meanwhile waits
        await writing.execute(text(f"LOCK TABLE {', '.join(table.name for table in tables)} IN ACCESS EXCLUSIVE MODE"))
    for table in tables:
        if await writing.scalar(select(1).select_from(table).limit(1)) is not None:
            raise DatabaseError(f"the target is not empty: there are rows in its table {table.name}")
    moved = []
    for table in tables:
        sent = await _rows(reading, table, writing)
        arrived = await _rows(writing, table, None)
        if sent != arrived:
            raise DatabaseError(f"{table.name}: {sent.rows} rows became {arrived.rows} that are not the same")
        moved.append(sent)
    for table in tables:
        if table.autoincrement_column is not None:
            column = table.autoincrement_column.name
            await _number_on(writing, table, column, await _last_given(reading, table, column))
    return moved


async def _rows(connection: AsyncConnection, table: Table, target: AsyncConnection | None) -> Moved:
    """Sums the rows of a table up, copying them on the way if there is a target."""
    total = _Sum()
    async with connection.stream(select(table), execution_options={"yield_per": BATCH}) as result:
        async for rows in result.mappings().partitions():
            for row in rows:
                total.add(row)
            if target is not None:
                await target.execute(table.insert(), [dict(row) for row in rows])
    return total.of(table)


async def _last_given(connection: AsyncConnection, table: Table, column: str) -> int:
    """The highest id that the database has ever given; 0 for none."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return await connection.scalar(query, {"table": table.name}) or 0
    given = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column)::regclass)")
    last: int = await connection.scalar(given, {"table": table.name, "column": column}) or 0
    return max(last, await connection.scalar(select(func.max(table.c[column]))) or 0)


async def _number_on(connection: AsyncConnection, table: Table, column: str, last: int) -> None:
    """The database goes on with the id after `last`: cards and letters are named by ids that must not come again."""
    if not last:
        return
    if connection.dialect.name == "postgresql":
        query = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
        await connection.execute(query, {"table": table.name, "column": column, "last": last})
        return
    await connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
    again = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)")
    await connection.execute(again, {"table": table.name, "last": last})
