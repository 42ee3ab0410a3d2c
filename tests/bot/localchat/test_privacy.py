"""What a bot in a group is told, with privacy mode and without."""

from __future__ import annotations

from bot.localchat import BotView, LocalChat
from bot.localchat.group_view import GroupView
from tests.bot.localchat.conftest import OTHER_TOKEN, Api
from tests.bot.localchat.groups import other, told


def group_of_two_bots(chat: LocalChat, bot: BotView) -> GroupView:
    """Ann and Ben with two bots that are in privacy mode."""
    return chat.group("Desk", chat.person("Ann"), chat.person("Ben"), bots=[bot, chat.bot(OTHER_TOKEN)])


async def test_the_only_bot_gets_commands_but_not_the_talk(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = chat.group("Desk", chat.person("Ann"), bots=[bot])
    ann = chat.person("Ann")
    for text in ("hello all", "/price btc", f"/price@{bot.username} eth", "/price@another_bot sol", "see /price"):
        await ann.send(text, chat=group)
    await ann.send(f"@{bot.username} are you there", chat=group)
    assert await told(api) == ["my_chat_member left -> member", "/price btc", f"/price@{bot.username} eth"]


async def test_a_bare_command_goes_to_the_bot_that_wrote_last(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = group_of_two_bots(chat, bot)
    ann, second = chat.person("Ann"), other(api)
    await ann.send("/nobody", chat=group)
    await api.ok("sendMessage", chat_id=group.id, text="first bot here")
    await ann.send("/first", chat=group)
    await second.ok("sendMessage", chat_id=group.id, text="second bot here")
    await ann.send("/second", chat=group)
    assert (await told(api))[1:] == ["/first"]
    assert (await told(second))[1:] == ["/second"]


async def test_a_command_that_names_a_bot_is_for_it_alone(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = group_of_two_bots(chat, bot)
    await api.ok("sendMessage", chat_id=group.id, text="first bot here")
    await chat.person("Ben").send("/help@LOCAL_777_bot", chat=group)
    assert (await told(api))[1:] == []
    assert (await told(other(api)))[1:] == ["/help@LOCAL_777_bot"]


async def test_replies_reach_the_bot_and_count_more_than_a_named_command(
    chat: LocalChat, bot: BotView, api: Api
) -> None:
    group = group_of_two_bots(chat, bot)
    ann, ben = chat.person("Ann"), chat.person("Ben")
    await api.ok("sendMessage", chat_id=group.id, text="Isolated or cross?")
    asked = await ann.next(chat=group)
    answer = await ann.reply(asked, "isolated", chat=group)
    await ben.reply(answer, "I would say cross", chat=group)
    await ben.reply(asked, "/stop@local_777_bot", chat=group)
    talk = await ann.send("by the way", chat=group)
    await ben.reply(talk, "yes?", chat=group)
    assert (await told(api))[1:] == ["isolated", "I would say cross", "/stop@local_777_bot"]
    assert (await told(other(api)))[1:] == []


async def test_service_messages_reach_every_bot(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = group_of_two_bots(chat, bot)
    group.add(chat.person("Cem"))
    group.remove(chat.person("Cem"))
    for each in (api, other(api)):
        assert (await told(each))[1:] == ["new_chat_members", "left_chat_member"]


async def test_without_privacy_mode_or_as_administrator_a_bot_gets_everything_but_other_bots(
    chat: LocalChat, bot: BotView, api: Api
) -> None:
    group = group_of_two_bots(chat, bot)
    chat.bot(OTHER_TOKEN, reads_all=True)
    assert (await other(api).ok("getMe"))["can_read_all_group_messages"] is True
    assert (await api.ok("getMe"))["can_read_all_group_messages"] is False
    await chat.person("Ann").send("just talk", chat=group)
    group.promote(bot)
    await chat.person("Ann").send("more talk", chat=group)
    await api.ok("sendMessage", chat_id=group.id, text="from a bot")
    assert (await told(api))[1:] == ["my_chat_member member -> administrator", "more talk"]
    assert (await told(other(api)))[1:] == ["just talk", "more talk"]


async def test_edits_go_to_the_bots_that_had_the_message(chat: LocalChat, bot: BotView, api: Api) -> None:
    group = group_of_two_bots(chat, bot)
    ann = chat.person("Ann")
    talk = await ann.send("talk", chat=group)
    command = await ann.send(f"/price@{bot.username} btc", chat=group)
    await ann.edit(talk, "other talk", chat=group)
    await ann.edit(command, f"/price@{bot.username} eth", chat=group)
    assert (await told(api))[1:] == [f"/price@{bot.username} btc", "edited_message"]
    assert (await told(other(api)))[1:] == []
