"""A running local chat, and a bot that calls it over plain HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.localchat import BotView, LocalChat, PersonView

TOKEN = "123456:" + "a" * 35
OTHER_TOKEN = "777:" + "B-_4567" * 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call was answered with."""

    status: int
    body: dict[str, Any]

    @property
    def refusal(self) -> tuple[int, str]:
        """The code and text of a refused call; the HTTP status must say the same."""
        assert self.body["ok"] is False
        assert self.body["error_code"] == self.status
        return self.status, self.body["description"]


class Api:
    """A bot without a library: JSON posts to one token's methods."""

    def __init__(self, url: str, session: aiohttp.ClientSession, token: str = TOKEN) -> None:
        self.url = url
        self.session = session
        self.token = token

    async def call(self, method: str, **params: Any) -> Answer:
        """The answer to a call, whatever it is."""
        async with self.session.post(f"{self.url}/bot{self.token}/{method}", json=params) as response:
            return Answer(response.status, await response.json())

    async def ok(self, method: str, **params: Any) -> Any:
        """The result of a call that must be taken."""
        answer = await self.call(method, **params)
        assert answer.status == 200, answer
        assert answer.body["ok"] is True
        return answer.body["result"]


@pytest.fixture
async def chat() -> AsyncIterator[LocalChat]:
    """A local chat on a free port, kept in memory."""
    local = LocalChat("127.0.0.1:0")
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client."""
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def bot(chat: LocalChat) -> BotView:
    """The bot of TOKEN."""
    return chat.bot(TOKEN)


@pytest.fixture
def api(chat: LocalChat, session: aiohttp.ClientSession, bot: BotView) -> Api:
    """Calls of the bot of TOKEN."""
    return Api(chat.url, session)


@pytest.fixture
async def ann(chat: LocalChat, bot: BotView) -> PersonView:
    """Ann, who has written to the bot already."""
    person = chat.person("Ann")
    await person.send("/start")
    return person


@asynccontextmanager
async def hook_server(take: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """The URL of a webhook on a free port whose posts `take` answers."""
    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()
