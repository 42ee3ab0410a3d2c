"""Nothing that a person wrote, and no token, gets into the log, the notices of errors or the metrics."""

import asyncio
import io
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from bot.app import marginbot
from bot.dialogue import Commanded, Event, Outcome, Said, Tapped
from bot.localchat import BotView, LocalChat, PersonView
from bot.logs import Discreet
from bot.payloads import Payload, encode_payload
from bot.storage.store import Store
from bot.transport import notices
from tests.bot.transport.test_conversations import parrot
from tests.support.bots import TOKEN, running, settings
from tests.support.ports import free_port

WORD = "zyzzyva"
NAME = "Wilhelmina"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    yield store
    await store.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, as it would be printed; more than the bot itself logs."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(autouse=True)
def _notices_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "PAUSE", 0.05)


async def metrics(port: int) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as response:
        return await response.text()


def assert_discreet(*said: str) -> None:
    everything = "\n".join(said)
    for secret in (WORD, WORD.upper(), NAME, TOKEN, TOKEN.partition(":")[2]):
        assert secret not in everything


async def converse(ann: PersonView, bot: BotView) -> None:
    """Says the word in every way there is, to conversations that keep it, refuse it and ask about it."""
    for words in (
        f"{WORD} {TOKEN}", f"long 0.5 {WORD} 64k 20x iso", f"/{WORD} {WORD}", f"/new {WORD}", f"/import {WORD}",
        "long 0.5 btc 64k 20x iso", f"what if {WORD} drops 10%", f"/learn {WORD}", f"/start {WORD}",
    ):  # fmt: skip
        await ann.send(words, bot=bot)
        await ann.next()
    await ann.send_document(f"symbol,side\n{WORD},long".encode(), name=f"{WORD}.csv", content_type="text/csv")
    await ann.next()
    await ann.send_photo(WORD)
    message = await ann.next()
    await ann.edit(await ann.send(WORD), f"{WORD} {WORD}")
    for data in (WORD, f"1.a.b.{WORD}", encode_payload(Payload(card_id=5, owner_id=ann.id, action=WORD))):
        await ann.tap_data(message, data)


async def test_a_long_talk_with_a_server_that_fails_leaves_no_words_behind(
    chat: LocalChat, store: Store, log: io.StringIO
) -> None:
    boss, ann, port = chat.person("Boss"), chat.person(NAME), free_port()
    mine = settings(chat, "sqlite+aiosqlite:///unused", admin_chat=boss.id, listen=f"127.0.0.1:{port}")
    bot = marginbot(mine, store)
    await bot.start()
    view = chat.bot(TOKEN)
    await boss.send("/blocked", bot=view)
    await boss.next()
    faults: list[dict[str, Any]] = [
        {"kind": "status", "value": 500},
        {"kind": "status", "value": 429, "retry_after": 1},
        {"kind": "reset_before"},
        {"kind": "reset_after"},
        {"kind": "status", "value": 400, "description": "Bad Request: no"},
    ]
    for fault in faults:
        chat.fault(method="sendMessage", **fault)
        await ann.send("/help", bot=view)
    await ann.wait_for(lambda message: message.from_bot, timeout=30)
    await converse(ann, view)
    logging.getLogger("bot.test").error("the end")
    await boss.wait_for(lambda message: "bot.test" in message.text)
    page = await metrics(port)
    await bot.stop()
    told = "\n".join(message.text for message in boss.messages if message.from_bot)
    assert_discreet(log.getvalue(), told, page)
    assert f"a tap of person {ann.id} in chat {ann.id} is refused: forged" in log.getvalue()  # ids are there
    assert 'marginbot_taps_refused_total{reason="forged"} 1.0' in page
    assert "bot.transport.sender" in told  # the 400


async def test_faults_that_quote_what_they_failed_at_are_logged_without_it(
    chat: LocalChat, store: Store, log: io.StringIO
) -> None:
    async def fails(event: Event) -> Outcome:
        match event.content:
            case Said(text=words):
                raise ValueError(f"cannot read {words!r} of {event.person.first_name}")
            case Commanded(arguments=words):
                try:
                    int(words)
                except ValueError:
                    raise ExceptionGroup(words, [KeyError(words), RuntimeError(TOKEN)]) from LookupError(words)
            case Tapped(data=data):
                asyncio.get_running_loop().create_future().set_exception(OSError(28, "No space left on device", data))
                raise sqlite3.OperationalError("database is locked")
        return await parrot(event)

    boss, ann, port = chat.person("Boss"), chat.person(NAME), free_port()
    async with running(chat, fails, store=store, admin_chat=boss.id, listen=f"127.0.0.1:{port}") as bot:
        await boss.send_sticker(bot=bot)
        await boss.next()
        for words in (WORD, f"/size {WORD}"):
            await ann.send(words, bot=bot)
            message = await ann.next()
        await ann.tap_data(message, WORD)
        async with store._writing.begin() as connection:
            await connection.execute(text("ALTER TABLE outbox RENAME TO elsewhere"))
        await ann.send(WORD)
        await boss.wait_for(lambda message: "bot.storage" in message.text)
        page = await metrics(port)
        async with store._writing.begin() as connection:
            await connection.execute(text("ALTER TABLE elsewhere RENAME TO outbox"))
        await ann.next()
    told = "\n".join(message.text for message in boss.messages if message.from_bot)
    written = log.getvalue()
    assert_discreet(written, told, page)
    for kind in ("ValueError", "ExceptionGroup", "LookupError", "KeyError", "RuntimeError"):
        assert kind in written
    assert "OperationalError: database is locked" in written  # the machine's own reason is kept
    assert "OperationalError: no such table: main.outbox" in written or "no such table: outbox" in written
    assert "× ValueError, bot.transport.dispatcher:" in told


def test_what_libraries_say_of_an_exception_is_cut() -> None:
    record = logging.LogRecord("asyncio", logging.ERROR, "x.py", 1, f"Task was never\nfuture: {WORD}", (), None)
    assert Discreet("%(message)s").format(record) == "Task was never"
    record = logging.LogRecord("bot.x", logging.ERROR, "x.py", 1, "%s waits", (TOKEN,), None)
    assert Discreet("%(message)s").format(record) == "<token> waits"
