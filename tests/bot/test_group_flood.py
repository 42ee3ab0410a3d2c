"""Many questions at once in one group, at Telegram's rates, against a server that counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import marginbot
from bot.localchat import BotView, LocalChat
from bot.localchat.group_view import GroupView
from bot.storage.store import Store
from tests.support.bots import TOKEN, settings

PATIENCE = 60.0
PRICES = range(60_000, 63_000, 100)


@asynccontextmanager
async def paced(folder: Path) -> AsyncIterator[tuple[LocalChat, BotView]]:
    """The bot at Telegram's rates and a server that refuses what is faster."""
    chat = LocalChat("127.0.0.1:0", flood=True)
    await chat.start()
    url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    store = await Store.open(url)
    bot = marginbot(settings(chat, url, pacing="telegram"), store)
    await bot.start()
    try:
        yield chat, chat.bot(TOKEN)
    finally:
        await bot.stop()
        await store.close()
        await chat.stop()


def links_in(group: GroupView) -> set[str]:
    """Where the answers of the group open in private, one each."""
    return {b.url for message in group.messages if message.from_bot for b in message.flat_buttons() if b.url}


async def test_thirty_members_who_ask_at_once_are_all_answered_and_no_429_is_earned(tmp_path: Path) -> None:
    async with paced(tmp_path) as (chat, bot):
        people = [chat.person(f"P{number}") for number in range(len(PRICES))]
        group = chat.group("Desk", *people, bots=[bot])
        await people[0].next(chat=group)
        await asyncio.gather(
            *(
                person.send(f"/liq long 0.5 btc {price} 20x iso", chat=group)
                for person, price in zip(people, PRICES, strict=True)
            )
        )
        await people[0].wait_for(lambda _: len(links_in(group)) == len(people), PATIENCE, chat=group)
        answers = [message for message in group.messages if message.from_bot][1:]
        everything = "\n".join(message.text for message in answers)
        assert [call for call in chat.calls if call.status == 429] == []
        assert len(answers) <= 10
        # 60,000 x (1 - 1/20) / (1 - 0.004) = 57,228.915; 62,900 x 0.95 / 0.996 = 59,994.979
        assert "57,229.0" in everything
        assert "59,995.0" in everything


async def test_a_member_who_floods_delays_another_by_one_message(tmp_path: Path) -> None:
    async with paced(tmp_path) as (chat, bot):
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = chat.group("Desk", ann, ben, bots=[bot])
        await ann.next(chat=group)
        for price in PRICES[:12]:
            await ann.send(f"/liq long 0.5 btc {price} 20x iso", chat=group)
        await ann.next(chat=group)
        before = len(group.messages)
        await ben.send("/liq long eth 3200 10x iso", chat=group)
        # 3,200 x 0.9 / 0.996 = 2,891.57
        await ben.wait_for(lambda message: "2,891.57" in message.text, PATIENCE, chat=group)
        between = [m for m in group.messages[before:] if m.from_bot and "2,891.57" not in m.text]
        assert len(between) <= 1
        assert [call for call in chat.calls if call.status == 429] == []
