"""The slots of `rules` beside tiers and the closing fee: whose profit counts, and what is set aside for closing."""

from margin_engine import evaluate, read_book
from tests.margin_engine.builders import D, asked, position
from tests.margin_engine.test_contract_kinds import inverse, near, quanto

SPARING = {"others_profit_counts": False}


def test_the_profit_of_another_symbol_can_be_left_out_of_a_price_and_its_loss_cannot() -> None:
    # BBB has gained 20 and needs 1.2: with it 50 + 20 - 1.2 + (P - 100) = 0.01 P, without 50 - 1.2 + ...
    winner = position(id="p2", symbol="BBBUSDT", mark_price="120")
    counted, sparing = (asked(position(), winner, rules=rules) for rules in ({}, SPARING))
    assert near(counted.position("p1").liquidation_price, D("31.2") / D("0.99"))
    assert near(sparing.position("p1").liquidation_price, D("51.2") / D("0.99"))
    loser = position(id="p2", symbol="BBBUSDT", mark_price="80")
    # 50 - 20 - 0.8 + (P - 100) = 0.01 P
    assert near(asked(position(), loser, rules=SPARING).position("p1").liquidation_price, D("70.8") / D("0.99"))


def test_pool_figures_and_bankruptcy_prices_count_every_profit() -> None:
    winner = position(id="p2", symbol="BBBUSDT", mark_price="120")
    counted, sparing = (asked(position(), winner, rules=rules) for rules in ({}, SPARING))
    assert counted.pools == sparing.pools
    assert counted.position("p1").bankruptcy_price == sparing.position("p1").bankruptcy_price == 30


def test_the_legs_of_the_same_symbol_back_each_other_all_the_same() -> None:
    legs = (position(quantity="3", mark_price="110"), position(id="p2", side="short", entry_price="120"))
    assert asked(*legs, rules=SPARING).positions == asked(*legs).positions


def test_a_position_that_lives_of_another_symbols_profit_dies_at_its_mark() -> None:
    # 50 - 60 is dead alone; the profit of 100 keeps the pool alive.
    winner = position(id="p2", symbol="BBBUSDT", mark_price="200")
    answer = asked(position(mark_price="40"), winner, rules=SPARING)
    p1 = answer.position("p1")
    assert not answer.pool("cross:USDT").liquidatable
    assert (p1.liquidation_price, p1.distance) == (D(40), D(0))
    assert answer.steps_of("p1", "liquidation_price")[-1].formula == "P_p1"


def test_profits_in_another_asset_are_left_out_as_well() -> None:
    # The inverse long has gained 2 BTC (200 USD): 50 + 0 + (P - 100) = 0.01 P + 8 x 0.01 x 100.
    fields = {"asset_mode": "multi", "collateral": {"BTC": {"price": "100"}}, "wallet": {"USDT": "50"}}
    answer = asked(position(), inverse(id="p2", mark_price="125"), rules=SPARING, **fields)
    assert near(answer.position("p1").liquidation_price, D(58) / D("0.99"))


def test_a_fee_to_close_stands_in_both_margins() -> None:
    # 1 x 100 x (1 - 1/10) x 0.01 = 0.9 for the long, 1.1 for the short.
    rules = {"fee_to_close_rate": "0.01"}
    for side, fee, price in (("long", "0.9", D("50.9") / D("0.99")), ("short", "1.1", D("148.9") / D("1.01"))):
        answer = asked(position(side=side), rules=rules).position("p1")
        assert answer.initial_margin == 10 + D(fee)
        assert answer.maintenance_margin == 1 + D(fee)
        assert near(answer.liquidation_price, price)
    assert asked(position(), rules=rules).position("p1").bankruptcy_price == 50


def test_a_fee_to_close_does_not_grow_with_the_mark_and_the_default_margin_leaves_it_out() -> None:
    rules = {"fee_to_close_rate": "0.01"}
    answer = asked(position(margin_mode="isolated", mark_price="120"), rules=rules)
    assert answer.position("p1").maintenance_margin == D("1.2") + D("0.9")
    assert answer.pool("p1").wallet_balance == 10
    # 10 + (P - 100) = 0.01 P + 0.9
    assert near(answer.position("p1").liquidation_price, D("90.9") / D("0.99"))


def test_the_fee_to_close_an_inverse_position_is_a_rate_on_its_coins_at_the_bankruptcy_price() -> None:
    # Long 10x: 1000/100 x (1 + 1/10) = 11 BTC at 1 %. 1 + 10 - 1000/P = 10/P + 0.11.
    answer = asked(inverse(), wallet={"BTC": "1"}, rules={"fee_to_close_rate": "0.01"}).position("p1")
    assert answer.initial_margin == 1 + D("0.11")
    assert near(answer.liquidation_price, D(1010) / D("10.89"))
    # A short at 1x has no bankruptcy price, so nothing to close there.
    covered = inverse(side="short", leverage="1")
    assert asked(covered, wallet={"BTC": "1"}, rules={"fee_to_close_rate": "0.01"}).position("p1").initial_margin == 10


def test_the_fee_to_close_a_quanto_position_is_like_a_linear_ones() -> None:
    # 1 BTC x 0.9 x 1 %. 0.5 + 0.01 (P - 100) = 0.0001 P + 0.009
    answer = asked(quanto(), wallet={"BTC": "0.5"}, rules={"fee_to_close_rate": "0.01"}).position("p1")
    assert answer.maintenance_margin == D("0.019")
    assert near(answer.liquidation_price, D("0.509") / D("0.0099"))


def test_market_figures_carry_the_fee_to_close() -> None:
    # 50 + 100 x = 1 (1 + x) + 0.9
    answer = asked(position(), rules={"fee_to_close_rate": "0.01"}).pool("cross:USDT")
    assert near(answer.market_fall_to_liquidation, D("-48.1") / 99)


def test_a_process_that_the_engine_does_not_follow_is_named() -> None:
    answer = asked(position(), rules={"liquidation_process": "venue"})
    assert any(note.startswith("liquidation_process: the whole pool") for note in answer.assumptions)
    assert not any(note.startswith("liquidation_process") for note in asked(position()).assumptions)


def test_an_isolated_position_beside_multi_asset_mode_is_answered_and_the_venue_that_refuses_it_named() -> None:
    note = "asset_mode: binance-usdm itself refuses isolated positions beside multi-asset mode"
    for mode, said in (("isolated", True), ("cross", False)):
        answer = asked(position(margin_mode=mode), venue="binance-usdm", asset_mode="multi")
        assert (note in answer.assumptions) is said
        assert answer.position("p1").margin_mode == mode


def test_a_rate_that_grows_with_the_size_is_each_positions_own() -> None:
    small, large = (
        {"id": name, "symbol": "BTC_USDC-PERPETUAL", "side": side, "quantity": quantity, "entry_price": "60000",
         "leverage": "5", "margin_mode": "cross",
         "contract": {"kind": "linear", "multiplier": "1", "settle_asset": "USDC"}}
        for name, side, quantity in (("p1", "long", "1"), ("p2", "short", "100"))
    )  # fmt: skip
    answer = evaluate(read_book({"venue": "deribit", "wallet": {"USDC": "9000000"}, "positions": [small, large]}))
    assert answer.position("p1").maintenance_rate < answer.position("p2").maintenance_rate
