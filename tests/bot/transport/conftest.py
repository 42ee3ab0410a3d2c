from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.localchat import LocalChat
from bot.storage.store import Store


@pytest.fixture
async def chat() -> AsyncIterator[LocalChat]:
    chat = LocalChat("127.0.0.1:0")
    await chat.start()
    yield chat
    await chat.stop()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    yield store
    await store.close()
