"""Groups on the page: coming in, adding bots, two people, topics, becoming a supergroup."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.localchat import LocalChat
from tests.bot.localchat.browser.conftest import Bot, keyboard
from tests.bot.localchat.browser.screen import Screen
from tests.bot.localchat.conftest import TOKEN

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_bot_is_added_where_the_box_will_be_and_hears_its_commands(
    screen: Screen, bot: Bot, other_bot: Bot
) -> None:
    await bot.ok("setMyCommands", commands=[{"command": "liq", "description": "liquidation"}])
    await other_bot.ok("setMyCommands", commands=[{"command": "help", "description": "help"}])
    await screen.go("Group")
    await expect(screen.page.locator("#status")).to_have_text("2 members")
    await screen.button("Add Echo to the group").click()
    await expect(screen.page.locator("#status")).to_have_text("3 members, 1 bot")
    await expect(screen.message("Ann added Echo")).to_have_class("service last")
    await screen.place_menu("Add Other")
    await expect(screen.page.locator("#status")).to_have_text("4 members, 2 bots")
    await screen.box.press_sequentially("/")
    await expect(screen.options).to_have_text(["/liq@local_123456_botliquidation", "/help@local_777_bothelp"])
    await screen.box.press("Enter")
    while "text" not in (heard := await bot.next("message")):
        pass
    assert heard["text"] == "/liq@local_123456_bot"


async def test_two_people_write_in_a_group_and_see_each_others_names(screen: Screen, bot: Bot) -> None:
    await screen.go("Group")
    await screen.button("Add Echo to the group").click()
    await screen.write("hello Ben")
    await screen.become("Ben")
    await expect(screen.message("hello Ben").locator(".sender")).to_have_text("Ann")
    await screen.write("hello Ann")
    await expect(screen.message("hello Ann").locator(".sender")).to_have_count(0)
    assert await screen.page.evaluate("location.hash") == f"#person={screen.ben}&group={await group_id(screen)}"
    await screen.page.reload()
    await expect(screen.message("hello Ann").locator(".stack")).to_be_visible()


async def group_id(screen: Screen) -> int:
    told = await screen.page.evaluate("fetch('/page/everyone').then(answer => answer.json())")
    return int(told["groups"][0]["id"])


async def test_topics_are_chips_that_filter(screen: Screen, bot: Bot) -> None:
    await screen.go("Group")
    await screen.button("Add Echo to the group").click()
    await screen.place_menu("Upgrade to supergroup")
    await expect(screen.message("upgraded to a supergroup")).to_be_visible()
    await screen.place_menu("Turn topics on")
    await screen.button("New topic").click()
    await screen.dialog.get_by_label("Name").fill("Alts")
    await screen.page.keyboard.press("Enter")
    await expect(screen.button("Alts")).to_have_attribute("aria-pressed", "true")
    await screen.write("/x@local_123456_bot only here")
    while "only" not in (heard := await bot.next("message")).get("text", ""):
        pass
    assert heard["is_topic_message"] is True
    await bot.say("in the topic", chat=heard["chat"]["id"], message_thread_id=heard["message_thread_id"])
    await bot.say("in general", chat=heard["chat"]["id"])
    await expect(screen.message("in the topic")).to_be_visible()
    await expect(screen.message("in general")).to_have_count(0)
    await screen.button("General").click()
    await expect(screen.message("in general")).to_be_visible()
    await expect(screen.message("in the topic")).to_have_count(0)
    await screen.button("All").click()
    await expect(screen.message("in the topic").locator(".in-topic")).to_have_text("Alts")


async def test_members_are_listed_and_a_bot_is_promoted_and_removed(screen: Screen, bot: Bot) -> None:
    await screen.go("Group")
    await screen.button("Add Echo to the group").click()
    await expect(screen.page.locator("#status")).to_have_text("3 members, 1 bot")
    await screen.place_menu("Members")
    for action, shown in (("Make admin", "bot, admin"), ("Dismiss as admin", "bot")):
        await screen.button("Actions for Echo").click()
        await screen.page.get_by_role("menuitem", name=action).click()
        await expect(screen.dialog.locator(".member").last.locator(".words > span")).to_have_text(shown)
    await screen.button("Actions for Echo").click()
    await screen.page.get_by_role("menuitem", name="Remove").click()
    await expect(screen.dialog.locator(".member")).to_have_count(2)
    await screen.page.keyboard.press("Escape")
    await expect(screen.button("Add Echo to the group")).to_be_visible()


async def test_people_write_to_each_other_without_a_bot(screen: Screen) -> None:
    await screen.go("Group")
    await expect(screen.button("Add Echo to the group")).to_be_visible()
    await screen.write("nobody listens")
    await expect(screen.message("nobody listens")).to_be_visible()
    await screen.button("Add Echo to the group").click()
    await expect(screen.page.locator("#instead")).to_be_hidden()
    await expect(screen.box).to_be_visible()


async def test_what_was_said_before_an_upgrade_stays_to_be_read(screen: Screen, bot: Bot, chat: LocalChat) -> None:
    ann, ben = chat.person("Ann"), chat.person("Ben")
    group = chat.group("Desk", ann, ben, kind="group", bots=[chat.bot(TOKEN)])
    await ann.send("the old days", chat=group)
    await bot.say("press", chat=group.id, reply_markup=keyboard([{"text": "Old"}]))
    await screen.go("Desk")
    colour = await screen.page.locator("#face .avatar").get_attribute("class")
    await screen.place_menu("Upgrade to supergroup")
    await expect(screen.message("upgraded to a supergroup")).to_have_count(1)
    await screen.write("the new days")
    await expect(screen.message("the old days")).to_be_visible()
    await expect(screen.message("the old days").get_by_role("button", name="Message actions")).to_have_count(0)
    await expect(screen.message("the new days").get_by_role("button", name="Message actions")).to_have_count(1)
    await expect(screen.button("Old")).to_be_disabled()
    assert await screen.page.locator("#face .avatar").get_attribute("class") == colour


async def test_the_first_people_bots_and_groups_have_colours_of_their_own(screen: Screen, other_bot: Bot) -> None:
    await other_bot.ok("getMe")
    await expect(screen.page.locator(".chat-row")).to_have_count(3)
    faces = await screen.page.locator(".chat-row .avatar").evaluate_all("nodes => nodes.map(node => node.className)")
    await screen.page.locator("#me-here").click()
    faces += await screen.page.locator("#actions .avatar").evaluate_all("nodes => nodes.map(node => node.className)")
    assert len({next(name for name in face.split() if name.startswith("tint")) for face in faces}) == 5


async def test_a_group_is_made_left_and_joined_again(screen: Screen) -> None:
    await screen.page.locator("#open-chats").click()
    await screen.page.locator("#new-group").click()
    await screen.dialog.get_by_label("Name").fill("Traders")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.locator("#name")).to_have_text("Traders")
    await screen.place_menu("Leave the group")
    await screen.button("Join the group").click()
    await expect(screen.message("Ann joined the group")).to_be_visible()
