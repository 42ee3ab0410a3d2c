"""Talk that goes on from a card: turns that change it, ask back where they can mean two things, or say why not."""

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import BOB, NOON, Talk

FULL = "long 0.5 btc 64k 20x, wallet 10k"
TWO = "cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x"


def after(*said: str) -> Talk:
    talk = Talk()
    for each in said:
        talk.say(each)
    return talk


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("5x?", "Long 0.5 BTC at 64,000, 5x"),
        ("and 10x?", "Long 0.5 BTC at 64,000, 10x"),
        ("cross?", "Cross with 10,000 USDT: liquidated at 44,176.8"),  # (32,000 - 10,000) / (0.5 x 0.996)
        ("what about cross", "Cross with 10,000 USDT: liquidated at 44,176.8"),
        ("flip it", "Short 0.5 BTC at 64,000, 20x"),
        ("other way round", "Short 0.5 BTC at 64,000, 20x"),
        ("2x size", "Long 1 BTC at 64,000, 20x"),
        ("double it", "Long 1 BTC at 64,000, 20x"),
        ("half size", "Long 0.25 BTC at 64,000, 20x"),
        ("halve it please", "Long 0.25 BTC at 64,000, 20x"),
        ("sl 61.5k", "Price      61,500"),
        ("tp 70k", "Price       70,000"),
        ("and on bybit?", "Bybit"),
        ("why?", "P = (q × E − W) ÷ (q × (1 − m))"),
    ],
)
def test_a_turn_with_one_meaning_changes_the_card_in_place(said: str, shown: str) -> None:
    talk = after(FULL)
    message = talk.last.id
    assert shown in talk.say(said)
    assert (len(talk.messages), talk.last.id) == (1, message)


@pytest.mark.parametrize(
    ("said", "labels", "tapped", "shown"),
    [
        ("65k", ["Entry", "Price now", "« Back"], "Entry", "Long 0.5 BTC at 65,000, 20x"),
        # (61,044.18 - 65,000) / 65,000 = -6.1 %
        ("at 65k", ["Entry", "Price now", "« Back"], "Price now", "6.1% below 65,000, which you gave just now"),
        ("and with 5k?", ["Wallet", "Margin", "« Back"], "Wallet", "Cross with 5,000 USDT"),
        ("and with 2k?", ["Wallet", "Margin", "« Back"], "Margin", "Long 0.625 BTC at 64,000, 20x"),  # 2,000 x 20 / 64k
    ],
)
def test_a_number_that_can_be_two_things_is_asked_about(said: str, labels: list[str], tapped: str, shown: str) -> None:
    talk = after(FULL)
    assert talk.say(said).startswith("Isolated: liquidated at 61,044.2")
    assert talk.labels == labels
    assert shown in talk.tap(tapped)
    assert len(talk.messages) == 1


@pytest.mark.parametrize("named", ["entry", "the entry", "1", "the first one"])
def test_what_was_meant_can_be_said_in_words(named: str) -> None:
    assert "Long 0.5 BTC at 65,000, 20x" in after(FULL, "65k", named).text


def test_back_leaves_the_card_as_it_was_and_its_old_buttons_mean_nothing() -> None:
    talk = after(FULL)
    before = talk.text
    talk.say("65k")
    assert talk.tap("« Back") == before
    talk.act("pick:0")
    assert talk.toasts == ["This button is too old. Send your question again."]
    assert talk.text == before


def test_somebody_who_goes_on_instead_of_choosing_is_understood() -> None:
    assert "Long 0.5 BTC at 64,000, 10x" in after(FULL, "65k", "10x").text


def test_what_was_picked_can_be_taken_back() -> None:
    talk = after(FULL)
    talk.say("65k")
    talk.tap("Entry")
    assert "Long 0.5 BTC at 64,000, 20x" in talk.say("undo")


def test_a_price_of_no_coin_on_the_card_is_said_to_have_no_place() -> None:
    talk = after(FULL)
    assert talk.say("at 3300").startswith("I cannot place “at 3300” on the last card, so nothing was changed.")


def test_an_open_entry_takes_the_number_at_once() -> None:
    assert "Long BTC at 65,000" in after("long btc", "65k").text


def test_cross_without_a_wallet_asks_for_it_instead_of_staying_silent() -> None:
    talk = after("long 0.5 btc 64k 20x")
    text = talk.say("and cross?")
    assert text.endswith("Cross needs your wallet balance. How much USDT is in it? Tap or type it.")
    assert talk.labels[:3] == ["2,000", "5,000", "10,000"]
    assert len(talk.messages) == 2
    assert "Cross with 10,000 USDT: liquidated at 44,176.8" in talk.say("10k")


def test_another_coin_in_place_of_it_keeps_what_is_not_the_coin_s() -> None:
    talk = after("short btc 64k 20x iso 500$")
    assert talk.say("eth instead").startswith("Short ETH, 20x, isolated\n\nAt what price")
    assert len(talk.messages) == 1
    assert "Short 3.125 ETH at 3,200, 20x" in talk.say("3200")  # 500 x 20 / 3,200


@pytest.mark.parametrize("before", [(), ("Picture",), ("What if…",)])
def test_another_coin_may_be_put_with_its_entry_whatever_card_is_last(before: tuple[str, ...]) -> None:
    talk = after("long btc 64k 20x 500 margin wallet 2k cross")
    for label in before:
        talk.tap(label)
    assert "Long 3.3333333 ETH at 3,000, 20x" in talk.say("eth instead at 3k")  # 500 x 20 / 3,000


@pytest.mark.parametrize("words", ["eth instead at 3k", "same but eth at 3k", "eth 3k instead"])
def test_another_coin_with_its_entry_leaves_a_size_in_the_first_coin_open(words: str) -> None:
    talk = after("long 0.3 btc 64k 20x wallet 2k cross", words)
    assert "Long ETH at 3,000, 20x" in talk.text
    assert "Cross also needs the size." in talk.text


def test_the_size_of_another_coin_can_be_told_when_nothing_asks_for_it() -> None:
    talk = after("long 0.5 btc 64k 20x iso", "eth too", "3200")
    assert "Long ETH at 3,200, 20x" in talk.text
    talk.say("2")
    assert "Size in coins" in talk.labels
    assert "Long 2 ETH at 3,200, 20x" in talk.tap("Size in coins")


def test_undo_after_a_new_card_leads_back_to_the_question_before() -> None:
    talk = after(FULL, "eth too", "3200", "undo", "undo")
    assert "Long 0.5 BTC at 64,000, 20x" in talk.text
    talk = after(FULL, "long 1 sol 150 5x iso", "undo")
    assert "Long 0.5 BTC at 64,000, 20x" in talk.text
    assert talk.say("undo") == "There is nothing to take back."


# --- Two positions -------------------------------------------------------------------------------------------------


def test_leverage_for_two_positions_is_asked_about_and_both_is_an_answer() -> None:
    talk = after(TWO, "5x")
    assert talk.labels == ["BTC long", "ETH short", "Both", "« Back"]
    both = talk.tap("Both")
    assert "Long 0.5 BTC at 64,000, 5x" in both
    assert "Short 4 ETH at 3,200, 5x" in both
    assert after(TWO, "5x for both").text == both
    assert after(TWO, "5x", "both").text == both


def test_a_coin_names_the_position_that_is_meant() -> None:
    text = after(TWO, "eth 20x").text
    assert "Long 0.5 BTC at 64,000, 10x" in text
    assert "Short 4 ETH at 3,200, 20x" in text


def test_a_price_that_fits_one_position_only_is_its_entry() -> None:
    text = after(TWO, "entry 3300").text
    assert "Long 0.5 BTC at 64,000, 10x" in text
    assert "Short 4 ETH at 3,300, 10x" in text


def test_a_size_is_that_of_one_position_and_never_of_both() -> None:
    talk = after(TWO, "size 2")
    assert talk.labels == ["BTC long", "ETH short", "« Back"]
    assert "Short 2 ETH at 3,200, 10x" in talk.tap("ETH short")


def test_a_position_is_dropped_by_its_coin_and_comes_back_with_undo() -> None:
    talk = after(TWO, "drop the eth")
    assert talk.first_line == "Cross with 10,000 USDT: liquidated at 44,176.8, 31.0% below entry."
    assert "Short 4 ETH at 3,200, 10x" in talk.say("undo")


def test_the_last_position_is_not_dropped() -> None:
    talk = after(FULL)
    card, before = talk.card.id, dict(talk.card.draft)
    talk.say("drop the btc")
    assert dict(talk.cards[card].draft) == before


@pytest.mark.parametrize("said", ["flip it", "double it"])
def test_what_can_hold_for_one_or_both_is_asked_about(said: str) -> None:
    assert after(TWO, said).labels == ["BTC long", "ETH short", "Both", "« Back"]


def test_two_positions_of_one_coin_are_not_told_apart_by_its_name() -> None:
    talk = after("hedge: long 1 btc 64k 10x cross, short 0.5 btc 65k 10x cross, wallet 20k", "btc 5x")
    assert talk.labels == ["BTC long", "BTC short", "« Back"]
    assert "I could not read" not in talk.say("the btc")


# --- Without a card, in groups, edited -----------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["10x", "20x cross", "flip it", "and cross?", "double it", "sl 61k", "on bybit?"])
def test_a_follow_up_without_a_card_is_said_to_go_on_from_nothing(said: str) -> None:
    talk = Talk()
    assert talk.say(said).startswith(
        "There is nothing to go on from yet. Start with a whole trade, like:\nlong 0.5 btc"
    )
    assert talk.labels == ["Try an example"]


def test_yesterday_s_card_is_nothing_to_go_on_from() -> None:
    talk = after(FULL)
    talk.wait(hours=13)
    assert talk.say("flip it").startswith("There is nothing to go on from yet.")


GROUP = Chat(id=-5, kind="supergroup")


@pytest.mark.parametrize(
    ("said", "answers"),
    [("10k", 1), ("lol 100x", 1), ("flip it", 1), ("undo", 0), ("eth too", 1), ("why?", 1), ("thanks", 0)],
)
def test_a_stranger_s_reply_to_a_card_never_changes_it_and_is_answered_where_it_asks(said: str, answers: int) -> None:
    talk = Talk(chat=GROUP)
    talk.command("liq", "long 0.5 btc 64k 20x")
    card, before = talk.card.id, dict(talk.card.draft)
    talk.say(said, by=BOB, reply=True)
    assert dict(talk.cards[card].draft) == before
    assert len(talk.messages) == 1 + answers
    assert [each.owner_id for each in talk.cards.values() if each.id != card] == [BOB.id] * answers


def test_a_stranger_s_reply_that_is_a_trade_opens_a_card_of_the_stranger() -> None:
    talk = Talk(chat=GROUP)
    talk.command("liq", "long 0.5 btc 64k 20x")
    talk.say("short 2 eth 3200 20x iso", by=BOB, reply=True)
    assert talk.card.owner_id == BOB.id
    assert len(talk.messages) == 2


def test_a_stranger_s_command_in_reply_is_the_stranger_s_own() -> None:
    talk = Talk(chat=GROUP)
    talk.command("liq", "long 0.5 btc 64k 20x")
    before = dict(talk.card.draft)
    talk.command("cancel", by=BOB)
    assert dict(next(iter(talk.cards.values())).draft) == before


def test_in_a_group_only_a_reply_is_a_turn() -> None:
    talk = Talk(chat=GROUP)
    talk.command("liq", FULL)
    before = talk.text
    assert talk.say("flip it") == before
    assert "Short 0.5 BTC" in talk.say("flip it", reply=True)


def test_an_edited_question_is_answered_in_place_of_its_old_answer() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    asked, shown = talk.number - 1, talk.last.id
    talk.tap("Change")
    talk.edit(asked, "long 0.5 btc 65k 20x iso")
    assert "Long 0.5 BTC at 65,000, 20x" in talk.text
    assert (talk.last.id, len(talk.messages)) == (shown, 1)
    talk.edit(asked, "short 2 eth 3200 20x iso")
    assert (talk.last.id, talk.first_line) == (shown, "Isolated: liquidated at 3,346.61, 4.6% above entry.")


def test_an_edit_into_what_is_no_question_leaves_the_answer() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    before = talk.text
    assert talk.edit(talk.number - 1, "thanks!") == before
    assert len(talk.messages) == 1


def test_an_edit_of_a_question_whose_card_is_gone_is_answered_anew() -> None:
    talk = Talk(time=NOON)
    talk.say("long 0.5 btc 64k 20x iso")
    asked = talk.number - 1
    talk.cards.clear()
    talk.messages.clear()
    talk.edit(asked, "long 0.5 btc 65k 20x iso")
    assert "Long 0.5 BTC at 65,000, 20x" in talk.text
