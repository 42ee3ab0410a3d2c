"""Telegram's HTML -> plain text and message entities (offsets in UTF-16 code units)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import takewhile

from bot.localchat.html_tags import Tag, cannot_parse, pieces
from bot.localchat.links import emoji_id, link_details
from bot.localchat.model import Json
from bot.localchat.utf16 import unit_slice, units

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
BLANK = " \t\r\n\v\0"
SPLITTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
_VERBATIM = frozenset({"code", "pre"})


@dataclass(slots=True)
class _Open:
    tag: Tag
    start: int
    inner: list[Json] = field(default_factory=list)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text that a person sees and its entities; a Refusal (400) with Telegram's words for broken markup."""
    parts: list[str] = []
    length = 0
    found: list[Json] = []
    stack: list[_Open] = []
    for piece in pieces(source, _STYLES):
        if isinstance(piece, str):
            parts.append(piece)
            length += units(piece)
        elif not piece.closing:
            _check_start(piece)
            stack.append(_Open(piece, length))
        else:
            opened = _pop(stack, piece)
            if length > opened.start:
                found.extend(_entity(opened, length, parts, found))
    if stack:
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag.name}"')
    return tidy("".join(parts), found[::-1])  # outer tags before those inside, which closed first


def tidy(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Text and entities as Telegram keeps them: outer blanks off, styles merged, nothing inside code, in order."""
    end = len(text.rstrip(BLANK))
    entities = in_order(_merged(_outside_code(in_order(entities))))
    entities = [each for each in entities if unit_slice(text, each["offset"], each["length"]).strip(BLANK)]
    first = min((entity["offset"] for entity in entities), default=len(text))
    begin = 0
    while begin < min(end, first) and text[begin] in " \n":
        begin += 1
    kept = text[begin:end]
    size = units(kept)
    clipped: list[Json] = []
    for entity in entities:
        start = max(0, entity["offset"] - begin)  # leading blanks are one unit each
        stop = min(size, entity["offset"] - begin + entity["length"])
        if stop > start:
            clipped.append({**entity, "offset": start, "length": stop - start})
    return kept, clipped


def in_order(entities: list[Json]) -> list[Json]:
    """Entities sorted as Telegram sends them: by offset, the longer first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _check_start(tag: Tag) -> None:
    if tag.name == "span" and tag.attributes.get("class") != "tg-spoiler":
        raise cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {tag.at}')


def _pop(stack: list[_Open], closing: Tag) -> _Open:
    if not stack:
        raise cannot_parse(f"Unexpected end tag at byte offset {closing.at}")
    opened = stack.pop()
    if closing.name and closing.name != opened.tag.name:
        raise cannot_parse(
            f'Unmatched end tag at byte offset {closing.at}, expected "</{opened.tag.name}>", found "</{closing.name}>"'
        )
    return opened


def _entity(opened: _Open, end: int, parts: list[str], found: list[Json]) -> list[Json]:
    """The entity that a closed tag makes: none (a bad link) or one."""
    tag = opened.tag
    entity: Json = {"offset": opened.start, "length": end - opened.start, "type": _STYLES[tag.name]}
    if tag.name == "a":
        url = tag.attributes.get("href") or unit_slice("".join(parts), opened.start, entity["length"])
        details = link_details(url.strip())
        return [] if details is None else [{**entity, **details}]
    if tag.name == "blockquote" and "expandable" in tag.attributes:
        entity["type"] = "expandable_blockquote"
    if tag.name == "tg-emoji":
        entity["custom_emoji_id"] = tag.attributes.get("emoji-id", "")
        if not emoji_id(entity["custom_emoji_id"]):
            raise cannot_parse("Invalid custom emoji identifier specified")
    language = tag.attributes.get("class", "")
    if tag.name == "code" and language.startswith("language-"):
        entity["language"] = language.removeprefix("language-")
    if tag.name == "pre":
        _take_language(entity, found)
    return [entity]


def _take_language(entity: Json, found: list[Json]) -> None:
    """<pre><code class="language-x"> is one block: the code inside gives its language to the pre."""
    for inner in takewhile(lambda inner: inner["offset"] >= entity["offset"], reversed(found)):
        same = inner["offset"] == entity["offset"] and inner["length"] == entity["length"]
        if inner["type"] == "code" and same and "language" in inner:
            entity["language"] = inner["language"]
            return


def _outside_code(entities: list[Json]) -> list[Json]:
    """Nothing inside code, and styles that reach over code cut around it. `entities` are in order."""
    blocks: list[Json] = []  # none holds another, so that where they begin and where they end both rise
    for entity in entities:
        if entity["type"] in _VERBATIM and (not blocks or _end(entity) > _end(blocks[-1])):
            blocks.append(entity)
    for block in blocks:
        if block["type"] == "code":
            block.pop("language", None)
    begins, ends, kept = [block["offset"] for block in blocks], [_end(block) for block in blocks], set(map(id, blocks))
    out: list[Json] = []
    for entity in entities:
        near = blocks[bisect_right(ends, entity["offset"]) : bisect_left(begins, _end(entity))]
        if entity["type"] in _VERBATIM:
            if id(entity) in kept:
                out.append(entity)
        elif entity["type"] in SPLITTABLE:
            out.extend(_cut(entity, near))
        elif not any(_holds(block, entity) for block in near if not _holds(entity, block)):
            out.append(entity)
    return out


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])


def _holds(outer: Json, inner: Json) -> bool:
    return bool(outer["offset"] <= inner["offset"] and _end(inner) <= _end(outer))


def _cut(entity: Json, blocks: list[Json]) -> list[Json]:
    spans = [(entity["offset"], entity["offset"] + entity["length"])]
    for block in blocks:
        low, high = block["offset"], block["offset"] + block["length"]
        halves = [half for start, end in spans for half in ((start, min(end, low)), (max(start, high), end))]
        spans = [(start, end) for start, end in halves if end > start]
    return [{**entity, "offset": start, "length": end - start} for start, end in spans]


def _merged(entities: list[Json]) -> list[Json]:
    """Styles that touch or overlap become one; a quote inside a quote, or a link inside a link, is dropped."""
    out: list[Json] = []
    last: dict[str, Json] = {}
    for entity in in_order(entities):
        family = entity["type"].removeprefix("expandable_").replace("text_mention", "text_link")
        before = last.get(family)
        end = entity["offset"] + entity["length"]
        if before is not None and family in SPLITTABLE and entity["offset"] <= before["offset"] + before["length"]:
            before["length"] = max(before["length"], end - before["offset"])
            continue
        if before is not None and entity["offset"] < before["offset"] + before["length"]:
            continue
        last[family] = dict(entity)
        out.append(last[family])
    return out
