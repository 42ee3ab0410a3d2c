"""Whose updates must stay in order: a person's, whatever the chat; what comes from nobody goes by its chat, and so does
what comes from an id that many share.

Inline queries have a lane of their own beside each person's: they change nothing, nobody waits for an answer because
of them, and only the newest that waits there is worth one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.dialogue import SHARED_IDS
from bot.storage.inbox import Received

QUERIES: Final = "q"
"""What the lane of a person's inline queries begins with."""


def received(update: Mapping[str, Any]) -> Received:
    """The inbox row for one of Telegram's updates. Half a character (a lone surrogate), which no database takes, is a
    question mark there.
    """
    payload = json.dumps(update, ensure_ascii=False, separators=(",", ":"))
    return Received(
        update_id=int(update["update_id"]), lane=lane(update), payload=payload.encode(errors="replace").decode()
    )


def lane(update: Mapping[str, Any]) -> str:
    """ "p<person>" when a person stands behind the update, else "c<chat>", else "-"; of an inline query "q<person>"."""
    content = next((value for key, value in update.items() if key != "update_id" and isinstance(value, dict)), {})
    person = content.get("from") or content.get("user") or {}
    if "id" in person and person["id"] not in SHARED_IDS:
        return f"{QUERIES if 'inline_query' in update else 'p'}{person['id']}"
    chat = content.get("chat") or {}
    return f"c{chat['id']}" if "id" in chat else "-"
