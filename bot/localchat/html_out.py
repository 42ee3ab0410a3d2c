"""Message entities -> Telegram's HTML: what a test compares a bot's words with."""

from __future__ import annotations

from html import escape

from bot.localchat.entities import SPLITTABLE, in_order
from bot.localchat.model import Json
from bot.localchat.utf16 import unit_slice, units

_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


def to_html(text: str, entities: list[Json]) -> str:
    """`text` with its styled entities as tags; entities that Telegram finds by itself stay plain text."""
    styled = [entity for entity in entities if _tags(entity) is not None]
    return _render(text, 0, units(text), in_order(styled))


def _tags(entity: Json) -> tuple[str, str] | None:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{escape(entity["custom_emoji_id"])}">', "</tg-emoji>"
    if kind == "pre" and entity.get("language"):
        return f'<pre><code class="language-{escape(entity["language"])}">', "</code></pre>"
    return ("<pre>", "</pre>") if kind == "pre" else _TAGS.get(kind)


def _plain(text: str, start: int, end: int) -> str:
    return escape(unit_slice(text, start, end - start), quote=False)


def _render(text: str, start: int, end: int, entities: list[Json]) -> str:
    out: list[str] = []
    waiting = list(entities)
    while waiting:
        outer = waiting.pop(0)
        low, high = outer["offset"], min(end, _end_of(outer))
        high = min([high, *(each["offset"] for each in waiting if _would_be_cut(each, low, high))])
        out.append(_plain(text, start, low))
        inner: list[Json] = []
        rest: list[Json] = []
        for entity in (outer, *waiting):
            if entity["offset"] < high and entity is not outer:
                inner.append({**entity, "length": min(_end_of(entity), high) - entity["offset"]})
            if _end_of(entity) > high:  # what lies behind, or a tail that opens again there
                offset = max(high, entity["offset"])
                rest.append({**entity, "offset": offset, "length": _end_of(entity) - offset})
        opening, closing = _tags(outer) or ("", "")
        out.append(opening + _render(text, low, high, inner) + closing)
        start, waiting = high, in_order(rest)
    out.append(_plain(text, start, end))
    return "".join(out)


def _end_of(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])


def _would_be_cut(entity: Json, low: int, high: int) -> bool:
    """Whether an entity that must stay whole begins inside low..high and ends behind: then the style is cut instead."""
    whole = entity["type"] not in SPLITTABLE
    return whole and low < entity["offset"] < high < _end_of(entity)
