"""Pictures of conversations on a phone, 390 px wide, for docs/flows: the real bot answers.

`python -m tests.support.flow_screens` writes docs/flows/*.png.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from tests.support.chromium import chromium
from tests.support.screens import opened, with_bot, write

PICTURES = Path(__file__).parents[2] / "docs" / "flows"
TRADES = ("long 0.1 btc 64k 25x cross, wallet 5k", "short 1 eth 3200 10x cross", "long 20 sol 150 5x cross")


async def tap(page: Page, label: str, shows: str) -> None:
    """Tap the newest button with this label, and see what it leads to."""
    await page.get_by_role("button", name=label, exact=True).last.click()
    await expect(page.locator("#log")).to_contain_text(shows)


async def picture(page: Page, name: str) -> None:
    """Save what is seen when the newest message's end is in sight."""
    await page.evaluate("document.activeElement.blur()")
    await page.wait_for_timeout(500)
    await page.screenshot(path=PICTURES / f"{name}.png")


async def newest_from_its_top(page: Page) -> None:
    """Scroll so that the newest message begins at the top."""
    await page.locator("#log article").last.evaluate("article => article.scrollIntoView({block: 'start'})")
    await page.wait_for_timeout(200)


async def draw(url: str) -> None:
    """Every picture, of one person's chat."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = await opened(browser, url, "phone", "light")
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(page.locator("#log")).to_contain_text("Isolated or cross margin")
        await picture(page, "start")
        for trade in TRADES:
            await write(page, trade)
            await tap(page, "Save", "Saved in your portfolio")
        await page.wait_for_timeout(5000)  # the last toast goes away by itself
        await write(page, "/quiz")
        await expect(page.locator("#log")).to_contain_text("3/5")
        await tap(page, "Why do you ask?", "An isolated position has its own margin")
        await picture(page, "quiz-question")
        await tap(page, "Yes", "4/5")
        await tap(page, "Yes", "5/5")
        await tap(page, "No", "Both: 1 of your 3 positions isolated")
        await picture(page, "quiz-verdict-end")
        await newest_from_its_top(page)
        await picture(page, "quiz-verdict")
        await tap(page, "⚠︎ 2 things to know", "things to know about your 3 positions")
        await picture(page, "mistakes")
        await write(page, "is isolated safer")
        await tap(page, "More", "add their margins up")
        await picture(page, "learn-topic")
        await tap(page, "The innocent long", "The innocent long, 1/4")
        await tap(page, "Next »", "The innocent long, 2/4")
        await picture(page, "learn-story")
        await write(page, "/learn")
        await expect(page.locator("#log")).to_contain_text("What would you like to know?")
        await picture(page, "learn-menu")
        await write(page, "/settings")
        await expect(page.locator("#log")).to_contain_text("Settings: 0 of 9")
        await picture(page, "settings")
        await browser.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(with_bot(draw)))
