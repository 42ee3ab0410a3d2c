"""Edited questions over HTTP: the answer changes in place, in a private chat, in a group, and after a restart."""

from pathlib import Path

from bot.localchat import LocalChat
from tests.bot.test_conversation import living
from tests.support.groups import group_of

FIRST = "long 0.5 btc 64k 20x iso"


async def test_an_edited_question_changes_its_answer_in_place_after_a_restart(chat: LocalChat, tmp_path: Path) -> None:
    ann = chat.person("Ann")
    async with living(chat, tmp_path) as bot:
        asked = await ann.send(FIRST, bot=bot)
        card = await ann.next()
    async with living(chat, tmp_path):
        await ann.edit(asked, "short 2 eth 3200 20x iso")
        shown = await ann.settled(card)
    assert card.text.startswith("Isolated: liquidated at 61,044.2")
    assert shown.id == card.id
    # 2 x 3,200 + 320 = 2 x P x (1 + 0.004)
    assert shown.text.startswith("Isolated: liquidated at 3,346.61")


async def test_the_edit_wins_over_what_was_tapped_since_and_leaves_other_cards_alone(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        asked = await ann.send(f"/liq {FIRST}", chat=group)
        card = await ann.next(chat=group)
        await ann.reply(card, "10x", chat=group)
        told = await ann.settled(card, chat=group)
        await ben.send(f"/liq {FIRST}", chat=group)
        other = await ben.next(chat=group)
        await ann.edit(asked, "/liq long 0.5 btc 65k 20x iso", chat=group)
        shown = await ann.settled(told, chat=group)
        texts = [message.text for message in group.messages if message.from_bot][1:]
    assert "Long 0.5 BTC at 65,000, 20x" in shown.text
    assert texts == [shown.text, other.text]


async def test_a_stranger_s_reply_leaves_the_card_and_is_answered_on_one_of_the_stranger_s_own(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ann.send("/liq long 0.5 btc 64k 20x", chat=group)
        card = await ann.next(chat=group)
        await ben.reply(card, "10k", chat=group)
        first = await ben.next(chat=group)
        await ben.reply(card, "short 2 eth 3200 20x iso", chat=group)
        own = await ben.next(chat=group)
        texts = [message.text for message in group.messages if message.from_bot][1:]
        refused = await ann.tap(own, "Compare", chat=group)
    assert texts == [card.text, first.text, own.text]
    assert "Cross with 10,000 USDT" in first.text
    assert own.text.startswith("Isolated: liquidated at 3,346.61")
    assert refused.text.startswith("This is somebody else's card.")
