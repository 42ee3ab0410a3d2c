"""What is drawn: the numbers on the sheet against the engine's, and what every sheet must keep to."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any, get_args

import numpy as np
import pytest
from matplotlib.patches import Polygon
from matplotlib.text import Text

from bot.pictures.drawing import draw, figure_of
from bot.pictures.frame import HEIGHT, SQUARE, WIDTH
from bot.pictures.specs import Mode, PictureSpec, ShareSpec, Theme, data_of, key_of, spec_of
from bot.pictures.wording import Wording, drawable, with_letters
from bot.services.picturing import SPANS
from margin_engine import evaluate, path, what_if
from tests.bot.pictures.books import coin_margined, hedge, many, pictures, single, sunk, three
from tests.bot.pictures.layout import by_gid, texts
from tests.support.picture_specs import distances_spec, ladder_spec, market_spec, two_coins_spec

NAMES = tuple(pictures())
THEMES: tuple[Theme, ...] = get_args(Theme)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_a_portrait_for_a_phone_and_the_same_each_time(name: str, theme: Theme) -> None:
    spec = pictures(theme)[name]
    picture = draw(spec)
    assert (picture.width, picture.height) == (WIDTH, SQUARE if isinstance(spec, ShareSpec) else HEIGHT)
    assert len(picture.png) < 500_000  # Telegram takes 10 MB; a phone on the road less gladly
    assert draw(spec).png == picture.png


@pytest.mark.parametrize("name", NAMES)
def test_a_spec_goes_through_json_and_names_the_same_picture(name: str) -> None:
    spec = pictures()[name]
    assert spec_of(data_of(spec)) == spec
    assert key_of(spec_of(spec.model_dump_json())) == key_of(spec)
    assert len({key_of(each) for theme in THEMES for each in pictures(theme).values()}) == 2 * len(NAMES)


@pytest.mark.parametrize("mode", ["cross", "isolated"])
def test_the_line_of_equity_is_what_the_engine_leaves_after_each_move(mode: Mode) -> None:
    book = three(mode)
    figure = figure_of(market_spec({mode: book}, span=SPANS[2]))
    [line] = by_gid(figure, f"equity:{mode}")
    moves, equity = line.get_data()
    for move in ("-0.6", "-0.32", "-0.3", "-0.095", "-0.04", "0", "0.09", "0.1", "0.5", "0.6"):
        left = what_if(replace(book, shocks={"*": Decimal(move)}))
        assert np.interp(float(move), moves, equity) == pytest.approx(float(left.equity_after["USDT"]), abs=0.01)


def test_the_marked_liquidations_are_the_engines_and_their_numbers_are_written() -> None:
    books: dict[Mode, Any] = {"cross": three("cross"), "isolated": three("isolated")}
    figure = figure_of(market_spec(books, span=SPANS[2]))
    written = [text.get_text() for text in texts(figure)]
    expected: dict[Mode, list[str]] = {"cross": ["−31.7%"], "isolated": ["−4.6%", "+9.6%"]}
    for mode, numbers in expected.items():
        market = path(books[mode])
        near = [side[0].at for side in (market.fall, market.rise) if side and abs(side[0].at) <= SPANS[2]]
        marks = [artist for artist in by_gid(figure, f"ending:{mode}") if not isinstance(artist, Text)]
        assert [float(mark.get_xdata()[0]) for mark in marks] == pytest.approx([float(at) for at in near])
        assert all(any(text.startswith(number) for text in written) for number in numbers)
    assert "−4.6% · BTC 61,044.2" in written


def test_the_price_of_a_single_coin_is_written_at_its_mark() -> None:
    figure = figure_of(market_spec({"isolated": single("isolated"), "cross": single("cross")}, span=SPANS[2]))
    written = [text.get_text() for text in texts(figure)]
    # (32,000 - 1,600) / (0.5 x 0.996) = 61,044.18 and (32,000 - 10,000) / 0.498 = 44,176.71, rounded up to the tick
    assert "−4.6% · 61,044.2" in written
    assert "−31.0% · 44,176.8" in written


def test_an_inverse_account_is_counted_in_its_coin_along_its_curve() -> None:
    book = coin_margined("isolated")
    spec = market_spec({"isolated": book}, span=SPANS[1])
    assert spec.asset == "BTC"
    [line] = spec.lines
    left = what_if(replace(book, shocks={"*": Decimal("0.3")}))
    assert line.equity[-1] == pytest.approx(float(left.equity_after["BTC"]), rel=1e-6)


@pytest.mark.parametrize(("mode", "span"), [("cross", SPANS[2]), ("isolated", SPANS[1]), ("isolated", SPANS[0])])
def test_each_rung_says_what_is_left_and_what_is_gone(mode: Mode, span: Decimal) -> None:
    book = three(mode)
    spec = ladder_spec(book, mode=mode, span=span)
    assert 7 <= len(spec.rungs) <= 9
    figure = figure_of(spec)
    for rung in spec.rungs:
        left = what_if(replace(book, shocks={"*": rung.move}))
        gone = {identity for death in left.liquidated for identity in death.positions}
        assert set(rung.gone) == {identity.replace("USDT-", " ") for identity in gone}
        [written] = by_gid(figure, f"equity:{rung.move}")
        number = Decimal(re.sub("[^0-9.]", "", written.get_text()))
        assert number == pytest.approx(left.equity_after["USDT"], abs=Decimal("0.51"))


def test_a_dead_account_is_dead_on_every_rung() -> None:
    spec = ladder_spec(sunk(), mode="cross", span=SPANS[0])
    assert all(rung.whole and rung.equity == 0 for rung in spec.rungs)
    assert all(bar.dead for bar in distances_spec(sunk(), mode="cross").bars)


def test_bars_are_the_engines_distances_nearest_first() -> None:
    book = many()
    spec = distances_spec(book, mode="cross")
    figure = figure_of(spec)
    evaluation = evaluate(book)
    assert len(spec.bars) == 8
    assert spec.more == 12 - 7
    assert [abs(bar.distance) for bar in spec.bars if bar.distance is not None] == sorted(
        abs(bar.distance) for bar in spec.bars if bar.distance is not None
    )
    for bar in spec.bars:
        if bar.account:
            continue
        identity = bar.name.replace(" ", "USDT-")
        assert bar.distance is not None
        assert bar.distance == pytest.approx(evaluation.position(identity).distance)
        [written] = by_gid(figure, f"distance:{bar.name}")
        assert f"{abs(bar.distance) * 100:.1f}%" in written.get_text()


@pytest.mark.parametrize(("mode", "span"), [("cross", SPANS[2]), ("isolated", SPANS[1])])
def test_the_border_of_two_coins_is_exactly_where_the_engine_kills(mode: Mode, span: Decimal) -> None:
    book = hedge(mode)
    figure = figure_of(two_coins_spec(book, mode=mode, across="BTCUSDT", up="ETHUSDT", span=span))
    borders = by_gid(figure, "border")
    assert borders
    for border in borders:
        for x, y in list(zip(*border.get_data(), strict=True))[::9]:
            just = {side: {"BTCUSDT": _fraction(x * side), "ETHUSDT": _fraction(y * side)} for side in (0.9999, 1.0001)}
            counts = [len(what_if(replace(book, shocks=shocks)).liquidated) for shocks in just.values()]
            assert counts[0] < counts[1]


@pytest.mark.parametrize("mode", ["cross", "isolated"])
def test_behind_the_border_the_engine_kills_and_before_it_not(mode: Mode) -> None:
    book, random = hedge(mode), Random(7)
    spec = two_coins_spec(book, mode=mode, across="BTCUSDT", up="ETHUSDT", span=SPANS[2])
    regions = {border.name: Polygon([*border.line, *reversed(border.rim)]) for border in spec.borders}
    dead = 0
    for _ in range(60):
        x, y = random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6)
        found = what_if(replace(book, shocks={"BTCUSDT": _fraction(x), "ETHUSDT": _fraction(y)})).liquidated
        gone = {identity.replace("USDT-", " ") for death in found for identity in death.positions}
        drawn = {name for each, region in regions.items() if region.get_path().contains_point((x, y))
                 for name in each.split(", ")}  # fmt: skip
        assert drawn == gone
        dead += bool(gone)
    assert 10 < dead < 60


def test_the_cells_of_two_coins_are_what_is_left_there() -> None:
    book = hedge("cross")
    spec = two_coins_spec(book, mode="cross", across="BTCUSDT", up="ETHUSDT", span=SPANS[2])
    [image] = by_gid(figure_of(spec), "equity")
    cells, last = image.get_array(), len(spec.cells) - 1
    for row, column in ((0, 0), (0, last), (last, 0), (last, last), (last // 2, last // 2), (5, 30)):
        shocks = {
            "BTCUSDT": _fraction(-0.6 + 1.2 * column / last),
            "ETHUSDT": _fraction(-0.6 + 1.2 * row / last),
        }
        left = what_if(replace(book, shocks=shocks)).equity_after["USDT"]
        assert float(cells[row, column]) == pytest.approx(float(left), abs=1)


def _fraction(value: float) -> Decimal:
    return Decimal(f"{value:.12f}")


@pytest.mark.parametrize("language", ["de", "ru", "zh", "ko", "ar", "fa", "hi", "ja"])
def test_any_language_is_drawn_without_a_missing_letter(language: str) -> None:
    for spec in pictures("light", language).values():
        for text in texts(figure_of(spec)):
            assert drawable(text.get_text())


def test_names_in_other_scripts_are_drawn_as_far_as_the_font_has_them() -> None:
    names = {"BTCUSDT-long": "Биткоин лонг", "ETHUSDT-short": "以太坊 short", "SOLUSDT-long": "솔라나 ↑"}
    spec = distances_spec(three("cross"), names, mode="cross")
    written = " ".join(text.get_text() for text in texts(figure_of(spec)))
    assert "Биткоин лонг" in written
    assert "… short" in written
    assert "… ↑" in written
    assert with_letters("币安人生USDT") == "…USDT"


def test_amounts_and_moves_are_written_as_the_locale_writes_them() -> None:
    german = Wording("de")
    assert german.amount(Decimal("12431.4")) == "12.431"
    assert german.move(Decimal("-0.316695")) == "−31,7\xa0%"
    assert Wording("en").move(Decimal(1537397)) == "beyond +1,000%"


def test_every_kind_of_spec_has_words_beside_its_colours() -> None:
    def said(spec: PictureSpec) -> str:
        return " ".join(text.get_text() for text in texts(figure_of(spec)))

    shown = pictures()
    assert "Cross" in said(shown["market-single"])
    assert "Isolated" in said(shown["market-single"])
    assert re.search(r"near|watch|far", said(shown["distances-many"]))
    assert "liquidated" in said(shown["coins-hedge"])
    assert "✕ BTC long" in said(shown["coins-isolated"])
    assert "all positions gone" in said(shown["ladder-sunk"])
