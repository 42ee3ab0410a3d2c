"""The state file: one SQLite table of named JSON records and one of file contents, written in batches.

The server keeps everything in memory; this is what a restart reads. A record is replaced as a whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

Record = tuple[str, str, str | bytes | None]
"""Kind, key and value (JSON text, a file's bytes, or None to strike the record off)."""

LOCK_SECONDS = 0.5
"""How long the file is waited for: its last user may be about to end."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, key TEXT NOT NULL, value ANY NOT NULL, PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID
"""


class StateError(Exception):
    """The state file cannot be used; the text says why."""


class Store:
    """The state file at `path`; made when it is not there yet. StateError when it cannot be used.

    It belongs to one process at a time: two would write over each other what they keep in memory.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Batches are written from a worker thread, one at a time.
            self._connection = sqlite3.connect(path, timeout=LOCK_SECONDS, check_same_thread=False)
            for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL"):
                self._connection.execute(f"PRAGMA {setting}")
            self._connection.execute(_SCHEMA)
            self._connection.commit()
        except (OSError, sqlite3.Error) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise StateError(f"another local chat keeps its state in {path}") from None
            raise StateError(f"cannot use the state file {path}: {error}") from None

    def load(self) -> list[Record]:
        """Every record of the file."""
        return self._connection.execute("SELECT kind, key, value FROM record ORDER BY kind, key").fetchall()

    def save(self, records: Iterable[Record]) -> None:
        """Write a batch in one transaction."""
        with self._connection:
            for kind, key, value in records:
                if value is None:
                    self._connection.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))
                else:
                    self._connection.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (kind, key, value))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
