"""Faults over HTTP, and updates that come twice or in another order."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from bot.localchat import BotView, LocalChat, PersonView
from tests.bot.localchat.conftest import Api


async def control(api: Api, **asked: Any) -> tuple[int, dict[str, Any]]:
    async with api.session.post(f"{api.url}/control/fault", json=asked) as response:
        return response.status, await response.json()


async def test_a_status_is_answered_as_often_as_asked(api: Api, ann: PersonView) -> None:
    asked = {"kind": "status", "method": "sendMessage", "times": 2, "value": 502}
    assert await control(api, **asked) == (200, {"ok": True})
    for _ in range(2):
        assert (await api.call("sendMessage", chat_id=ann.id, text="x")).refusal == (502, "Bad Gateway")
    await api.ok("sendMessage", chat_id=ann.id, text="x")


async def test_a_429_carries_its_retry_after(api: Api, ann: PersonView) -> None:
    await control(api, kind="status", value=429, retry_after=7)
    answer = await api.call("sendMessage", chat_id=ann.id, text="x")
    assert answer.refusal == (429, "Too Many Requests: retry after 7")
    assert answer.body["parameters"] == {"retry_after": 7}


@pytest.mark.parametrize(("kind", "arrived"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_connection_breaks_before_or_after_the_call_is_carried_out(
    api: Api, ann: PersonView, kind: str, arrived: int
) -> None:
    await control(api, kind=kind)
    with pytest.raises(aiohttp.ClientError):
        await api.call("sendMessage", chat_id=ann.id, text="x")
    assert len([message for message in ann.messages if message.from_bot]) == arrived


async def test_an_answer_is_delayed(api: Api) -> None:
    await control(api, kind="delay", method="getMe", value=0.2)
    began = time.perf_counter()
    await api.ok("getMe")
    assert time.perf_counter() - began >= 0.2


async def test_faults_are_forgotten_on_request(api: Api) -> None:
    await control(api, kind="status", value=500)
    async with api.session.delete(f"{api.url}/control/fault") as response:
        assert response.status == 200
    await api.ok("getMe")


async def test_updates_are_not_repeated_or_reordered_once_faults_are_forgotten(
    chat: LocalChat, api: Api, ann: PersonView
) -> None:
    [update] = await api.ok("getUpdates")
    later = update["update_id"] + 1
    chat.repeat_update()
    chat.reorder_updates()
    chat.clear_faults()
    await ann.send("one")
    await ann.send("two")
    assert [update["message"]["text"] for update in await api.ok("getUpdates", offset=later)] == ["one", "two"]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({}, "a fault has a kind"),
        ({"kind": "x"}, "kind must be one of delay, status, reset_before, reset_after, got x"),
        ({"kind": "delay", "value": 61}, "a delay is from 0 to 60 seconds, got 61"),
        ({"kind": "status", "value": 200}, "a status is from 400 to 599, got 200"),
        ({"kind": "status", "value": 429, "retry_after": 4000}, "retry_after is from 0 to 3600 seconds, got 4000"),
        ({"kind": "reset_before", "times": 1001}, "times must be from 1 to 1000, got 1001"),
        ({"kind": "reset_before", "colour": "red"}, "unknown: colour"),
        ({"kind": "reset_before", "method": 5}, "method and description are texts"),
        ({"kind": "reset_before", "times": 1.5}, "times and retry_after are whole numbers"),
        ({"kind": "repeat_update", "update_id": 1}, "no such update among the recent ones"),
        ({"kind": "reorder_updates", "times": 0}, "times must be from 1 to 1000, got 0"),
        ({"kind": "reorder_updates", "bot": 5}, "no bot 5 is known"),
    ],
)
async def test_a_bad_fault_is_refused(api: Api, asked: dict[str, Any], problem: str) -> None:
    assert await control(api, **asked) == (400, {"ok": False, "error": problem})


async def test_only_so_many_faults_wait(api: Api) -> None:
    for _ in range(100):
        await control(api, kind="reset_before", method="close")
    assert await control(api, kind="reset_before") == (400, {"ok": False, "error": "100 faults wait already"})


async def test_pages_cannot_ask_for_faults(api: Api) -> None:
    url = f"{api.url}/control/fault"
    async with api.session.post(url, json={"kind": "delay"}, headers={"Origin": api.url}) as response:
        assert response.status == 403
    async with api.session.delete(url, headers={"Sec-Fetch-Site": "cross-site"}) as response:
        assert response.status == 403
    async with api.session.post(url, data="x") as response:
        assert response.status == 415
    async with api.session.post(url, json=[]) as response:
        assert response.status == 400


async def test_an_update_comes_again(api: Api, ann: PersonView) -> None:
    [update] = await api.ok("getUpdates")
    later = update["update_id"] + 1
    assert await api.ok("getUpdates", offset=later) == []
    assert await control(api, kind="repeat_update") == (200, {"ok": True, "update_id": update["update_id"]})
    assert await api.ok("getUpdates", offset=later) == [update]


async def test_updates_come_backwards_by_polling(chat: LocalChat, api: Api, ann: PersonView) -> None:
    [first] = await api.ok("getUpdates")
    await control(api, kind="reorder_updates")
    poll = asyncio.create_task(api.ok("getUpdates", offset=first["update_id"] + 1, timeout=5))
    await ann.send("one")
    await asyncio.sleep(0.1)
    await ann.send("two")
    assert [update["message"]["text"] for update in await poll] == ["two", "one"]
    again = await api.ok("getUpdates", offset=first["update_id"] + 1)
    assert [update["message"]["text"] for update in again] == ["one", "two"]


async def test_a_single_update_is_not_held_for_long(chat: LocalChat, api: Api, ann: PersonView, bot: BotView) -> None:
    chat.reorder_updates(bot=bot)
    assert len(await api.ok("getUpdates")) == 1
