"""Symbols as each venue writes them, and in the plain form where it can mean only one contract."""

import pytest

from margin_engine import ContractKind, default_contract, symbols, tier_table
from margin_engine.venues.presets import known_venues
from tests.margin_engine.builders import D

LIN, INV, QUANTO = ContractKind.LINEAR, ContractKind.INVERSE, ContractKind.QUANTO


@pytest.mark.parametrize(
    ("venue", "symbol", "kind", "asset"),
    [
        ("binance-usdm", "BTCUSDT", LIN, "USDT"),
        ("binance-usdm", "BTCUSDC", LIN, "USDC"),
        ("binance-usdm", "ETHBTC", LIN, "BTC"),
        ("binance-usdm", "BTCUSDT_261225", LIN, "USDT"),
        ("binance-usdm", "BTCU", LIN, "U"),
        ("binance-usdm", "NOSUCHUSDT", LIN, "USDT"),
        ("binance-coinm", "BTCUSD_PERP", INV, "BTC"),
        ("binance-coinm", "ETHUSD", INV, "ETH"),
        ("binance-coinm", "BTCUSD_210625", INV, "BTC"),
        ("bybit", "BTCUSDT", LIN, "USDT"),
        ("bybit", "BTCUSDT-26JUN26", LIN, "USDT"),
        ("bybit", "BTCPERP", LIN, "USDC"),
        ("bybit", "BTC-26JUN26", LIN, "USDC"),
        ("bybit", "BTCUSD", INV, "BTC"),
        ("bybit", "ETHUSDU26", INV, "ETH"),
        ("okx", "BTC-USDT-SWAP", LIN, "USDT"),
        ("okx", "ETHUSDT", LIN, "USDT"),
        ("okx", "BTC-USDT-261225", LIN, "USDT"),
        ("okx", "BTC-USD-SWAP", INV, "BTC"),
        ("okx", "ETH-USD-261225", INV, "ETH"),
        ("bitmex", "XBTUSD", INV, "BTC"),
        ("bitmex", "BTCUSD", INV, "BTC"),
        ("bitmex", "XBTU20", INV, "BTC"),
        ("bitmex", "XBTUSDT", LIN, "USDT"),
        ("bitmex", "SOLUSDT", LIN, "USDT"),
        ("gate", "BTC_USDT", LIN, "USDT"),
        ("gate", "ETHUSDT", LIN, "USDT"),
        ("gate", "BTC_USDT_20261225", LIN, "USDT"),
        ("gate", "BTC_USD", INV, "BTC"),
        ("hyperliquid", "BTC", LIN, "USDC"),
        ("hyperliquid", "kPEPE", LIN, "USDC"),
        ("hyperliquid", "xyz:XYZ100", LIN, "USDC"),
        ("dydx-v4", "BTC-USD", LIN, "USDC"),
        ("dydx-v4", "ABC-USD", LIN, "USDC"),
        ("deribit", "BTC-PERPETUAL", INV, "BTC"),
        ("deribit", "ETH-26JUN26", INV, "ETH"),
        ("deribit", "SOL_USDC-PERPETUAL", LIN, "USDC"),
        ("deribit", "BTC_USDC-26JUN26", LIN, "USDC"),
        ("kraken-futures", "PF_XBTUSD", LIN, "USD"),
        ("kraken-futures", "PI_XBTUSD", INV, "BTC"),
        ("kraken-futures", "FI_ETHUSD_261225", INV, "ETH"),
        ("primexbt", "BTC/USD", LIN, "USD"),
        ("margex", "BTCUSD", LIN, "USD"),
        ("alphapoint", "BTC_USDT", LIN, "USDT"),
        ("generic", "FOOUSDC", LIN, "USDC"),
    ],
)
def test_a_name_tells_the_kind_and_the_settle_asset(venue: str, symbol: str, kind: ContractKind, asset: str) -> None:
    terms = default_contract(venue, symbol)
    assert terms is not None
    assert (terms.kind, terms.multiplier, terms.settle_asset) == (kind, D(1), asset)


def test_bitmex_ether_is_a_quanto_of_a_millionth_of_a_coin() -> None:
    terms = default_contract("bitmex", "ETHUSD")
    assert terms is not None
    assert (terms.kind, terms.multiplier, terms.settle_asset) == (QUANTO, D("0.000001"), "BTC")


@pytest.mark.parametrize(
    ("venue", "symbol"),
    [("generic", "FOO"), ("generic", "USDT"), ("bitmex", "SOLUSD"), ("gate", "ETH_USD"), ("kraken-futures", "BTCUSD")],
)
def test_a_name_that_does_not_tell_them_leaves_them_to_the_book(venue: str, symbol: str) -> None:
    assert default_contract(venue, symbol) is None


@pytest.mark.parametrize(
    ("venue", "plain", "own"),
    [
        ("bybit", "BTC/USDT", "BTCUSDT"),
        ("okx", "BTCUSDT", "BTC-USDT-SWAP"),
        ("okx", "ETHUSD", "ETH-USD-SWAP"),
        ("bitmex", "BTCUSD", "XBTUSD"),
        ("gate", "BTCUSDT", "BTC_USDT"),
        ("hyperliquid", "BTCUSD", "BTC"),
        ("hyperliquid", "BTC-PERP", "BTC"),
        ("dydx-v4", "BTCUSD", "BTC-USD"),
        ("deribit", "BTCUSDC", "BTC_USDC-PERPETUAL"),
    ],
)
def test_the_plain_form_has_the_same_table(venue: str, plain: str, own: str) -> None:
    assert tier_table(venue, plain) == tier_table(venue, own) is not None


def test_every_symbol_with_a_table_has_a_contract() -> None:
    for venue in known_venues():
        assert all(default_contract(venue, symbol) for symbol in symbols(venue)), venue
