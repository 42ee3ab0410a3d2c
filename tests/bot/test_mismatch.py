"""The explain card over HTTP: it goes on after a restart, and two people keep their own."""

from pathlib import Path

from bot.localchat import LocalChat
from tests.bot.test_conversation import living
from tests.support.groups import group_of

QUESTION = "long 0.5 btc 64k 20x iso, wallet 10k"
WHY = "why does binance show 61,020?"


async def test_the_questions_go_on_after_a_restart(chat: LocalChat, tmp_path: Path) -> None:
    ann = chat.person("Ann")
    async with living(chat, tmp_path) as bot:
        await ann.send(QUESTION, bot=bot)
        await ann.next()
        await ann.send(WHY)
        card = await ann.next()
    async with living(chat, tmp_path):
        await ann.tap(card, "No")
        asked = await ann.settled(card)
        await ann.send("16")
        answered = await ann.settled(asked)
    assert card.text.startswith("Binance USD-M shows 61,020, I get 61,044.2: 24.18 apart.")
    assert "What have fees and funding taken" in asked.text
    assert "Counted in: Fees paid: 16" in answered.text


async def test_two_people_in_one_group_keep_their_own_cards(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        cards = []
        for person in (ann, ben):
            await person.send(f"/liq {QUESTION}", chat=group)
            trade = await person.next(chat=group)
            await person.reply(trade, WHY, chat=group)
            cards.append(await person.next(chat=group))
        await ann.reply(cards[0], "12.04", chat=group)
        agreed = await ann.settled(cards[0], chat=group)
        refused = await ann.tap(cards[1], "No", chat=group)
        texts = [message.text for message in group.messages if message.from_bot]
    assert agreed.text.startswith("Binance USD-M shows 61,020, and I get 61,020.0.")
    assert refused.alert
    assert texts[-1] == cards[1].text
