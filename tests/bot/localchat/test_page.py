"""The page: what it is served, what its stream tells, what it may post."""

from __future__ import annotations

import asyncio
import json
import re
from importlib.resources import files
from typing import Any

import aiohttp
import pytest

from bot.localchat import BotView, LocalChat, PersonView
from bot.localchat.driver import tiny_png
from bot.localchat.feed import MOST_UNREAD, Change
from tests.bot.localchat.conftest import Api
from tests.bot.localchat.test_files import photo, upload


class Stream:
    """The page's event stream."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self) -> tuple[str, Any]:
        async with asyncio.timeout(3):
            name = (await self._response.content.readline()).decode().removeprefix("event: ").strip()
            data = (await self._response.content.readline()).decode().removeprefix("data: ")
            await self._response.content.readline()
        return name, json.loads(data)


async def post(api: Api, path: str, **body: Any) -> tuple[int, Any]:
    async with api.session.post(f"{api.url}/page/{path}", json=body, headers={"Origin": api.url}) as response:
        return response.status, await response.json()


async def test_the_page_is_served_under_a_strict_policy(api: Api) -> None:
    async with api.session.get(f"{api.url}/") as response:
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    for path in re.findall(r'(?:src|href)="([^"]+)"', page):
        async with api.session.get(api.url + path) as response:
            assert response.status == 200
            assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    [file.name for file in files("bot.localchat").joinpath("static").iterdir() if file.name.endswith((".js", ".html"))],
)
async def test_nothing_in_the_page_can_turn_text_into_markup(api: Api, name: str) -> None:
    async with api.session.get(f"{api.url}/static/{name}") as response:
        text = await response.text()
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        " style=",
        " onclick=",
    ):
        assert forbidden not in text


@pytest.mark.parametrize("path", ["/static/nothing.js", "/static/..%2fchat.py", "/page/file/x", "/page/events?bot=1"])
async def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    async with api.session.get(f"{api.url}{path}") as response:
        assert response.status == 404


async def test_the_stream_tells_what_happens_in_the_chat(api: Api, ann: PersonView, chat: LocalChat) -> None:
    await api.ok("setMyDescription", description="All about margin")
    async with api.session.get(f"{api.url}/page/events?person={ann.id}&bot=123456") as response:
        stream = Stream(response)
        name, told = await stream.next()
        assert name == "snapshot"
        assert told["profile"]["description"] == "All about margin"
        assert told["state"] == {"started": True, "blocked": False}
        assert [message["text"] for message in told["messages"]] == ["/start"]
        assert [person["name"] for person in told["people"]] == ["Ann", "Ben"]
        button = {"text": "Copy", "copy_text": {"text": "1"}}
        markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go", "style": "danger"}, button]]}
        await api.ok("sendChatAction", chat_id=ann.id, action="typing")
        assert await stream.next() == ("typing", {"action": "typing", "name": "local_123456_bot"})
        sent = await api.ok("sendMessage", chat_id=ann.id, text="<b>x</b>", parse_mode="HTML", reply_markup=markup)
        name, told = await stream.next()
        assert (name, told["text"], told["entities"]) == ("message", "x", [{"offset": 0, "length": 1, "type": "bold"}])
        assert told["buttons"] == [
            [
                {"text": "Go", "kind": "callback", "value": "go", "style": "danger"},
                {"text": "Copy", "kind": "copy", "value": "1", "style": ""},
            ]
        ]
        await api.ok("editMessageText", chat_id=ann.id, message_id=sent["message_id"], text="y")
        name, told = await stream.next()
        assert (name, told["text"], told["edited"]) == ("message", "y", True)
        await api.ok("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])
        assert await stream.next() == ("deleted", {"id": sent["message_id"]})
        await api.ok("setMyCommands", commands=[{"command": "a", "description": "b"}])
        name, told = await stream.next()
        assert (name, told["commands"]) == ("profile", [{"command": "a", "description": "b"}])
        ann.block()
        assert await stream.next() == ("state", {"started": True, "blocked": True})
        chat.person("Cem")
        name, told = await stream.next()
        assert (name, [person["name"] for person in told["people"]]) == ("everyone", ["Ann", "Ben", "Cem"])


async def test_a_person_sees_the_commands_of_their_language_and_scope(api: Api, ann: PersonView) -> None:
    async def shown() -> list[str]:
        async with api.session.get(f"{api.url}/page/events?person={ann.id}&bot=123456") as response:
            _, told = await Stream(response).next()
            return [command["description"] for command in told["profile"]["commands"]]

    for description, more in (
        ("default", {}),
        ("private", {"scope": {"type": "all_private_chats"}}),
        ("private english", {"scope": {"type": "all_private_chats"}, "language_code": "en"}),
        ("ann's", {"scope": {"type": "chat", "chat_id": ann.id}}),
    ):
        await api.ok("setMyCommands", commands=[{"command": "a", "description": description}], **more)
        assert await shown() == [description]


async def test_the_person_writes_edits_and_blocks_from_the_page(api: Api, ann: PersonView) -> None:
    who = {"person": ann.id, "bot": 123456}
    status, told = await post(api, "send", **who, text=" hello ", reply_to=ann.messages[0].id)
    assert (status, told["id"]) == (200, ann.messages[-1].id)
    assert (ann.messages[-1].text, ann.messages[-1].reply_to_id) == ("hello", ann.messages[0].id)
    assert await post(api, "edit", **who, message_id=told["id"], text="bye") == (200, {})
    assert await post(api, "block", **who, blocked=True) == (200, {})
    kinds = [next(k for k in update if k != "update_id") for update in await api.ok("getUpdates")]
    assert kinds == ["message", "message", "edited_message", "my_chat_member"]
    assert await post(api, "send", **who, text="x") == (400, {"error": "Ann has blocked the bot"})
    assert (await post(api, "edit", **who, message_id=5, text="x"))[0] == 400


async def test_a_tap_waits_for_the_bots_answer(api: Api, ann: PersonView) -> None:
    tap = asyncio.create_task(post(api, "tap", person=ann.id, bot=123456, message_id=1, data="a"))
    updates = await api.ok("getUpdates", offset=-1, timeout=2)
    while "callback_query" not in updates[-1]:
        updates = await api.ok("getUpdates", offset=updates[-1]["update_id"] + 1, timeout=2)
    await api.ok("answerCallbackQuery", callback_query_id=updates[-1]["callback_query"]["id"], text="yes")
    assert await tap == (200, {"text": "yes", "alert": False, "url": ""})


async def test_a_tap_that_nobody_answers_ends_late(api: Api) -> None:
    chat = LocalChat("127.0.0.1:0", callback_seconds=0.05)
    api.url = await chat.start()
    chat.bot(api.token)
    told = await post(api, "tap", person=chat.person("Ann").id, bot=123456, message_id=1, data="a")
    assert told == (200, {"late": True})
    await chat.stop()


async def test_posts_without_the_pages_origin_are_turned_away(api: Api, ann: PersonView) -> None:
    body = {"person": ann.id, "bot": 123456, "text": "x"}
    for headers in ({}, {"Origin": "http://evil.example"}):
        async with api.session.post(f"{api.url}/page/send", json=body, headers=headers) as response:
            assert response.status == 403
    async with api.session.post(f"{api.url}/page/send", data=body, headers={"Origin": api.url}) as response:
        assert response.status == 403
    assert len(ann.messages) == 1


async def test_pictures_are_shown_and_everything_else_is_only_saved(api: Api, ann: PersonView, bot: BotView) -> None:
    await photo(api, ann, tiny_png())
    page = b"<script>alert(1)</script>"
    await upload(api, "sendDocument", page, field="document", name="x.html", kind="text/html", chat_id=ann.id)
    picture, document = (message.raw for message in ann.messages[-2:])
    async with api.session.get(f"{api.url}/page/file/{picture['photo'][0]['file_unique_id']}") as response:
        assert (response.content_type, await response.read()) == ("image/png", tiny_png())
    async with api.session.get(f"{api.url}/page/file/{document['document']['file_unique_id']}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''x.html"
        assert await response.read() == page


async def test_who_does_not_take_what_happens_begins_anew_instead_of_filling_the_memory(
    chat: LocalChat, bot: BotView, ann: PersonView
) -> None:
    unread = chat._world.feed.subscribe((bot.id, ann.id))
    for _ in range(MOST_UNREAD + 5):
        chat._world.feed.publish((bot.id, ann.id), Change(kind="chat"))
    assert unread.qsize() == MOST_UNREAD + 1
    told = [unread.get_nowait() for _ in range(MOST_UNREAD + 1)]
    assert (told[0], told[-1]) == (Change(kind="chat"), None)
