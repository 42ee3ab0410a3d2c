"""Answers to one question of the bot."""

from decimal import Decimal

import pytest

from bot.understanding import Answer, Context, parsed_json, public_kind, understand, understand_slot
from bot.understanding.readings import AccountSlots, PositionSlots


@pytest.mark.parametrize(
    ("slot", "text", "coin", "position"),
    [
        ("leverage", "20x", "BTC", {"leverage": 20}),
        ("leverage", "20", "BTC", {"leverage": 20}),
        ("leverage", "x50", "BTC", {"leverage": 50}),
        ("entry", "63k", "BTC", {"entry": 63000}),
        ("entry", "64.000", "BTC", {"entry": 64000}),
        ("entry", "market", "BTC", {"entry": "live"}),
        ("side", "long", "BTC", {"side": "long"}),
        ("side", "s", "BTC", {"side": "short"}),
        ("side", "🔴", "BTC", {"side": "short"}),
        ("mode", "iso", "BTC", {"mode": "isolated"}),
        ("mode", "corss", "BTC", {"mode": "cross"}),
        ("symbol", "eth", None, {"symbol": "ETH"}),
        ("symbol", "near", None, {"symbol": "NEAR"}),
        ("size", "0.5 btc", "BTC", {"qty": Decimal("0.5")}),
        ("size", "0.5", "BTC", {"qty": Decimal("0.5")}),
        ("size", "$500 margin", "BTC", {"margin": 500}),
        ("size", "50 contracts", "BTC", {"contracts": 50}),
        ("size", "notional 10k", "BTC", {"notional": 10000}),
    ],
)
def test_an_answer_fills_the_slot_that_was_asked_for(
    slot: str, text: str, coin: str | None, position: dict[str, object]
) -> None:
    answer = understand_slot(slot, text, coin)
    assert answer == Answer(position=PositionSlots.model_validate(position))


def test_a_bare_money_amount_as_size_is_margin_and_says_so() -> None:
    answer = understand_slot("size", "500$", "BTC")
    assert answer is not None
    assert answer.position == PositionSlots(margin=Decimal(500))
    assert answer.assumed[0].startswith("usd_amount_is_margin")


def test_a_large_bare_number_for_a_dear_coin_is_money() -> None:
    answer = understand_slot("size", "500", "BTC")
    assert answer is not None
    assert answer.position == PositionSlots(margin=Decimal(500))


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("10k", AccountSlots(balance=Decimal(10000))),
        ("2 btc", AccountSlots(balance=Decimal(2), unit="BTC")),
        ("0.05 btc + 2000 usdt", AccountSlots(collateral={"BTC": Decimal("0.05"), "USDT": Decimal(2000)})),
    ],
)
def test_a_balance_is_money_or_coins(text: str, account: AccountSlots) -> None:
    assert understand_slot("balance", text) == Answer(account=account)


def test_a_stop_is_a_price_or_a_distance() -> None:
    assert understand_slot("stop", "62k", "BTC") == Answer(price=Decimal(62000))
    assert understand_slot("stop", "2%", "BTC") == Answer(pct=Decimal(2))


@pytest.mark.parametrize(("slot", "text"), [("side", "maybe"), ("entry", "dunno"), ("nothing", "5")])
def test_what_does_not_answer_the_question_is_no_answer(slot: str, text: str) -> None:
    assert understand_slot(slot, text, "BTC") is None


def test_a_stated_price_is_a_mark_and_is_called_portfolio_outside() -> None:
    reading = understand("btc 63k now")
    assert (reading.kind, public_kind(reading)) == ("mark", "portfolio")
    assert parsed_json(reading) == {"marks": {"BTC": 63000}}


def test_a_stated_price_without_a_coin_is_that_of_the_open_card() -> None:
    assert parsed_json(understand("price now 63000", Context(symbols=("BTC",)))) == {"marks": {"BTC": 63000}}
    assert understand("price now 63000").missing == ("symbol",)


def test_a_bare_amount_offers_the_other_reading() -> None:
    (other,) = understand("10x long btc 64k 1000 usdt isolated").alternatives
    assert other.parsed.positions is not None
    assert other.parsed.positions[0].notional == 1000
    assert other.parsed.positions[0].margin is None
