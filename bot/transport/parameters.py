"""Parts of the Bot API's parameters that letters of several kinds share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

STYLE: Final = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def markup_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The buttons under a message; nothing where it has none."""
    return {"reply_markup": {"inline_keyboard": payload["buttons"]}} if "buttons" in payload else {}


def place_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Where a new message goes: under the one it answers, or into its topic."""
    if "reply_to" in payload:
        return {"reply_parameters": {"message_id": payload["reply_to"], "allow_sending_without_reply": True}}
    return {"message_thread_id": payload["thread"]} if "thread" in payload else {}


def guest_answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of answerGuestQuery: the one message that a guest may leave in a chat that it is not in."""
    content = {"message_text": payload["text"], **STYLE}
    result = {"type": "article", "id": "answer", "title": "Answer", "input_message_content": content}
    return {"guest_query_id": payload["guest"], "result": result | markup_of(payload)}
