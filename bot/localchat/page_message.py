"""A message as the page is told of it. Texts stay texts; the page makes the nodes."""

from __future__ import annotations

from typing import Any

from bot.localchat.model import Json, Message, Person, answered
from bot.localchat.page_service import service_text

_KINDS = ("video", "animation", "audio", "voice", "video_note", "sticker")
_LABELS = {
    "voice": "🎤 Voice message",
    "video_note": "Video message",
    "sticker": "Sticker",
}
LONGEST_REPLY = 120


def message_object(message: Message, person: Person) -> Json:
    """The message for the page of this person."""
    body: dict[str, Any] = message.body
    sender = body["from"]
    shown: Json = {
        "id": message.id,
        "version": message.version,
        "own": message.sender_id == person.id,
        "from": {"id": sender["id"], "name": sender["first_name"], "is_bot": sender["is_bot"]},
        "topic": body["message_thread_id"] if body.get("is_topic_message") else None,
        "service": service_text(body),
        "via": body.get("via_bot", {}).get("first_name"),
        "onlyYou": message.only_for != 0,
        "guest": "guest_bot_caller_user" in body,
        "forward": _origin(body.get("forward_origin", {})),
        "album": body.get("media_group_id"),
        "date": body["date"],
        "edited": message.edited,
        "text": body.get("text") or body.get("caption") or "",
        "entities": body.get("entities") or body.get("caption_entities") or [],
        "buttons": [[_button(button) for button in row] for row in _rows(body)],
        "keyboard": message.keyboard,
        "forceReply": message.force_reply,
    }
    return shown | _media(body) | _label(body) | _reply(body)


def old_message_object(message: Message, person: Person) -> Json:
    """A message from before the group became a supergroup, to be read only; its id is told negative, as the supergroup
    counts its own from 1 on."""
    shown = message_object(message, person)
    rows = [[{**button, "kind": "disabled", "value": ""} for button in row] for row in shown["buttons"]]
    old: Json = {"id": -message.id, "old": True, "buttons": rows, "keyboard": None, "forceReply": False, "topic": None}
    if "reply" in shown:
        old["reply"] = {**shown["reply"], "id": -shown["reply"]["id"]}
    return shown | old


def _origin(origin: dict[str, Any]) -> str | None:
    """Whose words a forwarded message carries."""
    user, chat = origin.get("sender_user", {}), origin.get("sender_chat") or origin.get("chat") or {}
    name: str | None = user.get("first_name") or origin.get("sender_user_name") or chat.get("title")
    return name


def _media(body: dict[str, Any]) -> Json:
    """The picture, document or other file of a message."""
    if "photo" in body:
        size = body["photo"][-1]
        photo = {"file": size["file_unique_id"], "width": size["width"], "height": size["height"]}
        return {"photo": photo, "captionAbove": bool(body.get("show_caption_above_media"))}
    for kind in _KINDS:
        if kind in body:
            return {kind if kind != "video_note" else "video": _file(body[kind])}
    return {"document": _file(body["document"])} if "document" in body else {}


def _file(kept: dict[str, Any]) -> Json:
    shown = {"file": kept["file_unique_id"], "name": kept.get("file_name"), "size": kept.get("file_size")}
    return shown | {"emoji": kept["emoji"]} if "emoji" in kept else shown


def _label(body: dict[str, Any]) -> Json:
    """Words for what the page cannot show."""
    for kind, label in _LABELS.items():
        if kind in body:
            return {"label": f"{body[kind].get('emoji', '')} {label}".strip()}
    if "dice" in body:
        return {"label": f"{body['dice']['emoji']} {body['dice']['value']}"}
    if "location" in body:
        return {"label": f"📍 {body['location']['latitude']}, {body['location']['longitude']}"}
    if "contact" in body:
        return {"label": f"👤 {body['contact']['first_name']}, {body['contact']['phone_number']}"}
    return {}


def _reply(body: dict[str, Any]) -> Json:
    replied = answered(body)
    if not replied:
        return {}
    text = body.get("quote", {}).get("text") or replied.get("text") or replied.get("caption")
    text = text or service_text(replied) or "Attachment"
    name = replied["from"]["first_name"]
    return {"reply": {"id": replied["message_id"], "name": name, "text": text[:LONGEST_REPLY]}}


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
    elif "switch_inline_query" in button:
        found = ("inline", button["switch_inline_query"])
    elif "switch_inline_query_chosen_chat" in button:
        found = ("inline", button["switch_inline_query_chosen_chat"].get("query", ""))
    elif "disabled" in button:
        found = ("disabled", "")
    kind, value = found
    return {"text": button["text"], "kind": kind, "value": value, "style": button.get("style", "")}
