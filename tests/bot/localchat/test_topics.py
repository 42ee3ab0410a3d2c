"""Topics of forums: messages stay in their thread, and only who may changes topics."""

from __future__ import annotations

from typing import Any

import pytest

from bot.localchat import BotView, LocalChat
from tests.bot.localchat.conftest import OTHER_TOKEN, Api
from tests.bot.localchat.groups import other, told, updates

NOT_FOUND = (400, "Bad Request: message thread not found")


def thread(message: dict[str, Any]) -> tuple[int | None, bool | None]:
    """Where a message is."""
    return message.get("message_thread_id"), message.get("is_topic_message")


async def test_messages_and_replies_stay_in_their_topic(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    alts = group.topic("Alts")
    command = await chat.person("Ann").send("/price", chat=group, topic=alts)
    update = (await updates(api))[-1]["message"]
    assert thread(update) == (alts, True)
    assert update["chat"]["is_forum"] is True
    by_reply = await api.ok("sendMessage", chat_id=group.id, text="a", reply_parameters={"message_id": command.id})
    by_thread = await api.ok("sendMessage", chat_id=group.id, text="b", message_thread_id=alts)
    assert thread(by_reply) == thread(by_thread) == (alts, True)
    answer = await chat.person("Ann").reply(await chat.person("Ann").next(chat=group), "thanks", chat=group)
    assert thread(answer.raw) == (alts, True)


async def test_a_message_in_a_topic_answers_what_began_the_topic_unless_it_answers_something_else(
    chat: LocalChat, bot: BotView, api: Api
) -> None:
    ann = chat.person("Ann")
    group = chat.group("Desk", ann, bots=[bot])
    topic = group.topic("Bitcoin")
    first = await ann.send("hello", chat=group, topic=topic)
    second = await ann.reply(first, "hello again", chat=group)
    assert first.raw["reply_to_message"]["forum_topic_created"]["name"] == "Bitcoin"
    assert first.raw["reply_to_message"]["message_id"] == topic
    assert (first.reply_to_id, second.reply_to_id) == (None, first.id)


async def test_general_has_no_thread_id_and_takes_none(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    group.topic("Alts")
    said = await chat.person("Ann").send("/price", chat=group)
    assert thread(said.raw) == (None, None)
    for nowhere in (1, 999):
        refused = await api.call("sendMessage", chat_id=group.id, text="x", message_thread_id=nowhere)
        assert refused.refusal == NOT_FOUND
    assert await api.ok("sendChatAction", chat_id=group.id, action="typing", message_thread_id=1) is True
    refused = await api.call("sendChatAction", chat_id=group.id, action="typing", message_thread_id=999)
    assert refused.refusal == NOT_FOUND


async def test_a_thread_of_replies_outside_topics_has_an_id_that_cannot_be_sent_to(
    chat: LocalChat, bot: BotView, api: Api
) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    ann = chat.person("Ann")
    first = await ann.send("/one", chat=group)
    second = await ann.reply(first, "/two", chat=group)
    third = await ann.reply(second, "/three", chat=group)
    assert thread(second.raw) == thread(third.raw) == (first.id, None)
    refused = await api.call("sendMessage", chat_id=group.id, text="x", message_thread_id=first.id)
    assert refused.refusal == NOT_FOUND
    small = chat.group("Small", ann, kind="group", bots=[bot])
    answer = await ann.reply(await ann.send("/one", chat=small), "/two", chat=small)
    assert thread(answer.raw) == (None, None)


async def test_a_bot_that_leads_the_group_makes_and_changes_topics(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    group.topic("Alts")
    group.promote(bot)
    await updates(api)
    made = await api.ok("createForumTopic", chat_id=group.id, name="BTC", icon_color=0xFFD67E)
    assert (made["name"], made["icon_color"]) == ("BTC", 0xFFD67E)
    where = {"chat_id": group.id, "message_thread_id": made["message_thread_id"]}
    await api.ok("editForumTopic", **where, name="Bitcoin")
    await api.ok("closeForumTopic", **where)
    await api.ok("reopenForumTopic", **where)
    heard = [update["message"] for update in await updates(api)]
    assert heard[0]["forum_topic_created"] == {"name": "BTC", "icon_color": 0xFFD67E}
    assert heard[1]["forum_topic_edited"] == {"name": "Bitcoin"}
    assert "forum_topic_closed" in heard[2]
    assert "forum_topic_reopened" in heard[3]
    assert {thread(message) for message in heard} == {(made["message_thread_id"], True)}
    refused = await api.call("deleteMessage", chat_id=group.id, message_id=made["message_thread_id"])
    assert refused.refusal == (400, "Bad Request: message can't be deleted")
    await api.ok("sendMessage", **where, text="gone soon")
    await api.ok("deleteForumTopic", **where)
    assert [message for message in group.messages if message.text == "gone soon"] == []
    assert (await api.call("sendMessage", **where, text="x")).refusal == NOT_FOUND


async def test_closed_topics_are_for_administrators(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), chat.person("Ben"), bots=[bot])
    alts = group.topic("Alts")
    group.close_topic(alts)
    assert (await told(api))[-2:] == ["forum_topic_created", "forum_topic_closed"]
    where = {"chat_id": group.id, "message_thread_id": alts, "text": "x"}
    assert (await api.call("sendMessage", **where)).refusal == (400, "Bad Request: TOPIC_CLOSED")
    with pytest.raises(ValueError, match="TOPIC_CLOSED"):
        await chat.person("Ben").send("x", chat=group, topic=alts)
    await chat.person("Ann").send("I may", chat=group, topic=alts)
    group.promote(bot)
    await api.ok("sendMessage", **where)
    group.promote(bot, False)
    group.reopen_topic(alts)
    await api.ok("sendMessage", **where)


async def test_general_can_be_closed_too(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), chat.person("Ben"), bots=[bot])
    group.topic("Alts")
    group.promote(bot)
    await api.ok("closeGeneralForumTopic", chat_id=group.id)
    with pytest.raises(ValueError, match="TOPIC_CLOSED"):
        await chat.person("Ben").send("x", chat=group)
    assert (await api.call("closeGeneralForumTopic", chat_id=group.id)).refusal == (
        400,
        "Bad Request: TOPIC_NOT_MODIFIED",
    )
    await api.ok("reopenForumTopic", chat_id=group.id, message_thread_id=1)
    await chat.person("Ben").send("x", chat=group)


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("createForumTopic", {"name": "x"}, "not enough rights to create a topic"),
        ("editForumTopic", {"name": "x"}, "not enough rights to edit the topic"),
        ("closeForumTopic", {}, "not enough rights to close or open the topic"),
        ("deleteForumTopic", {}, "not enough rights to delete the topic"),
        ("closeGeneralForumTopic", {}, "not enough rights to close or open the topic"),
    ],
)
async def test_an_ordinary_member_changes_no_topics(
    chat: LocalChat, bot: BotView, api: Api, method: str, params: dict[str, Any], refusal: str
) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    topic = group.topic("Alts")
    answer = await api.call(method, chat_id=group.id, message_thread_id=topic, **params)
    assert answer.refusal == (400, f"Bad Request: {refusal}")
    plain = chat.group("Plain", chat.person("Ann"), bots=[bot])
    plain.promote(bot)
    answer = await api.call(method, chat_id=plain.id, message_thread_id=topic, **params)
    assert answer.refusal == (400, "Bad Request: the chat is not a forum")


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("createForumTopic", {"name": " "}, "title must be non-empty"),
        ("createForumTopic", {"name": "x", "icon_color": 5}, "TOPIC_ICON_COLOR_INVALID"),
        ("editForumTopic", {"name": "Alts"}, "TOPIC_NOT_MODIFIED"),
        ("editForumTopic", {"name": "x", "message_thread_id": 999}, "TOPIC_ID_INVALID"),
        ("reopenForumTopic", {}, "TOPIC_NOT_MODIFIED"),
        ("closeForumTopic", {"message_thread_id": -1}, "invalid message thread identifier specified"),
    ],
)
async def test_an_administrator_is_refused_what_makes_no_sense(
    chat: LocalChat, bot: BotView, api: Api, method: str, params: dict[str, Any], refusal: str
) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    topic = group.topic("Alts")
    group.promote(bot)
    answer = await api.call(method, **({"chat_id": group.id, "message_thread_id": topic} | params))
    assert answer.refusal == (400, f"Bad Request: {refusal}")


async def test_topics_can_be_renamed_and_deleted_by_people(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot, chat.bot(OTHER_TOKEN)])
    topic = group.topic("Alts")
    group.rename_topic(topic, "Altcoins")
    group.delete_topic(topic)
    assert (await told(other(api)))[1:] == ["forum_topic_created", "forum_topic_edited"]
    assert group.chat.topics == {}
