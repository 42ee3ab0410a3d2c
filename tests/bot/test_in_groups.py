"""The whole bot in a group: what is meant for it is answered there, cards keep their owners and their topic."""

from pathlib import Path

from bot.localchat import LocalChat
from tests.bot.test_conversation import QUESTION, living

VERDICT = "Isolated: liquidated at 61,044.2, 4.6% below entry."


async def test_a_command_is_answered_as_a_reply_and_ordinary_talk_is_left_alone(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = chat.group("Desk", ann, ben, bots=[bot])
        await ben.send("who is long here?", chat=group)
        asked = await ann.send(f"/liq {QUESTION}", chat=group)
        card = await ann.next(chat=group)
    assert card.text.startswith(VERDICT)
    assert card.reply_to_id == asked.id
    assert [message.id for message in group.messages if message.from_bot] == [card.id]


async def test_only_the_owner_of_a_card_may_press_its_buttons(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = chat.group("Desk", ann, ben, bots=[bot])
        await ann.send(f"/liq {QUESTION}", chat=group)
        card = await ann.next(chat=group)
        refused = await ben.tap(card, "Show the working", chat=group)
        await ann.tap(card, "Show the working", chat=group)
        shown = await ann.settled(card, chat=group)
    assert (refused.text, refused.alert) == ("This is somebody else's card. Ask your own: /liq", True)
    assert "61,044.17" in shown.text


async def test_an_answer_stays_in_its_topic(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = chat.group("Desk", ann, bots=[bot])
        topic = group.topic("Bitcoin")
        await ann.send(f"/liq {QUESTION}", chat=group, topic=topic)
        card = await ann.next(chat=group)
    assert card.raw["message_thread_id"] == topic
    assert card.raw["is_topic_message"] is True


async def test_the_bot_goes_on_after_the_group_became_a_supergroup(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = chat.group("Desk", ann, kind="group", bots=[bot])
        await ann.send(f"/liq {QUESTION}", chat=group)
        await ann.next(chat=group)
        group.upgrade()
        await ann.send(f"/liq {QUESTION}", chat=group)
        card = await ann.next(chat=group)
    assert card.raw["chat"]["type"] == "supergroup"
    assert card.text.startswith(VERDICT)


async def test_a_question_in_a_group_says_how_its_answer_reaches_the_bot(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = chat.group("Desk", ann, chat.person("Ben"), bots=[bot])
        await ann.send("/liq long 0.5 btc 64k 20x cross", chat=group)
        asked = await ann.next(chat=group)
        await ann.reply(asked, "10k", chat=group)
        answered = await ann.settled(asked, chat=group)
    assert "Tap, or reply to this with it." in asked.text
    assert "44,176.8" in answered.text


async def test_an_example_in_a_group_is_a_command_to_copy(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = chat.group("Desk", ann, chat.person("Ben"), bots=[bot])
        await ann.send("/liq", chat=group)
        examples = await ann.next(chat=group)
        button = examples.find("Isolated and cross")
        assert button is not None
        assert button.copy_text is not None
        await ann.send(button.copy_text, chat=group)
        card = await ann.next(chat=group)
    assert "in the same message" in examples.text
    assert card.text.startswith(VERDICT)
