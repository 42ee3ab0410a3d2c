"""A place is what a person looks at: a private chat with a bot, or a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.localchat.model import Chat, Person
from bot.localchat.world import World


def place_of(world: World, asked: Mapping[str, Any]) -> tuple[Person, Chat]:
    """Who asks, and the chat that `bot` or `group` names; HTTP 404 when there is none like it."""
    try:
        person = world.people[int(asked["person"])]
        if asked.get("group"):
            return person, _current(world, world.chats[0, int(asked["group"])])
        return person, world.private_chat(world.bots[int(asked["bot"])], person)
    except (KeyError, TypeError, ValueError):
        raise web.HTTPNotFound(text="no such person, bot or group") from None


def _current(world: World, chat: Chat) -> Chat:
    return world.chats[0, chat.upgraded_to] if chat.upgraded_to else chat
