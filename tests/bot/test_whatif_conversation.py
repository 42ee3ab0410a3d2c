"""What-ifs over HTTP: a board in the chat, a restart in the middle, two people at once, a group."""

from pathlib import Path

from bot.localchat import LocalChat
from tests.bot.test_conversation import living

QUESTION = "long 0.5 btc 64k 20x, wallet 10k, what if btc drops 10%"


async def test_a_board_is_tapped_and_typed_to_in_one_message(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send(QUESTION, bot=bot)
        card = await ann.next()
        assert card.text.startswith("Isolated: liquidated, 8,400 left.\nCross: survives, 6,800 left.")
        await ann.tap(card, "−5%")
        card = await ann.settled(card)
        assert "If BTC −15%." in card.text
        await ann.send("btc -20")
        card = await ann.settled(card)
        assert "Cross: survives, 3,600 left." in card.text


async def test_a_restart_in_the_middle_changes_nothing(chat: LocalChat, url: str) -> None:
    ann = chat.person("Ann")
    async with living(chat, url) as bot:
        await ann.send(QUESTION, bot=bot)
        card = await ann.next()
        await ann.tap(card, "Changes")
        card = await ann.settled(card)
    async with living(chat, url):
        await ann.tap(card, "Close 50%")
        card = await ann.settled(card)
        assert "If you close 50% of BTC long, then BTC −10%." in card.text
        await ann.tap(card, "Undo")
        assert "If BTC −10%." in (await ann.settled(card)).text


async def test_two_people_ask_at_once_and_each_has_their_own(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, bob = chat.person("Ann"), chat.person("Bob")
        await ann.send(QUESTION, bot=bot)
        await bob.send("short 2 eth 3200 20x, wallet 5k, what if eth +10%", bot=bot)
        anns, bobs = await ann.next(), await bob.next()
        await ann.tap(anns, "+10%")
        await bob.tap(bobs, "+5%")
        assert "Nothing has moved yet." in (await ann.settled(anns)).text
        assert "If ETH +15%." in (await bob.settled(bobs)).text
