"""The state file: one SQLite table of named JSON records and one of file contents, written in batches.

The server keeps everything in memory; this is what a restart reads. A record is replaced as a whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

Record = tuple[str, str, str | bytes | None]
"""Kind, key and value (JSON text, a file's bytes, or None to strike the record off)."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, key TEXT NOT NULL, value ANY NOT NULL, PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID
"""


class Store:
    """The state file at `path`; made when it is not there yet."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Batches are written from a worker thread, one at a time.
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(_SCHEMA)
        self._connection.commit()

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
