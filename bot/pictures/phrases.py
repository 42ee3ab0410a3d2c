"""Words and numbers that pictures and their captions share: moves, amounts, and where something ends."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from bot.pictures.specs import Ending, Line, Mode
from bot.rendering.numbers import FAR, Numbers
from bot.rendering.words import Words

MODES: Final[dict[Mode, str]] = {
    "isolated": "mode.isolated",
    "cross": "mode.cross",
    "given": "picture.mode_given",
}
_TO_THE_UNIT: Final = 1000
MOST_ENDINGS: Final = 3
MOST_NAMES: Final = 3
"""How many are named on a side, and of each how many positions."""


class Phrases:
    """The phrases of one language."""

    def __init__(self, language: str) -> None:
        self._words = Words.of(language)
        self.numbers = Numbers.of(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence for `key`."""
        return self._words.label(key, **values)

    def move(self, move: Decimal) -> str:
        """A signed move: −21.1%, +5.0%; beyond 1,000 % only that it is."""
        if abs(move) > FAR:
            return self("picture.beyond")
        return ("−" if move < 0 else "+" if move else "") + self.numbers.percent(move)

    def step(self, move: Decimal) -> str:
        """A round move of an axis or a rung: −30%, +2.5%."""
        return ("−" if move < 0 else "+" if move else "") + self.numbers.rate(abs(move))

    def amount(self, value: Decimal | float, asset: str = "USDT") -> str:
        """An amount of an asset: whole from a thousand on, below that as precise as the asset is."""
        number = value if isinstance(value, Decimal) else Decimal(f"{value:.12g}")
        if abs(number) >= _TO_THE_UNIT:
            number = number.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return self.numbers.amount(number, asset)

    def footer(self, given: bool | None, *, mixed: bool = False) -> str:
        """The line at the bottom: what "now" is, and what a picture is not."""
        if given is None:
            return self("picture.footer")
        if given:
            return self("picture.footer_given_mixed" if mixed else "picture.footer_given")
        return self("picture.footer_entry_mixed" if mixed else "picture.footer_entry")

    def mode(self, mode: Mode) -> str:
        """The mode's name."""
        return self(MODES[mode])

    def market(self, subject: str) -> str:
        """What moves: "BTC", or the whole market."""
        return subject or self("picture.market")

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

    def gone(self, line: Line, span: Decimal, *, priced: bool) -> str:
        """What goes where within a range, the first few on each side, and what is gone already.

        priced: whether the prices stand behind it.
        """
        mode = self.mode(line.mode)
        shown = [each for each in (*line.fall[:MOST_ENDINGS], *line.rise[:MOST_ENDINGS]) if abs(each.at) <= span]
        if not shown:
            return self("picture.all_live", mode=mode, span=self.numbers.rate(span))
        said, parts = [], []
        for ending in shown:
            names, price = ", ".join(ending.names[:MOST_NAMES]), ending.price if priced else ""
            if ending.at:
                parts.append(f"{self.move(ending.at)} {names}" + (f" ({price})" if price else ""))
            else:
                key = "picture.gone_already_at" if ending.price else "picture.gone_already"
                said.append(self(key, mode=mode, names=names, price=ending.price))
        if parts:
            said.append(self("picture.gone_at", mode=mode, gone="; ".join(parts)))
        return " ".join(said)

    def verdict(self, line: Line) -> str:
        """Where a mode ends; where only some of its positions do, that they are the first, or gone already."""
        gone = [name for ending in line.fall if not ending.at for name in ending.names]
        if 0 < len(gone) < line.positions:
            return self("picture.verdict_gone", mode=self.mode(line.mode), names=", ".join(gone[:MOST_NAMES]))
        firsts = [ending for endings in (line.fall, line.rise) for ending in endings[:1]]
        some = any(len(ending.names) < line.positions for ending in firsts)
        key = "picture.verdict_first" if some else "picture.verdict"
        return self(key, mode=self.mode(line.mode), ends=self.endings(line.fall, line.rise))
