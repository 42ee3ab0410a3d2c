"""Groups, their members, topics and what was written in them are kept over a restart."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from bot.localchat import LocalChat
from bot.localchat.group_view import GroupView
from bot.localchat.persistence import LEAP
from tests.bot.localchat.conftest import OTHER_TOKEN, TOKEN, Api
from tests.bot.localchat.groups import other, told
from tests.bot.localchat.test_restart import copy_state


def find(chat: LocalChat, group_id: int) -> GroupView:
    """The group with this id."""
    world = chat._world
    return GroupView(world, world.chats[0, group_id])


async def test_a_group_is_as_it_was_after_a_restart(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    state = tmp_path / "state.sqlite"
    first = LocalChat("127.0.0.1:0", state)
    api = Api(await first.start(), session)
    bots = [first.bot(TOKEN), first.bot(OTHER_TOKEN, reads_all=True)]
    ann, ben = first.person("Ann"), first.person("Ben")
    people = [ann.id, ben.id, *(bot.id for bot in bots)]
    group = first.group("Desk", ann, ben, kind="group", bots=bots)
    old = group.id
    topic = group.topic("Alts")
    group.close_topic(topic)
    group.promote(bots[0])
    await ann.send(f"/price@{bots[0].username}", chat=group, topic=topic)
    sent = await api.ok("sendMessage", chat_id=group.id, message_thread_id=topic, text="64k")
    await api.ok("pinChatMessage", chat_id=group.id, message_id=sent["message_id"])
    await first.stop()

    second = LocalChat("127.0.0.1:0", state)
    api.url = await second.start()
    again = find(second, group.id)
    assert (again.title, again.chat.kind, again.chat.forum) == ("Desk", "supergroup", True)
    assert [(topic.id, topic.name, topic.closed) for topic in again.chat.topics.values()] == [(topic, "Alts", True)]
    assert [again.chat.statuses[who] for who in people] == ["creator", "member", "administrator", "member"]
    assert [message.text for message in again.messages if message.text] == [f"/price@{bots[0].username}", "64k"]
    assert (await api.ok("getChat", chat_id=group.id))["pinned_message"]["text"] == "64k"
    assert (await api.call("getChat", chat_id=old)).body["parameters"] == {"migrate_to_chat_id": group.id}
    assert (await other(api).ok("getMe"))["can_read_all_group_messages"] is True
    assert f"/price@{bots[0].username}" in await told(api)
    assert (await api.ok("sendMessage", chat_id=group.id, text="x"))["message_id"] > sent["message_id"]
    reply = await second.person("Ben").reply(again.messages[-1], "and now?", chat=again)
    assert (await told(api))[-1] == reply.text
    await second.stop()


async def test_the_first_group_is_not_made_again(tmp_path: Path) -> None:
    ids = []
    for _ in range(2):
        chat = LocalChat("127.0.0.1:0", tmp_path / "state.sqlite")
        await chat.start()
        ids.append([group.id for group in chat._world.groups()])
        await chat.stop()
    assert ids[0] == ids[1]
    assert len(ids[0]) == 1


async def test_after_a_crash_no_message_id_of_a_group_is_used_twice(tmp_path: Path) -> None:
    state, copy = tmp_path / "state.sqlite", tmp_path / "copy.sqlite"
    first = LocalChat("127.0.0.1:0", state)
    await first.start()
    group = first.group("Desk", first.person("Ann"))
    first.bot(TOKEN)
    await first.stop()

    second = LocalChat("127.0.0.1:0", state)
    await second.start()
    copy_state(state, copy)
    lost = await second.person("Ann").send("lost", chat=find(second, group.id))
    await second.stop()

    third = LocalChat("127.0.0.1:0", copy)
    await third.start()
    kept = await third.person("Ann").send("kept", chat=find(third, group.id))
    assert kept.id >= lost.id + LEAP
    await third.stop()
