"""Buttons under messages: what each kind does, and how it looks while it waits."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.bot.localchat.browser.conftest import Bot, keyboard
from tests.bot.localchat.browser.screen import Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_tapped_button_is_busy_until_the_bot_answers_with_a_toast(screen: Screen, bot: Bot) -> None:
    await bot.say("choose", chat=screen.ann, reply_markup=keyboard([{"text": "Save"}]))
    await screen.button("Save").click()
    query = await bot.next("callback_query")
    assert query["data"] == "Save"
    await expect(screen.button("Save")).to_have_attribute("aria-busy", "true")
    await bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="Saved")
    await expect(screen.toast).to_have_text("Saved")
    await expect(screen.button("Save")).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_waits_for_ok(screen: Screen, bot: Bot) -> None:
    await bot.say("choose", chat=screen.ann, reply_markup=keyboard([{"text": "Risk"}]))
    await screen.button("Risk").click()
    query = await bot.next("callback_query")
    await bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="Careful!", show_alert=True)
    await expect(screen.dialog).to_contain_text("Careful!")
    await expect(screen.button("OK")).to_be_focused()
    await screen.page.keyboard.press("Enter")
    await expect(screen.dialog).to_have_count(0)


async def test_the_focus_stays_on_a_button_when_its_message_is_edited(screen: Screen, bot: Bot) -> None:
    markup = keyboard([{"text": "Less"}, {"text": "More"}])
    sent = await bot.say("1", chat=screen.ann, reply_markup=markup)
    await screen.button("More").focus()
    await screen.page.keyboard.press("Enter")
    await bot.next("callback_query")
    await bot.ok("editMessageText", chat_id=screen.ann, message_id=sent, text="count 2", reply_markup=markup)
    await expect(screen.message("count 2")).to_be_visible()
    await expect(screen.button("More")).to_be_focused()
    await expect(screen.button("More")).to_have_attribute("aria-busy", "true")


async def test_copy_disabled_and_link_buttons_do_what_they_say(screen: Screen, bot: Bot) -> None:
    row: list[dict[str, Any]] = [
        {"text": "Price", "copy_text": {"text": "61,044.2"}},
        {"text": "Done", "disabled": {}},
        {"text": "Site", "url": "https://example.com/"},
    ]
    await bot.say("kinds", chat=screen.ann, reply_markup=keyboard(row))
    await screen.button("Price").click()
    await expect(screen.toast).to_have_text("Copied")
    assert await screen.page.evaluate("navigator.clipboard.readText()") == "61,044.2"
    await expect(screen.button("Done")).to_be_disabled()
    await expect(screen.page.get_by_role("link", name="Site")).to_have_attribute("href", "https://example.com/")


async def test_switch_inline_fills_the_box_here_or_in_a_chosen_chat(screen: Screen, bot: Bot) -> None:
    row = [{"text": "Here", "switch_inline_query_current_chat": "btc"}, {"text": "Share", "switch_inline_query": "eth"}]
    await bot.say("switch", chat=screen.ann, reply_markup=keyboard(row))
    await screen.button("Here").click()
    await expect(screen.box).to_have_value("@local_123456_bot btc")
    await screen.box.press("Escape")
    await expect(screen.page.locator("#panel")).to_be_hidden()
    await screen.button("Share").click()
    await screen.dialog.get_by_role("button", name="Group").click()
    await expect(screen.page.locator("#name")).to_have_text("Group")
    await expect(screen.box).to_have_value("@local_123456_bot eth")


async def test_a_deep_link_opens_the_bots_chat_and_starts_it_with_its_payload(
    screen: Screen, bot: Bot, other_bot: Bot
) -> None:
    link = "https://t.me/local_777_bot?start=save_1"
    await other_bot.ok("getMe")
    await bot.say(f'<a href="{link}">open</a>', chat=screen.ann, parse_mode="HTML")
    await screen.page.get_by_role("link", name="open").click()
    await expect(screen.page.locator("#name")).to_have_text("Other")
    await screen.button("Start").click()
    assert (await other_bot.next("message"))["text"] == "/start save_1"
    await expect(screen.box).to_be_visible()
    await screen.page.go_back()
    await expect(screen.page.locator("#name")).to_have_text("Echo")


async def test_the_bots_keyboard_writes_for_the_person_and_force_reply_aims(screen: Screen, bot: Bot) -> None:
    rows = [[{"text": "Isolated"}, {"text": "Cross"}]]
    markup = {"keyboard": rows, "one_time_keyboard": True, "input_field_placeholder": "Which mode?"}
    await bot.say("mode?", chat=screen.ann, reply_markup=markup)
    await expect(screen.box).to_have_attribute("placeholder", "Which mode?")
    await screen.button("Cross").click()
    assert (await bot.next("message"))["text"] == "Cross"
    await expect(screen.button("Cross")).to_be_hidden()
    await screen.page.locator("#keys-toggle").click()
    await expect(screen.button("Cross")).to_be_visible()
    await bot.say("gone", chat=screen.ann, reply_markup={"remove_keyboard": True})
    await expect(screen.page.locator("#keys-toggle")).to_be_hidden()
    asked = await bot.say("how much?", chat=screen.ann, reply_markup={"force_reply": True})
    await expect(screen.page.locator("#context")).to_contain_text("how much?")
    await screen.write("10k")
    assert (await bot.next("message"))["reply_to_message"]["message_id"] == asked
