from collections.abc import AsyncIterator

import pytest

from bot.localchat import LocalChat


@pytest.fixture
async def chat() -> AsyncIterator[LocalChat]:
    """The local chat on a free port, with nothing kept."""
    chat = LocalChat("127.0.0.1:0")
    await chat.start()
    yield chat
    await chat.stop()
