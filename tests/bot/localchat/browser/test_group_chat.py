"""Groups on the page: coming in, adding bots, two people, topics, becoming a supergroup."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.bot.localchat.browser.conftest import Bot
from tests.bot.localchat.browser.screen import Screen

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
    await screen.button("Alts").click()
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
    for action, shown in (("Make admin", "bot, admin"), ("Dismiss as admin", "bot")):
        await screen.place_menu("Members")
        await screen.button("Actions for Echo").click()
        await screen.page.get_by_role("menuitem", name=action).click()
        await screen.place_menu("Members")
        await expect(screen.dialog.locator(".member").last.locator(".words > span")).to_have_text(shown)
        await screen.page.keyboard.press("Escape")
    await screen.place_menu("Members")
    await screen.button("Actions for Echo").click()
    await screen.page.get_by_role("menuitem", name="Remove").click()
    await expect(screen.button("Add Echo to the group")).to_be_visible()


async def test_a_group_is_made_left_and_joined_again(screen: Screen) -> None:
    await screen.page.locator("#open-chats").click()
    await screen.page.locator("#new-group").click()
    await screen.dialog.get_by_label("Name").fill("Traders")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.locator("#name")).to_have_text("Traders")
    await screen.place_menu("Leave the group")
    await screen.button("Join the group").click()
    await expect(screen.message("Ann joined the group")).to_be_visible()
