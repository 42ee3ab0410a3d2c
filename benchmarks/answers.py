"""Answers a second: our bot on real questions, durability on and pacing off, beside a bare echo on the stock library.

Both run as processes of their own against the same Bot API server in this one. Each gets the same messages at once
from many people; the clock runs from the first message handed over to the last answer received. Between their turns the
server is measured by itself (local_chat.py).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import local_chat
from bot.localchat import LocalChat

PEOPLE = 40
EACH = 10
ROUNDS = 5
QUESTION = "long 0.5 btc {}k 20x iso, wallet 10k, liq?"
OURS = [sys.executable, "-m", "bot", "run"]
OUR_TOKEN = "1111111:" + "o" * 35
PEER_TOKEN = "2222222:" + "p" * 35


async def main() -> None:
    chat = LocalChat("127.0.0.1:0", flood=local_chat.NO_LIMIT)
    root = await chat.start()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "MARGINBOT_TOKEN": OUR_TOKEN,
            "MARGINBOT_API_URL": root,
            "MARGINBOT_DATABASE_URL": f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}",
            "MARGINBOT_PACING": "off",
        }
        peer = [sys.executable, "-m", "benchmarks.echo_bot", root, PEER_TOKEN]
        async with process(peer, {}) as echo, process(OURS, environment) as ours:
            runs: dict[str, list[Run]] = {"marginbot": [], "echo": [], "server": []}
            for number in range(ROUNDS + 1):
                for name, token, child in (("marginbot", OUR_TOKEN, ours), ("echo", PEER_TOKEN, echo)):
                    run = await burst(chat, token, child)
                    if number:  # the first round warms both up
                        runs[name].append(run)
                server = Run(*await local_chat.burst(chat))
                if number:
                    runs["server"].append(server)
    await chat.stop()
    report(runs)


@dataclass(frozen=True)
class Run:
    """One burst: answers a second, and processor milliseconds an answer."""

    rate: float
    cost: float


def report(runs: dict[str, list[Run]]) -> None:
    ratios = [ours.rate / echo.rate for ours, echo in zip(runs["marginbot"], runs["echo"], strict=True)]
    for name, bursts in runs.items():
        rates = [run.rate for run in bursts]
        cost = statistics.median(run.cost for run in bursts)
        spread = f"(min {min(rates):.0f}, max {max(rates):.0f})"
        print(f"{name:10} answers/s: median {statistics.median(rates):.0f} {spread}; processor {cost:.2f} ms an answer")
    print(f"marginbot / echo, round by round: median {statistics.median(ratios):.2f}"
          f"  (min {min(ratios):.2f}, max {max(ratios):.2f}; aim: at least 0.50)")  # fmt: skip
    ratios = [server.rate / ours.rate for server, ours in zip(runs["server"], runs["marginbot"], strict=True)]
    print(f"server / marginbot, round by round: median {statistics.median(ratios):.2f}"
          f"  (min {min(ratios):.2f}, max {max(ratios):.2f}; aim: at least 3)")  # fmt: skip


@asynccontextmanager
async def process(command: Sequence[str], environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that is ended, politely, at the end."""
    child = await asyncio.create_subprocess_exec(
        *command, env=os.environ | environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.terminate()
            await child.wait()


def processor_seconds(child: asyncio.subprocess.Process) -> float:
    """User and system time of a process so far (Linux)."""
    fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def burst(chat: LocalChat, token: str, child: asyncio.subprocess.Process) -> Run:
    """Hands over all messages at once and waits for the answers."""
    bot = chat.bot(token)
    people = [chat.person(f"Person {number}") for number in range(PEOPLE)]
    chat.calls.clear()
    used, started = processor_seconds(child), time.perf_counter()
    for number in range(EACH):
        for person in people:
            await person.send(QUESTION.format(60 + number), bot=bot)
    async with asyncio.timeout(120):
        while answered(chat, bot.id) < PEOPLE * EACH:
            await asyncio.sleep(0.005)
            if child.returncode is not None:
                raise RuntimeError(f"a bot ended by itself (exit code {child.returncode})")
    seconds, used = time.perf_counter() - started, processor_seconds(child) - used
    return Run(rate=PEOPLE * EACH / seconds, cost=used / (PEOPLE * EACH) * 1000)


def answered(chat: LocalChat, bot_id: int) -> int:
    return sum(call.bot_id == bot_id and call.method.lower() == "sendmessage" for call in chat.calls)
