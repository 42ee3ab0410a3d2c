"""The admin chat over HTTP: /block, /unblock, /blocked and their menu; and what a person over the limit sees."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.app import marginbot
from bot.localchat import BotView, LocalChat
from bot.services import door
from bot.storage.store import Store
from bot.transport.telegram_bot import TelegramBot
from tests.support.bots import TOKEN, settings


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    yield store
    await store.close()


@asynccontextmanager
async def at_work(chat: LocalChat, store: Store, **more: object) -> AsyncIterator[BotView]:
    bot: TelegramBot = marginbot(settings(chat, "sqlite+aiosqlite:///unused", **more), store)
    await bot.start()
    yield chat.bot(TOKEN)
    await bot.stop()


async def test_a_blocked_person_gets_no_answer_until_the_block_is_taken_back(
    chat: LocalChat, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "REFRESHED", 0.0)
    boss, eve = chat.person("Boss"), chat.person("Eve")
    async with at_work(chat, store, admin_chat=boss.id) as bot:
        await eve.send("long 0.5 btc 64k 20x iso", bot=bot)
        card = await eve.next()
        for command, said in {
            "/blocked": "Nobody is blocked.",
            "/block": "Whom? Write /block 123456789: the person’s id, as the log names it.",
            "/block Eve": "Whom? Write /block 123456789: the person’s id, as the log names it.",
            f"/block {boss.id}": "That is you.",
            f"/unblock {eve.id}": f"{eve.id} is not blocked.",
            f"/block {eve.id}": f"{eve.id} is blocked and gets no answers.",
            f"/block  {eve.id} ": f"{eve.id} was blocked already.",
            "/blocked@" + bot.username: f"1 person is blocked:\n{eve.id}",
        }.items():
            await boss.send(command, bot=bot)
            assert (await boss.next()).text == said
        before = len([call for call in chat.calls if call.method != "getUpdates"])
        await eve.send("long 1 eth 3k 10x iso")
        await eve.tap(card, "Save", wait=False)
        await boss.send(f"/unblock {eve.id}")
        assert (await boss.next()).text == f"{eve.id} gets answers again."
        await eve.send("/portfolio")
        assert (await eve.next()).text.startswith("Your portfolio is empty.")
        calls = [call for call in list(chat.calls) if call.method != "getUpdates"][before:]
    assert [call.params["chat_id"] for call in calls] == [boss.id, eve.id]  # no answer at all to what Eve did blocked


async def test_elsewhere_they_are_commands_that_nobody_knows(chat: LocalChat, store: Store) -> None:
    boss, eve = chat.person("Boss"), chat.person("Eve")
    async with at_work(chat, store, admin_chat=boss.id) as bot:
        for command in (f"/block {boss.id}", f"/unblock {boss.id}", "/blocked"):
            await eve.send(command, bot=bot)
            assert "/help" in (await eve.next()).text
    assert await store.blocked_people(bot.id) == ()


def scope(menu: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(menu["scope"])
    return found


async def test_the_menu_of_the_admin_chat_alone_has_them(chat: LocalChat, store: Store) -> None:
    boss = chat.person("Boss")
    async with at_work(chat, store, admin_chat=boss.id):
        menus = [call.params for call in chat.calls if call.method.lower() == "setmycommands"]
    names = {scope(menu)["type"]: [command["command"] for command in json.loads(menu["commands"])] for menu in menus}
    assert names["chat"] == [*names["all_private_chats"], "block", "unblock", "blocked"]
    assert {"block", "unblock", "blocked"}.isdisjoint(names["all_private_chats"] + names["all_group_chats"])
    assert [scope(menu)["chat_id"] for menu in menus if scope(menu)["type"] == "chat"] == [boss.id]


async def test_over_the_limit_a_person_is_told_once(chat: LocalChat, store: Store) -> None:
    ann, ben = chat.person("Ann"), chat.person("Ben")
    async with at_work(chat, store, questions_a_minute=2) as bot:
        await ann.send("long 0.5 btc 64k 20x iso", bot=bot)
        card = await ann.next()
        await ann.send("/help")
        await ann.next()
        await ann.send("/help")
        assert (await ann.next()).text.startswith("You ask faster than I answer. I go on in ")
        await ann.send("/help")
        answer = await ann.tap(card, "Save")
        assert answer.text is not None
        assert answer.text.startswith("You ask faster than I answer. I go on in ")
        await ben.send("/portfolio", bot=bot)
        await ben.next()
    assert len([message for message in ann.messages if message.from_bot]) == 3
    assert (await store.shelf(ann.id)).open.version == 0
