"""Answers a second of the local chat's server: sendMessage with HTML and buttons, every check on.

A process of its own sends; the server is in this one, as it is for the bots of answers.py, whose rate of the same run
is the measure: the server shall not be what holds a bot back.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from bot.localchat import FloodLimits, LocalChat

MESSAGES = 2000
TOKEN = "3333333:" + "s" * 35
TEXT = (
    "<b>Isolated</b>: liquidation at <code>57,120.5</code>, 4.8 % below the mark price\n"
    "<b>Cross</b>: liquidation at <code>44,310.0</code>, 26.1 % below\n\n"
    "<blockquote expandable>initial margin = notional / leverage = 30,000 / 20 = <u>1,500 USDT</u>\n"
    "maintenance margin = 30,000 × 0.004 = <u>120 USDT</u></blockquote>\n"
    '<i>Not advice.</i> <a href="https://example.org/method">How it is computed</a> 📉'
)
KEYBOARD = [
    [{"text": f"Button {row}{column}", "callback_data": f"v1:{row}:{column}"} for column in "ab"] for row in "12"
]
NO_LIMIT = FloodLimits(rate=1e9, burst=10**9, group_minute=10**9, total=10**9)
"""Counts every call and refuses none."""


async def burst(chat: LocalChat) -> tuple[float, float]:
    """Calls answered a second, and processor milliseconds a call in this process."""
    bot = chat.bot(TOKEN)
    person = chat.person("Somebody")
    await person.send("/start", bot=bot)
    body = {"chat_id": person.id, "text": TEXT, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": KEYBOARD}}
    where = urlsplit(chat.url)
    with tempfile.TemporaryDirectory() as folder:
        message = Path(folder) / "message.json"
        message.write_text(json.dumps(body))
        command = ["benchmarks.load", str(where.hostname), str(where.port), f"/bot{TOKEN}/sendMessage", str(message)]
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *command, str(MESSAGES), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert child.stdin is not None
        assert child.stdout is not None
        await child.stdout.readline()
        used, started = time.process_time(), time.perf_counter()
        child.stdin.write(b"go\n")
        if await child.wait():
            raise RuntimeError("the load was refused")
        seconds, used = time.perf_counter() - started, time.process_time() - used
    return MESSAGES / seconds, used / MESSAGES * 1000


async def alone() -> None:
    """The server without the bots, for work on its speed."""
    chat = LocalChat("127.0.0.1:0", flood=NO_LIMIT)
    await chat.start()
    for _ in range(4):
        rate, cost = await burst(chat)
        print(f"server answers/s: {rate:.0f}; processor {cost:.3f} ms a call")
    await chat.stop()


if __name__ == "__main__":
    asyncio.run(alone())
