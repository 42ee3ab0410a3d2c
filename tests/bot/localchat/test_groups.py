"""Groups: who is in them, what bots are told and may do there."""

from __future__ import annotations

import asyncio

import pytest

from bot.localchat import BotView, LocalChat
from tests.bot.localchat.conftest import OTHER_TOKEN, Api
from tests.bot.localchat.groups import other, told, updates

BUTTON = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


async def test_a_bot_is_told_when_it_is_added_promoted_demoted_and_removed(
    chat: LocalChat, bot: BotView, api: Api
) -> None:
    group = chat.group("Desk", chat.person("Ann"), kind="group", bots=[bot])
    group.remove_bot(bot)
    group.add_bot(bot)
    group.promote(bot)
    group.promote(bot, False)
    assert await told(api) == [
        "my_chat_member left -> member",
        "group_chat_created",
        "my_chat_member member -> kicked",
        "left_chat_member",
        "my_chat_member kicked -> member",
        "new_chat_members",
        "my_chat_member member -> administrator",
        "my_chat_member administrator -> member",
    ]


async def test_a_bot_removed_from_a_supergroup_hears_of_it_once(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    group.remove_bot(bot)
    assert await told(api) == ["my_chat_member left -> member", "my_chat_member member -> kicked"]


async def test_the_update_says_who_did_what_to_whom(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), chat.person("Ben"))
    group.add_bot(bot, by=chat.person("Ben"))
    member, message = await updates(api)
    changed = member["my_chat_member"]
    assert (changed["from"]["first_name"], changed["chat"]) == (
        "Ben",
        {"id": group.id, "type": "supergroup", "title": "Desk"},
    )
    assert changed["new_chat_member"] == {"user": bot.bot.user(), "status": "member"}
    assert message["message"]["new_chat_members"] == [bot.bot.user()]
    assert str(group.id).startswith("-100")


async def test_administrators_that_ask_for_it_are_told_of_other_members(
    chat: LocalChat, bot: BotView, api: Api
) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot, chat.bot(OTHER_TOKEN)])
    group.promote(bot)
    for each in (api, other(api)):
        await updates(each)
    cem = chat.person("Cem")
    group.add(cem)
    group.remove(cem, by=cem)
    assert await told(api) == [
        "chat_member left -> member",
        "new_chat_members",
        "chat_member member -> left",
        "left_chat_member",
    ]
    assert await told(other(api)) == ["new_chat_members", "left_chat_member"]


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_bot_outside_the_group_is_refused(chat: LocalChat, bot: BotView, api: Api, kind: str) -> None:
    group = chat.group("Desk", chat.person("Ann"), kind=kind, bots=[bot])  # type: ignore[arg-type]
    assert (await other(api).call("sendMessage", chat_id=group.id, text="x")).refusal == (
        400,
        "Bad Request: chat not found",
    )
    assert await api.ok("leaveChat", chat_id=group.id) is True
    refused = (403, f"Forbidden: bot is not a member of the {kind} chat")
    assert (await api.call("sendMessage", chat_id=group.id, text="x")).refusal == refused
    assert (await api.call("getChat", chat_id=group.id)).refusal == refused
    group.add_bot(bot)
    group.remove_bot(bot)
    kicked = (403, f"Forbidden: bot was kicked from the {kind} chat")
    assert (await api.call("sendMessage", chat_id=group.id, text="x")).refusal == kicked
    assert (await api.call("editMessageText", chat_id=group.id, message_id=1, text="x")).refusal == kicked


async def test_the_chat_and_its_members_can_be_asked_for(chat: LocalChat, bot: BotView, api: Api) -> None:
    ann, ben = chat.person("Ann"), chat.person("Ben")
    group = chat.group("Desk", ann, ben, bots=[bot, chat.bot(OTHER_TOKEN)])
    group.promote(bot)
    full = await api.ok("getChat", chat_id=group.id)
    assert (full["title"], full["type"], full["permissions"]["can_send_messages"]) == ("Desk", "supergroup", True)
    assert await api.ok("getChatMemberCount", chat_id=group.id) == 4
    statuses = {
        name: (await api.ok("getChatMember", chat_id=group.id, user_id=who))["status"]
        for name, who in (("ann", ann.id), ("ben", ben.id), ("bot", bot.id), ("cem", chat.person("Cem").id))
    }
    assert statuses == {"ann": "creator", "ben": "member", "bot": "administrator", "cem": "left"}
    found = await api.ok("getChatAdministrators", chat_id=group.id)
    assert [(one["user"]["id"], one["status"]) for one in found] == [(ann.id, "creator"), (bot.id, "administrator")]
    assert found[1]["can_delete_messages"] is True
    [only] = await other(api).ok("getChatAdministrators", chat_id=group.id)  # other bots are left out
    assert only["status"] == "creator"


@pytest.mark.parametrize(
    ("method", "refusal"),
    [
        ("leaveChat", "Bad Request: chat member status can't be changed in private chats"),
        ("getChatAdministrators", "Bad Request: there are no administrators in the private chat"),
    ],
)
async def test_private_chats_have_no_administrators_and_cannot_be_left(
    chat: LocalChat, api: Api, bot: BotView, method: str, refusal: str
) -> None:
    ann = chat.person("Ann")
    await ann.send("hi")
    assert (await api.call(method, chat_id=ann.id)).refusal == (400, refusal)


async def test_any_member_may_tap_and_the_answer_comes_to_who_tapped(chat: LocalChat, bot: BotView, api: Api) -> None:
    ann, ben = chat.person("Ann"), chat.person("Ben")
    group = chat.group("Desk", ann, ben, bots=[bot, chat.bot(OTHER_TOKEN)])
    await api.ok("sendMessage", chat_id=group.id, text="card", reply_markup=BUTTON)
    await other(api).ok("sendMessage", chat_id=group.id, text="no card")
    tap = asyncio.create_task(ben.tap(None, "Go", chat=group))
    await asyncio.sleep(0)
    query = (await updates(api))[-1]["callback_query"]
    assert (query["from"]["first_name"], query["message"]["chat"]["id"]) == ("Ben", group.id)
    assert query["chat_instance"]
    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="yours")
    assert (await tap).text == "yours"


async def test_each_sees_the_answers_in_the_group_that_came_after_their_own_last_act(
    chat: LocalChat, bot: BotView, api: Api
) -> None:
    ann, ben = chat.person("Ann"), chat.person("Ben")
    group = chat.group("Desk", ann, ben, bots=[bot])
    question = await ann.send("/price", chat=group)
    await api.ok("sendMessage", chat_id=group.id, text="64k", reply_parameters={"message_id": question.id})
    for person in (ann, ben):
        seen = await person.next(chat=group)
        assert (seen.text, seen.reply_to_id) == ("64k", question.id)
    assert ann.messages == []  # the private chat is another place
    assert [message.text for message in group.messages] == ["/price", "64k"]


async def test_a_reply_may_quote_a_part(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    await api.ok("sendMessage", chat_id=group.id, text="😀 isolated or cross")
    asked = await chat.person("Ann").next(chat=group)
    await chat.person("Ann").reply(asked, "this", quote="cross", chat=group)
    quoted = (await updates(api))[-1]["message"]
    assert quoted["quote"] == {"text": "cross", "position": 15, "is_manual": True}
    with pytest.raises(ValueError, match="the quote is not a part of the message"):
        await chat.person("Ann").reply(asked, "this", quote="hedge", chat=group)


async def test_an_administrator_deletes_everything_and_a_member_its_own(
    chat: LocalChat, bot: BotView, api: Api
) -> None:
    ann = chat.person("Ann")
    small, large = (chat.group("Desk", ann, kind=kind, bots=[bot]) for kind in ("group", "supergroup"))
    for group, text in ((small, "message can't be deleted for everyone"), (large, "message can't be deleted")):
        hers = await ann.send("mine", chat=group)
        own = await api.ok("sendMessage", chat_id=group.id, text="own")
        assert await api.ok("deleteMessage", chat_id=group.id, message_id=own["message_id"]) is True
        refused = await api.call("deleteMessage", chat_id=group.id, message_id=hers.id)
        assert refused.refusal == (400, f"Bad Request: {text}")
        group.promote(bot)
        assert await api.ok("deleteMessage", chat_id=group.id, message_id=hers.id) is True
        await ann.gone(hers, chat=group)


async def test_pins_are_told_and_shown_and_need_an_administrator(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    sent = await api.ok("sendMessage", chat_id=group.id, text="rules")
    where = {"chat_id": group.id, "message_id": sent["message_id"]}
    assert (await api.call("pinChatMessage", **where)).refusal == (
        400,
        "Bad Request: not enough rights to manage pinned messages in the chat",
    )
    group.promote(bot)
    await api.ok("pinChatMessage", **where)
    assert (await api.ok("getChat", chat_id=group.id))["pinned_message"]["text"] == "rules"
    assert (await told(api))[-1] == "pinned_message"
    newer = await api.ok("sendMessage", chat_id=group.id, text="newer rules")
    await api.ok("pinChatMessage", chat_id=group.id, message_id=newer["message_id"])
    await api.ok("deleteMessage", chat_id=group.id, message_id=newer["message_id"])
    assert (await api.ok("getChat", chat_id=group.id))["pinned_message"]["text"] == "rules"
    await api.ok("unpinChatMessage", chat_id=group.id)
    assert "pinned_message" not in await api.ok("getChat", chat_id=group.id)
    assert (await api.call("unpinChatMessage", **where)).refusal == (
        400,
        "Bad Request: message to unpin not found",
    )
    assert (await api.call("pinChatMessage", chat_id=group.id, message_id=999)).refusal == (
        400,
        "Bad Request: message to pin not found",
    )


async def test_people_may_do_what_their_place_in_the_group_allows(chat: LocalChat, bot: BotView) -> None:
    ann, ben, cem = (chat.person(name) for name in ("Ann", "Ben", "Cem"))
    group = chat.group("Desk", ann, ben)
    group.add_bot(bot, by=ben)
    for act in (group.remove_bot, group.promote):
        with pytest.raises(ValueError, match="only the group's administrators can"):
            act(bot, by=ben)
    with pytest.raises(ValueError, match="Cem is not in the group"):
        await cem.send("hello", chat=group)
    with pytest.raises(ValueError, match="Cem is not in the group"):
        group.add_bot(chat.bot(OTHER_TOKEN), by=cem)
    with pytest.raises(ValueError, match="Cem is not in the group"):
        await cem.tap_data(await ben.send("/x", chat=group), "forged", wait=False, chat=group)
    with pytest.raises(ValueError, match="is in the group already"):
        group.add_bot(bot)
    mine = await ben.send("mine", chat=group)
    with pytest.raises(ValueError, match="has no message"):
        await ben.delete(await ann.send("ann's", chat=group), chat=group)
    await ann.delete(mine, chat=group)
    assert ben.fresh(mine, chat=group) is None
    group.remove(ann, by=ann)
    group.add(cem, by=cem)
    assert group.status(cem) == "creator"  # nobody led the group any more


async def test_a_startgroup_link_adds_the_bot_and_starts_it(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"))
    group.add_bot(bot, payload="cmp_42")
    assert (await told(api))[-1] == f"/start@{bot.username} cmp_42"
    await chat.person("Ben").start("cmp_42")
    assert (await told(api)) == ["/start cmp_42"]
    with pytest.raises(ValueError, match="a start payload has at most 64 characters"):
        await chat.person("Ben").start("no spaces")


async def test_the_newest_messages_stay_and_the_oldest_go(
    chat: LocalChat, bot: BotView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.localchat.world.MESSAGES_KEPT", 20)
    group = chat.group("Desk", chat.person("Ann"))
    for number in range(30):
        await chat.person("Ann").send(str(number), chat=group)
    kept = [int(message.text) for message in group.messages]
    assert kept[-1] == 29
    assert len(kept) <= 20
    assert kept == list(range(kept[0], 30))
