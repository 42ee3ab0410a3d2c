"""The front desk: what belongs where, and that nothing a person can send makes it stumble."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Card, Chat
from bot.payloads import Payload, encode_payload
from tests.bot.flows.talk import ANN, BOB, Talk

FULL = "long 0.5 btc 64k 20x, wallet 10k"
QUESTIONS = [FULL, "long btc", "long 0.5 btc 64k 200x", "cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x"]


def test_start_greets_in_three_lines_with_buttons() -> None:
    talk = Talk()
    assert len(talk.command("start").split("\n")) == 3
    assert talk.labels == ["Try an example", "Which mode?", "Learn", "Help", "Portfolio", "Settings"]
    talk.tap("Portfolio")
    assert talk.text.startswith("Your portfolio is empty.")


def test_a_command_in_capitals_is_the_same_command() -> None:
    assert Talk().command("HELP").startswith("Write a trade in your own words.")


def test_unknown_commands_are_met_with_one_sentence() -> None:
    assert Talk().command("frobnicate" * 9).startswith("I do not know /frobnicate")


def test_a_caption_is_read_like_a_text_and_a_wordless_thing_gets_one_line() -> None:
    talk = Talk()
    assert talk.attach("photo").startswith("I can only read text.")
    assert talk.say("long 0.5 btc 64k 20x iso").startswith("Isolated: liquidated at 61,044.2")


@pytest.mark.parametrize("text", ["-10", "what if btc drops 10%", "everything drops 15%", "heatmap btc vs eth +/-20"])
def test_a_what_if_is_never_misread_as_a_trade(text: str) -> None:
    assert Talk().say(text).startswith("I need positions to move:")


def test_a_compare_with_positions_is_answered_by_the_same_card() -> None:
    text = Talk().say("iso or cross for long 0.5 btc 64k 20x with 5k in the wallet?")
    assert "Isolated: liquidated at 61,044.2" in text
    assert "Cross with 5,000 USDT: 54,216.9" in text  # (5,000 - 32,000) / -0.498


def test_a_part_of_a_question_that_is_not_built_is_said() -> None:
    text = Talk().say("funding 0.05%/8h how long till my 10x sol long 150 gets liquidated if price flat")
    assert "not yet the rest of your question" in text


def test_cancel_takes_back_the_question_of_the_card() -> None:
    talk = Talk()
    assert talk.command("cancel") == "There is nothing to cancel."
    talk.say("long btc")
    assert talk.command("cancel").startswith("Cancelled.")
    assert talk.say("64k").startswith("I did not understand that.")


def test_a_group_is_not_disturbed_by_talk_that_is_not_for_the_bot() -> None:
    talk = Talk(chat=Chat(id=-5, kind="supergroup"))
    for text in ("hello everybody", "what if btc drops 10%", "qwertz", "64k", "btc 63k now", "is isolated safer"):
        talk.say(text)
    talk.attach("sticker")
    assert (talk.messages, talk.toasts) == ([], [])
    talk.say(FULL)
    assert len(talk.messages) == 1


@pytest.mark.parametrize(
    "data", ["", "1", "1..", "0.1.7.save", "2.1.7.save", "1.zz.7.save", "1.1.7", "x" * 200, "1.1.7.save"]
)
def test_a_button_of_another_time_is_refused_politely(data: str) -> None:
    talk = Talk()
    talk.tap_data(data)
    assert talk.toasts == ["This button is too old. Send your question again."]


def test_a_button_whose_owner_was_forged_does_nothing() -> None:
    talk = Talk()
    before = talk.say(FULL)
    forged = encode_payload(Payload(card_id=talk.card.id, owner_id=BOB.id, action="save"))
    assert talk.tap_data(forged, by=BOB) == before
    assert talk.tap_data(forged, by=ANN) == before
    assert not talk.saved


def test_a_draft_of_another_time_is_refused_politely() -> None:
    talk = Talk()
    talk.say(FULL)
    card = talk.card
    talk.cards[card.id] = Card(id=card.id, owner_id=ANN.id, chat_id=7, flow="check", draft={"version": 0}, message_id=1)
    talk.tap("Save")
    assert talk.toasts == ["This button is too old. Send your question again."]
    talk.say("10k")


BUTTONS = (
    "back",
    "working",
    "change",
    "leg",
    "slot",
    "set",
    "notional",
    "pick",
    "save",
    "replace",
    "wallet",
    "portfolio",
)
ACTIONS = st.sampled_from((*BUTTONS, "remove", "removed", "price", "close", "help", "cancel"))
VALUES = st.sampled_from(
    [
        "",
        "0",
        "1",
        "-1",
        "99",
        "size",
        "leverage:20",
        "leverage:1e9",
        "wallet:0",
        "side:long",
        "symbol:ETH",
        "isolated",
        "c1n1",
        "BTC",
    ]
)


@given(
    question=st.sampled_from(QUESTIONS),
    acts=st.lists(st.tuples(ACTIONS, st.one_of(VALUES, st.text(max_size=6))), max_size=6),
)
def test_forged_actions_never_raise(question: str, acts: list[tuple[str, str]]) -> None:
    talk = Talk()
    talk.say(question)
    for name, value in acts:
        action = f"{name}:{value}" if value else name
        talk.tap_data(f"1.{base36(talk.card_of_newest())}.7.{action}"[:64])


@given(st.text(max_size=200))
def test_any_text_gets_one_answer_that_telegram_takes(text: str) -> None:
    talk = Talk()
    talk.say(text)
    assert len(talk.messages) == 1


TRADE = (
    "long",
    "short",
    "btc",
    "eth",
    "pepe",
    "sol",
    "64k",
    "0.5",
    "20x",
    "10k",
    "iso",
    "cross",
    "wallet",
    "5k",
    "1000$",
)
ODD = ("200x", "at", "market", "now", "63k", ",", "1e30", "999999999999999", "0", "-5", "margin", "notional", "bybit")
WORDS = st.sampled_from((*TRADE, *ODD))


@given(st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=4))
def test_any_mix_of_trading_words_keeps_the_conversation_going(texts: list[str]) -> None:
    talk = Talk()
    for text in texts:
        talk.say(text)
        json.dumps([dict(card.draft) for card in talk.cards.values()])
    assert talk.messages


def base36(number: int) -> str:
    data = encode_payload(Payload(card_id=number, owner_id=7, action="x"))
    return data.split(".")[1]
