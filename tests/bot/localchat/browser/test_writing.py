"""Writing on the page: sending, formatting, editing, replying, commands, drafts."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.localchat import LocalChat
from tests.bot.localchat.browser.conftest import Bot
from tests.bot.localchat.browser.screen import Screen
from tests.bot.localchat.conftest import OTHER_TOKEN

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_start_is_pressed_before_anything_is_written(screen: Screen, bot: Bot) -> None:
    await bot.ok("setMyDescription", description="All about margin")
    await screen.become("Ben")
    await expect(screen.page.locator("#intro")).to_contain_text("All about margin")
    await expect(screen.page.locator("#composer")).to_be_hidden()
    await screen.button("Start").click()
    assert (await bot.next("message"))["text"] == "/start"
    await expect(screen.box).to_be_focused()


async def test_what_is_written_reaches_the_bot_and_its_answer_is_formatted(screen: Screen, bot: Bot) -> None:
    await screen.write("hello there")
    assert (await bot.next("message"))["text"] == "hello there"
    await expect(screen.message("hello there")).to_have_class(
        "message own new-day follows last".replace("new-day ", "")
    )
    await bot.ok("sendChatAction", chat_id=screen.ann, action="typing")
    await expect(screen.page.locator("#status")).to_have_text("typing")
    answer = '<b>bold</b> <a href="https://example.com/">link</a><pre>a  b</pre><tg-spoiler>hidden</tg-spoiler>'
    sent = await bot.say(answer, chat=screen.ann, parse_mode="HTML")
    message = screen.message("bold")
    await expect(message.locator("b")).to_have_text("bold")
    await expect(message.locator("pre")).to_have_text("a  b")
    await expect(message.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")
    await expect(screen.page.locator("#status")).to_have_text("bot")
    await message.get_by_title("Hidden text: show").click()
    await expect(message.locator(".spoiler")).to_have_class("spoiler shown")
    await bot.ok("editMessageText", chat_id=screen.ann, message_id=sent, text="changed")
    await expect(screen.message("changed")).to_contain_text("edited")
    await bot.ok("deleteMessage", chat_id=screen.ann, message_id=sent)
    await expect(screen.message("changed")).to_have_count(0)


async def test_a_message_is_read_out_once(screen: Screen, bot: Bot) -> None:
    sent = await bot.say("news", chat=screen.ann)
    await bot.ok("editMessageText", chat_id=screen.ann, message_id=sent, text="newer")
    await expect(screen.message("newer")).to_be_visible()
    await expect(screen.page.locator("#announce p")).to_have_text(["Echo: news"])


async def test_ones_own_message_is_edited_and_another_is_answered(screen: Screen, bot: Bot) -> None:
    await screen.write("frist")
    await bot.next("message")
    await screen.box.press("ArrowUp")
    await expect(screen.page.locator("#context")).to_contain_text("Edit message")
    await screen.write("first")
    assert (await bot.next("edited_message"))["text"] == "first"
    await expect(screen.message("first")).to_contain_text("edited")
    sent = await bot.say("a question", chat=screen.ann)
    await screen.message_menu("a question", "Reply")
    await expect(screen.page.locator("#context")).to_contain_text("Reply to Echo")
    await screen.write("an answer")
    assert (await bot.next("message"))["reply_to_message"]["message_id"] == sent
    await expect(screen.message("an answer").locator(".replied")).to_contain_text("a question")


async def test_commands_are_completed_by_keys_and_offered_in_the_menu(screen: Screen, bot: Bot) -> None:
    commands = [{"command": name, "description": f"about {name}"} for name in ("help", "portfolio", "price")]
    await bot.ok("setMyCommands", commands=commands)
    await screen.button("Menu").click()
    await expect(screen.options).to_have_text(["/helpabout help", "/portfolioabout portfolio", "/priceabout price"])
    await screen.page.keyboard.press("Escape")
    await screen.box.press_sequentially("/p")
    await expect(screen.options).to_have_count(2)
    await screen.box.press("ArrowDown")
    active = await screen.box.get_attribute("aria-activedescendant")
    await expect(screen.page.locator(f"#{active}")).to_contain_text("/price")
    await screen.box.press("Tab")
    await expect(screen.box).to_have_value("/price ")
    await screen.box.fill("/port")
    await screen.box.press("Enter")
    assert (await bot.next("message"))["text"] == "/portfolio"


async def test_a_draft_stays_in_its_chat_over_a_reload(screen: Screen, chat: LocalChat) -> None:
    await screen.box.fill("half a thought")
    await screen.become("Ben")
    await screen.page.reload()
    await screen.ready()
    await screen.button("Start").click()
    await expect(screen.box).to_have_value("")
    await screen.become("Ann")
    await expect(screen.box).to_have_value("half a thought")


async def test_newer_messages_are_counted_while_one_reads_further_up(screen: Screen, bot: Bot) -> None:
    for number in range(30):
        await bot.say(f"line {number}\n.", chat=screen.ann)
    await expect(screen.message("line 29")).to_be_in_viewport()
    await screen.page.locator("#scroll").hover()
    await screen.page.mouse.wheel(0, -900)
    await expect(screen.page.locator("#newest")).to_be_visible()
    await bot.say("unseen", chat=screen.ann)
    await expect(screen.page.locator("#unread")).to_have_text("1")
    await screen.page.locator("#newest").click()
    await expect(screen.message("unseen")).to_be_in_viewport()
    await expect(screen.page.locator("#newest")).to_be_hidden()


async def test_a_long_quote_unfolds_and_stays_so_when_the_message_is_edited(screen: Screen, bot: Bot) -> None:
    quote = "<blockquote expandable>" + "one\n" * 8 + "last</blockquote>"
    sent = await bot.say(quote, chat=screen.ann, parse_mode="HTML")
    await screen.button("Show more").click()
    await expect(screen.button("Show less")).to_have_attribute("aria-expanded", "true")
    await bot.ok("editMessageText", chat_id=screen.ann, message_id=sent, text=quote + "!", parse_mode="HTML")
    await expect(screen.message("!")).to_be_visible()
    await expect(screen.button("Show less")).to_be_visible()


async def test_a_blocked_bot_is_unblocked_where_the_box_was(screen: Screen, bot: Bot) -> None:
    await screen.place_menu("Block the bot")
    await screen.button("Unblock").click()
    await expect(screen.box).to_be_visible()
    statuses = [(await bot.next("my_chat_member"))["new_chat_member"]["status"] for _ in range(2)]
    assert statuses == ["kicked", "member"]


async def test_a_message_that_is_too_long_is_said_to_be_so(screen: Screen) -> None:
    await screen.box.fill("x" * 3999)
    await expect(screen.page.locator("#room")).to_have_text("97")
    await screen.box.fill("x" * 5000)
    await expect(screen.page.locator("#room")).to_have_text("-904")
    await screen.box.press("Enter")
    await expect(screen.toast).to_have_text("A message has at most 4,096 characters, this one has 5,000")
    assert len(await screen.box.input_value()) == 5000
    await screen.box.fill("")
    await expect(screen.page.locator("#room")).to_be_hidden()


async def test_words_of_several_lines_use_the_whole_box_and_an_edit_offers_no_photo(screen: Screen, bot: Bot) -> None:
    await bot.ok("setMyCommands", commands=[{"command": "help", "description": "help"}])
    await expect(screen.button("Menu")).to_be_visible()
    await screen.box.fill("one\ntwo")
    await expect(screen.page.locator("#menu")).to_be_hidden()
    assert (await screen.area(screen.box))["x"] < 10
    await screen.box.fill("one")
    await screen.box.press("Enter")
    await expect(screen.page.locator("#attach")).to_be_visible()
    await expect(screen.message("one")).to_be_visible()
    await screen.box.press("ArrowUp")
    await expect(screen.page.locator("#context")).to_contain_text("Edit message")
    await expect(screen.page.locator("#attach")).to_be_hidden()
    await screen.box.press("Escape")
    await expect(screen.page.locator("#attach")).to_be_visible()


async def test_the_first_tab_leads_past_all_buttons_to_the_box(screen: Screen) -> None:
    await screen.page.evaluate("document.activeElement.blur()")
    await screen.page.keyboard.press("Tab")
    await expect(screen.button("Skip to the message box")).to_be_focused()
    await expect(screen.button("Skip to the message box")).to_be_in_viewport()
    await screen.page.keyboard.press("Enter")
    await expect(screen.box).to_be_focused()


async def test_the_list_of_chats_tells_the_last_words_and_what_is_unread(
    screen: Screen, chat: LocalChat, other_bot: Bot
) -> None:
    await chat.person("Ann").send("hello", bot=chat.bot(OTHER_TOKEN))
    row = screen.page.locator(".chat-row").filter(has_text="Other")
    await expect(row).to_contain_text("You: hello")
    await expect(row.locator(".count")).to_have_count(0)
    await other_bot.say("one", chat=screen.ann)
    await other_bot.say("two", chat=screen.ann)
    await expect(row).to_contain_text("two")
    await expect(row.locator(".count")).to_have_text("2 unread")
    await screen.page.reload()
    await expect(row.locator(".count")).to_have_text("2 unread")
    await screen.go("Other")
    await expect(row.locator(".count")).to_have_count(0)
