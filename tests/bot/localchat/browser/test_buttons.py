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


async def test_a_keyboard_that_asks_for_a_contact_or_a_place_gets_it(screen: Screen, bot: Bot) -> None:
    row = [{"text": "My number", "request_contact": True}, {"text": "My place", "request_location": True}]
    row.append({"text": "A poll", "request_poll": {}})
    asked = await bot.say("who and where?", chat=screen.ann, reply_markup={"keyboard": [row]})
    await screen.button("A poll").click()
    await expect(screen.toast).to_contain_text("does nothing in the local chat")
    await screen.button("My number").click()
    await screen.dialog.get_by_label("Phone number").fill("+1 202 555 0123")
    await screen.button("Share").click()
    heard = await bot.next("message")
    assert heard["contact"] == {"phone_number": "+12025550123", "first_name": "Ann", "user_id": screen.ann}
    assert heard["reply_to_message"]["message_id"] == asked
    await expect(screen.message("Ann, +12025550123")).to_be_visible()
    await screen.button("My place").click()
    await screen.dialog.get_by_label("Latitude").fill("91")
    screen.expected.append("400")
    await screen.button("Share").click()
    await expect(screen.toast).to_contain_text("from -90 to 90")
    await screen.button("My place").click()
    await screen.button("Share").click()
    assert (await bot.next("message"))["location"] == {"latitude": 51.4779, "longitude": -0.0015}
    await expect(screen.message("51.4779, -0.0015")).to_be_visible()


async def test_start_takes_the_place_of_an_open_keyboard(screen: Screen, bot: Bot) -> None:
    markup = {"keyboard": [[{"text": "Long"}, {"text": "Short"}]]}
    link = '<a href="https://t.me/local_123456_bot?start=x">open</a>'
    await bot.say(link, chat=screen.ann, parse_mode="HTML", reply_markup=markup)
    await expect(screen.button("Long")).to_be_visible()
    await screen.page.get_by_role("link", name="open").click()
    await expect(screen.button("Start")).to_be_visible()
    await expect(screen.page.locator("#keys")).to_be_hidden()
    await screen.button("Start").click()
    assert (await bot.next("message"))["text"] == "/start x"
    await expect(screen.button("Long")).to_be_visible()


async def test_a_menu_follows_a_resize_and_closes_by_a_press_elsewhere_without_taking_the_focus(
    screen: Screen, bot: Bot
) -> None:
    await bot.say("news", chat=screen.ann)
    await screen.box.focus()
    await screen.page.locator("#place-menu").click()
    menu = screen.page.locator("#actions")
    await screen.page.set_viewport_size({"width": 360, "height": 500})
    await expect(menu).to_be_in_viewport(ratio=1)
    await screen.page.locator("#scroll").click(position={"x": 20, "y": 20})
    await expect(menu).to_be_hidden()
    await expect(screen.box).not_to_be_focused()


async def test_a_finger_that_trembles_still_opens_the_menu(screen: Screen, bot: Bot) -> None:
    await bot.say("hold me", chat=screen.ann)
    bubble = screen.message("hold me").locator(".bubble")
    for moved, opens in ((30, False), (6, True)):
        for kind, x in (("pointerdown", 100), ("pointermove", 100 + moved)):
            at = {"pointerType": "touch", "clientX": x, "clientY": 100, "bubbles": True}
            await bubble.dispatch_event(kind, at)
        await screen.page.wait_for_timeout(600)
        await expect(screen.page.locator("#actions")).to_be_visible(visible=opens)
