"""Comparing, sizing and making safer over HTTP: with a restart in the middle, two people, in a group."""

from pathlib import Path

from bot.localchat import LocalChat
from tests.bot.test_conversation import living
from tests.support.groups import group_of

TRADE = "iso or cross for long 0.5 btc 64k 20x, wallet 10k?"


async def test_a_comparison_is_edited_in_place_and_its_old_buttons_work_after_a_restart(
    chat: LocalChat, tmp_path: Path
) -> None:
    ann = chat.person("Ann")
    async with living(chat, tmp_path) as bot:
        await ann.send(TRADE, bot=bot)
        card = await ann.next()
        assert card.text.startswith("Isolated: liquidated at 61,044.2, 4.6% below entry.\nCross with 10,000 USDT: ")
        await ann.tap(card, "In my numbers")
        table = await ann.settled(card)
        assert table.text.startswith("Isolated risks 1,600 USDT, cross 10,000 USDT.")
    async with living(chat, tmp_path):
        await ann.tap(table, "« Back")
        back = await ann.settled(table)
        assert back.text == card.text
        await ann.tap(back, "Switch mode")
        switch = await ann.settled(back)
        assert switch.text.startswith("BTC long to cross: liquidated at 44,176.8, 31.0% below entry.")
        await ann.tap(switch, "« Back")
        await ann.settled(switch)


async def test_a_missing_wallet_is_typed_after_a_restart(chat: LocalChat, tmp_path: Path) -> None:
    ann = chat.person("Ann")
    async with living(chat, tmp_path) as bot:
        await ann.send("iso or cross? long 0.5 btc 64k 20x", bot=bot)
        card = await ann.next()
        assert "Cross needs your wallet balance" in card.text
    async with living(chat, tmp_path):
        await ann.send("banana")
        again = await ann.settled(card)
        assert again.text.startswith("I could not read “banana”.")
        await ann.send("10k")
        both = await ann.settled(again)
        assert "Cross with 10,000 USDT: 44,176.8" in both.text


async def test_a_size_is_planned_tap_by_tap_across_a_restart(chat: LocalChat, tmp_path: Path) -> None:
    ann = chat.person("Ann")
    async with living(chat, tmp_path) as bot:
        await ann.send("/size", bot=bot)
        card = await ann.next()
        for label in ("BTC", "Long"):
            await ann.tap(card, label)
            card = await ann.settled(card)
        assert "At what price do you enter BTC?" in card.text
    async with living(chat, tmp_path):
        await ann.send("64k")
        card = await ann.settled(card)
        for label in ("2% away", "1%", "5,000"):
            await ann.tap(card, label)
            card = await ann.settled(card)
        assert card.text.startswith("0.0390625 BTC loses 50 USDT at the stop of 62,720.")


async def test_a_goal_is_reached_from_the_portfolio_and_cancel_leaves_the_question(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("long 0.5 btc 64k 20x iso, wallet 10k", bot=bot)
        await ann.tap(await ann.next(), "Save")
        await ann.send("/portfolio")
        await ann.tap(await ann.next(), "Make it safer")
        card = await ann.next()
        assert card.text.startswith("BTC long: liquidated at 61,044.2, 4.6% below entry.")
        await ann.tap(card, "−20%")
        answer = await ann.settled(card)
        # 32,000 - 0.5 x 51,200 x 0.996 = 6,502.4, less 1,600, and a cent since the end of the fall counts.
        assert answer.text.startswith("Add 4,902.41 USDT to survive everything −20%.")
        await ann.tap(answer, "Close")
        await ann.send("/cancel")
        assert (await ann.next()).text == "There is nothing to cancel."


async def test_two_people_work_on_their_own_cards_and_nobody_taps_the_others(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        await ann.send(TRADE, bot=bot)
        await ben.send("how big can i go: btc long 64k stop 62k risk 100$", bot=bot)
        comparison, size = await ann.next(), await ben.next()
        await ann.tap(comparison, "In my numbers")
        await ben.tap(size, "Risk")
        assert (await ann.settled(comparison)).text.startswith("Isolated risks 1,600 USDT")
        assert (await ben.settled(size)).text.startswith("How much may be lost at the stop?")


async def test_in_a_group_a_command_compares_and_only_its_owner_taps(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ann.send("/compare long 0.5 btc 64k 20x, wallet 10k", chat=group)
        card = await ann.next(chat=group)
        assert card.text.startswith("Isolated: liquidated at 61,044.2")
        refused = await ben.tap(card, "What if…", chat=group)
        assert (refused.text, refused.alert) == (
            "This is somebody else's card. Your own opens in our private chat.",
            False,
        )
        await ann.tap(card, "What if…", chat=group)
        asked = await ann.next(chat=group)
        assert asked.text.startswith("Isolated: BTC long liquidated at 61,044.2")
