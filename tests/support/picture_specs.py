"""What pictures of bare books draw, for tests and benchmarks: the bot itself makes scenes of what a person is shown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bot.pictures.specs import DistancesSpec, LadderSpec, MarketSpec, Mode, TwoCoinsSpec
from bot.services.picturing import PLAIN, Look, Scene, ladder_of, market_of
from bot.services.picturing_distances import distances_of
from bot.services.picturing_plane import two_coins_of
from margin_engine import Book

Names = Mapping[str, str]
NONE: Names = {}


def market_spec(books: Mapping[Mode, Book], names: Names = NONE, *, span: Decimal, look: Look = PLAIN) -> MarketSpec:
    return market_of([Scene(book=book, mode=mode, names=names) for mode, book in books.items()], span, look)


def ladder_spec(book: Book, names: Names = NONE, *, mode: Mode, span: Decimal, look: Look = PLAIN) -> LadderSpec:
    return ladder_of(Scene(book=book, mode=mode, names=names), span, look)


def two_coins_spec(
    book: Book, names: Names = NONE, *, mode: Mode, across: str, up: str, span: Decimal, look: Look = PLAIN
) -> TwoCoinsSpec:
    return two_coins_of(Scene(book=book, mode=mode, names=names), across, up, span, look)


def distances_spec(book: Book, names: Names = NONE, *, mode: Mode, look: Look = PLAIN) -> DistancesSpec:
    return distances_of(Scene(book=book, mode=mode, names=names), look)
