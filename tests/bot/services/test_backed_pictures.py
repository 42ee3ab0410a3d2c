"""Pictures of an account that a coin backs: the coin as collateral goes wherever its contracts go.

1,000 USDT and 0.2 BTC at 64,000 (less 5 %: 12,160) back long 0.5 BTC and short 2 ETH from 3,200, at 0.4 %.
With BTC moved by x and ETH by y: 1,000 + 12,160 (1 + x) + 32,000 x - 6,400 y = 128 (1 + x) + 25.6 (1 + y).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.services.picture_card import Wish, pictured
from bot.services.picturing import SPANS
from bot.services.subject import subject_of_portfolio
from margin_engine import Book, read_book, what_if
from tests.bot.flows.books import account, saved
from tests.bot.flows.talk import NOON
from tests.support.picture_specs import distances_spec, ladder_spec, market_spec, two_coins_spec

HELD = [("BTCUSDT", "long", "0.5", "64000"), ("ETHUSDT", "short", "2", "3200")]
TWICE = [("BTCUSDT", "long", "0.25", "64000"), ("BTCUSDC", "long", "0.25", "64000"), HELD[1]]


def book(held: list[tuple[str, str, str, str]]) -> Book:
    names = ("symbol", "side", "quantity", "entry_price")
    more = {"leverage": "10", "margin_mode": "cross"}
    return read_book(
        {
            "venue": "binance-usdm",
            "asset_mode": "multi",
            "wallet": {"BTC": "0.2", "USDT": "1000", "USDC": "0"},
            "collateral": {"BTC": {"price": "64000", "haircut": "0.05"}},
            "betas": {"BTC": "1"},
            "positions": [dict(zip(names, each, strict=True)) | more | {"id": each[0]} for each in held],
        }
    )


@pytest.mark.parametrize("held", [HELD, TWICE])
def test_the_border_of_two_coins_is_where_both_moves_end_the_account(held: list[tuple[str, str, str, str]]) -> None:
    spec = two_coins_spec(book(held), mode="cross", across="BTCUSDT", up="ETHUSDT", span=Decimal("0.3"))
    assert spec.cells[-1][0] == 0  # BTC -30 %, ETH +30 %: 13,160 - 3,648 - 9,600 - 1,920 is below 0
    points = [point for border in spec.borders for point in border.line]
    assert points
    for x, y in points:
        left = 1000 + 12160 * (1 + x) + 32000 * x - 6400 * y
        assert left == pytest.approx(128 * (1 + x) + 25.6 * (1 + y), abs=0.1)


def test_the_whole_market_takes_all_collateral_along() -> None:
    # 13,160 + 37,760 x = 153.6 (1 + x), so x = -13,006.4 / 37,606.4 = -34.586 %.
    market = market_spec({"cross": book(HELD)}, span=Decimal("0.6"))
    assert float(market.lines[0].fall[0].at) == pytest.approx(-13006.4 / 37606.4)
    bars = distances_spec(book(HELD), mode="cross").bars
    assert [float(bar.distance or 0) for bar in bars if bar.account] == pytest.approx([-13006.4 / 37606.4])


def test_what_is_left_counts_collateral_in_full_as_a_what_if_does() -> None:
    # 1,000 + 12,800 = 13,800 now. At -20 %: 1,000 + 10,240 - 6,400 + 1,280 = 6,120.
    held = book(HELD)
    market = market_spec({"cross": held}, span=Decimal("0.3"))
    assert (market.now, market.haircut) == (Decimal(13800), True)
    assert {rung.move: rung.equity for rung in ladder_spec(held, mode="cross", span=SPANS[1]).rungs}[
        Decimal("-0.2")
    ] == 6120
    # What must be kept is 153.6 and the haircut of 640.
    line = market.lines[0]
    assert line.requirement[line.moves.index(0.0)] == pytest.approx(153.6 + 640)
    left = what_if(replace(held, shocks={"*": Decimal("-0.2"), "BTC": Decimal("-0.2")}))
    assert (left.equity_after["USDT"], left.equity_after["BTC"] * 64000 * 8 / 10) == (Decimal(-4120), Decimal(10240))


def test_the_market_picture_of_mixed_modes_is_the_account_as_it_is_held() -> None:
    # Cross has 10,000 - 1,280 = 8,720: 8,720 + 32,000 x = 128 (1 + x), so x = -8,592 / 31,872 = -26.96 %.
    long, short = (
        saved("BTC", "long", "0.5", "64000", "20", "cross"),
        saved("ETH", "short", "4", "3200", "10", "isolated"),
    )
    subject = subject_of_portfolio(account(long, short, wallet="10000"), now=NOON)
    picture = pictured(subject, Wish())
    assert picture is not None
    assert [line["mode"] for line in picture.spec["lines"]] == ["given"]
    assert picture.caption.startswith("<b>As held: first ends at −27.0% or +9.6%.</b>")
    assert "is held while" in picture.caption
    assert "Solid is cross" not in picture.caption
