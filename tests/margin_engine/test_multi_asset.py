"""Multi-asset mode: one pool in USD, haircuts on what is above 0, collateral that moves if it is named."""

from decimal import Decimal
from typing import Any

from margin_engine import LiquidationReason, path, what_if
from tests.margin_engine.builders import D, asked, position, read, refusal
from tests.margin_engine.builders import book as single
from tests.margin_engine.test_contract_kinds import INVERSE, inverse, near, quanto

COIN = {"BTC": {"price": "100", "haircut": "0.1"}}


def multi(*positions: dict[str, Any], **fields: Any) -> Any:
    return asked(*positions, **({"asset_mode": "multi", "collateral": COIN} | fields))


def test_all_assets_back_one_pool_after_their_haircut() -> None:
    answer = multi(position(), wallet={"USDT": "20", "BTC": "1"})
    pool = answer.pool("cross:USD")
    assert [each.id for each in answer.pools] == ["cross:USD"]
    assert pool.wallet_balance == 120
    assert pool.margin_balance == 110  # 20 + 1 x 100 x 0.9
    assert (pool.initial_margin, pool.maintenance_margin, pool.available_balance) == (10, 1, 100)
    assert answer.position("p1").max_loss == 120
    assert "collateral: USDT at a price of 1 USD without haircut" in answer.assumptions


def test_a_negative_equity_counts_in_full() -> None:
    # The inverse long at 80 has lost 1000/100 - 1000/80 = -2.5 BTC: 2 - 2.5 = -0.5 BTC at 100, without haircut.
    answer = multi(inverse(mark_price="80"), wallet={"USDT": "200", "BTC": "2"})
    assert answer.pool("cross:USD").margin_balance == 150
    # 12.5 BTC at 1 % is 0.125 BTC, at the price of the coin without haircut.
    assert answer.pool("cross:USD").maintenance_margin == D("12.5")
    assert answer.position("p1").maintenance_margin == D("0.125")


def test_a_price_of_a_linear_position_counts_the_coins_behind_it() -> None:
    # 20 + 90 + (P - 100) = 0.01 P; the USDT equity falls below 0 on the way and has no haircut.
    answer = multi(position(quantity="2"), wallet={"USDT": "20", "BTC": "1"}).position("p1")
    assert near(answer.liquidation_price, D(90) / D("1.98"))  # 110 + 2 (P - 100) = 0.02 P
    assert answer.bankruptcy_price == 45


def test_the_haircut_of_a_profit_ends_where_the_equity_turns_negative() -> None:
    # Short: 1 - 10 + 1000/P BTC. Above 1000/9 the equity is below 0 and costs its full price of 100.
    # 20 USD beside it: 20 + 100 (1000/P - 9) = 100 x 10/P  ->  99000/P = 880, beyond 111.1.
    # 1 USD owed instead: -1 + 90 (1000/P - 9) = 1000/P  ->  89000/P = 811, before it.
    short = inverse(side="short")
    beyond = multi(short, wallet={"USDT": "20", "BTC": "1"}).position("p1")
    assert beyond.liquidation_price == D("112.5")
    before = multi(short, wallet={"USDT": "-1", "BTC": "1"}).position("p1")
    assert near(before.liquidation_price, D(89000) / 811)
    # Nothing left: 20 + 100 (1000/P - 9) = 0; and -1 + 90 (1000/P - 9) = 0.
    assert near(beyond.bankruptcy_price, D(100000) / 880)
    assert near(before.bankruptcy_price, D(90000) / 811)


def test_a_haircut_of_everything_leaves_nothing_to_count() -> None:
    worthless = {"BTC": {"price": "100", "haircut": "1"}}
    answer = multi(inverse(), wallet={"USDT": "5", "BTC": "1"}, collateral=worthless)
    assert answer.pool("cross:USD").margin_balance == 5
    owed = multi(inverse(), wallet={"USDT": "-5", "BTC": "1"}, collateral=worthless)
    assert owed.position("p1").bankruptcy_price is None
    assert owed.position("p1").liquidation_reason is LiquidationReason.ALREADY_LIQUIDATABLE


def test_collateral_stands_still_unless_betas_name_it() -> None:
    # A coin of 100 behind a long of 2: 90 + 200 x = 2 (1 + x), or 90 (1 + x) + 200 x = 2 (1 + x).
    still = multi(position(quantity="2"), wallet={"BTC": "1"})
    assert near(still.pool("cross:USD").market_fall_to_liquidation, D(-88) / 198)
    note = "collateral: BTC keeps its price in market-wide figures, betas does not name it"
    assert note in still.assumptions
    moving = multi(position(quantity="2"), wallet={"BTC": "1"}, betas={"BTC": "1"})
    assert near(moving.pool("cross:USD").market_fall_to_liquidation, D(-88) / 288)
    assert note not in moving.assumptions
    starred = multi(position(quantity="2"), wallet={"BTC": "1"}, betas={"*": "1"})
    assert starred.pool("cross:USD") == still.pool("cross:USD")


def test_what_stands_still_along_the_shocks_is_named_beside_what_stands_still_with_the_market() -> None:
    by_market = "collateral: BTC keeps its price in market-wide figures, betas does not name it"
    by_shocks = "collateral: BTC keeps its price along the shocks, shocks does not name it"

    def named(**moves: Any) -> set[str]:
        read_book = read(position(), asset_mode="multi", collateral=COIN, wallet={"BTC": "1"}, **moves)
        return set(what_if(read_book).before.assumptions) & {by_market, by_shocks}

    assert named(shocks={"AAAUSDT": "-0.1", "BTC": "-0.1"}) == {by_market}
    assert named(shocks={"AAAUSDT": "-0.1"}, betas={"BTC": "1"}) == {by_shocks}
    assert named(shocks={"AAAUSDT": "-0.1", "BTC": "-0.1"}, betas={"BTC": "1"}) == set()
    assert named() == {by_market}


def test_a_coin_that_moves_with_its_own_inverse_contract_keeps_its_dollars() -> None:
    # Price and coin move together: a short of 100 USD behind 1 BTC of 100 is flat in USD, 100 y (1 - 1 + 1/y) = 100.
    short = inverse(quantity="100", side="short")
    zero = {"BTCUSD": [{"floor": "0", "rate": "0.01"}]}
    fields = {"wallet": {"BTC": "1"}, "collateral": {"BTC": {"price": "100"}}, "tiers": zero, "betas": {"BTC": "1"}}
    pool = multi(short, **fields).pool("cross:USD")
    assert pool.market_fall_to_liquidation is None
    assert pool.market_rise_to_liquidation is None
    # A long of the same: 100 (1 + x) (2 - 1/(1+x)) = 1  ->  200 (1 + x) = 101.
    long = multi(inverse(quantity="100"), **fields).pool("cross:USD")
    assert near(long.market_fall_to_liquidation, D(101) / 200 - 1)


def test_a_quanto_position_beside_its_moving_coin_meets_a_quadratic() -> None:
    # 100 y (1 + 1 (y - 1)) = 100 y x 0.01 y with y = 1 + x, no haircut: y (0.99 y) = 0, so never above 0.
    fields = {"wallet": {"BTC": "1"}, "collateral": {"BTC": {"price": "100"}}, "betas": {"BTC": "1"}}
    assert multi(quanto(), **fields).pool("cross:USD").market_fall_to_liquidation is None
    # With 50 USDT owed: 100 y (0.99 y) - 50 = 0  ->  y^2 = 50/99.
    owing = multi(quanto(), **(fields | {"wallet": {"BTC": "1", "USDT": "-50"}})).pool("cross:USD")
    x = owing.market_fall_to_liquidation
    assert x is not None
    assert abs((1 + x) * (1 + x) * 99 - 50) < D("1e-24")


def test_a_market_fall_ends_where_the_collateral_would_reach_zero() -> None:
    fields = {"wallet": {"USDT": "98", "BTC": "0"}}
    assert near(multi(position(), **fields).pool("cross:USD").market_fall_to_liquidation, D(-97) / 99)
    doubled = multi(position(), **fields, betas={"BTC": "2"}).pool("cross:USD")
    assert doubled.market_fall_to_liquidation is None


def test_collateral_alone_can_end_a_pool() -> None:
    # The positions stand still (beta 0): 90 (1 + x) = 1.
    answer = read(position(), asset_mode="multi", collateral=COIN, wallet={"BTC": "1"}, betas={"*": "0", "BTC": "1"})
    assert [(death.id, near(death.at, D(1) / 90 - 1)) for death in path(answer).fall] == [("cross:USD", True)]


def test_a_what_if_moves_the_collateral_that_shocks_name() -> None:
    fields = {"asset_mode": "multi", "collateral": COIN, "wallet": {"USDT": "5", "BTC": "1"}}
    answer = what_if(read(position(), **fields, shocks={"AAAUSDT": "-0.2", "BTC": "-0.5"}))
    assert answer.liquidated == ()
    assert answer.after.pool("cross:USD").margin_balance == 30  # 5 - 20 + 50 x 0.9
    assert answer.after.pool("cross:USD").wallet_balance == 55
    assert answer.equity_after == {"USDT": -15, "BTC": 1}
    # 5 - 20 y + 90 (1 - y) = 0.01 x 100 (1 - 0.2 y)  ->  94 = 109.8 y
    dying = what_if(read(position(), **fields, shocks={"AAAUSDT": "-0.2", "BTC": "-0.9999"}))
    assert dying.liquidated[0].loss == 105
    assert dying.equity_after == {"USDT": 0, "BTC": 0}
    assert dying.after.pool("cross:USD").wallet_balance == 0


def test_isolated_positions_leave_the_balance_of_their_asset() -> None:
    alone = inverse(id="p2", margin_mode="isolated", isolated_margin="0.4")
    answer = multi(position(), alone, wallet={"USDT": "20", "BTC": "1"})
    assert answer.pool("p2").wallet_balance == D("0.4")
    assert answer.pool("cross:USD").wallet_balance == 80
    # 0.4 + 10 - 1000/P = 10/P, in coins, whatever the coin is worth.
    assert near(answer.position("p2").liquidation_price, D(1010) / D("10.4"))
    gone = what_if(
        read(position(), alone, asset_mode="multi", collateral=COIN, wallet={"USDT": "20", "BTC": "1"},
             shocks={"BTCUSD": "-0.5"})
    )  # fmt: skip
    assert gone.equity_after == {"USDT": 20, "BTC": D("0.6")}


def test_a_position_may_settle_in_an_asset_that_the_wallet_does_not_hold() -> None:
    answer = multi(inverse(mark_price="125"), wallet={"USDT": "100"})
    # 2 BTC gained: 100 + 2 x 100 x 0.9
    assert answer.pool("cross:USD").margin_balance == 280
    read_book = read(inverse(mark_price="125"), asset_mode="multi", collateral=COIN, wallet={"USDT": "100"})
    assert what_if(read_book).equity_before == {"USDT": 100, "BTC": 2}


def test_an_asset_without_a_price_is_refused() -> None:
    error = refusal(single(position(), wallet={"USDT": "50", "BTC": "1"}, asset_mode="multi"))
    assert error.field == "collateral.BTC"
    error = refusal(single(inverse(), asset_mode="multi"))
    assert error.field == "collateral.BTC"


def test_a_stable_asset_can_be_given_a_price_of_its_own() -> None:
    answer = multi(position(), wallet={"USDT": "100"}, collateral={"USDT": {"price": "0.9", "haircut": "0.5"}})
    assert answer.pool("cross:USD").margin_balance == 45
    assert not any("USDT at a price of 1" in note for note in answer.assumptions)


def test_a_pool_of_one_stable_asset_is_what_it_is_in_single_mode() -> None:
    long, short = position(), position(id="p2", symbol="BBBUSDT", side="short", mark_price="90")
    together, alone = multi(long, short, collateral={}), asked(long, short)
    for field in ("margin_balance", "margin_ratio", "market_fall_to_liquidation", "market_rise_to_liquidation"):
        ours, theirs = (getattr(each.pools[0], field) for each in (together, alone))
        assert ours == theirs or abs(ours - theirs) < D("1e-60")
    for ours, theirs in zip(together.positions, alone.positions, strict=True):
        assert ours.liquidation_price is not None
        assert theirs.liquidation_price is not None
        assert abs(ours.liquidation_price - theirs.liquidation_price) < D("1e-60")


def test_the_working_of_a_root_without_closed_form_is_checked_by_the_health_beside_it() -> None:
    linear = position(id="p2", symbol="BBBBTC", contract={"settle_asset": "BTC", "kind": "linear"})
    answer = asked(inverse(), linear, wallet={"BTC": "60"})
    names = [step.name for step in answer.steps_of("cross:BTC") if "market" in step.name]
    assert names == ["market_fall_to_liquidation", "health_at_market_fall"]
    check = answer.steps_of("cross:BTC", "health_at_market_fall")[-1]
    assert check.value == 0
    assert "fall_cross_BTC" in check.formula


def test_the_multiplier_of_a_quanto_contract_must_be_stated() -> None:
    bare = {"kind": "quanto", "settle_asset": "BTC"}
    assert refusal(single(quanto(contract=bare), wallet={"BTC": "1"})).field == "positions[0].contract.multiplier"
    plain = {key: value for key, value in INVERSE.items() if key != "multiplier"}
    assert asked(inverse(contract=plain), wallet={"BTC": "1"}).position("p1").notional == Decimal(10)


def test_an_empty_book_in_multi_mode_is_a_pool_of_nothing() -> None:
    answer = what_if(read(asset_mode="multi", wallet={}))
    assert answer.after.pool("cross:USD").margin_balance == 0
    assert (answer.equity_before, answer.liquidated) == ({}, ())


def test_a_coin_that_no_position_settles_in_counts_and_is_written_down() -> None:
    answer = multi(wallet={"BTC": "2", "USDT": "1"})
    assert answer.pool("cross:USD").available_balance == 181
    assert answer.steps_of("cross:USD", "margin_balance")[-1].formula == "C_asset_BTC + C_asset_USDT"
