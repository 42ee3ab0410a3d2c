"""The ids under which Telegram has pictures: by bot, replaced, forgotten, bounded."""

import pytest

from bot.storage import pictures
from bot.storage.store import Store


async def test_an_id_is_kept_by_bot_and_content_and_forgotten(store: Store) -> None:
    assert await store.picture(1, "a") is None
    await store.keep_picture(1, "a", "file-1")
    await store.keep_picture(1, "a", "file-2")
    assert await store.picture(1, "a") == "file-2"
    assert await store.picture(2, "a") is None
    await store.forget_picture(1, "a")
    assert await store.picture(1, "a") is None


async def test_the_oldest_go_when_there_are_too_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST", 3)
    for number in range(5):
        await store.keep_picture(1, str(number), f"file-{number}")
    assert [await store.picture(1, str(number)) for number in range(5)] == [None, None, "file-2", "file-3", "file-4"]
