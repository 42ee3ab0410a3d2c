"""Rows copied from an exchange's table of positions -> the same numbers, each behind the label of its column.

A row has no words of its own: what a number means is told by the header above it, or by the order that every exchange
keeps (size, value, entry, mark, liquidation, margin ratio, margin, PnL). Once the labels stand in place, a row is read
like any sentence.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.understanding.coins import plausible_price, plausible_quantity
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.units import USUAL_LEVERAGE
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

_COLUMNS = {
    **{concept: concept for concept in (C.SIZE, C.ENTRY, C.MARK, C.LIQ, C.MARGIN, C.MARGIN_RATIO, C.NOTIONAL, C.PNL)},
    C.EQUITY: C.PNL,
    C.CONTRACTS: C.FILLER,
    C.FUNDING: C.FEE,
    C.LEVERAGE: C.LEVERAGE,
    C.COINS: C.FILLER,
}
"""The meaning of a column by the concept of its name; `FILLER` for names that only say what a row is about."""

_IN_HEADER = {"value": C.NOTIONAL, "im": C.MARGIN, "mm": C.FEE, "roe": C.PNL}
_USUAL_ORDER = (C.SIZE, C.NOTIONAL, C.ENTRY, C.MARK, C.LIQ, C.MARGIN_RATIO, C.MARGIN, C.PNL)
_NAMES = {
    C.SIZE: "size",
    C.NOTIONAL: "notional",
    C.ENTRY: "entry",
    C.MARK: "mark",
    C.LIQ: "liq",
    C.MARGIN_RATIO: "margin ratio",
    C.MARGIN: "margin",
    C.PNL: "upnl",
    C.FEE: "fee",
    C.LEVERAGE: "leverage",
}
_BREAKS = frozenset({"|", "\n", "/", ","})
_AROUND_SIZE = frozenset({C.LONG, C.SHORT, C.ISOLATED, C.CROSS, C.PERPETUAL, C.MODE, C.FILLER, C.LINEAR, C.INVERSE})
LEAST_COLUMNS = 3
"""Fewer names in a row are a sentence."""

MOST = 16
"""Columns of a table, and numbers of a row, that are looked at."""

_NO_NUMBER, _NO_COLUMN = 10, 3
"""What it costs to leave a number without a column, and a column without a number, where a perfect fit is worth 10."""


def with_columns(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with the numbers of copied rows behind the labels of their columns; others as they are."""
    if sum(piece.number is not None for piece in pieces) < LEAST_COLUMNS:
        return pieces
    pieces = _without_unit_notes(pieces)
    header = _header(pieces)
    if header is not None:
        start, end, columns = header
        below = _starts(pieces, end) or [end]
        found = pieces[:start] + pieces[end : below[0]]
        for first, last in pairwise([*below, len(pieces)]):
            found += _labelled(pieces[first:last], columns, _symbol(pieces, first), told=True)
        return found
    found = []
    starts = [at for at in _starts(pieces, 0) if _is_row(pieces, at)]
    at = 0
    for start, last in pairwise([*starts, len(pieces)]):
        end = _row_end(pieces, start, last)
        found += pieces[at:start] + _labelled(pieces[start:end], _USUAL_ORDER, _symbol(pieces, start), told=False)
        at = end
    return found + pieces[at:]


def _without_unit_notes(pieces: list[Piece]) -> list[Piece]:
    """ "Margin (USDT) 1,600", "Size(BTC): 0.5": the unit behind a label moved to its number."""
    found: list[Piece] = []
    pending: Piece | None = None
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if _notes_unit(pieces, index):
            pending = pieces[index + 1]
            index += 3
            continue
        if piece.number and pending is not None:
            if piece.number.unit == "":
                piece = replace(piece, number=_with_unit(piece.number, pending))
            pending = None
        elif piece.kind == "word":
            pending = None
        found.append(piece)
        index += 1
    return found


def _with_unit(number: Number, unit: Piece) -> Number:
    if unit.coin:
        return replace(number, unit="coin", asset=unit.coin.symbol)
    return replace(number, unit="usd", asset=unit.text.upper())


def _notes_unit(pieces: Sequence[Piece], index: int) -> bool:
    if not 0 < index < len(pieces) - 2 or pieces[index].text != "(" or pieces[index + 2].text != ")":
        return False
    unit, label = pieces[index + 1], pieces[index - 1].concept
    return label in _COLUMNS and (unit.concept is C.MONEY or (unit.coin is not None and label is C.SIZE))


def _header(pieces: Sequence[Piece]) -> tuple[int, int, tuple[C, ...]] | None:
    """Where a row of column names begins and ends, and the names; None when there is none."""
    start, end = None, 0
    columns: list[C] = []
    for index, piece in enumerate(pieces):
        if piece.number:
            if len(columns) >= LEAST_COLUMNS and start is not None:
                return start, _past_notes(pieces, end), tuple(columns[:MOST])
            start, columns = None, []
            continue
        column = _COLUMNS.get(piece.concept or C.FILLER)
        if columns and column is None:
            column = _IN_HEADER.get(piece.text)
        if column is None:
            continue
        start = index if start is None else start
        end = index + 1
        inside = index > 0 and pieces[index - 1].text == "(" and bool(columns)
        if column is not C.FILLER and not inside and columns[-1:] != [column]:
            columns.append(column)
    return None


def _past_notes(pieces: Sequence[Piece], end: int) -> int:
    """Past the "(ROE %)" behind the last name."""
    while end < len(pieces) and (pieces[end].text in "%)(|\n" or pieces[end].text in listed("column_words")):
        end += 1
    return end


def _starts(pieces: Sequence[Piece], start: int) -> list[int]:
    """Where rows begin: at coins that are not the unit of a number."""
    return [
        index
        for index in range(start, len(pieces))
        if (coin := pieces[index].coin) and not coin.weak and not (index and pieces[index - 1].number)
    ]


def _symbol(pieces: Sequence[Piece], index: int) -> str | None:
    """The symbol that a row is about: its own first coin, else the last one before it."""
    after = next((piece.coin for piece in pieces[index : index + 2] if piece.coin), None)
    before = next((piece.coin for piece in reversed(pieces[:index]) if piece.coin), None)
    coin = after or before or next((piece.coin for piece in pieces[index:] if piece.coin), None)
    return coin.symbol if coin else None


def _is_row(pieces: Sequence[Piece], start: int) -> bool:
    """Whether a row without a header begins at a coin: its size and at least two prices in a row, as tables have them.

    People write "btc long 0.5 64k 62k" too; a pair, a size below zero or the coin named again behind the size shows
    that it was copied.
    """
    coin = pieces[start].coin
    at = _size_at(pieces, start)
    number = pieces[at].number if at is not None else None
    if coin is None or at is None or number is None:
        return False
    again = number.unit == "coin" and number.asset == coin.symbol
    if not (coin.quote or again or number.sign == "-" or pieces[start + 1].concept is C.PERPETUAL):
        return False
    prices, index = 0, at + 1 + again
    while index < len(pieces) and (pieces[index].number or pieces[index].text in _BREAKS - {","}):
        figure = pieces[index].number
        if figure is not None:
            prices += figure.unit in ("", "usd") and not figure.sign and figure.usual_price(coin.symbol)
            if figure.scaled:
                return False  # nobody's table says 64k
        index += 1
    return prices >= 2


def _size_at(pieces: Sequence[Piece], start: int) -> int | None:
    """The size of a row: the first number behind its coin that is no leverage, with only words of a trade between."""
    for index in range(start + 1, min(start + 10, len(pieces))):
        number = pieces[index].number
        if number and number.unit != "x":
            return index if number.unit in ("", "coin", "coins") else None
        if not (number or pieces[index].concept in _AROUND_SIZE or pieces[index].text in "|\n()"):
            return None
    return None


def _row_end(pieces: Sequence[Piece], start: int, last: int) -> int:
    """Where a row without a header ends: before the first word that is none of a row's."""
    at = _size_at(pieces, start) or start
    for index in range(at + 1, last):
        piece = pieces[index]
        known = piece.number or piece.coin or piece.concept in _AROUND_SIZE or piece.text in "|\n/()"
        if not known:
            return index
    return last


def _labelled(row: Sequence[Piece], columns: Sequence[C], symbol: str | None, *, told: bool) -> list[Piece]:
    """A row with a label before each number that has a column. Arguments: told, whether a header named the columns."""
    numbers = [(at, piece.number) for at, piece in enumerate(row) if piece.number and piece.number.unit != "x"]
    if told:
        placed = dict(_aligned(numbers[:MOST], columns, symbol))
    else:  # the size is known by its place
        size = {numbers[0][0]: C.SIZE}
        rest = [(at, number) for at, number in numbers[1:MOST] if not _is_bare_leverage(number)]
        placed = size | dict(_aligned(rest, columns[1:], symbol))
    if not told and _contradicts(row, placed):
        return list(row)
    found: list[Piece] = []
    for at, piece in enumerate(row):
        if at in placed:
            name, label = _NAMES[placed[at]], C.PNL if placed[at] is C.FEE else placed[at]
            found.append(Piece(kind="word", text=name, raw=name if told else "", glued=False, concept=label))
        if piece.text not in ("|", "/") and not (piece.text == "\n" and at < len(row) - 1):
            found.append(piece)
    return found


def _is_bare_leverage(number: Number) -> bool:
    return number.unit == "" and not number.sign and number.value in USUAL_LEVERAGE


def _contradicts(row: Sequence[Piece], placed: dict[int, C]) -> bool:
    """Whether the third price cannot be where a position of the named side is liquidated: then it is a plan's row."""
    side = next((piece.concept for piece in row if piece.concept in (C.LONG, C.SHORT)), None)
    values = {column: number.value for at, column in placed.items() if (number := row[at].number)}
    if side is None or not {C.ENTRY, C.LIQ} <= values.keys():
        return False
    return (values[C.LIQ] > values[C.ENTRY]) is (side is C.LONG)


def _aligned(
    numbers: Sequence[tuple[int, Number]], columns: Sequence[C], symbol: str | None
) -> tuple[tuple[int, C], ...]:
    """The best way to give the numbers to the columns, both in their order; a percentage may follow a PnL."""
    width = len(columns)
    best: list[tuple[int, tuple[tuple[int, C], ...]]] = [(-_NO_COLUMN * (width - j), ()) for j in range(width + 1)]
    for index, number in reversed(numbers):
        below, best = best, []
        for j in range(width, -1, -1):
            options = [(below[j][0] - _NO_NUMBER, below[j][1])]
            if j < width:
                options.append((best[0][0] - _NO_COLUMN, best[0][1]))
                fit = _fit(columns[j], number, symbol)
                if fit:
                    options.append((below[j + 1][0] + fit, ((index, columns[j]), *below[j + 1][1])))
                    if columns[j] is C.PNL:
                        options.append((below[j][0] + fit, ((index, C.PNL), *below[j][1])))
            best.insert(0, max(reversed(options), key=lambda option: option[0]))
    return best[0][1]


def _fit(column: C, number: Number, symbol: str | None) -> int:
    """How well a number suits a column, 0 (cannot be) to 10."""
    bare, money = number.unit == "", number.unit == "usd"
    match column:
        case C.ENTRY | C.MARK | C.LIQ:
            if number.sign or not (bare or money):
                return 0
            known = plausible_price(symbol, number.price(symbol))
            return 10 if number.usual_price(symbol) else 8 if known is None else 6 * known
        case C.SIZE:
            if number.unit in ("coin", "coins", "contracts"):
                return 10
            return 8 * plausible_quantity(symbol, number.value) if bare else 6 * money
        case C.MARGIN_RATIO:
            return 10 * (number.unit == "%" and not number.sign)
        case C.MARGIN | C.NOTIONAL:
            priced = bare and number.usual_price(symbol)
            return 0 if number.sign else 10 * money or (5 if priced else 7) * bare
        case C.PNL:
            return 10 if number.sign else 8 if number.unit == "%" else 6 * (bare or money)
        case C.LEVERAGE:
            return 6 * bare
        case _:
            return 5 * (bare or money)
