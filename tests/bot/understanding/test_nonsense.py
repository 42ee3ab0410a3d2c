"""What is no trading message must not come out as one."""

import pytest

from bot.understanding import understand

NONSENSE = (
    "asdf",
    "lol 5",
    "hello",
    "🚀🚀🚀",
    "5",
    "64000",
    "what is the weather",
    "i love btc",
    "i was thinking about buying a car",
    "sell me a pen",
    "call me at 5",
    "meeting at 10 in near future",
    "it costs 20 usd",
    "long time no see",
    "in short, no",
    "one more time",
    "i got 99 problems",
    "the 4 of us",
    "buy milk",
    "1 2 3",
    "long day at work, 20 more minutes",
    "",
    "   ",
    "/",
    "????",
)
KINDS = (
    ("hello", "smalltalk"),
    ("gm", "smalltalk"),
    ("thanks bot", "smalltalk"),
    ("/start", "smalltalk"),
    ("/help@SomeBot", "smalltalk"),
    ("/quiz", "quiz"),
    ("start the quiz", "quiz"),
    ("/settings", "settings"),
    ("my positions", "portfolio"),
    ("show portfolio", "portfolio"),
    ("/portfolio", "portfolio"),
    ("asdf", "unknown"),
)


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_small_talk_or_unknown(text: str) -> None:
    assert understand(text).kind in ("smalltalk", "unknown")


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_commands_and_greetings_have_their_kind(text: str, kind: str) -> None:
    assert understand(text).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "long 0.5 btc at near 64k 20x",
        "btc long 64k and one last thing",
        "long btc 64k with one position and all in",
        "just long btc 64k now not later",
    ],
)
def test_everyday_words_are_not_read_as_coins_beside_a_coin(text: str) -> None:
    positions = understand(text).parsed.positions or ()
    assert [slots.symbol for slots in positions] == ["BTC"]


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("long near 5.2 20x", "NEAR"),
        ("short OP 1.85 10x", "OP"),
        ("$LINK long 14.2 10x", "LINK"),
        ("#APE short 1.2 5x", "APE"),
        ("opusdt long 1.85 10x", "OP"),
        ("sui/usdt long 3.1 10x", "SUI"),
        ("XBTUSD short 64000 10x", "BTC"),
        ("kpepe long 0.009 10x", "1000PEPE"),
        ("bitcoin cash long 400 10x", "BCH"),
        ("etherum short 3200 10x", "ETH"),
        ("JTO long 3.2 10x", "JTO"),
    ],
)
def test_a_coin_is_known_by_its_names_suffixes_and_typos(text: str, symbol: str) -> None:
    positions = understand(text).parsed.positions or ()
    assert [slots.symbol for slots in positions] == [symbol]
