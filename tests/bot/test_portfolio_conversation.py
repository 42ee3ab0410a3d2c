"""Portfolios over HTTP: through a restart, beside each other, shared, in a group, and gone when forgotten."""

import asyncio
from pathlib import Path

from bot.localchat import BotView, LocalChat
from bot.localchat.driver import PersonView
from bot.localchat.views import MessageView
from tests.bot.test_conversation import living
from tests.support.groups import group_of

TRADE = "add 100 sol long 150 20x iso"


async def saved(person: PersonView, bot: BotView, trade: str = TRADE) -> MessageView:
    """Saves a trade in words, with the second tap that it takes."""
    await person.send(trade, bot=bot)
    preview = await person.next()
    await person.tap(preview, "Make it so")
    return await person.settled(preview)


async def test_a_change_that_was_shown_before_a_restart_is_made_after_it(chat: LocalChat, tmp_path: Path) -> None:
    ann = chat.person("Ann")
    async with living(chat, tmp_path) as bot:
        card = await saved(ann, bot)
        await ann.send("deposit 10000")
        card = await ann.settled(card)
        assert "I do not know your USDT balance yet" in card.text
        await ann.tap(card, "Set wallet")
        asked = await ann.settled(card)
    async with living(chat, tmp_path):
        await ann.send("10k")
        card = await ann.settled(asked)
        assert "Wallet: 10,000 USDT." in card.text
        await ann.send("close half the sol")
        preview = await ann.settled(card)
    async with living(chat, tmp_path):
        await ann.tap(preview, "Make it so")
        made = await ann.settled(preview)
        assert "Long 50 SOL" in made.text
        await ann.tap(made, "Undo")
        assert "Long 100 SOL" in (await ann.settled(made)).text


async def test_an_import_that_waits_survives_a_restart(chat: LocalChat, url: str) -> None:
    ann = chat.person("Ann")
    async with living(chat, url) as bot:
        await ann.send("/import", bot=bot)
        asked = await ann.next()
    async with living(chat, url):
        await ann.send("long 0.5 btc 64k 20x iso\nshort 4 eth 3200 10x iso")
        read = await ann.settled(asked)
        assert read.text.startswith("2 positions read")
    async with living(chat, url):
        await ann.tap(read, "Save all")
        assert "Short 4 ETH" in (await ann.settled(read)).text


async def test_two_people_at_once_each_keep_their_own(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        cards = await asyncio.gather(saved(ann, bot), saved(ben, bot, "add 0.5 btc short 64k 10x iso"))
        assert "SOL" in cards[0].text
        assert "BTC" not in cards[0].text
        assert "BTC" in cards[1].text
        assert "SOL" not in cards[1].text


async def test_a_link_gives_another_person_a_copy(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        card = await saved(ann, bot)
        for button in ("More…", "Share", "A copy"):
            await ann.tap(card, button)
            card = await ann.settled(card)
        copy = card.find("Copy the link")
        assert copy is not None
        assert copy.copy_text is not None
        assert copy.copy_text.startswith(f"https://t.me/{bot.username}?start=copy-")
        await ben.start(copy.copy_text.rpartition("=")[2], bot=bot)
        read = await ben.next()
        await ben.tap(read, "Save all")
        assert "Long 100 SOL" in (await ben.settled(read)).text


async def test_what_is_forgotten_is_gone(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        old = await saved(ann, bot)
        await ann.send("/forget")
        asked = await ann.next()
        assert asked.text.startswith("Stored about you:\n1 portfolio with 1 position")
        await ann.tap(asked, "Delete everything")
        assert (await ann.next()).text == "Everything that was stored about you is deleted."
        late = await ann.tap(old, "Undo")
        assert late.alert
        await ann.send("/portfolio")
        assert (await ann.next()).text.startswith("Your portfolio is empty.")


async def test_a_group_hears_nothing_of_a_portfolio(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann, chat.person("Ben"))
        await saved(ann, bot)
        for command in ("/portfolios", "/import", "/export", "/history"):
            await ann.send(command, chat=group)
            answer = await ann.next(chat=group)
            assert answer.text == "Your portfolio is personal: ask me in our private chat."


async def test_what_is_exported_comes_back_as_files_unchanged(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        await ann.send(f"/import {TRADE.removeprefix('add ')}\n0.5 btc short 64k 10x iso", bot=bot)
        read = await ann.next()
        await ann.tap(read, "Save all")
        await ann.settled(read)
        await ann.send("/export")
        whole, table = [await ann.next(), await ann.next()]
        assert whole.text.startswith("main: 2 positions and everything else, as JSON.")
        assert table.text.startswith("2 positions as a table (CSV)")
        for document in (whole, table):  # each to somebody whose portfolio is empty, and out again
            sender = ben if document is whole else chat.person("Cid")
            assert document.document is not None
            name, content = document.document["file_name"], ann.file(document)
            await sender.send_document(content, name=name, content_type="text/plain", bot=bot)
            read = await sender.next()
            assert read.text.startswith("2 positions read")
            await sender.tap(read, "Save all")
            assert "✓ Imported." in (await sender.settled(read)).text
            await sender.send("/export")
            again = [await sender.next(), await sender.next()]
            assert ann.file(table) == sender.file(again[1])
            assert document is table or sender.file(again[0]) == content


async def test_the_owner_shows_a_portfolio_in_a_group_and_takes_it_away(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await saved(ann, bot)
        await ann.send("/portfolio", chat=group)
        whispered = await ann.next(chat=group)
        assert whispered.raw["receiver_user"]["id"] == ann.id
        assert whispered.text.startswith("SOL long isolated: liquidated at 143.22")
        await ann.tap(whispered, "Show here", chat=group)
        card = await ann.next(chat=group)
        assert "receiver_user" not in card.raw
        assert (await ben.tap(card, "With amounts", chat=group)).alert
        assert card.text.startswith("Nearest: SOL long, isolated: 4.5% below entry.")
        await ann.tap(card, "With amounts", chat=group)
        card = await ann.settled(card, chat=group)
        assert "Long 100 SOL at 150" in card.text
        await ann.tap(card, "Close", chat=group)
        await ann.gone(card, chat=group)
