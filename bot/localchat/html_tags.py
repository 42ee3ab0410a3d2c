"""Cuts Telegram's HTML into text and tags; whatever is not well formed is refused with the byte where it stands."""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from bot.localchat.refusals import Refusal, bad_request

_PIECE = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|lt|gt|amp|quot);?")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"[a-zA-Z-]*")
_BARE_VALUE = re.compile(r"[a-zA-Z0-9.-]*")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag of the source: its lower-case `name`, whether it closes, where it begins (byte) and its attributes."""

    name: str
    closing: bool
    at: int
    attributes: dict[str, str] = field(default_factory=dict)


def pieces(source: str, names: Container[str]) -> Iterator[str | Tag]:
    """Text (references decoded) and tags (of these names) of `source`, in order; a Refusal (400) where it is broken."""
    position = 0
    while position < len(source):
        found = _PIECE.search(source, position)
        if found is None:
            yield source[position:]
            return
        if found.start() > position:
            yield source[position : found.start()]
        if found.group() == "&":
            text, position = _reference(source, found.start())
            yield text
        else:
            tag, position = _tag(source, found.start(), names)
            yield tag


def cannot_parse(text: str) -> Refusal:
    """Telegram's refusal of a text whose markup is broken."""
    return bad_request(f"can't parse entities: {text}")


def byte_offset(source: str, index: int) -> int:
    """The offset in UTF-8 bytes of a code point index."""
    return len(source[:index].encode("utf-8", "surrogatepass"))


def _reference(source: str, start: int) -> tuple[str, int]:
    found = _REFERENCE.match(source, start)
    if found is None:
        return "&", start + 1
    text = found.group()
    decoded = html.unescape(text if text.endswith(";") else f"{text};")
    return decoded, found.end()


def _skip_space(source: str, position: int) -> int:
    found = _SPACE.match(source, position)
    return found.end() if found else position


def _match(pattern: re.Pattern[str], source: str, position: int) -> tuple[str, int]:
    found = pattern.match(source, position)
    return (found.group(), found.end()) if found else ("", position)


def _tag(source: str, start: int, names: Container[str]) -> tuple[Tag, int]:
    at = byte_offset(source, start)
    if source.startswith("/", start + 1):
        name, position = _match(_NAME, source, start + 2)
        position = _skip_space(source, position)
        if not source.startswith(">", position):
            raise cannot_parse(f"Unclosed end tag at byte offset {at}")
        return Tag(name=name.lower(), closing=True, at=at), position + 1
    name, position = _match(_NAME, source, start + 1)
    name = name.lower()
    if position >= len(source):
        raise cannot_parse(f"Unclosed start tag at byte offset {at}")
    if name not in names:
        raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {at}')
    attributes: dict[str, str] = {}
    position = _skip_space(source, position)
    while not source.startswith(">", position):
        if position >= len(source):
            raise cannot_parse(f"Unclosed start tag at byte offset {at}")
        key, value, position = _attribute(source, position, name, at)
        attributes[key] = value
        position = _skip_space(source, position)
    return Tag(name=name, closing=False, at=at, attributes=attributes), position + 1


def _attribute(source: str, start: int, tag: str, at: int) -> tuple[str, str, int]:
    key, position = _match(_ATTRIBUTE, source, start)
    if not key:
        raise cannot_parse(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
    position = _skip_space(source, position)
    if not source.startswith("=", position):
        if key.lower() == "expandable":
            return "expandable", "", position
        raise cannot_parse(f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {at}')
    position = _skip_space(source, position + 1)
    quote = source[position : position + 1]
    if quote not in ("'", '"'):
        value, position = _match(_BARE_VALUE, source, position)
        return key.lower(), value.lower(), position
    end = source.find(quote, position + 1)
    if end < 0:
        raise cannot_parse(f"Unclosed start tag at byte offset {at}")
    value = "".join(_decoded(source[position + 1 : end]))
    return key.lower(), value, end + 1


def _decoded(text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        found = text.find("&", position)
        if found < 0:
            yield text[position:]
            return
        yield text[position:found]
        piece, position = _reference(text, found)
        yield piece
