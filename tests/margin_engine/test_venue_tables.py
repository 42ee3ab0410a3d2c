"""Dated tables: every listed symbol reads, floors are in the settle asset, rates and limits are as published."""

import csv
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

import margin_engine
from margin_engine import TierMethod, evaluate, read_book, symbols, tick_size, tier_table
from margin_engine.venues.packaged import text_of
from margin_engine.venues.presets import known_venues, listing, preset_of
from tests.margin_engine.builders import D, position

DATA = Path(margin_engine.__file__).parent / "venues" / "data"


def rates(venue: str, symbol: str, *sizes: str | None) -> list[Decimal]:
    tables = [tier_table(venue, symbol, size=None if size is None else D(size)) for size in sizes]
    return [table.tiers[0].rate for table in tables if table is not None]


def test_published_amounts_of_all_binance_symbols_follow_from_continuity() -> None:
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
        assert list(table.amounts(TierMethod.MARGINAL)) == amounts


@pytest.mark.parametrize("venue", known_venues())
def test_every_table_is_one_that_a_book_could_give(venue: str) -> None:
    for symbol in symbols(venue):
        found = listing(venue, symbol)
        assert found is not None
        found.table.check(field=symbol)
        assert found.note.startswith(f"tiers: {symbol} by the table of {venue}")
        assert [tier.rate for tier in found.table.tiers] == sorted(tier.rate for tier in found.table.tiers)


def test_how_many_symbols_have_a_table() -> None:
    counts = {venue: len(symbols(venue)) for venue in known_venues() if symbols(venue)}
    assert counts == {
        "binance-usdm": 907,
        "bybit": 4,
        "okx": 6,
        "bitmex": 1,
        "gate": 2,
        "hyperliquid": 39,
        "dydx-v4": 5,
        "deribit": 2,
        "kraken-futures": 2,
    }


def test_a_tier_is_read_with_its_floor_rate_and_leverage() -> None:
    table = tier_table("binance-usdm", "BTCUSDT")
    assert table is not None
    second = table.tiers[1]
    assert (second.floor, second.rate, second.max_leverage) == (D(300000), D("0.005"), D(100))


@pytest.mark.parametrize("symbol", ["", "symbol", "BTC", "BTCUSDT,USDT", "btcusdt", "\n", "BTCUSDT\n"])
def test_what_is_no_symbol_has_no_table(symbol: str) -> None:
    assert tier_table("binance-usdm", symbol) is None
    assert tier_table("bybit", symbol + " ") is None


def test_bybits_published_deductions_follow_from_continuity() -> None:
    # v5/market/risk-limit of 2026-02-26: mmDeduction of rungs 2, 3, 8 and the last.
    table = tier_table("bybit", "BTCUSDT")
    assert table is not None
    amounts = table.amounts(TierMethod.MARGINAL)
    assert [amounts[rung] for rung in (1, 2, 7, -1)] == [D(1200), D(3020), D(20500), D(226382000)]


def test_hyperliquids_rate_is_half_of_the_initial_rate_at_the_highest_leverage() -> None:
    for symbol in symbols("hyperliquid"):
        table = tier_table("hyperliquid", symbol)
        assert table is not None
        for tier in table.tiers:
            assert tier.max_leverage is not None
            assert abs(tier.rate * 2 * tier.max_leverage - 1) < D("1e-27")
    # 40x below 150 M: 1 / 80 = 1.25 %; 20x above: 2.5 %, less 150 M x 1.25 % = 1,875,000
    bitcoin = tier_table("hyperliquid", "BTC")
    assert bitcoin is not None
    assert list(bitcoin.amounts(TierMethod.MARGINAL)) == [D(0), D(1875000)]


def test_bitmex_adds_the_base_rate_with_every_step_of_150_coins() -> None:
    table = tier_table("bitmex", "XBTUSD")
    assert table is not None
    for step, tier in enumerate(table.tiers):
        assert tier.rate == D("0.005") * (step + 1)
        assert tier.floor == (200 + 150 * (step - 1) if step else 0)


def test_krakens_inverse_rungs_are_in_contracts_of_one_dollar() -> None:
    # Each rate for its own slice: 700,000 contracts require (500,000 x 1 % + 200,000 x 2 %) / 700,000 = 9/700.
    assert rates("kraken-futures", "PI_XBTUSD", None, "1", "500000") == [D("0.01")] * 3
    [rate] = rates("kraken-futures", "PI_XBTUSD", "700000")
    assert abs(rate - D(9) / D(700)) < D("1e-27")
    whole = listing("kraken-futures", "PI_XBTUSD", size=D(700000), method=TierMethod.WHOLE_POSITION)
    assert whole is not None
    assert (whole.table.tiers[0].rate, whole.table.tiers[0].max_leverage) == (D("0.02"), D(25))
    assert "contracts of 1, the rung is that of the size 700000" in whole.note


def test_krakens_maintenance_is_half_of_the_initial_rate_at_the_highest_leverage() -> None:
    table = tier_table("kraken-futures", "PF_ETHUSD")
    assert table is not None
    assert [tier.rate * 2 for tier in table.tiers] == [1 / (tier.max_leverage or 1) for tier in table.tiers]


def test_okx_rungs_in_contracts_hold_for_the_whole_position() -> None:
    # CHZ: rungs end at 5,000, 7,500, 15,000 contracts of 10 coins each.
    assert rates("okx", "CHZ-USDT-SWAP", "49999", "50000", "75000") == [D("0.01"), D("0.015"), D("0.02")]


def test_the_rung_by_contracts_is_that_of_each_positions_own_size() -> None:
    legs = [
        position(id="a", symbol="CHZ-USDT-SWAP", quantity="10000", entry_price="0.1"),
        position(id="b", symbol="CHZ-USDT-SWAP", quantity="60000", entry_price="0.1", side="short"),
    ]
    answer = evaluate(read_book({"venue": "okx", "wallet": {"USDT": "2000"}, "positions": legs}))
    assert answer.position("a").maintenance_rate == D("0.01")
    assert answer.position("b").maintenance_rate == D("0.015")


def test_deribits_rate_grows_with_the_size() -> None:
    # support page: 1 % + 0.005 % for each coin; initial 2 % + 0.005 %: 100 coins at most 1 / 2.5 % = 40x.
    assert rates("deribit", "BTC_USDC-PERPETUAL", None, "1", "100") == [D("0.01"), D("0.01005"), D("0.015")]
    assert rates("deribit", "SOL_USDC-PERPETUAL", "1000") == [D("0.025")]
    table = tier_table("deribit", "BTC_USDC-PERPETUAL", size=D(100))
    assert table is not None
    assert table.tiers[0].max_leverage == 40


def test_the_size_matters_to_no_other_table() -> None:
    for venue, symbol in (("bybit", "BTCUSDT"), ("gate", "BTC_USDT"), ("binance-usdm", "BTCUSDT")):
        assert tier_table(venue, symbol, size=D(10**9)) == tier_table(venue, symbol)


def test_a_table_is_exact_in_any_decimal_context_of_the_caller() -> None:
    with localcontext(prec=4):
        table = tier_table("deribit", "BTC_USDC-PERPETUAL", size=D("123.456789"))
    assert table is not None
    assert table.tiers[0].rate == D("0.01617283945")


def test_what_is_known_only_up_to_a_notional_says_so() -> None:
    found = listing("gate", "BTC_USDT")
    assert found is not None
    assert "known up to a notional of 1000000" in found.note


def test_tick_sizes_are_known_for_some_symbols() -> None:
    assert tick_size("binance-usdm", "BTCUSDT") == D("0.1")
    assert tick_size("binance-usdm", "1000PEPEUSDT") == D("0.0000001")
    assert tick_size("bybit", "BTCUSDT") == D("0.1")
    assert tick_size("okx", "ETH-USD-SWAP") == D("0.01")
    assert tick_size("binance-usdm", "NOSUCHUSDT") is None
    assert tick_size("generic", "BTCUSDT") is None


def test_prices_are_known_to_be_rounded_toward_the_mark_at_three_venues() -> None:
    known = {venue for venue in known_venues() if preset_of(venue).rounds_toward_mark is not None}
    assert known == {"bybit", "okx", "bitmex"}


def test_a_data_file_that_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError):
        text_of("nothing.csv")
