"""Privacy mode: which bots in a group are told of what a person writes.

As Telegram documents it (core.telegram.org/bots/faq, "What messages will my bot get?"), a bot in privacy mode gets
the commands that name it (`/command@bot`), bare commands if it was the last bot to write in the group, messages sent
via it, and replies to messages from it or meant for it; service messages go to every bot. One message is meant for one
such bot only, and a reply counts most. Administrators and bots without privacy mode get everything; no bot gets what
another bot writes. When no bot has written yet, a bare command goes to the only bot, if the group has just one.
"""

from __future__ import annotations

import re

from bot.localchat.model import Bot, Chat, Json, Message, answered, is_service
from bot.localchat.world import World

_COMMAND = re.compile(r"/[a-zA-Z0-9_]{1,64}(?:@([a-zA-Z0-9_]{3,32}))?(?![\w/@])")


def audience(world: World, chat: Chat, message: Message) -> list[Bot]:
    """The bots that are told of this message from a person."""
    if chat.kind == "private":
        return [world.bots[chat.bot_id]]
    present = _bots(world, chat)
    if is_service(message.body):
        return present
    return [bot for bot in present if bot.id == message.meant_for or bot.reads_all or chat.leads(bot.id)]


def meant_for(world: World, chat: Chat, body: Json) -> int:
    """The id of the bot that a message with this body in a group is meant for, 0 for none."""
    present = _bots(world, chat)
    replied = _replied(chat, body)
    if replied is not None:
        writer = replied.body["from"]
        spoken_to = writer["id"] if writer["is_bot"] else replied.meant_for
        if any(bot.id == spoken_to for bot in present):
            return int(spoken_to)
    if "via_bot" in body:
        return int(body["via_bot"]["id"])
    command = _COMMAND.match(body.get("text") or body.get("caption") or "")
    if command is None:
        return 0
    if command.group(1):
        named = command.group(1).casefold()
        return next((bot.id for bot in present if bot.username.casefold() == named), 0)
    if chat.has(chat.last_bot):
        return chat.last_bot
    return present[0].id if len(present) == 1 else 0


def _bots(world: World, chat: Chat) -> list[Bot]:
    return [world.bots[member] for member in chat.members if member in world.bots]


def _replied(chat: Chat, body: Json) -> Message | None:
    replied = answered(body)
    return chat.messages.get(replied["message_id"]) if replied else None
