"""Inline mode over HTTP: typed in any chat, chosen, tapped, gone on with in private, and kept from strangers."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.dialogue import NO_CARD
from bot.localchat import LocalChat, MessageView
from bot.localchat.driver_inline import InlineView
from bot.payloads import Payload, encode_payload
from tests.bot.test_conversation import living
from tests.support.bots import TOKEN
from tests.support.groups import group_of

ETH = "10x long eth 3200 500usd"
BTC = "long 0.5 btc 64k 20x, wallet 10k"
# ETH: 1.5625 x 3,200 = 5,000 at 10x; (5,000 - 500) / (1.5625 x 0.996) = 2,891.566..., 9.6 % below 3,200.
ISOLATED_ETH = "Isolated: liquidated at 2,891.57, 9.6% below entry."
# BTC: (32,000 - 1,600) / (0.5 x 0.996) = 61,044.18; cross: (32,000 - 10,000) / 0.498 = 44,176.71; up to the tick.
ISOLATED_BTC = "Isolated: liquidated at 61,044.2, 4.6% below entry."
TITLE_BTC = "Isolated: 61,044.2, 4.6% below entry."
TITLE_CROSS = "Cross with 10,000 USDT: 44,176.8, 31.0% below entry."
CROSS_BTC = "Cross with 10,000 USDT: liquidated at 44,176.8, 31.0% below entry."


def titles(seen: InlineView) -> list[str]:
    return [result.title for result in seen.results]


def labels(message: MessageView) -> list[list[str]]:
    return [[button.text for button in row] for row in message.buttons]


async def test_a_trade_is_answered_in_the_list_before_anything_is_sent(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        seen = await chat.person("Ann").inline(BTC, bot=bot)
    assert [(result.title, result.description.split("\n")[0]) for result in seen.results] == [
        (TITLE_BTC, "Long 0.5 BTC at 64,000, 20x"),
        (TITLE_CROSS, "Long 0.5 BTC at 64,000, 20x"),
        ("Isolated and cross side by side", TITLE_BTC),
        ("Isolated: first liquidation between 0% and −5%.", "Isolated: −20%: 8,400, −10%: 8,400, −5%: 8,400 USDT left"),
    ]
    assert seen.results[2].description.split("\n")[1] == TITLE_CROSS
    assert all(result.description.count("\n") <= 1 for result in seen.results)


async def test_what_was_sent_turns_its_pages_in_place_in_a_group_without_the_bot(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        desk = chat.group("Desk", ann)
        seen = await ann.inline(BTC, bot=bot, chat=desk)
        sent = await ann.choose(seen.find(TITLE_BTC), chat=desk)
        assert sent.text.startswith(ISOLATED_BTC)
        assert labels(sent) == [["Cross", "Both", "Ladder"], ["Ask your own", "Open in private"]]
        await ann.tap(sent, "Cross", chat=desk)
        cross = await ann.settled(sent, chat=desk)
        assert cross.text.startswith(CROSS_BTC)
        assert "Isolated" not in cross.text
        await ann.tap(cross, "Ladder", chat=desk)
        ladder = await ann.settled(cross, chat=desk)
        assert ladder.text.startswith("Isolated: first liquidation between 0% and −5%.")
        await ann.tap(ladder, "Both", chat=desk)
        both = await ann.settled(ladder, chat=desk)
        assert both.text.startswith(f"{ISOLATED_BTC}\nCross with 10,000 USDT: 44,176.8, 31.0% below entry.")


async def test_a_wallet_is_tapped_where_it_was_not_said(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        seen = await ann.inline(ETH, bot=bot)
        sent = await ann.choose(seen.find("Cross depends on the wallet"))
        # (5,000 - 1,000) / (1.5625 x 0.996) = 2,570.28...: up to the tick of 0.01.
        assert sent.text.startswith("Cross with 1,000 USDT: liquidated at 2,570.29, 19.7% below entry.")
        await ann.tap(sent, "1,000 USDT")
        assert (await ann.settled(sent)).text.startswith(
            f"{ISOLATED_ETH}\nCross with 1,000 USDT: 2,570.29, 19.7% below"
        )


async def test_the_amount_that_nobody_called_margin_is_offered_in_both_readings(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        seen = await chat.person("Ann").inline(ETH, bot=bot)
    assert titles(seen)[-1] == "Or: Long 0.15625 ETH at 3,200, 10x"  # 500 / 3,200


@pytest.mark.parametrize(
    ("typed", "title", "missing"),
    [
        # 1 - 0.9 / 0.996 = 9.64 %; 1.1 / 1.004 - 1 = 9.56 %
        ("eth", "ETH isolated: 10x long −9.6%, short +9.6% from entry", "Add long or short, the entry, the leverage"),
        ("10x long eth", "ETH isolated: 10x long −9.6% from entry", "Add the entry for the price."),
        ("long eth 3200", "ETH isolated: 10x long −9.6% from entry", "Add the leverage for the price."),
        ("20x", "For all of it, ask again and add: coin.", "10x long eth 3200 500 margin"),
        ("hello there", "Not understood yet: write a trade", "10x long eth 3200 500 margin"),
        ("what is a liquidation price", "Liquidation price", ""),
    ],
)
async def test_part_of_a_trade_gets_the_best_answer_and_what_is_missing(
    chat: LocalChat, tmp_path: Path, typed: str, title: str, missing: str
) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        seen = await ann.inline(typed, bot=bot)
        [result] = seen.results
        assert result.title == title
        assert missing in result.description
        assert (await ann.choose(result)).text


async def test_what_was_sent_is_the_last_question_in_private(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        desk = chat.group("Desk", ann)
        seen = await ann.inline(BTC, bot=bot, chat=desk)
        sent = await ann.choose(seen.find(TITLE_CROSS), chat=desk)
        await ann.send("10x", bot=bot)
        card = await ann.next()
        # (32,000 - 3,200) / 0.498 = 57,831.33
        assert card.text.startswith(
            "Isolated: liquidated at 57,831.4, 9.6% below entry.\nCross with 10,000 USDT: 44,176.8"
        )
        await ann.send("what if btc -10%")
        # cross: 10,000 - 3,200 = 6,800
        assert "6,800" in (await ann.next()).text
        fresh = ann.fresh(sent, chat=desk)
        assert fresh is not None
        assert fresh.text == sent.text


async def test_another_members_tap_opens_the_same_trade_of_their_own(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        desk = chat.group("Desk", ann, ben)
        seen = await ann.inline(BTC, bot=bot, chat=desk)
        sent = await ann.choose(seen.find(TITLE_BTC), chat=desk)
        answer = await ben.tap(sent, "Cross", chat=desk)
        start = f"https://t.me/{bot.username}?start="
        assert answer.url == f"{start}t1_lBTC_q0p5_e64000_x20_w10000"
        fresh = ann.fresh(sent, chat=desk)
        assert fresh is not None
        assert fresh.text == sent.text
        await ben.start(answer.url.removeprefix(start), bot=bot)
        assert (await ben.next()).text.startswith(ISOLATED_BTC)


async def test_an_answer_kept_for_all_belongs_to_whoever_sends_it(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        desk = chat.group("Desk", ann, ben)
        first = await ann.inline(f"{BTC} binance", bot=bot, chat=desk)
        seen = await ben.inline(f"{BTC} binance", bot=bot, chat=desk)
        assert (first.cached, seen.cached) == (False, True)
        sent = await ben.choose(seen.find(TITLE_BTC), chat=desk)
        await ben.send("10x", bot=bot)
        assert (await ben.next()).text.startswith("Isolated: liquidated at 57,831.4")
        assert (await ann.tap(sent, "Cross", chat=desk)).url  # the button bears Ann's name, the message is Ben's
        await ben.tap(sent, "Cross", chat=desk)
        assert (await ben.settled(sent, chat=desk)).text.startswith(CROSS_BTC)


async def test_an_answer_without_an_exchange_is_not_kept_for_others_who_may_have_set_one(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        desk = chat.group("Desk", ann, ben)
        await ann.inline(BTC, bot=bot, chat=desk)
        seen = await ben.inline(BTC, bot=bot, chat=desk)
    assert not seen.cached


async def test_without_feedback_the_buttons_still_work_for_who_asked(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        chat.bot(TOKEN, inline_feedback=False)
        ann, ben = chat.person("Ann"), chat.person("Ben")
        desk = chat.group("Desk", ann, ben)
        seen = await ann.inline(BTC, bot=bot, chat=desk)
        sent = await ann.choose(seen.find(TITLE_BTC), chat=desk)
        assert (await ben.tap(sent, "Cross", chat=desk)).url.endswith("?start=t1_lBTC_q0p5_e64000_x20_w10000")
        await ann.tap(sent, "Cross", chat=desk)
        cross = await ann.settled(sent, chat=desk)
        assert cross.text.startswith(CROSS_BTC)
        assert (await ben.tap(cross, "Both", chat=desk)).url  # it is Ann's for good


async def test_what_is_personal_is_never_kept_for_others_and_says_that_it_is(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        await ann.send("long 0.5 btc 64k 20x iso, wallet 10k", bot=bot)
        await ann.tap(await ann.next(), "Save")
        seen = await ann.inline("", bot=bot)
        assert titles(seen)[:2] == ["Your portfolio, in percent only", "Your portfolio, with amounts"]
        assert all("Only you see this until you send it." in result.description for result in seen.results[:2])
        assert "10,000" not in seen.results[0].preview
        assert "10,000" in seen.results[1].preview
        other = await ben.inline("", bot=bot)
        assert not other.cached
        assert titles(other) == [
            "Isolated or cross? Five questions tell",
            "Isolated or cross? Write a trade after my name, in any chat",
        ]


async def test_a_saved_wallet_and_portfolio_stay_out_of_what_others_read(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        await ann.send("long 0.5 btc 64k 20x iso, wallet 77777", bot=bot)
        await ann.tap(await ann.next(), "Save")
        await ann.send("/settings")
        page = await ann.next()
        await ann.tap(page, "Wallet")
        await ann.send("66666")
        await ann.wait_for(lambda message: "66,666" in message.text)
        seen = await ann.inline(ETH, bot=bot)
        shown = "".join(f"{result.title}{result.description}{result.preview}" for result in seen.results)
        assert not any(secret in shown for secret in ("77,777", "77777", "66,666", "66666"))
        assert not (await ben.inline(ETH, bot=bot)).cached  # hers are her own: she has set something


async def test_the_verdict_of_the_quiz_is_offered_once_there_is_one(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("/quiz", bot=bot)
        question = await ann.next()
        await ann.tap(question, "Yes")
        await ann.tap(await ann.settled(question), "Verdict now")
        verdict = await ann.settled(question)
        result = (await ann.inline("", bot=bot)).find("Your quiz verdict")
        assert result.preview.startswith(verdict.text.split("\n")[0])


async def test_the_button_above_the_list_leads_to_the_private_chat_and_back(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        for typed in ("eth", BTC, "", "long 0.5 btc 64k 10x, short 4 eth 3200 10x, cross 10k"):
            seen = await ann.inline(typed, bot=bot)
            assert seen.button is not None
            await ann.start(seen.button["start_parameter"], bot=bot)
            card = await ann.next()
            back = [button.switch_inline_query for row in card.buttons for button in row]
            wanted = (
                typed if len(typed) < 40 else "long 0.5 BTC 64000 10x cross, short 4 ETH 3200 10x cross, wallet 10000"
            )
            assert wanted in back


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("", "too old"),
        ("c~t1_lBTC_q0p5_e64000_x20", "too old"),
        ("1.0.1.c", "too old"),
        ("1.zzz.1.c~t1_lBTC_q0p5_e64000_x20", "too old"),
        ("1.0.{ben}.save~t1_lBTC_q0p5_e64000_x20", "too old"),
        ("1.0.{ben}.wNaN~t1_lBTC_q0p5_e64000_x20", "too old"),
        ("1.0.{ben}.c~t1_lBTC_q0p5_e-1_x20", "too old"),
    ],
)
async def test_forged_data_changes_nothing(chat: LocalChat, tmp_path: Path, data: str, told: str) -> None:
    async with living(chat, tmp_path) as bot:
        chat.bot(TOKEN, inline_feedback=False)
        ann, ben = chat.person("Ann"), chat.person("Ben")
        desk = chat.group("Desk", ann, ben)
        seen = await ann.inline(BTC, bot=bot, chat=desk)
        sent = await ann.choose(seen.find(TITLE_BTC), chat=desk)
        forged = data.format(ben=encode_payload(Payload(card_id=NO_CARD, owner_id=ben.id, action="")).split(".")[2])
        answer = await ben.tap_data(sent, forged, chat=desk)
        assert told in answer.text or answer.url
        fresh = ann.fresh(sent, chat=desk)
        assert fresh is not None
        assert fresh.text == sent.text


async def test_a_button_of_a_private_card_means_nothing_under_an_inline_message(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send(BTC, bot=bot)
        card = await ann.next()
        save = card.find("Save")
        assert save is not None
        assert save.data is not None
        seen = await ann.inline(BTC, bot=bot)
        sent = await ann.choose(seen.find(TITLE_BTC))
        assert "too old" in (await ann.tap_data(sent, save.data)).text
        own = sent.find("Cross")
        assert own is not None
        assert own.data is not None
        assert "too old" in (await ann.tap_data(card, own.data)).text


async def test_buttons_of_inline_messages_work_after_a_restart(chat: LocalChat, tmp_path: Path) -> None:
    ann = chat.person("Ann")
    async with living(chat, tmp_path) as bot:
        seen = await ann.inline(BTC, bot=bot)
        sent = await ann.choose(seen.find(TITLE_BTC))
    async with living(chat, tmp_path):
        await ann.tap(sent, "Cross")
        assert (await ann.settled(sent)).text.startswith(CROSS_BTC)


async def test_of_what_somebody_typed_while_the_bot_was_away_only_the_newest_is_answered(
    chat: LocalChat, tmp_path: Path
) -> None:
    ann, bot = chat.person("Ann"), chat.bot(TOKEN)

    async def typed(text: str) -> InlineView:
        return await ann.inline(text, bot=bot, timeout=20)

    words = ["long", "long btc", "long btc 64k", BTC]
    asked = []
    for text in words:
        asked.append(asyncio.create_task(typed(text)))
        await asyncio.sleep(0)
    async with living(chat, tmp_path):
        assert TITLE_BTC in titles(await asked[-1])
        await ann.send("/help", bot=bot)
        await ann.next()
        assert [task.done() for task in asked] == [False, False, False, True]
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)


async def test_typing_leaves_no_cards_and_no_letters_behind(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        for text in ("eth", "long eth", "long eth 3200", "long eth 3200 10x"):
            await ann.inline(text, bot=bot)
    with sqlite3.connect(tmp_path / "bot.db") as database:
        counts = [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("cards", "outbox")]
    assert counts == [0, 0]


async def test_a_reply_to_what_was_sent_through_inline_mode_reads_its_trade_and_never_its_words(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        seen = await ann.inline(BTC, bot=bot, chat=group)
        sent = await ann.choose(seen.find(TITLE_BTC), chat=group)
        await ben.reply(sent, "/liq", chat=group)
        asked = await ben.next(chat=group)
        await ben.reply(sent, "/liq 10x", chat=group)
        changed = await ben.next(chat=group)
    assert asked.text.startswith(ISOLATED_BTC)
    assert "Amounts" not in asked.text
    # 64,000 x 0.9 / 0.996 = 57,831.33, up to the tick
    assert changed.text.startswith("Isolated: liquidated at 57,831.4")
