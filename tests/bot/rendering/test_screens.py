"""Screens as values: markup, width, working, plain text."""

import html
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from markupsafe import Markup

from bot.dialogue import Screen
from bot.rendering.check_pages import choose_screen
from bot.rendering.check_screen import card_screen, card_text
from bot.rendering.errors import refusal_note
from bot.rendering.notes import distance, write_note
from bot.rendering.plain import plain_text
from bot.rendering.start_screen import help_screen, start_screen
from bot.rendering.verdict import Tongue, market_line
from bot.rendering.views import CheckView, Figures, LegView, Market, Note, Reference
from bot.services.checking import work_out
from bot.services.question import GivenPrice, Leg, Question
from margin_engine import EngineError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EN = Tongue.of("en")
BTC = Leg(coin="BTC", side="long", quantity=Decimal("0.5"), entry=Decimal(64000), leverage=Decimal(20))
ETH = Leg(coin="ETH", side="short", quantity=Decimal(4), entry=Decimal(3200), leverage=Decimal(10))


def view_of(*legs: Leg, wallet: int | None = 10000) -> CheckView:
    return work_out(Question(legs=legs, wallet=None if wallet is None else Decimal(wallet)), now=NOW).view


def test_the_card_in_markup() -> None:
    assert str(card_text(view_of(BTC), EN)) == (
        "<b>Isolated: liquidated at 61,044.2, 4.6% below entry.</b>\n"
        "<b>Cross with 10,000 USDT: 44,176.8, 31.0% below entry.</b>\n"
        "\n"
        "Long 0.5 BTC at 64,000, 20x\n"
        "\n"
        "<pre>            Isolated     Cross\n"
        "Liq. price  61,044.2  44,176.8\n"
        "Distance       −4.6%    −31.0%\n"
        "Margin         1,600     1,600\n"
        "Max. loss      1,600    10,000</pre>\n"
        "Amounts in USDT, distance from entry.\n"
        "\n"
        "Assumed:\n"
        "• price now: the entry, 64,000\n"
        "• nothing else is open in the account\n"
        "• exchange: Binance USD-M, USDT-margined\n"
        "• fees and funding: none paid yet\n"
        "\n"
        "Tier: 0.4% up to 300,000 USDT, table of Sep 29, 2026."
    )


def test_the_card_in_a_german_persons_numbers() -> None:
    text = str(card_text(view_of(BTC), Tongue.of("de")))
    assert text.startswith("<b>Isolated: liquidated at 61.044,2, 4,6\xa0% below entry.</b>")


@pytest.mark.parametrize("wallet", [10000, 123456])
def test_the_table_fits_a_phone(wallet: int) -> None:
    table = re.findall(r"<pre>(.*?)</pre>", str(card_text(view_of(BTC, wallet=wallet), EN)), re.DOTALL)[0]
    assert max(map(len, table.split("\n"))) <= 34


def test_several_positions_are_listed_under_each_mode() -> None:
    text = plain_text(card_screen(view_of(BTC, ETH), EN))
    assert text.startswith(
        "Isolated: BTC long is liquidated first, at 61,044.2, 4.6% below entry.\nCross with 10,000 USDT: "
    )
    assert "Short 4 ETH at 3,200, 10x\n  liquidated at 3,505.97, 9.6% above entry" in text
    assert "Maximum loss: 2,880 USDT, each position its own margin" in text  # 1,600 + 1,280


def test_modes_that_differ_are_shown_as_they_were_written() -> None:
    mixed = view_of(BTC.model_copy(update={"mode": "cross"}), ETH.model_copy(update={"mode": "isolated"}))
    text = plain_text(card_screen(mixed, EN))
    # Beside an isolated margin of 1,280: (8,720 - 32,000) / (0.002 - 0.5) = 46,746.99
    assert "As you wrote it\nLong 0.5 BTC at 64,000, 20x\n  liquidated at 46,747.0, 27.0% below entry" in text


def test_the_working_shows_formula_numbers_and_result() -> None:
    text = str(card_text(view_of(BTC, wallet=None), EN, working=True))
    block = re.findall(r"<blockquote expandable>(.*)</blockquote>", text, re.DOTALL)[0]
    assert (
        "P_liq = (W + D − s × q × E) / (q × m − s × q)\n"
        "  = (1,600 + 0 − 1 × 0.5 × 64,000) / (0.5 × 0.004 − 1 × 0.5)\n"
        "  = 61,044.17671 USDT (liquidation price)"
    ) in block


def test_negative_numbers_stand_in_brackets_inside_a_formula() -> None:
    text = plain_text(card_screen(view_of(ETH, wallet=None), EN, working=True))
    assert "− (−1) × 4 × 3,200)" in text


def test_a_long_working_is_cut_to_fit_the_message() -> None:
    legs = [
        BTC.model_copy(update={"coin": coin}) for coin in ("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "AVAX")
    ]
    legs = [leg.model_copy(update={"quantity": Decimal("0.1")}) for leg in legs]
    text = plain_text(card_screen(view_of(*legs, wallet=100000), EN, working=True))
    assert len(text) <= 4096
    assert text.endswith("… the rest does not fit a message.")


def test_the_market_wide_number_has_words_for_every_case() -> None:
    name = Markup("Cross")
    tenth, far = Decimal("-0.1"), Decimal(200)
    cases = {
        Market(fall=tenth, rise=Decimal("0.2")): "Cross: everything may fall 10.0% or rise 20.0% before liquidation.",
        Market(fall=tenth, rise=None): "Cross: everything may fall 10.0% before liquidation.",
        Market(fall=tenth, rise=far): "Cross: everything may fall 10.0% or rise more than 1,000% before liquidation.",
        Market(fall=None, rise=Decimal("0.2")): "Cross: everything may rise 20.0% before liquidation.",
        Market(fall=None, rise=None): "Cross: no common move of all prices liquidates it.",
        Market(
            fall=None, rise=None, liquidatable=True
        ): "Cross: liquidated at once, the requirement is above what is left.",
    }
    for market, sentence in cases.items():
        assert market_line(market, name, EN) == sentence


def test_a_distance_too_small_to_draw_is_not_drawn_as_zero() -> None:
    figures = Figures(
        liquidation_price=Decimal(63999), reason=None, distance=Decimal("-0.00002"), loss=Decimal(1), margin=None
    )
    words = distance(figures, Reference(price=Decimal(64000)), EN.words, EN.numbers)
    assert words == "less than 0.1% from entry"


def test_two_readings_are_offered_with_what_they_read() -> None:
    readings = [
        CheckView(legs=(LegView(coin="BTC", side="long", said_margin=Decimal(1000)),)),
        CheckView(legs=(LegView(coin="BTC", side="long", said_notional=Decimal(1000)),)),
    ]
    screen = choose_screen(readings, EN)
    assert [row[0].label for row in screen.buttons] == [
        "Long BTC, 1,000 USDT margin",
        "Long BTC, 1,000 USDT position size",
    ]


def test_the_engines_refusals_are_worded() -> None:
    wallet = EngineError(field="wallet.USDT", value="5000", rule="must cover the isolated margins of 6400")
    assert (
        write_note(refusal_note(wallet), EN.words, EN.numbers)
        == "it needs 6,400 USDT margin, but the wallet has 5,000 USDT."
    )
    other = EngineError(field="positions[0].entry_price", value="<0>", rule="must be above 0")
    assert write_note(refusal_note(other), EN.words, EN.numbers) == (
        "the numbers do not fit together: entry price must be above 0, got &lt;0&gt;."
    )


def test_notes_with_a_slot_name_it() -> None:
    note = Note(name="guessed_number", facts={"value": Decimal(10000)}, slot="wallet")
    assert write_note(note, EN.words, EN.numbers) == "wallet: 10,000, as I read it"


def test_plain_text_has_no_markup_and_letters_as_they_were() -> None:
    screen = Screen(text=Markup("<b>{}</b>\n<pre>{}</pre>").format("2 < 3 & more", "a"))
    assert plain_text(screen) == "2 < 3 & more\na"


def test_every_example_is_shown_as_text_and_as_a_button() -> None:
    for screen in (start_screen(EN), help_screen(EN)):
        for row in screen.buttons:
            for button in row:
                if hasattr(button, "text"):
                    assert html.escape(button.text) in str(screen.text)


def test_the_longest_card_fits_a_message() -> None:
    coins = ("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "AVAX")
    legs = tuple(
        Leg(
            coin=coin,
            side="long" if number % 2 else "short",
            quantity=Decimal("123.45678901"),
            entry=Decimal("6412.3456789"),
            leverage=Decimal("3.25"),
            mode="cross" if number % 3 else "isolated",
        )
        for number, coin in enumerate(coins)
    )
    prices = {coin: GivenPrice(price=Decimal("6400.1234567"), given_at=NOW) for coin in coins}
    question = Question(legs=legs, wallet=Decimal("123456789.12"), venue="bybit", prices=prices, unanswered=("whatif",))
    view = work_out(question, now=NOW + timedelta(days=100)).view
    assert all(leg.given for leg in view.legs)
    assert len(plain_text(card_screen(view, EN, working=True, saved=True))) <= 4096
