"""Keyboards under messages: checked as Telegram checks them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.localchat.fields import (
    FieldError,
    array,
    boolean,
    given,
    refusing,
    required_object,
    required_string,
    string,
)
from bot.localchat.links import LinkError, checked_link
from bot.localchat.model import Json
from bot.localchat.refusals import Refusal, bad_request

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
DATA_BYTES = 64
COPY_CHARACTERS = 256
KEYBOARD_BYTES = 10_240
_WHAT = "inline keyboard button"
# What a press may do. Telegram takes the first of several in silence; here that is a mistake to be told.
_ACTIONS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
    "disabled",
)

_LOOKS = ("icon_custom_emoji_id", "style")


def inline_keyboard(markup: Json | None) -> Json | None:
    """The inline keyboard to keep with a message: None for none, an empty one or one of the other kinds of markup.

    A Refusal (400) in Telegram's words for a keyboard that it would not take.
    """
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    with refusing():
        rows = array(markup, "inline_keyboard")
    if not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    with refusing(_WHAT):
        read = [[button for button in map(_button, row) if button["text"]] for row in rows]
    kept = [[_checked(button) for button in row] for row in read if row]
    if not kept:
        return None
    too_many = sum(map(len, kept)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in kept)
    if too_many or len(json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")) > KEYBOARD_BYTES:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept}


def _button(button: Any) -> Json:
    """The button with its fields of the right types; one without text is passed over by Telegram."""
    if not isinstance(button, dict):
        raise FieldError("InlineKeyboardButton must be an Object")
    text = required_string(button, "text")
    actions = [name for name in _ACTIONS if (given(button, name) and button[name] != "") or _switches(button, name)]
    if not actions:
        raise FieldError("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise FieldError(f"exactly one action is allowed, found {', '.join(sorted(actions))}")
    [action] = actions
    value: Any = button[action]
    if action in _READERS:
        value = _READERS[action](button)
    looks = {name: string(button, name) for name in _LOOKS if string(button, name)}
    return {"text": text, **looks, action: value}


def _switches(button: Json, name: str) -> bool:
    """An empty inline query is a query too."""
    return name.startswith("switch_inline_query") and given(button, name)


def _object_reader(name: str, *, strings: tuple[str, ...] = (), flags: tuple[str, ...] = ()) -> Callable[[Json], Json]:
    """Reads an action that is an object; of `strings` the first must be there ("?": none must)."""

    def read(button: Json) -> Json:
        fields = required_object(button, name)
        required, *optional = strings
        if required != "?":
            required_string(fields, required)
        for each in optional:
            string(fields, each)
        for each in flags:
            boolean(fields, each)
        return fields

    return read


_ALLOWED_CHATS = ("allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats")
_READERS: dict[str, Callable[[Json], Any]] = {
    "url": lambda button: required_string(button, "url"),
    "callback_data": lambda button: required_string(button, "callback_data"),
    "switch_inline_query": lambda button: required_string(button, "switch_inline_query"),
    "switch_inline_query_current_chat": lambda button: required_string(button, "switch_inline_query_current_chat"),
    "switch_inline_query_chosen_chat": _object_reader(
        "switch_inline_query_chosen_chat", strings=("?", "query"), flags=_ALLOWED_CHATS
    ),
    "login_url": _object_reader(
        "login_url", strings=("url", "bot_username", "forward_text"), flags=("request_write_access",)
    ),
    "web_app": _object_reader("web_app", strings=("url",)),
    "copy_text": _object_reader("copy_text", strings=("text",)),
}


def _checked(button: Json) -> Json:
    """The button as it is kept; a Refusal (400) when its action cannot be."""
    if "callback_data" in button and len(button["callback_data"].encode("utf-8", "surrogatepass")) > DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= COPY_CHARACTERS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "pay" in button or "callback_game" in button:
        raise bad_request("BUTTON_TYPE_INVALID")
    if "url" in button:
        return {**button, "url": _link(button["url"], "inline keyboard button URL")}
    if "web_app" in button:
        check_app(button["web_app"]["url"], "inline keyboard button")
    return button


def check_app(url: str, what: str) -> None:
    """A Refusal (400) for the address of a Web App that is not https."""
    if not _link(url, f"{what} Web App URL", only_https=True).startswith("https://"):
        raise _invalid(f"{what} Web App URL", url, "Only HTTPS links are allowed")


def _link(url: str, what: str, *, only_https: bool = False) -> str:
    try:
        return checked_link(url)
    except LinkError as error:
        raise _invalid(what, url, "Only HTTPS links are allowed" if only_https else str(error)) from None


def _invalid(what: str, url: str, why: str) -> Refusal:
    return bad_request(f"{what} '{url}' is invalid: {why}")
