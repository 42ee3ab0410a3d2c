"""Whatever is typed is read: no error, in bounded time, with slots of the documented form."""

import json
import time

from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import Context, parsed_json, understand, understand_slot
from bot.understanding.normalise import LONGEST

TOKENS = st.sampled_from(
    (
        *("long", "short", "btc", "eth", "sol", "xrp", "near", "all", "alts", "market", "btcusdt", "$LINK", "1000pepe"),
        *(
            "0.5",
            "64k",
            "64.000",
            "3,200",
            "20x",
            "x10",
            "10%",
            "-10%",
            "+-5",
            "$500",
            "500 usdt",
            "0.1btc",
            "58 900",
            "1e9",
        ),
        *(
            "@",
            "at",
            "entry",
            "stop",
            "tp1",
            "liq",
            "margin",
            "wallet",
            "balance",
            "cross",
            "iso",
            "vs",
            "or",
            "if",
            "what if",
        ),
        *(
            "add",
            "withdraw",
            "close",
            "open",
            "switch",
            "to",
            "risk",
            "of",
            "how much",
            "how far",
            "drops",
            "rises",
            "beta",
        ),
        *(
            ",",
            ".",
            "\n",
            ":",
            "-",
            "+",
            "/",
            "?",
            "📉",
            "🟢",
            "做多",
            "лонг",
            "плечо",
            "why",
            "what is",
            "funding",
            "8h",
            "7d",
        ),
        *(
            "saved:",
            "added",
            "more",
            "now",
            "mark",
            "price",
            "contracts",
            "coin-m",
            "collateral",
            "10/10",
            "same",
            "usdc",
        ),
    )
)
MESSAGES = st.lists(TOKENS, max_size=30).map(" ".join)


@given(st.text(max_size=500))
def test_any_text_is_read_without_an_error(text: str) -> None:
    json.dumps(parsed_json(understand(text, Context(symbols=("BTC",)))), allow_nan=False)


@given(MESSAGES)
def test_any_mixture_of_trading_words_is_read_without_an_error(text: str) -> None:
    reading = understand(text)
    json.dumps(parsed_json(reading), allow_nan=False)
    for other in (*reading.also, *reading.alternatives):
        json.dumps(parsed_json(other), allow_nan=False)


@given(MESSAGES)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert understand(text) == understand(text)


@given(
    st.sampled_from(("size", "entry", "side", "balance", "stop", "target", "leverage", "symbol", "mode", "?")), MESSAGES
)
def test_any_answer_to_any_question_is_read_without_an_error(slot: str, text: str) -> None:
    understand_slot(slot, text, "BTC")


@given(st.text(max_size=40))
def test_what_lies_beyond_the_longest_message_changes_nothing(tail: str) -> None:
    head = "long btc 64k 20x ".ljust(LONGEST, "z")
    assert understand(head + tail) == understand(head)


def test_a_usual_message_takes_about_a_millisecond() -> None:
    text = "long 0.5 btc at 64k 20x isolated what's my liq"
    understand(text)
    start = time.perf_counter()
    for _ in range(50):
        understand(text)
    assert (time.perf_counter() - start) / 50 < 0.02  # ten times the measured value: machines stall
