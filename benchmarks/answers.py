"""Answers a second: our bot on real questions, durability on and pacing off, beside a bare echo on the stock library.

Both run as processes of their own against the same Bot API server in this one. Each gets the same messages at once
from many people; the clock runs from the first message handed over to the last answer received.
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
from pathlib import Path

from bot.localchat import LocalChat

PEOPLE = 40
EACH = 10
ROUNDS = 5
QUESTION = "long 0.5 btc {}k 20x iso, wallet 10k, liq?"
OURS = [sys.executable, "-m", "bot", "run"]
OUR_TOKEN = "1111111:" + "o" * 35
PEER_TOKEN = "2222222:" + "p" * 35


async def main() -> None:
    chat = LocalChat("127.0.0.1:0")
    root = await chat.start()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "MARGINBOT_TOKEN": OUR_TOKEN,
            "MARGINBOT_API_URL": root,
            "MARGINBOT_DATABASE_URL": f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}",
            "MARGINBOT_PACING": "off",
        }
        peer = [sys.executable, "-m", "benchmarks.echo_bot", root, PEER_TOKEN]
        async with process(peer, {}), process(OURS, environment):
            rates: dict[str, list[float]] = {"marginbot": [], "echo": []}
            for number in range(ROUNDS + 1):
                ours = await burst(chat, OUR_TOKEN)
                echo = await burst(chat, PEER_TOKEN)
                if number:  # the first round warms both up
                    rates["marginbot"].append(ours)
                    rates["echo"].append(echo)
    await chat.stop()
    report(rates)


def report(rates: dict[str, list[float]]) -> None:
    ratios = [ours / echo for ours, echo in zip(rates["marginbot"], rates["echo"], strict=True)]
    for name, values in rates.items():
        middle = statistics.median(values)
        print(f"{name:10} answers/s: median {middle:6.0f}  (min {min(values):.0f}, max {max(values):.0f})")
    print(f"marginbot / echo, round by round: median {statistics.median(ratios):.2f}"
          f"  (min {min(ratios):.2f}, max {max(ratios):.2f}; aim: at least 0.50)")  # fmt: skip


@asynccontextmanager
async def process(command: Sequence[str], environment: dict[str, str]) -> AsyncIterator[None]:
    """A process that is ended, politely, at the end."""
    child = await asyncio.create_subprocess_exec(
        *command, env=os.environ | environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        child.terminate()
        await child.wait()


async def burst(chat: LocalChat, token: str) -> float:
    """Hands over all messages at once. Result: answers a second."""
    bot = chat.bot(token)
    people = [chat.person(f"Person {number}") for number in range(PEOPLE)]
    chat.calls.clear()
    started = time.perf_counter()
    for number in range(EACH):
        for person in people:
            await person.send(QUESTION.format(60 + number), bot=bot)
    async with asyncio.timeout(120):
        while answered(chat, bot.id) < PEOPLE * EACH:  # noqa: ASYNC110 - other processes do the answering
            await asyncio.sleep(0.005)
    return PEOPLE * EACH / (time.perf_counter() - started)


def answered(chat: LocalChat, bot_id: int) -> int:
    return sum(call.bot_id == bot_id and call.method.lower() == "sendmessage" for call in chat.calls)
