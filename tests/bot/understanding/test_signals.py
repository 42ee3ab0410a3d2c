"""Messages as traders post them: prices now, sizes in money, targets in lists, numbers in other notations."""

from decimal import Decimal

import pytest

from bot.understanding import understand
from bot.understanding.readings import PositionSlots


def _only(text: str) -> PositionSlots:
    (slots,) = understand(text).parsed.positions or ()
    return slots


@pytest.mark.parametrize(
    ("text", "entry", "coin", "mark"),
    [
        ("short 3 sol @ 150 lev 20 now @155", 150, "SOL", 155),
        ("long 2 eth @ 3200 20x, now @ 3150", 3200, "ETH", 3150),
        ("long 2 eth 3200 20x now at 3150", 3200, "ETH", 3150),
        ("long 2 eth @ 3200 20x currently @ 3150", 3200, "ETH", 3150),
        ("long 2 eth @ 3200 20x now 3150", 3200, "ETH", 3150),
    ],
)
def test_a_number_after_now_is_the_price_now_and_no_wallet(text: str, entry: int, coin: str, mark: int) -> None:
    parsed = understand(text).parsed
    assert parsed.marks == {coin: Decimal(mark)}
    assert parsed.account is None
    assert _only(text).entry == entry


def test_now_before_the_only_price_still_names_the_entry() -> None:
    parsed = understand("long btc 64k 10x margin 100, long eth now @ 3200 20x margin 50").parsed
    assert [slots.entry for slots in parsed.positions or ()] == [64000, 3200]
    assert parsed.marks is None


@pytest.mark.parametrize(
    "size", ["position size 32000", "pos size 32000", "position size: 32k", "size 32k", "SIZE 32K"]
)
def test_a_size_that_cannot_be_coins_is_the_position_value(size: str) -> None:
    slots = _only(f"long btc 64k 20x {size}")
    assert (slots.notional, slots.margin, slots.qty) == (Decimal(32000), None, None)


@pytest.mark.parametrize(
    ("text", "qty"),
    [
        ("long btc 64k 20x position size 0.5", "0.5"),
        ("long sol 150 20x size 300", "300"),
        ("long doge 0.15 20x size 50000", "50000"),
    ],
)
def test_a_size_that_people_hold_stays_a_count_of_coins(text: str, qty: str) -> None:
    assert _only(text).qty == Decimal(qty)


SIGNAL = "🟢 LONG $SOL\n✅ Entry: 148\n{targets}\n{stop}\n⚡️ Lev 20x\n💵 margin 200$"


@pytest.mark.parametrize(
    "targets", ["🎯 155 / 160 / 170", "🎯 155 - 160 - 170", "Target: 155/160/170", "🎯 TP: 155, 160, 170"]
)
@pytest.mark.parametrize("stop", ["⛔️ SL 143", "🛑 143", "⛔ 143", "🛑 stop loss: 143"])
def test_every_number_behind_a_target_sign_is_a_target(targets: str, stop: str) -> None:
    text = SIGNAL.format(targets=targets, stop=stop)
    slots = _only(text)
    assert (slots.entry, slots.margin, slots.leverage) == (Decimal(148), Decimal(200), Decimal(20))
    assert slots.qty is None
    assert understand(text).plan == ("target 155", "target 160", "target 170", "stop 143")
    assert understand(text).unread == ()


@pytest.mark.parametrize(
    ("text", "qty"),
    [
        ("short 1.500 ada a 0,45 10x, margem 67,50", "1500"),
        ("long 2.500 xrp 0,62 10x margin 155", "2500"),
        ("short 1.500 btc a 64.000,50 10x", "1.5"),
        ("long 2.500 eth 3200.50 10x", "2.5"),
    ],
)
def test_a_decimal_comma_elsewhere_makes_a_dot_set_thousands_apart(text: str, qty: str) -> None:
    assert _only(text).qty == Decimal(qty)


@pytest.mark.parametrize(
    ("said", "qty"), [("point five", "0.5"), ("one point five", "1.5"), ("zero point two five", "0.25")]
)
def test_decimals_in_words_are_numbers(said: str, qty: str) -> None:
    assert _only(f"long {said} btc 64k 10x").qty == Decimal(qty)


@pytest.mark.parametrize("amount", ["10jt", "10 jt", "10 juta", "10 juta rupiah"])
def test_millions_in_indonesian_are_rupiah_unless_another_unit_is_named(amount: str) -> None:
    slots = _only(f"long btc 64k 20x margin {amount}")
    assert (slots.margin, slots.margin_unit) == (Decimal(10_000_000), "IDR")
    assert understand(f"long btc 64k 20x margin {amount}").foreign == ("IDR",)


def test_indonesian_millions_of_a_coin_or_of_usdt_are_no_rupiah() -> None:
    assert _only("long 2 juta doge 0.15 10x").qty == 2_000_000
    assert _only("long btc 64k 20x margin 1 juta usdt").margin_unit is None


def test_stops_and_targets_beside_a_position_are_named() -> None:
    reading = understand("long btc 64k 20x margin 200 sl 60k tp 70k tp2 5%")
    assert reading.plan == ("stop 60000", "target 70000", "target 5%")
    assert understand("long btc 64k 20x margin 200").plan == ()
