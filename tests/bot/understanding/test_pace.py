"""Reading takes time in proportion to the length of a message, whatever it is made of."""

import time

import pytest

from bot.understanding import understand
from bot.understanding.normalise import LONGEST

MATERIAL = (
    *("1,", "x1", "10x ", "1 000 ", "btc 1 000 ", "((((", "😀", "做多", "лонг ", "qwrtz ", "near ", "dydx "),
    *("btc ", "btc/eth ", "0.5 btc ", "long hype ", "long foox 4 ", "long btc 64k 20x ", "stop 62k tp 70k "),
    *(
        "wallet 5k ",
        "5k wallet and ",
        "10% of ",
        "if btc drops 10% ",
        "add 300 or ",
        "close btc and ",
        "liq? ",
        "\u200f. ",
        "BTCUSDT 0.5 64,000 63,500 61,100 ",
        "0.1 btc at 64k and ",
        "not long or short ",
        "close half and add 5 ",
        "funding 0.1% ",
        "twenty five hundred ",
        "两千",
        "btc to 50k long 64k ",
    ),
)


ATTEMPTS = 12


def _seconds(text: str) -> float:
    """Processor time of one reading."""
    start = time.process_time()
    understand(text)
    return time.process_time() - start


@pytest.mark.parametrize("material", MATERIAL)
def test_twice_the_text_takes_about_twice_the_time(material: str) -> None:
    text = material * LONGEST
    understand(text[: LONGEST // 2])
    half = whole = float("inf")
    for _ in range(ATTEMPTS):  # machines stall now and then: the least of each counts
        half, whole = min(half, _seconds(text[: LONGEST // 2])), min(whole, _seconds(text[:LONGEST]))
        if whole / half < 3.2:  # quadratic would be 4
            return
    pytest.fail(f"{whole / half:.1f} times as long for twice the text")
