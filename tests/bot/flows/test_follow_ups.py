"""What is typed beside an open card: answers, follow-ups, other trades, and what is none of them."""

from decimal import Decimal

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import BOB, Talk

AMBIGUOUS = "long btc 64k 20x size 1000$"
FULL = "long 0.5 btc 64k 20x, wallet 10k"


def test_a_typed_answer_edits_the_card_in_place() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x")
    message = talk.last.id
    talk.say("10k")
    assert (talk.last.id, len(talk.messages)) == (message, 1)
    assert "Cross with 10,000 USDT" in talk.text


def test_words_that_do_not_answer_are_met_with_the_question_again() -> None:
    talk = Talk()
    talk.say("long btc")
    assert "I could not read “<i>hm</i>”.\nAt what price" in talk.say("<i>hm</i>")


def test_an_answer_may_say_several_things_at_once() -> None:
    talk = Talk()
    talk.say("long btc")
    talk.say("64k 20x 0.5")
    assert "Long 0.5 BTC at 64,000, 20x" in talk.text


def test_a_whole_trade_wins_over_an_open_question() -> None:
    talk = Talk()
    talk.say("long btc")
    first = talk.card.id
    talk.say("short 2 eth 3200 20x iso")
    assert talk.card.id != first
    assert talk.first_line == "Isolated: liquidated at 3,346.61, 4.6% above entry."


def test_a_follow_up_changes_the_card_whether_it_is_a_reply_or_not() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.say("10x", reply=True)
    assert (len(talk.messages), "Long 0.5 BTC at 64,000, 10x" in talk.text) == (1, True)
    talk.say("5x")
    assert (len(talk.messages), "Long 0.5 BTC at 64,000, 5x" in talk.text) == (1, True)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("long 65k", "Long 0.5 BTC at 65,000, 20x"),
        ("short 66k", "Short 0.5 BTC at 66,000, 20x"),
        ("20x cross 5k", "Cross with 5,000 USDT: liquidated at 54,216.9"),  # (5,000 - 32,000) / -0.498
        ("10x iso", "Long 0.5 BTC at 64,000, 10x"),
        ("short 10x", "Short 0.5 BTC at 64,000, 10x"),
        ("2 btc", "Long 2 BTC at 64,000, 20x"),
        ("size 2", "Long 2 BTC at 64,000, 20x"),
        ("entry 65k", "Long 0.5 BTC at 65,000, 20x"),
        ("leverage 5", "Long 0.5 BTC at 64,000, 5x"),
        ("margin 2k", "Long 0.625 BTC at 64,000, 20x"),  # 2,000 x 20 / 64,000
        ("wallet is 20k", "Cross with 20,000 USDT"),
        ("wallet 5k", "Cross with 5,000 USDT"),
        ("cross", "Cross with 10,000 USDT: liquidated at 44,176.8"),
        ("30x", "Long 0.5 BTC at 64,000, 30x"),
    ],
)
def test_a_follow_up_is_applied_as_a_whole_to_the_card(said: str, shown: str) -> None:
    talk = Talk()
    talk.say(FULL)
    assert shown in talk.say(said)
    assert len(talk.messages) == 1


@pytest.mark.parametrize("said", ["short 3200", "eth 10x", "2 eth", "long eth 3200 10x", "long 0.1 btc 60k 5x iso"])
def test_what_does_not_belong_to_the_card_never_changes_it(said: str) -> None:
    talk = Talk()
    talk.say(FULL)
    card, before = talk.card.id, dict(talk.card.draft)
    talk.say(said)
    assert dict(talk.cards[card].draft) == before
    assert len(talk.messages) == 2


@pytest.mark.parametrize("said", ["short 2 eth 3200 10x iso", "long sol 150", "eth 3200 20x"])
def test_a_trade_is_never_taken_for_the_answer_of_an_open_question(said: str) -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k")
    card, before = talk.card.id, dict(talk.card.draft)
    talk.say(said)
    assert dict(talk.cards[card].draft) == before
    assert talk.card.id != card


def test_a_follow_up_without_a_place_on_the_card_leaves_its_question_open() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k")
    assert "I could not read “short 3200”.\nWhat leverage?" in talk.say("short 3200")
    assert "Long 0.5 BTC at 64,000, 20x" in talk.say("20x")


def test_a_card_out_of_sight_is_shown_anew() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.say("10x")
    for text in ("thanks", "hello"):
        talk.say(text)
    assert "Long 0.5 BTC at 64,000, 5x" in talk.say("5x")
    cards = [message for message in talk.messages if message.card_id is not None]
    assert len(cards) == 2
    assert "Long 0.5 BTC at 64,000, 10x" in cards[0].text


def test_a_follow_up_that_changes_nothing_is_answered_visibly() -> None:
    talk = Talk()
    talk.say(FULL)
    before = talk.text
    assert talk.say("20x") == before
    assert len(talk.messages) == 2


def test_a_tapped_question_takes_the_next_answer_although_its_card_is_older() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    older = talk.last
    talk.say("short 2 eth 3200 10x iso")
    talk.tap("Price now", on=older)
    # (61,044.18 - 63,000) / 63,000 = -3.1 %
    assert "3.1% below 63,000, which you gave just now" in talk.say("63k")


@pytest.mark.parametrize("typed", ["-5", "0", "-10x"])
def test_a_number_that_is_not_above_zero_is_said_to_be_none(typed: str) -> None:
    talk = Talk()
    talk.say("long 0.5 btc")
    assert f"“{typed}” does not work here: it must be above 0.\nAt what price" in talk.say(typed)


@pytest.mark.parametrize(("typed", "said"), [("0x", "The leverage is at least 1x."), ("0.5x", "The leverage is at")])
def test_a_leverage_below_one_is_said_to_be_too_low(typed: str, said: str) -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k")
    assert talk.say(typed).startswith(said)
    assert Talk().say(f"long 0.5 btc 64k {typed}").startswith(said)
    assert talk.say("200x").startswith("BTC allows at most 150x at this size, not 200x.")
    assert "Long 0.5 BTC at 64,000, 20x" in talk.say("20x")


def test_two_readings_are_chosen_between_by_a_word() -> None:
    for said, shown in (("1", 0), ("the second one", 1)):
        talk = Talk()
        talk.say(AMBIGUOUS)
        choices = talk.labels
        assert "I could not read" in talk.say("hm")
        assert talk.labels == choices
        talk.say(said)
        picked = talk.text
        talk = Talk()
        talk.say(AMBIGUOUS)
        assert talk.tap(choices[shown]) == picked


def test_an_unknown_coin_is_named() -> None:
    assert Talk().say("long 1 FOOCOIN 5 10x").startswith("I do not know FOOCOIN.")


def test_prices_for_several_coins_are_each_taken_where_they_belong() -> None:
    talk = Talk()
    talk.say("short 4 eth 3200 10x iso")
    talk.tap("Save")
    talk.say("long 0.5 btc 64k 20x iso")
    talk.say("btc 63k eth 3100 sol 140 now")
    assert talk.text == "ETH at 3,100: noted in your portfolio.\nI have no position of yours in SOL."
    assert "3.1% below 63,000" in talk.messages[-2].text
    assert talk.portfolio.marks["ETHUSDT"].price == Decimal(3100)


def test_undo_takes_back_one_change_after_the_other() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.say("10x")
    talk.say("make it short")
    assert "Long 0.5 BTC at 64,000, 10x" in talk.say("undo")
    assert "Long 0.5 BTC at 64,000, 20x" in talk.say("undo")
    assert talk.say("undo") == "There is nothing to take back."


def test_undo_is_none_for_somebody_who_changed_nothing() -> None:
    assert Talk().say("undo") == "There is nothing to take back."


def test_the_same_for_another_coin_keeps_side_and_leverage_and_asks_for_its_price() -> None:
    talk = Talk()
    talk.say("short btc 64k 20x iso 500$")
    first = talk.card.id
    assert talk.say("eth too").startswith("Short ETH, 20x, isolated\n\nAt what price")
    assert talk.card.id != first
    assert "Short 3.125 ETH at 3,200, 20x" in talk.say("3200")  # 500 x 20 / 3,200


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("same but 10x", "Long 0.5 BTC at 64,000, 10x"),
        ("make it short", "Short 0.5 BTC at 64,000, 20x"),
        ("and cross?", "Cross with 10,000 USDT: liquidated at 44,176.8"),
        ("what about 10x", "Long 0.5 BTC at 64,000, 10x"),
        ("show me the math", "P = (q × E − W) ÷ (q × (1 − m))"),
    ],
)
def test_a_question_goes_on_from_the_last_one(said: str, shown: str) -> None:
    talk = Talk()
    talk.say(FULL)
    assert shown in talk.say(said)


@pytest.mark.parametrize("said", ["10x", "undo", "eth too"])
def test_what_was_asked_yesterday_is_forgotten(said: str) -> None:
    talk = Talk()
    talk.say(FULL)
    talk.say("30x")
    card, before = talk.card.id, dict(talk.card.draft)
    talk.wait(hours=13)
    talk.say(said)
    assert dict(talk.cards[card].draft) == before


def test_a_reply_reaches_an_old_card_all_the_same() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.wait(hours=13)
    assert "Long 0.5 BTC at 64,000, 10x" in talk.say("10x", reply=True)


@pytest.mark.parametrize("said", ["10x", "undo", "eth too", "and cross?"])
def test_nobody_goes_on_from_the_question_of_somebody_else(said: str) -> None:
    talk = Talk(chat=Chat(id=-5, kind="group"))
    talk.command("liq", "long 0.5 btc 64k 20x")
    card, before = talk.card.id, dict(talk.card.draft)
    talk.say(said, by=BOB)
    assert dict(talk.cards[card].draft) == before
    assert len(talk.messages) == 1


def test_two_asks_of_one_message_are_both_answered() -> None:
    talk = Talk()
    talk.say("liq for long 0.5 btc 64k 20x iso? also what is maintenance margin")
    assert [message.card_id is not None for message in talk.messages] == [True, False]


def test_a_price_that_can_be_two_numbers_is_asked_about() -> None:
    talk = Talk()
    assert "in two ways" in talk.say("long 100 cookie 1.234 10x")
    assert "at 1,234" in talk.say("2")


# --- Labels that are written ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("compare", "Isolated: liquidated at 61,044.2"),
        ("what if", "Isolated: BTC long liquidated at 61,044.2, 4.6% lower."),
        ("Make it safer!", "BTC long: liquidated at 61,044.2"),
        ("pic", "Isolated: ends at −4.6%"),
    ],
)
def test_a_buttons_label_that_is_written_does_what_the_button_does(written: str, shown: str) -> None:
    talk, tapped = Talk(), Talk()
    talk.say(FULL)
    tapped.say(FULL)
    assert talk.say(written).startswith(shown)
    tapped.tap({"what if": "What if…", "pic": "Picture"}.get(written, written.rstrip("!").capitalize()))
    assert talk.text == tapped.text


def test_back_is_written_where_the_page_has_it_and_nowhere_else() -> None:
    talk = Talk()
    card = talk.say(FULL)
    talk.tap("Change")
    assert talk.say("back") == card
    assert talk.say("back").startswith("I did not understand that.")


def test_a_label_is_no_answer_in_a_group_without_a_reply() -> None:
    talk = Talk(chat=Chat(id=-100, kind="supergroup"))
    card = talk.command("liq", FULL)
    talk.say("compare")
    assert (talk.text, len(talk.messages)) == (card, 1)


@pytest.mark.parametrize("said", ["now 62k", "62k now", "it's 62k now", "currently 62k"])
def test_a_price_that_is_said_to_be_now_is_the_price_of_the_only_coin(said: str) -> None:
    talk = Talk()
    talk.say(FULL)
    assert "Isolated: liquidated at 61,044.2, 1.5% below 62,000, which you gave just now." in talk.say(said)


def test_a_price_now_of_no_coin_or_of_several_is_not_guessed() -> None:
    assert "price" not in Talk().say("now 62k")
    talk = Talk()
    talk.say("cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x")
    assert "62,000" not in talk.say("now 62k")
