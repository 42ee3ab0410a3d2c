"""axe-core looks at the page: phone and wide, light and dark, with everything open."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, expect

from bot.localchat import LocalChat
from bot.localchat.driver import tiny_png
from tests.bot.localchat.browser.conftest import Bot, keyboard, looked
from tests.bot.localchat.browser.screen import Screen
from tests.bot.localchat.conftest import TOKEN
from tests.bot.localchat.test_files import upload

pytestmark = pytest.mark.asyncio(loop_scope="session")
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
TEXT = (
    "<b>Isolated</b>: <code>61,044.2</code> <a href='https://example.com'>source</a> /help @local_123456_bot"
    "<pre>a  b</pre><blockquote expandable>1\n2\n3\n4\n5</blockquote><tg-spoiler>hidden</tg-spoiler>"
)


async def faults(page: Page) -> list[str]:
    """The serious and critical faults that axe-core finds on the page as it stands."""
    await page.wait_for_timeout(50)  # colours in motion have no contrast
    await page.evaluate(AXE)
    found: list[dict[str, Any]] = await page.evaluate("axe.run({resultTypes: ['violations']}).then(r => r.violations)")
    return [
        f"{fault['id']}: {node['html']} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_axe_finds_no_serious_fault(
    browser: Browser, chat: LocalChat, bot: Bot, scheme: Literal["light", "dark"], width: int
) -> None:
    ann = chat.person("Ann")
    await ann.send("/start", bot=chat.bot(TOKEN))
    await bot.ok("setMyCommands", commands=[{"command": "help", "description": "what I can do"}])
    row = [{"text": "A"}, {"text": "B", "style": "primary"}, {"text": "C", "style": "success"}]
    more: list[dict[str, Any]] = [
        {"text": "D", "style": "danger"},
        {"text": "E", "disabled": {}},
        {"text": "F", "url": "https://example.com"},
    ]
    card = await bot.say(TEXT, chat=ann.id, parse_mode="HTML", reply_markup=keyboard(row, more))
    await bot.say("an answer", chat=ann.id, reply_parameters={"message_id": card})
    await upload(bot, "sendPhoto", tiny_png(), field="photo", name="a.png", kind="image/png", chat_id=ann.id)
    await upload(bot, "sendDocument", b"{}", field="document", name="a.json", kind="text/plain", chat_id=ann.id)
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    problems: list[str] = []
    await looked(page, problems)
    await page.goto(chat.url)
    screen = Screen(page, ann.id, chat.person("Ben").id)
    await expect(screen.message("a.json")).to_be_visible()
    await screen.box.fill("/")
    await expect(screen.options).to_have_count(1)
    assert await faults(page) == []
    await screen.box.fill("")
    await screen.page.locator("#place-menu").click()
    assert await faults(page) == []
    await page.keyboard.press("Escape")
    await page.locator("button.photo").click()
    assert await faults(page) == []
    await page.keyboard.press("Escape")
    if width < 900:
        await page.locator("#open-chats").click()
        assert await faults(page) == []
        await page.locator("#close-chats").click()
    await screen.go("Group")
    await screen.button("Add Echo to the group").click()
    await screen.write("hello")
    await screen.become("Ben")
    await screen.write("hello")
    await screen.place_menu("Members")
    assert await faults(page) == []
    await context.close()
    assert problems == []


async def test_targets_on_the_phone_are_large_enough(screen: Screen, bot: Bot) -> None:
    await bot.ok("setMyCommands", commands=[{"command": "help", "description": "what I can do"}])
    await bot.say("choose", chat=screen.ann, reply_markup=keyboard([{"text": "A"}, {"text": "B"}]))
    await expect(screen.button("Menu")).to_be_visible()
    small = await screen.page.evaluate(
        """() => [...document.querySelectorAll("header button, footer button, .key, .chat-row")]
            .filter((node) => node.checkVisibility() && node.id !== "name")
            .filter((node) => Math.min(node.offsetWidth, node.offsetHeight) < 44)
            .map((node) => node.outerHTML)"""
    )
    assert small == []
    overflow = await screen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow == 0


async def test_the_list_of_chats_takes_the_focus_and_gives_it_back(screen: Screen) -> None:
    opener = screen.page.locator("#open-chats")
    await opener.focus()
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.locator(".chat-row[aria-current]")).to_be_focused()
    await screen.page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await screen.page.keyboard.press("x")
    await expect(screen.box).to_have_value("x")


async def test_a_menu_is_walked_by_arrows_and_gives_the_focus_back(screen: Screen, bot: Bot) -> None:
    await bot.say("news", chat=screen.ann)
    more = screen.message("news").get_by_role("button", name="Message actions")
    await more.focus()
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("menuitem", name="Reply")).to_be_focused()
    await screen.page.keyboard.press("ArrowDown")
    await expect(screen.page.get_by_role("menuitem", name="Copy text")).to_be_focused()
    await screen.page.keyboard.press("Escape")
    await expect(more).to_be_focused()
