"""Readings that differ in money: both are offered, or what decides is flagged; several fills make their average."""

from decimal import Decimal

import pytest

from bot.understanding import Reading, understand
from bot.understanding.readings import PositionSlots


def _only(reading: Reading) -> PositionSlots:
    (slots,) = reading.parsed.positions or ()
    return slots


def _offered(text: str) -> list[PositionSlots]:
    reading = understand(text)
    return [_only(each) for each in (reading, *reading.alternatives)]


@pytest.mark.parametrize(
    ("text", "qty", "entry"),
    [
        ("long 0.3 btc at 64k and 0.2 at 60k 10x", "0.5", 62_400),  # (0.3 x 64k + 0.2 x 60k) / 0.5
        ("bought 0.1 btc 64k, 0.1 btc 62k, 0.2 btc 60k 5x", "0.4", 61_500),  # (6.4k + 6.2k + 12k) / 0.4
        ("long eth 1 @ 3200, 3 @ 3000 10x", "4", 3050),  # (3200 + 9000) / 4
        ("dca long btc 64k 60k 56k 0.1 each 10x", "0.3", 60_000),
        ("long 0.5 btc 64k 20x then added 0.5 at 60k", "1", 62_000),
        ("0.3 btc at 64k and 0.2 at 60k", "0.5", 62_400),
        ("dca 64k 60k 56k 0.1 each", "0.3", 60_000),
    ],
)
def test_several_fills_make_their_average_and_say_so(text: str, qty: str, entry: int) -> None:
    reading = understand(text)
    assert reading.kind == "position"
    assert _only(reading).qty == Decimal(qty)
    assert _only(reading).entry == entry
    assert any(flag.startswith("entry: the average of") for flag in reading.assumed)
    assert reading.parsed.marks is None


@pytest.mark.parametrize("text", ["long 1.000 sol 150 10x", "largo 1.000 sol 150 10x saldo 10.000"])
def test_a_quantity_with_a_thousands_point_or_decimals_is_offered_both_ways(text: str) -> None:
    assert [slots.qty for slots in _offered(text)] == [1, 1000]


@pytest.mark.parametrize(
    ("text", "qty"),
    [
        ("long 2.500 xrp 0.6 10x", "2500"),  # 2.5 XRP are 1.50 USDT: nobody can trade that
        ("long 1.500 btc 64000 10x", "1.5"),  # 1,500 BTC are 96 million
        ("long 1.500 sol 150.25 10x", "1.5"),  # the writer's point stands before decimals
    ],
)
def test_where_only_one_reading_can_be_meant_nothing_is_offered(text: str, qty: str) -> None:
    assert [slots.qty for slots in _offered(text)] == [Decimal(qty)]


def test_two_wallets_that_contradict_each_other_are_both_offered() -> None:
    reading = understand("long 0.5 btc 64k 20x wallet 10k balance 5k")
    accounts = [each.parsed.account for each in (reading, *reading.alternatives)]
    assert [account.balance for account in accounts if account] == [10_000, 5_000]


@pytest.mark.parametrize("tail", ["w/ 10k, 2k already used", "cross wallet 10k, 2k in use", "balance 10k available 8k"])
def test_money_in_use_is_no_second_wallet(tail: str) -> None:
    reading = understand(f"long 0.5 btc 64k 20x {tail}")
    assert reading.parsed.account is not None
    assert reading.parsed.account.balance == 10_000
    assert _only(reading).margin is None
    assert reading.unread != ()
    assert reading.alternatives == ()


def test_a_margin_that_size_and_leverage_contradict_is_offered_without_one_of_them() -> None:
    text = "long 0.5 btc 64000 20x margin 100"  # 0.5 x 64,000 / 20 = 1,600
    assert [slots.qty for slots in _offered(text)] == [Decimal("0.5"), Decimal("0.5"), None]
    assert [slots.margin for slots in _offered(text)] == [100, None, 100]


@pytest.mark.parametrize("margin", ["1600", "2500", "1000"])
def test_a_margin_near_that_of_size_and_leverage_stands(margin: str) -> None:
    assert len(_offered(f"long 0.5 btc 64000 20x margin {margin}")) == 1


def test_numbers_of_one_position_are_never_joined_by_the_price_of_another() -> None:
    positions = understand("btc l 0.1 62k 10x, eth s 2 3200 5x, sol long 40 150").parsed.positions or ()
    assert [slots.symbol for slots in positions] == ["BTC", "ETH", "SOL"]
    assert [slots.qty for slots in positions] == [Decimal("0.1"), 2, 40]
    assert [slots.entry for slots in positions] == [62_000, 3200, 150]


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("max loss for long 1 eth 3200 10x at 3000", "3200"),
        ("BTCUSDT long 0.5 64000 62000 70000 20x", "62000"),  # an entry, a stop and a target: no mark, no liquidation
    ],
)
def test_a_second_price_without_a_name_is_no_money_and_is_named(text: str, unread: str) -> None:
    reading = understand(text)
    assert reading.parsed.account is None
    assert _only(reading).margin is None
    assert unread in reading.unread


@pytest.mark.parametrize("text", ["long btc 64k 10x half my wallet of 10k", "long btc 64k 10x with half of my 10k"])
def test_half_the_wallet_is_the_margin(text: str) -> None:
    assert _only(understand(text)).margin == 5000


def test_a_mode_that_is_denied_is_not_taken() -> None:
    assert _only(understand("dont use cross, long 1 eth 3200 10x")).mode is None
