"""`marginbot db ...`: what who runs the bot does with its database, on the terminal. See docs/running.md."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.settings import SettingsError, load, usable_database
from bot.storage.database import DatabaseError
from bot.storage.upkeep.backups import NotBySqlite, backup, restore
from bot.storage.upkeep.checking import check
from bot.storage.upkeep.moving import move, shown
from bot.storage.upkeep.revisions import upgrade

DONE: Final = 0
WRONG: Final = 1
REFUSED: Final = 2


def main(options: argparse.Namespace) -> int:
    """Runs the command `options.doing` on the database of the settings. Result: the exit code."""
    try:
        return _DOING[options.doing](load().database_url, options)
    except NotBySqlite:
        tool = {"backup": "pg_dump --format=custom", "restore": "pg_restore --clean --if-exists"}[options.doing]
        return _refuse(f"db {options.doing}: is for a SQLite file; for PostgreSQL there is `{tool}`")
    except (DatabaseError, SettingsError) as error:
        return _refuse(f"db {options.doing}: {error}")
    except OSError as error:  # such as a file name that is too long
        return _refuse(f"db {options.doing}: cannot use {error.filename}: {error.strerror}")


def _upgrade(url: str, _options: argparse.Namespace) -> int:
    done = asyncio.run(upgrade(url))
    if done.before == done.after:
        print(f"at version {done.after} already")
    else:
        print(f"from version {done.before or 'none'} to {done.after}")
    return DONE


def _check(url: str, _options: argparse.Namespace) -> int:
    found = asyncio.run(check(url))
    for finding in found:
        print(f"{'ok   ' if finding.good else 'wrong'} {finding.line}")
    return DONE if all(finding.good for finding in found) else WRONG


def _backup(url: str, options: argparse.Namespace) -> int:
    size = backup(url, Path(options.file))
    print(f"{options.file}: {size:,} bytes")
    return DONE


def _restore(url: str, options: argparse.Namespace) -> int:
    bad = [finding.line for finding in asyncio.run(restore(url, Path(options.file))) if not finding.good]
    if bad:
        return _refuse(f"db restore: {options.file} is not sound, nothing was changed: {'; '.join(bad)}")
    print(f"restored from {options.file}")
    return DONE


def _move(url: str, options: argparse.Namespace) -> int:
    try:
        target = usable_database(options.to)
        place = shown(target)
    except (ValueError, DatabaseError) as error:
        return _refuse(f"db move: --to {error}")
    for moved in asyncio.run(move(url, target)):
        print(f"{moved.table:16} {moved.rows:>9,} rows  {moved.checksum}")
    print(f"moved to {place}; set MARGINBOT_DATABASE_URL to it")
    return DONE


_DOING: Final[dict[str, Callable[[str, argparse.Namespace], int]]] = {
    "upgrade": _upgrade,
    "check": _check,
    "backup": _backup,
    "restore": _restore,
    "move": _move,
}


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return REFUSED
