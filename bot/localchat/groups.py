"""What happens to a group: it begins, people and bots come and go, it becomes a supergroup or a forum.

Every `by` is the User object of who does it. What somebody may not do is a ValueError in words for them.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.localchat.feed import LOBBY, Change
from bot.localchat.membership import set_status
from bot.localchat.model import Bot, Chat, Json, Message, Person
from bot.localchat.world import World

LONGEST_TITLE = 128


def service(world: World, chat: Chat, by: Json, content: Json, *, also: Iterable[Bot] = ()) -> Message:
    """Put a service message into the group and tell all its bots (privacy mode or not), and those in `also`."""
    message = world.add_message(chat, sender=by, content=content)
    present = [world.bots[member] for member in chat.members if member in world.bots]
    for bot in (*present, *also):
        world.enqueue(bot, "message", message.body)
    return message


def create(world: World, title: str, people: list[Person], *, kind: str = "group", bots: Iterable[Bot] = ()) -> Chat:
    """A new group that the first of `people` has made with the others and `bots` in it."""
    title = title.strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise ValueError(f"a group's name has 1 to {LONGEST_TITLE} characters")
    if kind not in ("group", "supergroup"):
        raise ValueError(f"kind must be group or supergroup, got {kind}")
    chat = world.add_group(title, kind)
    if kind == "supergroup":
        chat.next_message_id = 2  # its first message tells of its making, to people's apps only
    creator = people[0].user()
    chat.statuses = {people[0].id: "creator"} | {person.id: "member" for person in people[1:]}
    for bot in bots:
        set_status(world, chat, bot.user(), "member", by=creator)
    if kind == "group":
        service(world, chat, creator, {"group_chat_created": True})
    world.feed.publish(LOBBY, Change(kind="arrival"))
    return chat


def add(world: World, chat: Chat, user: Json, *, by: Json) -> None:
    """Somebody who is in the group adds a person or bot, or somebody comes in by themselves."""
    _check(chat, chat.has(by["id"]) or user["id"] == by["id"], f"{by['first_name']} is not in the group")
    if chat.has(user["id"]):
        raise ValueError(f"{user['first_name']} is in the group already")
    alone = not user["is_bot"] and "creator" not in chat.statuses.values()
    set_status(world, chat, user, "creator" if alone else "member", by=by)
    service(world, chat, by, {"new_chat_members": [user]})


def remove(world: World, chat: Chat, user: Json, *, by: Json) -> None:
    """Somebody leaves (`by` themselves), or is removed by who leads the group; then they count as kicked."""
    leaves = user["id"] == by["id"]
    if not chat.has(user["id"]):
        raise ValueError(f"{user['first_name']} is not in the group")
    _check(chat, leaves or chat.leads(by["id"]), "only the group's administrators can remove somebody")
    set_status(world, chat, user, "left" if leaves else "kicked", by=by)
    # A bot that has been removed still sees it said in a group, no longer in a supergroup.
    removed = world.bots.get(user["id"]) if chat.kind == "group" and not leaves else None
    service(world, chat, by, {"left_chat_member": user}, also=[removed] if removed else [])


def promote(world: World, chat: Chat, user: Json, admin: bool, *, by: Json) -> None:
    """Make a member an administrator, or an ordinary member again."""
    _check(chat, chat.leads(by["id"]), "only the group's administrators can do that")
    if not chat.has(user["id"]) or chat.statuses[user["id"]] == "creator":
        raise ValueError(f"{user['first_name']} cannot be promoted or demoted")
    set_status(world, chat, user, "administrator" if admin else "member", by=by)


def upgrade(world: World, chat: Chat, *, by: Json) -> Chat:
    """The supergroup that takes the group's place: a new id, message ids from 1 on, the same members.

    Bots are told on both sides; what was written before stays in the old group.
    """
    _check(chat, chat.leads(by["id"]), "only the group's administrators can do that")
    if chat.kind != "group":
        raise ValueError("this is a supergroup already")
    new = world.add_group(chat.title, "supergroup")
    new.statuses, new.last_bot = dict(chat.statuses), chat.last_bot
    service(world, chat, by, {"migrate_to_chat_id": new.id})
    chat.upgraded_to = new.id
    service(world, new, by, {"migrate_from_chat_id": chat.id})
    world.mark("chat", chat.key)
    world.feed.publish(chat.key, Change(kind="migrated", subject=new.id))
    world.feed.publish(LOBBY, Change(kind="arrival"))
    return new


def set_forum(world: World, chat: Chat, on: bool, *, by: Json) -> Chat:
    """Turn topics on or off; a group becomes a supergroup first. The chat it is afterwards."""
    _check(chat, chat.leads(by["id"]), "only the group's administrators can do that")
    if on and chat.kind == "group":
        chat = upgrade(world, chat, by=by)
    chat.forum = on
    world.changed(chat)
    world.feed.publish(LOBBY, Change(kind="arrival"))
    return chat


def _check(chat: Chat, allowed: bool, problem: str) -> None:
    if chat.kind == "private" or chat.upgraded_to:
        raise ValueError("this is not a group any more" if chat.upgraded_to else "this is not a group")
    if not allowed:
        raise ValueError(problem)
