"""The cells of a table of positions as exchanges write them: numbers with their unit, sides, modes, leverages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

Style = Literal["english", "german", "unknown"]
"""Which sign stands before the fraction: a point, a comma, or nobody can tell."""

_CELL: Final = re.compile(
    r"(?P<sign>[-−–+]?)\s*[$€]?\s*(?P<digits>\d[\d.,]{0,60})\s*(?P<unit>[A-Za-z×][A-Za-z0-9]{0,11})?\s*(?:\(.*\))?",
    re.DOTALL,
)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_PLAIN: Final = re.compile(r"\d{1,30}(?:\.\d{1,30})?")
_SIDES: Final = {"long": "long", "buy": "long", "short": "short", "sell": "short"}
_MODES: Final = {"isolated": "isolated", "iso": "isolated", "cross": "cross", "crossed": "cross"}
_NO_SIDES: Final = ("", "both", "net", "none", "-", "–", "--")
_LEVERAGE: Final = re.compile(r"(?<![\w.,])(\d{1,4}(?:[.,]\d{1,4})?)\s*[x×]", re.IGNORECASE)
_TOTALS: Final = re.compile(r"(?:grand\s+)?totals?|sums?|gesamt|summe|insgesamt", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number with its sign, and the unit behind it in capitals, empty where there is none."""

    value: Decimal
    unit: str = ""


def style_of(cells: Iterable[str]) -> Style:
    """How a table writes its numbers, by those that can be written in one way only; both ways at once is unknown."""
    found: set[Style] = set()
    doubtful = False
    for cell in cells:
        digits = _digits(cell)
        comma, point = digits.rfind(","), digits.rfind(".")
        if comma >= 0 and point >= 0:
            found.add("german" if comma > point else "english")
        elif _THOUSANDS.fullmatch(digits) and not digits.startswith("0"):
            doubtful = doubtful or comma < 0
        elif comma >= 0:
            found.add("german")
        elif point >= 0:
            found.add("english")
    if len(found) == 1:
        return found.pop()
    return "unknown" if found or doubtful else "english"


def _digits(cell: str) -> str:
    read = _CELL.fullmatch(cell.strip())
    return read["digits"] if read is not None else ""


def amount_of(text: str, style: Style) -> Amount | None:
    """A number as a table writes it: "1,234.5", "-0.5 BTC", "$1,575.00 (Cross)", "20x"; None for anything else, and for
    one that can be two numbers."""
    read = _CELL.fullmatch(text.strip())
    digits = _plain(read["digits"], style) if read is not None else None
    if read is None or digits is None:
        return None
    value = Decimal(digits)
    return Amount(value=-value if read["sign"] in ("-", "−", "–") else value, unit=(read["unit"] or "").upper())


def _plain(digits: str, style: Style) -> str | None:
    """The digits with a point before the fraction and nothing between thousands."""
    if style == "unknown" and _THOUSANDS.fullmatch(digits) and not digits.startswith("0"):
        return None
    group, mark = (".", ",") if style == "german" or (style == "unknown" and "," in digits) else (",", ".")
    whole, _, fraction = digits.partition(mark)
    grouped = group in whole
    if group in fraction or (grouped and not _THOUSANDS.fullmatch(whole)):
        return None
    plain = whole.replace(group, "") + (f".{fraction}" if fraction else "")
    return plain if _PLAIN.fullmatch(plain) else None


def number_of(text: str, style: Style) -> Decimal | None:
    """The number alone, whatever its unit."""
    amount = amount_of(text, style)
    return amount.value if amount is not None else None


def side_of(cells: Iterable[str], size: Decimal) -> str | None:
    """Long or short, as a cell says it ("Long 20x", "Sell"), else by the sign; None where both contradict, or the first
    cell, which is for it, says something else."""
    own, *others = cells
    said = {_SIDES[word] for cell in (own, *others) for word in _words(cell) if word in _SIDES}
    if not said:
        return ("short" if size < 0 else "long") if own.strip().lower() in _NO_SIDES else None
    if len(said) > 1 or (size < 0 and "long" in said):
        return None
    return said.pop()


def mode_of(cells: Iterable[str]) -> str | None:
    """Isolated or cross, as one of the cells says it ("Cross 20x", "1,600 USDT (Isolated)"); None where none does."""
    said = {_MODES[word] for cell in cells for word in _words(cell) if word in _MODES}
    return said.pop() if len(said) == 1 else None


def leverage_of(own: str, others: Iterable[str], style: Style) -> Decimal | None:
    """The leverage of its own cell, else of one that names it ("BTCUSDT Perp 20x"); None where none does."""
    if own.strip():
        alone = amount_of(own, style)
        if alone is not None and alone.unit in ("", "X", "×"):
            return alone.value if alone.value > 0 else None
        others = (own,)
    found = {hit for cell in others for hit in _LEVERAGE.findall(cell)}
    value = Decimal(found.pop().replace(",", ".")) if len(found) == 1 else None
    return value if value is not None and value > 0 else None


def _words(cell: str) -> list[str]:
    return re.findall(r"[a-z]+", cell.lower())


def is_total(cell: str) -> bool:
    """Whether a row is the sum of the others."""
    return _TOTALS.fullmatch(cell.strip().rstrip(":")) is not None


def time_of(text: str) -> datetime | None:
    """A time with its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
