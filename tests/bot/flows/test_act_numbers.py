"""The numbers that comparisons, sizes and ways show are the engine's: read out of the texts, held against its JSON."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.ask import answer_one
from margin_engine import Book, MarginMode, Position, Side, compare, write_comparison

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COINS = {"BTC": 64000, "ETH": 3200, "SOL": 150}
NUMBER = r"(-?[\d,]+(?:\.\d+)?)"


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@st.composite
def books(draw: st.DrawFn) -> Book:
    """One to three positions of different coins in both modes, in a wallet that holds their margins."""
    coins = draw(st.lists(st.sampled_from(sorted(COINS)), min_size=1, max_size=3, unique=True))
    positions = tuple(
        Position(
            id=coin.lower(),
            symbol=f"{coin}USDT",
            side=draw(st.sampled_from(Side)),
            quantity=(Decimal(draw(st.integers(1000, 90000))) / COINS[coin]).quantize(Decimal("0.001")),
            entry_price=Decimal(COINS[coin]),
            leverage=Decimal(draw(st.integers(2, 50))),
            margin_mode=draw(st.sampled_from(MarginMode)),
        )
        for coin in coins
    )
    wallet = sum(each.quantity * each.entry_price / each.leverage for each in positions) + draw(st.integers(1, 20000))
    return Book(venue="binance-usdm", wallet={"USDT": Decimal(wallet).quantize(Decimal(1)) + 1}, positions=positions)


def asked(text: str, book: Book | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(json.dumps(answer_one(text, book, now=NOW)))
    return answer


@given(books())
def test_every_price_of_a_comparison_is_the_engines_rounded_to_the_near_side(book: Book) -> None:
    answer = asked("/compare", book)
    assert answer["results"]["compare"] == json.loads(json.dumps(write_comparison(compare(book))))
    if len(book.positions) == 1:
        return
    table = answer["reply"].split("\n\n")[1]
    for partition, column in (("isolated", 0), ("cross", 1)):
        for position in answer["results"]["compare"][partition]["positions"]:
            row = next(line for line in table.split("\n") if line.startswith(position["symbol"].removesuffix("USDT")))
            cells = row.split()[2:]
            price = position["liquidation_price"]
            if price is None:
                assert not re.search(r"\d", " ".join(cells[column : column + 1]))
                continue
            if Decimal(position["distance"]) > 10:
                assert cells[_place(cells, column)] == "far"
                continue
            ahead = number(cells[_place(cells, column)]) - Decimal(price)
            # Never farther away than it is: a fall reaches it rounded up, a rise rounded down, by one tick at most.
            assert (
                (0 <= ahead <= Decimal("0.1")) if Decimal(position["distance"]) < 0 else (-Decimal("0.1") <= ahead <= 0)
            )


def _place(cells: list[str], column: int) -> int:
    """Where a column's cell begins: "at once" is two words."""
    place = 0
    for _ in range(column):
        place += 2 if cells[place] == "at" else 1
    return place


@given(books())
def test_the_amounts_of_a_comparison_are_the_engines(book: Book) -> None:
    answer = asked("/compare", book)
    reply = answer["reply"]
    shown = re.search(rf"Max\. loss +{NUMBER} +{NUMBER}", reply)
    assert shown is not None
    for partition, text in (("isolated", shown[1]), ("cross", shown[2])):
        evaluation = answer["results"]["compare"][partition]
        losses = [Decimal(each["max_loss"]) for each in evaluation["positions"]]
        most = sum(losses) if partition == "isolated" else losses[0]
        if partition == "cross" and all(
            each["side"] == "long" and each["liquidation_reason"] == "covered_to_zero"
            for each in evaluation["positions"]
        ):
            # Longs that no price ends lose no more than a fall to 0 takes.
            most = min(most, sum(each.quantity * each.entry_price for each in book.positions))
        assert abs(number(text) - most) <= Decimal("0.5")


@given(books(), st.sampled_from((-30, -15, 10, 25)))
def test_the_margin_to_add_is_what_the_json_says_and_it_is_enough(book: Book, move: int) -> None:
    answer = asked(f"top up needed to survive {move:+d}% market", book)
    solution = answer["results"]["solution"]
    if solution["holds"]:
        assert answer["reply"].startswith("Survives everything")
        return
    text = re.search(rf"Add {NUMBER} USDT", answer["reply"].split("\n")[0])
    assert text is not None
    assert number(text[1]) == Decimal(solution["add_margin"])
    after = answer["results"]["after"]
    pools = {pool["id"]: pool for pool in after["pools"]}
    for position in after["positions"]:
        assert not pools[position["pool_id"] if "pool_id" in position else _pool(position)]["liquidatable"]
    fall = "market_fall_to_liquidation" if move < 0 else "market_rise_to_liquidation"
    reached = [Decimal(pool[fall]) for pool in after["pools"] if pool[fall] is not None]
    assert all(abs(each) > abs(Decimal(move)) / 100 for each in reached)


def _pool(position: dict[str, Any]) -> str:
    return str(position["id"]) if position["margin_mode"] == "isolated" else "cross:USDT"


@given(st.integers(60000, 63900), st.integers(1, 5000), st.integers(2, 100))
def test_the_size_loses_the_risk_and_the_loud_line_is_there_when_it_must_be(
    stop: int, risk: int, leverage: int
) -> None:
    answer = asked(f"how big can i go: btc long 64000 stop {stop} risk {risk}$ lev {leverage}x")
    results = answer["results"]
    quantity = Decimal(results["solution"]["quantity"])
    assert abs(quantity * (64000 - stop) - risk) < Decimal("1e-9")
    shown = re.search(rf"{NUMBER} BTC loses {risk:,} USDT", answer["reply"])
    assert shown is not None
    assert 0 <= quantity - number(shown[1]) <= Decimal("1e-5")
    if results["after"] is None:
        return  # the venue refuses that leverage for the size
    price = Decimal(results["after"]["positions"][0]["liquidation_price"] or 0)
    assert answer["reply"].startswith("⚠") == (price >= stop)
    assert results["solution"]["liquidated_before_stop_isolated"] is (price >= stop)
