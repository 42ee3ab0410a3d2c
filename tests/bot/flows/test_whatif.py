"""The what-if card by sentences: moves, the board, changes, bad input, other people, groups."""

from itertools import count

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import BOB, Talk

ONE = "long 0.5 btc 64k 20x, wallet 10k"
TWO = "cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x"
GROUP = Chat(id=-100, kind="supergroup")


def opened(trade: str = ONE, move: str = "btc -10", *, chat: Chat | None = None) -> Talk:
    talk = Talk() if chat is None else Talk(chat=chat)
    if chat is None:
        talk.say(f"{trade}, what if {move}")
    else:
        talk.command("whatif", f"{trade}, {move}")
    return talk


def line(talk: Talk, start: str) -> str:
    return next((each for each in talk.text.split("\n") if each.startswith(start)), "")


def test_the_first_line_says_who_survives_and_with_what() -> None:
    talk = opened()
    assert talk.text[:60] == "Isolated: liquidated, 8,400 left.\nCross: survives, 6,800 lef"


def test_a_card_of_a_trade_opens_a_board_about_the_same_positions() -> None:
    talk = Talk()
    talk.say(ONE)
    card = talk.card
    talk.tap("What if…")
    assert talk.first_line == "Isolated: BTC long liquidated at 61,044.2, 4.6% lower."
    assert talk.card.id != card.id
    assert "Nothing has moved yet." in talk.text
    talk.tap("−10%")
    assert talk.first_line == "Isolated: liquidated, 8,400 left."


def test_taps_add_up_in_points_of_the_start_and_are_taken_back_one_by_one() -> None:
    talk = opened(move="btc -10")
    talk.tap("−5%")
    assert line(talk, "If ") == "If BTC −15%."
    talk.tap("+20%")
    assert line(talk, "If ") == "If BTC +5%."
    talk.tap("Undo")
    assert line(talk, "If ") == "If BTC −15%."
    talk.say("undo")
    assert line(talk, "If ") == "If BTC −10%."
    talk.say("undo")
    assert talk.text == "There is nothing to take back."


def test_the_board_moves_what_was_chosen() -> None:
    talk = opened(TWO, "-10")
    assert "• All" in talk.labels
    talk.tap("ETH")
    assert "• ETH" in talk.labels
    talk.tap("+5%")
    assert line(talk, "If ") == "If everything −10%, ETH −5%."
    talk.tap("All")
    talk.tap("−5%")
    assert line(talk, "If ") == "If everything −15%, ETH −10%."


def test_reset_takes_everything_back_and_undo_brings_it_again() -> None:
    talk = opened()
    talk.say("add 500 margin")
    talk.tap("Reset")
    assert "Nothing has moved yet." in talk.text
    talk.tap("Undo")
    assert line(talk, "If ") == "If you add 500 USDT margin to BTC long, then BTC −10%."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-5", "If everything −5%."),
        ("eth +5", "If BTC −10%, ETH +5%."),
        ("alts -20", "If BTC −10%, alts −20%."),
        ("btc to 50k", "If BTC goes to 50,000."),
        ("2020-03-12 again", "If everything moves as on Mar 12, 2020 (Covid crash)."),
        ("deposit 1k", "If you deposit 1,000 USDT, then BTC −10%."),
        ("close half of my eth", "If you close 50% of ETH short, then BTC −10%."),
        ("20x instead", "If every position has 20x, then BTC −10%."),
        ("switch eth to isolated", "If ETH short switches to isolated, then BTC −10%."),
        ("funding 0.05% for 3 days", "If every position has 0.05% funding every 8 h for 3 days, then BTC −10%."),
    ],
)
def test_what_is_typed_after_the_card_changes_it(text: str, shown: str) -> None:
    talk = opened(TWO)
    before = talk.card.id
    talk.say(text)
    assert line(talk, "If ") == shown
    assert talk.card.id == before


def test_betas_are_named_with_where_they_are_from_and_only_when_asked_for() -> None:
    talk = opened(TWO, "-10")
    assert "every coin moves by the same percentage" in talk.text
    talk.tap("With betas")
    assert "with betas from daily moves against BTC, Jan 10, 2024 to Mar 18, 2026: BTC 1, ETH 1.177" in talk.text
    assert "ETH 3,200, the entry, to 2,823.36" in talk.text  # 3,200 x (1 - 0.1177)
    talk.say("without betas")
    assert "with betas from" not in talk.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-100", "BTC cannot fall by 100% or more"),
        ("btc -150%", "BTC cannot fall by 100% or more"),
        ("+1000000", "BTC cannot be meant to rise more than 10,000%"),
        ("doge -10", "No position in DOGE"),
        ("add 50 margin to doge", "No position in DOGE"),
    ],
)
def test_a_move_that_cannot_be_meant_is_named_and_changes_nothing(text: str, said: str) -> None:
    talk = opened()
    card = talk.card.draft["scenario"]
    talk.say(text)
    assert said in talk.text
    assert talk.card.draft["scenario"] == card


def test_nonsense_leaves_the_card_alone() -> None:
    talk = opened()
    card = talk.card
    assert talk.say("abc").startswith("I did not understand that.")
    assert talk.cards[card.id] == card


def test_taps_cannot_lead_below_nothing() -> None:
    talk = opened(move="btc -90")
    talk.tap("−20%")
    assert line(talk, "If ") == "If BTC −90%."
    assert talk.toasts == ["BTC cannot fall by 100% or more: no price goes to 0 or below."]


def test_the_same_again_is_shown_anew() -> None:
    talk = opened()
    first = talk.card.id
    talk.say("btc -10")
    assert talk.card.id != first
    assert line(talk, "If ") == "If BTC −10%."


def test_margin_for_one_of_several_asks_which() -> None:
    talk = opened(TWO.replace("cross 10k:", "isolated, wallet 10k:"))
    talk.say("add 500 margin")
    assert "Which position?" in talk.text
    talk.tap("ETH short")
    assert line(talk, "If ") == "If you add 500 USDT margin to ETH short, then BTC −10%."


def test_half_of_several_asks_which_or_all() -> None:
    talk = opened(TWO)
    talk.say("close half")
    talk.tap("Every position")
    assert line(talk, "If ") == "If you close 50% of every position, then BTC −10%."


def test_an_amount_is_typed_and_a_wrong_one_asked_again() -> None:
    talk = opened()
    talk.tap("Changes")
    talk.tap("Margin…")
    assert "I could not read “much”." in talk.say("much")
    assert "“-5” does not work here: it must be above 0." in talk.say("-5")
    talk.say("250")
    assert line(talk, "If ") == "If you add 250 USDT margin to BTC long, then BTC −10%."


def test_back_leaves_a_page_and_close_takes_the_card_away() -> None:
    talk = opened()
    for page in ("Changes", "Ladder", "Events"):
        talk.tap(page)
        talk.tap("« Back")
        assert line(talk, "If ") == "If BTC −10%."
    talk.tap("Close")
    assert talk.messages == []


def test_cancel_leaves_the_question_and_keeps_the_card() -> None:
    talk = opened()
    talk.tap("Changes")
    talk.tap("Deposit…")
    talk.command("cancel")
    assert talk.text.startswith("Cancelled.")
    assert talk.say("250").startswith("I did not understand that.")


def test_the_open_question_is_answered_by_a_number_or_a_tap() -> None:
    talk = opened("long 0.5 btc 64k 20x")
    assert "Cross needs your wallet balance." in talk.text
    talk.say("10k")
    assert talk.text.startswith("Isolated: liquidated, 8,400 left.\nCross: survives, 6,800 left.")


def test_a_trade_that_lacks_its_size_is_asked_for_it() -> None:
    talk = opened("long btc 64k 20x")
    assert "What size of BTC?" in talk.text
    talk.say("0.5 btc")
    assert talk.first_line == "Isolated: liquidated, −1,600."


def test_a_price_now_moves_the_start() -> None:
    talk = opened()
    talk.say("btc 63k now")
    assert line(talk, "From ") == "From BTC 63,000, given just now, to 56,700."


def test_the_portfolio_is_moved_in_private_and_not_shown_in_groups() -> None:
    talk = Talk()
    talk.say(ONE)
    talk.tap("Save")
    talk.tap("As isolated")
    talk.say("what if everything drops 10%")
    assert talk.first_line == "Isolated: liquidated, 8,400 left."
    talk.command("portfolio")
    talk.tap("What if…")
    assert talk.first_line == "Isolated: BTC long liquidated at 61,044.2, 4.6% lower."
    group = Talk(chat=GROUP, shelves=talk.shelves)
    assert group.command("whatif", "-10").startswith("Your portfolio is personal")


def test_a_group_answers_a_command_with_a_trade_and_replies_to_the_card() -> None:
    talk = opened(chat=GROUP)
    assert talk.first_line == "Isolated: liquidated, 8,400 left."
    shown = talk.text
    talk.say("btc -20")
    assert talk.text == shown  # not meant for the bot
    talk.say("btc -20", reply=True)
    assert "If BTC −20%." in talk.text


def test_somebody_elses_tap_changes_nothing() -> None:
    talk = opened(chat=GROUP)
    shown = talk.text
    talk.tap("−10%", by=BOB)
    assert talk.toasts == ["This is somebody else's card. Your own opens in our private chat."]
    assert talk.text == shown


def test_a_button_of_another_time_is_answered() -> None:
    talk = opened()
    for action in (
        "move:",
        "move:5.5",
        "move:9999",
        "at:DOGE",
        "do:close:2",
        "do:frob:1",
        "event:1999-01-01",
        "about:7",
        "type:x",
        "zz",
    ):
        talk.act(action)
    assert set(talk.toasts) == {"This button is too old. Send your question again."}


def test_two_people_in_one_group_have_a_board_each() -> None:
    serials = count(1).__next__
    ann = Talk(chat=GROUP, serials=serials)
    bob = Talk(chat=GROUP, person=BOB, serials=serials)
    ann.command("whatif", f"{ONE}, btc -10")
    bob.command("whatif", f"{ONE}, btc -20")
    ann.tap("−10%")
    bob.tap("+10%")
    assert "If BTC −20%." in ann.text
    assert "If BTC −10%." in bob.text


def test_a_what_if_of_its_own_opens_a_card_of_its_own() -> None:
    talk = opened()
    first = talk.card.id
    talk.say("what if btc drops 20%")
    assert talk.card.id != first
    assert line(talk, "If ") == "If BTC −20%."


def test_a_message_that_asks_two_things_gets_two_cards() -> None:
    talk = Talk()
    talk.say(ONE)
    talk.tap("Save")
    talk.tap("As cross")
    talk.say("my liq and what if btc -10%")
    assert [message.text.split("\n")[0] for message in talk.messages[-2:]] == [
        "Your cross account: everything may fall 31.0% before liquidation.",
        "Cross: survives, 6,800 left.",
    ]


def test_a_coin_that_is_not_held_is_said_first() -> None:
    talk = opened(move="doge -10")
    assert "No position in DOGE: that move changes nothing here." in talk.text


def test_a_map_of_two_coins_is_said_not_to_be_there() -> None:
    talk = Talk()
    talk.say(TWO)
    talk.say("heatmap btc vs eth +/-20")
    assert "Cross: nothing liquidated from −20% to +20%." in talk.text


def test_the_ladder_follows_the_target() -> None:
    talk = opened(TWO, "-10")
    talk.tap("Ladder")
    assert talk.text.startswith("Cross: nothing liquidated from −30% to +30%.")
    talk.tap("ETH")
    assert "when ETH moves so far" in talk.text


def test_many_changes_are_refused_by_name() -> None:
    talk = opened()
    for _ in range(9):
        talk.say("deposit 10")
    assert "That is more than 8 changes" in talk.text


def test_a_coin_margined_position_is_counted_in_its_coin() -> None:
    talk = Talk()
    talk.say("long 1000 usd of btc coin-m 64k 10x, wallet 0.1 btc")
    talk.say("what if btc -20")
    # 1,000 / 51,200 - 1,000 / 64,000 = 0.00390625 BTC less
    assert talk.text.startswith("Isolated: liquidated, 0.0984375 left.\nCross: survives, 0.0960938 left.")
    talk.tap("Changes")
    assert "Margin +100" not in talk.labels
    assert "Margin…" in talk.labels


@pytest.mark.parametrize(("said", "moved"), [("+10", "+10%"), ("-10", "−10%"), ("-10%", "−10%")])
def test_a_signed_number_beside_an_open_wallet_is_a_move_and_no_balance(said: str, moved: str) -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x")
    talk.say(said)
    assert line(talk, "If ") == f"If everything {moved}."


def test_a_price_stated_beside_a_move_is_where_the_move_starts() -> None:
    talk = Talk()
    talk.say(ONE)
    talk.say("btc at 63k now, what if -10%")
    assert line(talk, "From ") == "From BTC 63,000, given just now, to 56,700."  # 63,000 x 0.9


def test_an_event_beside_a_trade_is_supposed_of_it() -> None:
    talk = Talk()
    talk.say(f"{ONE}, what if the covid crash comes again")
    assert "2020" in talk.text


def test_a_part_that_is_closed_beside_a_told_trade_is_closed_before_the_move() -> None:
    # 0.25 of the 0.5 is left: it loses 0.25 * 3200 = 800 of 3000, and p = (16000 - 3000) / (0.25 * 0.996).
    talk = Talk()
    talk.say("long 0.5 BTC at 64000 20x cross binance wallet 3000. what if I close half and btc -5%")
    assert talk.first_line == "Cross: survives, 2,200 left."
    assert "goes at 52,208.9" in talk.text


def test_a_part_that_is_closed_and_no_move_shows_the_new_price() -> None:
    talk = Talk()
    talk.say("what if I close half: long 0.5 BTC at 64000 20x cross binance wallet 3000")
    assert talk.first_line.startswith("Cross: BTC long liquidated at 52,208.9")


def test_of_several_positions_only_the_named_one_is_closed_in_part() -> None:
    talk = Talk()
    talk.say("cross 9000: long 0.5 btc 64k 20x, short 4 eth 3200 10x. what if i close half of eth and btc -5%")
    assert "If you close 50% of ETH short, then BTC −5%." in talk.text


def test_margin_that_is_added_before_a_move_is_counted() -> None:
    talk = Talk()
    talk.say("long 0.5 BTC at 64000 20x isolated wallet 3000. what if i add 500 and btc drops 5%")
    assert "If you add 500 USDT margin to BTC long, then BTC −5%." in talk.text


@pytest.mark.parametrize(
    "words",
    [
        "close a third if btc dumps to 85k",
        "btc drops to 85k then i close a third",
        "what if i close a third at 85k",
    ],
)
def test_a_part_that_is_closed_at_a_price_is_closed_there(words: str) -> None:
    # 0.6 BTC from 90,000 have lost 3,000 of 5,000 at 85,000; of 0.4 BTC: (0.4 * 85,000 - 2,000) / (0.4 * 0.996).
    text = Talk().say(f"0.6 btc long 90k 20x cross wallet 5k, {words}")
    assert text.startswith("Cross: BTC long liquidated at 80,321.3, 5.5% lower (was 81,994.7).")
    assert "From BTC 85,000, given just now." in text
    assert "Before  2,000" in text


def test_what_a_saved_position_gets_more_of_at_a_price_is_bought_when_its_market_is_there() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 90k 10x cross, wallet 20k")
    talk.tap("Save")
    talk.wait(hours=30)
    text = talk.say("what if i add 0.5 btc at 80k")
    assert text.startswith("Cross: survives, 15,000 left.")  # 20,000 - 0.5 * 10,000
    assert "goes at 65,261.1" in text  # 1 BTC from 85,000: (85,000 - 20,000) / 0.996
    assert "Isolated: not possible, BTC long is liquidated before it comes to that." in text  # at 81,325.4


@pytest.mark.parametrize("words", ["close a third if btc dumps to 85k", "what if i add 0.5 btc at 80k"])
def test_what_is_liquidated_before_its_size_changes_is_said_to_be(words: str) -> None:
    # Isolated at 20x it went at 85,843.4.
    text = Talk().say(f"0.6 btc long 90k 20x cross 20k, {words}")
    assert "Isolated: not possible, BTC long is liquidated before it comes to that." in text
    assert text.startswith("Cross:")


def test_a_part_of_the_card_that_is_closed_once_a_price_is_reached_is_closed_there() -> None:
    # 0.3 BTC are left, and 6,500 once 0.3 * 5,000 are taken: (0.3 * 90,000 - 6,500) / (0.3 * 0.996).
    talk = Talk()
    talk.say("0.6 btc long 90k 20x cross wallet 5k")
    assert talk.say("if btc goes to 95k i close half").startswith("Cross: BTC long liquidated at 68,607.8")


def test_half_is_a_part_and_no_price_of_a_coin_that_costs_as_much() -> None:
    # 1,000 SUI are left, and 2,200 once 1,000 * 0.2 are taken: (3,400 - 2,200) / (1,000 * 0.99).
    text = Talk().say("long 2000 sui 3.4 10x cross wallet 2k, what if i close half at 3.6")
    assert text.startswith("Cross: SUI long liquidated at 1.2122")
    assert "could not place" not in text


def test_what_found_no_place_is_named_once() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x wallet 10k, closed half at 66k")
    assert talk.text.count("“exit 66000”") == 1
    assert "From BTC 64,000, the entry." in talk.text


# --- A stop and a target -------------------------------------------------------------------------------------------


def test_a_stop_on_the_way_is_said_to_be_left_out_before_the_figures() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x, wallet 10k, sl 62k, tp 70k")
    passed = talk.say("what if -8%")  # to 58,880
    assert "⚠ The move passes BTC's stop at 62,000, which I leave out: these are the figures without it." in passed
    assert "target at" not in passed.partition("Assumed:")[0]
    risen = talk.say("+12%")  # to 71,680
    assert "⚠ The move passes BTC's target at 70,000" in risen
    assert "stop at" not in risen.partition("Assumed:")[0]


def test_a_stop_that_is_told_to_a_what_if_is_seen_there() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x, wallet 10k")
    assert "stop" not in talk.say("what if -2%")
    told = talk.say("sl 61k")
    assert "• stop of BTC at 61,000: left out, as if there was none" in told
    assert "passes" not in told  # 62,720 is above the stop


def test_undo_takes_back_the_newest_step_whether_it_moved_prices_or_changed_the_positions() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x, wallet 10k")
    first = talk.say("what if -8%")
    paid = talk.say("add 500")
    elsewhere = talk.say("on bybit")
    assert "Bybit" in elsewhere
    assert talk.say("undo") == paid
    assert talk.say("undo") == first
