"""Learn over HTTP: a question, deeper, a story with other numbers, after a restart, and in a group."""

from pathlib import Path

from bot.localchat import LocalChat
from tests.bot.test_conversation import living
from tests.support.groups import group_of


async def test_a_question_is_answered_and_gets_deeper_in_the_same_message(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        await ann.send("is isolated safer", bot=bot)
        card = await ann.next()
        await ann.tap(card, "More")
        deep = await ann.settled(card)
    assert card.text.startswith("Is isolated safer?\nFor the account yes, for the position no.")
    assert deep.text.startswith(card.text.split("\n\n")[0])
    assert "add their margins up" in deep.text


async def test_a_story_is_played_on_after_a_restart(chat: LocalChat, tmp_path: Path) -> None:
    ann = chat.person("Ann")
    async with living(chat, tmp_path) as bot:
        await ann.send("/learn", bot=bot)
        card = await ann.next()
        for label in ("Stories", "The innocent long", "Next »"):
            await ann.tap(card, label)
            card = await ann.settled(card)
        assert "5,000 USDT lost" in card.text
    async with living(chat, tmp_path):
        await ann.tap(card, "+5%")
        card = await ann.settled(card)
        assert "3,500 USDT are left of 5,000" in card.text
        await ann.tap(card, "Close")
        await ann.gone(card)


async def test_the_persons_own_number_stands_in_the_private_chat_only(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ann.send("long 0.1 btc 64k 25x iso, wallet 5k", bot=bot)
        await ann.tap(await ann.next(), "Save")
        await ann.send("/learn liquidation_price")
        own = await ann.next()
        await ann.send("/learn liquidation_price", chat=group)
        shared = await ann.next(chat=group)
    # 64,000 x (1 - 1/25) / 0.996 = 61,686.747
    assert "Yours: BTC long is liquidated at 61,686.8, 3.6% from entry." in own.text
    assert "Yours" not in shared.text
