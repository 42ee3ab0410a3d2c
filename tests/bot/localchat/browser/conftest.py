"""A browser that looks at a running local chat, and a bot whose every answer a test gives itself.

Everything asynchronous here runs in one event loop, so that a worker starts one browser.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from bot.localchat import LocalChat
from tests.bot.localchat.browser.screen import Screen
from tests.bot.localchat.conftest import OTHER_TOKEN, TOKEN, Api
from tests.support.chromium import chromium

collect_ignore_glob = [] if chromium() else ["test_*.py"]


class Bot(Api):
    """A bot that answers what the test says."""

    offset = 0

    async def next(self, kind: str) -> dict[str, Any]:
        """The next update of this kind; what comes before it is passed over."""
        async with asyncio.timeout(10):
            while True:
                for update in await self.ok("getUpdates", offset=self.offset, limit=1, timeout=5):
                    self.offset = update["update_id"] + 1
                    if kind in update:
                        found: dict[str, Any] = update[kind]
                        return found

    async def say(self, text: str, *, chat: int, **more: Any) -> int:
        """Send a message; its id."""
        sent = await self.ok("sendMessage", chat_id=chat, text=text, **more)
        return int(sent["message_id"])


def keyboard(*rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """An inline keyboard; a button without an action gets its text as callback data."""

    def filled(button: dict[str, Any]) -> dict[str, Any]:
        return button if set(button) - {"text", "style"} else {**button, "callback_data": button["text"]}

    return {"inline_keyboard": [[filled(button) for button in row] for row in rows]}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def chat() -> AsyncIterator[LocalChat]:
    """A local chat on a free port, kept in memory."""
    local = LocalChat("127.0.0.1:0", callback_seconds=5)
    await local.start()
    yield local
    await local.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client."""
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def bot(chat: LocalChat, session: aiohttp.ClientSession) -> Bot:
    """The bot of TOKEN, called Echo."""
    chat.bot(TOKEN, name="Echo")
    return Bot(chat.url, session)


@pytest.fixture
def other_bot(chat: LocalChat, session: aiohttp.ClientSession) -> Bot:
    """A second bot, called Other."""
    chat.bot(OTHER_TOKEN, name="Other")
    return Bot(chat.url, session, OTHER_TOKEN)


async def looked(page: Page, problems: list[str]) -> None:
    """Collects what goes wrong in the page: errors it throws or logs, its policy's violations among them."""
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_default_timeout(10_000)


@pytest_asyncio.fixture(loop_scope="session")
async def screen(browser: Browser, chat: LocalChat, bot: Bot) -> AsyncIterator[Screen]:
    """Ann's phone: the page, at 390 pixels, in the private chat with Echo, which has begun."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844},
        permissions=["clipboard-read", "clipboard-write"],
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    problems: list[str] = []
    await looked(page, problems)
    ann = chat.person("Ann")
    await ann.send("/start", bot=chat.bot(TOKEN))
    await bot.next("message")
    await page.goto(chat.url)
    shown = Screen(page, ann.id, chat.person("Ben").id)
    await shown.ready()
    yield shown
    await context.close()
    assert [problem for problem in problems if not any(known in problem for known in shown.expected)] == []
