"""Words and numbers on a picture: those of the person's language, as far as the shipped font has their letters."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

import matplotlib
from matplotlib.ft2font import FT2Font

from bot.pictures.phrases import Phrases
from bot.rendering.numbers import Numbers
from bot.rendering.words import Words

FONT: Final = "DejaVu Sans"


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    folder = f"{matplotlib.get_data_path()}/fonts/ttf"
    regular, bold = (FT2Font(f"{folder}/{name}.ttf").get_charmap() for name in ("DejaVuSans", "DejaVuSans-Bold"))
    return frozenset(regular) & frozenset(bold)


def drawable(text: str) -> bool:
    """Whether the shipped font has every letter of a text."""
    return all(ord(letter) in _letters() for letter in text if letter != "\n")


def with_letters(text: str) -> str:
    """A text with "…" in place of what the shipped font has no letters for; the caption has the full name."""
    kept = "".join(letter if drawable(letter) else "\0" for letter in text)
    while "\0\0" in kept:
        kept = kept.replace("\0\0", "\0")
    return kept.replace("\0", "…")


class Wording(Phrases):
    """The phrases of a language where a sentence can be drawn, else English; numbers as the locale writes them."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self._fallback = Words.of(None)
        if not drawable(self.numbers.money(Decimal("-1234567.89"))):  # its digits are not in the font
            self.numbers = Numbers.of(None)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence for `key` as it is drawn."""
        own = super().__call__(key, **values)
        return own if drawable(own) else with_letters(self._fallback.label(key, **values))
