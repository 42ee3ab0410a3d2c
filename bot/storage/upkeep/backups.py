"""Copies of a SQLite database: made while the bot runs, put back while it does not.

A plain copy of a running database's file is not one: what was committed last stands in another file beside it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.storage import database
from bot.storage.database import DatabaseError
from bot.storage.upkeep.checking import Finding, check
from bot.storage.upkeep.revisions import existing, file_url, revision_of, upgraded, using

PATIENCE: Final = 10.0
"""Seconds to wait for a writer."""
_BESIDE: Final = ("-wal", "-shm", "-journal")


class NotBySqlite(Exception):
    """The database is PostgreSQL, or in memory: its own tools copy it."""


def backup(url: str, copy: Path) -> int:
    """Writes all that is committed at this moment into the new file `copy`. Result: its size in bytes.

    Errors: DatabaseError when `copy` is there already or something cannot be read or written (then nothing is left of
    it); NotBySqlite.
    """
    source = _path(url)
    existing(url)
    if copy.exists():
        raise DatabaseError(f"{copy} is there already; name a file that is not")
    with _unfinished(copy) as part:
        _copied(source, part)
        part.rename(copy)
    _sync_folder(copy)
    return copy.stat().st_size


async def restore(url: str, copy: Path) -> list[Finding]:
    """Puts a backup in the database's place. What was there stays until the backup is checked and up to date.

    Result: what the check found. Where one of the findings is not good, nothing was changed.
    Errors: DatabaseError when a bot runs on the database or `copy` cannot be used; NotBySqlite.
    """
    target = _path(url)
    _check_copy(copy, target)
    with database.locked(url), _unfinished(target) as part:
        _copied(copy, part)
        found = await _examined(part)
        if all(finding.good for finding in found):
            _replace(target, part)
    return found


def _check_copy(copy: Path, target: Path) -> None:
    if not copy.is_file():
        raise DatabaseError(f"there is no file {copy}")
    if target.exists() and target.samefile(copy):
        raise DatabaseError(f"{copy} is the database itself")


def _path(url: str) -> Path:
    path = database.sqlite_path(database.address(url))
    if path is None:
        raise NotBySqlite
    return path


@contextlib.contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """A file of this process beside `file`, readable by its owner alone; nothing of it is left at the end."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
    except OSError as error:
        raise DatabaseError(f"cannot write {error.filename or part}: {error.strerror}") from None
    finally:
        for ending in ("", *_BESIDE):
            part.with_name(part.name + ending).unlink(missing_ok=True)


def _copied(source: Path, part: Path) -> None:
    try:
        with (
            contextlib.closing(
                sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
            ) as old,
            contextlib.closing(sqlite3.connect(part)) as new,
        ):
            old.backup(new)  # in one step, so that it is one moment and a writer does not make it begin again
            new.execute("PRAGMA journal_mode=DELETE")  # one file, to be carried elsewhere
    except sqlite3.Error as error:
        raise DatabaseError(f"cannot copy {source}: {error}") from None
    _sync(part)


async def _examined(part: Path) -> list[Finding]:
    """Brings a copy up to date and checks it.

    Errors: DatabaseError when it is none of marginbot's, or of a later version.
    """
    found = await check(file_url(part))
    if not found[0].good:
        return found
    async with using(database.writer_engine(file_url(part))) as engine:
        async with engine.connect() as connection:
            if await connection.run_sync(revision_of) is None:
                raise DatabaseError("the backup is none of marginbot's databases")
        await upgraded(engine)
    return await check(file_url(part))


def _fold(path: Path) -> None:
    """What stands beside the file goes into it, so that the file is all of the database."""
    with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _replace(target: Path, part: Path) -> None:
    """Until the rename the old database is whole, after it the new one is; no log of the old one meets the new one."""
    _fold(part)
    _sync(part)
    if target.exists():
        with contextlib.suppress(sqlite3.DatabaseError):  # one that cannot be opened has no log worth keeping
            _fold(target)
        for ending in _BESIDE:
            target.with_name(target.name + ending).unlink(missing_ok=True)
    part.replace(target)
    _sync_folder(target)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(path: Path) -> None:
    _sync(path.absolute().parent)
