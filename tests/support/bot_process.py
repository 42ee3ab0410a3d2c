"""The bot as a process of its own, which can be killed and started again on the same database."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from tests.support.bots import TOKEN


class BotProcess:
    """`more` are further settings, by their environment variables."""

    def __init__(self, root: str, database: str, log: Path, **more: str) -> None:
        self._environment = os.environ | {
            "MARGINBOT_TOKEN": TOKEN,
            "MARGINBOT_API_URL": root,
            "MARGINBOT_DATABASE_URL": database,
            "MARGINBOT_PACING": "off",
            **more,
        }
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Begins; the process is ready some time later."""
        self._before = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self._environment, stdout=log, stderr=log
            )

    async def ready(self) -> None:
        """Waits until it says that it takes updates, or has ended."""
        assert self._process is not None
        while True:
            if self._process.returncode is not None or b" is ready" in self._log.read_bytes()[self._before :]:
                return
            await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        assert self._process.returncode is None, f"it has ended by itself:\n{self.log}"
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """Asks it to end (SIGTERM). Result: its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self._process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text()
