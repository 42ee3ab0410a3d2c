"""How the database is opened: migrated, locked, strict, durable."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from bot.storage import database
from bot.storage.store import Store
from bot.storage.tables import metadata


async def test_the_migrations_make_just_the_tables_that_the_code_uses(url: str) -> None:
    engine = database.writer_engine(url)
    await database.migrate(engine)

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with engine.begin() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_migrating_twice_changes_nothing(url: str) -> None:
    engine = database.writer_engine(url)
    await database.migrate(engine)
    await database.migrate(engine)
    async with engine.begin() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM alembic_version"))).scalar() == 1
    await engine.dispose()


async def test_a_second_process_is_kept_out_until_the_first_has_gone(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url)
    with pytest.raises(database.DatabaseError, match="another marginbot is running on this database"):
        await Store.open(sqlite_url)
    await store.close()
    again = await Store.open(sqlite_url)
    await again.close()


async def test_a_link_to_a_database_that_is_in_use_is_kept_out_too(tmp_path: Path) -> None:
    first = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    (tmp_path / "link.db").symlink_to(tmp_path / "bot.db")
    with pytest.raises(database.DatabaseError, match="another marginbot is running"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'link.db'}")
    await first.close()


async def test_a_new_database_is_read_by_its_owner_only(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    modes = {entry.name: entry.stat().st_mode & 0o777 for entry in os.scandir(tmp_path)}
    await store.close()
    assert modes == dict.fromkeys(("bot.db", "bot.db-wal", "bot.db-shm", "bot.db.lock"), 0o600)


async def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(database.DatabaseError, match="cannot open the database"):
        await Store.open(f"sqlite+aiosqlite:///{file}")


async def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'folder' / 'test.db'}")
    await store.close()
    assert (tmp_path / "new" / "folder" / "test.db").exists()


async def test_commits_are_on_the_disk_and_values_of_a_wrong_type_are_refused(sqlite_url: str) -> None:
    engine = database.writer_engine(sqlite_url)
    await database.migrate(engine)
    async with engine.begin() as connection:
        assert (await connection.execute(text("PRAGMA synchronous"))).scalar() == 2  # FULL
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await connection.execute(
                text("INSERT INTO shares (token, owner_id, portfolio_id, shape, expires_at, document) "
                     "VALUES ('t', 'Ann', 1, 0, 0, '{}')")
            )  # fmt: skip
    await engine.dispose()


async def test_readers_cannot_write(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url)
    reading = database.reader_engine(sqlite_url)
    async with reading.connect() as connection:
        with pytest.raises(Exception, match="readonly"):
            await connection.execute(text("DELETE FROM inbox"))
    await reading.dispose()
    await store.close()


async def test_what_waits_while_the_store_closes_is_still_written(url: str) -> None:
    store = await Store.open(url)
    waiting = asyncio.create_task(store.move_chat(7, 1, 2))
    await asyncio.sleep(0)
    await store.close()
    await waiting
    with pytest.raises(RuntimeError, match="closed"):
        await store.move_chat(7, 1, 2)


async def test_a_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(database.DatabaseError, match="needs the package asyncpg"):
        await Store.open("postgresql+asyncpg://somebody@127.0.0.1/nowhere")
