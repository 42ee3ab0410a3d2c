"""Pictures of the page for the documentation: the real bot answers the README's question.

`python -m tests.support.screens` writes docs/screens/{phone,wide}-{light,dark}.png and group.png.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright, expect

from bot.app import marginbot
from bot.localchat import LocalChat
from bot.storage.store import Store
from tests.support.bots import TOKEN, settings
from tests.support.chromium import LEFT_OUT, chromium

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
QUESTION = "long 0.5 btc 64k 20x iso, wallet 10k, liq?"
SIZES = {"phone": (390, 844), "wide": (1280, 800)}
Scheme = Literal["light", "dark"]


async def opened(browser: Browser, url: str, size: str, scheme: Scheme) -> Page:
    """The page on a device of this size."""
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        device_scale_factor=2 if size == "phone" else 1,
        is_mobile=size == "phone",
        has_touch=size == "phone",
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(url)
    await expect(page.locator("#name")).to_have_text("Marginbot")
    return page


async def ask(page: Page) -> None:
    """Ann begins and asks the README's question."""
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.locator("#log article:not(.own)")).to_have_count(1)
    await write(page, QUESTION)
    await expect(page.locator("#log")).to_contain_text("Isolated: liquidated at 61,044.2")


async def group(page: Page) -> None:
    """Ann asks the bot in the group, and Ben says what he thinks."""
    await page.locator(".chat-row").filter(has_text="Group").click()
    await page.get_by_role("button", name="Add Marginbot to the group").click()
    await write(page, f"/liq@local_{TOKEN.split(':')[0]}_bot {QUESTION}")
    await expect(page.locator("#log")).to_contain_text("Isolated: liquidated at")
    await become(page, "Ben")
    await write(page, "Cross lasts longer, but with the whole wallet.")
    await become(page, "Ann")
    await expect(page.locator("#log")).to_contain_text("the whole wallet")


async def write(page: Page, text: str) -> None:
    """Write and send, and see it stand there."""
    await page.locator("#box").fill(text)
    await page.locator("#box").press("Enter")
    await expect(page.locator("#log article.own").last).to_contain_text(text)


async def become(page: Page, person: str) -> None:
    """Switch person."""
    await page.locator("#me").click()
    await page.get_by_role("menuitemradio", name=person).click()
    await expect(page.locator("#log article").last).to_be_visible()


async def picture(page: Page, name: str) -> None:
    """Save what is seen, without a caret."""
    await page.evaluate("document.activeElement.blur()")
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(400)
    await page.screenshot(path=SCREENS / f"{name}.png")


async def draw(url: str) -> None:
    """Every picture."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        first = await opened(browser, url, "phone", "light")
        await ask(first)
        schemes: tuple[Scheme, ...] = ("light", "dark")
        for size in SIZES:
            for scheme in schemes:
                page = await opened(browser, url, size, scheme)
                await expect(page.locator("#log")).to_contain_text("Isolated: liquidated at")
                await picture(page, f"{size}-{scheme}")
        page = await opened(browser, url, "wide", "light")
        await group(page)
        await picture(page, "group")
        await browser.close()


async def with_bot(draw: Callable[[str], Awaitable[None]]) -> int:
    """The bot in a local chat from start to stop; `draw` takes the pictures, at its address. Gives the exit code."""
    if chromium() is None:
        print(LEFT_OUT, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite+aiosqlite:///{Path(folder) / 'bot.db'}"
        chat = LocalChat("127.0.0.1:0")
        url = await chat.start()
        chat.bot(TOKEN, name="Marginbot")
        store = await Store.open(database)
        bot = marginbot(settings(chat, database), store)
        await bot.start()
        stop = asyncio.Event()
        running = asyncio.create_task(bot.run(stop))
        try:
            await draw(url)
        finally:
            stop.set()
            await asyncio.gather(running, return_exceptions=True)
            await bot.stop()
            await store.close()
            await chat.stop()
    return 0


if __name__ == "__main__":
    SCREENS.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(with_bot(draw)))
