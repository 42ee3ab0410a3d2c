"""Numbers joined with what stands at them: leverage, percent, money, coins, contracts, time, sign."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.understanding.coins import plausible_quantity
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.words import Concept as C

SPELLED = {
    word: Decimal(number)
    for number, words in {
        1: "one uno один bir",
        2: "two dos два iki",
        3: "three tres три üç",
        4: "four",
        5: "five cinco пять beş",
        6: "six",
        8: "eight",
        10: "ten diez десять dez zehn",
        15: "fifteen",
        20: "twenty veinte двадцать yirmi vinte zwanzig",
        25: "twentyfive",
        30: "thirty",
        40: "forty",
        50: "fifty cincuenta пятьдесят elli",
        75: "seventyfive",
        100: "hundred",
        125: "onetwentyfive",
    }.items()
    for word in words.split()
}
_PRICE_WORDS = frozenset({C.AT, C.ENTRY, C.STOP, C.TAKE_PROFIT, C.MARK, C.PRICE, C.NOW})
USUAL_LEVERAGE = frozenset(
    map(Decimal, (1, 2, 3, 4, 5, 7, 8, 10, 12, 15, 20, 25, 30, 33, 35, 40, 50, 60, 75, 80, 100, 125, 150))
)
"""Leverages that people choose; a whole number among them may be one without saying so."""

_MOVERS = frozenset({C.ALL, C.ALTS, C.REST, C.MARKET})
_TIME = {C.HOURS: Decimal(1), C.DAYS: Decimal(1), C.WEEKS: Decimal(7), C.MONTHS: Decimal(30)}


def joined(pieces: list[Piece]) -> list[Piece]:
    """The pieces with every number's sign and unit taken into it; units that stand alone stay as they are."""
    return _times_before(_with_units(_signed(_spelled(_spaced(pieces)))))


def _at(pieces: Sequence[Piece], index: int) -> Piece | None:
    return pieces[index] if 0 <= index < len(pieces) else None


def _spaced(pieces: list[Piece]) -> list[Piece]:
    """ "58 900" as one number where that makes a price of a named coin, or an amount of money, and the parts do not."""
    symbols = {piece.coin.symbol for piece in pieces if piece.coin}
    numbers = [piece.number for piece in pieces if piece.number]
    priced = any(number.usual_price(symbol) for number in numbers for symbol in symbols)
    found: list[Piece] = []
    for piece in pieces:
        before = found[-1] if found else None
        if before and before.number and piece.number and _two_groups(before, piece):
            value = Decimal(before.raw + piece.raw)
            whole = Number(values=(value,))
            money = len(found) < 2 or (found[-2].coin is None and found[-2].text != "x")
            follower = _at(pieces, pieces.index(piece) + 1)
            is_money = money and follower is not None and (follower.concept is C.MONEY or follower.text == "$")
            if is_money or (not priced and any(whole.fits_price(symbol) for symbol in symbols)):
                found[-1] = replace(before, raw=f"{before.raw} {piece.raw}", number=whole)
                continue
        found.append(piece)
    return found


def _two_groups(first: Piece, second: Piece) -> bool:
    return (
        not second.glued
        and len(second.raw) == 3
        and second.raw.isdigit()
        and first.raw.isdigit()
        and len(first.raw) <= 3
    )


def _spelled(pieces: list[Piece]) -> list[Piece]:
    """ "ten x", "twenty percent", "half a btc" as numbers."""
    found: list[Piece] = []
    for index, piece in enumerate(pieces):
        after, then = _at(pieces, index + 1), _at(pieces, index + 2)
        if (
            piece.text in SPELLED
            and after
            and (after.concept in (C.TIMES, C.PERCENT) or after.text == "%" or after.coin)
        ):
            number = Number(values=(SPELLED[piece.text],))
            piece = replace(piece, kind="num", number=number, concept=None, coin=None)
        elif piece.text == "half" and after and (after.coin or (after.text == "a" and then and then.coin)):
            piece = replace(piece, kind="num", number=Number(values=(Decimal("0.5"),)), concept=None)
        found.append(piece)
    return found


def _signed(pieces: list[Piece]) -> list[Piece]:
    """Signs and dollar signs taken into the number that they stand before."""
    found: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.number is None:
            found.append(piece)
            continue
        number, glued = piece.number, piece.glued
        if found and found[-1].text == "$":
            glued = found.pop().glued
            number = replace(number, dollar=True, unit="usd", asset="USD")
        sign = _sign_before(found, glued, _at(pieces, index + 1))
        if sign:
            while found and found[-1].text in ("+", "-", "±", "/"):
                found.pop()
        found.append(replace(piece, number=replace(number, sign=sign, glued=glued)))
    return found


def _sign_before(found: list[Piece], glued: bool, after: Piece | None) -> str:
    tail = "".join(piece.text for piece in found[-3:])
    if tail.endswith(("+-", "+/-", "-/+", "±")):
        return "±"
    last = found[-1] if found else None
    if last is None or last.text not in ("+", "-"):
        return ""
    before = _at(found, len(found) - 2)
    percent = after is not None and after.text == "%"
    if not glued and not percent:
        return ""
    is_range = before is not None and before.number is not None and (last.glued or not glued)
    if is_range:
        return ""
    return last.text


def _with_units(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        index += 1
        if piece.number:
            number, used = _unit(piece.number, pieces, index, found)
            piece = replace(piece, number=number)
            index += used
        found.append(piece)
    return found


def _unit(number: Number, pieces: list[Piece], index: int, before: list[Piece]) -> tuple[Number, int]:
    """The number with the unit that follows it, and how many pieces that took."""
    after = _at(pieces, index)
    if after is None:
        return number, 0
    if after.concept is C.TIMES and not _is_prefix(pieces, index):
        then = _at(pieces, index + 1)
        extra = 1 if then and then.concept is C.LEVERAGE and not _labelled_after(pieces, index + 1) else 0
        return replace(number, unit="x"), 1 + extra
    if after.text == "%" or after.concept is C.PERCENT:
        return replace(number, unit="%"), 1
    if after.text == "$" and not _dollar_of_next(pieces, index):
        return replace(number, unit="usd", asset="USD"), 1
    if after.concept is C.MONEY and not number.dollar:
        return replace(number, unit="usd", asset=_asset(after.text)), 1
    if after.concept is C.MONEY:
        return number, 1
    if after.concept is C.CONTRACTS:
        return replace(number, unit="contracts"), 1
    if after.concept is C.COINS:
        return replace(number, unit="coins"), 1
    if after.concept in _TIME and (after.glued or len(after.text) > 1):
        unit = "hours" if after.concept is C.HOURS else "days"
        scale = _TIME[after.concept]
        return replace(number, unit=unit, values=tuple(value * scale for value in number.values)), 1  # type: ignore[arg-type]
    return _coin_unit(number, pieces, index, before)


def _coin_unit(number: Number, pieces: list[Piece], index: int, before: list[Piece]) -> tuple[Number, int]:
    """ "0.5 btc", "half a btc": coins, unless so many would be absurd or the number is a price after "@"."""
    filler = 1 if pieces[index].text in ("a", "of") and pieces[index].concept is C.FILLER and number.value < 1 else 0
    after = _at(pieces, index + filler)
    if after is None or after.coin is None or after.concept in (C.LONG, C.SHORT) or number.dollar:
        return number, 0
    if before and before[-1].text in ("x", "х") and number.value in USUAL_LEVERAGE:
        return number, 0
    if number.sign and before and (before[-1].coin or before[-1].concept in _MOVERS):
        return number, 0
    if before and before[-1].concept in _PRICE_WORDS and number.fits_price(after.coin.symbol):
        return number, 0
    if (after.coin.weak or _priced_before(number, before, after.coin.symbol)) and not after.glued:
        return number, 0
    if not plausible_quantity(after.coin.symbol, number.value) and not after.glued:
        return number, 0
    return replace(number, unit="coin", asset=after.coin.symbol, glued=after.glued), 0


def _priced_before(number: Number, before: list[Piece], symbol: str) -> bool:
    """Whether the number is the price that the coin before it still lacks: the 150 of "sol long 150 eth short 3200"."""
    for piece in reversed(before[-8:]):
        if piece.coin and not piece.coin.weak:
            return piece.coin.symbol != symbol and number.usual_price(piece.coin.symbol)
        if (piece.number and piece.number.unit == "") or piece.text in (",", ";", "\n"):
            return False
    return False


def _asset(word: str) -> str:
    return word.upper() if word.upper() in ("USDC", "FDUSD", "BUSD", "DAI") else "USDT" if word == "usdt" else "USD"


def _is_prefix(pieces: Sequence[Piece], index: int) -> bool:
    """Whether an "x" belongs to the number after it ("64000 x20"), not to the one before."""
    after = _at(pieces, index + 1)
    if pieces[index].text not in ("x", "х") or after is None or after.number is None or not after.glued:
        return False
    before = _at(pieces, index - 1)
    return not pieces[index].glued or (before is not None and before.number is not None and before.number.value > 200)


def _labelled_after(pieces: Sequence[Piece], index: int) -> bool:
    after = _at(pieces, index + 1)
    return after is not None and (after.text == ":" or (after.number is not None and after.text != "x"))


def _dollar_of_next(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a "$" is the next number's ("long btc 64000 $500")."""
    after = _at(pieces, index + 1)
    return not pieces[index].glued and after is not None and after.number is not None and after.glued


def _times_before(pieces: list[Piece]) -> list[Piece]:
    """ "x20" and "x 20": leverage written the other way round."""
    found: list[Piece] = []
    for piece in pieces:
        if (
            piece.number
            and piece.number.unit == ""
            and piece.number.value <= 200
            and found
            and found[-1].text in ("x", "х")
        ):
            found.pop()
            piece = replace(piece, number=replace(piece.number, unit="x"))
        found.append(piece)
    return found
