"""What the page is told of chats that are not looked at, of a group's past, and what a keyboard's request sends."""

from __future__ import annotations

from typing import Any

import pytest

from bot.localchat import BotView, LocalChat, PersonView
from tests.bot.localchat.conftest import Api
from tests.bot.localchat.groups import updates
from tests.bot.localchat.test_page import Stream, post


async def test_the_stream_tells_what_is_said_in_other_chats_and_what_is_unread(
    chat: LocalChat, api: Api, ann: PersonView, bot: BotView
) -> None:
    ben = chat.person("Ben")
    group = chat.group("Desk", ann, ben, kind="group")
    closed = chat.group("Closed", ben)
    async with api.session.get(f"{api.url}/page/events?person={ann.id}&bot={bot.id}") as response:
        stream = Stream(response)
        _, first = await stream.next()
        assert [place["message"]["text"] or place["message"]["service"] for place in first["lately"]] == [
            "Ann created the group",
            "/start",
            "Ann created the group",
        ]
        await ben.send("between us", chat=closed)
        for writer, text, own in ((ben, "one", False), (ann, "two", True)):
            await writer.send(text, chat=group)
            name, said = await stream.next()
            assert (name, said["place"], said["unread"]) == ("said", {"group": group.id}, 1)
            assert (said["message"]["text"], said["message"]["own"]) == (text, own)
    async with api.session.get(f"{api.url}/page/events?person={ann.id}&group={group.id}") as response:
        _, first = await Stream(response).next()
    assert {place["unread"] for place in first["lately"]} == {0}


async def test_a_supergroup_shows_what_was_said_before_it_was_one(
    chat: LocalChat, api: Api, ann: PersonView, bot: BotView
) -> None:
    group = chat.group("Desk", ann, kind="group", bots=[bot])
    chat.group("Later", ann, kind="group")
    first = await ann.send("before", chat=group)
    await ann.reply(first, "an answer", chat=group)
    key = {"text": "Old", "callback_data": "old"}
    await api.ok("sendMessage", chat_id=group.id, text="press", reply_markup={"inline_keyboard": [[key]]})
    group.upgrade()
    await ann.send("after", chat=group)
    async with api.session.get(f"{api.url}/page/events?person={ann.id}&group={group.id}") as response:
        _, shown = await Stream(response).next()
    before, answer, pressed, service, after = shown["messages"][-5:]
    assert (before["id"], before["old"], before["text"]) == (-first.id, True, "before")
    assert answer["reply"]["id"] == before["id"]
    assert pressed["buttons"] == [[{"text": "Old", "kind": "disabled", "value": "", "style": ""}]]
    assert (service["service"], after["text"]) == ("The group was upgraded to a supergroup", "after")
    assert "old" not in after
    assert [each["title"] for each in shown["groups"]] == ["Group", "Desk", "Later"]


async def test_a_contact_and_a_place_are_sent_as_such(api: Api, ann: PersonView, bot: BotView) -> None:
    who = {"person": ann.id, "bot": bot.id}
    await post(api, "send", **who, contact="+1 (202) 555-0123")
    await post(api, "send", **who, location={"latitude": "51.5", "longitude": "-0.1"})
    number, place = [update["message"] for update in await updates(api)][-2:]
    assert number["contact"] == {"phone_number": "+12025550123", "first_name": "Ann", "user_id": ann.id}
    assert place["location"] == {"latitude": 51.5, "longitude": -0.1}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"contact": "ring me"}, "a phone number has 5 to 15 digits"),
        ({"location": {"latitude": 91, "longitude": 0}}, "a latitude is from -90 to 90"),
        ({"location": {"latitude": "nan", "longitude": 0}}, "a latitude is from -90 to 90"),
    ],
)
async def test_what_is_no_contact_and_no_place_is_refused(
    api: Api, ann: PersonView, bot: BotView, content: dict[str, Any], problem: str
) -> None:
    status, answer = await post(api, "send", person=ann.id, bot=bot.id, **content)
    assert status == 400
    assert problem in answer["error"]
