"""The questions that people ask most, each in several wordings."""

import pytest

from bot.understanding import understand
from bot.understanding.topics import asks_advice

ASKED = {
    "mode_switch": ("can i switch mode with a position open", "can I change margin mode while in a trade"),
    "cross_liquidation_chance": (
        "does cross raise my chance of liquidation",
        "is cross more likely to be liquidated",
        "does cross margin increase liquidation risk",
    ),
    "is_isolated_safer": ("is isolated safer", "is isolated safer than cross", "which is safer, isolated or cross"),
    "pros_use": ("what do professionals use", "what do pros use", "do professional traders use cross or isolated"),
    "low_leverage": (
        "does isolated make sense at low leverage",
        "does isolated make sense at 5x",
        "is isolated worth it at 3x",
    ),
    "cross_liquidation_process": (
        "what happens when a cross account is liquidated",
        "what happens when my cross account gets liquidated",
        "what happens if cross gets liquidated",
    ),
    "rest_of_margin": (
        "who gets the rest of the margin",
        "who keeps the rest of the margin after liquidation",
        "where does the leftover margin go",
    ),
    "venue_mismatch": (
        "why does my exchange show another price",
        "why does binance show a different liquidation price",
    ),
    "liquidation_price": ("margin set to $2 on a $100 trade, liq at 98, why?",),
    "mode_choice_high_leverage": ("which mode for 100x", "is isolated better for 50x"),
}


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in ASKED.items() for text in texts])
def test_a_question_that_is_often_asked_finds_its_topic(topic: str, text: str) -> None:
    assert understand(text).parsed.topic == topic


@pytest.mark.parametrize("text", ["should I long btc?", "should i buy eth", "long or short btc?"])
def test_what_to_buy_or_sell_is_told_apart(text: str) -> None:
    assert asks_advice(text)
    assert understand(text).kind == "unknown"


def test_a_trade_asks_for_no_advice() -> None:
    assert not asks_advice("long btc 64000 20x")
