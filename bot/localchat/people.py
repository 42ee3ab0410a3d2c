"""What a person does in a private chat with a bot: the same for the page and for the driver."""

from __future__ import annotations

import time

from bot.localchat.autolinks import with_found
from bot.localchat.feed import Change
from bot.localchat.model import Bot, Chat, Json, Message, Person, Tap
from bot.localchat.utf16 import units
from bot.localchat.world import World

LONGEST_TEXT = 4096


def words(text: str) -> Json:
    """The content of a message with this text, as a person's app sends it; ValueError when it cannot be sent."""
    text = text.strip()
    if not text:
        raise ValueError("the message is empty")
    if units(text) > LONGEST_TEXT:
        raise ValueError(f"the message is longer than {LONGEST_TEXT} characters")
    entities = with_found(text, [])
    return {"text": text, "entities": entities} if entities else {"text": text}


def write(world: World, bot: Bot, person: Person, content: Json, reply_to: int | None = None) -> Message:
    """Put the person's message into their chat with the bot and tell the bot. ValueError while they block it."""
    chat = world.private_chat(bot, person)
    if chat.blocked:
        raise ValueError(f"{person.first_name} has blocked the bot")
    if not chat.started:
        chat.started = True
        world.mark("chat", chat.key)
        world.feed.publish(chat.key, Change(kind="chat"))
    answered = chat.messages.get(reply_to) if reply_to else None
    message = world.add_message(chat, sender=person.user(), content=content, reply_to=answered)
    for listener in world.audience(chat):
        world.enqueue(listener, "message", message.body)
    return message


def rewrite(world: World, chat: Chat, person: Person, message_id: int, text: str) -> Message:
    """Change the text of the person's own message. ValueError when it is not theirs or gone."""
    message = chat.messages.get(message_id)
    if message is None or message.sender_id != person.id or "text" not in message.body:
        raise ValueError(f"{person.first_name} has no text message {message_id} to edit")
    body = {name: value for name, value in message.body.items() if name not in ("text", "entities")} | words(text)
    world.change_message(chat, message, body, edited=True)
    for listener in world.audience(chat):
        world.enqueue(listener, "edited_message", message.body)
    return message


def tap(world: World, chat: Chat, person: Person, message_id: int, data: str) -> Tap:
    """Press a callback button with this data; the bot is told even if no message has such a button."""
    message = chat.messages.get(message_id)
    bot = world.bots[chat.bot_id or (message.sender_id if message else 0)]
    gone: Json = {"message_id": message_id, "chat": world.chat_object(chat), "date": 0}
    pressed = world.add_tap(bot, person)
    query: Json = {
        "id": pressed.id,
        "from": person.user(),
        "message": message.body if message else gone,
        "chat_instance": str(chat.id * 1_000_003 + chat.bot_id),
        "data": data,
    }
    world.enqueue(bot, "callback_query", query)
    return pressed


def set_blocked(world: World, bot: Bot, person: Person, blocked: bool) -> None:
    """Block the bot or take the block back; the bot is told with my_chat_member."""
    chat = world.private_chat(bot, person)
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    world.mark("chat", chat.key)
    world.feed.publish(chat.key, Change(kind="chat"))
    member, kicked = {"status": "member"}, {"status": "kicked", "until_date": 0}
    old, new = (member, kicked) if blocked else (kicked, member)
    change: Json = {
        "chat": world.chat_object(chat),
        "from": person.user(),
        "date": int(time.time()),
        "old_chat_member": {"user": bot.user(), **old},
        "new_chat_member": {"user": bot.user(), **new},
    }
    world.enqueue(bot, "my_chat_member", change)
