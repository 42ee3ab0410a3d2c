"""Single tokens: venues, coins through typos and other scripts, numbers in both conventions."""

from decimal import Decimal

import pytest

from bot.understanding import PositionSlots, understand
from bot.understanding.venues import engine_venue


def _only(text: str) -> PositionSlots:
    (slots,) = understand(text).parsed.positions or ()
    return slots


@pytest.mark.parametrize(
    ("said", "venue", "engine"),
    [
        ("binance", "binance", "binance-usdm"),
        ("binance usd-m", "binance", "binance-usdm"),
        ("bybit", "bybit", "bybit"),
        ("okex", "okx", "okx"),
        ("bitmex", "bitmex", "bitmex"),
        ("gate.io", "gate", "gate"),
        ("hyperliquid", "hyperliquid", "hyperliquid"),
        ("dydx v4", "dydx", "dydx-v4"),
        ("deribit", "deribit", "deribit"),
        ("kraken futures", "kraken", "kraken-futures"),
        ("primexbt", "primexbt", "primexbt"),
        ("margex", "margex", "margex"),
        ("alphapoint", "alphapoint", "alphapoint"),
        ("generic exchange", "generic", "generic"),
        ("byibt", "bybit", "bybit"),
        ("бинанс", "binance", "binance-usdm"),
    ],
)
def test_a_venue_is_known_by_the_names_that_people_use(said: str, venue: str, engine: str) -> None:
    reading = understand(f"{said} long 0.1 btc 64000 20x iso")
    assert reading.parsed.venue == venue
    assert _only(f"{said} long 0.1 btc 64000 20x iso").symbol == "BTC"
    assert engine_venue(venue, coin_margined=False) == engine


def test_coin_margined_at_binance_is_a_venue_of_its_own_in_the_engine() -> None:
    text = "binance coin-m btc long 100 contracts of $100 at 70k 10x iso"
    assert (understand(text).parsed.venue, _only(text).contract) == ("binance", "inverse")
    assert engine_venue("binance", coin_margined=True) == "binance-coinm"


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        *(("BTC_USDT", "BTC"), ("BTCUSDT.P", "BTC"), ("BTC/USDT:USDT", "BTC"), ("btc-28mar25", "BTC"), ("xbt", "BTC")),
        *(("btcc", "BTC"), ("bitcion", "BTC"), ("BTC-PERPETUAL", "BTC"), ("PF_XBTUSD", "BTC"), ("ВТС", "BTC")),
        *(("биток", "BTC"), ("比特币", "BTC"), ("B\u200bTC", "BTC"), ("ＢＴＣ", "BTC")),
    ],
)
def test_a_coin_is_known_through_quotes_typos_and_other_scripts(name: str, symbol: str) -> None:
    text = f"long 0.1 {name} 64000 20x"
    told = _only(text)
    assert (told.symbol, told.qty, told.entry) == (symbol, Decimal("0.1"), Decimal(64000))


def test_a_misspelt_coin_is_named_as_taken() -> None:
    reading = understand("long 0.5 btcc 64k 20x")
    assert "symbol: BTCC taken as BTC" in reading.assumed


@pytest.mark.parametrize("name", ["wbtc", "foo", "foobar", "xyzzy"])
def test_a_name_that_is_near_no_coin_stays_unknown(name: str) -> None:
    assert understand(f"long 0.5 {name} 2.5 20x").unknown_coin == name.upper()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("btc long 64.000 0,5 20x", "entry: 64.000 read as 64000"),
        ("long 1 eth 3000 10x cross wallet 2.500", "wallet: 2.500 read as 2500"),
    ],
)
def test_the_choice_between_decimals_and_thousands_is_said(text: str, flag: str) -> None:
    assert flag in understand(text).assumed


def test_a_usual_thousands_comma_needs_no_word() -> None:
    assert understand("long 0.5 btc 64,000 20x").assumed == ()


def test_a_price_that_nothing_decides_is_offered_both_ways() -> None:
    reading = understand("long 100 cookie 1.234 10x")
    (other,) = reading.alternatives
    assert [each.parsed.positions[0].entry for each in (reading, other) if each.parsed.positions] == [
        Decimal("1.234"),
        1234,
    ]


def test_a_word_behind_a_side_that_has_its_coin_is_no_other_coin() -> None:
    told = _only("hey AVAX long hmm entry 12 5x")
    assert (told.symbol, told.entry) == ("AVAX", Decimal(12))
