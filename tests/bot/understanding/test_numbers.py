"""Numbers in both conventions, and the laws that tie them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import read_number
from bot.understanding.numbers import literal


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ("64000", ["64000"]),
        ("61,234", ["61234", "61.234"]),
        ("64.000", ["64.000", "64000"]),
        ("0,62", ["0.62"]),
        ("0.125", ["0.125"]),
        (".61", ["0.61"]),
        ("1,25", ["1.25"]),
        ("64,250.50", ["64250.50"]),
        ("3.250,75", ["3250.75"]),
        ("1.234.567", ["1234567"]),
        ("1'234'567.5", ["1234567.5"]),
        ("58 900", ["58900"]),
        ("1.2.3", []),
        ("12,34,56", []),
        ("", []),
        (".", []),
    ],
)
def test_a_run_of_digits_has_these_readings(raw: str, values: list[str]) -> None:
    assert list(literal(raw)) == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("text", "coin", "value"),
    [
        ("64.000", "BTC", "64000"),
        ("63.500", "BTC", "63500"),
        ("3.200", "ETH", "3200"),
        ("0,62", "XRP", "0.62"),
        ("14.250", "LINK", "14.25"),
        ("63k", "BTC", "63000"),
        ("67.2k", "BTC", "67200"),
        ("58 900", None, "58900"),
        ("58 900 usdt", None, "58900"),
        ("$1.000", None, "1000"),
        ("10k", None, "10000"),
        ("1.5m", None, "1500000"),
        ("10 thousand", None, "10000"),
        ("-5%", None, "-5"),
        ("none", None, None),
        ("5 or 6", None, None),
    ],
)
def test_the_coins_price_band_decides_what_a_number_means(text: str, coin: str | None, value: str | None) -> None:
    assert read_number(text, coin) == (None if value is None else Decimal(value))


@given(st.integers(min_value=1_000_000, max_value=10**15), st.integers(min_value=0, max_value=99))
def test_a_grouped_number_reads_the_same_in_both_conventions(whole: int, cents: int) -> None:
    expected = (Decimal(whole) + Decimal(cents) / 100,)
    english = f"{whole:,}.{cents:02d}"
    german = f"{whole:,}".replace(",", ".") + f",{cents:02d}"
    swiss = f"{whole:,}".replace(",", "'") + f".{cents:02d}"
    assert literal(english) == literal(german) == literal(swiss) == expected


@given(st.integers(min_value=20_000, max_value=300_000))
def test_every_plausible_bitcoin_price_reads_back_from_either_thousands_mark(price: int) -> None:
    for text in (f"{price}", f"{price:,}", f"{price:,}".replace(",", "."), f"{price / 1000}k"):
        assert read_number(text, "BTC") == price


@given(st.decimals(min_value="0.0001", max_value="999.99", places=4))
def test_a_decimal_comma_means_what_a_decimal_point_means(value: Decimal) -> None:
    assert literal(f"{value}".replace(".", ",")) == literal(f"{value}") == (value,)
