"""What messages are made of: formatted text, captions, replies, keyboards."""

from __future__ import annotations

from typing import Any

from bot.localchat.autolinks import with_found
from bot.localchat.entities import parse_html, tidy
from bot.localchat.markup import inline_keyboard
from bot.localchat.methods.call import Call
from bot.localchat.model import Chat, Json, Message
from bot.localchat.refusals import bad_request, not_emulated
from bot.localchat.utf16 import units

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


def text_part(call: Call) -> Json:
    """`text` and `entities` of a message from the call's parameters."""
    text, entities = _formatted(call, call.params.get("text", ""), "entities")
    if not text.strip():
        raise bad_request("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    part: Json = {"text": text}
    if entities:
        part["entities"] = entities
    preview = call.params.get("link_preview_options")
    if preview:
        part["link_preview_options"] = preview
    return part


def caption_part(call: Call) -> Json:
    """`caption` and `caption_entities` from the call's parameters; nothing when there is no caption."""
    text, entities = _formatted(call, call.params.get("caption", ""), "caption_entities")
    if len(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    part: Json = {"caption": text} if text else {}
    if entities:
        part["caption_entities"] = entities
    if text and call.params.get("show_caption_above_media"):
        part["show_caption_above_media"] = True
    return part


def keyboard_part(call: Call) -> Json:
    """`reply_markup` when the call brings an inline keyboard."""
    keyboard = inline_keyboard(call.params.get("reply_markup"))
    return {"reply_markup": keyboard} if keyboard else {}


def replied_to(call: Call, chat: Chat) -> Message | None:
    """The message that a new one answers; a Refusal (400) when it is gone, unless the call allows that."""
    reply = call.params.get("reply_parameters")
    if not reply:
        return None
    message_id = reply.get("message_id")
    found = chat.messages.get(message_id) if isinstance(message_id, int) else None
    if found is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    quote = reply.get("quote")
    if found is not None and quote and str(quote) not in (found.body.get("text") or found.body.get("caption") or ""):
        raise bad_request("QUOTE_TEXT_INVALID")
    return found


def check_topic(call: Call) -> None:
    """Chats here have no topics yet, so no thread is found in them."""
    if call.params.get("message_thread_id"):
        raise bad_request("message thread not found")


def _formatted(call: Call, text: str, entities_name: str) -> tuple[str, list[Json]]:
    mode = call.params.get("parse_mode", "")
    if mode.upper() == "HTML":
        plain, entities = parse_html(text)
    elif mode.lower() in ("markdown", "markdownv2"):
        raise not_emulated(f"parse_mode {mode}")
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        given = [_entity(entity) for entity in call.params.get(entities_name) or ()]
        plain, entities = tidy(text, _within(given, units(text)))
    return plain, with_found(plain, entities)


def _entity(entity: Any) -> Json:
    numbers = isinstance(entity, dict) and all(isinstance(entity.get(name), int) for name in ("offset", "length"))
    if not numbers or not isinstance(entity.get("type"), str):
        raise bad_request("can't parse MessageEntity: type, offset and length are required")
    return dict(entity)


def _within(entities: list[Json], size: int) -> list[Json]:
    return [e for e in entities if e["offset"] >= 0 and e["length"] > 0 and e["offset"] + e["length"] <= size]
