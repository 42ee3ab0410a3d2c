"""Messages for one member's eyes and guest mode, as the Bot API 10.0 to 10.3 describes them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.localchat import BotView, LocalChat
from tests.bot.localchat.conftest import TOKEN, Api
from tests.bot.localchat.groups import updates

ARTICLE = {"type": "article", "id": "1", "title": "x", "input_message_content": {"message_text": "here"}}


async def test_a_message_for_one_member_is_seen_by_that_person_alone(chat: LocalChat, bot: BotView, api: Api) -> None:
    ann, ben = chat.person("Ann"), chat.person("Ben")
    group = chat.group("Desk", ann, ben, bots=[bot])
    eyes = {"receiver_user_id": ann.id}
    sent = await api.ok("sendMessage", chat_id=group.id, text="yours", ephemeral_message_parameters=eyes)
    await api.ok("sendMessage", chat_id=group.id, text="for all")
    assert (sent["message_id"], sent["receiver_user"]["first_name"]) == (0, "Ann")
    assert (await ann.next(chat=group)).text == "yours"
    assert (await ben.next(chat=group)).text == "for all"
    call = {"chat_id": group.id, "receiver_user_id": ann.id, "ephemeral_message_id": sent["ephemeral_message_id"]}
    wrong = await api.call("deleteEphemeralMessage", **{**call, "receiver_user_id": ben.id})
    assert wrong.refusal == (400, "Bad Request: message to delete not found")
    assert await api.ok("deleteEphemeralMessage", **call) is True
    assert [message.text for message in group.messages] == ["for all"]


async def test_only_a_member_of_the_group_can_be_told_so(chat: LocalChat, bot: BotView, api: Api) -> None:
    ann, stranger = chat.person("Ann"), chat.person("Cid")
    group = chat.group("Desk", ann, bots=[bot])
    eyes = {"receiver_user_id": stranger.id}
    answer = await api.call("sendMessage", chat_id=group.id, text="x", ephemeral_message_parameters=eyes)
    assert answer.refusal == (400, "Bad Request: USER_NOT_PARTICIPANT")


@pytest.fixture
async def older() -> AsyncIterator[LocalChat]:
    chat = LocalChat("127.0.0.1:0", ephemeral=False)
    await chat.start()
    yield chat
    await chat.stop()


async def test_an_older_server_posts_it_for_all_and_knows_no_such_method(older: LocalChat, api: Api) -> None:
    old = Api(older.url, api.session, TOKEN)
    bot, ann, ben = older.bot(TOKEN), older.person("Ann"), older.person("Ben")
    group = older.group("Desk", ann, ben, bots=[bot])
    eyes = {"receiver_user_id": ann.id}
    await old.ok("sendMessage", chat_id=group.id, text="yours", ephemeral_message_parameters=eyes)
    assert (await ben.next(chat=group)).text == "yours"
    call = {"chat_id": group.id, "receiver_user_id": ann.id, "ephemeral_message_id": 1}
    assert (await old.call("deleteEphemeralMessage", **call)).refusal == (404, "Not Found")


async def test_a_bot_that_is_named_where_it_is_not_a_member_answers_once(
    chat: LocalChat, bot: BotView, api: Api
) -> None:
    ann = chat.person("Ann")
    group = chat.group("Elsewhere", ann)
    asked = await ann.send(f"@{bot.username} hello?", chat=group)
    [update] = await updates(api, kinds=["guest_message"])
    message = update["guest_message"]
    assert (message["text"], message["chat"]["id"]) == (f"@{bot.username} hello?", group.id)
    query = {"guest_query_id": message["guest_query_id"], "result": ARTICLE}
    sent = await api.ok("answerGuestQuery", **query)
    answer = await ann.next(chat=group)
    again = await api.call("answerGuestQuery", **query)
    edited = await api.ok("editMessageText", inline_message_id=sent["inline_message_id"], text="there")
    assert (answer.text, answer.reply_to_id) == ("here", asked.id)
    assert answer.raw["guest_bot_caller_user"]["id"] == ann.id
    assert again.refusal[0] == 400
    assert edited is True


async def test_a_member_and_a_bot_without_guest_mode_are_not_called(chat: LocalChat, bot: BotView, api: Api) -> None:
    ann = chat.person("Ann")
    await ann.send(f"@{bot.username} hello?", chat=chat.group("Desk", ann, bots=[bot]))
    chat.bot(TOKEN, guest=False)
    await ann.send(f"@{bot.username} hello?", chat=chat.group("Elsewhere", ann))
    assert [update for update in await updates(api) if "guest_message" in update] == []
    assert (await api.ok("getMe"))["supports_guest_queries"] is False
