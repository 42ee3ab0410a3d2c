"""Short messages that go on from the last question: recognised as such, and never taken for a trade of their own."""

from decimal import Decimal

import pytest

from bot.understanding import Context, parsed_json, understand
from bot.understanding.trace import trace

CARD = Context(symbols=("BTC",))


@pytest.mark.parametrize(
    ("text", "follow"),
    [
        *((text, "flip") for text in ("flip it", "reverse", "other way", "reverse it", "the opposite", "switch sides")),
        *((text, "steps") for text in ("why?", "how?", "explain", "how come", "why tho", "explain please")),
        *((text, "plan") for text in ("sl 61.5k", "tp 70k", "sl 60k tp 70k", "move stop to 62k")),
        *((text, "scale") for text in ("2x size", "half size", "double it", "half it", "twice the size", "halve it")),
        *((text, "close") for text in ("close it", "close half", "close 30%", "close everything")),
        *((text, "price") for text in ("65k", "50k?", "at 65k?", "at 65k", "65,000")),
        *((text, "instead") for text in ("eth instead", "what about sol instead")),
        *((text, "too") for text in ("same for eth", "eth too")),
        *((text, "move") for text in ("-10", "+5", "-10 -20", "-5, -10, -20")),
    ],
)
def test_a_follow_up_has_its_kind(text: str, follow: str) -> None:
    reading = understand(text, CARD)
    assert reading.follow == follow
    assert not any(slots.side or slots.entry for slots in reading.parsed.positions or ())


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("5x?", {"leverage": 5}),
        ("and cross?", {"mode": "cross"}),
        ("make it 5x", {"leverage": 5}),
        ("20x instead", {"leverage": 20}),
        ("x2", {"leverage": 2}),
        ("what if i was short", {"side": "short"}),
        ("change to short", {"side": "short"}),
        ("flip it to long", {"side": "long"}),
    ],
)
def test_single_slots_change_the_last_question(text: str, slots: dict[str, object]) -> None:
    reading = understand(text, CARD)
    assert (reading.kind, reading.follow) == ("position", "slots")
    assert parsed_json(reading)["positions"] == [slots]


@pytest.mark.parametrize(
    ("text", "scale"),
    [("2x size", "2"), ("half the size", "0.5"), ("double it", "2"), ("triple the size", "3"), ("10x the size", "10")],
)
def test_a_factor_of_the_size_is_no_leverage(text: str, scale: str) -> None:
    reading = understand(text, CARD)
    assert reading.scale == Decimal(scale)
    assert reading.parsed.positions is None


def test_a_price_alone_may_be_the_entry_or_where_the_coin_goes() -> None:
    told, asked = understand("65k", CARD), understand("65k?", CARD)
    assert [each.kind for each in told.alternatives] == ["position", "whatif"]
    assert [each.kind for each in asked.alternatives] == ["whatif", "position"]
    assert parsed_json(asked.alternatives[0])["shocks"] == [{"target": "BTC", "price": 65_000}]


@pytest.mark.parametrize("text", ["5", "20", "3200"])
def test_a_number_that_is_no_price_of_the_card_says_nothing(text: str) -> None:
    assert understand(text, CARD).follow is None


def test_money_alone_is_the_wallet_or_the_margin() -> None:
    reading = understand("and with 5k?", CARD)
    wallet, margin = reading.alternatives
    assert reading.follow == "money"
    assert parsed_json(wallet)["account"] == {"balance": 5000}
    assert parsed_json(margin)["positions"] == [{"margin": 5000}]


def test_another_venue_is_a_slot() -> None:
    reading = understand("and on bybit?", CARD)
    assert (reading.follow, reading.parsed.venue) == ("slots", "bybit")


def test_the_steps_of_a_ladder_are_kept() -> None:
    reading = understand("ladder -5 -10 -20")
    assert list(reading.ladder) == [-5, -10, -20]
    assert parsed_json(reading)["shocks"] == [{"target": "ALL", "range_pct": [-20, -5]}]


def test_a_liquidation_price_alone_is_the_exchanges() -> None:
    reading = understand("liq 58000?", CARD)
    assert (reading.kind, reading.parsed.topic) == ("explain", "venue_mismatch")
    assert reading.venue_liquidation == 58_000


@pytest.mark.parametrize(
    "text",
    ["long 0.5 btc 64k 20x", "close half of my long 0.5 btc 64k 20x", "btc drops 10%, why", "short 2x size eth 3200"],
)
def test_a_trade_is_no_short_follow_up(text: str) -> None:
    assert understand(text, CARD).follow is None


def test_a_trace_says_why_a_follow_up_is_one() -> None:
    (ask,) = trace("flip it")
    assert isinstance(ask, dict)
    assert "goes on from the last question" in str(ask["won"])
