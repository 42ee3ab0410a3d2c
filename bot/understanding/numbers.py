"""Numbers as people write them: both decimal marks, thousands in four styles, k and m."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.understanding.coins import plausible_price, usual_price
from bot.understanding.words import table

DIGITS = 30
"""More digits than this are no number that anybody means."""

SCALES = {word: Decimal(value) for row in table("numbers.json").values() for word, value in row["scales"].items()}
"""What multiplies the number before it, in every language."""

Unit = Literal["", "x", "%", "usd", "coin", "coins", "contracts", "hours", "days"]

_MARK = re.compile(r"[.,]")
_SPACER = re.compile(r"[' _]")
_CLEAN = re.compile(r"[0-9]*(?:[.,'_ ][0-9]+)*")
_EXPONENT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?[eE][+-]?[0-9]{1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in a message.

    values: what it can mean, the likelier first ("64.000" is 64 or 64000). unit: what stands at it; asset: the coin
    of unit "coin", or the money of "usd". sign: "", "+", "-" or "±". dollar: a "$" stands before it. scaled: written
    with k or m.
    """

    values: tuple[Decimal, ...]
    unit: Unit = ""
    asset: str = ""
    sign: str = ""
    dollar: bool = False
    scaled: bool = False
    glued: bool = False

    @property
    def value(self) -> Decimal:
        """The likelier value, without its sign."""
        return self.values[0]

    @property
    def signed(self) -> Decimal:
        """The likelier value with its sign; a plus-minus sign counts as plus."""
        return -self.value if self.sign == "-" else self.value

    def price(self, symbol: str | None) -> Decimal:
        """The value as a price of a symbol: the reading inside the sanity band, else the likelier one.

        At most one reading fits where the price window is recorded, since no band is as wide as a factor of a thousand.
        """
        fitting = [value for value in self.values if plausible_price(symbol, value)]
        return fitting[0] if fitting else self.value

    def money(self) -> Decimal:
        """The value as an amount of money: nobody writes three decimals there, so "1.200" is 1200."""
        return max(self.values)

    def fits_price(self, symbol: str | None) -> bool:
        """Whether some reading of it is a plausible price of the symbol (unknown windows: no)."""
        return any(plausible_price(symbol, value) for value in self.values)

    def usual_price(self, symbol: str | None) -> bool:
        """Whether some reading of it lies inside the symbol's recorded window."""
        return any(usual_price(symbol, value) for value in self.values)


def literal(raw: str) -> tuple[Decimal, ...]:
    """What a run of digits and separators can mean, the likelier first; empty when it is not one number.

    "61,234" -> 61234 or 61.234; "64.000" -> 64 or 64000; "0,62" -> 0.62; "1.234.567,8" -> 1234567.8; "58 900" -> 58900;
    "1e3" -> 1000.
    """
    if _EXPONENT.fullmatch(raw):
        value = Decimal(raw)
        return (Decimal(f"{value:f}"),) if not value or abs(value.adjusted()) < DIGITS // 2 else ()
    if raw.isascii() and raw.isdigit() and len(raw) <= DIGITS:
        return (Decimal(raw),)
    if not raw or not _CLEAN.fullmatch(raw) or sum(map(str.isdigit, raw)) > DIGITS:
        return ()
    plain = _SPACER.sub("", raw) if _grouped(_MARK.split(raw)[0]) else ""
    marks = [letter for letter in plain if letter in ".,"]
    if not plain or not any(letter.isdigit() for letter in plain):
        return ()
    if not marks:
        return (Decimal(plain),)
    if len(marks) == 1:
        return _one_mark(plain, marks[0])
    *whole, fraction = _MARK.split(plain)
    if len(set(marks)) == 1:
        return (Decimal("".join([*whole, fraction])),) if _thousands([*whole, fraction]) else ()
    if len(set(marks[:-1])) > 1 or marks[-1] == marks[0] or not _thousands(whole):
        return ()
    return (Decimal(f"{''.join(whole)}.{fraction}"),)


def _grouped(whole: str) -> bool:
    parts = _SPACER.split(whole)
    return len(parts) == 1 or _thousands(parts)


def _thousands(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _one_mark(plain: str, mark: str) -> tuple[Decimal, ...]:
    whole, fraction = plain.split(mark)
    decimal = Decimal(f"{whole or 0}.{fraction}")
    if len(fraction) != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0"):
        return (decimal,)
    thousands = Decimal(whole + fraction)
    return (decimal, thousands) if mark == "." else (thousands, decimal)
