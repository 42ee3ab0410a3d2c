"""What is supposed to change in what is open: margin, a part closed, another leverage, funding, a table of moves."""

from decimal import Decimal

import pytest

from bot.understanding import parsed_json, understand
from bot.understanding.readings import Change


def _said(change: Change) -> dict[str, object]:
    return change.model_dump(exclude_none=True)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("close half", {"what": "close", "share": 50}),
        ("close it", {"what": "close", "share": 100}),
        ("close 25% of my btc long", {"what": "close", "symbol": "BTC", "side": "long", "share": 25}),
        ("reduce my btc long by 0.2", {"what": "close", "symbol": "BTC", "side": "long", "qty": 0.2}),
        ("what if i close my eth short", {"what": "close", "symbol": "ETH", "side": "short", "share": 100}),
        ("funding 0.05% for 3 days", {"what": "funding", "rate_pct": 0.05, "days": 3}),
        ("what if funding is 0.1% for a week", {"what": "funding", "rate_pct": 0.1, "days": 7}),
    ],
)
def test_a_change_alone_is_a_what_if(text: str, change: dict[str, object]) -> None:
    reading = understand(text)
    assert (reading.kind, reading.missing) == ("whatif", ())
    assert [{name: _plain(value) for name, value in _said(each).items()} for each in reading.changes] == [change]
    assert reading.parsed.shocks is None


def _plain(value: object) -> object:
    return value if isinstance(value, str) else float(str(value))


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("what if i add 500 margin and btc drops 10%", {"what": "add_margin", "amount": 500}),
        ("what if i deposit 1000 and btc drops 10%", {"what": "deposit", "amount": 1000}),
        ("what if i withdraw 300 and btc drops 10%", {"what": "withdraw", "amount": 300}),
        ("what if i close half and btc drops 10%", {"what": "close", "share": 50}),
        ("btc drops 10% and i use 20x", {"what": "leverage", "leverage": 20}),
    ],
)
def test_a_change_stands_beside_the_move(text: str, change: dict[str, object]) -> None:
    reading = understand(text)
    assert reading.kind == "whatif"
    assert parsed_json(reading)["shocks"] == [{"target": "BTC", "pct": -10}]
    assert [_said(each) for each in reading.changes] == [change]
    assert reading.unread == ()


@pytest.mark.parametrize(
    ("text", "amount", "what"),
    [("add 500 margin", 500, "add_margin"), ("deposit 1000", 1000, "deposit"), ("take out 300", -300, "withdraw")],
)
def test_money_put_in_or_taken_out_alone_is_an_added_margin(text: str, amount: int, what: str) -> None:
    reading = understand(text)
    assert reading.kind == "addmargin"
    assert reading.parsed.amount == amount
    assert [each.what for each in reading.changes] == [what]


def test_a_part_of_a_told_position_is_closed() -> None:
    reading = understand("close half of my long 0.5 btc 64k 20x")
    assert reading.kind == "whatif"
    assert parsed_json(reading)["positions"] == [
        {"symbol": "BTC", "side": "long", "qty": 0.5, "entry": 64000, "leverage": 20}
    ]
    assert [each.share for each in reading.changes] == [50]


def test_a_change_of_mode_stands_beside_the_move() -> None:
    reading = understand("what if i switch to cross and btc drops 10%")
    assert reading.kind == "compare"
    assert parsed_json(reading)["switch"] == {"to": "cross"}
    assert parsed_json(reading)["shocks"] == [{"target": "BTC", "pct": -10}]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("ladder -5 -10 -20", [-5, -10, -20]),
        ("from -5 to -20 in steps of 5", [-20, -15, -10, -5]),
        ("btc from -10% to 10% every 5%", [-10, -5, 0, 5, 10]),
    ],
)
def test_the_rows_of_a_table_are_kept(text: str, steps: list[int]) -> None:
    assert list(understand(text).ladder) == steps


@pytest.mark.parametrize("text", ["2020-03-12 again", "what if 2020-03-12 happens again"])
def test_a_date_names_its_crash(text: str) -> None:
    assert parsed_json(understand(text))["shocks"] == [{"target": "ALL", "named": "2020-03-12"}]


def test_the_position_that_an_amount_is_for_does_not_move() -> None:
    reading = understand("add 300 to my eth short and btc drops 5%")
    assert parsed_json(reading)["shocks"] == [{"target": "BTC", "pct": -5}]
    assert [(each.symbol, each.side) for each in reading.changes] == [("ETH", "short")]


@pytest.mark.parametrize("move", ["then btc drops 8%", "then btc -8%", "and btc -8%", ", btc -8%"])
def test_a_trade_an_amount_and_then_a_move_are_one_what_if(move: str) -> None:
    reading = understand(f"long 0.5 btc 95k 10x iso, add 500 {move}")
    (shock,) = reading.parsed.shocks or ()
    assert (reading.kind, shock.target, shock.pct) == ("whatif", "BTC", Decimal(-8))
    assert [change.amount for change in reading.changes] == [Decimal(500)]
    assert reading.parsed.account is None
