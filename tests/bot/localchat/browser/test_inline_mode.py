"""Inline mode on the page: asking while one types, choosing by keys, what comes late and what fails."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.bot.localchat.browser.conftest import Bot, keyboard
from tests.bot.localchat.browser.screen import Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")
ME = "@local_123456_bot"


def article(number: int, title: str, **more: Any) -> dict[str, Any]:
    content = {"message_text": f"sent {title}"}
    return {"type": "article", "id": str(number), "title": title, "input_message_content": content, **more}


async def answer(bot: Bot, query: dict[str, Any], *results: dict[str, Any], **more: Any) -> None:
    await bot.ok("answerInlineQuery", inline_query_id=query["id"], results=list(results), cache_time=0, **more)


async def test_a_result_is_chosen_by_keys_and_its_message_is_tapped_and_edited(screen: Screen, bot: Bot) -> None:
    await screen.box.press_sequentially(f"{ME} btc", delay=5)
    await expect(screen.page.locator("#panel-note")).to_have_text("Asking Echo…")
    query = await bot.next("inline_query")
    assert query["query"] == "btc"
    markup = keyboard([{"text": "Refresh"}])
    await answer(bot, query, article(1, "Isolated", description="61,044.2"), article(2, "Cross", reply_markup=markup))
    await expect(screen.options).to_have_count(2)
    await expect(screen.options.first).to_contain_text("61,044.2")
    await screen.box.press("ArrowDown")
    await screen.box.press("Enter")
    await expect(screen.message("sent Cross")).to_contain_text("via Echo")
    await expect(screen.box).to_have_value("")
    inline_id = (await bot.next("chosen_inline_result"))["inline_message_id"]
    await screen.button("Refresh").click()
    pressed = await bot.next("callback_query")
    assert pressed["inline_message_id"] == inline_id
    await bot.ok("answerCallbackQuery", callback_query_id=pressed["id"], text="done")
    await bot.ok("editMessageText", inline_message_id=inline_id, text="fresh")
    await expect(screen.toast).to_have_text("done")
    await expect(screen.message("fresh")).to_contain_text("edited")


async def test_an_older_answer_never_replaces_a_newer_one(screen: Screen, bot: Bot) -> None:
    await screen.box.fill(f"{ME} old")
    old = await bot.next("inline_query")
    await screen.box.fill(f"{ME} new")
    new = await bot.next("inline_query")
    await answer(bot, new, article(1, "new result"))
    await expect(screen.options).to_have_count(1)
    await answer(bot, old, article(1, "old result"), article(2, "old result"))
    await screen.page.wait_for_timeout(200)
    await expect(screen.options).to_have_count(1)
    await expect(screen.options.first).to_contain_text("new result")


async def test_nothing_found_is_said_and_the_button_above_leads_to_the_private_chat(screen: Screen, bot: Bot) -> None:
    await screen.go("Group")
    await screen.button("Add Echo to the group").click()
    await screen.box.fill(f"{ME} nothing")
    button = {"text": "Save a position first", "start_parameter": "save"}
    await answer(bot, await bot.next("inline_query"), button=button)
    await expect(screen.page.locator("#panel-note")).to_have_text("No results")
    await screen.options.filter(has_text="Save a position first").click()
    await expect(screen.page.locator("#name")).to_have_text("Echo")
    await screen.button("Start").click()
    while (message := await bot.next("message"))["chat"]["type"] != "private":
        pass
    assert message["text"] == "/start save"


async def test_more_results_come_when_the_list_is_read_to_its_end(screen: Screen, bot: Bot) -> None:
    await screen.box.fill(f"{ME} many")
    first = await bot.next("inline_query")
    await answer(bot, first, *(article(number, f"result {number}") for number in range(20)), next_offset="20")
    await expect(screen.options).to_have_count(20)
    await screen.page.locator("#options").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    second = await bot.next("inline_query")
    assert second["offset"] == "20"
    await answer(bot, second, article(20, "the last"))
    await expect(screen.options).to_have_count(21)


@pytest.mark.parametrize("pause", [0, 600])
async def test_nothing_is_asked_any_more_once_the_words_are_sent(screen: Screen, bot: Bot, pause: int) -> None:
    row = [{"text": "Try an example", "switch_inline_query_current_chat": "btc"}]
    await bot.say("try", chat=screen.ann, reply_markup=keyboard(row))
    await screen.button("Try an example").click()
    await screen.page.wait_for_timeout(pause)
    await screen.page.locator("#send").click()
    await expect(screen.message(f"{ME} btc")).to_be_visible()
    await expect(screen.page.locator("#panel")).to_be_hidden()
    if pause:
        await answer(bot, await bot.next("inline_query"), article(1, "late"))
    await screen.page.wait_for_timeout(500)
    await expect(screen.page.locator("#panel")).to_be_hidden()
