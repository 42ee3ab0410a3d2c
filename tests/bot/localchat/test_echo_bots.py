"""Bots on stock libraries run against `marginbot localchat` as against Telegram, by polling and by webhook."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.bot.localchat.conftest import TOKEN
from tests.support.page_person import PagePerson
from tests.support.ports import free_port

PICTURE = Path("tests/echo_bots/picture.png").read_bytes()


@asynccontextmanager
async def process(folder: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program of this Python, ended afterwards; what it wrote is shown when a test fails."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore", "XDG_DATA_HOME": str(folder)}
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, env=environment, stdout=PIPE, stderr=STDOUT
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
        rest, _ = await asyncio.wait_for(started.communicate(), 20)
        print(f"--- {' '.join(arguments)}\n{rest.decode()}")


@asynccontextmanager
async def local_chat(folder: Path) -> AsyncIterator[str]:
    async with process(folder, "bot", "localchat", "--listen", "127.0.0.1:0") as server:
        assert server.stdout is not None
        line = (await asyncio.wait_for(server.stdout.readline(), 20)).decode()
        yield next(word for word in line.split() if word.startswith("http://"))


@pytest.mark.parametrize("way", ["polling", "webhook"])
@pytest.mark.parametrize("library", ["python_telegram_bot", "aiogram"])
async def test_an_echo_bot_runs_unchanged_against_the_local_chat(library: str, way: str, tmp_path: Path) -> None:
    port = [str(free_port())] if way == "webhook" else []
    async with (
        local_chat(tmp_path) as root,
        process(tmp_path, f"tests.echo_bots.with_{library}", root, TOKEN, *port),
        aiohttp.ClientSession() as session,
    ):
        person = PagePerson(root, session)
        await person.meet("local_123456_bot")
        await commands_and_buttons(person)
        await echo_and_edit(person)
        await pictures(person, session, root)
        await inline(person)


async def commands_and_buttons(person: PagePerson) -> None:
    profile = await person.profile(lambda told: bool(told["commands"]))
    assert [command["command"] for command in profile["commands"]] == ["start", "photo"]
    await person.post("send", text="/start")
    hello = await person.seen(lambda m: m["text"] == "Hello! Press to count.")
    assert [(entity["type"], entity["length"]) for entity in hello["entities"]] == [("bold", 6)]
    for pressed in ("1", "2"):
        answer = await person.post("tap", message_id=hello["id"], data=pressed)
        assert answer["text"] == f"Counted {pressed}"
        counted = await person.seen(lambda m, pressed=pressed: m["text"] == f"Count: {pressed}")  # type: ignore[misc]
        assert counted["id"] == hello["id"]
    assert counted["buttons"] == [[{"text": "Count", "kind": "callback", "value": "3", "style": ""}]]


async def echo_and_edit(person: PagePerson) -> None:
    mine = await person.post("send", text="good <b>morning</b> 🌅")
    echo = await person.seen(lambda m: not m["own"] and m["text"] == "good <b>morning</b> 🌅")
    assert echo["reply"]["id"] == mine["id"]
    await person.post("edit", message_id=mine["id"], text="good evening")
    edited = await person.seen(lambda m: not m["own"] and m["text"] == "good evening")
    assert (edited["id"], edited["edited"]) == (echo["id"], True)


async def pictures(person: PagePerson, session: aiohttp.ClientSession, root: str) -> None:
    await person.post("send", text="/photo")
    sent = await person.seen(lambda m: not m["own"] and m["text"] == "A grey square")
    async with session.get(f"{root}/page/file/{sent['photo']['file']}") as file:
        assert await file.read() == PICTURE
    await person.post_photo(PICTURE)
    await person.seen(lambda m: m["text"] == f"{len(PICTURE)} bytes")


async def inline(person: PagePerson) -> None:
    told = await person.post("inline", bot_username="local_123456_bot", query="hear hear", offset="")
    assert [result["title"] for result in told["results"]] == ["Echo hear hear"]
    await person.post("choose", query_id=told["query_id"], result_id=told["results"][0]["id"])
    shown = await person.seen(lambda m: m["text"] == "hear hear, chosen")
    assert shown["own"]
    await person.post("tap", message_id=shown["id"], data="1")
    await person.seen(lambda m: m["id"] == shown["id"] and m["text"] == "Count: 1")
