"""The whole bot in a group: what is meant for it is answered there, shortly, and cards keep their owners and topic."""

from pathlib import Path

from bot.localchat import LocalChat, MessageView
from tests.bot.test_conversation import QUESTION, living
from tests.support.groups import group_of

VERDICT = "Isolated: liquidated at 61,044.2, 4.6% below entry."
ASK_YOUR_OWN = "This is somebody else's card. Your own opens in our private chat."


def link_of(message: MessageView) -> str:
    """The payload of the link to the private chat."""
    button = message.find("Open in private")
    assert button is not None
    assert button.url is not None
    return button.url.partition("?start=")[2]


async def test_a_command_is_answered_as_a_reply_and_ordinary_talk_is_left_alone(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ben.send("who is long here?", chat=group)
        asked = await ann.send(f"/liq {QUESTION}", chat=group)
        card = await ann.next(chat=group)
    assert card.text.startswith(VERDICT)
    assert len(card.text.split("\n")) == 3
    assert [button.text for button in card.flat_buttons()] == [
        "What if…", "Compare", "Make it safer", "Open in private",
    ]  # fmt: skip
    assert card.reply_to_id == asked.id
    assert [message.id for message in group.messages if message.from_bot][1:] == [card.id]


async def test_the_long_form_opens_in_private_for_who_asked_and_its_trade_for_anybody_else(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ann.send(f"/liq {QUESTION}", chat=group)
        link = link_of(await ann.next(chat=group))
        await ann.start(link, bot=bot)
        opened = await ann.next(bot=bot)
        await ben.start(link, bot=bot)
        own = await ben.next(bot=bot)
    assert opened.text.startswith(VERDICT)
    assert "Assumed:" in opened.text
    assert opened.find("Save") is not None
    assert own.text.startswith(VERDICT)


async def test_a_tap_on_somebody_elses_card_leads_to_ones_own_in_private(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ann.send(f"/liq {QUESTION}", chat=group)
        card = await ann.next(chat=group)
        refused = await ben.tap(card, "Compare", chat=group)
        await ben.start(refused.url.partition("?start=")[2], bot=bot)
        own = await ben.next(bot=bot)
        unchanged = ann.fresh(card, chat=group)
    assert refused.text == ASK_YOUR_OWN
    assert own.text.startswith(VERDICT)
    assert unchanged is not None
    assert unchanged.text == card.text


async def test_forged_data_does_not_open_somebody_elses_private_card(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        await ann.send(QUESTION, bot=bot)
        private = await ann.next(bot=bot)
        data = private.flat_buttons()[0].data
        assert data is not None
        group = await group_of(chat, bot, ann, ben)
        await ben.send("/liq btc long 64k 10x", chat=group)
        card = await ben.next(chat=group)
        answer = await ben.tap_data(card, data, chat=group)
    assert (answer.url, answer.alert) == ("", True)


async def test_a_reply_to_somebodys_trade_is_answered_for_who_asks(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        said = await ann.send("long eth 3200 10x, thoughts?", chat=group)
        asked = await ben.reply(said, "/liq", chat=group)
        card = await ben.next(chat=group)
        await ben.reply(said, "/whatif -5%", chat=group)
        supposed = await ben.next(chat=group)
        await ben.reply(said, "/compare", chat=group)
        compared = await ben.next(chat=group)
        await ben.reply(said, "/liq 20x iso", chat=group)
        changed = await ben.next(chat=group)
        await ben.reply(await ann.send("good morning", chat=group), "/liq", chat=group)
        nothing = await ben.next(chat=group)
    # 3,200 x (1 - 1/10) / (1 - 0.004) = 2,891.566
    assert card.text.startswith("Isolated: liquidated at 2,891.57, 9.6% below entry.")
    assert card.reply_to_id == asked.id
    assert supposed.text.startswith("If everything −5%.")
    assert compared.text.startswith("Isolated: liquidated at 2,891.57")
    # 3,200 x (1 - 1/20) / (1 - 0.004) = 3,052.208
    assert changed.text.startswith("Isolated: liquidated at 3,052.21")
    assert nothing.text.startswith("I find no trade in that message.")


async def test_a_marked_part_of_a_message_is_what_is_read(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        said = await ann.send("either short btc 64k 10x or long eth 3200 10x", chat=group)
        await ben.reply(said, "/liq", quote="long eth 3200 10x", chat=group)
        card = await ben.next(chat=group)
    assert "Long ETH at 3,200, 10x" in card.text


async def test_only_the_addressed_one_of_several_bots_answers(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        other = chat.bot("4040404:another-bot-that-does-not-say-anyth")
        group = chat.group("Desk", ann, bots=[other, bot])
        await ann.next(chat=group)
        await ann.send(f"/liq@{other.username} {QUESTION}", chat=group)
        await ann.send(f"/liq@{bot.username} {QUESTION}", chat=group)
        card = await ann.next(chat=group)
    assert card.text.startswith(VERDICT)
    assert len([message for message in group.messages if message.from_bot]) == 2


async def test_an_answer_stays_in_its_topic(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann)
        topic = group.topic("Bitcoin")
        await ann.send(f"/liq {QUESTION}", chat=group, topic=topic)
        card = await ann.next(chat=group)
        await ann.tap(card, "Compare", chat=group)
        compared = await ann.next(chat=group)
    assert {card.raw["message_thread_id"], compared.raw["message_thread_id"]} == {topic}
    assert card.raw["is_topic_message"] is True


async def test_an_answer_comes_even_when_the_question_is_deleted(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann)
        chat.fault(method="sendMessage", kind="status", value=500)
        asked = await ann.send(f"/liq {QUESTION}", chat=group)
        await ann.delete(asked, chat=group)
        card = await ann.next(chat=group)
    assert card.text.startswith(VERDICT)
    assert card.reply_to_id is None


async def test_an_edited_question_changes_its_answer(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann, chat.person("Ben"))
        asked = await ann.send(f"/liq {QUESTION}", chat=group)
        card = await ann.next(chat=group)
        await ann.edit(asked, "/liq long 0.5 btc 64k 10x, wallet 10k", chat=group)
        changed = await ann.settled(card, chat=group)
        asked = await ann.send(f"/whatif {QUESTION}, btc -10%", chat=group)
        board = await ann.next(chat=group)
        await ann.edit(asked, f"/whatif {QUESTION}, btc -2%", chat=group)
        again = await ann.settled(board, chat=group)
    # 64,000 x (1 - 1/10) / (1 - 0.004) = 57,831.325
    assert changed.text.startswith("Isolated: liquidated at 57,831.4")
    assert "If BTC −10%" in board.text
    assert "If BTC −2%" in again.text


async def test_a_question_in_a_group_says_how_its_answer_reaches_the_bot(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann, chat.person("Ben"))
        await ann.send("/liq long 0.5 btc 64k 20x cross", chat=group)
        asked = await ann.next(chat=group)
        await ann.reply(asked, "10k", chat=group)
        answered = await ann.settled(asked, chat=group)
    assert "Tap, or reply to this with it." in asked.text
    assert "44,176.8" in answered.text


async def test_an_example_in_a_group_is_a_command_to_copy(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann, chat.person("Ben"))
        await ann.send("/liq", chat=group)
        examples = await ann.next(chat=group)
        button = examples.find("Isolated and cross")
        assert button is not None
        assert button.copy_text is not None
        await ann.send(button.copy_text, chat=group)
        card = await ann.next(chat=group)
    assert "in the same message" in examples.text
    assert card.text.startswith(VERDICT)
