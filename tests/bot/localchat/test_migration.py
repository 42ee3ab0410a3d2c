"""A group becomes a supergroup: another id, message ids from the beginning, and a way to find it again."""

from __future__ import annotations

import pytest

from bot.localchat import BotView, LocalChat
from tests.bot.localchat.conftest import Api
from tests.bot.localchat.groups import updates


async def test_both_sides_are_told_and_message_ids_begin_anew(chat: LocalChat, bot: BotView, api: Api) -> None:
    ann = chat.person("Ann")
    group = chat.group("Desk", ann, kind="group", bots=[bot])
    old = group.id
    for _ in range(3):
        await ann.send("/price", chat=group)
    await updates(api)
    group.upgrade()
    to, since = (update["message"] for update in await updates(api))
    assert (to["chat"]["id"], to["migrate_to_chat_id"]) == (old, group.id)
    assert (since["chat"]["id"], since["migrate_from_chat_id"], since["message_id"]) == (group.id, old, 1)
    assert since["chat"]["type"] == "supergroup"
    sent = await api.ok("sendMessage", chat_id=group.id, text="here we are")
    assert sent["message_id"] == 2
    assert (await ann.next(chat=group)).text == "here we are"


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"text": "x"}),
        ("editMessageText", {"message_id": 1, "text": "x"}),
        ("sendChatAction", {"action": "typing"}),
        ("deleteMessage", {"message_id": 1}),
        ("getChat", {}),
        ("leaveChat", {}),
    ],
)
async def test_calls_to_the_old_id_say_the_new_one(
    chat: LocalChat, bot: BotView, api: Api, method: str, params: dict[str, object]
) -> None:
    group = chat.group("Desk", chat.person("Ann"), kind="group", bots=[bot])
    old = group.id
    group.upgrade()
    answer = await api.call(method, chat_id=old, **params)
    assert answer.refusal == (400, "Bad Request: group chat was upgraded to a supergroup chat")
    assert answer.body["parameters"] == {"migrate_to_chat_id": group.id}


async def test_members_and_administrators_come_along(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), chat.person("Ben"), kind="group", bots=[bot])
    group.promote(bot)
    group.upgrade()
    assert [group.status(who) for who in (chat.person("Ann"), chat.person("Ben"), bot)] == [
        "creator",
        "member",
        "administrator",
    ]
    with pytest.raises(ValueError, match="this is a supergroup already"):
        group.upgrade()


async def test_topics_make_a_supergroup_of_a_group(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), kind="group", bots=[bot])
    old = group.id
    group.topic("Alts")
    assert (group.chat.kind, group.id != old) == ("supergroup", True)
