"""Words and numbers on a picture: those of the person's language, as far as the shipped font has their letters."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Final

import matplotlib
from matplotlib.ft2font import FT2Font

from bot.pictures.specs import Ending, Mode
from bot.rendering.numbers import Numbers
from bot.rendering.words import Words

FONT: Final = "DejaVu Sans"
FAR: Final = Decimal(10)
"""A rise beyond 1,000 % is not written with its digits."""
_TO_THE_UNIT: Final = 1000


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


class Wording:
    """The words of a language where all of a sentence can be drawn, else English; numbers as the locale writes them."""

    def __init__(self, language: str) -> None:
        self._words, self._fallback = Words.of(language), Words.of(None)
        numbers = Numbers.of(language)
        # Digits that the font lacks: the locale's separators go with them.
        self.numbers = numbers if drawable(numbers.money(Decimal("-1234567.89"))) else Numbers.of(None)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence for `key` as it is drawn."""
        own = self._words.label(key, **values)
        return own if drawable(own) else with_letters(self._fallback.label(key, **values))

    def move(self, move: Decimal) -> str:
        """A signed move: −21.1%, +5.0%; beyond 1,000 % only that it is."""
        if abs(move) > FAR:
            return self("picture.beyond")
        return ("−" if move < 0 else "+" if move else "") + self.numbers.percent(move)

    def step(self, move: Decimal) -> str:
        """A round move of an axis or a rung: −30%, +2.5%."""
        return ("−" if move < 0 else "+" if move else "") + self.numbers.rate(abs(move))

    def amount(self, value: Decimal | float) -> str:
        """An amount: whole from a thousand on, to the cent below, six digits of tiny ones."""
        number = value if isinstance(value, Decimal) else Decimal(f"{value:.12g}")
        if abs(number) >= _TO_THE_UNIT:
            number = number.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return self.numbers.money(number)

    def mode(self, mode: Mode) -> str:
        """The mode's name."""
        return self(f"mode.{mode}")

    def market(self, subject: str) -> str:
        """What moves: "BTC", or the whole market."""
        return with_letters(subject) or self("picture.market")

    def endings(self, fall: tuple[Ending, ...], rise: tuple[Ending, ...]) -> str:
        """Where the first liquidation on each side is: "−31.7%, or +64.0%"; or that no move ends it."""
        down, up = (self.move(side[0].at) if side else "" for side in (fall, rise))
        if fall and not fall[0].at:
            return self("picture.now_dead")
        if rise and rise[0].at > FAR:
            up = ""
        if down and up:
            return self("picture.ends_both", down=down, up=up)
        if down:
            return self("picture.ends_down" if not rise else "picture.ends_down_far", down=down)
        if up:
            return self("picture.ends_up", up=up)
        return self("picture.ends_never" if not rise else "picture.ends_far")
