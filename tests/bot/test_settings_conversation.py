"""Settings over HTTP: kept over a restart, used in answers, links that open conversations, menus by scope."""

from pathlib import Path

from bot.localchat import LocalChat
from tests.bot.test_conversation import living
from tests.support.groups import group_of


async def test_what_is_set_holds_after_a_restart_and_is_named_in_answers(chat: LocalChat, tmp_path: Path) -> None:
    ann, ben = chat.person("Ann"), chat.person("Ben")
    async with living(chat, tmp_path) as bot:
        await ann.send("/settings", bot=bot)
        card = await ann.next()
        await ann.tap(card, "Wallet")
        page = await ann.settled(card)
        await ann.send("7.5k")
        kept = await ann.settled(page)
        assert kept.text.startswith("Settings: 1 of 9 are your own.\n✓ Kept.")
        await ann.tap(kept, "Numbers")
        await ann.tap(await ann.settled(kept), "1.234,5")
        await ann.settled(kept)
    async with living(chat, tmp_path) as bot:
        await ann.send("long 0.5 btc 64k 20x")
        answer = await ann.next()
        await ben.send("long 0.5 btc 64k 20x", bot=bot)
        other = await ben.next()
    # (32,000 - 7,500) / (0.5 x 0.996) = 49,196.787
    assert "Cross with 7.500 USDT: 49.196,8" in answer.text
    assert "wallet: 7.500 USDT, from your settings" in answer.text
    assert "Cross needs your wallet balance." in other.text


async def test_a_link_opens_its_conversation(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.start("quiz", bot=bot)
        assert (await ann.next()).text.startswith("1/5 ")
        await ann.start("learn_is_isolated_safer")
        assert (await ann.next()).text.startswith("Is isolated safer?")


async def test_the_greeting_leads_to_the_quiz_the_lessons_and_the_settings(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("/start", bot=bot)
        greeting = await ann.next()
        for label, begins in (("Which mode?", "1/5 "), ("Learn", "What would you"), ("Settings", "Settings: 0 of 9")):
            await ann.tap(greeting, label)
            assert (await ann.next()).text.startswith(begins)


async def test_settings_are_not_shown_in_a_group(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann)
        await ann.send("/settings", chat=group)
        assert (await ann.next(chat=group)).text == "Your settings are personal: ask me in our private chat."
