"""The comparison, sentence by sentence and tap by tap."""

import re
from itertools import count

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import ANN, BOB, Talk

TRADE = "iso or cross for long 0.5 btc 64k 20x, wallet 10k?"
GROUP = Chat(id=-100, kind="supergroup")


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say(TRADE)
    return talk


def test_the_question_which_mode_opens_the_comparison(talk: Talk) -> None:
    assert talk.card.flow == "compare"
    assert talk.first_line == "Isolated: liquidated at 61,044.2, 4.6% below entry."
    assert "more is left in cross from 4.6%, in isolated from 5.0%" in talk.text


def test_a_message_that_can_be_read_two_ways_is_asked_back_first() -> None:
    talk = Talk()
    talk.say("iso or cross long btc 64k 20x 1000 usdt, wallet 10k")
    assert talk.card.flow in ("check", "compare")
    assert "1,000" in talk.text


def test_the_table_has_the_persons_numbers_and_back_returns(talk: Talk) -> None:
    card = talk.text
    assert talk.tap("In my numbers").startswith("Isolated risks 1,600 USDT, cross 10,000 USDT.")
    assert talk.labels == ["« Back"]
    assert talk.tap("« Back") == card


def test_close_takes_the_card_away(talk: Talk) -> None:
    talk.tap("Close")
    assert talk.messages == []


def test_a_single_position_goes_straight_to_its_switch(talk: Talk) -> None:
    assert talk.tap("Switch mode").startswith("BTC long to cross: liquidated at 44,176.8, 31.0% below entry.")
    assert "does not allow it while the position is open" in talk.text
    assert "Assumed: it is isolated now." in talk.text
    assert talk.tap("It is cross now").startswith("BTC long to isolated: liquidated at 61,044.2")


def test_of_several_positions_one_is_chosen_and_another_after_it() -> None:
    talk = Talk()
    talk.say("compare modes: btc long 0.2@64k 25x, sol short 50@150 10x, wallet 3k")
    talk.tap("Switch mode")
    assert talk.labels == ["BTC long", "SOL short", "« Back"]
    assert talk.tap("SOL short").startswith("SOL short to cross: liquidated at ")
    talk.tap("Another position")
    assert talk.labels == ["BTC long", "SOL short", "« Back"]


def test_the_wallet_is_asked_for_and_tapped_or_typed() -> None:
    talk = Talk()
    talk.say("iso or cross? long 0.5 btc 64k 20x")
    assert talk.labels[:3] == ["2,000", "5,000", "10,000"]
    talk.tap("10,000")
    assert "Cross with 10,000 USDT: 44,176.8" in talk.text
    again = Talk()
    again.say("iso or cross? long 0.5 btc 64k 20x")
    again.say("10k")
    assert again.text == talk.text


@pytest.mark.parametrize("bad", ["banana", "-5", "🙂"])
def test_bad_answers_get_the_question_again(bad: str) -> None:
    talk = Talk()
    talk.say("iso or cross? long 0.5 btc 64k 20x")
    talk.say(bad)
    assert "How much USDT is in it?" in talk.text
    talk.say("10k")
    assert "Cross with 10,000 USDT: 44,176.8" in talk.text


def test_cancel_leaves_the_question_and_the_half_stands() -> None:
    talk = Talk()
    talk.say("iso or cross? long 0.5 btc 64k 20x")
    assert talk.command("cancel") == "Cancelled. Write a trade whenever you like."
    assert not any("wallet" in str(card.draft.get("basis", {}).get("awaiting")) for card in talk.cards.values())
    assert talk.command("cancel") == "There is nothing to cancel."


def test_a_follow_up_changes_the_trade(talk: Talk) -> None:
    assert talk.say("10x").startswith("Isolated: liquidated at 57,831.4")
    assert talk.card.flow == "compare"


def test_a_new_trade_is_a_new_card(talk: Talk) -> None:
    talk.say("short 2 eth 3200 10x, wallet 2k")
    assert talk.card.flow == "check"
    assert len(talk.messages) == 2


def test_the_button_under_a_check_card_opens_it() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x, wallet 10k")
    talk.tap("Compare")
    assert talk.card.flow == "compare"
    assert len(talk.messages) == 2


def test_the_portfolio_is_compared_with_the_modes_as_saved() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso, wallet 10k")
    talk.tap("Save")
    talk.say("short 4 eth 3200 10x cross")
    talk.tap("Save")
    talk.tap("Portfolio")
    talk.tap("Compare")
    assert "As given" in talk.text
    talk.say("switch my eth short to iso?")
    assert talk.text.startswith("ETH short to isolated: liquidated at 3,505.97, 9.6% above entry.")
    assert "It is cross now" not in talk.labels
    talk.say("switch my btc long to iso")
    assert "it is already as you asked" in talk.text


def test_a_portfolio_without_a_wallet_says_where_to_set_it() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    talk.tap("Save")
    talk.tap("Portfolio")
    talk.tap("Compare")
    assert talk.text.startswith("Cross needs your wallet balance")
    talk.tap("Portfolio")
    assert talk.card.flow == "portfolio"


def test_a_stale_forged_or_foreign_tap_is_answered_politely(talk: Talk) -> None:
    for action in ("switch:zzz", "switch:p1:sideways", "set:wallet:-1", "slot:colour", "nonsense"):
        before = talk.text
        talk.act(action)
        assert talk.toasts[-1].startswith("This button is too old")
        assert talk.text == before
    talk.tap("In my numbers", by=BOB)
    assert talk.toasts[-1] == "This is somebody else's card. Ask your own: /liq"


def test_a_draft_of_another_time_is_too_old(talk: Talk) -> None:
    card = talk.card
    talk.cards[card.id] = type(card)(
        id=card.id, owner_id=card.owner_id, chat_id=card.chat_id, flow="compare", draft={"old": 1}, message_id=1001
    )
    talk.tap("In my numbers")
    assert talk.toasts[-1].startswith("This button is too old")


def test_two_people_in_one_group_keep_their_own_cards() -> None:
    serials = count(1).__next__
    ann, bob = Talk(chat=GROUP, serials=serials), Talk(person=BOB, chat=GROUP, serials=serials)
    bob.shelves = ann.shelves
    ann.say(TRADE)
    bob.say("iso or cross for short 2 eth 3200 10x, wallet 2k?")
    ann.act("table")
    bob.act("switch")
    assert ann.text.startswith("Isolated risks 1,600 USDT")
    assert bob.text.startswith("ETH short to cross: liquidated at 4,183.26")


def test_in_a_group_nothing_saved_is_shown() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso, wallet 10k")
    talk.tap("Save")
    group = Talk(chat=GROUP, shelves=talk.shelves)
    group.command("compare")
    assert "61,044" not in group.text
    group.say(TRADE)
    assert group.first_line.startswith("Isolated: liquidated at 61,044.2")


def test_after_a_day_a_short_word_is_nothing_to_an_old_card(talk: Talk) -> None:
    talk.wait(days=1)
    assert talk.say("10x").startswith("There is nothing to go on from yet.")


def test_twenty_positions_fit_a_message_and_no_line_is_too_wide() -> None:
    talk = Talk()
    coins = "BTC ETH SOL XRP DOGE ADA AVAX LINK DOT LTC BCH TRX UNI ATOM XLM NEAR APT ARB OP FIL"
    for index, coin in enumerate(coins.split()):
        mode = "iso" if index % 2 else "cross"
        side = "short" if index % 3 == 0 else "long"
        talk.say(f"{side} {coin} 1000 margin entry 12.3456 10x {mode}, wallet 1234567.89")
        while "pick:0" in str(talk.last.screen.buttons):
            talk.act("pick:0")
        talk.tap("Save")
    held = len(talk.portfolio.positions)
    talk.command("portfolio")
    talk.tap("Compare")
    assert held >= 18
    assert len(talk.text) < 4096
    for block in re.findall(r"<pre>(.*?)</pre>", str(talk.last.screen.text), re.DOTALL):
        assert max(map(len, block.split("\n"))) <= 34
    assert ANN.id == talk.card.owner_id


@pytest.mark.parametrize(
    "text",
    [
        "what if I switch to isolated: long 0.5 BTC at 64000 20x cross wallet 3000 binance, price now 61500",
        "long 0.5 BTC at 64000 20x wallet 3000 binance, price now 61500. switch to isolated",
    ],
)
def test_a_switch_starts_from_the_mode_that_is_left(text: str) -> None:
    # Cross: (3000 - 0.5 * (64000 - p)) = 0.004 * 0.5 * p, so p = 29000 / 0.498; isolated with 1600 instead of 3000.
    talk = Talk()
    talk.say(text)
    assert (
        talk.first_line == "BTC long to isolated: liquidated at 61,044.2, 0.7% below 61,500, which you gave just now."
    )
    assert "Now, cross: 58,233.0, 5.3% below 61,500" in talk.text


def test_a_card_far_up_is_shown_anew_as_a_card_of_the_same_conversation() -> None:
    for question in ("iso or cross for long 0.5 btc 64k 20x", "/size btc long 64k stop 62k risk 1%", "/addmargin btc"):
        talk = Talk()
        talk.say("long 0.5 btc 64k 20x")
        if question.startswith("/"):
            name, _, words = question[1:].partition(" ")
            talk.command(name, words)
        else:
            talk.say(question)
        flow = talk.card.flow
        talk.number += 10  # Telegram counts the messages of other chats, too
        talk.say("10k")
        assert talk.card.flow == flow
        talk.tap(talk.labels[-1])
        assert not talk.toasts or "too old" not in talk.toasts[-1]


def test_a_coin_in_the_wallet_that_no_position_settles_in_leaves_the_amounts_in_one_asset() -> None:
    talk = Talk()
    talk.say("wallet 10000 usdt")
    for trade in ("add 0.5 btc long 64000 20x cross", "add 4 eth short 3200 10x cross"):
        talk.say(trade)
        talk.tap("Make it so")
    talk.say("deposit 1 btc")
    assert "Free            7,120   7,120" in talk.command("compare")  # 10,000 - 0.5 x 64,000 / 20 - 4 x 3,200 / 10
    # (0.5 x 64,000 - 4 x 3,200) x 0.516 = 9,907: the 93 that are left are required then.
    assert "a common move of 51.6%" in talk.act("table")
    assert "everything may fall 51.6%" in talk.command("portfolio")
    assert talk.say("how much can i withdraw").startswith("You can take out 7,120 USDT")
