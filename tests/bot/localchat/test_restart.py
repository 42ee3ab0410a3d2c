"""What is kept over a restart, and over a crash."""

from __future__ import annotations

import shutil
from pathlib import Path

import aiohttp

from bot.localchat import LocalChat
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
