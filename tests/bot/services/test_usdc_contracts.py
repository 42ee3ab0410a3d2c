"""Binance's contracts in USDC have tables and a wallet of their own (data: binance_usdm_tiers.csv, docs/sources.md:
binance-usdm-tiers)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.services.checking import Worked, work_out
from bot.services.question import Declined, question_of
from bot.services.symbols import coin_of
from bot.understanding.readings import Context
from bot.understanding.understand import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def answer(text: str) -> Worked:
    question = question_of(understand(text, Context()), now=NOW)
    assert not isinstance(question, Declined)
    return work_out(question, now=NOW)


def names(worked: Worked) -> set[str]:
    return {note.name for note in (*worked.view.assumed, *worked.view.remarks)}


@pytest.mark.parametrize(
    ("text", "price"),
    [
        # 640,000 lie on the rung of 1 %, amount 2,550: (10 x 64,000 - 32,000 - 2,550) / (10 x 0.99) = 605,450 / 9.9
        ("long 10 BTCUSDC at 64000 20x isolated binance", Decimal(605450) / Decimal("9.9")),
        # (30 x 64,000 - 96,000 - 2,550) / (30 x 0.99) = 1,821,450 / 29.7
        ("long 30 BTCUSDC at 64000 20x isolated", Decimal(1821450) / Decimal("29.7")),
    ],
)
def test_a_usdc_contract_is_worked_with_its_own_table(text: str, price: Decimal) -> None:
    worked = answer(text)
    figures = worked.view.legs[0].isolated
    assert figures is not None
    assert figures.liquidation_price is not None
    assert abs(figures.liquidation_price - price) < Decimal("0.1")
    assert not names(worked) & {"foreign", "contract_here"}


def test_a_wallet_in_usdc_stands_behind_a_usdc_contract() -> None:
    # 6,000 on the first rung of 0.4 %: (2 x 3,000 - 3,000) / (2 x 0.996) = 3,000 / 1.992 = 1,506.02...
    cross = answer("long 2 ETHUSDC at 3000 10x wallet 3000 USDC").view.legs[0].cross
    assert cross is not None
    assert cross.liquidation_price is not None
    assert abs(cross.liquidation_price - Decimal(3000) / Decimal("1.992")) < Decimal("0.01")


def test_a_wallet_in_usdc_stands_behind_no_usdt_contract() -> None:
    reading = understand("long 2 ETHUSDT at 3000 10x wallet 3000 USDC", Context())
    assert question_of(reading, now=NOW) == Declined(why="other_dollar", what="USDC")


def test_a_usdc_contract_without_a_table_is_named_as_such() -> None:
    worked = answer("long 200 ATOMUSDC at 5 10x binance isolated")
    note = next(note for note in worked.view.remarks if note.name == "tiers_unknown")
    assert note.facts["coin"] == "ATOMUSDC"
    assert "foreign" not in names(worked)


def test_another_venue_without_such_contracts_still_says_that_usdc_is_not_converted() -> None:
    assert "foreign" in names(answer("long 2 BTCUSDC at 60000 10x bybit isolated"))


def test_the_coin_of_a_usdc_contract_is_found() -> None:
    assert [coin_of(each) for each in ("BTCUSDC", "1000PEPEUSDC", "BTC_USDC-PERPETUAL")] == ["BTC", "1000PEPE", "BTC"]
