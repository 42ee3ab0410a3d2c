"""A full disk and a read-only database on SQLite: people hear so once, nothing is lost, and it mends by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from markupsafe import Markup

from bot.dialogue import Event, Outcome, Screen, Show
from bot.localchat import LocalChat, PersonView
from bot.storage.database import DatabaseError
from bot.storage.store import Store
from tests.bot.transport.test_conversations import Counter, parrot
from tests.support.bots import PROFILE, running

FULL = ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000")  # never less than what there is already
READ_ONLY = ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
LONG = "x" * 4000
"""A message that needs pages of its own."""
PATIENCE = 20.0


class Strained(Store):
    """A store whose SQLite can be told to refuse."""

    async def pragma(self, statement: str) -> None:
        async with self._writing.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            await driver.execute_fetchall(statement)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Strained]:
    """Without a free page, so that what is long does not fit once the file may not grow."""
    file = tmp_path / "test.db"
    await (await Store.open(f"sqlite+aiosqlite:///{file}")).close()
    connection = sqlite3.connect(file)
    connection.execute("VACUUM")
    connection.close()
    store = await Strained.open(f"sqlite+aiosqlite:///{file}")
    assert isinstance(store, Strained)
    yield store
    await store.close()


def told(person: PersonView) -> int:
    return sum(message.text == PROFILE.unsaved for message in person.messages)


async def hears(person: PersonView, text: str) -> None:
    await person.wait_for(lambda message: message.from_bot and message.text == text, timeout=PATIENCE)


async def called(chat: LocalChat, method: str) -> None:
    """Waits until the bot has made that call."""
    async with asyncio.timeout(PATIENCE):
        while method not in {call.method.lower() for call in chat.calls}:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def is_ready(store: Store) -> None:
    """After the failing writes there are a few others in the way at most."""
    async with asyncio.timeout(PATIENCE):
        await store.ready()


@pytest.mark.parametrize(("refuse", "mend"), [FULL, READ_ONLY])
async def test_a_message_that_cannot_be_stored_is_told_once_and_answered_when_it_can_be(
    chat: LocalChat, store: Strained, refuse: str, mend: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(chat, parrot, store=store):
        ann = chat.person("Ann")
        await ann.send("hello")
        await hears(ann, "Ann said hello")
        await store.pragma(refuse)
        with pytest.raises(
            DatabaseError, match=r"^cannot write to the database: (database or disk is full|.*readonly)"
        ):
            await store.ready()
        await ann.send(f"{LONG} 1")
        await hears(ann, PROFILE.unsaved)
        await ann.send(f"{LONG} 2")
        await store.pragma(mend)
        await hears(ann, f"Ann said {LONG} 2")
        await is_ready(store)
        heard = [message.text for message in ann.messages if message.from_bot]
    assert heard == ["Ann said hello", PROFILE.unsaved, f"Ann said {LONG} 1", f"Ann said {LONG} 2"]
    assert LONG not in caplog.text


@pytest.mark.parametrize(("refuse", "mend"), [FULL, READ_ONLY])
async def test_an_answer_that_cannot_be_stored_is_told_once_and_given_when_it_can_be(
    chat: LocalChat, store: Strained, refuse: str, mend: str, caplog: pytest.LogCaptureFixture
) -> None:
    refused = asyncio.Event()

    async def decide(event: Event) -> Outcome:
        if not refused.is_set():  # the question is stored, and now the answer cannot be
            refused.set()
            await store.pragma(refuse)
        return Outcome(show=(Show(screen=Screen(text=Markup(LONG))),))

    async with running(chat, decide, store=store):
        ann = chat.person("Ann")
        await ann.send("hello")
        await hears(ann, PROFILE.unsaved)
        await store.pragma(mend)
        await hears(ann, LONG)
        assert [message.text for message in ann.messages if message.from_bot] == [PROFILE.unsaved, LONG]
    assert LONG not in caplog.text


async def test_a_tap_that_cannot_be_stored_is_answered_with_the_words(chat: LocalChat, store: Strained) -> None:
    async with running(chat, Counter(store), store=store):
        ann = chat.person("Ann")
        await ann.send("count")
        card = await ann.next()
        await store.pragma(READ_ONLY[0])
        answer = await ann.tap(card, "More", timeout=PATIENCE)
        assert (answer.text, answer.alert) == (PROFILE.unsaved, True)
        await store.pragma(READ_ONLY[1])
        await ann.wait_for(lambda message: message.text == "1 taps", timeout=PATIENCE)


async def test_a_database_that_is_back_at_once_is_not_worth_a_word(chat: LocalChat, store: Strained) -> None:
    async with running(chat, parrot, store=store):
        ann = chat.person("Ann")
        await ann.send("hello")
        await hears(ann, "Ann said hello")
        await store.pragma(READ_ONLY[0])
        await ann.send("still there?")
        await asyncio.sleep(0.2)
        await store.pragma(READ_ONLY[1])
        await hears(ann, "Ann said still there?")
        assert told(ann) == 0


async def test_an_update_waits_while_the_database_cannot_be_read(chat: LocalChat, store: Strained) -> None:
    async with running(chat, Counter(store), store=store):
        ann = chat.person("Ann")
        await ann.send("count")
        card = await ann.next()
        await store.pragma("ALTER TABLE portfolios RENAME TO elsewhere")
        assert (await ann.tap(card, "More", timeout=PATIENCE)).text == PROFILE.unsaved
        await store.pragma("ALTER TABLE elsewhere RENAME TO portfolios")
        await ann.wait_for(lambda message: message.text == "1 taps", timeout=PATIENCE)


async def test_a_letter_waits_while_the_database_cannot_be_read(chat: LocalChat, store: Strained) -> None:
    ann, counter = chat.person("Ann"), Counter(store)
    async with running(chat, counter, store=store) as bot:
        await ann.send("count", bot=bot)
        card = await ann.next()
    async with running(chat, counter, store=store):  # which message shows the card is read from the database now
        chat.fault(method="editMessageText", kind="status", value=429, retry_after=1)
        await ann.tap(card, "More")
        await called(chat, "editmessagetext")
        await store.pragma("ALTER TABLE cards RENAME TO elsewhere")
        await asyncio.sleep(1.5)  # the edit is tried again in between
        await store.pragma("ALTER TABLE elsewhere RENAME TO cards")
        await ann.wait_for(lambda message: message.text == "1 taps", timeout=PATIENCE)


async def test_a_letter_that_is_out_is_struck_off_as_soon_as_the_database_takes_it(
    chat: LocalChat, store: Strained
) -> None:
    async with running(chat, parrot, store=store) as bot:
        ann = chat.person("Ann")
        chat.fault(method="sendMessage", kind="delay", value=0.5)
        await ann.send("hello")
        await called(chat, "sendmessage")
        await store.pragma(READ_ONLY[0])
        await hears(ann, "Ann said hello")
        await asyncio.sleep(0.3)
        await store.pragma(READ_ONLY[1])
        async with asyncio.timeout(PATIENCE):
            while (await store.waiting(bot.id)).letters:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_a_group_that_moves_while_nothing_can_be_stored_gets_its_answer_after_that(
    chat: LocalChat, store: Strained
) -> None:
    async with running(chat, parrot, store=store) as bot:
        ann = chat.person("Ann")
        group = chat.group("Desk", ann, kind="group", bots=[bot])
        chat.fault(method="sendMessage", kind="status", value=429, retry_after=1)
        await ann.send("/hello", chat=group)
        await called(chat, "sendmessage")
        await store.pragma(READ_ONLY[0])
        group.upgrade()
        await asyncio.sleep(1.5)  # the answer meets the new id in between
        await store.pragma(READ_ONLY[1])
        await ann.wait_for(lambda message: message.text == "command hello:", chat=group, timeout=PATIENCE)
