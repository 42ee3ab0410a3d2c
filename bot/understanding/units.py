"""Numbers joined with what stands at them: leverage, percent, money, coins, contracts, time, sign."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.understanding.coins import plausible_quantity
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.thousands import with_thousand_dots, with_thousands
from bot.understanding.worded import SPELLED, fraction_of
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

_PRICE_WORDS = frozenset({C.AT, C.ENTRY, C.STOP, C.TAKE_PROFIT, C.MARK, C.PRICE, C.NOW})
USUAL_LEVERAGE = frozenset(
    map(Decimal, (1, 2, 3, 4, 5, 7, 8, 10, 12, 15, 20, 25, 30, 33, 35, 40, 50, 60, 75, 80, 100, 125, 150))
)
"""Leverages that people choose; a whole number among them may be one without saying so."""

MONEY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₹": "INR", "₺": "TRY"}
FOREIGN_WORDS = {word: name.upper() for name in ("eur", "gbp", "rub", "inr", "jpy", "idr") for word in listed(name)}
FOREIGN = frozenset({*MONEY_SIGNS.values(), *FOREIGN_WORDS.values()} - {"USD"})
"""Money that is no dollar: named beside a reading, since no exchange rate is known here."""

_SIGNS = frozenset({"+", "-", "minus", "negative"})
_MOVERS = frozenset({C.ALL, C.ALTS, C.REST, C.MARKET})
_TIME = {C.HOURS: Decimal(1), C.DAYS: Decimal(1), C.WEEKS: Decimal(7), C.MONTHS: Decimal(30)}


def joined(pieces: list[Piece]) -> list[Piece]:
    """The pieces with every number's sign and unit taken into it; units that stand alone stay as they are."""
    return _times_before(
        _percent_before(
            _with_units(_signed(_spelled(_fractions(_pointed(with_thousands(with_thousand_dots(pieces)))))))
        )
    )


def _at(pieces: Sequence[Piece], index: int) -> Piece | None:
    return pieces[index] if 0 <= index < len(pieces) else None


def _percent_before(pieces: list[Piece]) -> list[Piece]:
    """ "%10", "yüzde 10": the sign for percent before its number."""
    found: list[Piece] = []
    for piece in pieces:
        sign = found[-1] if found else None
        marked = sign is not None and ((sign.text == "%" and piece.glued) or sign.concept is C.PERCENT)
        if marked and piece.number and piece.number.unit == "":
            found.pop()
            piece = replace(piece, number=replace(piece.number, unit="%"))
        found.append(piece)
    return found


def _fractions(pieces: list[Piece]) -> list[Piece]:
    """ "1/2 btc" as half a coin."""
    found: list[Piece] = []
    for index, piece in enumerate(pieces):
        above = found[-2].number if len(found) > 1 else None
        after = _at(pieces, index + 1)
        parted = above and piece.number and found[-1].text == "/" and found[-1].glued and piece.glued
        if above and piece.number and parted and after and after.coin and above.value < piece.number.value <= 16:
            whole = replace(found[-2], number=Number(values=(above.value / piece.number.value,)))
            found[-2:] = [whole]
            continue
        found.append(piece)
    return found


def _pointed(pieces: list[Piece]) -> list[Piece]:
    """ "point five", "one point two five" as 0.5 and 1.25."""
    found: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece, end = pieces[index], index + 1
        while piece.text == "point" and end < len(pieces) and SPELLED.get(pieces[end].text, 10) < 10:
            end += 1
        if end > index + 1:
            digits = "".join(f"{SPELLED[part.text]:f}" for part in pieces[index + 1 : end])
            whole = SPELLED.get(found[-1].text) if found else None
            if whole is not None or (found and found[-1].text == "zero"):
                found.pop()
            number = Number(values=((whole or 0) + Decimal(f"0.{digits}"),))
            piece = replace(piece, kind="num", number=number, concept=None, coin=None)
        found.append(piece)
        index = end
    return found


def _spelled(pieces: list[Piece]) -> list[Piece]:
    """ "ten x", "twenty percent", "half a btc" as numbers."""
    found: list[Piece] = []
    for index, piece in enumerate(pieces):
        share = fraction_of(piece.text)
        if piece.number or (piece.text not in SPELLED and share is None):
            found.append(piece)
            continue
        after, then = _at(pieces, index + 1), _at(pieces, index + 2)
        if share is None and after and (_spells(after) or after.text == "%" or after.coin):
            number = Number(values=(SPELLED[piece.text],))
            piece = replace(piece, kind="num", number=number, concept=None, coin=None)
        elif share is not None and after and index and pieces[index - 1].concept is C.CLOSE and after.text == "of":
            pass  # "close half of eth": a part of what is held, not half a coin
        elif share is not None and after and (after.coin or (after.text in ("a", "of") and then and then.coin)):
            piece = replace(piece, kind="num", number=Number(values=(share,)), concept=None)
        elif share is not None and _is_share_of_money(pieces[index + 1 : index + 5]):
            number = Number(values=(share * 100,), unit="%")
            piece = replace(piece, kind="num", number=number, concept=None)
        found.append(piece)
    return found


def _is_share_of_money(after: Sequence[Piece]) -> bool:
    """Whether "half" is a share of an amount: "half my wallet", "half of my 10k"; not "half my position"."""
    owned = any(piece.concept is C.MY or piece.text == "of" for piece in after[:2])
    rest = [piece for piece in after if piece.concept not in (C.MY, C.FILLER)]
    return owned and bool(rest) and (rest[0].concept is C.BALANCE or rest[0].number is not None)


def _spells(after: Piece) -> bool:
    """Whether a word for a number is one before this piece: "ten x", "ten bucks"; not "one u"."""
    return after.concept in (C.TIMES, C.PERCENT) or (after.concept is C.MONEY and len(after.text) > 1)


def _signed(pieces: list[Piece]) -> list[Piece]:
    """Signs and dollar signs taken into the number that they stand before."""
    found: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.number is None:
            found.append(piece)
            continue
        number, glued = piece.number, piece.glued
        if found and found[-1].text in MONEY_SIGNS:
            money = found.pop()
            glued = money.glued
            number = replace(number, dollar=True, unit="usd", asset=MONEY_SIGNS[money.text])
        sign = _sign_before(found, number, glued, _at(pieces, index + 1))
        if sign:
            while found and (found[-1].text in _SIGNS or found[-1].text in ("±", "/")):
                found.pop()
        if sign or glued != number.glued:
            number = replace(number, sign=sign, glued=glued)
        found.append(piece if number is piece.number else replace(piece, number=number))
    return found


def _sign_before(found: list[Piece], number: Number, glued: bool, after: Piece | None) -> str:
    tail = "".join(piece.text for piece in found[-3:])
    if tail.endswith(("+-", "+/-", "-/+", "±")):
        return "±"
    last = found[-1] if found else None
    if last is None or last.text not in _SIGNS:
        return ""
    before = _at(found, len(found) - 2)
    if last.kind == "word":
        return "" if before is not None and before.number is not None else "-"
    percent = after is not None and after.text == "%"
    if not glued and not percent:
        return ""
    if last.glued and not percent and before is not None and _hyphened(before, number):
        return ""
    is_range = before is not None and before.number is not None and (last.glued or not glued)
    if is_range:
        return ""
    return last.text


def _hyphened(before: Piece, number: Number) -> bool:
    """Whether a dash only joins a word and its number ("entry-64000", "btc-64k"); behind a coin it may be a fall."""
    if before.coin is not None and not before.coin.weak:
        return number.scaled or number.usual_price(before.coin.symbol)
    return before.kind == "word"


def _with_units(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        index += 1
        if piece.number:
            number, used = _unit(piece.number, pieces, index, found)
            piece = piece if number is piece.number else replace(piece, number=number)
            index += used
        found.append(piece)
    return found


def _unit(number: Number, pieces: list[Piece], index: int, before: list[Piece]) -> tuple[Number, int]:
    """The number with the unit that follows it, and how many pieces that took."""
    after = _at(pieces, index)
    if after is None:
        return number, 0
    if after.concept is C.TIMES and not (_is_prefix(pieces, index) or _multiplies(pieces, index)):
        then = _at(pieces, index + 1)
        extra = 1 if then and then.concept is C.LEVERAGE and not _labelled_after(pieces, index + 1) else 0
        return replace(number, unit="x"), 1 + extra
    if after.text == "%" or after.concept is C.PERCENT:
        return replace(number, unit="%"), 1
    if after.text in MONEY_SIGNS and not _dollar_of_next(pieces, index):
        return replace(number, unit="usd", asset=MONEY_SIGNS[after.text]), 1
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
    if before and before[-1].concept in (C.FALL, C.RISE) and not after.glued:
        return number, 0  # "alts pump 30 btc flat"
    lever = before and (before[-1].text in ("x", "х") or before[-1].concept in (C.LEVERAGE, C.REWARD, C.BETA))
    if lever and (number.value in USUAL_LEVERAGE or number.value < 10) and not after.glued:
        return number, 0
    if number.sign and before and (before[-1].coin or before[-1].concept in _MOVERS):
        return number, 0
    if after.venue and before and before[-1].concept in _PRICE_WORDS and not after.glued:
        return number, 0  # "stop 62000 hyperliquid": the venue, not its coin
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
    if word.upper() in ("USDC", "FDUSD", "BUSD", "DAI", "USDT"):
        return word.upper()
    return FOREIGN_WORDS.get(word, "USD")


def _is_prefix(pieces: Sequence[Piece], index: int) -> bool:
    """Whether an "x" belongs to the number after it ("64000 x20"), not to the one before."""
    after = _at(pieces, index + 1)
    if pieces[index].text not in ("x", "х") or after is None or after.number is None or not after.glued:
        return False
    before = _at(pieces, index - 1)
    return not pieces[index].glued or (before is not None and before.number is not None and before.number.value > 200)


def _multiplies(pieces: Sequence[Piece], index: int) -> bool:
    """Whether an "x" stands between a quantity and its price ("0.5 x 64000"), or before the leverage ("64000 x 20")."""
    after, before = _at(pieces, index + 1), _at(pieces, index - 1)
    if pieces[index].text not in ("x", "х") or pieces[index].glued or after is None or after.number is None:
        return False
    first = before.number if before is not None else None
    return after.number.value > 1000 or (first is not None and first.value > 1000)


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
            and piece.number.value <= (1000 if piece.glued else 200)
            and found
            and found[-1].text in ("x", "х")
        ):
            found.pop()
            piece = replace(piece, number=replace(piece.number, unit="x"))
        found.append(piece)
    return found
