"""python-telegram-bot reads what groups send: its objects are built from every kind of update and answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, ChatMemberAdministrator, ChatMemberOwner, Update
from telegram.error import ChatMigrated, Forbidden

from bot.localchat import BotView, LocalChat
from tests.bot.localchat.conftest import TOKEN
from tests.bot.localchat.groups import ALL_KINDS


@pytest.fixture
async def ptb(chat: LocalChat, bot: BotView) -> AsyncIterator[Bot]:
    """The library's bot, pointed at the local chat."""
    async with Bot(TOKEN, base_url=chat.url + "/bot", base_file_url=chat.url + "/file/bot") as library:
        yield library


async def heard(ptb: Bot) -> list[Update]:
    """The updates that wait."""
    found = list(await ptb.get_updates(allowed_updates=ALL_KINDS))
    if found:
        await ptb.get_updates(offset=found[-1].update_id + 1)
    return found


async def test_the_library_reads_groups_members_and_administrators(chat: LocalChat, bot: BotView, ptb: Bot) -> None:
    group = chat.group("Desk", chat.person("Ann"), chat.person("Ben"), bots=[bot])
    group.promote(bot)
    await chat.person("Ann").send("hello", chat=group)
    added, promoted, message = await heard(ptb)
    assert added.my_chat_member is not None
    assert added.my_chat_member.new_chat_member.status == "member"
    assert promoted.my_chat_member is not None
    assert isinstance(promoted.my_chat_member.new_chat_member, ChatMemberAdministrator)
    assert message.effective_message is not None
    assert message.effective_message.text == "hello"
    full = await ptb.get_chat(group.id)
    assert full.permissions is not None
    assert (full.title, full.permissions.can_send_messages) == ("Desk", True)
    owner, own = await ptb.get_chat_administrators(group.id)
    assert isinstance(owner, ChatMemberOwner)
    assert own.user.id == bot.id
    assert await ptb.get_chat_member_count(group.id) == 3
    assert (await ptb.get_me()).can_read_all_group_messages is False


async def test_the_library_works_in_topics(chat: LocalChat, bot: BotView, ptb: Bot) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    group.topic("First")
    group.promote(bot)
    topic = await ptb.create_forum_topic(group.id, "Alts")
    await ptb.edit_forum_topic(group.id, topic.message_thread_id, name="Altcoins")
    said = await chat.person("Ann").send("/price", chat=group, topic=topic.message_thread_id)
    message = (await heard(ptb))[-1].effective_message
    assert message is not None
    assert (message.message_id, message.is_topic_message) == (said.id, True)
    answer = await message.reply_text("64k", do_quote=True)
    assert (answer.message_thread_id, answer.reply_to_message is not None) == (topic.message_thread_id, True)
    await ptb.close_forum_topic(group.id, topic.message_thread_id)
    closed = (await heard(ptb))[-1].effective_message
    assert closed is not None
    assert closed.forum_topic_closed is not None


async def test_the_library_raises_its_own_errors_for_migration_and_removal(
    chat: LocalChat, bot: BotView, ptb: Bot
) -> None:
    group = chat.group("Desk", chat.person("Ann"), kind="group", bots=[bot])
    old = group.id
    group.upgrade()
    with pytest.raises(ChatMigrated) as moved:
        await ptb.send_message(old, "x")
    assert moved.value.new_chat_id == group.id
    told = [update.effective_message for update in await heard(ptb) if update.message]
    assert [message.migrate_to_chat_id or message.migrate_from_chat_id for message in told[-2:] if message] == [
        group.id,
        old,
    ]
    group.remove_bot(bot)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await ptb.send_message(group.id, "x")
