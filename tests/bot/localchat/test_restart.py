"""What is kept over a restart, and over a crash."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import aiohttp
import pytest

from bot.localchat import LocalChat, StateError
from bot.localchat.driver import tiny_png
from bot.localchat.persistence import LEAP
from tests.bot.localchat.conftest import TOKEN, Api


def copy_state(state: Path, copy: Path) -> None:
    """What a crash at this moment would leave on the disk."""
    for file in state.parent.glob(f"{state.name}*"):
        shutil.copy(file, copy.parent / file.name.replace(state.name, copy.name))


KEYBOARD = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


async def test_everything_is_there_again_after_a_restart(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    state = tmp_path / "deep" / "state.sqlite"
    first = LocalChat("127.0.0.1:0", state)
    api = Api(await first.start(), session)
    await api.ok("setMyCommands", commands=[{"command": "a", "description": "b"}])
    await api.ok("getUpdates", allowed_updates=["message", "callback_query"])
    ann, cem = first.person("Ann"), first.person("Cem", language_code="tr")
    await ann.send("one")
    await cem.send_photo("two")
    await api.ok("sendMessage", chat_id=ann.id, text="<b>x</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    gone = await api.ok("sendMessage", chat_id=ann.id, text="gone")
    await api.ok("deleteMessage", chat_id=ann.id, message_id=gone["message_id"])
    await ann.tap(None, "Go", wait=False)
    cem.block()
    updates = await api.ok("getUpdates")
    await api.ok("getUpdates", offset=updates[0]["update_id"] + 1)
    await first.stop()

    second = LocalChat("127.0.0.1:0", state)
    api.url = await second.start()
    again = second.person("Ann")
    assert (again.id, second.person("Cem").id) == (ann.id, cem.id)
    assert [(m.html, m.from_bot) for m in again.messages] == [("one", False), ("<b>x</b>", True)]
    assert await api.ok("getUpdates") == updates[1:]
    assert await api.ok("getMyCommands") == [{"command": "a", "description": "b"}]
    query = updates[-1]["callback_query"]
    await api.ok("answerCallbackQuery", callback_query_id=query["id"])
    photo = updates[1]["message"]["photo"][0]["file_id"]
    path = (await api.ok("getFile", file_id=photo))["file_path"]
    async with session.get(f"{api.url}/file/bot{TOKEN}/{path}") as response:
        assert await response.read() == tiny_png()
    blocked = await api.call("sendMessage", chat_id=cem.id, text="x")
    assert blocked.refusal == (403, "Forbidden: bot was blocked by the user")
    newer = await api.ok("sendMessage", chat_id=ann.id, text="newer")
    assert newer["message_id"] == gone["message_id"] + 1
    await again.send("three")
    assert (await api.ok("getUpdates"))[-1]["update_id"] == updates[-1]["update_id"] + 1
    await second.stop()


async def test_after_a_crash_no_id_is_used_twice(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    state, copy = tmp_path / "state.sqlite", tmp_path / "copy.sqlite"
    first = LocalChat("127.0.0.1:0", state)
    api = Api(await first.start(), session)
    await api.ok("getMe")
    await first.stop()

    second = LocalChat("127.0.0.1:0", state)
    api.url = await second.start()
    copy_state(state, copy)
    lost = await second.person("Ann").send("lost")
    [update] = await api.ok("getUpdates")
    await second.stop()

    third = LocalChat("127.0.0.1:0", copy)
    api.url = await third.start()
    kept = await third.person("Ann").send("kept")
    [newer] = await api.ok("getUpdates")
    assert newer["update_id"] >= update["update_id"] + LEAP
    assert kept.id >= lost.id + LEAP
    await third.stop()


async def test_half_an_emoji_is_kept_and_holds_nothing_up(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    first = LocalChat("127.0.0.1:0", tmp_path / "state.sqlite")
    await first.start()
    first.bot(TOKEN)
    for text in ("\ud83c", "later"):
        await first.person("Ann").send(text)
    await first.stop()
    second = LocalChat("127.0.0.1:0", tmp_path / "state.sqlite")
    await second.start()
    assert [message.text for message in second.person("Ann").messages] == ["\ud83c", "later"]
    await second.stop()


async def test_what_the_disk_had_no_room_for_is_written_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first = LocalChat("127.0.0.1:0", tmp_path / "state.sqlite")
    await first.start()
    first.bot(TOKEN)
    assert first._keeper is not None
    assert first._keeper._store is not None
    room = first._keeper._store._connection
    room.execute("PRAGMA max_page_count = 1")
    await first.person("Ann").send("x" * 4000)
    async with asyncio.timeout(5):
        while "trying again" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    room.execute("PRAGMA max_page_count = 100000")
    await first.stop()
    second = LocalChat("127.0.0.1:0", tmp_path / "state.sqlite")
    await second.start()
    assert [message.text for message in second.person("Ann").messages] == ["x" * 4000]
    await second.stop()


async def test_a_state_file_belongs_to_one_server_at_a_time(tmp_path: Path) -> None:
    first, second = (LocalChat("127.0.0.1:0", tmp_path / "state.sqlite") for _ in range(2))
    await first.start()
    with pytest.raises(StateError, match="another local chat keeps its state in"):
        await second.start()
    await second.stop()
    await first.stop()
    await second.start()
    await second.stop()


async def test_without_a_state_file_nothing_is_kept() -> None:
    first = LocalChat("127.0.0.1:0")
    await first.start()
    first.bot(TOKEN)
    await first.person("Ann").send("x")
    await first.stop()
    second = LocalChat("127.0.0.1:0")
    await second.start()
    second.bot(TOKEN)
    assert second.person("Ann").messages == []
    await second.stop()
