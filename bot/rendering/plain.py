"""A screen as plain text, for the terminal and for programs: what a person would read, without markup or buttons."""

from __future__ import annotations

import html
import re

from bot.dialogue import Screen

_TAG = re.compile(r"<[^<>]*>")


def plain_text(screen: Screen) -> str:
    """The text of `screen` without markup. Letters that were escaped are themselves again."""
    return html.unescape(_TAG.sub("", str(screen.text)))


def clipped(text: str, most: int) -> str:
    """The text, with an ellipsis as the last of its `most` letters where it is longer."""
    return text if len(text) <= most else text[: most - 1] + "…"
