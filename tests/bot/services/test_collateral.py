"""Collateral of a multi-asset account in visible arithmetic: stable coins stay, other coins move with the market.

Wallet 4,000 USDT and 0.1 BTC (counts for 95 %); long 0.5 BTC at 64,000, short 0.2 BTC at 66,000, short 3 ETH at 3,000,
all cross. A fall of x leaves 4,000 + 6,080 (1 - x) - 32,000 x + 400 + 12,800 x + 9,000 x = 10,480 - 16,280 x, and takes
0.4 % of 53,800 (1 - x) = 215.20 (1 - x). Both are equal at x = 10,264.80 / 16,064.80 = 0.638962.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.ask import answer_one
from bot.services.equity import with_moving_collateral
from margin_engine import Book, read_book

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FALL = Decimal("10264.80") / Decimal("16064.80")


def book(**more: Any) -> Book:
    def cross(number: int, symbol: str, side: str, quantity: str, entry: str, mark: str) -> dict[str, str]:
        terms = {"leverage": "20", "margin_mode": "cross", "quantity": quantity, "side": side}
        return {"id": f"p{number}", "symbol": symbol, "entry_price": entry, "mark_price": mark, **terms}

    return read_book(
        {
            "venue": "binance-usdm",
            "asset_mode": "multi",
            "wallet": {"USDT": "4000", "BTC": "0.1"},
            "collateral": {"BTC": {"price": "64000", "haircut": "0.05"}},
            "positions": [
                cross(1, "BTCUSDT", "long", "0.5", "64000", "64000"),
                cross(2, "BTCUSDT", "short", "0.2", "66000", "64000"),
                cross(3, "ETHUSDT", "short", "3", "3000", "3000"),
            ],
            **more,
        }
    )


def reply(text: str, **more: Any) -> str:
    return str(answer_one(text, book(**more), now=NOON)["reply"])


def test_the_coins_that_back_an_account_fall_with_the_market() -> None:
    pool = next(pool for pool in answer_one("portfolio", book(), now=NOON)["results"]["evaluate"]["pools"])
    assert Decimal(pool["market_fall_to_liquidation"]) == pytest.approx(-FALL, abs=Decimal("1e-12"))
    assert "everything may fall 63." in reply("how far can the market fall")


def test_a_book_that_says_how_its_collateral_moves_is_left_as_it_is() -> None:
    assert with_moving_collateral(book(betas={"BTC": "0"})).betas == {"BTC": 0}
    assert with_moving_collateral(book()).betas == {"BTC": 1}  # and not USDT


def test_stable_coins_stay_when_everything_falls() -> None:
    text = reply("what if everything drops 63%")
    # 4,000 + 0.1 x 23,680 - 20,160 + 400 + 8,064 + 5,670 = 342 with the collateral at its full price
    assert "none of 3 liquidated, 342 left" in text
    assert "USDT 1" not in text
    assert "Cross: 3 of 3 liquidated, 0 left." in reply("what if everything drops 70%")


def test_money_to_survive_a_fall_counts_the_collateral_at_its_price_there() -> None:
    # at -70 %: 10,480 - 16,280 x 0.7 = -916, and 215.20 x 0.3 = 64.56 are taken: 980.56 is the limit itself
    assert "Add 980.57 " in reply("how much to add to survive -70%")


def test_a_comparison_of_a_pooled_account_is_in_dollars_and_says_how_far_it_may_fall() -> None:
    text = reply("compare isolated and cross")
    assert "everything may fall 63." in text
    assert "Amounts in USD" in text
    assert "?" not in text
    # -10 %: 10,800 - 0.1 x (32,000 + 6,400 - 12,800 - 9,000) = 9,140 with the collateral at its full price
    assert "9,140" in text


def test_what_is_free_can_be_taken_out_as_far_as_the_dollars_go() -> None:
    # 10,480 - 32,000 / 20 - 12,800 / 20 - 9,000 / 20 = 7,790 are free, and 4,000 USDT are there
    text = reply("how much can I withdraw")
    assert text.startswith("You can take out 4,000 USDT")
    assert "7,790 USD are free in all" in text


def test_money_paid_in_or_taken_out_is_that_of_the_whole_account() -> None:
    assert reply("what if I deposit 2000").startswith("2,000 USDT more: liquidated at")
    assert reply("what if I withdraw 3000").startswith("3,000 USDT less: liquidated at")
