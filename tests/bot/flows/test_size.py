"""The size that fits a stop, sentence by sentence and tap by tap."""

from itertools import count

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import BOB, Talk

PLAN = "how big can i go: btc long 64k stop 62k risk 100$"
GROUP = Chat(id=-100, kind="supergroup")


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say(PLAN)
    return talk


def test_the_answer_comes_first(talk: Talk) -> None:
    assert talk.first_line == "0.05 BTC loses 100 USDT at the stop of 62,000."
    assert "Isolated: up to 28.46x is liquidated beyond the stop." in talk.text


def test_a_liquidation_before_the_stop_comes_before_the_answer(talk: Talk) -> None:
    talk.tap("Leverage")
    assert talk.tap("50x").startswith("⚠ Isolated at 50x: liquidated at 62,971.9, BEFORE the stop at 62,000.")
    talk.tap("Leverage")
    assert talk.tap("20x").startswith("0.05 BTC loses 100 USDT")
    assert "Isolated at 20x: liquidated at 61,044.2, 4.6% below entry, beyond the stop." in talk.text


def test_a_leverage_above_the_exchanges_limit_is_said(talk: Talk) -> None:
    talk.tap("Leverage")
    talk.say("500x")
    assert "allow" in talk.text or "at most" in talk.text


def test_everything_is_asked_one_at_a_time_with_buttons() -> None:
    talk = Talk()
    talk.command("size")
    for label in ("BTC", "Long"):
        talk.tap(label)
    talk.say("64k")
    talk.tap("2% away")
    talk.tap("1%")
    talk.tap("5,000")
    # 1 % of 5,000 = 50; 2 % of 64,000 = 1,280; 50 / 1,280 = 0.0390625.
    assert talk.first_line == "0.0390625 BTC loses 50 USDT at the stop of 62,720."


@pytest.mark.parametrize("bad", ["soon", "-5", "🙂"])
def test_bad_answers_get_the_question_again(bad: str) -> None:
    talk = Talk()
    talk.command("size", "btc long 64k risk 100")
    assert "Where is your stop?" in talk.text
    talk.say(bad)
    assert "Where is your stop?" in talk.text
    talk.say("62k")
    assert talk.first_line == "0.05 BTC loses 100 USDT at the stop of 62,000."


def test_back_close_and_cancel(talk: Talk) -> None:
    card = talk.text
    talk.tap("Risk")
    assert talk.tap("« Back") == card
    talk.tap("Stop")
    talk.command("cancel")
    assert talk.text == "Cancelled. Write a trade whenever you like."
    answered = next(message for message in talk.messages if message.card_id is not None)
    assert answered.text == card
    talk.tap("Close", on=answered)
    assert all(message.card_id is None for message in talk.messages)


def test_the_saved_wallet_stands_for_an_unsaid_one_in_private_only() -> None:
    talk = Talk()
    talk.say("short 4 eth 3200 10x cross, wallet 10k")
    talk.tap("Save")
    talk.say("risk 1%, btc long 64k stop 62k")
    assert talk.first_line == "0.05 BTC loses 100 USDT at the stop of 62,000."
    assert "wallet: 10,000 USDT, from your portfolio" in talk.text
    group = Talk(chat=GROUP, shelves=talk.shelves)
    group.command("size", "risk 1%, btc long 64k stop 62k")
    assert "How much USDT" in group.text
    assert "10,000 USDT" not in group.text


def test_a_stop_of_a_check_card_is_taken_along() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x, stop 62k, wallet 10k")
    talk.tap("Size from the stop")
    talk.tap("1%")
    assert talk.first_line == "0.05 BTC loses 100 USDT at the stop of 62,000."


def test_comparing_goes_on_with_the_planned_size(talk: Talk) -> None:
    talk.tap("Leverage")
    talk.tap("20x")
    talk.tap("Compare")
    assert talk.card.flow == "compare"
    assert "Long 0.05 BTC at 64,000, 20x" in talk.text


def test_a_stale_forged_or_foreign_tap_is_answered_politely(talk: Talk) -> None:
    for action in ("plan:risk:99", "plan:colour:1", "ask:symbol", "nonsense"):
        talk.act(action)
        assert talk.toasts[-1].startswith("This button is too old")
    talk.tap("Risk", by=BOB)
    assert talk.toasts[-1].startswith("This is somebody else's card.")


def test_two_people_in_one_group_keep_their_own_plans() -> None:
    serials = count(1).__next__
    ann, bob = Talk(chat=GROUP, serials=serials), Talk(person=BOB, chat=GROUP, serials=serials)
    ann.command("size", "btc long 64k stop 62k")
    bob.command("size", "eth short 3200 sl 3300")
    ann.say("100", reply=True)
    bob.say("50", reply=True)
    assert ann.first_line == "0.05 BTC loses 100 USDT at the stop of 62,000."
    assert bob.first_line == "0.5 ETH loses 50 USDT at the stop of 3,300."


def test_what_is_not_built_in_is_said_politely() -> None:
    talk = Talk()
    talk.command("size", "where do i put my entry btc long risk 100 stop 62k")
    assert talk.messages
    assert len(talk.text) < 600


def test_a_risk_in_the_coin_counts_at_the_entry_and_that_is_said() -> None:
    talk = Talk()
    talk.say("risk 0.01 BTC on a long BTC at 64000 stop 62000")
    # 0.01 x 64,000 = 640 USDT; one BTC loses 64,000 - 62,000 = 2,000; 640 / 2,000 = 0.32.
    assert talk.first_line == "0.32 BTC loses 640 USDT at the stop of 62,000."
    assert "0.01 BTC at 64,000 is 640 USDT" in talk.text


def test_a_risk_in_the_coin_that_is_replaced_is_in_dollars_again() -> None:
    talk = Talk()
    talk.say("risk 0.01 BTC on a long BTC at 64000 stop 62000")
    talk.tap("Risk")
    talk.say("100")
    assert talk.first_line == "0.05 BTC loses 100 USDT at the stop of 62,000."


@pytest.mark.parametrize("unit", ["EUR", "ETH"])
def test_a_risk_in_other_money_is_not_taken_for_dollars(unit: str) -> None:
    talk = Talk()
    talk.say(f"risk 100 {unit} on a long BTC at 64000 stop 62000")
    assert unit != "EUR" or "not settled in EUR" in talk.first_line
    assert "loses" not in talk.text


def test_the_size_of_a_coin_margined_trade_is_declined() -> None:
    talk = Talk()
    talk.say("risk 0.01 BTC long XBTUSD at 64000 stop 62000 bitmex")
    assert "loses" not in talk.text


def test_a_margin_above_the_wallet_is_said() -> None:
    talk = Talk()
    talk.say("risk 5000 usd long BTC at 64000 stop 63900 wallet 6000 binance")
    # 5,000 / 100 = 50 BTC, 50 x 64,000 = 3,200,000; at 50x, all that its rung allows, 64,000 of margin.
    assert "The margin exceeds the wallet: 64,000 USDT at 50x, and the wallet has 6,000 USDT." in talk.text


def test_a_venue_right_behind_the_stop_is_no_coin() -> None:
    talk = Talk()
    talk.say("risk 100 USDC long BTC at 64000 stop 62000 hyperliquid")
    assert "HYPE" not in talk.text
