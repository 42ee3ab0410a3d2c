"""Telegram's MarkdownV2 -> plain text and message entities.

The text is walked character by character with a stack of what is open. A line that begins with ">" is a quote; it goes
on while the lines after it begin so too, and "||" at its very end makes it expandable.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.localchat.entities import tidy
from bot.localchat.html_tags import byte_offset, cannot_parse
from bot.localchat.links import LinkError, link_details, linked_emoji
from bot.localchat.model import Json

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!\n")
_BLANK = " \t\r\n\v\0"
_ENDS = {
    "Bold": "*",
    "Italic": "_",
    "Underline": "__",
    "Strikethrough": "~",
    "Spoiler": "||",
    "Code": "`",
    "Pre": "```",
    "PreCode": "```",
    "TextUrl": "]",
    "CustomEmoji": "]",
}
_BEGINS = (
    ("__", "Underline"),
    ("_", "Italic"),
    ("*", "Bold"),
    ("~", "Strikethrough"),
    ("||", "Spoiler"),
    ("```", "Pre"),
    ("`", "Code"),
    ("![", "CustomEmoji"),
    ("[", "TextUrl"),
)
_VERBATIM = frozenset({"Code", "Pre", "PreCode"})
_TYPES = {"Pre": "pre", "PreCode": "pre", "ExpandableBlockQuote": "expandable_blockquote"}


@dataclass(slots=True, kw_only=True)
class _Open:
    """An entity whose end has not come yet: `at` in the source, `start` in units of the text, `parts` pieces before."""

    kind: str
    at: int
    start: int
    parts: int
    language: str = ""


@dataclass(slots=True)
class _Reader:
    source: str
    position: int = 0
    length: int = 0
    parts: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    found: list[Json] = field(default_factory=list)
    quoting: bool = False
    line_start: bool = True

    def put(self, char: str) -> None:
        """A character that people see."""
        self.parts.append(char)
        self.length += 2 if char > "\uffff" else 1
        if char != "\r":
            self.line_start = char == "\n"


def parse_markdown_v2(source: str) -> tuple[str, list[Json]]:
    """The text that a person sees and its entities; a Refusal (400) with Telegram's words for broken markup."""
    reader = _Reader(source)
    while reader.position < len(source):
        _step(reader)
    _end_of_text(reader)
    return tidy("".join(reader.parts), reader.found)


def _step(reader: _Reader) -> None:
    source, at = reader.source, reader.position
    char = source[at]
    if char == "\\" and at + 1 < len(source) and "\0" < source[at + 1] <= "~":
        reader.put(source[at + 1])
        reader.position += 2
        return
    verbatim = bool(reader.open) and reader.open[-1].kind in _VERBATIM
    if char != "`" if verbatim else char not in _RESERVED:
        reader.put(char)
        reader.position += 1
    elif reader.open and _ends(reader, char):
        _close(reader, char)
    else:
        _begin(reader, char)


def _ends(reader: _Reader, char: str) -> bool:
    """Whether the innermost open entity ends here."""
    source, at = reader.source, reader.position
    if reader.quoting and char == "\n" and not source.startswith(">", at + 1):
        return True
    kind = reader.open[-1].kind
    if kind == "Italic":
        return char == "_" and not source.startswith("_", at + 1)
    return kind in _ENDS and source.startswith(_ENDS[kind], at)


def _begin(reader: _Reader, char: str) -> None:
    source, at = reader.source, reader.position
    if char == "\n":
        reader.put(char)
        reader.position += 1
        return
    if char == ">" and reader.line_start:
        if not reader.quoting:
            reader.quoting = True
            _open(reader, "BlockQuote")
        reader.position += 1
        return
    mark, kind = next(((mark, kind) for mark, kind in _BEGINS if source.startswith(mark, at)), ("", ""))
    if not mark:
        raise cannot_parse(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
    opened = _open(reader, kind)
    reader.position += len(mark)
    if kind == "Pre":
        opened.language, reader.position = block_start(source, reader.position)
        opened.kind = "PreCode" if opened.language else "Pre"


def _open(reader: _Reader, kind: str) -> _Open:
    opened = _Open(kind=kind, at=reader.position, start=reader.length, parts=len(reader.parts))
    reader.open.append(opened)
    return opened


def block_start(source: str, position: int) -> tuple[str, int]:
    """The language that a block of code begins with ("" for none), and where its text begins."""
    end = position
    while end < len(source) and source[end] not in _BLANK and source[end] != "`":
        end += 1
    language = source[position:end] if end < len(source) and source[end] != "`" else ""
    position += len(language)
    if source.startswith(("\n\r", "\r\n"), position):
        return language, position + 2
    return language, position + (1 if source.startswith(("\n", "\r"), position) else 0)


def _close(reader: _Reader, char: str) -> None:
    opened = reader.open[-1]
    if char == "\n":
        _close_quote(reader, reader.position)
        reader.put(char)
        reader.position += 1
        return
    reader.position += len(_ENDS[opened.kind])
    details = _details(reader, opened)
    if details is not None and reader.length > opened.start:
        reader.found.append({"offset": opened.start, "length": reader.length - opened.start, **details})
    reader.open.pop()


def _close_quote(reader: _Reader, end: int) -> None:
    """End the quote at `end` of the source; "||" right before it makes it expandable."""
    kind = "BlockQuote"
    opened = reader.open[-1]
    if opened.kind == "Spoiler" and reader.source[opened.at + 2 : end] in ("", "\r"):
        reader.open.pop()
        kind = "ExpandableBlockQuote"
    opened = reader.open[-1]
    if opened.kind != "BlockQuote":
        raise _no_end(reader, opened)
    line_end = 1 if end < len(reader.source) else 0  # the line's end is part of the quote
    length = reader.length + line_end - opened.start
    if length:
        reader.found.append({"offset": opened.start, "length": length, "type": _TYPES.get(kind, "blockquote")})
    reader.open.pop()
    reader.quoting = False


def _details(reader: _Reader, opened: _Open) -> Json | None:
    """Type and other fields of the entity that is closed, or None when it makes none (a link that is none)."""
    if opened.kind == "TextUrl":
        url = _address(reader, "a URL")
        if url is None:
            url = "".join(reader.parts[opened.parts :])
        return link_details(url)
    if opened.kind == "CustomEmoji":
        url = _address(reader, "a custom emoji URL")
        if url is None:
            raise cannot_parse("Custom emoji entity must contain a tg://emoji URL")
        try:
            return {"type": "custom_emoji", "custom_emoji_id": linked_emoji(url)}
        except LinkError as error:
            raise cannot_parse(str(error)) from None
    details: Json = {"type": _TYPES.get(opened.kind, opened.kind.lower())}
    if opened.language:
        details["language"] = opened.language
    return details


def _address(reader: _Reader, what: str) -> str | None:
    """The address in parentheses right behind, unescaped; None when there is none."""
    source, begin = reader.source, reader.position + 1
    if not source.startswith("(", reader.position):
        return None
    url: list[str] = []
    at = begin
    while at < len(source) and source[at] != ")":
        if source[at] == "\\" and at + 1 < len(source) and "\0" < source[at + 1] <= "~":
            at += 1
        url.append(source[at])
        at += 1
    if at >= len(source):
        raise cannot_parse(f"Can't find end of {what} at byte offset {byte_offset(source, begin)}")
    reader.position = at + 1
    return "".join(url)


def _end_of_text(reader: _Reader) -> None:
    if reader.quoting:
        opened = reader.open[-1]
        ending = opened.kind == "BlockQuote" or (opened.kind == "Spoiler" and opened.at == len(reader.source) - 2)
        if ending:
            _close_quote(reader, len(reader.source))
    if reader.open:
        raise _no_end(reader, reader.open[-1])


def _no_end(reader: _Reader, opened: _Open) -> Exception:
    at = byte_offset(reader.source, opened.at)
    return cannot_parse(f"Can't find end of {opened.kind} entity at byte offset {at}")
