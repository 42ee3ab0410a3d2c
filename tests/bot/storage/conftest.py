"""The storage by itself, and what stands in its outbox."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage import database
from bot.storage.store import Store
from bot.storage.tables import outbox

Outbox = Callable[[], Awaitable[Sequence[Any]]]


@pytest.fixture
async def store(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    # A machine that is busy with tests may stand still for longer than a worker may in a transaction.
    monkeypatch.setattr(database, "STANDSTILL", "60000")
    store = await Store.open(url)
    yield store
    await store.close()


@pytest.fixture
async def letters(url: str) -> AsyncIterator[Outbox]:
    """Reads the letters that are not struck off, in the order in which they leave."""
    engine = database.reader_engine(url)

    async def read() -> Sequence[Any]:
        async with engine.connect() as connection:
            return (await connection.execute(select(outbox).order_by(outbox.c.written_at, outbox.c.id))).all()

    yield read
    await engine.dispose()
