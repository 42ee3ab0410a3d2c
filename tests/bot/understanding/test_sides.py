"""Sides that are said and not meant: denied, taken back, or left open."""

import pytest

from bot.understanding import understand

TRADE = "0.5 btc 64k 20x"


def _sides(text: str) -> list[str | None]:
    return [slots.side for slots in understand(text).parsed.positions or ()]


@pytest.mark.parametrize(
    "text",
    [
        f"not long but short {TRADE}",
        f"long {TRADE} i mean short",
        f"long {TRADE}, sorry, short",
        f"dont long, short {TRADE}",
    ],
)
def test_the_side_that_is_meant_is_taken(text: str) -> None:
    assert _sides(text) == ["short"]


@pytest.mark.parametrize(
    "text", [f"long or short? {TRADE}", f"long/short {TRADE}", f"dont long {TRADE}", f"should i long or short {TRADE}"]
)
def test_a_side_that_is_left_open_is_asked_for(text: str) -> None:
    assert _sides(text) == [None]
    assert understand(text).missing == ("side",)


def test_both_legs_of_a_hedge_stay() -> None:
    assert _sides("hedge mode btc long 1 62k 10x, short 0.4 65k 10x") == ["long", "short"]
