"""The other markups: a keyboard in the place of the person's own, its removal, and a forced reply.

They are not part of the message that a bot gets back; the page is told of them.
"""

from __future__ import annotations

from typing import Any

from bot.localchat.fields import (
    FieldError,
    array,
    boolean,
    given,
    integer,
    refusing,
    required_integer,
    required_object,
    required_string,
    string,
)
from bot.localchat.markup import check_app
from bot.localchat.model import Json
from bot.localchat.refusals import bad_request

MOST_BUTTONS = 300
MOST_IN_A_ROW = 12
MOST_REQUESTED = 10
_FLAGS = ("hide_keyboard", "remove_keyboard", "personal_keyboard", "selective", "force_reply_keyboard", "force_reply")
_SHOWN_FLAGS = ("resize_keyboard", "one_time_keyboard", "is_persistent")
_REQUEST_FLAGS = (
    "user_is_bot",
    "user_is_premium",
    "chat_is_channel",
    "chat_is_forum",
    "chat_has_username",
    "chat_is_created",
    "bot_is_member",
    "request_title",
    "request_name",
    "request_username",
    "request_photo",
)


def reply_keyboard(markup: Json | None) -> tuple[Json | None, bool]:
    """What the page is told of a markup: {rows, placeholder, one_time, persistent}, {remove: true} or None; and whether
    the person is asked to reply. A button {text} may have a `request`: contact, location or other.

    A Refusal (400) in Telegram's words for a markup that it would not take.
    """
    if not markup:
        return None, False
    with refusing():
        rows = array(markup, "keyboard")
        if not all(isinstance(row, list) for row in rows):
            raise FieldError('Field "keyboard" must be an Array of Arrays')
        flags = {name: boolean(markup, name) for name in _FLAGS}
        placeholder = string(markup, "input_field_placeholder")
        if rows:
            flags |= {name: boolean(markup, name) for name in _SHOWN_FLAGS}
    with refusing("keyboard button"):
        buttons = _cut([[button for button in map(_button, row) if button["text"]] for row in rows])
    if rows:
        shown = {
            "rows": buttons,
            "placeholder": placeholder,
            "one_time": flags["one_time_keyboard"],
            "persistent": flags["is_persistent"],
        }
        return (shown if buttons else None), False
    if given(markup, "inline_keyboard") and markup["inline_keyboard"]:
        return None, False
    if flags["remove_keyboard"] or flags["hide_keyboard"]:
        return {"remove": True}, False
    return None, flags["force_reply"] or flags["force_reply_keyboard"]


def _cut(rows: list[list[Json]]) -> list[list[Json]]:
    """Buttons beyond 12 in a row and 300 in all are left off in silence."""
    kept: list[list[Json]] = []
    left = MOST_BUTTONS
    for row in rows:
        shown = row[: min(MOST_IN_A_ROW, left)]
        if shown:
            kept.append(shown)
        left -= len(shown)
    return kept


def _button(button: Any) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        raise FieldError("KeyboardButton must be a String or an Object")
    shown: Json = {"text": required_string(button, "text")}
    for name in ("request_contact", "request_location"):
        if boolean(button, name):
            shown["request"] = name.removeprefix("request_")
    if given(button, "request_poll"):
        required_object(button, "request_poll")
    if given(button, "web_app"):
        check_app(required_string(required_object(button, "web_app"), "url"), "keyboard button")
    for name in ("request_users", "request_chat"):
        if given(button, name):
            _check_request(required_object(button, name))
    if any(given(button, name) for name in ("request_poll", "web_app", "request_users", "request_chat")):
        shown["request"] = "other"
    return shown


def _check_request(fields: Json) -> None:
    required_integer(fields, "request_id")
    for name in _REQUEST_FLAGS:
        boolean(fields, name)
    if not 1 <= integer(fields, "max_quantity", 1) <= MOST_REQUESTED:
        raise bad_request("BUTTON_QUANTITY_MAX_INVALID")
