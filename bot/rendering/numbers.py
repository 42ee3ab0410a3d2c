"""Numbers as a person's locale writes them: prices to the tick, liquidation prices to the pessimistic side.

Babel knows the separators and groups of every locale; the patterns are parsed once per locale and precision, because
parsing is what makes Babel's own helpers slow.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache
from typing import Final, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import NumberPattern

from bot.dialogue import NumberFormat

FALLBACK = "en"
LOCALE_OF_FORMAT: Final[dict[NumberFormat, str]] = {"comma": "en", "point": "de", "space": "fr"}
"""A locale that writes numbers in each of the ways that can be chosen."""

FAR: Final = Decimal(10)
"""A rise beyond 1,000 % is not written with its digits."""

SIGNIFICANT = 6
"""Digits of a price whose tick is not known."""

DOLLARS = frozenset({"USDT", "USDC", "USD", "FDUSD", "DAI", "BUSD", "TUSD", "USDE"})
"""Assets whose amounts are written like money."""

_WIDE = Context(prec=80)
_SIZE_DIGITS = 8
_PERCENT_LEAST = Decimal("0.0005")


@lru_cache(maxsize=256)
def locale_of(language_code: str | None) -> Locale:
    """Babel's locale for Telegram's language code ("de", "pt-br"); English when it says nothing we know."""
    if not language_code:
        return Locale.parse(FALLBACK)
    try:
        return Locale.parse(language_code.replace("-", "_"))
    except (ValueError, UnknownLocaleError, TypeError):
        return Locale.parse(FALLBACK)


@lru_cache(maxsize=1024)
def _pattern(locale: Locale, kind: Literal["decimal", "percent"], least: int, most: int) -> NumberPattern:
    formats = locale.decimal_formats if kind == "decimal" else locale.percent_formats
    pattern: NumberPattern = copy.copy(formats[None])
    pattern.frac_prec = (least, most)
    return pattern


@lru_cache(maxsize=4096)
def _written(locale: Locale, kind: Literal["decimal", "percent"], value: Decimal, least: int, most: int) -> str:
    # `apply` has no annotations in Babel
    apply: Callable[..., str] = _pattern(locale, kind, least, most).apply
    with localcontext(_WIDE):  # Babel quantizes in the context that it finds, whose 28 digits are too few
        return apply(value, locale)


def pessimistic(price: Decimal, *, side: Literal["long", "short"], tick: Decimal | None) -> Decimal:
    """A liquidation price on the grid of ticks, rounded so that it is never shown as farther away than it is.

    Long up, short down. Without a tick the grid has six significant digits.
    Arguments: price > 0; tick > 0 or None. Result: a multiple of the tick (for a tick below the price).
    """
    rounding = ROUND_CEILING if side == "long" else ROUND_FLOOR
    if tick is None or tick > price:
        tick = Decimal(1).scaleb(price.adjusted() - SIGNIFICANT + 1)
    steps = _WIDE.divide(price, tick).to_integral_value(rounding=rounding)
    return _WIDE.multiply(steps, tick)


def places_of(step: Decimal) -> int:
    """How many digits after the point a grid of `step` needs: 0.10 -> 1, 5 -> 0."""
    return max(0, -_exponent(step.normalize(_WIDE)))


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Writes numbers for one locale; dates for another, where the person chose how numbers are written."""

    locale: Locale
    dates: Locale | None = None

    @classmethod
    def of(cls, language_code: str | None, number_format: NumberFormat | None = None) -> Numbers:
        """The numbers of a person with this language code, or as they set them."""
        own = locale_of(language_code)
        return cls(own) if number_format is None else cls(locale_of(LOCALE_OF_FORMAT[number_format]), own)

    def plain(self, value: Decimal, *, most: int = 12) -> str:
        """A number as it was given, without padding: 0.5, 64,000, 148.5."""
        return _written(self.locale, "decimal", value, 0, most)

    def quantity(self, value: Decimal) -> str:
        """A size in coins: at most 8 digits, cut, not rounded up; the whole coins are never cut."""
        places = max(0, _SIZE_DIGITS - 1 - value.adjusted()) if value else 0
        return _written(self.locale, "decimal", _cut(value, places), 0, 28)

    def money(self, value: Decimal) -> str:
        """An amount of a dollar coin: whole when it is whole, else to the cent; tiny ones to 6 digits."""
        if value and abs(value) < 1:
            return _written(self.locale, "decimal", value, 0, 6)
        rounded = value.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN, context=_WIDE)
        least = 0 if rounded == rounded.to_integral_value() else 2
        return _written(self.locale, "decimal", rounded, least, 2)

    def amount(self, value: Decimal, asset: str) -> str:
        """An amount of an asset: dollar coins to the cent, other coins to six digits, at most eight after the point."""
        if asset in DOLLARS or not value:
            return self.money(value)
        places = min(_SIZE_DIGITS, max(0, SIGNIFICANT - 1 - value.adjusted()))
        rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN, context=_WIDE)
        return _written(self.locale, "decimal", rounded, 0, places)

    def liquidation_price(self, price: Decimal, *, side: Literal["long", "short"], tick: Decimal | None) -> str:
        """A liquidation price to the tick, rounded to the pessimistic side."""
        rounded = pessimistic(price, side=side, tick=tick)
        places = places_of(rounded) if tick is None or tick > price else places_of(tick)
        return _written(self.locale, "decimal", rounded, places, places)

    def percent(self, fraction: Decimal) -> str:
        """A fraction as percent with one digit, without its sign: the words say the direction."""
        size = abs(fraction).quantize(Decimal("0.001"), rounding=ROUND_HALF_EVEN, context=_WIDE)
        return _written(self.locale, "percent", size, 1, 1)

    def rate(self, fraction: Decimal) -> str:
        """A maintenance rate or fee as percent, with the digits it has: 0.4%, 0.65%."""
        return _written(self.locale, "percent", fraction, 0, 4)

    def day(self, day: date) -> str:
        """A date as the locale writes it, with the month as a word: no mixing up of days and months."""
        return format_date(day, format="medium", locale=self.dates or self.locale)


def _cut(value: Decimal, places: int) -> Decimal:
    if -_exponent(value) <= places:
        return value
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN, context=_WIDE)


def is_tiny(fraction: Decimal) -> bool:
    """Whether a distance would be drawn as 0.0 %, which is what "already liquidated" looks like."""
    return abs(fraction) <= _PERCENT_LEAST
