"""Workers beside each other on one PostgreSQL: the dead are noticed, and a chat's letters go out from one place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.storage import database, workers
from bot.storage.inbox import Received
from bot.storage.outbox import Delivered, Kind, Letter
from bot.storage.store import Handled, NotOurs, Store
from tests.bot.storage.conftest import Outbox
from tests.support.postgres import Server, programs

pytestmark = pytest.mark.skipif(programs() is None, reason="no PostgreSQL server here")

BOT = 1
GROUP = -5
LIMIT = 5.0
"""Seconds within which the work of the dead is taken up."""

Sql = Callable[[str], Awaitable[None]]
Found = TypeVar("Found")


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.new_database(f"together{time.monotonic_ns()}")


@pytest.fixture
async def sql(url: str) -> AsyncIterator[Sql]:
    """What befalls the database from outside."""
    engine = database.writer_engine(url)

    async def run(statement: str) -> None:
        async with engine.begin() as connection:
            await connection.execute(text(statement))

    yield run
    await engine.dispose()


class Worker:
    """A store with what it was given to send."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.posted: list[Letter] = []

    def post(self, letters: Sequence[Letter]) -> None:
        self.posted += letters

    @property
    def ids(self) -> list[int]:
        return [letter.id for letter in self.posted]

    async def handle(self, update_id: int, *, person: int, chat: int = GROUP, kind: Kind = "send") -> Letter:
        """Takes an update in, handles it, and writes one letter."""
        await self.store.receive(BOT, [Received(update_id=update_id, lane=f"p{person}", payload="{}")])
        [update] = await self.store.lease(BOT, 1)
        letter = Letter(id=update.serial * 16, bot_id=BOT, chat_id=chat, kind=kind, payload={"text": "x"})
        await self.store.commit(Handled(serial=update.serial, bot_id=BOT, letters=(letter,)))
        return letter

    async def settle(self, letter: Letter) -> None:
        await self.store.settle(Delivered(letter_id=letter.id))


async def until(found: Callable[[], Awaitable[Found]]) -> Found:
    """What `found` gives, as soon as it is something."""
    async with asyncio.timeout(LIMIT + 5):
        while True:
            if result := await found():
                return result
            await asyncio.sleep(0.05)


async def given_up(worker: Worker, letter: Letter) -> bool:
    return not worker.store.holds(letter)


async def sent(letter_id: int, *workers: Worker) -> bool:
    return any(letter_id in worker.ids for worker in workers)


@pytest.fixture
async def pair(url: str) -> AsyncIterator[tuple[Worker, Worker]]:
    """Two workers that started at once on an empty database."""
    one, two = (Worker(store) for store in await asyncio.gather(Store.open(url), Store.open(url)))
    for worker in (one, two):
        await worker.store.begin(BOT, worker.post)
    yield one, two
    for worker in (one, two):
        await worker.store.close()


async def test_what_a_dead_worker_held_is_taken_up(pair: tuple[Worker, Worker], sql: Sql) -> None:
    one, _ = pair
    await one.store.receive(BOT, [Received(update_id=1, lane="p1", payload="{}")])
    await sql(
        "INSERT INTO workers (id, alive_until) VALUES ('gone', (extract(epoch FROM now()) * 1e6)::bigint + 3500000)"
    )
    await sql("UPDATE inbox SET leased_by = 'gone'")
    await sql(
        "INSERT INTO outbox (id, bot_id, chat_id, kind, payload, leased_by) VALUES (16, 1, 9, 'send', '{}', 'gone')"
    )
    began = time.monotonic()
    assert await one.store.lease(BOT, 1) == []
    leased = await until(lambda: one.store.lease(BOT, 1))
    assert 2.5 < time.monotonic() - began < LIMIT + 2  # a margin for a loaded machine
    assert [update.update_id for update in leased] == [1]
    await until(lambda: sent(16, *pair))
    assert sum(worker.ids.count(16) for worker in pair) == 1


async def test_a_worker_that_stops_leaves_its_work_at_once(url: str, pair: tuple[Worker, Worker]) -> None:
    third = Worker(await Store.open(url))
    await third.store.begin(BOT, third.post)
    letter = await third.handle(1, person=1)
    await third.store.receive(BOT, [Received(update_id=2, lane="p1", payload="{}")])
    assert await third.store.lease(BOT, 1)
    await third.store.close()
    assert len(await pair[0].store.lease(BOT, 1)) == 1
    await until(lambda: sent(letter.id, *pair))
    assert pair[0].ids + pair[1].ids == [letter.id]


async def test_a_worker_stops_also_while_the_database_is_away(
    url: str, postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    store = await Store.open(url)
    elsewhere = database.reader_engine(postgres.address("postgres"))
    async with elsewhere.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)"))
    await elsewhere.dispose()
    await store.close()
    assert "this worker cannot free what it held" in caplog.text


async def test_a_letter_waits_for_those_of_its_chat_that_another_worker_is_sending(
    pair: tuple[Worker, Worker],
) -> None:
    one, two = pair
    first = await one.handle(1, person=1)
    second = await two.handle(2, person=2)
    elsewhere = await two.handle(3, person=2, chat=2)
    third = await one.handle(4, person=1)
    assert (one.ids, two.ids) == ([first.id, second.id, third.id], [elsewhere.id])  # one takes two's along, in between


async def test_the_last_letter_of_a_chat_hands_the_chat_over(pair: tuple[Worker, Worker]) -> None:
    one, two = pair
    first = await one.handle(1, person=1)
    second = await two.handle(2, person=2)
    await one.settle(first)
    assert one.ids == [first.id, second.id]
    await one.settle(second)
    third = await two.handle(3, person=2)
    assert two.ids == [third.id]


async def test_answers_to_taps_wait_for_nobody_and_nobody_waits_for_them(pair: tuple[Worker, Worker]) -> None:
    one, two = pair
    tap = await one.handle(1, person=1, kind="answer")
    first = await two.handle(2, person=2)
    other = await one.handle(3, person=1, kind="answer")
    assert (one.ids, two.ids) == ([tap.id, other.id], [first.id])


async def test_a_worker_that_was_given_up_by_mistake_can_neither_commit_nor_send(
    pair: tuple[Worker, Worker], sql: Sql, letters: Outbox
) -> None:
    one, two = pair
    mine = await one.handle(1, person=1)
    await one.store.receive(BOT, [Received(update_id=2, lane="p1", payload="{}")])
    [update] = await one.store.lease(BOT, 1)
    assert one.store.holds(mine)
    await sql("DELETE FROM workers WHERE id = (SELECT leased_by FROM outbox)")
    await until(lambda: sent(mine.id, two))
    await until(lambda: given_up(one, mine))
    with pytest.raises(NotOurs):
        await one.store.commit(Handled(serial=update.serial, bot_id=BOT))
    await two.settle(mine)
    assert await letters() == []
    assert len(await one.store.lease(BOT, 1) + await two.store.lease(BOT, 1)) == 1  # it is a worker again


async def test_a_worker_whose_connection_breaks_begins_anew_and_loses_nothing(
    pair: tuple[Worker, Worker], sql: Sql
) -> None:
    one, two = pair
    await one.store.receive(BOT, [Received(update_id=1, lane="p1", payload="{}")])
    assert len(await one.store.lease(BOT, 1)) == 1  # what became of it is unknown once the connection has broken
    await sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    async def again() -> object:
        try:
            return await one.store.lease(BOT, 1)
        except database.DatabaseError:  # how the break is noticed
            return None

    await until(again)
    assert await two.store.lease(BOT, 1) == []


async def test_a_worker_that_stands_still_in_a_transaction_does_not_stop_the_others(
    pair: tuple[Worker, Worker],
) -> None:
    one, two = pair
    standing = await one.store._writing.connect()
    await standing.run_sync(workers.take_turn, BOT)  # as far as a stopped process came
    async with asyncio.timeout(LIMIT):
        letter = await two.handle(1, person=1)
    await until(lambda: sent(letter.id, two))
    with pytest.raises(DBAPIError):
        await standing.execute(text("SELECT 1"))  # its session is ended
    await standing.close()
    await until(lambda: handled_by(one))


async def handled_by(worker: Worker) -> bool:
    """Whether the worker can work; a connection that is found broken is another one the next time."""
    try:
        await worker.handle(2, person=2)
    except (database.DatabaseError, ValueError):  # or there is nothing to lease yet
        return False
    return True
