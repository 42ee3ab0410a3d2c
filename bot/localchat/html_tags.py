"""Cuts Telegram's HTML into text and tags; whatever is not well formed is refused with the byte where it stands."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from bot.localchat.refusals import Refusal, bad_request

_PIECE = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LAST_CODE = 0x10FFFF
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"""[^\s=>/"']*""")
_BARE_VALUE = re.compile(r"[a-zA-Z0-9.-]*")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag of the source: its lower-case `name`, whether it closes, where it begins (index) and its attributes."""

    name: str
    closing: bool
    source: str
    start: int
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def at(self) -> int:
        """The byte where it begins."""
        return byte_offset(self.source, self.start)


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
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name], found.end()
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not 0 < code < _LAST_CODE:
        return "&", start + 1
    if 0xD800 <= code <= 0xDFFF:
        raise cannot_parse(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
            "code units"
        )
    return chr(code), found.end()


def _skip_space(source: str, position: int) -> int:
    found = _SPACE.match(source, position)
    return found.end() if found else position


def _match(pattern: re.Pattern[str], source: str, position: int) -> tuple[str, int]:
    found = pattern.match(source, position)
    return (found.group(), found.end()) if found else ("", position)


def _tag(source: str, start: int, names: Container[str]) -> tuple[Tag, int]:
    if source.startswith("/", start + 1):
        name, position = _match(_NAME, source, start + 2)
        position = _skip_space(source, position)
        if not source.startswith(">", position):
            raise cannot_parse(f"Unclosed end tag at byte offset {byte_offset(source, start)}")
        return Tag(name=name.lower(), closing=True, source=source, start=start), position + 1
    name, position = _match(_NAME, source, start + 1)
    name = name.lower()
    if position >= len(source):
        raise cannot_parse(f"Unclosed start tag at byte offset {byte_offset(source, start)}")
    if name not in names:
        raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {byte_offset(source, start)}')
    attributes: dict[str, str] = {}
    position = _skip_space(source, position)
    while not source.startswith(">", position):
        key, value, position = _attribute(source, position, name, start)
        attributes[key] = value
        position = _skip_space(source, position)
    return Tag(name=name, closing=False, source=source, start=start, attributes=attributes), position + 1


def _attribute(source: str, begin: int, tag: str, start: int) -> tuple[str, str, int]:
    """Name and value of an attribute ("" for none) of the tag that begins at `start`, and where it ends."""
    key, position = _match(_ATTRIBUTE, source, begin)
    if not key:
        raise cannot_parse(f'Empty attribute name in the tag "{tag}" at byte offset {byte_offset(source, start)}')
    position = _skip_space(source, position)
    if position < len(source) and source[position] != "=":
        return key, "", position
    position = _skip_space(source, position + 1)
    if position >= len(source):
        raise cannot_parse(f'Unclosed start tag "{tag}" at byte offset {byte_offset(source, start)}')
    quote = source[position]
    if quote not in "'\"":
        value, end = _match(_BARE_VALUE, source, position)
        if source[end : end + 1].strip() and source[end] != ">":
            raise cannot_parse(f"Unexpected end of name token at byte offset {byte_offset(source, position)}")
        value, end = value.lower(), end - 1
    else:
        end = source.find(quote, position + 1)
        value = "".join(_decoded(source[position + 1 : end]))
    if end < 0 or end + 1 >= len(source):
        raise cannot_parse(f"Unclosed start tag at byte offset {byte_offset(source, start)}")
    return key, value, end + 1


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
