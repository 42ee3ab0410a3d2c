"""Entities that Telegram finds by itself: commands, mentions, hashtags, cashtags, links and mail addresses."""

from __future__ import annotations

import re

from bot.localchat.entities import in_order
from bot.localchat.model import Json
from bot.localchat.utf16 import unit_offsets

_FOUND = re.compile(
    r"""
      (?P<url>\bhttps?://[^\s<>"']*[^\s<>"'.,:;!?)\]}])
    | (?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}\b)
    | (?<![\w/>])(?P<bot_command>/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?)(?![\w/])
    | (?<![\w@])(?P<mention>@[a-zA-Z0-9_]{3,32})\b
    | (?<![\w\#])(?P<hashtag>\#\w*[^\W\d]\w*)
    | (?<![\w$])(?P<cashtag>\$[A-Z]{1,8})(?![\w$])
    | (?P<bare>\b(?:[a-zA-Z0-9-]+\.)+(?:com|org|net|io|me|dev|app|info|xyz|exchange|finance)\b(?:/[^\s<>"']*[\w/])?)
    """,
    re.VERBOSE,
)
_CLOSED = frozenset({"code", "pre", "text_link", "text_mention"})


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """`entities` and those found in `text`, none inside code or links."""
    matches = list(_FOUND.finditer(text))
    if not matches:
        return entities
    at = unit_offsets(text)
    closed = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _CLOSED]
    found: list[Json] = []
    for match in matches:
        kind = match.lastgroup or ""
        start, end = at[match.start(kind)], at[match.end(kind)]
        if not any(start < high and low < end for low, high in closed):
            found.append({"offset": start, "length": end - start, "type": "url" if kind == "bare" else kind})
    return in_order(entities + found) if found else entities
