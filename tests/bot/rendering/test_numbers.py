"""Numbers as people write them, and the pessimistic side."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.numbers import Numbers, is_tiny, locale_of, pessimistic, places_of

EN = Numbers.of("en")


def test_a_long_is_rounded_up_to_the_tick_and_a_short_down() -> None:
    price = Decimal("61044.1767")
    assert EN.liquidation_price(price, side="long", tick=Decimal("0.1")) == "61,044.2"
    assert EN.liquidation_price(price, side="short", tick=Decimal("0.1")) == "61,044.1"


def test_a_price_on_the_tick_stays_where_it_is() -> None:
    assert EN.liquidation_price(Decimal("3505.90"), side="long", tick=Decimal("0.01")) == "3,505.90"


def test_without_a_tick_six_digits_are_shown_on_the_same_side() -> None:
    assert EN.liquidation_price(Decimal("0.00001234567"), side="long", tick=None) == "0.0000123457"
    assert EN.liquidation_price(Decimal("0.00001234567"), side="short", tick=None) == "0.0000123456"
    assert EN.liquidation_price(Decimal(123456789), side="short", tick=None) == "123,456,000"


@given(
    price=st.decimals(min_value=Decimal("1e-9"), max_value=Decimal("1e9"), allow_nan=False),
    tick=st.sampled_from([None, Decimal("0.1"), Decimal("0.01"), Decimal("0.0000001"), Decimal(5)]),
)
def test_rounding_never_makes_a_liquidation_look_farther_away(price: Decimal, tick: Decimal | None) -> None:
    up, down = pessimistic(price, side="long", tick=tick), pessimistic(price, side="short", tick=tick)
    assert 0 < down <= price <= up
    grid = tick if tick is not None and tick <= price else Decimal(1).scaleb(price.adjusted() - 5)
    assert up - down <= grid


def test_distances_have_one_digit_and_no_sign() -> None:
    assert EN.percent(Decimal("-0.04618")) == "4.6%"
    assert EN.percent(Decimal("0.3097")) == "31.0%"


def test_a_distance_that_would_be_drawn_as_zero_is_tiny() -> None:
    assert is_tiny(Decimal("-0.0004"))
    assert not is_tiny(Decimal("0.0006"))


@pytest.mark.parametrize(
    ("language", "price", "percent"),
    [
        ("en", "61,044.2", "4.6%"),
        ("de", "61.044,2", "4,6\xa0%"),
        ("fr", "61\u202f044,2", "4,6\xa0%"),
        ("ru", "61\xa0044,2", "4,6\xa0%"),
        ("es", "61.044,2", "4,6\xa0%"),
        ("pt-br", "61.044,2", "4,6%"),
    ],
)
def test_every_locale_writes_its_own_way(language: str, price: str, percent: str) -> None:
    numbers = Numbers.of(language)
    assert numbers.liquidation_price(Decimal("61044.2"), side="long", tick=Decimal("0.1")) == price
    assert numbers.percent(Decimal("0.046")) == percent


@pytest.mark.parametrize("code", [None, "", "xx", "tlh-klingon", "../../etc", "de_AT@euro", "-", "a" * 99])
def test_a_language_that_nobody_knows_is_english(code: str | None) -> None:
    assert Numbers.of(code).plain(Decimal("1234.5")) in ("1,234.5", "1.234,5")
    assert locale_of("xx").language == "en"


def test_given_numbers_are_shown_as_they_were_given() -> None:
    assert EN.plain(Decimal(64000)) == "64,000"
    assert EN.plain(Decimal("148.50")) == "148.5"
    assert EN.quantity(Decimal("0.015625")) == "0.015625"
    assert EN.quantity(Decimal("0.123456789")) == "0.12345678"
    assert EN.quantity(Decimal("0.000000000001")) != "0"


def test_money_is_whole_or_to_the_cent() -> None:
    assert EN.money(Decimal(1600)) == "1,600"
    assert EN.money(Decimal("492.1875")) == "492.19"
    assert EN.money(Decimal("0.000123")) == "0.000123"
    assert EN.money(Decimal(0)) == "0"


def test_rates_keep_their_digits_and_days_name_the_month() -> None:
    assert EN.rate(Decimal("0.0065")) == "0.65%"
    assert EN.day(date(2026, 9, 29)) == "Sep 29, 2026"


def test_a_grid_knows_its_places() -> None:
    assert [places_of(Decimal(step)) for step in ("0.10", "5", "0.001", "10")] == [1, 0, 3, 0]
