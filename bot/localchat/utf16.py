"""Telegram counts text in UTF-16 code units; Python in code points. The way from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units (an emoji counts 2)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def unit_offsets(text: str) -> Sequence[int]:
    """For each code point index of `text`, and for its end, the offset in UTF-16 code units."""
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate((2 if char > "\uffff" else 1 for char in text), initial=0))


def unit_slice(text: str, offset: int, length: int) -> str:
    """The part of `text` from `offset` on, `length` long, both in UTF-16 code units."""
    if text.isascii():
        return text[offset : offset + length]
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", "surrogatepass")
