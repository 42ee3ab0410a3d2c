"""Opens the database: connections, pragmas, migrations, and on SQLite the lock that keeps a second process out."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

MIGRATIONS: Final = Path(__file__).parent / "migrations"
MIGRATION_LOCK: Final = 0x6D617267
"""The advisory lock that is held while PostgreSQL's tables are migrated: any number that nobody else uses."""

STANDSTILL: Final = "2000"
"""Milliseconds after which PostgreSQL ends the session of a worker that stands still in the middle of a transaction (a
stopped process, a machine without power): its locks would keep all the others waiting."""


class DatabaseError(Exception):
    """The database cannot be used, or not now; the text says why, without the address's password."""


class Unfit(Exception):
    """What was asked of the database can never be done, however often it is tried; nothing of it was."""


class FileLock:
    """Held while a SQLite file is in use. The system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise DatabaseError(f"another marginbot is running on this database ({path.stem})") from None

    def release(self) -> None:
        os.close(self._handle)


def address(url: str) -> URL:
    """The address, taken apart. Errors: DatabaseError, which repeats nothing of it: it may hold a password."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseError("its address cannot be read: write %40 for @ and %3A for : in a name or password") from None


def sqlite_path(url: URL) -> Path | None:
    """The file behind a SQLite address; None for another database, or one in memory."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def lock(url: str) -> FileLock | None:
    """Creates the folder of a SQLite file, if needed, and takes the file's lock; None for other databases.

    By whatever link it is named, one file has one lock.
    """
    path = sqlite_path(address(url))
    if path is None:
        return None
    try:
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(path.with_name(path.name + ".lock"))
    except OSError as error:
        raise DatabaseError(f"cannot use the database file: {error.strerror}: {path}") from None


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Keeps others off a SQLite file meanwhile. Errors: as of `lock`."""
    held = lock(url)
    try:
        yield
    finally:
        if held is not None:
            held.release()


def writer_engine(url: str, *, shared: bool = False) -> AsyncEngine:
    """One connection, which does all the writing: SQLite has a single writer anyway.

    shared: whether other workers wait for what a transaction locks, so that it may not stand still for long.
    """
    path = sqlite_path(make_url(url))
    if path is not None and not path.exists():
        path.touch(mode=0o600)  # its owner's alone to read, and so is what SQLite puts beside it
    limited = shared and make_url(url).get_backend_name() == "postgresql"
    engine = create_async_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_reset_on_return=None,
        hide_parameters=True,
        connect_args={"server_settings": {"idle_in_transaction_session_timeout": STANDSTILL}} if limited else {},
    )
    _prepare(engine, writes=True)
    return engine


def reader_engine(url: str) -> AsyncEngine:
    """One connection that only reads, each statement by itself, so that no read holds back the log's clean-up."""
    engine = create_async_engine(
        url,
        pool_size=1,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        hide_parameters=True,  # what people wrote stays out of errors, and so out of the log
    )
    _prepare(engine, writes=False)
    return engine


def _prepare(engine: AsyncEngine, *, writes: bool) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine.sync_engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late and does not take the write lock
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # a commit is on the disk when it returns, power failure included
            "foreign_keys=ON",
            "busy_timeout=10000",
            f"query_only={'OFF' if writes else 'ON'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if writes:

        @event.listens_for(engine.sync_engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def fault(error: Exception, what: str) -> Exception:
    """What is wrong when one could not do that with the database: Unfit, or else DatabaseError."""
    return Unfit() if _is_unfit(error) else reason(error, what)


def _is_unfit(error: Exception) -> bool:
    """Whether no waiting mends it: a text that cannot be encoded, a number that is too large, a value that the
    database refuses, a row that cannot be read.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, (ValueError, TypeError, ArithmeticError))
    if error.connection_invalidated:
        return False
    if state := getattr(error.orig, "sqlstate", None):
        return state[:2] in ("22", "23")  # PostgreSQL's classes of faults of the data
    # asyncpg refuses by itself what it cannot encode, and SQLAlchemy keeps that as the cause
    return isinstance(error, (DataError, IntegrityError)) or isinstance(
        getattr(error.orig, "__cause__", None), ValueError
    )


def reason(error: Exception, what: str = "open") -> DatabaseError:
    """Why one could not do that with the database, in one line and without its address."""
    if isinstance(error, DatabaseError):
        return error
    if isinstance(error, ModuleNotFoundError):
        return DatabaseError(f"needs the package {error.name}: install marginbot[postgres]")
    if isinstance(error, CommandError):
        return DatabaseError("its tables are of a later version than this program's")
    cause = getattr(error, "orig", None) or error
    return DatabaseError(
        f"cannot {what} the database: {str(cause).splitlines()[0] if str(cause) else type(cause).__name__}"
    )


def migrations() -> Config:
    """Where Alembic finds the versions of the tables."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


async def migrate(engine: AsyncEngine, revision: str = "head") -> None:
    """Brings the database to a version, the newest one: all missing migrations and their record in one transaction."""

    def upgrade(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":  # several processes may start at once; one of them migrates
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    except Exception:
        await engine.dispose()
        raise
