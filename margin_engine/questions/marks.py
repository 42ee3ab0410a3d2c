"""The marks of a book, and the same book at other marks."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from margin_engine.model.book import EVERY_OTHER, Book
from margin_engine.model.decimals import ZERO


def marks_of(book: Book) -> dict[str, Decimal]:
    """The mark of each symbol: as given by any of its positions, else the entry price of the first."""
    marks: dict[str, Decimal] = {}
    for position in book.positions:
        if position.mark_price is not None:
            marks.setdefault(position.symbol, position.mark_price)
    for position in book.positions:
        marks.setdefault(position.symbol, position.entry_price)
    return marks


def at_marks(book: Book, marks: Mapping[str, Decimal]) -> Book:
    """The book with the marks of these symbols (above 0), every one of their positions stating it."""
    positions = tuple(
        replace(each, mark_price=marks[each.symbol]) if each.symbol in marks else each for each in book.positions
    )
    return replace(book, positions=positions)


def moved(book: Book, shocks: Mapping[str, Decimal]) -> Book:
    """The book with every mark at mark x (1 + shock), shocks above -1; "*" stands for every symbol not named.

    An asset of collateral moves only if it is named itself. The book's own shocks are gone: they have no second turn.
    """
    rest = shocks.get(EVERY_OTHER, ZERO)
    marks = {symbol: mark * (1 + shocks.get(symbol, rest)) for symbol, mark in marks_of(book).items()}
    collateral = {
        asset: replace(held, price=held.price * (1 + shocks[asset])) if asset in shocks else held
        for asset, held in book.collateral.items()
    }
    return at_marks(replace(book, collateral=collateral, shocks={}), marks)
