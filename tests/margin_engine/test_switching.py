"""Previews of a mode switch with a position open."""

from dataclasses import replace

import pytest
from hypothesis import given

from margin_engine import Book, EngineError, MarginMode, evaluate, read_book
from margin_engine.questions.switching import Permission, permission_of, preview_switch
from margin_engine.venues.presets import known_venues, preset_of
from tests.margin_engine.builders import D, position, read
from tests.margin_engine.strategies import books


def test_a_cross_position_that_becomes_isolated_takes_its_margin_out_of_the_pool() -> None:
    # In cross 50 carry it to (100 - 50) / 0.99; alone 10 carry it to 90 / 0.99. Available: 40 before and after.
    preview = preview_switch(read(position()), "p1")
    assert preview.after is not None
    assert preview.before.liquidation_price is not None
    assert preview.after.liquidation_price is not None
    assert abs(preview.before.liquidation_price - D(50) / D("0.99")) < D("1e-24")
    assert abs(preview.after.liquidation_price - D(90) / D("0.99")) < D("1e-24")
    assert (preview.crossed_at_once, preview.released, preview.refusal) == ((), D(0), None)


def test_a_margin_that_is_larger_than_needed_is_missing_in_the_pool_and_comes_back() -> None:
    assert preview_switch(read(position()), "p1", margin=D(30)).released == -20
    back = preview_switch(read(position(margin_mode="isolated", isolated_margin="30")), "p1")
    assert (back.released, back.before.max_loss) == (D(20), D(30))
    assert back.after is not None
    assert back.after.max_loss == 50


def test_a_loss_that_the_pool_carried_crosses_at_once() -> None:
    # Lost 9.5 of a margin of 10; 0.905 is required.
    preview = preview_switch(read(position(mark_price="90.5")), "p1")
    assert preview.crossed_at_once == ("p1",)
    assert preview.after is not None
    assert preview.after.liquidation_price is None


def test_a_position_that_is_dead_already_does_not_cross_again() -> None:
    preview = preview_switch(read(position(mark_price="40")), "p1")
    assert preview.crossed_at_once == ()


@given(books())
def test_joining_a_living_pool_never_kills(data: dict[str, object]) -> None:
    # Two healths above 0 are above 0 together.
    book = read_book(data)
    for each in evaluate(book).positions:
        if each.margin_mode is MarginMode.ISOLATED:
            assert preview_switch(book, each.id).crossed_at_once == ()


def test_what_the_account_cannot_pay_for_is_refused_with_what_is_missing() -> None:
    preview = preview_switch(read(position(leverage="1.5")), "p1")
    assert (preview.after, preview.evaluation, preview.released) == (None, None, None)
    assert preview.refusal is not None
    assert preview.refusal.rule.startswith("must cover the isolated margins")


def test_an_unknown_position_is_refused() -> None:
    with pytest.raises(EngineError, match="identity: must be the id of a position"):
        preview_switch(read(position()), "p9")


def test_a_venue_without_a_published_rule_is_not_known() -> None:
    assert preview_switch(read(position()), "p1").permission is Permission.UNKNOWN


def on(venue: str, symbol: str) -> Book:
    """A small cross position at a venue, everything else its own."""
    small = position(symbol=symbol, quantity="0.001", entry_price="50000", leverage="5")
    return read_book({"venue": venue, "wallet": {"USDT": "500"}, "positions": [small]})


def test_the_venues_own_rule_stands_beside_the_preview() -> None:
    refused = preview_switch(on("binance-usdm", "BTCUSDT"), "p1")
    assert (refused.permission, refused.rule.with_position) == (Permission.REFUSED, False)
    assert "-4048" in refused.rule.rule
    assert refused.after is not None
    unknown = preview_switch(on("bybit", "BTCUSDT"), "p1")
    assert (unknown.permission, unknown.rule.with_position) == (Permission.UNKNOWN, None)


def test_every_venue_has_a_rule_with_a_source() -> None:
    found = {venue: permission_of(preset_of(venue).switching) for venue in known_venues()}
    assert found["bitmex"] is Permission.ALLOWED
    assert all(preset_of(venue).switching.source for venue in found if venue != "generic")


def test_where_the_mode_is_the_accounts_all_positions_switch_together() -> None:
    book = on("bybit", "BTCUSDT")
    small = replace(book.positions[0], id="p2", symbol="ETHUSDT", entry_price=D(2500))
    alone = replace(book.positions[0], id="p3", margin_mode=MarginMode.ISOLATED)
    tiers = read(position(symbol="ETHUSDT")).tiers
    preview = preview_switch(replace(book, positions=(*book.positions, small, alone), tiers=tiers), "p1")
    assert preview.positions == ("p1", "p2")
    assert preview.evaluation is not None
    assert {each.margin_mode for each in preview.evaluation.positions} == {MarginMode.ISOLATED}
    assert preview_switch(on("binance-usdm", "BTCUSDT"), "p1").positions == ("p1",)
