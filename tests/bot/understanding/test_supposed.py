"""Short words of a what-if card, each read as a whole message or not at all."""

from decimal import Decimal

import pytest

from bot.understanding.supposed import Word, word_of

HALF = Decimal("0.5")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("add 500 margin", Word(what="margin", amount=Decimal(500))),
        ("add 1.5k margin to my btc long", Word(what="margin", coin="BTC", side="long", amount=Decimal(1500))),
        ("what if i add 250 usdt to eth", Word(what="margin", coin="ETH", amount=Decimal(250))),
        ("deposit 1000", Word(what="deposit", amount=Decimal(1000))),
        ("add 1,000 to my wallet", Word(what="deposit", amount=Decimal(1000))),
        ("close half", Word(what="close", amount=HALF)),
        ("close half of my eth short", Word(what="close", coin="ETH", side="short", amount=HALF)),
        ("cut a quarter", Word(what="close", amount=Decimal("0.25"))),
        ("close 30% of btc", Word(what="close", coin="BTC", amount=Decimal("0.3"))),
        ("close my sol", Word(what="close", coin="SOL", amount=Decimal(1))),
        ("close all", Word(what="close", amount=Decimal(1))),
        ("20x instead", Word(what="leverage", amount=Decimal(20))),
        ("5x", Word(what="leverage", amount=Decimal(5))),
        ("10x on eth", Word(what="leverage", coin="ETH", amount=Decimal(10))),
        ("switch to cross", Word(what="mode", mode="cross")),
        ("switch btc to isolated", Word(what="mode", coin="BTC", mode="isolated")),
        ("funding 0.05% for 3 days", Word(what="funding", amount=Decimal("0.05"), days=Decimal(3))),
        ("funding -0.01% per 8h for 10d", Word(what="funding", amount=Decimal("-0.01"), days=Decimal(10))),
        ("with betas", Word(what="betas")),
        ("without betas", Word(what="betas", on=False)),
        ("Reset!", Word(what="reset")),
        ("undo", Word(what="undo")),
        ("ladder", Word(what="ladder")),
        ("2020-03-12 again", Word(what="event", event="2020-03-12")),
        ("schließe die hälfte", Word(what="close", amount=HALF)),
        ("cerrar la mitad", Word(what="close", amount=HALF)),
        ("закрыть половину eth", Word(what="close", coin="ETH", amount=HALF)),
        ("auf cross umstellen", Word(what="mode", mode="cross")),
        ("what if i halve my position", Word(what="close", amount=HALF)),
        ("сброс", Word(what="reset")),
        ("ftx again", Word(what="event", event="2022-11-06")),
    ],
)
def test_a_short_word_is_read(text: str, word: Word) -> None:
    assert word_of(text) == word


@pytest.mark.parametrize(
    "text",
    ["", "abc", "add margin", "close", "close 130%", "close half of my frobcoin", "switch", "long 0.5 btc 64k 20x",
     "-10", "btc -10", "add 500 margin and sell my car", "long 20x", "funding 3 days", "what if btc drops 10%"],
)  # fmt: skip
def test_anything_else_is_left_alone(text: str) -> None:
    assert word_of(text) is None
