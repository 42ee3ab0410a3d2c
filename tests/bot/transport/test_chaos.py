"""All that a server may do badly, mixed at random over several chats: nothing is lost and nothing happens twice."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from markupsafe import Markup

from bot.dialogue import Commanded, Event, Migrated, Outcome, Screen, Show
from bot.localchat import BotView, LocalChat, PersonView
from bot.localchat.group_view import GroupView
from bot.localchat.views import MessageView
from bot.services.facts import gather
from bot.storage.group_settings import MoveGroup
from bot.storage.portfolios import Portfolio, SavePortfolio
from bot.storage.store import Store
from tests.support.bots import running
from tests.support.ports import free_port

EACH = 6
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "value": 429, "retry_after": 1},
    {"kind": "status", "value": 500},
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    {"kind": "delay", "value": 0.3},
)
PATIENCE = 100.0
DELAY = 5.0


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    yield store
    await store.close()


@asynccontextmanager
async def counting(chat: LocalChat, store: Store) -> AsyncIterator[BotView]:
    """A bot that keeps a count for each person, by polling on SQLite and by webhook on PostgreSQL."""

    async def decide(event: Event) -> Outcome:
        if isinstance(event.content, Migrated):
            move = MoveGroup(bot_id=event.bot_id, old=event.content.old, new=event.content.new)
            return Outcome(changes=(move,))
        if not isinstance(event.content, Commanded):  # added to the group
            return Outcome()
        stored = (await gather(event, store)).portfolio
        count = stored.portfolio.wallet.get("USDT", Decimal(0)) + 1
        change = SavePortfolio(
            owner_id=event.person.id, portfolio=Portfolio(wallet={"USDT": count}), version=stored.version
        )
        text = Markup("{} {}: {}").format(event.person.first_name, event.content.arguments, count)
        return Outcome(show=(Show(screen=Screen(text=text)),), changes=(change,))

    port = free_port()
    hook: dict[str, Any] = {
        "webhook_url": f"http://127.0.0.1:{port}/hook",
        "webhook_secret": "s",
        "listen": f"127.0.0.1:{port}",
    }
    async with running(chat, decide, store=store, **(hook if store.look_every < 2 else {})) as bot:
        yield bot


async def asking(person: PersonView, dice: random.Random, **where: Any) -> None:
    for number in range(1, EACH + 1):
        await person.send(f"/add {number}", **where)
        await asyncio.sleep(dice.uniform(0, 0.4))


async def misbehaving(chat: LocalChat, dice: random.Random) -> None:
    """One of each and some more, in any order."""
    faults = [*FAULTS, *dice.choices(FAULTS, k=5), {"kind": "delay", "value": DELAY}]
    dice.shuffle(faults)
    for fault in faults:
        chat.fault(**({"method": "sendMessage"} | fault))
        if dice.random() < 0.5:
            chat.repeat_update()
        if dice.random() < 0.3:
            chat.reorder_updates()
        await asyncio.sleep(dice.uniform(0, 0.3))


def counts(messages: list[MessageView], name: str) -> list[int]:
    """What the bot told a person, in the order of the chat."""
    told = [re.fullmatch(rf"{name} \d+: (\d+)", message.text) for message in messages if message.from_bot]
    return [int(match[1]) for match in told if match]


@pytest.mark.timeout(240)
async def test_nothing_is_lost_and_nothing_happens_twice(chat: LocalChat, store: Store) -> None:
    dice = random.Random()
    async with counting(chat, store) as bot:
        people = [chat.person(name) for name in ("Ann", "Ben", "Cem", "Dan")]
        eve, fay, gil = (chat.person(name) for name in ("Eve", "Fay", "Gil"))
        group = chat.group("Desk", eve, fay, kind="group", bots=[bot])
        await gil.send("/add 1", bot=bot)
        gil.block(bot=bot)
        await asyncio.gather(
            misbehaving(chat, dice),
            *(asking(person, dice, bot=bot) for person in people),
            *(asking(person, dice, chat=group) for person in (eve, fay)),
            upgrading(group),
        )
        chat.clear_faults()
        for person in people:
            await person.wait_for(lambda m: m.text.endswith(f": {EACH}"), timeout=PATIENCE, bot=bot)
        for person in (eve, fay):
            await answered(person, group)
        for person in (*people, eve, fay):
            stored = (await store.shelf(person.id)).open
            assert (stored.portfolio.wallet, stored.version) == ({"USDT": Decimal(EACH)}, EACH)
        for person in people:
            told = counts(person.messages, person.person.first_name)
            assert sorted(set(told)) == list(range(1, EACH + 1))
            assert told == sorted(told)  # in order; one whose answer was lost on its way stands there twice
        assert (await store.shelf(gil.id)).open.version == 1


async def answered(person: PersonView, group: GroupView) -> None:
    # A group may get several in one, and the last to be counted need not be the last that was sent.
    last = re.compile(rf"{person.person.first_name} \d+: {EACH}\b")
    await person.wait_for(lambda m: bool(last.search(m.text)), timeout=PATIENCE, chat=group)


async def upgrading(group: GroupView) -> None:
    await asyncio.sleep(0.5)
    group.upgrade()


@pytest.mark.parametrize(
    "fault", [{"kind": "delay", "value": DELAY}, {"kind": "status", "value": 429, "retry_after": 4}]
)
async def test_one_chat_waits_and_the_others_are_not_slowed(
    chat: LocalChat, store: Store, fault: dict[str, Any]
) -> None:
    async with counting(chat, store) as bot:
        people = [chat.person(f"P{number}") for number in range(6)]
        loop = asyncio.get_running_loop()

        async def seconds(person: PersonView) -> float:
            began = loop.time()
            await person.send("/add 1", bot=bot)
            await person.next(timeout=PATIENCE)
            return loop.time() - began

        chat.fault(**({"method": "sendMessage"} | fault))
        *others, affected = sorted(await asyncio.gather(*(seconds(person) for person in people)))
        assert affected > 4
        assert max(others) < affected / 2  # in the same run, on the same machine
