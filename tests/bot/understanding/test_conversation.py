"""Messages that go on from the last question, several asks in one, and how a reading can be traced."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.understanding import Context, parsed_json, public_kind, understand
from bot.understanding.readings import FRESH
from bot.understanding.trace import trace


@pytest.mark.parametrize(
    ("text", "follow", "slots"),
    [
        ("same but 20x", "slots", {"leverage": 20}),
        ("what about 20x", "slots", {"leverage": 20}),
        ("and cross?", "slots", {"mode": "cross"}),
        ("and iso", "slots", {"mode": "isolated"}),
        ("make it short", "slots", {"side": "short"}),
        ("make it 5 btc", "slots", {"symbol": "BTC", "qty": 5}),
        ("eth too", "too", {"symbol": "ETH"}),
        ("same for sol", "too", {"symbol": "SOL"}),
        ("and eth?", "too", {"symbol": "ETH"}),
        ("what about eth", "too", {"symbol": "ETH"}),
    ],
)
def test_a_short_message_says_what_it_changes_of_the_last_question(
    text: str, follow: str, slots: dict[str, object]
) -> None:
    reading = understand(text)
    assert (reading.kind, reading.follow) == ("position", follow)
    assert parsed_json(reading)["positions"] == [slots]


@pytest.mark.parametrize(("text", "pct"), [("-10", -10), ("+15%", 15), ("what about -25", -25)])
def test_a_bare_move_is_one_of_the_whole_market(text: str, pct: int) -> None:
    reading = understand(text)
    assert (reading.kind, reading.follow) == ("whatif", "move")
    assert parsed_json(reading)["shocks"] == [{"target": "ALL", "pct": pct}]


@pytest.mark.parametrize("text", ["undo", "revert that", "отмени", "deshacer", "take it back please"])
def test_a_change_is_taken_back_in_any_language(text: str) -> None:
    reading = understand(text)
    assert (reading.follow, public_kind(reading)) == ("undo", "smalltalk")


def test_the_working_of_the_last_answer_is_asked_for() -> None:
    assert understand("show me the math").follow == "steps"


@pytest.mark.parametrize(
    "text", ["long 0.5 btc 64k 20x", "what if btc drops 10%", "is isolated safer", "thx", "btc 63k now"]
)
def test_what_stands_alone_follows_nothing(text: str) -> None:
    assert understand(text).follow is None


def test_a_price_finds_the_coin_of_a_fresh_card_only() -> None:
    fresh, old = timedelta(minutes=5), FRESH + timedelta(seconds=1)
    assert understand("price now 63k", Context(symbols=("BTC",), age=fresh)).parsed.marks == {"BTC": Decimal(63000)}
    assert understand("price now 63k", Context(symbols=("BTC",), age=old)).missing == ("symbol",)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("liq for long 1 eth 3000 10x iso? also what is maintenance margin", ["position", "faq"]),
        ("what if btc drops 10%? and how much do i need to add to survive -30%?", ["whatif", "addmargin"]),
        ("what if btc drops 10%? what if eth doubles?", ["whatif", "whatif"]),
        ("compare iso and cross for long 1 eth 3200 10x wallet 1k. whats mark price?", ["compare", "faq"]),
        ("everything -15%. is isolated safer? also whats mark price", ["whatif", "faq", "faq"]),
    ],
)
def test_several_asks_are_kept_in_their_order(text: str, kinds: list[str]) -> None:
    reading = understand(text)
    assert [reading.kind, *(other.kind for other in reading.also)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "how much do i lose in iso vs cross if btc goes to 55k. long 1 btc 64k 10x 10k wallet",
        "bought 0.3 btc @ 58 900, 3x, when do i get rekt",
        "btc short 70k 25x sl 71k, does my stop hit before liq?",
        "switch my sol long to cross, whats the new liq",
        "isolated or cross? long 2 eth 3100 20x, 1500 usdt wallet",
        "if i close my sol long, how far can btc fall",
        "📈 LONG #ETH/USDT\n\nEntry: 2510\nLeverage: 10x (Isolated)\nMargin: 200 USDT\n\nGood luck ✅",
    ],
)
def test_what_completes_an_ask_is_no_other_one(text: str) -> None:
    assert understand(text).also == ()


def test_a_trace_shows_tokens_candidates_and_the_verdict() -> None:
    (ask,) = trace("btc long 64.000 0,5 20x")
    assert isinstance(ask, dict)
    assert [token["type"] for token in ask["tokens"]] == ["coin", "long", "number", "number", "number"]
    assert ask["tokens"][2]["values"] == ["64", "64000"]
    assert ask["won"].startswith("position")
    scores = [candidate["score"] for candidate in ask["candidates"]]
    assert scores == sorted(scores, reverse=True)


def test_a_trace_has_one_part_for_each_ask() -> None:
    assert len(trace("long 1 eth 3000 10x iso liq? also what is maintenance margin")) == 2


def test_a_reading_that_loses_a_number_gives_way_to_one_that_does_not() -> None:
    (ask,) = trace("survive -40% on eth how much can i long with 2k")
    assert isinstance(ask, dict)
    best, *others = ask["candidates"]
    assert best["lost"] == []
    assert all(other["score"] <= best["score"] for other in others)


@pytest.mark.parametrize(
    ("text", "figure"),
    [("add 300 to my eth short, 77", "77"), ("what if btc drops 10%, 3 coins", "3")],
)
def test_a_number_without_a_place_is_named_whatever_is_asked(text: str, figure: str) -> None:
    reading = understand(text)
    assert figure in reading.unread
    assert any(f"{figure} was said too" in entry for entry in reading.assumed)


def test_bare_money_beside_a_size_question_is_the_wallet_and_says_so() -> None:
    reading = understand("size btc long 64k stop 62k risk 50, 7777")
    assert parsed_json(reading)["account"] == {"balance": 7777}
    assert "wallet: 7777 taken as the wallet balance" in reading.assumed
