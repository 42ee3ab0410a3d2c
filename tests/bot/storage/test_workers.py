"""Several processes on one PostgreSQL: they share the work, keep everybody's order, and do nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.storage.inbox import Leased, Received
from bot.storage.store import Handled, NotOurs, Store

BOT = 1
WORKERS = 3


@pytest.fixture
async def stores(url: str) -> AsyncIterator[list[Store]]:
    """Several workers on one PostgreSQL; a SQLite file has one."""
    number = WORKERS if url.startswith("postgresql") else 1
    opened = await asyncio.gather(*(Store.open(url) for _ in range(number)))
    yield opened
    for store in opened:
        await store.close()


def updates(lanes: int, each: int) -> list[Received]:
    """`each` updates of every lane, the lanes in turn; the payload is the place in its lane."""
    return [
        Received(update_id=place * lanes + lane, lane=f"p{lane}", payload=str(place))
        for place in range(each)
        for lane in range(lanes)
    ]


async def test_leases_that_are_taken_at_once_are_disjoint_by_person(stores: list[Store]) -> None:
    await stores[0].receive(BOT, updates(30, 4))
    lanes: list[set[str]] = [set() for _ in stores]
    serials: list[int] = []
    for _ in range(25):
        for mine, own in zip(lanes, await asyncio.gather(*(store.lease(BOT, 5) for store in stores)), strict=True):
            mine |= {update.lane for update in own}
            serials += [update.serial for update in own]
    assert len(serials) == len(set(serials)) == 120
    assert all(lanes)
    assert sum(map(len, lanes)) == 30


async def test_all_is_done_once_and_in_the_order_of_each_person(stores: list[Store]) -> None:
    done: list[Leased] = []

    async def work(store: Store) -> None:
        while len(done) < 120:
            for update in await store.lease(BOT, 7):
                await store.commit(Handled(serial=update.serial, bot_id=BOT))
                done.append(update)
            await asyncio.sleep(0)

    # The same updates come to every worker, as a repeated webhook call would bring them.
    await asyncio.gather(*(store.receive(BOT, updates(12, 10)) for store in stores))
    async with asyncio.timeout(30):
        await asyncio.gather(*(work(store) for store in stores))
    assert len({update.serial for update in done}) == len(done) == 120
    for lane in range(12):
        assert [update.payload for update in done if update.lane == f"p{lane}"] == [str(n) for n in range(10)]


async def test_what_another_worker_holds_cannot_be_committed(stores: list[Store]) -> None:
    await stores[0].receive(BOT, updates(1, 1))
    [update] = await stores[0].lease(BOT, 1)
    for other in stores[1:]:
        with pytest.raises(NotOurs):
            await other.commit(Handled(serial=update.serial, bot_id=BOT))
    await stores[0].commit(Handled(serial=update.serial, bot_id=BOT))
    with pytest.raises(NotOurs):
        await stores[0].commit(Handled(serial=update.serial, bot_id=BOT))
