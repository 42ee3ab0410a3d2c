"""Worked stories: the same trades isolated and cross, with every number worked out beside it."""

from decimal import Decimal
from typing import Any

from margin_engine import Book, evaluate, path, read_book, what_if
from margin_engine.questions.profit import profit
from tests.margin_engine.builders import D

COIN = {"kind": "linear", "multiplier": "1", "settle_asset": "BTC"}
INVERSE = {"kind": "inverse", "multiplier": "1", "settle_asset": "BTC"}


def held(
    mode: str, name: str, symbol: str, side: str, quantity: str, price: str, leverage: str, **more: Any
) -> dict[str, Any]:
    return {
        "id": name,
        "symbol": symbol,
        "side": side,
        "quantity": quantity,
        "entry_price": price,
        "leverage": leverage,
        "margin_mode": mode,
        **more,
    }


def account(wallet: dict[str, str], rates: dict[str, str], *positions: dict[str, Any], **fields: Any) -> Book:
    tiers = {symbol: [{"floor": "0", "rate": rate}] for symbol, rate in rates.items()}
    return read_book(
        {"venue": "generic", "wallet": wallet, "tiers": tiers, "rules": {}, "positions": list(positions), **fields}
    )


def near(value: Decimal | None, expected: Decimal) -> bool:
    return value is not None and abs(value - expected) <= D("1e-24") * abs(expected)


# 1 BTC in the account, 10x long ETH with 0.1 BTC isolated: 20 ETH at 0.05 BTC.


def test_an_isolated_margin_of_a_tenth_is_the_most_that_a_crash_takes() -> None:
    eth = held("isolated", "eth", "ETHBTC", "long", "20", "0.05", "10", contract=COIN)
    book = account({"BTC": "1"}, {"ETHBTC": "0.005"}, eth, shocks={"ETHBTC": "-0.9"})
    assert evaluate(book).position("eth").max_loss == D("0.1")
    answer = what_if(book)
    assert [(each.id, each.loss) for each in answer.liquidated] == [("eth", D("0.1"))]
    assert answer.equity_after == {"BTC": D("0.9")}


# 2 BTC: A is 5x on BTC, inverse, 125,000 USD from 50,000 (2.5 BTC, margin 0.5); B is 10x on SOL, 500 at 0.002 BTC.


def two_coins(mode: str, **fields: Any) -> Book:
    a = held(mode, "A", "BTCUSD", "long", "125000", "50000", "5", contract=INVERSE)
    b = held(mode, "B", "SOLBTC", "long", "500", "0.002", "10", contract=COIN)
    return account({"BTC": "2"}, {"BTCUSD": "0.005", "SOLBTC": "0.01"}, a, b, **fields)


def test_isolated_a_crash_of_sol_costs_its_tenth_and_the_rest_lives() -> None:
    answer = what_if(two_coins("isolated", shocks={"SOLBTC": "-0.99"}))
    assert [(each.id, each.loss) for each in answer.liquidated] == [("B", D("0.1"))]
    # 0.1 of 2 is 5 %; 1.9 are left: 1.4 idle and 0.5 in A.
    assert answer.equity_after == {"BTC": D("1.9")}
    assert answer.after.pool("cross:BTC").wallet_balance == D("1.4")
    assert answer.after.pool("A").wallet_balance == D("0.5")


def test_cross_sol_alone_never_ends_the_account() -> None:
    book = two_coins("cross", shocks={"SOLBTC": "-0.99"})
    assert evaluate(book).position("B").liquidation_price is None
    assert what_if(book).liquidated == ()


def test_cross_a_common_fall_of_38_8_percent_takes_both_bitcoins() -> None:
    # With u = 1 - x: 2 + 2.5 (1 - 1 / u) + (u - 1) = 0.005 x 2.5 / u + 0.01 u, so 0.99 u^2 + 3.5 u - 2.5125 = 0.
    health = evaluate(two_coins("cross")).pool("cross:BTC")
    fall = health.market_fall_to_liquidation
    assert fall is not None
    left = 1 + fall
    assert abs(D("0.99") * left * left + D("3.5") * left - D("2.5125")) < D("1e-24")
    assert round(fall, 3) == D("-0.388")
    crash = what_if(two_coins("cross", shocks={"*": "-0.4"}))
    assert [each.loss for each in crash.liquidated] == [2]
    assert crash.equity_after == {"BTC": 0}
    # Isolated the same crash takes 0.5 + 0.1.
    alone = what_if(two_coins("isolated", shocks={"*": "-0.4"}))
    assert sum(each.loss for each in alone.liquidated) == D("0.6")
    assert alone.equity_after == {"BTC": D("1.4")}


# 0.01 BTC at 100x on a coin priced and settled in BTC: 1,000 coins at 0.001, 1 BTC of notional.


def test_a_hundredth_of_a_bitcoin_at_100x() -> None:
    tiny = held("isolated", "tiny", "NEWBTC", "long", "1000", "0.001", "100", contract=COIN)
    book = account({"BTC": "0.01"}, {"NEWBTC": "0.005"}, tiny)
    position = evaluate(book).position("tiny")
    assert (position.notional, position.initial_margin) == (D(1), D("0.01"))
    assert profit(book, "tiny", target=D("0.0011")).target.pnl == D("0.1")
    assert profit(book, "tiny", target=D("0.01")).target.pnl == 9
    # (1 - 0.01) / (1 - 0.005): half a percent below.
    assert near(position.liquidation_price, D("0.001") * D("0.99") / D("0.995"))
    assert position.distance is not None
    assert round(position.distance, 3) == D("-0.005")


# Long 1 BTC at 60,000, short 20 ETH at 3,000: 60,000 against 60,000, 10x each, 12,000 in the account.


def hedge(mode: str, **fields: Any) -> Book:
    btc = held(mode, "btc", "BTCUSDT", "long", "1", "60000", "10")
    eth = held(mode, "eth", "ETHUSDT", "short", "20", "3000", "10")
    return account({"USDT": "12000"}, {"BTCUSDT": "0.005", "ETHUSDT": "0.01"}, btc, eth, **fields)


def test_in_cross_a_rising_long_carries_the_short_and_isolated_it_dies_alone() -> None:
    both = {"BTCUSDT": "0.1", "ETHUSDT": "0.1"}
    assert what_if(hedge("cross", shocks=both)).liquidated == ()
    alone = what_if(hedge("isolated", shocks=both))
    # 6,000 - 60,000 x = 600 (1 + x): at x = 5,400 / 60,600 of the way up, 10 % being the end.
    assert [each.id for each in alone.liquidated] == ["eth"]
    assert near(alone.liquidated[0].at_fraction, D(54000) / D(60600))
    # 12,000 - 6,000 lost + 6,000 gained by BTC; in cross 12,000 + 6,000 - 6,000.
    assert alone.equity_after == what_if(hedge("cross", shocks=both)).equity_after == {"USDT": 12000}
    # When both come back, only the pool still holds its short.
    assert [each.id for each in alone.after.positions] == ["btc"]


def test_in_cross_eth_alone_needs_twice_as_far() -> None:
    # The pool's 12,000 against 300 of BTC: 12,000 - 60,000 x = 300 + 600 (1 + x).
    assert near(evaluate(hedge("cross")).position("eth").distance, D(11100) / D(60600))
    assert near(evaluate(hedge("isolated")).position("eth").distance, D(5400) / D(60600))


def test_a_short_that_moves_one_and_a_half_times_makes_a_common_rise_deadly() -> None:
    # 12,000 + 60,000 x - 90,000 x = 300 (1 + x) + 600 (1 + 1.5 x): x = 11,100 / 31,200.
    book = hedge("cross", betas={"ETHUSDT": "1.5"})
    assert near(evaluate(book).pool("cross:USDT").market_rise_to_liquidation, D(11100) / D(31200))
    assert [each.id for each in path(book).rise] == ["cross:USDT"]
    # At equal moves only the requirement grows: 12,000 = 300 (1 + x) + 600 (1 + x), twelvefold prices.
    assert near(evaluate(hedge("cross")).pool("cross:USDT").market_rise_to_liquidation, D(11100) / D(900))


# Three positions of 10,000 at 10x, 3,000 in the account: a long that never moves, a long, and a short that goes wrong.


def three(mode: str, **fields: Any) -> Book:
    still = held(mode, "still", "AAAUSDT", "long", "100", "100", "10")
    other = held(mode, "other", "BBBUSDT", "long", "100", "100", "10")
    short = held(mode, "short", "CCCUSDT", "short", "100", "100", "10")
    rates = dict.fromkeys(("AAAUSDT", "BBBUSDT", "CCCUSDT"), "0.01")
    return account({"USDT": "3000"}, rates, still, other, short, **fields)


def test_a_long_that_never_moved_is_lost_with_the_pool_and_kept_alone() -> None:
    jump = {"CCCUSDT": "0.4"}
    # 3,000 - 10,000 x = 200 + 100 (1 + x): the pool is gone at x = 2,700 / 10,100, before 40 %.
    pool = what_if(three("cross", shocks=jump))
    assert [(each.positions, each.loss) for each in pool.liquidated] == [(("still", "other", "short"), D(3000))]
    assert near(pool.liquidated[0].at_fraction, D(2700) / D(10100) / D("0.4"))
    assert pool.equity_after == {"USDT": 0}
    # Alone the short loses its 1,000, and both longs keep theirs.
    alone = what_if(three("isolated", shocks=jump))
    assert [(each.id, each.loss) for each in alone.liquidated] == [("short", D(1000))]
    assert alone.after.position("still").margin_balance == 1000
    assert alone.equity_after == {"USDT": 2000}
