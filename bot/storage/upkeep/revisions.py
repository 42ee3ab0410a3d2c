"""Which version of the tables a database has, which ones the code knows, and how one becomes the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import database
from bot.storage.database import DatabaseError

UPGRADE: Final = "run `marginbot db upgrade` first"


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The versions before and after; `before` is None for a database that was empty."""

    before: str | None
    after: str


def known() -> list[str]:
    """The versions that this code knows, the first at first."""
    scripts = ScriptDirectory.from_config(database.migrations())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def revision_of(connection: Connection) -> str | None:
    """The version that a database is at; None for one that holds no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def existing(url: str) -> URL:
    """The address, taken apart.

    Errors: DatabaseError for one that cannot be read, and for a SQLite file that is not there, since opening it would
    make one.
    """
    address = database.address(url)
    path = database.sqlite_path(address)
    if path is not None and not path.exists():
        raise DatabaseError(f"there is no database at {path}")
    return address


def file_url(path: Path) -> str:
    """The address of a SQLite file, whatever characters are in its name."""
    return URL.create("sqlite+aiosqlite", database=str(path)).render_as_string(hide_password=False)


@asynccontextmanager
async def using(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """Lets go of the engine at the end. Errors: DatabaseError, one line without the address's password."""
    try:
        yield engine
    except DatabaseError:
        raise
    except Exception as error:
        raise database.reason(error) from error
    finally:
        await engine.dispose()


async def upgrade(url: str) -> Upgraded:
    """Brings a database to the newest version of its tables, making an empty one where there is none.

    Errors: DatabaseError when a bot runs on the SQLite file, the tables are newer than this code, or it cannot be used.
    """
    with database.locked(url):
        async with using(database.writer_engine(url)) as engine:
            return await upgraded(engine)


async def upgraded(engine: AsyncEngine) -> Upgraded:
    """As `upgrade`, on an engine that writes."""
    async with engine.begin() as connection:
        before = await connection.run_sync(revision_of)
    versions = known()
    if before is not None and before not in versions:
        raise DatabaseError(f"its tables are of version {before}, later than this program's {versions[-1]}")
    await database.migrate(engine)
    return Upgraded(before, versions[-1])
