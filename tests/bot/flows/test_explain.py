"""Why a venue shows another price, as a conversation: the number, one question at a time, and the way out."""

import re

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import BOB, Talk

ISO = "long 0.5 btc 64k 20x iso, wallet 10k"
BOTH = "long 0.5 btc 64k 20x, wallet 10k"
WHY = "why does binance show 61,020?"


def after(*said: str) -> Talk:
    talk = Talk()
    for each in said:
        talk.say(each)
    return talk


def test_the_difference_comes_first_and_what_gives_the_venues_price_next() -> None:
    talk = after(ISO, WHY)
    assert talk.first_line == "Binance USD-M shows 61,020, I get 61,044.2: 24.18 apart."
    assert len(talk.first_line) <= 60
    assert "Each of these alone gives 61,020:\n• 12.04 USDT of added margin\n" in talk.text
    assert len(talk.messages) == 2


def test_a_button_under_the_working_begins_it() -> None:
    talk = after(ISO)
    talk.tap("Show the working")
    assert talk.tap("Other price there?").startswith("I get 61,044.2 in isolated.")
    assert len(talk.messages) == 2
    assert "shows 61,020, I get 61,044.2" in talk.say("61020")


def test_each_answer_edits_the_card_and_asks_the_next_question() -> None:
    talk = after(ISO, WHY)
    card = talk.last.id
    assert "Was margin added or taken out by hand" in talk.text
    talk.tap("No")
    assert "12.04 USDT of added margin" not in talk.text
    assert "What have fees and funding taken" in talk.text
    talk.say("16")
    assert "Counted in: Fees paid: 16" in talk.text
    assert "show a maintenance rate" in talk.text
    talk.tap("Don’t know")
    assert talk.labels == ["What if…", "Compare", "Make it safer", "What is known", "Close"]
    assert talk.last.id == card


def test_an_answer_that_explains_it_ends_the_questions() -> None:
    talk = after(ISO, WHY, "12.04")
    assert talk.first_line == "Binance USD-M shows 61,020, and I get 61,020.0."
    assert talk.labels == ["What if…", "Compare", "Make it safer", "What is known", "Close"]


@pytest.mark.parametrize("said", ["don't know", "idk", "no idea", "dont know."])
def test_not_knowing_can_be_typed(said: str) -> None:
    assert "What have fees and funding taken" in after(ISO, WHY, said).text


@pytest.mark.parametrize("said", ["hm", "paid", "1e99", "a lot", "9" * 40])
def test_what_does_not_answer_is_met_with_the_question_again(said: str) -> None:
    talk = after(ISO, WHY, said)
    assert "Was margin added or taken out by hand" in talk.text
    assert len([message for message in talk.messages if message.card_id]) == 2


def test_fees_below_zero_are_none() -> None:
    assert "“-5” does not work here: it must be above 0." in after(ISO, WHY, "no", "-5").text


def test_the_venues_price_is_asked_for_when_it_was_not_said() -> None:
    talk = after(ISO, "why does my exchange show another liq price")
    assert talk.text.endswith("What liquidation price does your exchange show? Just type it.")
    assert "shows 61,000, I get 61,044.2" in talk.say("61k")


def test_a_price_between_both_modes_asks_for_the_mode() -> None:
    talk = after(BOTH, "why does binance show 52,000?")
    assert talk.text.endswith("Is the position isolated or cross there?")
    assert "Long 0.5 BTC at 64,000, 20x, cross" in talk.tap("Cross")
    assert "Each of these alone gives 52,000:" in talk.text


def test_a_quoted_price_tells_the_mode() -> None:
    assert "Long 0.5 BTC at 64,000, 20x, cross" in after(BOTH, "bybit says 45,000 but you say 44,176").text


def test_of_two_positions_the_price_tells_which_else_it_is_asked() -> None:
    two = "cross 20k: long 0.5 btc 64k 10x, short 0.4 btc 66k 10x"
    talk = after(two, "why does binance show 50,000?")
    assert talk.text.endswith("Which position is it?")
    assert talk.labels[:2] == ["BTC long", "BTC short"]
    assert "Long 0.5 BTC at 64,000, 10x, cross" in talk.tap("BTC long")


def test_a_slot_that_lacks_is_asked_for_before_anything_else() -> None:
    talk = after("long btc 64k 20x", WHY)
    assert "What size of BTC?" in talk.text
    assert "Binance USD-M shows 61,020, I get 61,044.2" in talk.say("0.5")


def test_a_follow_up_changes_the_position_on_the_card() -> None:
    assert "Long 0.5 BTC at 64,000, 10x, isolated" in after(ISO, WHY, "10x").text


def test_what_is_known_can_be_changed_and_left_with_back() -> None:
    talk = after(ISO, WHY, "no")
    answer = talk.text
    talk.tap("What is known")
    assert "Added margin: 0" in talk.labels
    talk.tap("Their price")
    assert talk.tap("« Back") == answer
    talk.tap("What is known")
    talk.tap("Their price")
    assert "shows 60,900" in talk.say("60900")


def test_close_takes_the_card_away_and_nothing_else() -> None:
    talk = after(ISO, WHY)
    talk.tap("Close")
    assert len(talk.messages) == 1
    assert talk.messages[0].text.startswith("Isolated: liquidated at")


def test_cancel_stops_the_questions_and_keeps_the_answer() -> None:
    talk = after(ISO, WHY)
    assert talk.command("cancel").startswith("Cancelled.")
    assert "Was margin added" not in talk.messages[-2].text
    assert "12.04 USDT of added margin" in talk.messages[-2].text


@pytest.mark.parametrize(
    "action",
    [
        "know:added:7",
        "know:leg:9",
        "know:mode:both",
        "know:what:0",
        "unsure:x",
        "ask:",
        "know",
        "set:leverage:x",
        "pick:0",
    ],
)
def test_forged_buttons_do_nothing(action: str) -> None:
    talk = after(ISO, WHY)
    before = talk.text
    talk.act(action)
    assert talk.text == before
    assert talk.toasts == ["This button is too old. Send your question again."]


def test_a_price_now_is_taken_by_the_card() -> None:
    talk = after(ISO, WHY, "btc 63k now")
    assert talk.first_line == "Binance USD-M shows 61,020, I get 61,044.2: 24.18 apart."


def test_the_saved_account_is_explained_in_private_only() -> None:
    talk = Talk()
    talk.say(ISO)
    talk.tap("Save")
    talk.wait(hours=13)
    assert "Binance USD-M shows 61,020, I get 61,044.2" in talk.say(WHY)
    group = Talk(chat=Chat(id=-5, kind="group"), shelves=talk.shelves)
    group.command("why", "does binance show 61,020?")
    assert all("61,044" not in message.text for message in group.messages)


def test_in_a_group_a_reply_asks_about_its_card_and_strangers_cannot_answer() -> None:
    talk = Talk(chat=Chat(id=-5, kind="supergroup"))
    talk.command("liq", ISO)
    talk.say(WHY, reply=True)
    before = talk.last
    assert talk.text.startswith("Binance USD-M shows 61,020")
    talk.act("known", by=BOB)
    assert talk.toasts == ["This is somebody else's card. Your own opens in our private chat."]
    talk.say("12.04", by=BOB, reply=True)
    assert talk.last.card_id != before.card_id
    assert before in talk.messages


def test_without_a_position_it_says_what_is_needed() -> None:
    assert Talk().say(WHY).startswith("Tell me the position first")


def test_the_working_is_shown_where_there_is_one_and_said_to_lack_else() -> None:
    assert "P = (q × E − W) ÷ (q × (1 − m))" in after(ISO, "show me the math").text
    assert Talk().say("show me the math").startswith("How I calculate\nUnder every answer a button shows its working")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("does funding move my liq?", "it from 61,044.2 to 61,050.7"),  # 3.2 / 0.498 = 6.43 further up
        ("why lower leverage didnt change liq in cross", "44,176.8 with 20x, and at 44,176.8 with 5x"),
        ("whats mmr and cum in the formula", "The larger a position, the higher its rate"),
        ("only 20% of my position closed, what was that", "taken in steps"),
        ("why no liq price on my cross btc long", "Then no price ends it"),
        ("how sure is that 12% chance number", "It is a size, not a promise"),
        ("why did my liq price move when i opened sol, i didnt touch btc", "they share the balance"),
    ],
)
def test_other_questions_about_how_it_works_get_a_sentence_and_a_number(said: str, words: str) -> None:
    assert words in after(BOTH, said).text


def test_a_coin_margined_position_is_explained_in_its_coin_and_venue() -> None:
    talk = after("long 10k usd btc 50k 10x iso coin-margined", "why does binance show 45,000?")
    assert talk.first_line == "Binance COIN-M shows 45,000, I get 45,636.4: 636.36 apart."
    # 10,040 / 45,000 - 0.22 = 0.00311111
    assert "0.00311111 BTC of added margin" in talk.text


def test_a_coin_by_the_thousand_may_be_quoted_by_the_piece() -> None:
    talk = after("long 5m pepe 0.00001 20x iso, wallet 1k", "why does binance show 0.0000095")
    assert talk.first_line == "Binance USD-M shows 0.0095, I get 0.0095622: 0.0000622 apart."


def test_no_line_of_the_card_claims_to_know() -> None:
    text = after(ISO, WHY).text
    assert "I cannot see your account there: check which of these is so." in text
    assert not re.search(r"\b(because|the reason is|must have)\b", text)


def test_a_topic_opens_its_lesson_with_the_persons_own_number_and_the_trade_goes_on() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x cross, wallet 10k")
    shown = talk.say("does leverage matter in cross?")
    assert shown.startswith("Leverage in cross")
    # The card before says 44,176.8 as well.
    assert "Yours: BTC at 44,176.8 with 20x, and at 44,176.8 with 5x." in shown
    assert "Long 0.5 BTC at 64,000, 10x" in talk.say("10x")


def test_a_topic_without_positions_is_a_lesson_with_more_behind_it() -> None:
    talk = Talk()
    talk.say("does funding move my liquidation price?")
    assert "More" in talk.labels


def test_a_closing_fee_inside_the_margin_explains_bybits_price_first() -> None:
    # The fee stands on both sides and cancels: (32,000 - 1,600) / (0.5 x 0.995) = 30,400 / 0.4975 = 61,105.5.
    talk = after("long 0.5 btc 64k 20x bybit isolated", "why does bybit show 61,105.5")
    named = next(line for line in talk.text.splitlines() if line.startswith("• "))
    assert "closing fee of 0.055% held inside the margin" in named


def test_a_position_told_beside_the_venues_price_is_what_is_explained() -> None:
    for text in (
        "why does bybit show 60,850: long 0.5 BTC at 64000 20x isolated bybit",
        "why does bybit show 60,850? I'm long 0.5 BTC from 64000 20x isolated",
    ):
        talk = Talk()
        talk.say(text)
        assert talk.card.flow == "explain"
        assert "60,850" in talk.text
        assert "Bybit" in talk.text


def test_funding_moves_a_price_without_a_known_tick_as_the_card_writes_it() -> None:
    # 30,400 / (0.5 x 0.9955) is 61,074.837: a long's is rounded up, as on its card. 3.2 / 0.49775 = 6.43 further up.
    talk = Talk()
    assert "61,074.9" in talk.say("long 0.5 btc 64000 20x iso on okx")
    assert "moves it from 61,074.9 to 61,081.3" in talk.say("does funding move my liq?")
