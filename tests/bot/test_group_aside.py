"""What does not go into the group for all to read: a person's own numbers; and answers where the bot is a guest."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.localchat import LocalChat
from tests.bot.test_conversation import QUESTION, living
from tests.support.groups import group_of

VERDICT = "Isolated: liquidated at 61,044.2, 4.6% below entry."
PRIVATE = {
    "/portfolio": "Your portfolio is personal: ask me in our private chat.",
    "/check": "What your positions get wrong is personal: ask me in our private chat.",
}


@pytest.fixture
async def older() -> AsyncIterator[LocalChat]:
    """A Bot API server from before messages for one member's eyes."""
    chat = LocalChat("127.0.0.1:0", ephemeral=False)
    await chat.start()
    yield chat
    await chat.stop()


async def test_personal_numbers_in_a_group_are_for_who_asked_alone(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ann.send(QUESTION, bot=bot)
        await ann.tap(await ann.next(bot=bot), "Save")
        for command in PRIVATE:
            await ann.send(command, chat=group)
            shown = await ann.next(chat=group)
            assert shown.raw["receiver_user"]["id"] == ann.id
            assert shown.find("Open in private") is not None
            assert PRIVATE[command] not in shown.text
        await ann.send(f"/liq {QUESTION}", chat=group)
        public = await ben.wait_for(lambda message: message.text.startswith(VERDICT), chat=group)
        personal = [message for message in group.messages if "receiver_user" in message.raw]
    assert "receiver_user" not in public.raw
    assert len(personal) == 2


async def test_where_the_server_has_no_such_messages_nothing_personal_is_posted(
    older: LocalChat, tmp_path: Path
) -> None:
    async with living(older, tmp_path) as bot:
        ann = older.person("Ann")
        group = await group_of(older, bot, ann, older.person("Ben"))
        await ann.send(QUESTION, bot=bot)
        await ann.tap(await ann.next(bot=bot), "Save")
        said = []
        for command in PRIVATE:
            await ann.send(command, chat=group)
            said.append(await ann.next(chat=group))
    assert [message.text for message in said] == list(PRIVATE.values())
    assert all(message.find("Open in private") for message in said)


async def test_a_refused_message_for_one_member_becomes_the_way_to_the_private_chat(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann)
        chat.fault(method="sendMessage", kind="status", value=400, description="Bad Request: USER_NOT_PARTICIPANT")
        await ann.send("/portfolio", chat=group)
        shown = await ann.next(chat=group)
    assert shown.text == PRIVATE["/portfolio"]


async def test_a_guest_answers_a_mention_once_and_without_buttons_that_come_back(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = chat.group("Elsewhere", ann, ben)
        asked = await ann.send(f"@{bot.username} {QUESTION}", chat=group)
        answer = await ann.next(chat=group)
        link = answer.find("Open in private")
        assert link is not None
        assert link.url is not None
        await ann.start(link.url.partition("?start=")[2], bot=bot)
        opened = await ann.next(bot=bot)
        await ann.send("and now?", chat=group)
        await ben.reply(await ben.send("short btc 64k 10x", chat=group), f"@{bot.username}", chat=group)
        other = await ben.next(chat=group)
    assert answer.text.startswith(VERDICT)
    assert [button.text for button in answer.flat_buttons()] == ["Open in private"]
    assert answer.reply_to_id == asked.id
    assert "Assumed:" in opened.text
    # 64,000 x (1 + 1/10) / (1 + 0.004) = 70,119.52
    assert other.text.startswith("Isolated: liquidated at 70,119.5")
    assert len([message for message in group.messages if message.from_bot]) == 2
