"""The quiz and the mistakes over HTTP, as people take them: alone, after a restart, two in one group."""

import re
from itertools import product
from pathlib import Path

from bot.localchat import LocalChat
from tests.bot.flows.dialogues import FLOWS
from tests.bot.test_conversation import living
from tests.support.groups import group_of

TRADES = ("long 0.1 btc 64k 25x cross, wallet 5k", "short 1 eth 3200 10x cross", "long 20 sol 150 5x cross")


async def test_five_answers_in_one_message_lead_to_the_verdict(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("/quiz", bot=bot)
        card = await ann.next()
        for number in range(1, 6):
            assert card.text.startswith(f"{number}/5 ")
            await ann.tap(card, "No")
            card = await ann.settled(card)
        sent = [message for message in ann.messages if message.from_bot]
    assert card.text.startswith("Either mode: none of your 5 answers speaks for one.")
    assert len(sent) == 1


async def test_a_quiz_goes_on_after_a_restart(chat: LocalChat, url: str) -> None:
    ann = chat.person("Ann")
    async with living(chat, url) as bot:
        await ann.send("/quiz", bot=bot)
        card = await ann.next()
        await ann.tap(card, "Yes")
        card = await ann.settled(card)
    await ann.send("no")  # while nobody listens
    async with living(chat, url):
        card = await ann.settled(card)
        assert card.text.startswith("3/5 ")
        await ann.tap(card, "« Back")
        card = await ann.settled(card)
        await ann.tap(card, "« Back")
        assert "Your answer: yes." in (await ann.settled(card)).text


async def test_a_saved_portfolio_answers_two_questions_and_is_told_what_to_know(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        for trade in TRADES:
            await ann.send(trade, bot=bot)
            await ann.tap(await ann.next(), "Save")
        await ann.send("/quiz")
        card = await ann.next()
        assert card.text.startswith("3/5 ")
        for answer in ("Yes", "Yes", "No"):
            await ann.tap(card, answer)
            card = await ann.settled(card)
        assert card.text.startswith("Both: 1 of your 3 positions isolated, 2 cross.")
        await ann.tap(card, "⚠︎ 2 things to know")
        page = await ann.next()
        await ann.send("/check")
        check = await ann.next()
    assert page.text.startswith("⚠︎ 2 things to know about your 3 positions")
    assert check.text.startswith("⚠︎ 1 thing to know about your 3 positions")


async def test_two_people_of_a_group_take_their_quizzes_side_by_side(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ann.send("/quiz", chat=group)
        anns = await ann.next(chat=group)
        began = await ben.tap(anns, "Yes", chat=group)
        assert began.text == "That quiz is somebody else's. Yours opens in our private chat."
        assert began.url is not None
        assert began.url.endswith("?start=quiz")
        await ben.send("/quiz", chat=group)
        bens = await ben.next(chat=group)
        assert bens.id != anns.id
        await ann.tap(anns, "Yes", chat=group)
        await ben.tap(bens, "No", chat=group)
        first, second = await ann.settled(anns, chat=group), await ben.settled(bens, chat=group)
        await ann.tap(first, "« Back", chat=group)
        await ben.tap(second, "« Back", chat=group)
        back = [await ann.settled(first, chat=group), await ben.settled(second, chat=group)]
    assert ["Your answer: yes." in back[0].text, "Your answer: no." in back[1].text] == [True, True]


async def test_every_branch_of_the_tree_leads_to_the_verdict_of_the_table(chat: LocalChat, tmp_path: Path) -> None:
    page = (FLOWS / "quiz.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| ([●○ ]{9}) \| (.*?) \|", page, flags=re.MULTILINE))
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("/quiz", bot=bot)
        card = await ann.next()
        for answers in product(("Yes", "No"), repeat=5):
            for answer in answers:
                await ann.tap(card, answer)
                card = await ann.settled(card)
            marks = " ".join("●" if answer == "Yes" else "○" for answer in answers)
            assert card.text.startswith(table[marks]), marks
            await ann.tap(card, "Start over")
            card = await ann.settled(card)


async def test_back_leads_to_the_first_question_and_a_closed_quiz_is_stale(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("/quiz", bot=bot)
        card = await ann.next()
        for answer in ("Yes", "No", "Yes", "No", "Yes"):
            await ann.tap(card, answer)
            card = await ann.settled(card)
        for number in range(5, 0, -1):
            await ann.tap(card, "« Back")
            card = await ann.settled(card)
            assert card.text.startswith(f"{number}/5 ")
        button = card.find("Yes")
        await ann.tap(card, "Verdict now")
        card = await ann.settled(card)
        await ann.tap(card, "Close")
        await ann.gone(card)
        await ann.send("/quiz")
        other = await ann.next()
        assert button is not None
        assert button.data is not None
        stale = await ann.tap_data(other, button.data)
    assert (stale.text, stale.alert) == ("This button is too old. Send your question again.", True)


async def test_a_trade_is_checked_and_mended_from_the_page(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ann.send("/check long 0.1 btc 64k 100x isolated", chat=group)
        page = await ann.next(chat=group)
        assert [button.text for button in page.flat_buttons()] == ["Open in private"]
    assert page.text.startswith("⚠︎ 1 thing to know about your position\nBTC long is liquidated 0.6% away")
