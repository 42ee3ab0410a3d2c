"""What the page is told: messages, bots, people as small JSON objects. Texts stay texts; the page makes the nodes."""

from __future__ import annotations

from typing import Any

from bot.localchat.methods.profile import commands_for
from bot.localchat.model import Bot, Chat, Json, Message, Person
from bot.localchat.world import World

SHOWN = 300
"""How many of the newest messages the page gets."""

_ATTACHMENTS = {"voice": "🎤 Voice message", "sticker": "Sticker"}


def everyone(world: World) -> Json:
    """The people and bots that can be chosen."""
    return {
        "people": [{"id": person.id, "name": person.first_name} for person in world.people.values()],
        "bots": [{"id": bot.id, "name": bot.name} for bot in world.bots.values()],
    }


def profile(bot: Bot, person: Person) -> Json:
    """What the bot says about itself to this person."""
    language = person.language_code or ""
    return {
        "name": bot.names.get(language, bot.name),
        "username": bot.username,
        "description": bot.descriptions.get(language, bot.descriptions.get("", "")),
        "commands": commands_for(bot, person.id, person.language_code),
    }


def chat_state(chat: Chat) -> Json:
    """Whether the chat has begun and whether the bot is blocked."""
    return {"started": chat.started, "blocked": chat.blocked}


def snapshot(world: World, bot: Bot, person: Person) -> Json:
    """Everything the page needs to draw the chat between the two."""
    chat = world.private_chat(bot, person)
    newest = list(chat.messages.values())[-SHOWN:]
    return {
        "messages": [message_object(message, person) for message in newest],
        "profile": profile(bot, person),
        "state": chat_state(chat),
        **everyone(world),
    }


def message_object(message: Message, person: Person) -> Json:
    """A message for the page."""
    body: dict[str, Any] = message.body
    shown: Json = {
        "id": message.id,
        "version": message.version,
        "own": message.sender_id == person.id,
        "date": body["date"],
        "edited": message.edited,
        "text": body.get("text") or body.get("caption") or "",
        "entities": body.get("entities") or body.get("caption_entities") or [],
        "buttons": [[_button(button) for button in row] for row in _rows(body)],
    }
    if "photo" in body:
        size = body["photo"][-1]
        shown["photo"] = {"file": size["file_unique_id"], "width": size["width"], "height": size["height"]}
        shown["captionAbove"] = bool(body.get("show_caption_above_media"))
    if "document" in body:
        document = body["document"]
        shown["document"] = {
            "file": document["file_unique_id"],
            "name": document["file_name"],
            "size": document["file_size"],
        }
    for kind, label in _ATTACHMENTS.items():
        if kind in body:
            shown["label"] = f"{body[kind].get('emoji', '')} {label}".strip()
    replied = body.get("reply_to_message")
    if replied:
        text = replied.get("text") or replied.get("caption") or "Attachment"
        shown["reply"] = {"id": replied["message_id"], "name": replied["from"]["first_name"], "text": text[:120]}
    return shown


def _rows(body: dict[str, Any]) -> list[list[Json]]:
    rows: list[list[Json]] = body.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _button(button: dict[str, Any]) -> Json:
    """A button as the page presses it: `kind` says what a press does with `value`."""
    found: tuple[str, str] = ("other", "")
    if "callback_data" in button:
        found = ("callback", button["callback_data"])
    elif "url" in button:
        found = ("url", button["url"])
    elif "copy_text" in button:
        found = ("copy", button["copy_text"]["text"])
    elif "switch_inline_query_current_chat" in button:
        found = ("fill", button["switch_inline_query_current_chat"])
    elif "disabled" in button:
        found = ("disabled", "")
    kind, value = found
    return {"text": button["text"], "kind": kind, "value": value, "style": button.get("style", "")}
