"""Service messages in words, as the page shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def service_text(body: dict[str, Any]) -> str | None:
    """What a service message says, None for any other message."""
    who = body["from"]["first_name"]
    for name, said in _TEXTS.items():
        if name in body:
            return said(who, body[name])
    return None


def _added(who: str, users: Any) -> str:
    names = ", ".join(user["first_name"] for user in users)
    return f"{who} joined the group" if names == who else f"{who} added {names}"


def _left(who: str, user: Any) -> str:
    return f"{who} left the group" if user["first_name"] == who else f"{who} removed {user['first_name']}"


def _edited(who: str, topic: Any) -> str:
    return f"Topic renamed to “{topic['name']}”" if "name" in topic else f"{who} changed the topic's icon"


def _pinned(who: str, message: Any) -> str:
    text = message.get("text") or message.get("caption")
    return f"{who} pinned “{text[:60]}”" if text else f"{who} pinned a message"


_TEXTS: dict[str, Callable[[str, Any], str]] = {
    "new_chat_members": _added,
    "left_chat_member": _left,
    "group_chat_created": lambda who, _: f"{who} created the group",
    "migrate_to_chat_id": lambda who, _: "The group was upgraded to a supergroup",
    "migrate_from_chat_id": lambda who, _: "The group was upgraded to a supergroup",
    "forum_topic_created": lambda who, topic: f"Topic “{topic['name']}” created",
    "forum_topic_edited": _edited,
    "forum_topic_closed": lambda who, _: f"{who} closed the topic",
    "forum_topic_reopened": lambda who, _: f"{who} reopened the topic",
    "pinned_message": _pinned,
}
