"""The webhook: the secret, the inbox before the 200, and Telegram's redelivery."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.localchat import LocalChat
from bot.settings import Address
from bot.storage.inbox import Received
from bot.storage.store import Store
from bot.transport.listener import Listener
from bot.transport.webhook import LARGEST_UPDATE, SECRET_HEADER, Webhook
from tests.bot.transport.test_conversations import parrot
from tests.support.bots import running
from tests.support.ports import free_port

SECRET = "s3cret"
UPDATE = {"update_id": 9, "message": {"message_id": 1, "from": {"id": 5}, "chat": {"id": 5}}}


class Inbox:
    def __init__(self) -> None:
        self.kept: list[Received] = []
        self.broken = False

    async def receive(self, updates: list[Received]) -> None:
        if self.broken:
            raise OSError("disk full")
        self.kept += updates


@asynccontextmanager
async def listening(inbox: Inbox) -> AsyncIterator[int]:
    """The webhook at /hook of a free port."""
    webhook = Webhook(url="https://x.example/hook", secret=SECRET, receive=inbox.receive)
    listener = Listener(Address("127.0.0.1", 0), [webhook.route()])
    yield await listener.start()
    await listener.stop()


async def post(port: int, path: str = "/hook", secret: str | None = SECRET, method: str = "POST", **more: Any) -> int:
    if size := more.pop("size", 0):
        more["data"] = io.BytesIO(b"x" * size)
    headers = {SECRET_HEADER: secret} if secret is not None else {}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://127.0.0.1:{port}{path}", headers=headers, **more) as response,
    ):
        return response.status


@pytest.mark.parametrize(
    ("call", "status", "kept"),
    [
        ({"json": UPDATE}, 200, 1),
        ({"json": UPDATE, "secret": "wrong"}, 403, 0),
        ({"json": UPDATE, "secret": None}, 403, 0),
        ({"data": b"not json"}, 400, 0),
        ({"json": [1]}, 400, 0),
        ({"json": {"no": "id"}}, 400, 0),
        ({"data": b'{"update_id": 1e999}'}, 400, 0),
        ({"json": UPDATE, "path": "/other"}, 404, 0),
        ({"json": UPDATE, "method": "GET"}, 405, 0),
        ({"data": b"[" * 900_000}, 400, 0),
        ({"size": LARGEST_UPDATE + 1}, 413, 0),
        ({"size": 2 * LARGEST_UPDATE}, 413, 0),
    ],
)
async def test_only_a_whole_update_with_the_secret_is_taken(call: dict[str, Any], status: int, kept: int) -> None:
    inbox = Inbox()
    async with listening(inbox) as port:
        assert await post(port, **call) == status
    assert len(inbox.kept) == kept


async def test_an_update_that_cannot_be_stored_is_not_acknowledged() -> None:
    inbox = Inbox()
    inbox.broken = True
    async with listening(inbox) as port:
        assert await post(port, json=UPDATE) == 500
        inbox.broken = False
        assert await post(port, json=UPDATE) == 200
    assert inbox.kept[0].lane == "p5"


async def test_a_conversation_by_webhook(chat: LocalChat, store: Store) -> None:
    port = free_port()
    more: dict[str, Any] = {
        "webhook_url": f"http://127.0.0.1:{port}/hook",
        "webhook_secret": SECRET,
        "listen": f"127.0.0.1:{port}",
    }
    async with running(chat, parrot, store=store, **more):
        ann = chat.person("Ann")
        await ann.send("hello")
        assert (await ann.next()).text == "Ann said hello"
        await ann.send("again")
        assert (await ann.next()).text == "Ann said again"
