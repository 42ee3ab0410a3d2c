"""How fast messages are read: usual ones, and the slowest that the longest message can be."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import Final

from bot.understanding import understand
from bot.understanding.normalise import LONGEST

USUAL: Final = (
    "long 0.5 btc at 64k 20x isolated what's my liq",
    "what if btc drops 10% and eth rises 5%",
    "cross 10k usdt: btc long 0.5@64000, sol long 100@150, eth short 4@3200",
    "how big can i go: btc long 64k stop 62k risk 100$",
    "add 300 to my eth short, new liq?",
    "why is my liq 61,234 and binance says 61,180",
    "📈 LONG #ETH/USDT\n\nEntry: 2510\nLeverage: 10x (Isolated)\nMargin: 200 USDT",
    "лонг биток 64к плечо 20 изолированная маржа 500$",
)
MATERIAL: Final = (
    *("1,", "x1", "10x ", "1 000 ", "btc 1 000 ", "((((", "😀", "做多", "лонг ", "qwrtz ", "near ", "dydx "),
    *("btc ", "btc/eth ", "0.5 btc ", "long hype ", "long foox 4 ", "long btc 64k 20x ", "stop 62k tp 70k "),
)
REPEATS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Milliseconds of processor time for one message.

    typical: the median of usual messages; slowest_usual: the slowest of them. longest: the slowest message of 4,096
    characters, made of `material`. ratio: the most that doubling the length multiplies the time by; 2 is linear.
    """

    typical: float
    slowest_usual: float
    longest: float
    material: str
    ratio: float

    def __str__(self) -> str:
        return (
            f"reading a message: {self.typical:.2f} ms typical, {self.slowest_usual:.2f} ms the slowest usual one, "
            f"{self.longest:.0f} ms at most ({LONGEST} characters of {self.material!r}), "
            f"x{self.ratio:.2f} when the length doubles"
        )


def pace() -> Pace:
    """Measures how fast messages are read, in a few seconds."""
    for text in USUAL:
        understand(text)
    usual = [_milliseconds(text, REPEATS) for text in USUAL]
    whole = {material: _milliseconds((material * LONGEST)[:LONGEST], 3) for material in MATERIAL}
    half = {material: _milliseconds((material * LONGEST)[: LONGEST // 2], 3) for material in MATERIAL}
    material = max(whole, key=lambda each: whole[each])
    return Pace(
        typical=statistics.median(usual),
        slowest_usual=max(usual),
        longest=whole[material],
        material=material,
        ratio=max(whole[each] / half[each] for each in MATERIAL),
    )


def _milliseconds(text: str, repeats: int) -> float:
    """The least processor time of several readings."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        understand(text)
        times.append(time.process_time() - start)
    return min(times) * 1000


if __name__ == "__main__":
    print(pace())
