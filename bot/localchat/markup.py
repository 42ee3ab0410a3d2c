"""Keyboards under messages: checked as Telegram checks them."""

from __future__ import annotations

from typing import Any

from bot.localchat.model import Json
from bot.localchat.refusals import Refusal, bad_request

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
DATA_BYTES = 64
COPY_CHARACTERS = 256
_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
        "disabled",
    }
)
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


def inline_keyboard(markup: Json | None) -> Json | None:
    """The inline keyboard to keep with a message: None for none, an empty one or one of the other kinds of markup.

    A Refusal (400) in Telegram's words for a keyboard that it would not take.
    """
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        if any(name in markup for name in _OTHER_MARKUPS):
            return None
        raise bad_request("object expected as reply markup")
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise _unparsable('field "inline_keyboard" must be an Array of Arrays')
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in kept):
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _unparsable(text: str) -> Refusal:
    return bad_request(f"can't parse inline keyboard button: {text}")


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _unparsable("InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise _unparsable('field "text" must be a non-empty String')
    actions = [name for name in button if name in _ACTIONS and button[name] is not None]
    if not actions:
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unparsable(f"exactly one action is allowed, found {', '.join(actions)}")
    _check_action(actions[0], button[actions[0]])
    return {name: value for name, value in button.items() if value is not None}


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data":
        if not isinstance(value, str):
            raise _unparsable('field "callback_data" must be of type String')
        if not 1 <= len(value.encode("utf-8", "surrogatepass")) <= DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        if not isinstance(value, str) or not value.strip() or any(char.isspace() for char in value.strip()):
            raise bad_request("BUTTON_URL_INVALID")
    elif action == "copy_text":
        copied = value.get("text") if isinstance(value, dict) else None
        if not isinstance(copied, str) or not 1 <= len(copied) <= COPY_CHARACTERS:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif action in ("switch_inline_query", "switch_inline_query_current_chat") and not isinstance(value, str):
        raise _unparsable(f'field "{action}" must be of type String')
