"""Killed without warning, again and again, while people chat: nothing is lost, and nothing happens twice.

The server stays; the bot is a process of its own, as in real life: one that polls on SQLite, three by webhook behind a
balancer on PostgreSQL. What the people did is the ledger that the database is held against.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.localchat import BotView, LocalChat, PersonView
from bot.storage import database
from bot.storage.portfolios import Portfolio
from tests.support.balancer import Balancer
from tests.support.bot_process import BotProcess
from tests.support.bots import TOKEN
from tests.support.ports import free_port

ROUNDS = 200 if os.environ.get("MARGINBOT_SOAK") else 5
PAUSES = (1.0, 9.0) if os.environ.get("MARGINBOT_SOAK") else (0.3, 2.0)
"""Seconds that a bot has before it is killed."""
STILLBORN = 0.2
"""How often it is killed before it is ready."""
WORKERS = 3
EVERYBODY = 0.2
"""How often all workers are killed at once."""
PATIENCE = 240.0
"""Seconds: when all were killed, three start anew, and the server may try the webhook again half a minute later."""
COINS = {"BTC": "64k", "ETH": "3100", "SOL": "150", "BNB": "600", "AVAX": "25", "LINK": "15", "LTC": "90", "BCH": "400"}


@asynccontextmanager
async def processes(chat: LocalChat, url: str, folder: Path) -> AsyncIterator[list[BotProcess]]:
    """One bot that polls; on PostgreSQL several, to which a balancer hands the webhook's calls."""
    if url.startswith("sqlite"):
        yield [BotProcess(chat.url, url, folder / "bot.log")]
        return
    ports = [free_port() for _ in range(WORKERS)]
    async with Balancer(ports) as balancer:
        hook = {
            "MARGINBOT_WEBHOOK_URL": f"http://127.0.0.1:{balancer.port}/hook",
            "MARGINBOT_WEBHOOK_SECRET": "secret",
        }
        yield [
            BotProcess(chat.url, url, folder / f"{port}.log", MARGINBOT_LISTEN=f"127.0.0.1:{port}", **hook)
            for port in ports
        ]


async def one_trade(person: PersonView, bot: BotView, coin: str, price: str) -> None:
    """Asks about a trade and saves it; waits for the answer to each, however often the bot dies meanwhile."""
    await person.send(f"long 100 margin {coin} {price} 10x iso wallet 5000", bot=bot)
    card = await person.wait_for(
        lambda m: m.from_bot and bool(m.find("Save")) and f"{coin} " in m.text, timeout=PATIENCE
    )
    await person.tap(card, "Save", wait=False)
    await person.wait_for(lambda m: m.id >= card.id and "Saved" in m.text and f"{coin} " in m.text, timeout=PATIENCE)


async def chatting(person: PersonView, bot: BotView) -> None:
    for coin, price in COINS.items():
        await one_trade(person, bot, coin, price)
        await person.send("/help", bot=bot)
    await person.wait_for(lambda m: m.id == person.messages[-1].id and m.from_bot, timeout=PATIENCE)


async def killing(killed: Sequence[BotProcess], dice: random.Random) -> None:
    for _ in range(ROUNDS):
        victims = killed if dice.random() < EVERYBODY else [dice.choice(killed)]
        if dice.random() > STILLBORN:
            await asyncio.gather(*(victim.ready() for victim in victims))
        await asyncio.sleep(dice.uniform(*PAUSES))
        for victim in victims:
            await victim.kill()
            await victim.start()


@pytest.mark.timeout(600 + 30 * ROUNDS)
async def test_every_message_is_answered_and_every_saved_change_happens_once(
    chat: LocalChat, url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    dice = random.Random()
    bot = chat.bot(TOKEN)
    answers = doubled = turn = 0
    began = time.monotonic()
    async with processes(chat, url, tmp_path) as bots:
        for process in bots:
            await process.start()
        reaper = asyncio.create_task(killing(bots, dice))
        try:
            while not reaper.done():
                folk = [chat.person(f"{name} {turn}") for name in ("Ann", "Ben", "Cem")]
                await asyncio.gather(*(chatting(person, bot) for person in folk))
                for person in folk:
                    more = twice(person)
                    answers, doubled = answers + 2 * len(COINS) + more, doubled + more
                await check_portfolios(url, [person.id for person in folk])
                turn += 1
            await reaper
        except AssertionError as problem:
            raise AssertionError("\n".join([str(problem), *(process.log for process in bots)])) from None
        finally:
            reaper.cancel()
            await asyncio.gather(reaper, return_exceptions=True)
            ended = [await process.stop() for process in bots]
    # One that was killed last may not have got as far as ending by itself.
    assert set(ended) <= {0, -signal.SIGTERM}, "\n".join(process.log for process in bots)
    if url.startswith("sqlite"):
        check_file(tmp_path)
    share = f"{doubled} of {answers} answers doubled ({doubled / answers:.2%})"
    record_property("said", f"{url.partition('+')[0]}: {ROUNDS} kills in {time.monotonic() - began:.0f} s, {share}")
    if ROUNDS >= 200:  # in fewer the share is chance
        assert doubled / answers < 0.01


def twice(person: PersonView) -> int:
    """How many answers came twice. Every message has one at least; a kill doubles at most the one under way."""
    sent = [message for message in person.messages if not message.from_bot]
    answers = [message for message in person.messages if message.from_bot]
    assert len(sent) == 2 * len(COINS)
    assert len(sent) <= len(answers) <= len(sent) + ROUNDS
    return len(answers) - len(sent)


async def check_portfolios(url: str, owners: Sequence[int]) -> None:
    engine = database.reader_engine(url)
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT owner_id, document, version FROM portfolios"))
        rows = {row.owner_id: (Portfolio.model_validate_json(row.document), row.version) for row in found}
    await engine.dispose()
    for owner in owners:
        portfolio, version = rows[owner]
        assert sorted(position.symbol for position in portfolio.positions) == sorted(f"{coin}USDT" for coin in COINS)
        assert version == len(COINS)  # each save was applied exactly once


def check_file(folder: Path) -> None:
    [file] = folder.glob("*.db")
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
