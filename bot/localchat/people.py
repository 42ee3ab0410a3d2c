"""What a person does in a chat: the same for the page and for the driver."""

from __future__ import annotations

import re

from bot.localchat import membership, threads
from bot.localchat.autolinks import with_found
from bot.localchat.guests import call_guests
from bot.localchat.model import Bot, Chat, Json, Message, Person, Tap
from bot.localchat.privacy import audience, meant_for
from bot.localchat.utf16 import units
from bot.localchat.world import World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_QUOTE = 1024
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


def words(text: str) -> Json:
    """The content of a message with this text, as a person's app sends it; ValueError when it cannot be sent."""
    text = text.strip()
    if not text:
        raise ValueError("the message is empty")
    if units(text) > LONGEST_TEXT:
        raise ValueError(f"the message is longer than {LONGEST_TEXT} characters")
    entities = with_found(text, [])
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption(text: str) -> Json:
    """`caption` and `caption_entities` for what a person writes under a picture; nothing for nothing."""
    if not text.strip():
        return {}
    content = words(text)
    if units(content["text"]) > LONGEST_CAPTION:
        raise ValueError(f"the caption is longer than {LONGEST_CAPTION} characters")
    part: Json = {"caption": content["text"]}
    return part | {"caption_entities": content["entities"]} if "entities" in content else part


def start_words(payload: str, *, at: str = "") -> Json:
    """The message that Start sends after a deep link with this payload; in a group `at` names the bot.

    ValueError for a payload that Telegram would not take.
    """
    if not _PAYLOAD.fullmatch(payload):
        raise ValueError("a start payload has at most 64 characters of A-Z a-z 0-9 _ -")
    return words(f"/start{'@' + at if at else ''} {payload}")


def write(
    world: World,
    chat: Chat,
    person: Person,
    content: Json,
    *,
    reply_to: int | None = None,
    topic: int | None = None,
    quote: str | None = None,
) -> Message:
    """Put the person's message into the chat and tell the bots it is for; ValueError when they may not write there.

    `topic` is the thread of a forum, `quote` a part of the message `reply_to`.
    """
    _check_may_write(chat, person)
    if chat.kind == "private" and not chat.started:
        chat.started = True
        world.changed(chat)
    answered = chat.messages.get(reply_to) if reply_to else None
    content = content | threads.place(chat, topic, answered, by=person.id)
    if quote and answered is not None:
        content["quote"] = _quote(answered, quote)
    message = world.add_message(chat, sender=person.user(), content=content, reply_to=answered)
    if chat.kind != "private":
        message.meant_for = meant_for(world, chat, message.body)
    for listener in audience(world, chat, message):
        world.enqueue(listener, "message", message.body)
    if chat.kind != "private":
        call_guests(world, chat, message)
    return message


def rewrite(world: World, chat: Chat, person: Person, message_id: int, text: str) -> Message:
    """Change the text of the person's own message. ValueError when it is not theirs or gone."""
    message = chat.messages.get(message_id)
    mine = message is not None and message.sender_id == person.id and "via_bot" not in message.body
    if message is None or not mine or "text" not in message.body:
        raise ValueError(f"{person.first_name} has no text message {message_id} to edit")
    body = {name: value for name, value in message.body.items() if name not in ("text", "entities")} | words(text)
    world.change_message(chat, message, body, edited=True)
    for listener in audience(world, chat, message):
        world.enqueue(listener, "edited_message", message.body)
    return message


def erase(world: World, chat: Chat, person: Person, message_id: int) -> None:
    """Delete a message for everyone: any in a private chat or for who leads the group, else one's own.

    Bots are not told. ValueError when it is gone or somebody else's.
    """
    message = chat.messages.get(message_id)
    if message is None or not (chat.kind == "private" or chat.leads(person.id) or message.sender_id == person.id):
        raise ValueError(f"{person.first_name} has no message {message_id} to delete")
    world.delete_message(chat, message)


def tap(world: World, chat: Chat, person: Person, message_id: int, data: str) -> Tap:
    """Press a callback button with this data; the bot is told even if no message has such a button."""
    if chat.kind != "private":
        _check_may_write(chat, person)
    message = chat.messages.get(message_id)
    bot = _owner(world, chat, message)
    gone: Json = {"message_id": message_id, "chat": world.chat_object(chat), "date": 0}
    pressed = world.add_tap(bot, person, chat)
    query: Json = {
        "id": pressed.id,
        "from": person.user(),
        "message": message.body if message else gone,
        "chat_instance": chat_instance(chat),
        "data": data,
    }
    if message is not None and message.inline_id is not None:
        del query["message"]
        query["inline_message_id"] = message.inline_id
    world.enqueue(bot, "callback_query", query)
    return pressed


def chat_instance(chat: Chat) -> str:
    """What a bot knows a chat by when it is not told which one it is."""
    return str(chat.id * 1_000_003 + chat.bot_id)


def set_blocked(world: World, bot: Bot, person: Person, blocked: bool) -> None:
    """Block the bot or take the block back; the bot is told with my_chat_member."""
    chat = world.private_chat(bot, person)
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    world.changed(chat)
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    world.enqueue(bot, "my_chat_member", membership.change(world, chat, person.user(), bot.user(), old, new))


def _check_may_write(chat: Chat, person: Person) -> None:
    if chat.kind == "private":
        if chat.blocked:
            raise ValueError(f"{person.first_name} has blocked the bot")
    elif not chat.has(person.id):
        raise ValueError(f"{person.first_name} is not in the group")
    elif chat.upgraded_to:
        raise ValueError("the group has become a supergroup")


def _quote(answered: Message, quote: str) -> Json:
    text = answered.body.get("text") or answered.body.get("caption") or ""
    if quote not in text or units(quote) > LONGEST_QUOTE:
        raise ValueError("the quote is not a part of the message")
    return {"text": quote, "position": units(text[: text.index(quote)]), "is_manual": True}


def _owner(world: World, chat: Chat, message: Message | None) -> Bot:
    """The bot that hears of a press: who sent the message, or whom it was sent by way of."""
    via = message.body.get("via_bot") if message is not None else None
    sender_id = message.sender_id if message is not None else chat.last_bot
    found = world.bots.get(via["id"] if via else chat.bot_id or sender_id)
    if found is None:
        raise ValueError("no bot has put that message there")
    return found
