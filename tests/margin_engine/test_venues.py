"""Each venue: it answers a book of its own symbol by its own rules, and says what it assumed and from where."""

from decimal import Decimal
from typing import Any

import pytest

from margin_engine import MarginMode, TierMethod, Unsupported, evaluate, read_book, tier_table
from margin_engine.venues.presets import SwitchScope, TriggerPrice, default_contract, known_venues, listing, preset_of
from tests.margin_engine.builders import D, position, refusal

EXCHANGES = ("binance-usdm", "binance-coinm", "bybit", "okx", "bitmex", "gate", "hyperliquid", "dydx-v4", "deribit")
NAMES = (*EXCHANGES, "kraken-futures", "primexbt", "margex", "alphapoint", "generic")
WITHOUT_TABLES = {"binance-coinm", "generic"}
LEVERAGES = {"dydx-v4": "10", "alphapoint": "2"}


def own_book(venue: str, **fields: Any) -> dict[str, Any]:
    """A small isolated long of the venue's default symbol; tiers are given only where it has none."""
    symbol = preset_of(venue).default_symbol
    terms = default_contract(venue, symbol)
    assert terms is not None
    inverse = terms.kind.value == "inverse"
    leg = {
        "symbol": symbol,
        "quantity": "10000" if inverse else "0.2",
        "entry_price": "50000",
        "leverage": LEVERAGES.get(venue, "20"),
        "margin_mode": preset_of(venue).default_mode.value,
    }
    book: dict[str, Any] = {"venue": venue, "wallet": {terms.settle_asset: "0.5" if inverse else "5100"}}
    if venue in WITHOUT_TABLES:
        book["tiers"] = {symbol: [{"floor": "0", "rate": "0.004"}]}
    return book | {"positions": [position(**leg)]} | fields


def test_all_venues_are_known_by_name() -> None:
    assert known_venues() == NAMES


@pytest.mark.parametrize("venue", NAMES)
def test_a_venue_answers_a_book_of_its_own_and_names_what_it_assumed(venue: str) -> None:
    answer = evaluate(read_book(own_book(venue)))
    leg = answer.position("p1")
    assert leg.liquidation_price is not None
    assert 0 < leg.liquidation_price < 50000
    slots = {note.split(":")[0] for note in answer.assumptions}
    assert slots >= {"contract", "mark_price"}
    assert ("tiers" in slots) or venue in WITHOUT_TABLES
    assert set(preset_of(venue).notes) <= set(answer.assumptions)
    assert answer.tiers_as_of == (None if venue in WITHOUT_TABLES else listed_date(venue))


def test_what_binance_filled_in_is_named() -> None:
    slots = {note.split(":")[0] for note in evaluate(read_book(own_book("binance-usdm"))).assumptions}
    assert slots == {"contract", "tiers", "mark_price", "liquidation_process", "fees"}


def listed_date(venue: str) -> str | None:
    found = listing(venue, preset_of(venue).default_symbol)
    assert found is not None
    return found.as_of


@pytest.mark.parametrize("venue", NAMES)
def test_a_venue_has_modes_a_switching_rule_and_a_highest_leverage(venue: str) -> None:
    preset = preset_of(venue)
    assert preset.default_mode in preset.margin_modes
    assert preset.title
    table = tier_table(venue, preset.default_symbol)
    if table is not None and preset.max_leverage is not None:
        assert all((tier.max_leverage or 0) <= preset.max_leverage for tier in table.tiers)


def test_only_binance_is_known_to_refuse_a_switch_and_only_bitmex_to_allow_it() -> None:
    known = {name: preset_of(name).switching.with_position for name in NAMES}
    assert {name for name, allowed in known.items() if allowed is False} == {"binance-usdm", "binance-coinm"}
    assert {name for name, allowed in known.items() if allowed} == {"bitmex"}
    assert preset_of("bybit").switching.scope is SwitchScope.ACCOUNT
    assert preset_of("okx").switching.scope is SwitchScope.ORDER
    assert preset_of("deribit").margin_modes == (MarginMode.CROSS,)


def test_the_price_that_triggers_is_the_venues_own() -> None:
    assert preset_of("binance-usdm").trigger_price is TriggerPrice.MARK
    assert preset_of("bitmex").trigger_price is TriggerPrice.FAIR
    assert preset_of("dydx-v4").trigger_price is TriggerPrice.ORACLE
    assert preset_of("margex").trigger_price is None


def test_rules_are_plain_but_for_five_venues() -> None:
    generic = preset_of("generic").rules
    assert {name for name in NAMES if preset_of(name).rules != generic} == {"bybit", "okx", "bitmex", "gate"}
    okx, bitmex = preset_of("okx").rules, preset_of("bitmex").rules
    assert (okx.closing_fee_rate, okx.tier_method) == (D("0.0005"), TierMethod.WHOLE_POSITION)
    assert (bitmex.closing_fee_rate, bitmex.others_profit_counts) == (D("0.0005"), False)
    assert preset_of("gate").rules.closing_fee_rate == D("0.0005")
    assert preset_of("bybit").rules.fee_to_close_rate == D("0.00055")


@pytest.mark.parametrize(
    ("venue", "expected"),
    [
        # 10,000 USDT at 50,000, 0.2 coins, 20x: rate x notional, with each venue's own fee inside.
        ("binance-usdm", D("0.004") * 10000),
        ("okx", (D("0.004") + D("0.0005")) * 10000),
        ("gate", (D("0.004") + D("0.0005")) * 10000),
        # fee to close: 0.055 % of 0.2 x 50,000 x (1 - 1/20) = 9,500
        ("bybit", D("0.005") * 10000 + D("0.00055") * 9500),
        ("hyperliquid", D("0.0125") * 10000),
        ("dydx-v4", D("0.03") * 10000),
        ("kraken-futures", D("0.01") * 10000),
        # 1 % + 0.005 % for each of 0.2 coins
        ("deribit", (D("0.01") + D("0.00005") * D("0.2")) * 10000),
        # half of 1 / 100; all of 1 / 200; half of 1 / 2
        ("margex", D("0.005") * 10000),
        ("primexbt", D("0.005") * 10000),
        ("alphapoint", D("0.25") * 10000),
        # 10,000 USD at 50,000 are 0.2 coins
        ("bitmex", (D("0.005") + D("0.0005")) * D("0.2")),
    ],
)
def test_a_venues_requirement_is_its_rate_and_its_fee(venue: str, expected: Decimal) -> None:
    assert evaluate(read_book(own_book(venue))).position("p1").maintenance_margin == expected


def test_rules_that_are_given_replace_all_of_the_venues_own() -> None:
    answer = evaluate(read_book(own_book("okx", rules={})))
    assert answer.position("p1").maintenance_margin == D("0.004") * 10000
    assert not set(preset_of("okx").notes) & set(answer.assumptions)


def test_an_assumed_rate_is_named_and_holds_for_any_symbol() -> None:
    for venue in ("primexbt", "margex", "alphapoint"):
        answer = evaluate(read_book(own_book(venue)))
        assert any(note.startswith("tiers:") and "assumed" in note for note in answer.assumptions)
        assert tier_table(venue, "ANYTHING") == tier_table(venue, "BTC/USD")


@pytest.mark.parametrize(("venue", "leverage", "limit"), [("primexbt", "201", "200"), ("margex", "101", "100")])
def test_leverage_above_an_assumed_limit_is_refused_with_the_limit(venue: str, leverage: str, limit: str) -> None:
    data = own_book(venue)
    data["positions"][0]["leverage"] = leverage
    assert f"must be at most {limit} " in str(refusal(data))


def test_the_leverage_limit_is_that_of_the_rung_at_entry() -> None:
    # 350,000 USDT of BTCUSDT stands on rung 2: at most 100x, although rung 1 allows 150x.
    large = position(symbol="BTCUSDT", quantity="3.5", entry_price="100000", leverage="125")
    data = {"venue": "binance-usdm", "wallet": {"USDT": "9000"}, "positions": [large]}
    assert str(refusal(data)) == "positions[0].leverage: must be at most 100 for a notional of 350000, got 125"
    small = position(symbol="BTCUSDT", quantity="2.9", entry_price="100000", leverage="125")
    assert evaluate(read_book(data | {"positions": [small]}))


@pytest.mark.parametrize("venue", [name for name in NAMES if preset_of(name).assumed is None])
def test_a_symbol_without_a_table_needs_tiers(venue: str) -> None:
    contract = {"kind": "linear", "multiplier": "1", "settle_asset": "USDT"}
    data = {"venue": venue, "wallet": {"USDT": "50"}, "positions": [position(symbol="NOSUCH", contract=contract)]}
    assert str(refusal(data)) == (
        f"positions[0].symbol: must have a tier table at {venue} or an entry in tiers, got NOSUCH"
    )
    assert evaluate(read_book(data | {"tiers": {"NOSUCH": [{"floor": "0", "rate": "0.01"}]}}))


def test_given_tiers_replace_the_venues_own() -> None:
    answer = evaluate(read_book(own_book("bybit", tiers={"BTCUSDT": [{"floor": "0", "rate": "0.02"}]})))
    assert answer.position("p1").maintenance_rate == D("0.02")
    assert answer.tiers_as_of is None


def test_a_venue_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(Unsupported, match="binance-usdm, binance-coinm, bybit"):
        tier_table("nonsense", "BTCUSDT")
    assert refusal({"venue": "nonsense"}).field == "venue"
