"""Guest mode: a person names a bot in a group that it is not in, and it may answer once.

As Telegram describes it (core.telegram.org/api/bots/guest-mode): the bot is told by guest_message and answers by
answerGuestQuery with the message of an inline result; it learns nothing else of the group and is at most one of three.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass

from bot.localchat.feed import ChatKey
from bot.localchat.model import Chat, Json, Message
from bot.localchat.world import World

MOST_GUESTS = 3
_NAMED = re.compile(r"@([A-Za-z0-9_]{3,32})")


@dataclass(slots=True, kw_only=True)
class GuestQuery:
    """A call that waits for its one answer."""

    bot_id: int
    place: ChatKey
    message_id: int
    at: float
    answered: bool = False


def call_guests(world: World, chat: Chat, message: Message) -> None:
    """Tell the bots that a message in a group names although they are not in it."""
    named = {name.casefold() for name in _NAMED.findall(message.body.get("text") or message.body.get("caption") or "")}
    strangers = [bot for bot in world.bots.values() if bot.username.casefold() in named and not chat.has(bot.id)]
    for bot in [bot for bot in strangers if bot.guest][:MOST_GUESTS]:
        query_id = str(secrets.randbits(62))
        world.guests[query_id] = GuestQuery(bot_id=bot.id, place=chat.key, message_id=message.id, at=time.time())
        world.enqueue(bot, "guest_message", {**message.body, "guest_query_id": query_id})


def answer(world: World, query: GuestQuery, content: Json) -> str:
    """Put the bot's one answer below the message that called it. The inline_message_id of the answer."""
    chat = world.chats[query.place]
    called_by = chat.messages.get(query.message_id)
    caller = {"guest_bot_caller_user": called_by.body["from"]} if called_by is not None else {}
    thread = {k: v for k, v in (called_by.body if called_by else {}).items() if k in _THREAD}
    message = world.add_message(
        chat, sender=world.bots[query.bot_id].user(), content=content | caller | thread, reply_to=called_by
    )
    message.inline_id = secrets.token_urlsafe(20)
    query.answered = True
    return message.inline_id


_THREAD = ("message_thread_id", "is_topic_message")
