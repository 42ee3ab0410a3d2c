"""What messages are made of: formatted text, captions, replies, keyboards."""

from __future__ import annotations

from typing import Any

from bot.localchat import threads
from bot.localchat.autolinks import with_found
from bot.localchat.entities import BLANK, parse_html, tidy
from bot.localchat.fields import array, boolean, given, integer, refusing, required_integer, string
from bot.localchat.given_entities import read_entities
from bot.localchat.links import kept_link
from bot.localchat.markdown import parse_markdown_v2
from bot.localchat.markdown_legacy import parse_markdown
from bot.localchat.markup import inline_keyboard
from bot.localchat.methods.call import Call
from bot.localchat.model import Chat, Json, Message
from bot.localchat.people import LONGEST_CAPTION, LONGEST_QUOTE, LONGEST_TEXT
from bot.localchat.refusals import bad_request
from bot.localchat.reply_keyboards import reply_keyboard
from bot.localchat.utf16 import unit_slice, units

CAPTION = ("caption", "caption_entities", "show_caption_above_media")
"""What `caption_part` gives."""
MOST_ENTITIES = 100
SOURCE_BYTES = 1 << 15


def text_part(call: Call) -> Json:
    """`text` and `entities` of a message from the call's parameters."""
    if not call.params.get("text"):
        raise bad_request("message text is empty")
    preview = preview_part(call.params.get("link_preview_options"))
    text, entities = formatted(
        call, call.params["text"], call.params.get("parse_mode", ""), call.params.get("entities")
    )
    if not text.strip(BLANK):
        raise bad_request("text must be non-empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    part: Json = {"text": text}
    if entities:
        part["entities"] = entities
    return part | preview


def caption_part(call: Call) -> Json:
    """`caption` and `caption_entities` from the call's parameters; nothing when there is no caption."""
    params = call.params
    text, entities = formatted(
        call, params.get("caption", ""), params.get("parse_mode", ""), params.get("caption_entities")
    )
    if units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    part: Json = {"caption": text} if text else {}
    if entities:
        part["caption_entities"] = entities
    if text and params.get("show_caption_above_media"):
        part["show_caption_above_media"] = True
    return part


def preview_part(options: Json | None) -> Json:
    """`link_preview_options` when the call brings some."""
    if not options:
        return {}
    flags = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")
    with refusing():
        for name in flags:
            boolean(options, name)
        url = string(options, "url")
    if url and kept_link(url) is None:
        raise bad_request("WEBPAGE_URL_INVALID")
    return {"link_preview_options": {name: options[name] for name in (*flags, "url") if given(options, name)}}


def keyboard_part(call: Call) -> Json:
    """`reply_markup` when the call brings an inline keyboard; the other markups are checked and shown by the page."""
    markup = call.params.get("reply_markup")
    keyboard = inline_keyboard(markup)
    reply_keyboard(markup)
    return {"reply_markup": keyboard} if keyboard else {}


def inline_part(call: Call) -> Json:
    """`reply_markup` of an edit, where only an inline keyboard may stand."""
    part = keyboard_part(call)
    if reply_keyboard(call.params.get("reply_markup")) != (None, False):
        raise bad_request("inline keyboard expected")
    return part


def replied_to(call: Call, chat: Chat) -> Message | None:
    """The message that a new one answers; a Refusal (400) when it is gone, unless the call allows that."""
    reply = call.params.get("reply_parameters")
    if not reply:
        return None
    with refusing():
        message_id = required_integer(reply, "message_id")
        optional = boolean(reply, "allow_sending_without_reply")
    found = chat.messages.get(message_id)
    if found is None and not optional:
        raise bad_request("message to be replied not found")
    return found


def quote_part(call: Call, replied: Message | None) -> Json:
    """`quote` of a message that answers a part of another: an exact part of its words, or a Refusal (400)."""
    reply = call.params.get("reply_parameters") or {}
    with refusing():
        quote, mode = string(reply, "quote"), string(reply, "quote_parse_mode")
        position = integer(reply, "quote_position")
        values = array(reply, "quote_entities")
    if not quote or replied is None:
        return {}
    text, entities = formatted(call, quote, mode, values, find=False)
    whole = replied.body.get("text") or replied.body.get("caption") or ""
    found = whole.find(text)
    if not text or found < 0 or units(text) > LONGEST_QUOTE:
        raise bad_request("QUOTE_TEXT_INVALID")
    start = units(whole[:found]) if unit_slice(whole, position, units(text)) != text else position
    part: Json = {"text": text, "position": start, "is_manual": True}
    if entities:
        part["entities"] = entities
    return {"quote": part}


def thread_part(call: Call, chat: Chat, reply: Message | None) -> Json:
    """`message_thread_id` and `is_topic_message` of a new message; a Refusal (400) for a topic it cannot go to."""
    try:
        return threads.place(chat, call.params.get("message_thread_id"), reply, by=call.bot.id)
    except ValueError as error:
        raise bad_request(str(error)) from None


def formatted(
    call: Call, text: str, mode: str, entities: list[Any] | None, *, find: bool = True
) -> tuple[str, list[Json]]:
    """A text as people see it, with its entities: parsed by `mode`, or given; with `find` also those found in it.

    Telegram keeps the first 100 entities and passes over the rest.
    """
    if len(text.encode("utf-8", "surrogatepass")) > SOURCE_BYTES:
        raise bad_request("text is too long")
    parse = _PARSERS.get(mode.lower())
    if not text or mode.lower() in ("", "none"):
        users = call.world.people.keys() | call.world.bots.keys() if entities else frozenset()
        plain, found = tidy(text, read_entities(entities or [], text, users))
    elif parse is None:
        raise bad_request("unsupported parse_mode")
    else:
        plain, found = parse(text)
    return plain, (with_found(plain, found) if find else found)[:MOST_ENTITIES]


_PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}
