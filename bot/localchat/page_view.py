"""What the page is told of people, bots, groups and one chat, as small JSON objects."""

from __future__ import annotations

from bot.localchat.membership import user_object
from bot.localchat.methods.profile import commands_for
from bot.localchat.model import PRESENT, Chat, Json, Person
from bot.localchat.page_message import message_object, old_message_object
from bot.localchat.world import World

SHOWN = 300
"""How many of the newest messages the page gets."""


def everyone(world: World) -> Json:
    """The people, bots and groups that can be chosen."""
    bots = [
        {"id": bot.id, "name": bot.name, "username": bot.username, "inline": bot.inline} for bot in world.bots.values()
    ]
    return {
        "people": [{"id": person.id, "name": person.first_name} for person in world.people.values()],
        "bots": bots,
        "groups": [_group(world, chat) for chat in _groups(world)],
    }


def _groups(world: World) -> list[Chat]:
    """The groups as they are now, each where the group that it grew from stood: so it keeps its colour on the page."""
    grown = {chat.upgraded_to for chat in world.chats.values()}
    firsts = [chat for chat in world.chats.values() if chat.kind != "private" and chat.id not in grown]
    return [world.chats[0, chat.upgraded_to] if chat.upgraded_to else chat for chat in firsts]


def _group(world: World, chat: Chat) -> Json:
    bots = [world.bots[member] for member in chat.members if member in world.bots]
    return {
        "id": chat.id,
        "title": chat.title,
        "kind": chat.kind,
        "forum": chat.forum,
        "members": [member for member in chat.members if member in world.people],
        "bots": [
            {"id": bot.id, "name": bot.name, "username": bot.username, "admin": chat.leads(bot.id)} for bot in bots
        ],
    }


def profile(world: World, chat: Chat, person: Person) -> Json:
    """What the chat's bot says about itself to this person; of a group its name and the commands of all its bots."""
    if chat.kind != "private":
        bots = [world.bots[member] for member in chat.members if member in world.bots]
        commands = [{**command, "bot": bot.username} for bot in bots for command in commands_for(bot, person, chat)]
        return {"name": chat.title, "username": "", "description": "", "commands": commands}
    bot, language = world.bots[chat.bot_id], person.language_code or ""
    return {
        "name": bot.names.get(language, bot.name),
        "username": bot.username,
        "description": bot.descriptions.get(language, bot.descriptions.get("", "")),
        "commands": commands_for(bot, person, chat),
    }


def chat_state(world: World, chat: Chat, person: Person) -> Json:
    """Whether a private chat has begun and its bot is blocked; of a group who is in it, and its topics."""
    if chat.kind == "private":
        return {"started": chat.started, "blocked": chat.blocked}
    members: list[Json] = []
    for user_id, status in chat.statuses.items():
        user = user_object(world, user_id)
        if user is not None and status in PRESENT:
            members.append({"id": user_id, "name": user["first_name"], "is_bot": user["is_bot"], "status": status})
    return {
        "member": chat.has(person.id),
        "kind": chat.kind,
        "forum": chat.forum,
        "topics": [{"id": topic.id, "name": topic.name, "closed": topic.closed} for topic in chat.topics.values()],
        "members": members,
    }


def snapshot(world: World, chat: Chat, person: Person) -> Json:
    """Everything the page needs to draw the chat."""
    newest = [message for message in chat.messages.values() if message.is_seen_by(person.id)][-SHOWN:]
    messages = [message_object(message, person) for message in newest]
    return {
        "messages": [*_before(world, chat, person), *messages][-SHOWN:],
        "profile": profile(world, chat, person),
        "state": chat_state(world, chat, person),
        **everyone(world),
    }


def _before(world: World, chat: Chat, person: Person) -> list[Json]:
    """What was written in the group that this supergroup took the place of: people go on seeing it."""
    old = next((each for each in world.chats.values() if chat.id == each.upgraded_to), None)
    messages = old.messages.values() if old else ()
    return [old_message_object(message, person) for message in messages if "migrate_to_chat_id" not in message.body]
