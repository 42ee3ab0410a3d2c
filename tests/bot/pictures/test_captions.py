"""The words under a picture and in its place."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest

from bot.dialogue import CAPTION_LIMIT
from bot.pictures.captions import caption_of, text_of
from bot.pictures.specs import ShareRow, ShareSpec
from bot.services.picturing import SPANS
from tests.bot.pictures.books import many, pictures, three
from tests.support.picture_specs import distances_spec, ladder_spec, market_spec


def plain(text: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", text))


def length(text: str) -> int:
    """As Telegram counts."""
    return len(plain(text).encode("utf-16-le")) // 2


@pytest.mark.parametrize("name", pictures())
def test_a_caption_begins_with_the_verdict_and_fits(name: str) -> None:
    caption = str(caption_of(pictures()[name]))
    assert 0 < length(caption) <= CAPTION_LIMIT
    assert caption.startswith("<b>")
    assert re.search(r"\d|already|fits", plain(caption)[:60])


def test_a_caption_fits_whatever_names_are_in_it() -> None:
    names = {position.id: "<&> " + "long name " * 9 for position in many().positions}
    specs = (
        distances_spec(many(), names, mode="cross"),
        market_spec({"cross": many()}, names, span=SPANS[2]),
        ladder_spec(many(), names, mode="cross", span=SPANS[2]),
        ShareSpec(title="t" * 500, verdict="v" * 300, rows=(ShareRow(label="l" * 300, isolated="1", cross="2"),) * 9),
    )
    for spec in specs:
        assert length(str(caption_of(spec))) <= CAPTION_LIMIT
        assert length(str(text_of(spec))) <= 4096


def test_the_text_in_place_of_a_picture_has_its_ladder_in_fixed_width() -> None:
    ladder = ladder_spec(three("isolated"), mode="isolated", span=SPANS[1])
    market = market_spec({"isolated": three("isolated")}, span=SPANS[1])
    shown = str(text_of(market, ladder))
    assert shown.startswith("The picture could not be drawn; here is what it shows.")
    rows = shown.partition("<pre>")[2].partition("</pre>")[0].split("\n")
    assert rows[0] == "  +30%       22,500  1 gone"
    assert rows[4] == "   now       10,000"
    assert all(len(row) <= 34 for row in rows)


def test_a_caption_says_what_each_line_is() -> None:
    caption = plain(str(caption_of(market_spec({"cross": three("cross")}, span=Decimal("0.6")))))
    assert caption.startswith("Cross: ends at −31.7%, no rise below +1,000% ends it.")
    assert "±60%, now" not in caption
    assert "10,000 USDT at the centre" in caption
    # 64,000, 3,200 and 150, less 31.7 %
    gone = "−31.7% BTC long, ETH short, SOL long (BTC 43,731.5, ETH 2,186.58, SOL 102.50)"
    assert f"Cross, gone at: {gone}." in caption
