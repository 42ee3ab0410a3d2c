"""`marginbot db`: up to date, checked, backed up while the bot writes, restored, moved; a refusal changes nothing."""

import asyncio
import hashlib
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.__main__ import main
from bot.storage import database
from bot.storage.inbox import Received
from bot.storage.store import Store
from bot.storage.tables import metadata
from bot.storage.upkeep.backups import backup
from bot.storage.upkeep.revisions import known
from tests.bot.conftest import BACKENDS
from tests.support.rows import contents, fill

BOT = 7
ROWS = 1100  # more than two batches


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARGINBOT_DATABASE_URL", url)
    monkeypatch.delenv("MARGINBOT_TOKEN", raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


only_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("url", BACKENDS[1:], indirect=True)


def filled(url: str, rows: int = 3, version: str = "head") -> None:
    """A database of that version with rows in every table."""

    async def make() -> None:
        engine = database.writer_engine(url)
        await database.migrate(engine, version)
        async with engine.begin() as connection:
            await connection.run_sync(fill, rows)
        await engine.dispose()

    asyncio.run(make())


def inside(url: str) -> dict[str, list[dict[str, Any]]]:
    """All that is in a database."""

    async def look() -> dict[str, list[dict[str, Any]]]:
        engine = database.reader_engine(url)
        async with engine.connect() as connection:
            found = await connection.run_sync(contents)
        await engine.dispose()
        return found

    return asyncio.run(look())


def done(url: str, *statements: str) -> None:
    async def work() -> None:
        engine = database.writer_engine(url)
        async with engine.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement))
        await engine.dispose()

    asyncio.run(work())


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `marginbot db ...` and gives its exit code, output and errors."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["db", *map(str, words)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_upgrading_says_from_where_to_where(url: str, said: Any) -> None:
    newest = known()[-1]
    assert said("upgrade") == (0, f"from version none to {newest}\n", "")
    assert said("upgrade") == (0, f"at version {newest} already\n", "")


def test_tables_of_a_later_version_are_left_alone(url: str, said: Any) -> None:
    filled(url)
    done(url, "UPDATE alembic_version SET version_num = '9999'")
    before = inside(url)
    code, out, err = said("upgrade")
    assert (code, out) == (2, "")
    assert err == f"db upgrade: its tables are of version 9999, later than this program's {known()[-1]}\n"
    assert inside(url) == before
    code, out, _ = said("check")
    assert code == 1
    assert f"wrong version: 9999, later than this program's {known()[-1]}" in out


def test_a_sound_database_passes_the_check_line_by_line(url: str, said: Any) -> None:
    filled(url)
    code, out, err = said("check")
    assert (code, err) == (0, "")
    assert all(line.startswith("ok    ") for line in out.splitlines())
    assert f"ok    version: {known()[-1]}, the newest\nok    tables: as they should be\n" in out
    for table in metadata.tables.values():
        if {"document", "draft"} & set(table.columns.keys()):
            assert f"ok    {table.name}: 3 can be read\n" in out
    assert "ok    inbox: 2 can be read\n" in out  # the second of three is done


def test_the_check_finds_what_is_wrong_and_shows_nothing_of_it(url: str, said: Any) -> None:
    filled(url, rows=8)
    done(
        url,
        "DROP INDEX portfolios_owner",
        """UPDATE portfolios SET document = '{"venue": "SECRET", "wallet": {"USDT": "lots"}}'""",
        "UPDATE shares SET document = 'SECRET' WHERE owner_id = 4",
        """UPDATE group_settings SET document = '{"language": 5}'""",
    )
    code, out, _ = said("check")
    assert code == 1
    assert "wrong tables: 1 differences from what the program made\n" in out
    assert "wrong portfolios: 8 of 8 cannot be read: 1, 2, 3, 4, 5, …\n" in out
    assert "wrong shares: 1 of 8 cannot be read: …\n" in out  # its key opens the share
    assert "wrong group_settings: 8 of 8 cannot be read: " in out
    assert "SECRET" not in out


def test_an_older_database_is_told_how_to_become_newer(url: str, said: Any) -> None:
    filled(url, version="0001")
    code, out, _ = said("check")
    assert code == 1
    assert f"wrong version: 0001 of {known()[-1]}; run `marginbot db upgrade` first\n" in out


@only_sqlite
def test_a_damaged_file_does_not_pass(url: str, file: Path, said: Any) -> None:
    filled(url, rows=200)
    damage(file)
    code, out, _ = said("check")
    assert code == 1
    assert "wrong file: damaged" in out


def damage(file: Path) -> None:
    with file.open("r+b") as handle:
        handle.seek(file.stat().st_size // 4096 // 2 * 4096 + 8)
        handle.write(b"\xff" * 200)


@only_sqlite
def test_a_database_that_is_not_there_is_not_made(file: Path, said: Any) -> None:
    for words in (["check"], ["backup", "copy.db"], ["move", "--to", f"sqlite+aiosqlite:///{file}.other"]):
        assert said(*words) == (2, "", f"db {words[0]}: there is no database at {file}\n")
    assert not file.exists()


@only_sqlite
async def test_a_backup_is_one_moment_of_a_bot_that_goes_on_writing(url: str, tmp_path: Path) -> None:
    store = await Store.open(url)
    stop = asyncio.Event()

    async def work() -> int:
        batch = 0
        while not stop.is_set():
            batch += 1
            await store.receive(BOT, [Received(update_id=batch * 10 + n, lane="-", payload="{}") for n in range(10)])
        return batch

    working = asyncio.create_task(work())
    await store.receive(BOT, [Received(update_id=n, lane="-", payload="{}") for n in range(10)])
    counts = []
    for number in range(5):
        copy = tmp_path / f"copy{number}.db"
        await asyncio.to_thread(backup, url, copy)
        with closing(sqlite3.connect(copy)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            counts.append(opened.execute("SELECT count(*) FROM inbox").fetchone()[0])
    stop.set()
    assert await working * 10 + 10 >= counts[-1] > 0
    assert all(count % 10 == 0 for count in counts)  # a batch is there, or it is not
    assert counts == sorted(counts)
    await store.close()
    assert sorted(os.listdir(tmp_path)) == [*(f"copy{number}.db" for number in range(5)), "test.db", "test.db.lock"]


@only_sqlite
def test_a_backup_comes_back_and_what_came_after_it_is_gone(url: str, file: Path, said: Any, tmp_path: Path) -> None:
    filled(url)
    before = inside(url)
    code, out, err = said("backup", "copy.db")
    assert (code, out, err) == (0, f"copy.db: {(tmp_path / 'copy.db').stat().st_size:,} bytes\n", "")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    done(url, "DELETE FROM portfolios", "UPDATE cards SET flow = 'later'")
    assert said("restore", "copy.db") == (0, "restored from copy.db\n", "")
    assert inside(url) == before
    assert said("check")[0] == 0


@only_sqlite
def test_a_log_that_a_killed_bot_left_does_not_get_into_what_is_restored(
    url: str, file: Path, said: Any, tmp_path: Path
) -> None:
    filled(url)
    before = inside(url)
    said("backup", "copy.db")
    done(url, "DELETE FROM portfolios")
    with closing(sqlite3.connect(file)) as killed:  # as after kill -9: the last commits stand in the log alone
        killed.execute("PRAGMA wal_autocheckpoint=0")
        killed.execute("UPDATE cards SET flow = 'in the log'")
        killed.commit()
        left = {path.name: path.read_bytes() for path in (file, file.with_name("test.db-wal"))}
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    assert {row["flow"] for row in inside(url)["cards"]} == {"in the log"}
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    assert said("restore", "copy.db")[0] == 0
    assert inside(url) == before


@only_sqlite
def test_a_backup_of_an_older_version_is_brought_up_to_date(url: str, said: Any, tmp_path: Path) -> None:
    filled(f"sqlite+aiosqlite:///{tmp_path / 'old.db'}", version="0001")
    assert said("restore", "old.db")[0] == 0
    assert said("check")[0] == 0
    assert len(inside(url)["portfolios"]) == 3


@only_sqlite
def test_a_file_that_cannot_be_restored_leaves_everything_as_it_was(url: str, said: Any, tmp_path: Path) -> None:
    filled(url)
    before = inside(url)
    (tmp_path / "letter").write_text("Dear Sir or Madam, " * 500)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.commit()
    for name in ("later.db", "damaged.db", "unread.db"):
        filled(f"sqlite+aiosqlite:///{tmp_path / name}", rows=200)
    done(f"sqlite+aiosqlite:///{tmp_path / 'later.db'}", "UPDATE alembic_version SET version_num = '9999'")
    done(f"sqlite+aiosqlite:///{tmp_path / 'unread.db'}", "UPDATE portfolios SET document = '{}}' WHERE id = 5")
    damage(tmp_path / "damaged.db")
    for name, reason in {
        "letter": "db restore: cannot copy letter: file is not a database",
        "other.db": "db restore: the backup is none of marginbot's databases",
        "later.db": "db restore: its tables are of version 9999, later than this program's",
        "damaged.db": "db restore: damaged.db is not sound, nothing was changed: file: damaged",
        "unread.db": "is not sound, nothing was changed: portfolios: 1 of 200 cannot be read: 5",
        "test.db": "db restore: test.db is the database itself",
        "nowhere.db": "db restore: there is no file nowhere.db",
    }.items():
        code, out, err = said("restore", name)
        assert (code, out) == (2, "")
        assert reason in err
        assert inside(url) == before
    assert not list(tmp_path.glob("*.part*"))


@only_sqlite
async def test_while_a_bot_runs_nothing_is_restored_moved_or_upgraded(url: str, tmp_path: Path) -> None:
    store = await Store.open(url)
    await asyncio.to_thread(backup, url, tmp_path / "copy.db")
    for words in (["upgrade"], ["restore", "copy.db"], ["move", "--to", f"sqlite+aiosqlite:///{tmp_path / 'b.db'}"]):
        command = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "db", *words),
            stderr=asyncio.subprocess.PIPE,
            env={"PYTHONPATH": str(Path(__file__).parents[3]), "MARGINBOT_DATABASE_URL": url, "HOME": str(tmp_path)},
        )
        _, err = await command.communicate()
        assert err == f"db {words[0]}: another marginbot is running on this database (test.db)\n".encode()
        assert command.returncode == 2
    assert not (tmp_path / "b.db").exists()
    await store.close()


@only_sqlite
def test_a_backup_replaces_no_file_and_names_a_folder_that_is_not_there(url: str, said: Any, tmp_path: Path) -> None:
    filled(url)
    (tmp_path / "mine.txt").write_text("mine")
    assert said("backup", "mine.txt") == (2, "", "db backup: mine.txt is there already; name a file that is not\n")
    assert (tmp_path / "mine.txt").read_text() == "mine"
    code, _, err = said("backup", "nowhere/copy.db")
    assert code == 2
    assert err.startswith("db backup: cannot write nowhere/copy.db.")
    assert err.endswith(".part: No such file or directory\n")
    long = "x" * 300
    for doing in ("backup", "restore"):
        assert said(doing, long) == (2, "", f"db {doing}: cannot use {long}: File name too long\n")


@only_postgresql
def test_postgresql_is_left_to_its_own_tools(said: Any) -> None:
    for doing, tool in {"backup": "pg_dump --format=custom", "restore": "pg_restore --clean --if-exists"}.items():
        code, out, err = said(doing, "copy.db")
        assert (code, out) == (2, "")
        assert err == f"db {doing}: is for a SQLite file; for PostgreSQL there is `{tool}`\n"


@pytest.mark.parametrize("backend", BACKENDS)
def test_everything_moves_digit_for_digit_and_the_numbering_goes_on(
    request: pytest.FixtureRequest, url: str, backend: str, said: Any, tmp_path: Path
) -> None:
    target = f"sqlite+aiosqlite:///{tmp_path / 'target.db'}"
    if backend == "postgresql":
        target = request.getfixturevalue("postgres").new_database(f"target{abs(hash(url))}")
    filled(url, ROWS)
    # As after long use: the highest numbers were given, and their rows are gone.
    done(url, *(_given(url, table, 5000) for table in ("inbox", "portfolios")))
    before = inside(url)
    code, out, err = said("move", "--to", target)
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert [line[:3] for line in lines[:-1]] == [[t.name, f"{ROWS:,}", "rows"] for t in metadata.sorted_tables]
    assert len({line[3] for line in lines[:-1]}) == len(lines) - 1
    assert lines[-1][:3] == ["moved", "to", f"{target};"]
    assert inside(url) == inside(target) == before
    done(target, "INSERT INTO inbox (bot_id, update_id, lane, payload, received_at) VALUES (1, 99999, '-', '{}', 0)")
    assert max(row["serial"] for row in inside(target)["inbox"]) == 5001
    code, out, err = said("move", "--to", target)
    assert (code, out) == (2, "")
    first = metadata.sorted_tables[0].name
    assert err == f"db move: the target is not empty: there are rows in its table {first}\n"


def _given(url: str, table: str, number: int) -> str:
    if url.startswith("sqlite"):
        return f"UPDATE sqlite_sequence SET seq = {number} WHERE name = '{table}'"
    column = "serial" if table == "inbox" else "id"
    return f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {number})"


@only_sqlite
def test_a_move_that_cannot_be_leaves_both_as_they_were(url: str, file: Path, said: Any, tmp_path: Path) -> None:
    filled(url)
    done(url, "UPDATE alembic_version SET version_num = '0001'")
    before = hashlib.sha256(file.read_bytes()).digest()
    target = f"sqlite+aiosqlite:///{tmp_path / 'target.db'}"
    for to, reason in {
        "postgres://ann:secret@127.0.0.1/x": "--to must start with sqlite+aiosqlite:/// or postgresql+asyncpg://",
        url: "the target is the database itself",
        target: f"the database is at version 0001 of {known()[-1]}; run `marginbot db upgrade` first",
    }.items():
        code, out, err = said("move", "--to", to)
        assert (code, out) == (2, "")
        assert err.startswith(f"db move: {reason}")
        assert err.count("\n") == 1
        assert "secret" not in err
    assert hashlib.sha256(file.read_bytes()).digest() == before


def test_the_passwords_are_not_shown() -> None:
    from bot.storage.upkeep.moving import shown

    assert shown("postgresql+asyncpg://ann:secret@db.example/marginbot") == (
        "postgresql+asyncpg://ann:***@db.example/marginbot"
    )


@only_sqlite
def test_an_address_that_cannot_be_read_is_refused_without_a_part_of_its_password(
    url: str, said: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(url)
    unread = "postgresql+asyncpg://ann:p@ss:w0rd@db.example/marginbot"  # the password's own @ and : end it too early
    code, out, err = said("move", "--to", unread)
    assert (code, out) == (2, "")
    assert err.startswith("db move: --to its address cannot be read: ")
    monkeypatch.setenv("MARGINBOT_DATABASE_URL", unread)
    monkeypatch.setenv("MARGINBOT_TOKEN", f"1:{'x' * 35}")
    for doing in ("upgrade", "check", "backup"):
        code, out, refusal = said(doing, *(["copy.db"] if doing == "backup" else []))
        assert (code, out) == (2, "")
        assert refusal.startswith(f"db {doing}: its address cannot be read: ")
        err += refusal
    assert main(["run"]) == 2
    started = capsys.readouterr().err
    assert started.startswith("MARGINBOT_DATABASE_URL: its address cannot be read: ")
    assert "w0rd" not in err + started
