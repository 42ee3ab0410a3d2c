"""Groups on the page: what its stream tells, what it may post."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.localchat import BotView, LocalChat
from bot.localchat.driver import tiny_png
from tests.bot.localchat.conftest import OTHER_TOKEN, Api
from tests.bot.localchat.groups import told, updates
from tests.bot.localchat.test_page import Stream, post


async def default_group(api: Api) -> dict[str, Any]:
    """The group that every local chat begins with, as the page is told of it."""
    async with api.session.get(f"{api.url}/page/everyone") as response:
        [group] = (await response.json())["groups"]
    return dict(group)


async def test_the_page_begins_with_a_group_of_both_people_and_no_bot(chat: LocalChat, api: Api, bot: BotView) -> None:
    group = await default_group(api)
    ids = [chat.person(name).id for name in ("Ann", "Ben")]
    assert group == {
        "id": group["id"],
        "title": "Group",
        "kind": "group",
        "forum": False,
        "members": ids,
        "bots": [],
    }
    async with api.session.get(f"{api.url}/page/everyone") as response:
        [shown] = (await response.json())["bots"]
    assert (shown["id"], shown["username"]) == (bot.id, bot.username)


async def test_the_stream_of_a_group_tells_who_wrote_and_what_happened(chat: LocalChat, api: Api, bot: BotView) -> None:
    group = await default_group(api)
    ann, ben = chat.person("Ann"), chat.person("Ben")
    who = {"person": ann.id, "group": group["id"]}
    await api.ok("setMyCommands", commands=[{"command": "price", "description": "Price now"}])
    async with api.session.get(f"{api.url}/page/events", params=who) as response:
        stream = Stream(response)
        name, first = await stream.next()
        assert name == "snapshot"
        assert first["profile"] == {"name": "Group", "username": "", "description": "", "commands": []}
        assert [message["service"] for message in first["messages"]] == ["Ann created the group"]
        assert first["state"] == {
            "member": True,
            "kind": "group",
            "forum": False,
            "topics": [],
            "members": [
                {"id": ann.id, "name": "Ann", "is_bot": False, "status": "creator"},
                {"id": ben.id, "name": "Ben", "is_bot": False, "status": "member"},
            ],
        }
        assert await post(api, "group", **who, action="add_bot", bot=bot.id) == (200, {"id": group["id"]})
        kinds = {}
        for _ in range(4):
            name, now = await stream.next()
            kinds[name] = now
        assert kinds["message"]["service"] == f"Ann added {bot.username}"
        assert kinds["profile"]["commands"] == [{"command": "price", "description": "Price now", "bot": bot.username}]
        assert kinds["state"]["members"][-1] == {
            "id": bot.id,
            "name": bot.username,
            "is_bot": True,
            "status": "member",
        }
        assert kinds["everyone"]["groups"][0]["bots"][0]["admin"] is False
        await api.ok("sendChatAction", chat_id=group["id"], action="typing")
        assert await stream.next() == ("typing", {"action": "typing", "name": bot.username})
        await post(api, "send", person=ben.id, group=group["id"], text="/price")
        name, now = await stream.next()
        assert (name, now["own"], now["from"], now["topic"], now["service"]) == (
            "message",
            False,
            {"id": ben.id, "name": "Ben", "is_bot": False},
            None,
            None,
        )


async def test_the_stream_tells_where_a_group_has_gone(chat: LocalChat, api: Api, bot: BotView) -> None:
    group = await default_group(api)
    who = {"person": chat.person("Ann").id, "group": group["id"]}
    async with api.session.get(f"{api.url}/page/events", params=who) as response:
        stream = Stream(response)
        await stream.next()
        status, answer = await post(api, "group", **who, action="forum", on=True)
        assert status == 200
        while (event := await stream.next())[0] != "migrated":
            pass
        assert event[1] == {"to": answer["id"]}
    async with api.session.get(f"{api.url}/page/events", params=who) as response:  # a page that comes back later
        assert await Stream(response).next() == ("migrated", {"to": answer["id"]})
    now = await default_group(api)
    assert (now["id"], now["kind"], now["forum"]) == (answer["id"], "supergroup", True)
    assert (await post(api, "send", **who, text="the old id still finds it"))[0] == 200


async def test_topics_are_made_and_written_in_from_the_page(chat: LocalChat, api: Api, bot: BotView) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    group.topic("First")
    who = {"person": chat.person("Ann").id, "group": group.id}
    assert (await post(api, "group", **who, action="new_topic", name="Alts"))[0] == 200
    async with api.session.get(f"{api.url}/page/events", params=who) as response:
        _, now = await Stream(response).next()
    topic = now["state"]["topics"][-1]
    assert (topic["name"], topic["closed"]) == ("Alts", False)
    await post(api, "send", **who, text="/price", topic=topic["id"])
    assert (await updates(api))[-1]["message"]["message_thread_id"] == topic["id"]
    assert (await post(api, "group", **who, action="new_topic", name=" "))[0] == 400
    assert (await post(api, "send", **who, text="x", topic=999)) == (400, {"error": "message thread not found"})


async def test_bots_are_promoted_and_removed_and_people_leave_and_join(chat: LocalChat, api: Api, bot: BotView) -> None:
    group = chat.group("Desk", chat.person("Ann"), chat.person("Ben"), bots=[bot])
    ann, ben = ({"person": chat.person(name).id, "group": group.id} for name in ("Ann", "Ben"))
    for who, action in (
        (ann, {"action": "promote_bot", "bot": bot.id, "admin": True}),
        (ben, {"action": "leave"}),
        (ben, {"action": "join"}),
        (ann, {"action": "remove_bot", "bot": bot.id}),
        (ann, {"action": "add_bot", "bot": bot.id, "payload": "cmp_1"}),
    ):
        assert await post(api, "group", **who, **action) == (200, {"id": group.id})
    heard = await told(api)
    assert heard[-1] == f"/start@{bot.username} cmp_1"
    assert "my_chat_member administrator -> kicked" in heard
    refused = await post(api, "group", **ben, action="remove_bot", bot=bot.id)
    assert refused == (400, {"error": "only the group's administrators can remove somebody"})
    assert (await post(api, "group", **ben, action="dance"))[0] == 400
    private = {"person": ann["person"], "bot": bot.id}
    assert await post(api, "group", **private, action="leave") == (400, {"error": "this is not a group"})


async def test_a_new_group_has_everyone_in_it(chat: LocalChat, api: Api, bot: BotView) -> None:
    status, made = await post(api, "new_group", person=chat.person("Ben").id, title=" Night desk ")
    assert status == 200
    async with api.session.get(f"{api.url}/page/everyone") as response:
        found = (await response.json())["groups"][-1]
    assert (found["id"], found["title"], len(found["members"])) == (made["id"], "Night desk", 2)
    assert (await post(api, "new_group", person=chat.person("Ben").id, title=" "))[0] == 400


async def test_people_start_by_link_and_delete_messages(chat: LocalChat, api: Api, bot: BotView) -> None:
    who = {"person": chat.person("Ann").id, "bot": bot.id}
    status, sent = await post(api, "start", **who, payload="save_1")
    assert status == 200
    assert await told(api) == ["/start save_1"]
    assert await post(api, "delete", **who, message_id=sent["id"]) == (200, {})
    assert (await post(api, "delete", **who, message_id=sent["id"]))[0] == 400
    assert (await post(api, "start", **who, payload="no spaces"))[0] == 400


async def send_form(api: Api, fields: dict[str, Any], origin: str | None = None) -> tuple[int, Any]:
    """A picture posted as the page does."""
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        if isinstance(value, bytes):
            form.add_field(name, value, filename="chart.png", content_type="image/png")
        else:
            form.add_field(name, str(value))
    headers = {"Origin": api.url if origin is None else origin}
    async with api.session.post(f"{api.url}/page/photo", data=form, headers=headers) as response:
        return response.status, await response.json(content_type=None) if response.status != 403 else None


async def test_a_picture_is_sent_from_the_page(chat: LocalChat, api: Api, bot: BotView) -> None:
    group = chat.group("Desk", chat.person("Ann"))
    topic = group.topic("Charts")
    chat.bot(OTHER_TOKEN)
    who: dict[str, Any] = {"person": chat.person("Ann").id, "group": group.id}
    status, _ = await send_form(api, who | {"topic": topic, "caption": "my chart", "file": tiny_png()})
    assert status == 200
    sent = group.messages[-1]
    assert (sent.text, sent.raw["photo"][0]["width"], sent.raw["message_thread_id"]) == ("my chart", 8, topic)
    private: dict[str, Any] = {"person": chat.person("Ann").id, "bot": bot.id}
    assert (await send_form(api, private | {"file": tiny_png()}))[0] == 200
    assert "photo" in await told(api)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"file": b"not a picture"}, "this is not a PNG, JPEG or GIF picture"),
        ({"file": "words"}, "there is no file"),
    ],
)
async def test_what_is_no_picture_is_refused(
    chat: LocalChat, api: Api, bot: BotView, fields: dict[str, Any], error: str
) -> None:
    answer = await send_form(api, {"person": chat.person("Ann").id, "bot": bot.id} | fields)
    assert answer == (400, {"error": error})


async def test_pictures_come_from_the_page_only_and_are_not_too_large(
    chat: LocalChat, api: Api, bot: BotView, monkeypatch: pytest.MonkeyPatch
) -> None:
    who: dict[str, Any] = {"person": chat.person("Ann").id, "bot": bot.id}
    assert (await send_form(api, who | {"file": tiny_png()}, "http://evil.example"))[0] == 403
    form = aiohttp.FormData({"person": str(who["person"]), "bot": str(bot.id)})
    form.add_field("file", tiny_png(), filename="x.png")
    async with api.session.post(f"{api.url}/page/photo", data=form) as response:
        assert response.status == 403
    monkeypatch.setattr("bot.localchat.page_guard.FORM_BYTES", 5000)
    status, answer = await send_form(api, who | {"file": tiny_png() + b"0" * 5000})
    assert (status, answer) == (413, {"error": "the file is larger than 10 MB"})


async def test_a_person_sees_the_commands_for_their_place_in_the_group(chat: LocalChat, api: Api, bot: BotView) -> None:
    ann, ben = chat.person("Ann"), chat.person("Ben")
    group = chat.group("Desk", ann, ben, bots=[bot])

    async def shown(person: int) -> list[str]:
        where = {"person": person, "group": group.id}
        async with api.session.get(f"{api.url}/page/events", params=where) as response:
            _, now = await Stream(response).next()
            return [command["description"] for command in now["profile"]["commands"]]

    for scope, for_ann, for_ben in (
        ({"type": "default"}, "default", "default"),
        ({"type": "all_group_chats"}, "all_group_chats", "all_group_chats"),
        ({"type": "all_chat_administrators"}, "all_chat_administrators", "all_group_chats"),
        ({"type": "chat", "chat_id": group.id}, "chat", "chat"),
        ({"type": "chat_administrators", "chat_id": group.id}, "chat_administrators", "chat"),
        ({"type": "chat_member", "chat_id": group.id, "user_id": ben.id}, "chat_administrators", "chat_member"),
    ):
        commands = [{"command": "a", "description": scope["type"]}]
        await api.ok("setMyCommands", commands=commands, scope=scope)
        assert (await shown(ann.id), await shown(ben.id)) == ([for_ann], [for_ben])
