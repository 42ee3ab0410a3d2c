"""Webhooks: what setWebhook takes, what getWebhookInfo tells, calls in the answer, and updates in another order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.localchat import BotView, LocalChat, PersonView
from bot.localchat.driver import tiny_png
from tests.bot.localchat.conftest import Api, hook_server

Answer = Callable[[dict[str, Any]], web.StreamResponse]


class Bot:
    """A bot that is told by webhook; `answer` makes its answer to an update."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.answer: Answer = lambda update: web.Response()
        self.url = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.updates.append(await request.json())
        return self.answer(self.updates[-1])

    async def until(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(5):
            while len(self.updates) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return self.updates


@pytest.fixture
async def hook() -> AsyncIterator[Bot]:
    hook = Bot()
    async with hook_server(hook.take) as hook.url:
        yield hook


async def test_a_call_in_the_answer_is_carried_out(chat: LocalChat, api: Api, ann: PersonView, hook: Bot) -> None:
    hook.answer = lambda update: web.json_response(
        {"method": "SendMessage", "chat_id": ann.id, "text": "<b>hello</b>", "parse_mode": "HTML"}
    )
    await api.ok("setWebhook", url=hook.url)
    assert (await ann.next()).html == "<b>hello</b>"
    assert chat.calls[-1].method == "sendMessage"


async def test_a_form_in_the_answer_is_carried_out_with_its_files(api: Api, ann: PersonView, hook: Bot) -> None:
    def photo(update: dict[str, Any]) -> web.StreamResponse:
        writer = aiohttp.MultipartWriter("form-data")
        for name, value in (("method", "sendPhoto"), ("chat_id", str(ann.id)), ("photo", "attach://file")):
            writer.append(value).set_content_disposition("form-data", name=name)
        writer.append(tiny_png()).set_content_disposition("form-data", name="file", filename="a.png")
        return web.Response(body=writer)

    hook.answer = photo
    await api.ok("setWebhook", url=hook.url)
    shown = await ann.next()
    assert shown.photo is not None
    assert (shown.photo[0]["width"], shown.photo[0]["height"]) == (8, 8)


@pytest.mark.parametrize(
    "answer",
    [{"method": "getMe"}, {"method": "deleteWebhook"}, {"method": "close"}, {"text": "x"}, [], {"method": 5}],
)
async def test_other_answers_are_passed_over(
    chat: LocalChat, api: Api, ann: PersonView, hook: Bot, answer: Any
) -> None:
    hook.answer = lambda update: web.json_response(answer)
    await api.ok("setWebhook", url=hook.url)
    await hook.until(1)
    await asyncio.sleep(0.05)
    assert [call.method for call in chat.calls] == ["setWebhook"]
    assert (await api.ok("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"[" * 100_000),
        ("application/json", b"NaN"),
        ("multipart/form-data; boundary=b", b"--b\r\nnonsense\r\n\r\nx"),
        ("multipart/form-data", b"x"),
    ],
)
async def test_an_answer_that_cannot_be_read_holds_nothing_up(
    api: Api, ann: PersonView, hook: Bot, kind: str, body: bytes
) -> None:
    hook.answer = lambda update: web.Response(body=body, headers={"Content-Type": kind})
    await api.ok("setWebhook", url=hook.url)
    await ann.send("two")
    assert [update["message"]["text"] for update in await hook.until(2)] == ["/start", "two"]


async def test_a_redirect_is_not_followed(api: Api, ann: PersonView, hook: Bot) -> None:
    hook.answer = lambda update: web.Response(status=307 if len(hook.updates) == 1 else 200, headers={"Location": "/"})
    await api.ok("setWebhook", url=hook.url)
    first, again = await hook.until(2)
    assert first == again
    info = await api.ok("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 307 Temporary Redirect"


async def test_a_refused_call_in_the_answer_is_in_the_log(
    chat: LocalChat, api: Api, ann: PersonView, hook: Bot
) -> None:
    hook.answer = lambda update: web.json_response({"method": "sendMessage", "chat_id": ann.id})
    await api.ok("setWebhook", url=hook.url)
    async with asyncio.timeout(5):
        while chat.calls[-1].method != "sendMessage":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (chat.calls[-1].status, chat.calls[-1].description) == (400, "Bad Request: message text is empty")


async def test_info_tells_what_was_set_and_what_went_wrong(api: Api, ann: PersonView, hook: Bot) -> None:
    assert await api.ok("getWebhookInfo") == {"url": "", "has_custom_certificate": False, "pending_update_count": 1}
    hook.answer = lambda update: web.Response(status=500)
    await api.ok("setWebhook", url=hook.url, max_connections=1000, allowed_updates=["message", "nonsense"])
    await hook.until(1)
    await asyncio.sleep(0.05)
    info = await api.ok("getWebhookInfo")
    assert info.pop("last_error_date") > 0
    assert info == {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 100,
        "last_error_message": "Wrong response from the webhook: 500 Internal Server Error",
        "allowed_updates": ["message"],
    }
    again = await api.call("setWebhook", url=hook.url, max_connections=100)
    assert again.body["description"] == "Webhook is already set"
    fresh = await api.call("setWebhook", url=hook.url, secret_token="s")
    assert fresh.body["description"] == "Webhook was set"


async def test_a_webhook_that_nobody_answers_says_so(api: Api, ann: PersonView) -> None:
    await api.ok("setWebhook", url="http://127.0.0.1:9/hook")
    async with asyncio.timeout(5):
        while "last_error_message" not in (info := await api.ok("getWebhookInfo")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)


async def test_setting_a_webhook_ends_the_wait_of_a_poller(api: Api, ann: PersonView, hook: Bot) -> None:
    [update] = await api.ok("getUpdates")
    poll = asyncio.create_task(api.call("getUpdates", offset=update["update_id"] + 1, timeout=30))
    await asyncio.sleep(0.05)
    await api.ok("setWebhook", url=hook.url)
    assert (await poll).refusal == (409, "Conflict: terminated by setWebhook request")


async def test_pending_updates_are_dropped_with_the_setting(api: Api, ann: PersonView, hook: Bot) -> None:
    await api.ok("setWebhook", url=hook.url, drop_pending_updates=True)
    await ann.send("two")
    assert [update["message"]["text"] for update in await hook.until(1)] == ["two"]


async def test_a_pause_that_the_bot_asks_for_is_kept(api: Api, ann: PersonView, hook: Bot) -> None:
    times: list[float] = []

    def later(update: dict[str, Any]) -> web.StreamResponse:
        times.append(asyncio.get_running_loop().time())
        return web.Response(status=200 if len(times) > 1 else 503, headers={"Retry-After": "1"})

    hook.answer = later
    await api.ok("setWebhook", url=hook.url)
    await hook.until(2)
    assert times[1] - times[0] >= 0.9


async def test_two_updates_of_a_chat_change_places(
    chat: LocalChat, api: Api, ann: PersonView, hook: Bot, bot: BotView
) -> None:
    await api.ok("setWebhook", url=hook.url)
    await hook.until(1)
    chat.reorder_updates(bot=bot)
    for text in ("one", "two", "three"):
        await ann.send(text)
    texts = [update["message"]["text"] for update in await hook.until(4)]
    assert texts == ["/start", "two", "one", "three"]


@pytest.mark.parametrize("limit", [0, -5])
async def test_a_poll_gives_at_least_one_update(api: Api, ann: PersonView, limit: int) -> None:
    await ann.send("two")
    assert len(await api.ok("getUpdates", limit=limit)) == 1
    assert len(await api.ok("getUpdates", limit=1000)) == 2


async def test_an_offset_that_lies_far_ahead_confirms_nothing(api: Api, ann: PersonView) -> None:
    assert len(await api.ok("getUpdates", offset=2_000_000_000)) == 1


async def test_updates_older_than_a_day_are_gone(
    chat: LocalChat, api: Api, ann: PersonView, bot: BotView, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bot.pending == 1
    expiry = chat._polling._expiry
    came = expiry._clock()
    monkeypatch.setattr(expiry, "_clock", lambda: came + 24 * 3600 - 60)
    assert len(await api.ok("getUpdates")) == 1
    monkeypatch.setattr(expiry, "_clock", lambda: came + 24 * 3600 + 60)
    await ann.send("two")
    assert [update["message"]["text"] for update in await api.ok("getUpdates")] == ["two"]
