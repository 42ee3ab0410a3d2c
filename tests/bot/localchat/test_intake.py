"""How a bot gets its updates: long polls, offsets, two pollers, allowed kinds, webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.localchat import BotView, LocalChat, PersonView
from tests.bot.localchat.conftest import Api, hook_server


async def texts(api: Api, **params: Any) -> list[str]:
    return [update["message"]["text"] for update in await api.ok("getUpdates", **params)]


async def test_updates_come_again_until_a_higher_offset_confirms_them(api: Api, ann: PersonView) -> None:
    await ann.send("two")
    first = await api.ok("getUpdates")
    assert await texts(api) == ["/start", "two"]
    assert await texts(api, limit=1) == ["/start"]
    assert await texts(api, offset=first[0]["update_id"] + 1) == ["two"]
    assert await texts(api) == ["two"]
    assert await texts(api, offset=first[1]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_only_the_last_ones(api: Api, ann: PersonView) -> None:
    for text in ("two", "three"):
        await ann.send(text)
    assert await texts(api, offset=-2) == ["two", "three"]
    assert await texts(api) == ["two", "three"]


async def test_update_ids_rise_one_by_one(api: Api, ann: PersonView) -> None:
    await ann.send("two")
    first, second = await api.ok("getUpdates")
    assert second["update_id"] == first["update_id"] + 1


async def test_a_long_poll_waits_for_the_first_update(api: Api, bot: BotView, chat: LocalChat) -> None:
    poll = asyncio.create_task(texts(api, timeout=5))
    while not chat.calls and not poll.done():
        await asyncio.sleep(0.02)
        if bot.pending == 0:
            await chat.person("Ann").send("hello")
    assert await asyncio.wait_for(poll, 2) == ["hello"]


async def test_a_long_poll_ends_empty_after_its_time(api: Api, bot: BotView) -> None:
    began = asyncio.get_running_loop().time()
    assert await texts(api, timeout=1) == []
    assert 0.9 < asyncio.get_running_loop().time() - began < 3


async def test_the_older_of_two_pollers_is_told_of_the_conflict(api: Api, bot: BotView, chat: LocalChat) -> None:
    older = asyncio.create_task(api.call("getUpdates", timeout=5))
    await asyncio.sleep(0.1)
    newer = asyncio.create_task(api.ok("getUpdates", timeout=5))
    assert (await asyncio.wait_for(older, 2)).refusal == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    await chat.person("Ann").send("hello")
    assert len(await asyncio.wait_for(newer, 2)) == 1


async def test_allowed_updates_are_remembered_and_older_updates_stay(api: Api, ann: PersonView) -> None:
    await api.ok("getUpdates", allowed_updates=["callback_query"])
    await ann.send("not wanted")
    await ann.tap_data(ann.messages[0], "wanted", wait=False)
    kinds = [set(update) - {"update_id"} for update in await api.ok("getUpdates")]
    assert kinds == [{"message"}, {"callback_query"}]
    await api.ok("getUpdates", allowed_updates=[])
    await ann.send("wanted again")
    assert "message" in (await api.ok("getUpdates"))[-1]


async def test_stopping_the_server_ends_a_waiting_poll(api: Api) -> None:
    chat = LocalChat("127.0.0.1:0")
    api.url = await chat.start()
    poll = asyncio.create_task(api.ok("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    await asyncio.wait_for(chat.stop(), 3)
    assert await poll == []


class Hook:
    """A bot's webhook: keeps what it is posted, answers with `statuses` first and then 200."""

    def __init__(self) -> None:
        self.posts: list[tuple[str | None, dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.came = asyncio.Event()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.posts.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        self.came.set()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.posts) < count:
                self.came.clear()
                await self.came.wait()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, update in self.posts]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    async with hook_server(hook.take) as hook.url:
        yield hook


async def test_a_webhook_gets_what_waited_and_what_comes_with_its_secret(api: Api, ann: PersonView, hook: Hook) -> None:
    answer = await api.call("setWebhook", url=hook.url, secret_token="s3cret-_")
    assert answer.body == {"ok": True, "result": True, "description": "Webhook was set"}
    await hook.until(1)
    await ann.send("two")
    await hook.until(2)
    assert hook.texts == ["/start", "two"]
    assert {secret for secret, _ in hook.posts} == {"s3cret-_"}


async def test_a_refused_update_is_posted_again_and_later_ones_wait_for_it(
    api: Api, ann: PersonView, hook: Hook
) -> None:
    await ann.send("two")
    hook.statuses = [500, 403]
    await api.ok("setWebhook", url=hook.url)
    await hook.until(4)
    assert hook.texts == ["/start", "/start", "/start", "two"]
    info = await api.ok("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"


async def test_one_chat_that_is_refused_does_not_hold_another(
    api: Api, ann: PersonView, hook: Hook, chat: LocalChat
) -> None:
    hook.statuses = [500]
    await api.ok("setWebhook", url=hook.url)
    await hook.until(1)
    await chat.person("Ben").send("ben")
    await hook.until(3)
    assert hook.texts == ["/start", "ben", "/start"]


async def test_polling_and_a_webhook_exclude_each_other(api: Api, ann: PersonView, hook: Hook) -> None:
    await api.ok("setWebhook", url=hook.url, allowed_updates=["callback_query"], max_connections=3)
    await hook.until(1)
    code, text = (await api.call("getUpdates")).refusal
    assert (code, text) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    info = await api.ok("getWebhookInfo")
    assert (info["url"], info["max_connections"], info["allowed_updates"]) == (hook.url, 3, ["callback_query"])
    assert (await api.call("deleteWebhook")).body["description"] == "Webhook was deleted"
    assert (await api.call("deleteWebhook")).body["description"] == "Webhook is already deleted"
    assert (await api.ok("getWebhookInfo"))["url"] == ""
    await api.ok("getUpdates")


async def test_pending_updates_can_be_dropped(api: Api, ann: PersonView, bot: BotView) -> None:
    assert bot.pending == 1
    await api.ok("deleteWebhook", drop_pending_updates=True)
    assert bot.pending == 0


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"url": "ftp://a.example"}, "invalid webhook URL specified"),
        ({"url": "https://:x"}, "invalid webhook URL specified"),
        ({"url": "http://a.example/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://a.example:8080/hook"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://a.example", "secret_token": "a" * 257}, "secret token is too long"),
        ({"url": "https://a.example", "secret_token": "a b"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_bad_webhook_is_refused(api: Api, params: dict[str, str], problem: str) -> None:
    assert (await api.call("setWebhook", **params)).refusal == (400, f"Bad Request: {problem}")


async def test_an_update_can_be_repeated_after_it_was_confirmed(chat: LocalChat, api: Api, ann: PersonView) -> None:
    [update] = await api.ok("getUpdates")
    later = update["update_id"] + 1
    assert await api.ok("getUpdates", offset=later) == []
    assert chat.repeat_update() == update["update_id"]
    assert await api.ok("getUpdates", offset=later) == [update]
    assert await api.ok("getUpdates", offset=later) == []
    with pytest.raises(ValueError, match="no such update"):
        chat.repeat_update(1)


async def test_an_update_can_be_repeated_to_a_webhook(chat: LocalChat, api: Api, ann: PersonView, hook: Hook) -> None:
    await api.ok("setWebhook", url=hook.url)
    await hook.until(1)
    chat.repeat_update()
    await hook.until(2)
    assert hook.posts[0] == hook.posts[1]
