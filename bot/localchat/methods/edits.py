"""Editing what a bot has sent: text, caption, picture, keyboard."""

from __future__ import annotations

from bot.localchat.methods.call import Call, chat_of, own_message
from bot.localchat.methods.files import media_part
from bot.localchat.methods.inline import inline_message
from bot.localchat.methods.media import KINDS
from bot.localchat.methods.texts import CAPTION, caption_part, inline_part, text_part
from bot.localchat.model import Chat, Json, Message
from bot.localchat.refusals import Refusal, bad_request, not_emulated

_TEXT = ("text", "entities", "link_preview_options")
_MEDIA = (*KINDS, "has_media_spoiler")
_KEYBOARD = ("reply_markup",)


def edit_text(call: Call) -> Json | bool:
    """editMessageText."""
    if "rich_message" in call.params:
        raise not_emulated("rich_message")
    chat, message = _target(call)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _replace(call, chat, message, _TEXT + _KEYBOARD, text_part(call) | inline_part(call), words=True)


def edit_caption(call: Call) -> Json | bool:
    """editMessageCaption."""
    chat, message = _target(call)
    if "text" in message.body:
        raise bad_request("there is no caption in the message to edit")
    return _replace(call, chat, message, CAPTION + _KEYBOARD, caption_part(call) | inline_part(call), words=True)


def edit_media(call: Call) -> Json | bool:
    """editMessageMedia: another photo or document with its caption."""
    chat, message = _target(call)
    if "text" in message.body:
        raise bad_request("there is no media in the message to edit")
    if _inline_id(call) and call.uploads:
        raise bad_request("invalid message content specified")
    part = media_part(call) | inline_part(call)
    return _replace(call, chat, message, _MEDIA + CAPTION + _KEYBOARD, part, words=True)


def edit_keyboard(call: Call) -> Json | bool:
    """editMessageReplyMarkup."""
    chat, message = _target(call)
    return _replace(call, chat, message, _KEYBOARD, inline_part(call), words=False)


def _target(call: Call) -> tuple[Chat, Message]:
    inline_id = _inline_id(call)
    if inline_id:
        return inline_message(call, inline_id)
    if "chat_id" not in call.params:
        raise bad_request("chat_id is empty")
    chat = chat_of(call)
    return chat, own_message(call, chat)


def _inline_id(call: Call) -> str:
    """The inline_message_id that the call goes by, "" when it goes by chat and message."""
    by_chat = "chat_id" in call.params or "message_id" in call.params
    return "" if by_chat else str(call.params.get("inline_message_id", ""))


def _not_modified() -> Refusal:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )


def _replace(
    call: Call, chat: Chat, message: Message, names: tuple[str, ...], part: Json, *, words: bool
) -> Json | bool:
    """Put `part` in the place of the fields `names`; a Refusal (400) when nothing would change."""
    body = {name: value for name, value in message.body.items() if name not in names} | part
    if all(body.get(name) == message.body.get(name) for name in names if name != "link_preview_options"):
        raise _not_modified()
    call.world.change_message(chat, message, body, edited=words)
    return True if _inline_id(call) else message.body
