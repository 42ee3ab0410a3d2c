"""What is old is deleted while the bot runs, not only when it starts."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import database
from bot.storage import store as room
from bot.storage.inbox import Received
from bot.storage.store import Handled, Store
from bot.storage.tables import inbox


async def test_what_has_been_done_for_long_is_deleted_while_the_bot_runs(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "TIDY", 0.1)
    monkeypatch.setattr(room, "KEEP_DONE", timedelta(0))
    store, engine = await Store.open(url), database.reader_engine(url)
    await store.begin(1)
    await store.receive(1, [Received(update_id=1, lane="p1", payload="{}")])
    [update] = await store.lease(1, 1)
    await store.commit(Handled(serial=update.serial, bot_id=1))
    async with asyncio.timeout(10):
        while await rows(engine):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await engine.dispose()
    await store.close()


async def rows(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(select(func.count()).select_from(inbox)) or 0)
