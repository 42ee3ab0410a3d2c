"""Who is blocked: kept by bot, and known to the other processes on the same database."""

from bot.storage.blocked import Block, Unblock
from bot.storage.store import Store
from tests.bot.storage.test_portfolios import BOT, saved

OTHER_BOT = 8


async def test_a_block_is_kept_by_bot_and_taken_back(store: Store) -> None:
    for person in (1, 2, 2):
        await saved(store, Block(bot_id=BOT, person_id=person))
    await saved(store, Block(bot_id=OTHER_BOT, person_id=3))
    assert await store.blocked_people(BOT) == (2, 1)  # who was blocked last at first
    assert await store.blocked_people(OTHER_BOT) == (3,)
    for _ in range(2):
        await saved(store, Unblock(bot_id=BOT, person_id=2))
    assert await store.blocked_people(BOT) == (1,)


async def test_another_process_knows_it_and_a_later_one_too(url: str) -> None:
    store = await Store.open(url)
    others = [await Store.open(url)] if url.startswith("postgresql") else []  # a SQLite file has one process at a time
    await saved(store, Block(bot_id=BOT, person_id=1))
    for other in others:
        assert await other.blocked_people(BOT) == (1,)
    for each in (store, *others):
        await each.close()
    later = await Store.open(url)
    assert await later.blocked_people(BOT) == (1,)
    await later.close()
