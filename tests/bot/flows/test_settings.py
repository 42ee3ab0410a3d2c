"""Settings: each is set by a tap or in words, used where a question says nothing, and named as assumed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.dialogue import Chat
from bot.flows.settings import written_value
from bot.rendering.settings_screen import Name
from bot.services.preferring import with_settings
from bot.services.question import Leg, Question
from bot.storage.person_settings import PersonSettings, StoredSettings
from margin_engine import known_venues
from tests.bot.flows.books import account, saved, talk_with
from tests.bot.flows.talk import ANN, BOB, Talk

GROUP = Chat(id=-5, kind="supergroup")


def talk_set(**values: object) -> Talk:
    settings = PersonSettings.model_validate(values)
    return Talk(settings={ANN.id: StoredSettings(settings=settings, version=1)})


def held(talk: Talk) -> PersonSettings:
    return talk.settings[talk.person.id].settings


# --- Setting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "label", "field", "value"),
    [
        ("Exchange", "OKX", "venue", "okx"),
        ("Mode", "Cross", "mode", "cross"),
        ("Wallet", "1,000 USDT", "wallet", Decimal(1000)),
        ("Taker fee", "0.04%", "taker_fee", Decimal("0.0004")),
        ("Numbers", "1.234,5", "numbers", "point"),
        ("Time zone", "Tokyo", "time_zone", "Asia/Tokyo"),
        ("Answers", "short", "answers", "short"),
        ("Pictures", "at once, light", "pictures", "light"),
        ("Language", "English", "language", "en"),
    ],
)
def test_every_setting_is_set_by_a_tap_and_cleared_again(page: str, label: str, field: str, value: object) -> None:
    talk = Talk()
    talk.command("settings")
    talk.tap(page)
    talk.tap(label)
    assert getattr(held(talk), field) == value
    assert talk.first_line == "Settings: 1 of 9 are your own."
    talk.tap(page)
    assert any(each.startswith("✓ ") for each in talk.labels)
    talk.tap("Not set")
    assert held(talk) == PersonSettings()
    assert len(talk.messages) == 1


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("wallet", "7.5k", "7500"),
        ("wallet", "0", None),
        ("wallet", "2 btc", None),
        ("fee", "0.045%", "0.00045"),
        ("fee", "0.05", "0.0005"),
        ("fee", "5%", None),
        ("fee", "free", None),
        ("zone", "Vienna", "Europe/Vienna"),
        ("zone", "new york", "America/New_York"),
        ("zone", "asia/kolkata", "Asia/Kolkata"),
        ("zone", "atlantis", None),
        ("mode", "cross", None),
    ],
)
def test_wallet_fee_and_time_zone_may_be_written(name: Name, text: str, value: str | None) -> None:
    assert written_value(name, text) == value


def test_words_that_are_no_value_get_the_page_again() -> None:
    talk = Talk()
    talk.command("settings")
    talk.tap("Wallet")
    talk.say("plenty")
    assert "I could not read “plenty”." in talk.text
    assert talk.settings == {}


def test_cancel_leaves_the_open_setting() -> None:
    talk = Talk()
    talk.command("settings")
    talk.tap("Taker fee")
    talk.command("cancel")
    assert any(message.text.startswith("Settings: 0 of 9") for message in talk.messages)


# --- Using ---------------------------------------------------------------------------------------------------------


def test_an_unsaid_wallet_mode_and_exchange_come_from_the_settings_and_are_named() -> None:
    shown = talk_set(venue="bybit", mode="cross", wallet="5000").say("long 0.5 btc 64k 20x")
    assert shown.startswith("Cross with 5,000 USDT: liquidated at 54,305.0")
    assert "• wallet: 5,000 USDT, from your settings" in shown
    assert "• mode: cross, from your settings" in shown
    assert "• exchange: Bybit, USDT‑margined, from your settings" in shown


def test_what_is_said_wins_over_the_settings() -> None:
    talk = talk_set(venue="bybit", mode="cross", wallet="5000")
    shown = talk.say("long 0.5 btc 64k 20x isolated on binance, wallet 10k")
    assert shown.startswith("Isolated: liquidated at 61,044.2")
    assert "from your settings" not in shown


def test_the_portfolios_wallet_wins_over_the_settings() -> None:
    talk = talk_with(account(saved("ETH", "long", "1", "3200", "10", "cross"), wallet="8000"))
    talk.settings[ANN.id] = StoredSettings(settings=PersonSettings(wallet=Decimal(5000)), version=1)
    shown = talk.say("long 0.5 btc 64k 20x")
    assert "wallet: 8,000 USDT, from your portfolio" in shown


def test_an_answer_to_the_mode_is_no_longer_from_the_settings() -> None:
    talk = talk_set(mode="cross", wallet="5000")
    talk.say("long 0.5 btc 64k 20x")
    assert "mode: cross, from your settings" in talk.text
    assert "mode: " not in talk.say("isolated")


def test_a_wallet_in_dollars_does_not_back_a_contract_in_coins() -> None:
    coins = Question(legs=(Leg(coin="BTC", contract="inverse"),))
    assert with_settings(coins, PersonSettings(wallet=Decimal(5000)), private=True).wallet is None


def test_the_fee_goes_with_the_question() -> None:
    question = with_settings(Question(legs=(Leg(),)), PersonSettings(taker_fee=Decimal("0.0004")), private=True)
    assert (question.fee_rate, question.fee_from) == (Decimal("0.0004"), "settings")


def test_fees_that_are_wished_are_no_longer_left_out_where_the_settings_have_a_rate() -> None:
    asked = Question(legs=(Leg(),), unread=("fees", "liq 58000"))
    assert with_settings(asked, PersonSettings(), private=True).unread == ("fees", "liq 58000")
    assert with_settings(asked, PersonSettings(taker_fee=Decimal("0.0004")), private=True).unread == ("liq 58000",)


@pytest.mark.parametrize("venue", [name for name in known_venues() if name != "generic"])
def test_every_exchange_can_be_the_own_one(venue: str) -> None:
    talk = talk_set(venue=venue, wallet="5000")
    assert talk.say("long 0.5 btc 64k 20x")
    assert talk.say("short eth 3200 10x 500 margin")


def test_numbers_are_written_as_they_were_set_and_dates_as_the_language_does() -> None:
    shown = talk_set(numbers="point").say("long 0.5 btc 64k 20x iso")
    assert shown.startswith("Isolated: liquidated at 61.044,2")
    assert "table of Sep 29, 2026" in shown
    assert "61 044,2" in talk_set(numbers="space").say("long 0.5 btc 64k 20x iso").replace("\u202f", " ")


def test_short_answers_fold_what_a_tap_can_show() -> None:
    talk = talk_set(answers="short")
    talk.say("long 0.5 btc 64k 20x iso")
    folded = str(talk.last.screen.text).partition("<blockquote expandable>")[2]
    assert folded.startswith("Assumed:")
    assert "Tier: " in folded


# --- Whose, where, which -------------------------------------------------------------------------------------------


def test_a_wallet_of_the_settings_stays_out_of_groups() -> None:
    talk = talk_set(wallet="5000", mode="cross")
    talk.chat = GROUP
    shown = talk.command("liq", "long 0.5 btc 64k 20x")
    assert "5,000" not in shown
    assert talk.command("settings") == "Only administrators of this group can change its settings."


def test_one_persons_settings_are_not_anothers() -> None:
    talk = talk_set(numbers="point")
    talk.chat = GROUP
    assert "61.044,2" in talk.command("liq", "long 0.5 btc 64k 20x iso", by=ANN)
    assert "61,044.2" in talk.command("liq", "long 0.5 btc 64k 20x iso", by=BOB)


@pytest.mark.parametrize(
    "action",
    [
        "v:venue:nasdaq",
        "v:fee:9",
        "v:wallet:-5",
        "v:zone:Mars",
        "s:nope",
        "clear:nope",
        "clear:venue:x",
        "s:",
        "v::",
        "z",
    ],
)
def test_a_forged_button_sets_nothing(action: str) -> None:
    talk = Talk()
    before = talk.command("settings")
    talk.act(action)
    assert talk.text == before
    assert talk.settings == {}
    assert talk.toasts == ["This button is too old. Send your question again."]


@pytest.mark.parametrize(
    ("payload", "begins"),
    [
        ("quiz", "1/5 "),
        ("learn", "What would you like to know?"),
        ("learn_is_isolated_safer", "Is isolated safer?"),
        ("learn_nothing", "What would you like to know?"),
        ("portfolio", "Your portfolio is empty."),
        ("settings", "Settings: 0 of 9"),
        ("check", "There are no positions to look at."),
        ("portfolio_x", "Isolated or cross margin"),
        ("", "Isolated or cross margin"),
        ("x" * 64, "Isolated or cross margin"),
    ],
)
def test_a_link_opens_its_conversation(payload: str, begins: str) -> None:
    assert Talk().command("start", payload).startswith(begins)


@pytest.mark.parametrize("opened", ["Compare", "What if…", "Make it safer"])
def test_short_answers_fold_the_end_of_every_card(opened: str) -> None:
    talk = Talk()
    talk.settings[talk.person.id] = StoredSettings(settings=PersonSettings(answers="short"), version=1)
    talk.say("long 0.5 btc 64k 20x, wallet 10k")
    talk.tap(opened)
    assert "<blockquote expandable>Assumed:" in talk.last.screen.text
