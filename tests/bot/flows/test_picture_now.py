"""What "now" is on a picture, what is gone already, and how far a picture goes until somebody chooses."""

from __future__ import annotations

import pytest

from bot.pictures.drawing import figure_of
from bot.pictures.specs import DistancesSpec, MarketSpec, PictureSpec, ShareSpec, spec_of
from tests.bot.flows.talk import Talk
from tests.bot.pictures.layout import faults, texts

HEDGE = "long 0.5 btc 64k 20x, short 0.3 btc 65k 20x, cross, wallet 3k"
DEAD = "long 1 btc 64k 20x cross, wallet 4k, btc now 60k"
TWO = "long 0.5 btc 64k 20x, short 5 eth 3200 10x, wallet 5k"


def pictured(*said: str, kind: str = "Market") -> tuple[str, PictureSpec, list[str]]:
    """The caption of a picture, what it draws, and the words on it."""
    talk = Talk()
    for each in said:
        talk.say(each)
    talk.tap("Picture")
    if kind != "Market":
        talk.tap(kind)
    picture = talk.last.screen.picture
    assert picture is not None
    spec = spec_of(dict(picture.spec))
    figure = figure_of(spec)
    assert list(faults(figure)) == []
    return talk.text, spec, [text.get_text() for text in texts(figure)]


@pytest.mark.parametrize("kind", ["Market", "Ladder", "Distances", "Table"])
def test_the_entry_that_stands_for_both_legs_of_a_coin_is_named(kind: str) -> None:
    caption, spec, drawn = pictured(HEDGE, kind=kind)
    assert "“Now” is BTC 64,000, the entry of BTC long." in caption
    assert spec.given is False
    assert "now = one entry per coin · not advice" in drawn


def test_prices_of_which_only_some_were_given_are_not_called_given() -> None:
    caption, _, drawn = pictured(f"btc now 63k, {TWO}")
    assert "“Now” is BTC 63,000, given just now; for the rest the entry price." in caption
    assert "now = price you gave, else entry · not advice" in drawn


def test_what_of_the_equity_is_a_gain_at_the_price_now_is_said() -> None:
    # the short from 65,000 has gained 0.3 x 1,000 at 64,000
    caption, spec, _ = pictured(HEDGE)
    assert isinstance(spec, MarketSpec)
    assert spec.now == 3300
    assert "Equity now: 3,000 USDT balance, +300 USDT unrealised." in caption
    assert "unrealised" not in pictured(TWO)[0]
    # 0.5 x (63,000 - 64,000)
    assert "Equity now: 5,000 USDT balance, −500 USDT unrealised." in pictured(f"btc now 63k, {TWO}")[0]


def test_one_price_that_ends_both_legs_of_a_hedge_puts_none_of_them_first() -> None:
    assert pictured(HEDGE, kind="Distances")[0].startswith("BTC long, BTC short: −24.6% → 48,272.4\n")


def test_each_mode_of_a_dead_account_says_what_is_there_now_and_where_it_went() -> None:
    # 800 is the wallet less the isolated margin, 64,000 / 20
    caption, spec, drawn = pictured(DEAD)
    assert "cross 0 USDT, isolated 800 USDT at the centre" in caption
    assert "Cross: BTC long liquidated already, at 60,241.0." in caption
    assert "Isolated: BTC long liquidated already, at 61,044.2." in caption
    assert "0.0%" not in caption
    assert isinstance(spec, MarketSpec)
    assert {"Cross: 0 USDT", "Isolated: 800 USDT", "liquidated already · 60,241.0"} <= set(drawn)


def test_the_distances_of_a_dead_account_are_not_near_and_nothing_goes_first() -> None:
    caption, _, drawn = pictured(DEAD, kind="Distances")
    assert caption.startswith("BTC long: liquidated already\n")
    assert "gone" in drawn
    assert "near" not in drawn


def test_an_only_position_does_not_go_first() -> None:
    caption, spec, _ = pictured("long 0.5 btc 64k 20x, wallet 10k", kind="Distances")
    assert caption.startswith("BTC long: −4.6% → 61,044.2\n")
    assert isinstance(spec, DistancesSpec)
    assert figure_of(spec).canvas.get_width_height() == (1080, 650)  # one bar of 250 below 290, above 110


def test_the_table_of_a_dead_account_says_it_once_and_has_no_empty_row() -> None:
    caption, spec, _ = pictured(DEAD, kind="Table")
    assert caption.startswith("Liquidated already in both modes\n")
    assert isinstance(spec, ShareSpec)
    assert [(row.isolated, row.cross) for row in spec.rows] == [
        ("went at 61,044.2", "went at 60,241.0"),
        ("3,200 USDT", "4,000 USDT"),
    ]


def test_an_ending_of_several_coins_has_their_prices() -> None:
    # cross ends at 30.4 % less than 64,000 and 3,200
    caption, _, drawn = pictured(TWO)
    assert "−4.6% BTC long (BTC 61,044.2); +9.6% ETH short (ETH 3,505.97)" in caption
    assert "−30.4% BTC long, ETH short (BTC 44,534.5, ETH 2,226.73)" in caption
    assert "−4.6% · BTC 61,044.2" in drawn


@pytest.mark.parametrize(
    ("said", "kind", "span"),
    [
        ("long 0.5 btc 64k 125x, wallet 1k", "Market", "0.1"),  # isolated −0.4 %, cross −2.7 %
        (HEDGE, "Market", "0.3"),  # −4.6 % and −24.6 %
        ("long 0.5 btc 64k 20x, wallet 10k", "Market", "0.6"),  # −4.6 % and −31.0 %
        ("long 0.5 btc 64k 20x, wallet 10k", "Ladder", "0.1"),  # that of the isolated one alone
        ("long 0.5 btc 64k 20x, short 5 eth 3200 10x, wallet 10k", "Market", "0.1"),  # −62.0 % is beyond them all
        ("long 0.5 btc 64k 20x, short 5 eth 3200 10x, wallet 10k", "Two coins", "0.3"),
        ("long 0.01 btc 64k 1x, wallet 10k", "Ladder", "0.3"),  # nothing ends it
        (DEAD, "Market", "0.3"),
    ],
)
def test_a_picture_begins_with_the_smallest_range_that_has_the_nearest_ending_of_each_mode(
    said: str, kind: str, span: str
) -> None:
    talk = Talk()
    talk.say(said)
    talk.tap("Picture")
    if kind != "Market":
        talk.tap(kind)
    assert f"• ±{float(span):.0%}" in talk.labels


def test_a_range_that_was_chosen_stays() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x, wallet 10k")
    talk.tap("Picture")
    talk.tap("±30%")
    talk.say("10x")
    assert "• ±30%" in talk.labels


def test_no_number_is_crossed_by_the_line_of_another_one_above_it() -> None:
    # with its price the number of the isolated long would stand across the line of cross
    _, _, drawn = pictured(HEDGE)
    assert {"−24.6% · 48,272.4", "−4.6%", "+6.2% · 67,978.0"} <= set(drawn)


def test_a_price_beyond_a_rise_of_a_thousand_percent_is_not_written() -> None:
    hedged = "long 0.5 btc 64k 20x cross, short 0.5 btc 64k 20x cross, wallet 5k"
    _, spec, _ = pictured(hedged, kind="Table")
    assert isinstance(spec, ShareSpec)
    assert [row.cross for row in spec.rows] == ["beyond +1,000%", "", "beyond +1,000%", "", "5,000 USDT"]
    assert "• BTC long 20x: beyond +1,000%\n" in pictured(hedged, kind="Distances")[0]


def test_where_only_some_are_gone_already_they_are_named() -> None:
    said = "btc now 60k, long 1 btc 64k 20x, long 10 eth 3200 20x, wallet 8k"
    assert pictured(said)[0].startswith("Isolated: BTC long liquidated already. Cross: ends at −4.0%")
    assert pictured(said, kind="Table")[0].startswith("First liquidation: isolated already, cross −4.0%\n")
