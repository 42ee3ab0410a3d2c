"""A coin that backs its own position, in visible arithmetic: both prices are the same one.

0.2 BTC (counting for 95 %) and 1,000 USDT back 0.5 BTC from 64,000; the requirement is 0.4 % of the notional.
Long: 0.19 P + 1,000 + 0.5 (P - 64,000) = 0.002 P, so P = 31,000 / 0.688 = 45,058.14.
Short: 0.19 P + 1,000 - 0.5 (P - 64,000) = 0.002 P, so P = 33,000 / 0.312 = 105,769.23.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ask import answer_one
from bot.services.acting import acted
from bot.services.aims import Aim
from bot.services.own_coin import shown_health
from bot.services.question import Question, question_of
from bot.services.subject import subject_of_question
from bot.understanding.understand import understand
from margin_engine import Book, Collateral, evaluate, read_book
from tests.support.picture_specs import distances_spec

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TRADE = "0.5 btc 64k 10x cross multi asset, collateral 0.2 btc and 1000 usdt"


def reply(text: str) -> str:
    return str(answer_one(text, now=NOON)["reply"])


def book(side: str, quantity: str, *, coins: str = "0.2", dollars: str = "1000", **more: Any) -> Book:
    position = {"id": "p", "symbol": "BTCUSDT", "side": side, "quantity": quantity, "entry_price": "64000"}
    return read_book(
        {
            "venue": "binance-usdm",
            "asset_mode": "multi",
            "wallet": {"BTC": coins, "USDT": dollars},
            "collateral": {"BTC": {"price": "64000", "haircut": "0.05"}},
            "positions": [position | {"leverage": "5", "margin_mode": "cross"}, *more.pop("others", [])],
            **more,
        }
    )


@pytest.mark.parametrize(
    ("side", "together", "alone"), [("long", "45,058.2", "37,831.4"), ("short", "105,769.2", "89,960.1")]
)
def test_the_liquidation_price_is_that_of_both_moving_and_the_other_one_is_said(
    side: str, together: str, alone: str
) -> None:
    said = reply(f"{side} {TRADE}")
    assert f"Cross with 0.2 BTC + 1,000 USDT: liquidated at {together}" in said
    assert f"If only the position’s price moved: {alone}." in said


def test_check_compare_and_what_if_agree() -> None:
    assert "45,058.2" in reply(f"iso or cross: long {TRADE}")
    assert "BTC long at 45,058.2" in reply(f"long {TRADE}, what if btc drops 30%")
    assert "liquidated" not in reply(f"long {TRADE}, what if btc drops 29%").split("Isolated")[0]


def test_a_short_that_its_own_coin_covers_has_no_price() -> None:
    # Rising: 0.19 P + 1,000 - 0.1 (P - 64,000) grows faster than 0.4 % of 0.1 P.
    said = reply("short 0.1 btc 64k 10x cross multi asset, collateral 0.2 btc and 1000 usdt")
    assert "Cross with 0.2 BTC + 1,000 USDT: cannot be liquidated by price, the margin covers any rise." in said


def test_a_long_that_would_never_die_with_its_collateral_held_does() -> None:
    # 1.9 P + 0.1 (P - 64,000) = 0.0004 P, so P = 6,400 / 1.9996 = 3,200.64.
    said = reply("long 0.1 btc 64k 10x cross multi asset, collateral 2 btc")
    assert "Cross with 2 BTC: liquidated at 3,200.7" in said
    assert "If only the position’s price moved, nothing would liquidate it." in said


def test_a_stop_below_that_price_is_not_reached() -> None:
    assert "Cross + Isolated: liquidated before the stop at 40,000." in reply(f"long {TRADE}, sl 40000")
    assert "Cross + Isolated" not in reply(f"long {TRADE}, sl 46000")


def test_margin_to_add_counts_the_fall_of_the_collateral() -> None:
    # At 40,000: 7,600 + 1,000 + x - 12,000 = 80, so x = 3,480, and a cent to be beyond it.
    assert "Add 3,480.01 USDT" in reply(f"/addmargin long {TRADE}, liq at 40000")


@pytest.mark.parametrize(("price", "alive"), [("44400", True), ("44300", False)])
def test_money_added_is_asked_at_a_price_to_which_the_collateral_falls_too(price: str, alive: bool) -> None:
    # 0.19 P + 1,500 + 0.5 (P - 64,000) = 0.002 P, so P = 30,500 / 0.688 = 44,331.40; held still 36,827.3.
    question = question_of(understand(f"long {TRADE}"), now=NOON)
    assert isinstance(question, Question)
    subject = subject_of_question(question, now=NOON)
    subject = replace(subject, books={"cross": subject.books["cross"]})
    [change] = acted(subject, Aim(amount=Decimal(500), check=Decimal(price)), position="p1").view.changes
    assert change.alive is alive


def test_a_mistake_names_the_distance_of_the_card() -> None:
    # 0.0285 P + 100 + P - 64,000 = 0.004 P, so P = 63,900 / 1.0245 = 62,371.89: 2.54 % below; held still 2.62 %.
    said = reply("/check long 1 btc 64k 10x cross multi asset, collateral 0.03 btc and 100 usdt")
    assert "BTC long is liquidated 2.5% away" in said


def test_another_coin_as_collateral_stands_still() -> None:
    ether = {"id": "e", "symbol": "ETHUSDT", "side": "long", "quantity": "3", "entry_price": "3000"}
    answer = evaluate(book("long", "0.5", others=[ether | {"leverage": "5", "margin_mode": "cross"}]))
    assert shown_health(answer, "e") == (answer.position("e"), None)
    assert shown_health(answer, "p")[1] is not None


def test_the_explanation_of_an_exchanges_price_names_both() -> None:
    said = reply(f"why does binance show 37831.4? long {TRADE}")
    assert "Binance USD-M shows 37,831.4, and I get 37,831.4." in said
    assert "When it moves along with the position: 45,058.2." in said


@given(
    side=st.sampled_from(["long", "short"]),
    quantity=st.decimals("0.01", "3", places=2),
    coins=st.decimals("0.01", "3", places=2),
    dollars=st.decimals("0", "50000", places=0),
    hedge=st.decimals("0", "5", places=1),
)
def test_the_account_meets_its_requirement_at_the_price(
    side: str, quantity: Decimal, coins: Decimal, dollars: Decimal, hedge: Decimal
) -> None:
    ether = {"id": "e", "symbol": "ETHUSDT", "side": "short", "quantity": str(hedge), "entry_price": "3000"}
    others = [ether | {"leverage": "5", "margin_mode": "cross"}] if hedge else []
    answer = evaluate(book(side, str(quantity), coins=str(coins), dollars=str(dollars), others=others))
    health, backing = shown_health(answer, "p")
    if health.liquidation_price is None or health.distance is None:
        return
    assert backing is not None
    assert backing.left == pytest.approx(backing.needed, rel=Decimal("1e-20"))
    nearer = health.liquidation_price + (64000 - health.liquidation_price) / 1000
    moved = replace(
        answer.book,
        collateral={"BTC": Collateral(price=nearer, haircut=Decimal("0.05"))},
        positions=tuple(replace(each, mark_price=nearer) if each.id == "p" else each for each in answer.book.positions),
    )
    assert not evaluate(moved).pool("cross:USD").liquidatable


def test_a_picture_marks_the_price_at_which_both_have_moved() -> None:
    # 31,000 / 0.688 = 45,058.14, 29.6 % below 64,000.
    (bar,) = distances_spec(book("long", "0.5"), mode="cross").bars
    assert bar.price == "45,058.2"
    assert bar.distance == pytest.approx(Decimal(31000) / Decimal("0.688") / 64000 - 1, abs=Decimal("1e-3"))
