"""Screens as values: markup, width, working, plain text."""

import html
import re
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal

import pytest
from markupsafe import Markup

from bot.dialogue import Screen
from bot.rendering.check_pages import choose_screen
from bot.rendering.check_screen import SavedAs, card_screen, card_text
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
        "• exchange: Binance USD‑M, USDT‑margined\n"
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
    block = re.findall(r"<blockquote>(.*)</blockquote>", text, re.DOTALL)[0]
    assert block == (
        "<b>Isolated</b>: q size, E entry, W margin, m maintenance rate\n"
        "<b>P = (q × E − W) ÷ (q × (1 − m))</b>\n"
        "W = 0.5 × 64,000 ÷ 20 = 1,600\n"
        "P = (0.5 × 64,000 − 1,600) ÷ (0.5 × (1 − 0.004)) = 61,044.17671\n"
        "Maintenance 0.4%: positions up to 300,000 USDT, value at that price 30,522.09 USDT.\n"
        "Prices above are rounded to the tick, never to the safer side."
    )


def test_the_working_of_a_short_has_its_own_signs() -> None:
    text = plain_text(card_screen(view_of(ETH, wallet=None), EN, working=True))
    assert "P = (q × E + W) ÷ (q × (1 + m))\n" in text
    assert "P = (4 × 3,200 + 1,280) ÷ (4 × (1 + 0.004)) = 3,505.976096" in text


def test_a_higher_tier_shows_its_amount_in_the_working() -> None:
    # 5 BTC end at 305,229 USDT, beyond 300,000, where the rate is 0.5 % and 0.1 % of 300,000 comes off: 300.
    text = plain_text(
        card_screen(view_of(BTC.model_copy(update={"quantity": Decimal(5)}), wallet=None), EN, working=True)
    )
    assert "P = (q × E − W − D) ÷ (q × (1 − m))" in text
    assert "P = (5 × 64,000 − 16,000 − 300) ÷ (5 × (1 − 0.005))" in text


def test_positions_that_share_a_formula_share_its_line() -> None:
    sol = Leg(coin="SOL", side="long", quantity=Decimal(100), entry=Decimal(150), leverage=Decimal(5))
    text = plain_text(card_screen(view_of(BTC, ETH, sol), EN, working=True))
    isolated = text.partition("Isolated: q size")[2].partition("Cross with 10,000 USDT: q size")[0]
    assert isolated.count("P = (q × E − W) ÷ (q × (1 − m))") == 1
    assert "… the rest" not in text
    assert "R their maintenance margin" in text


def test_the_legs_of_a_hedge_are_told_apart_in_the_working() -> None:
    short = BTC.model_copy(update={"side": "short", "quantity": Decimal("0.2")})
    text = plain_text(card_screen(view_of(BTC, short), EN, working=True))
    assert "P = (q1 × E1 − q2 × E2 − W) ÷ (q1 × (1 − m1) − q2 × (1 + m2))" in text


def test_the_numbers_of_the_working_are_those_of_the_answer() -> None:
    view = view_of(BTC, ETH)
    text = plain_text(card_screen(view, EN, working=True))
    for evaluation in (view.isolated_evaluation, view.cross_evaluation):
        assert evaluation is not None
        for position in evaluation.positions:
            assert position.liquidation_price is not None
            assert EN.numbers.plain(Context(prec=10).plus(position.liquidation_price), most=10) in text


def test_a_long_working_is_cut_to_fit_the_message() -> None:
    legs = [
        BTC.model_copy(update={"coin": coin}) for coin in ("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "AVAX")
    ]
    legs = [leg.model_copy(update={"quantity": Decimal("0.1")}) for leg in legs]
    text = plain_text(card_screen(view_of(*legs, wallet=100000), EN, working=True))
    assert len(text) <= 4096


def test_the_market_wide_number_has_words_for_every_case() -> None:
    name = Markup("Cross")
    tenth, far = Decimal("-0.1"), Decimal(200)
    cases = {
        Market(fall=tenth, rise=Decimal("0.2")): "Cross: everything may fall 10.0% or rise 20.0% before liquidation.",
        Market(fall=tenth, rise=None): "Cross: everything may fall 10.0% before liquidation.",
        Market(fall=tenth, rise=far): "Cross: everything may fall 10.0% or rise more than 1,000% before liquidation.",
        Market(fall=None, rise=Decimal("0.2")): "Cross: everything may rise 20.0% before liquidation.",
        Market(fall=None, rise=Decimal("83747.036")): (
            "Cross: everything may rise more than 1,000%; no common fall liquidates it."
        ),
        Market(fall=None, rise=None): "Cross: no common move of all prices liquidates it.",
        Market(
            fall=None, rise=None, liquidatable=True
        ): "Cross: liquidated at once, what is left does not cover the maintenance margins.",
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
        "1. 1,000 USDT margin",
        "2. 1,000 USDT position size",
    ]


def test_the_engines_refusals_are_worded() -> None:
    wallet = EngineError(field="wallet.USDT", value="5000", rule="must cover the isolated margins of 6400")
    assert (
        write_note(refusal_note(wallet), EN.words, EN.numbers)
        == "it needs 6,400 USDT margin, but the wallet has 5,000 USDT."
    )
    margins = [("BTC", Decimal(5200)), ("ETH", Decimal(1200))]
    together = write_note(refusal_note(wallet, margins), EN.words, EN.numbers)
    assert "isolated positions need 6,400 USDT margin (BTC 5,200, ETH 1,200), but the wallet has 5,000" in together
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
    question = Question(
        legs=legs, wallet=Decimal("123456789.12"), venue="bitget", prices=prices, unanswered=("whatif",)
    )
    view = work_out(question, now=NOW + timedelta(days=100)).view
    assert all(leg.given for leg in view.legs)
    assert len(plain_text(card_screen(view, EN, working=True, saved=SavedAs(account_wallet=Decimal(5))))) <= 4096
