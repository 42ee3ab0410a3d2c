"""Killed without warning, again and again, while two people chat: nothing is lost, and nothing happens twice.

The server stays; the bot is a process of its own, as in real life.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
from pathlib import Path

import pytest

from bot.localchat import BotView, LocalChat, PersonView
from bot.storage.portfolios import Portfolio
from tests.support.bots import TOKEN

ROUNDS = 50 if os.environ.get("MARGINBOT_SOAK") else 5
COINS = {"BTC": "64k", "ETH": "3100", "SOL": "150", "BNB": "600", "AVAX": "25", "LINK": "15", "LTC": "90", "BCH": "400"}


class Killed:
    """The bot as a process, which can be killed and started again on the same database."""

    def __init__(self, root: str, folder: Path) -> None:
        self._environment = os.environ | {
            "MARGINBOT_TOKEN": TOKEN,
            "MARGINBOT_API_URL": root,
            "MARGINBOT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.db'}",
            "MARGINBOT_PACING": "off",
        }
        self._log = folder / "bot.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self._environment, stdout=log, stderr=log
            )

    async def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        assert self._process is not None
        self._process.terminate()
        return await self._process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text()


async def one_trade(person: PersonView, bot: BotView, coin: str, price: str) -> None:
    """Asks about a trade and saves it; waits for the answer to each, however often the bot dies meanwhile."""
    await person.send(f"long 100 margin {coin} {price} 10x iso wallet 5000", bot=bot)
    card = await person.wait_for(lambda m: m.from_bot and bool(m.find("Save")) and f"{coin} " in m.text, timeout=90)
    await person.tap(card, "Save", wait=False)
    await person.wait_for(lambda m: m.id >= card.id and "Saved" in m.text and f"{coin} " in m.text, timeout=90)


async def chatting(person: PersonView, bot: BotView) -> None:
    for coin, price in COINS.items():
        await one_trade(person, bot, coin, price)
        await person.send("/help", bot=bot)
    await person.wait_for(lambda m: m.id == person.messages[-1].id and m.from_bot, timeout=90)


async def killing(killed: Killed, rounds: int, dice: random.Random) -> None:
    for _ in range(rounds):
        await asyncio.sleep(dice.uniform(0.6, 2.2))  # sometimes before it is ready, sometimes in the middle of things
        await killed.kill()
        await killed.start()


@pytest.mark.timeout(60 + 30 * ROUNDS)
async def test_every_message_is_answered_and_every_saved_change_happens_once(chat: LocalChat, tmp_path: Path) -> None:
    dice = random.Random()
    killed = Killed(chat.url, tmp_path)
    bot = chat.bot(TOKEN)
    await killed.start()
    people = [chat.person("Ann"), chat.person("Ben")]
    reaper = asyncio.create_task(killing(killed, ROUNDS, dice))
    asked = 0
    try:
        while not reaper.done():
            folk = [chat.person(f"{person.person.first_name} {asked}") for person in people]
            await asyncio.gather(*(chatting(person, bot) for person in folk))
            for person in folk:
                check_answers(person)
            check_portfolios(tmp_path / "bot.db", [person.id for person in folk])
            asked += 1
        await reaper
    finally:
        reaper.cancel()
        await asyncio.gather(reaper, return_exceptions=True)
        ended = await killed.stop()
    assert ended == 0, killed.log


def check_answers(person: PersonView) -> None:
    """Every message has at least one answer; repeats are rare, so most have just one."""
    sent = [message for message in person.messages if not message.from_bot]
    answers = [message for message in person.messages if message.from_bot]
    assert len(answers) >= len(sent) == 2 * len(COINS)
    assert len(answers) <= len(sent) + ROUNDS


def check_portfolios(database: Path, owners: list[int]) -> None:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = {
            owner: (Portfolio.model_validate_json(document), version)
            for owner, document, version in connection.execute("SELECT owner_id, document, version FROM portfolios")
        }
    connection.close()
    for owner in owners:
        portfolio, version = rows[owner]
        assert sorted(position.symbol for position in portfolio.positions) == sorted(f"{coin}USDT" for coin in COINS)
        assert version == len(COINS)  # each save was applied exactly once
