"""Nothing that a person or a bot writes becomes markup; a broken connection loses nothing."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from bot.localchat import LocalChat
from tests.bot.localchat.browser.conftest import Bot, keyboard
from tests.bot.localchat.browser.screen import Screen
from tests.bot.localchat.conftest import TOKEN

pytestmark = pytest.mark.asyncio(loop_scope="session")
EVIL = "<img src=x onerror=alert(1)>"


async def test_names_texts_titles_and_results_cannot_become_markup(screen: Screen, bot: Bot, chat: LocalChat) -> None:
    chat.bot(TOKEN, name=EVIL)
    chat.person(EVIL)
    await bot.ok("setMyCommands", commands=[{"command": "x", "description": EVIL}])
    await bot.ok("setMyDescription", description=EVIL)
    markup = keyboard([{"text": EVIL, "callback_data": "x"}, {"text": "js", "url": "https://example.com/"}])
    await bot.say(EVIL, chat=screen.ann, reply_markup=markup)
    await screen.write(EVIL)
    await expect(screen.message(EVIL)).to_be_visible()
    await screen.box.fill("/")
    await expect(screen.options).to_contain_text([EVIL])
    await screen.box.fill("@local_123456_bot x")
    result = {"type": "article", "id": "1", "title": EVIL, "description": EVIL}
    content = {"input_message_content": {"message_text": EVIL}}
    query = await bot.next("inline_query")
    await bot.ok("answerInlineQuery", inline_query_id=query["id"], results=[result | content])
    await expect(screen.options).to_contain_text([EVIL])
    await screen.box.fill("")
    await screen.page.locator("#open-chats").click()
    await screen.page.locator("#new-group").click()
    await screen.dialog.get_by_label("Name").fill(EVIL)
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.locator("#name")).to_have_text(EVIL)
    await screen.place_menu("Members")
    await expect(screen.dialog).to_contain_text(EVIL)
    assert await screen.page.locator("img").count() == 0
    assert await screen.page.locator("[onerror], [style*=expression]").count() == 0


@pytest.mark.parametrize("url", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x"])
async def test_a_link_with_another_scheme_is_no_link(screen: Screen, bot: Bot, chat: LocalChat, url: str) -> None:
    entity = {"type": "text_link", "offset": 0, "length": 2, "url": url}
    refused = await bot.call("sendMessage", chat_id=screen.ann, text="go", entities=[entity])
    assert refused.status == 400
    world = chat._world  # past the server's own check, to see the page's
    writer, place = world.bots[int(TOKEN.split(":")[0])], next(key for key in world.chats if key[1] == screen.ann)
    markup = keyboard([{"text": "Press", "url": url}])
    content = {"text": "go there", "entities": [entity], "reply_markup": markup}
    world.add_message(world.chats[place], sender=writer.user(), content=content)
    await expect(screen.message("go there")).to_be_visible()
    await expect(screen.message("go there")).to_contain_text("Press")
    assert await screen.message("go there").locator("a[href]").count() == 0


async def test_the_page_comes_back_after_the_server_was_gone_and_keeps_what_is_typed(
    screen: Screen, bot: Bot, chat: LocalChat, browser: Browser
) -> None:
    screen.expected = ["ERR_", "404", "Failed to load resource"]
    port = chat.url.rsplit(":", 1)[1]
    await screen.box.fill("still typing")
    await chat.stop()
    await expect(screen.page.locator("#offline")).to_have_text("Connecting…")
    await screen.box.press("Enter")
    await expect(screen.toast).to_contain_text("Not sent")
    await expect(screen.box).to_have_value("still typing")
    again = LocalChat(f"127.0.0.1:{port}")
    await again.start()
    try:
        again.bot(TOKEN, name="Echo")
        await again.person("Ann").send("from before", bot=again.bot(TOKEN))
        await expect(screen.message("from before")).to_be_visible()
        await expect(screen.page.locator("#offline")).to_be_empty()
        await expect(screen.box).to_have_value("still typing")
        await screen.box.press("Enter")
        await expect(screen.message("still typing")).to_be_visible()
    finally:
        await again.stop()
