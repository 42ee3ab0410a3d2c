"""Short turns of a talk: what they want done with the last answer."""

from decimal import Decimal

import pytest

from bot.understanding.turns import Do, read_turn


@pytest.mark.parametrize(
    ("text", "do", "number", "other"),
    [
        ("flip it", "flip", None, None),
        ("Reverse that!", "flip", None, None),
        ("the other way round", "flip", None, None),
        ("why?", "why", None, None),
        ("how come?", "why", None, None),
        ("2x size", "scale", "2", None),
        ("size 3x", "scale", "3", None),
        ("1.5x the position", "scale", "1.5", None),
        ("half the size", "scale", "0.5", None),
        ("triple it", "scale", "3", None),
        ("eth instead", "instead", None, "ETH"),
        ("use sol instead", "instead", None, "SOL"),
        ("drop the eth", "drop", None, "ETH"),
        ("without eth", "drop", None, "ETH"),
        ("sl 61.5k", "stop", "61500", None),
        ("stop loss at 61500", "stop", "61500", None),
        ("take profit 70k", "target", "70000", None),
        ("at 3300", "price", "3300", None),
        ("and at 65k?", "price", "65000", None),
        ("65k", "number", "65000", None),
        ("and with 5k?", "number", "5000", None),
        ("and on bybit?", "venue", None, "bybit"),
        ("and cross?", "slots", None, None),
        ("переверни", "flip", None, None),
        ("dreh es um", "flip", None, None),
        ("al revés", "flip", None, None),
        ("doppelte größe", "scale", "2", None),
        ("la mitad", "scale", "0.5", None),
        ("翻倍", "scale", "2", None),
        ("und mit 5k?", "number", "5000", None),
        ("eth stattdessen", "instead", None, "ETH"),
        ("ohne eth", "drop", None, "ETH"),
        ("стоп 61.5k", "stop", "61500", None),
        ("y cruzado?", "slots", None, None),
        ("warum?", "why", None, None),
        ("10x?", "slots", None, None),
    ],
)
def test_a_turn_is_read_as_a_whole(text: str, do: Do, number: str | None, other: str | None) -> None:
    turn = read_turn(text, "BTC")
    assert turn is not None
    assert (turn.do, turn.number, turn.coin or turn.venue) == (do, Decimal(number) if number else None, other)


@pytest.mark.parametrize(
    "text",
    ["", "hello", "lol nice", "undo", "eth too", "-5", "5%", "tp 10%", "stop", "what if btc drops 10%", "why is it 61k",
     "drop everything", "instead", "flip a coin", "double btc at 64k", "x" * 61],
)  # fmt: skip
def test_any_other_text_is_no_turn(text: str) -> None:
    assert read_turn(text, "BTC") is None


def test_a_turn_may_be_meant_for_all_positions() -> None:
    for text in ("10x for both", "both 10x", "10x on all of them"):
        turn = read_turn(text)
        assert turn is not None
        assert (turn.do, turn.all, turn.text) == ("slots", True, "10x"), text
