"""A group that the bot has been added to and has said hello in."""

from __future__ import annotations

from typing import Any

from bot.localchat import BotView, LocalChat
from bot.localchat.driver import PersonView
from bot.localchat.group_view import GroupView


async def group_of(chat: LocalChat, bot: BotView, *people: PersonView, **more: Any) -> GroupView:
    """A new group of these people, made by the first, with the bot in it."""
    group = chat.group("Desk", *people, bots=[bot], **more)
    await people[0].next(chat=group)
    return group
