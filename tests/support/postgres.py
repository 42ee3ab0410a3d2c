"""A PostgreSQL server of the tests' own on 127.0.0.1, from the programs that Debian's package puts on the machine."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tests.support.ports import free_port

FOUND: Final = "Storage tests ran on SQLite and on PostgreSQL."
LEFT_OUT: Final = "Storage tests ran on SQLite alone: no PostgreSQL server here (Debian: apt-get install postgresql)."
_UNSAFE: Final = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=40")
"""The data is thrown away anyway, and without them each database takes seconds."""


@lru_cache(maxsize=1)
def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest where there are several; None without a server."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    path = shutil.which("initdb")
    found = [folder for folder in reversed(debian) if (folder / "initdb").exists()]
    return found[0] if found else Path(path).resolve().parent if path else None


class Server:
    """Runs from `start` to `stop`. It refuses to run as root, so root lends it to the package's own user."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder
        self._data = Path(tempfile.mkdtemp(prefix="marginbot-pg-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self._data, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.port = free_port()

    def start(self) -> None:
        """Makes the cluster and waits until it answers."""
        self._run(
            "initdb", "-D", str(self._data / "db"), "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        options = " ".join(f"-c {setting}" for setting in (*_UNSAFE, "listen_addresses=127.0.0.1"))
        self._ctl("start", "-w", "-l", str(self._data / "log"), "-o", f"{options} -p {self.port} -k {self._data}")

    def stop(self) -> None:
        """Ends it and takes its files away."""
        self._ctl("stop", "-m", "immediate")
        shutil.rmtree(self._data, ignore_errors=True)

    def address(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+asyncpg://tests@127.0.0.1:{self.port}/{name}"

    def new_database(self, name: str) -> str:
        """Makes an empty database and gives its address."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tests", name)
        return self.address(name)

    def _ctl(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._data / "db"), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *arguments], cwd=self._data, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60, **self._as,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")
