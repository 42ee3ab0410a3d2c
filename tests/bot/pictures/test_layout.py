"""What every sheet must keep to, whatever is on it: letters, sizes, places, colours; and that its numbers are right."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Final, get_args

import numpy as np
import pytest

from bot.pictures.drawing import figure_of
from bot.pictures.palette import DASHES, MARKS, PALETTES
from bot.pictures.specs import MarketSpec, Mode, PictureSpec, Theme
from bot.services.picturing import SPANS, Look
from margin_engine import Book, EngineError, path, what_if
from tests.bot.pictures.books import held, pictures
from tests.bot.pictures.layout import by_gid, faults
from tests.bot.pictures.random_accounts import TABLE, account, specs
from tests.support.picture_specs import distances_spec, ladder_spec, market_spec, two_coins_spec

SEEDS = range(400 if os.environ.get("MARGINBOT_SOAK") else 5)
THEMES: tuple[Theme, ...] = get_args(Theme)
MODES: tuple[Mode, ...] = ("isolated", "cross")


EXTREMES: Final[dict[str, tuple[str, ...]]] = {
    "tiny price": ("50", "1000SHIBUSDT long 1000000000 0.00000001 10 0.00000001"),
    "huge price": ("2000000", "BTCUSDT short 1 1000000 5 1000000"),
    "flat hedge": ("10000", "BTCUSDT long 0.5 64000 10 64000", "BTCUSDT short 0.5 64000 10 64000"),
    "very near": ("1601", "BTCUSDT long 0.5 64000 20 61100", "ETHUSDT short 0.0001 3200 20 3204"),
    "never": ("1000000", "BTCUSDT long 0.5 64000 1 64000"),
    "gone": ("1602", "BTCUSDT long 0.5 64000 20 60000", "ETHUSDT short 0.001 3200 10 3200"),
}
"""Accounts at the ends of what there is: the wallet, and "symbol side quantity entry leverage mark"."""


def book(mode: Mode, wallet: str, *rows: str) -> Book:
    """The account in one mode."""
    positions = []
    for row in rows:
        symbol, side, quantity, entry, leverage, mark = row.split()
        positions.append(held(symbol, side, quantity, entry, leverage, mode, mark=mark))
    tiers = {position.symbol: TABLE for position in positions}
    return Book(wallet={"USDT": Decimal(wallet)}, positions=tuple(positions), tiers=tiers)


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "fr")])
def test_on_no_picture_a_text_is_too_small_or_over_another_or_out_of_the_sheet(theme: Theme, language: str) -> None:
    assert {name: list(faults(figure_of(spec))) for name, spec in pictures(theme, language).items()} == {
        name: [] for name in pictures()
    }


@pytest.mark.parametrize("name", EXTREMES)
def test_accounts_at_the_ends_are_drawn_in_good_order(name: str) -> None:
    books = {mode: book(mode, *EXTREMES[name]) for mode in MODES}
    drawn: list[PictureSpec] = []
    for span in SPANS:
        drawn.append(market_spec(books, span=span, look=Look(given=True)))
        for mode, each in books.items():
            drawn.append(ladder_spec(each, mode=mode, span=span))
            symbols = tuple(dict.fromkeys(position.symbol for position in each.positions))
            if len(symbols) == 2:
                drawn.append(two_coins_spec(each, mode=mode, across=symbols[0], up=symbols[1], span=span))
    drawn += [distances_spec(each, mode=mode) for mode, each in books.items()]
    assert [fault for spec in drawn for fault in faults(figure_of(spec))] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_random_accounts_are_drawn_in_good_order(seed: int) -> None:
    assert [fault for spec in specs(Random(seed)) for fault in faults(figure_of(spec))] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lines_of_random_accounts_are_what_the_engine_leaves_and_end_where_it_ends(seed: int) -> None:
    random = Random(seed)
    books = account(random)
    try:
        spec = market_spec(books, span=SPANS[2])
    except EngineError:
        return  # isolated margins above the wallet are refused
    figure = figure_of(spec)
    for mode, each in books.items():
        [line] = by_gid(figure, f"equity:{mode}")
        moves, equity = line.get_data()
        scale = float(np.abs(equity).max()) or 1
        for move in (random.uniform(-0.6, 0.6) for _ in range(6)):
            left = what_if(replace(each, shocks={"*": Decimal(f"{move:.9f}")})).equity_after["USDT"]
            assert np.interp(round(move, 9), moves, equity) == pytest.approx(float(left), rel=1e-5, abs=1e-4 * scale)
        assert _marked(spec, mode) == _ends(each)


def _marked(spec: MarketSpec, mode: Mode) -> list[float]:
    [line] = [line for line in spec.lines if line.mode == mode]
    return sorted({float(ending.at) for ending in (*line.fall, *line.rise) if ending.at})


def _ends(book: Book) -> list[float]:
    market = path(book)
    return sorted({float(f"{death.at:.15g}") for death in (*market.fall, *market.rise)} - {0.0})


# --- Colours -------------------------------------------------------------------------------------------------------


def brightness(colour: str) -> float:
    """Relative luminance as the web's guidelines on contrast (WCAG 2) have it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_words_have_a_contrast_of_4_and_a_half_and_marks_of_3(theme: Theme) -> None:
    palette = PALETTES[theme]
    for ground in (palette.paper, palette.panel):
        for colour in (palette.ink, palette.muted, palette.isolated, palette.cross, palette.given, palette.near):
            assert contrast(colour, ground) >= 4.5, colour
        for colour in (palette.need, palette.far, palette.watch, palette.dead):
            assert contrast(colour, ground) >= 3, colour


def test_modes_differ_without_their_colours() -> None:
    assert len(set(DASHES.values())) == len(set(MARKS.values())) == len(get_args(Mode))
