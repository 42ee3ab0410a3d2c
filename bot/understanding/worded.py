"""Numbers in words: "ten grand", "five hundred bucks", "twenty five k", "a quarter eth", and Chinese numerals."""

import re
from dataclasses import replace
from decimal import Decimal

from bot.understanding.lexer import Piece
from bot.understanding.numbers import SCALES, Number
from bot.understanding.words import listed, table

SPELLED = {word: Decimal(value) for row in table("numbers.json").values() for word, value in row["spelled"].items()}
"""Numbers in one word, in every language."""

_FRACTIONS = {word: Decimal(share) for word, share in table("lists.json")["shares"].items()} | {"third": 1 / Decimal(3)}
_HUNDRED = Decimal(100)
MOST_WORDS = 8
"""Words of a number that are looked at: "one hundred and twenty five thousand" has six."""

_DIGITS = {
    sign: value
    for value, signs in enumerate(("零", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
_NUMERALS = re.compile(f"[{''.join([*_DIGITS, *_TENS, *_MYRIADS])}]+(?=(.?))")
_COUNTED = frozenset("倍个枚张刀uU块")
"""What may stand behind a single Chinese numeral that is a number, and no part of a word."""


def with_worded(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with numbers of several words as one number, before scales are taken in.

    A single word stays: it is a number only before its unit. Arguments and result: pieces as the lexer gives them.
    """
    found: list[Piece] = []
    index = 0
    while index < len(pieces):
        value, end = _value_at(pieces, index)
        piece = pieces[index]
        if value is not None:
            piece = replace(piece, kind="num", number=Number(values=(value,), scaled=value >= 1000))
        found.append(piece)
        index = end
    return found


def _value_at(pieces: list[Piece], start: int) -> tuple[Decimal | None, int]:
    """The number that at least two words from `start` on spell, and where it ends; None and the next place else."""
    total, part, last, end = Decimal(0), Decimal(0), Decimal(0), start
    words = 0
    for index in range(start, min(start + MOST_WORDS, len(pieces))):
        word = pieces[index].text
        if (
            words
            and word == "and"
            and last == _HUNDRED
            and index + 1 < len(pieces)
            and pieces[index + 1].text in SPELLED
        ):
            continue
        if pieces[index].kind != "word":
            break
        value = SPELLED.get(word)
        if value == _HUNDRED and part:
            part, last = part * value, _HUNDRED
        elif value is not None and (not words or _goes_on(last, value)):
            part, last = part + value, value
        elif words and word in SCALES and (len(word) > 1 or word in listed("spoken_scales")):
            total, part, last = total + part * SCALES[word], Decimal(0), SCALES[word]
        else:
            break
        words, end = words + 1, index + 1
    return (total + part, end) if words > 1 else (None, start + 1)


def _goes_on(last: Decimal, value: Decimal) -> bool:
    """Whether a word goes on with the number before it: "twenty" "five", "hundred" "fifty"; not "five" "ten"."""
    if last >= _HUNDRED:
        return value < last
    return last >= 20 and value < 10


def fraction_of(word: str) -> Decimal | None:
    """The share that a word names: "half" is 0.5, "quarter" 0.25; None for any other word."""
    return _FRACTIONS.get(word)


def with_digits(text: str) -> str:
    """A text with its Chinese numerals in digits: "两千" as 2000, "一万" as 10000, "十倍" as 10倍."""
    return _NUMERALS.sub(_as_digits, text)


def _as_digits(hit: re.Match[str]) -> str:
    signs = hit.group()
    alone = len(signs) == 1
    if alone and (hit[1] not in _COUNTED or not hit[1] or signs in _MYRIADS or signs in ("百", "千")):
        return signs
    if not alone and not any(sign in _TENS or sign in _MYRIADS for sign in signs):
        return signs
    value = _numeral(signs)
    return signs if value is None else f" {value} "


def _numeral(signs: str) -> int | None:
    """The value of Chinese numerals; None when their order makes no number ("万一" is "in case")."""
    total = section = 0
    digit: int | None = None
    scale = 10**12
    for sign in signs:
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
        elif sign in _TENS:
            section += (digit if digit is not None else 1) * _TENS[sign]
            digit = None
        else:
            section += digit or 0
            if not section or _MYRIADS[sign] >= scale:
                return None
            total, section, digit, scale = total + section * _MYRIADS[sign], 0, None, _MYRIADS[sign]
    if digit and total and not section and "零" not in signs:
        return None
    return total + section + (digit or 0)
