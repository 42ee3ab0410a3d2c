"""The server on its own: prints its address, stops at a signal, keeps its state."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

PROGRAM = """
import asyncio, sys
from pathlib import Path
from bot.localchat import serve
asyncio.run(serve("127.0.0.1:0", Path(sys.argv[1])))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_is_and_stops_cleanly_at_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    state = tmp_path / "state.sqlite"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        str(state),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    assert "http://127.0.0.1:" in line
    process.send_signal(number)
    _, errors = await asyncio.wait_for(process.communicate(), 10)
    assert (process.returncode, errors) == (0, b"")
    assert await asyncio.to_thread(state.exists)
