"""The whole bot over HTTP, as a person uses it: ask, look, change, save, come back after a restart, remove."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import marginbot
from bot.aside import Aside
from bot.localchat import BotView, LocalChat
from bot.storage.store import Store
from tests.support.bots import TOKEN, settings

QUESTION = "long 0.5 btc 64k 20x iso, wallet 10k, liq?"


@asynccontextmanager
async def living(chat: LocalChat, where: Path | str, aside: Aside | None = None) -> AsyncIterator[BotView]:
    """The bot from start to stop, on the database with that address, or on SQLite in that folder."""
    url = where if isinstance(where, str) else f"sqlite+aiosqlite:///{where / 'bot.db'}"
    store = await Store.open(url)
    bot = marginbot(settings(chat, url), store, aside=aside)
    await bot.start()
    try:
        yield chat.bot(TOKEN)
    finally:
        await bot.stop()
        await store.close()


async def test_the_question_of_the_readme_is_answered_with_both_modes(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send(QUESTION, bot=bot)
        card = await ann.next()
    # Isolated: (32,000 - 1,600) / (0.5 x 0.996) = 61,044.1767...; cross: (32,000 - 10,000) / 0.498 = 44,176.7068...;
    # both rounded up to Binance's tick of 0.1, and seen from the entry.
    assert card.text.startswith(
        "Isolated: liquidated at 61,044.2, 4.6% below entry.\nCross with 10,000 USDT: 44,176.8, 31.0% below entry."
    )
    assert "table of Sep 29, 2026" in card.text


async def test_the_working_unfolds_in_the_same_message(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send(QUESTION, bot=bot)
        card = await ann.next()
        await ann.tap(card, "Show the working")
        shown = await ann.settled(card)
        assert "61,044.17" in shown.text
        assert any(entity["type"] == "blockquote" for entity in shown.entities)
        await ann.tap(shown, "Hide the working")
        assert (await ann.settled(shown)).text == card.text


async def test_what_is_unsaid_is_asked_for_and_a_tap_or_a_word_answers(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("long 0.5 btc 64k 20x", bot=bot)
        card = await ann.next()
        assert card.text.startswith("Isolated: liquidated at 61,044.2")
        assert "Cross needs your wallet balance" in card.text
        await ann.send("10k")
        both = await ann.settled(card)
        assert "Cross with 10,000 USDT: 44,176.8" in both.text


async def test_saved_positions_are_there_after_a_restart_and_old_buttons_work(chat: LocalChat, tmp_path: Path) -> None:
    ann = chat.person("Ann")
    async with living(chat, tmp_path) as bot:
        await ann.send(QUESTION, bot=bot)
        card = await ann.next()
        assert (await ann.tap(card, "Save")).text == "Saved as isolated."
        await ann.send("short 4 eth 3200 10x cross")
        other = await ann.next()
    async with living(chat, tmp_path):
        assert (await ann.tap(other, "Save")).text == "Saved as cross."  # a button from before the restart
        await ann.send("/portfolio")
        account = await ann.next()
    assert "Long 0.5 BTC" in account.text
    assert "Short 4 ETH" in account.text
    assert "61,044.2" in account.text


async def test_a_position_is_removed_only_after_it_was_asked(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send(QUESTION, bot=bot)
        await ann.tap(await ann.next(), "Save")
        await ann.send("/portfolio")
        account = await ann.next()
        await ann.tap(account, "Positions…")
        page = await ann.settled(account)
        [position] = [button for button in page.flat_buttons() if "BTC" in button.text]
        await ann.tap(page, position.text)
        position_page = await ann.settled(page)
        await ann.tap(position_page, "Remove…")
        question = await ann.settled(position_page)
        assert "BTC" in question.text
        await ann.tap(question, "Make it so")
        emptied = await ann.settled(question)
        assert "Your portfolio is empty." in emptied.text


async def test_a_price_given_in_words_moves_the_reference_of_every_distance(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send(QUESTION, bot=bot)
        card = await ann.next()
        await ann.send("btc 63k now")
        moved = await ann.settled(card)
        # (61,044.18 - 63,000) / 63,000 = -3.1 %
        assert "3.1% below 63,000, which you gave just now" in moved.text


async def test_two_people_do_not_see_each_others_account(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        await ann.send(QUESTION, bot=bot)
        await ann.tap(await ann.next(), "Save")
        await ben.send("/portfolio", bot=bot)
        assert "BTC" not in (await ben.next()).text


async def test_nonsense_photos_and_stickers_get_one_polite_line(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        for sent in (ann.send("asdf qwer", bot=bot), ann.send_photo(bot=bot), ann.send_sticker(bot=bot)):
            await sent
            answer = await ann.next()
            assert len(answer.text) < 300
            assert "liquidat" in answer.text.lower() or "trade" in answer.text.lower()


async def test_a_caption_is_read_like_a_text(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send_photo(caption=QUESTION, bot=bot)
        assert (await ann.next()).text.startswith("Isolated: liquidated at 61,044.2")


async def test_start_help_and_the_command_menu(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("/start", bot=bot)
        greeting = await ann.next()
        assert len(greeting.text.splitlines()) == 3
        assert greeting.flat_buttons()
        await ann.send("/help")
        assert any(button.switch_inline_query_current_chat for button in (await ann.next()).flat_buttons())
        private, groups = ({command["command"] for command in menu} for menu in bot.commands.values())
        assert {"liq", "compare", "addmargin", "portfolio", "check", "quiz", "help", "start", "cancel"} <= private
        assert groups < private - {"portfolio", "check"}


async def test_an_example_is_understood_with_the_bots_name_that_its_button_puts_before_it(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("/start")
        button = (await ann.next()).find("Try an example")
        assert button is not None
        await ann.send(f"@{bot.username} {button.switch_inline_query_current_chat}")
        card = await ann.next()
    assert card.text.startswith("Isolated: liquidated at 61,044.2, 4.6% below entry.")


async def test_a_picture_comes_after_the_answer_and_its_buttons_change_it_in_place(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("long 0.5 btc 64k 20x, short 5 eth 3200 10x, wallet 10k", bot=bot)
        card = await ann.next()
        await ann.tap(card, "Picture")
        photo = await ann.wait_for(lambda message: message.photo is not None, timeout=30)
        assert photo.text.startswith("Isolated: first ends at −4.6% or +9.6%.")
        await ann.tap(photo, "Ladder")
        ladder = await ann.settled(photo, timeout=30)
        assert ladder.id == photo.id
        assert ladder.text.startswith("First positions gone by −5% or +10%")
        await ann.tap(ladder, "Two coins")
        coins = await ann.settled(ladder, timeout=30)
        assert coins.text.startswith("Nearest point where BTC long is gone: BTC −4.6%, ETH 0.0%")
        assert coins.photo is not None
        await ann.tap(coins, "Close")
        await ann.send("/help")
        assert (await ann.next()).photo is None
