"""Dated tables: every listed symbol reads, its amounts follow from continuity, names and ticks are the venue's own."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

import margin_engine
from margin_engine import (
    ContractKind,
    TierMethod,
    Unsupported,
    default_contract,
    evaluate,
    read_book,
    symbols,
    tick_size,
    tier_table,
)
from tests.margin_engine.builders import D, asked, position, refusal

DATA = Path(margin_engine.__file__).parent / "venues" / "data"


def test_published_amounts_of_all_symbols_follow_from_continuity() -> None:
    with (DATA / "binance_usdm_tiers.csv").open(encoding="utf-8") as file:
        next(file)
        rows = list(csv.DictReader(file))
    published: dict[str, list[Decimal]] = {}
    for row in rows:
        published.setdefault(row["symbol"], []).append(Decimal(row["maintenance_amount"]))
    assert len(rows) == 7276
    assert len(published) == 907
    assert symbols("binance-usdm") == tuple(sorted(published))
    for symbol, amounts in published.items():
        table = tier_table("binance-usdm", symbol)
        assert table is not None
        table.check(field=symbol)
        assert list(table.amounts(TierMethod.MARGINAL)) == amounts


def test_a_tier_is_read_with_its_floor_rate_and_leverage() -> None:
    table = tier_table("binance-usdm", "BTCUSDT")
    assert table is not None
    second = table.tiers[1]
    assert (second.floor, second.rate, second.max_leverage) == (D(300000), D("0.005"), D(100))


@pytest.mark.parametrize(
    ("symbol", "asset"),
    [("BTCUSDT", "USDT"), ("BTCUSDC", "USDC"), ("ETHBTC", "BTC"), ("BTCUSDT_261225", "USDT"), ("BTCU", "U")],
)
def test_a_listed_symbol_settles_in_the_venues_asset(symbol: str, asset: str) -> None:
    terms = default_contract("binance-usdm", symbol)
    assert terms is not None
    assert (terms.kind, terms.multiplier, terms.settle_asset) == (ContractKind.LINEAR, D(1), asset)


def test_an_unlisted_symbol_settles_in_the_quote_that_its_name_ends_with() -> None:
    terms = default_contract("generic", "FOOUSDC")
    assert terms is not None
    assert terms.settle_asset == "USDC"
    assert default_contract("generic", "FOO") is None
    assert default_contract("generic", "USDT") is None


@pytest.mark.parametrize("symbol", ["", "symbol", "BTC", "BTCUSDT,USDT", "btcusdt", "\n", "BTCUSDT\n"])
def test_what_is_no_symbol_has_no_table(symbol: str) -> None:
    assert tier_table("binance-usdm", symbol) is None


def test_tick_sizes_are_known_for_some_symbols() -> None:
    assert tick_size("binance-usdm", "BTCUSDT") == D("0.1")
    assert tick_size("binance-usdm", "1000PEPEUSDT") == D("0.0000001")
    assert tick_size("binance-usdm", "NOSUCHUSDT") is None
    assert tick_size("generic", "BTCUSDT") is None


def test_a_generic_venue_brings_no_tables() -> None:
    assert tier_table("generic", "BTCUSDT") is None
    assert symbols("generic") == ()
    assert refusal({"venue": "generic", "wallet": {"USDT": "1"}, "positions": [position(symbol="BTCUSDT")]}).field == (
        "positions[0].symbol"
    )


def test_a_venue_that_is_not_supported_is_refused_with_those_that_are() -> None:
    for venue in ("bybit", "okx", "kraken-futures", "nonsense"):
        with pytest.raises(Unsupported, match="binance-usdm, generic"):
            tier_table(venue, "BTCUSDT")
        assert refusal({"venue": venue}).field == "venue"


def test_given_tiers_replace_the_venues_own() -> None:
    given = {"BTCUSDT": [{"floor": "0", "rate": "0.02"}]}
    answer = asked(position(symbol="BTCUSDT"), venue="binance-usdm", tiers=given)
    assert answer.position("p1").maintenance_rate == D("0.02")
    assert answer.tiers_as_of is None


def test_what_the_venue_filled_in_is_named() -> None:
    data = {"venue": "binance-usdm", "wallet": {"USDT": "50"}, "positions": [position(symbol="ETHUSDT")]}
    slots = {note.split(":")[0] for note in evaluate(read_book(data)).assumptions}
    assert slots == {"contract", "tiers", "mark_price", "liquidation_process", "fees"}


def test_the_leverage_limit_is_that_of_the_rung_at_entry() -> None:
    # 350,000 USDT of BTCUSDT stands on rung 2: at most 100x, although rung 1 allows 150x.
    large = position(symbol="BTCUSDT", quantity="3.5", entry_price="100000", leverage="125")
    data = {"venue": "binance-usdm", "wallet": {"USDT": "9000"}, "positions": [large]}
    assert str(refusal(data)) == "positions[0].leverage: must be at most 100 for a notional of 350000, got 125"
    small = position(symbol="BTCUSDT", quantity="2.9", entry_price="100000", leverage="125")
    assert evaluate(read_book(data | {"positions": [small]}))


def test_rules_that_are_given_replace_all_of_the_venues_own() -> None:
    data = {"venue": "binance-usdm", "wallet": {"USDT": "50"}, "positions": [position(symbol="ETHUSDT")]}
    plain = evaluate(read_book(data | {"rules": {}}))
    assert plain.position("p1") == evaluate(read_book(data)).position("p1")
    for process in ("whole", "venue"):
        assert evaluate(read_book(data | {"rules": {"liquidation_process": process}})).position("p1").liquidation_price
