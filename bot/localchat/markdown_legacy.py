"""Telegram's old Markdown (parse_mode "Markdown") -> plain text and message entities: nothing nests."""

from __future__ import annotations

from bot.localchat.entities import tidy
from bot.localchat.html_tags import byte_offset, cannot_parse
from bot.localchat.links import link_details
from bot.localchat.markdown import block_start
from bot.localchat.model import Json
from bot.localchat.utf16 import units

_MARKS = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    """The text that a person sees and its entities; a Refusal (400) with Telegram's words for broken markup."""
    parts: list[str] = []
    length = position = 0
    found: list[Json] = []
    while position < len(source):
        char = source[position]
        if char == "\\" and source[position + 1 : position + 2] in tuple(_MARKS):
            position += 1
            piece, details, position = source[position], None, position + 1
        elif char in _MARKS:
            piece, details, position = _entity(source, position)
        else:
            piece, details, position = char, None, position + 1
        if details is not None and piece:
            found.append({"offset": length, "length": units(piece), **details})
        parts.append(piece)
        length += units(piece)
    return tidy("".join(parts), found)


def _entity(source: str, start: int) -> tuple[str, Json | None, int]:
    """The words of the entity that begins here, what it is (None for a link that is none), and where it ends."""
    char = source[start]
    mark = "```" if source.startswith("```", start) else "]" if char == "[" else char
    position, language = start + (3 if mark == "```" else 1), ""
    if mark == "```":
        language, position = block_start(source, position)
    end = source.find(mark, position)
    if end < 0:
        at = byte_offset(source, start)
        raise cannot_parse(f"Can't find end of the entity starting at byte offset {at}")
    words, behind = source[position:end], end + len(mark)
    if mark == "```":
        return words, {"type": "pre", "language": language} if language else {"type": "pre"}, behind
    if char != "[":
        return words, {"type": _MARKS[char]}, behind
    if not source.startswith("(", behind):
        return words, link_details(words), behind
    closing = source.find(")", behind)
    closing = len(source) if closing < 0 else closing
    return words, link_details(source[behind + 1 : closing]), closing + 1
