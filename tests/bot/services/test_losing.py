"""What can be lost in a pool: all of it, or what a fall to 0 takes."""

from decimal import Decimal as D

import pytest

from bot.services.losing import most_lost
from bot.services.picture_card import share_of
from bot.services.picturing import PLAIN, Scene
from margin_engine import Book, MarginMode, Position, Side, evaluate, in_mode


def lost(wallet: int, *positions: Position) -> D:
    book = Book(venue="binance-usdm", wallet={"USDT": D(wallet)}, positions=positions)
    return most_lost(evaluate(book, explain=False), "cross:USDT")


def held(symbol: str, side: Side, quantity: str, entry: int) -> Position:
    return Position(
        id=f"{symbol}{side}",
        symbol=symbol,
        side=side,
        quantity=D(quantity),
        entry_price=D(entry),
        leverage=D(10),
        margin_mode=MarginMode.CROSS,
    )


LONG = held("BTCUSDT", Side.LONG, "0.5", 64000)
ETH = held("ETHUSDT", Side.LONG, "4", 3000)


def test_a_covered_long_loses_what_a_fall_to_0_takes() -> None:
    assert lost(500_000, LONG) == D(32000)  # 0.5 x 64,000


def test_several_covered_longs_lose_their_sum() -> None:
    assert lost(500_000, LONG, ETH) == D(32000) + D(12000)


@pytest.mark.parametrize("wallet", [10_000, 32_000 - 1])
def test_a_long_that_can_be_liquidated_takes_the_wallet(wallet: int) -> None:
    assert lost(wallet, LONG) == wallet


def test_longs_covered_one_by_one_and_not_together_take_the_wallet() -> None:
    assert lost(40_000, LONG, ETH) == 40_000


def test_beside_a_short_the_wallet_is_at_stake() -> None:
    assert lost(500_000, LONG, held("ETHUSDT", Side.SHORT, "4", 3000)) == 500_000


def test_the_table_to_be_sent_on_says_the_same() -> None:
    pooled = Book(venue="binance-usdm", wallet={"USDT": D(500_000)}, positions=(LONG,))
    own = Scene(book=in_mode(pooled, MarginMode.ISOLATED), mode="isolated")
    *_, row = share_of(own, Scene(book=pooled, mode="cross"), look=PLAIN).rows
    assert (row.isolated, row.cross) == ("3,200 USDT", "32,000 USDT")  # 32,000 / 10; 0.5 x 64,000
