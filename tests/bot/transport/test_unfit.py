"""What can never be stored is answered with the apology; its person and all others go on."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.dialogue import Event, Outcome, Said
from bot.localchat import LocalChat
from bot.storage.portfolios import Portfolio, SavePortfolio
from bot.storage.store import Store
from bot.transport.lanes import received
from tests.bot.transport.test_conversations import parrot
from tests.support.bots import PROFILE, running


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    yield store
    await store.close()


@pytest.mark.parametrize(("name", "owner"), [("half a character \ud800", 1), ("x", 2**70)])
async def test_what_cannot_be_stored_is_apologised_for_and_the_next_is_answered(
    chat: LocalChat, store: Store, name: str, owner: int
) -> None:
    async def decide(event: Event) -> Outcome:
        change = SavePortfolio(owner_id=owner, portfolio=Portfolio(name=name), version=0)
        poisoned = isinstance(event.content, Said) and event.content.text == "save"
        return replace(await parrot(event), changes=(change,) if poisoned else ())

    async with running(chat, decide, store=store):
        ann = chat.person("Ann")
        await ann.send("save")
        assert (await ann.next()).text == PROFILE.apology
        await ann.send("hello")
        assert (await ann.next()).text == "Ann said hello"


def test_half_a_character_in_a_message_is_a_question_mark() -> None:
    row = received({"update_id": 1, "message": {"from": {"id": 7}, "text": "half a \ud800"}})
    assert json.loads(row.payload.encode())["message"]["text"] == "half a ?"
    assert row.lane == "p7"
