"""The check card, tap by tap."""

from decimal import Decimal

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import ANN, BOB, Talk

FULL = "long 0.5 btc 64k 20x, wallet 10k"


def test_the_verdict_comes_first_in_the_mode_that_was_said() -> None:
    talk = Talk()
    # Isolated: (1,600 - 32,000) / (0.002 - 0.5) = 61,044.18 -> up to the tick of 0.1, because a long dies below.
    assert talk.say(FULL + " iso").startswith("Isolated: liquidated at 61,044.2, 4.6% below entry.")
    # Cross: (10,000 - 32,000) / (0.002 - 0.5) = 44,176.71 -> 44,176.8.
    assert talk.say(FULL + " cross").startswith("Cross with 10,000 USDT: liquidated at 44,176.8, 31.0% below entry.")


def test_the_first_sixty_characters_make_sense_in_a_notification() -> None:
    talk = Talk()
    assert talk.say(FULL)[:51] == "Isolated: liquidated at 61,044.2, 4.6% below entry."


def test_a_short_is_rounded_down_to_the_tick() -> None:
    # (320 + 2 x 3,200) / (2 x 0.004 + 2) = 3,346.6135 -> 3,346.61 (tick 0.01)
    assert "3,346.61, 4.6% above entry" in Talk().say("short 2 eth 3200 20x iso")


def test_a_missing_wallet_leaves_isolated_answered_and_asks_with_amounts_above_the_margin() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x")
    assert "Cross needs your wallet balance." in talk.text
    assert talk.labels[:3] == ["2,000", "5,000", "10,000"]
    talk.tap("10,000")
    assert "Cross with 10,000 USDT: 44,176.8, 31.0% below entry." in talk.text


def test_an_isolated_trade_asks_for_nothing_more() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    assert "?" not in talk.text
    assert talk.card.draft.get("awaiting") is None


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


def test_the_side_is_changed_by_two_taps() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.tap("Change")
    talk.tap("Side")
    talk.tap("Short")
    # (1,600 + 32,000) / (0.002 + 0.5) = 66,932.27 -> down to 66,932.2
    assert talk.first_line == "Isolated: liquidated at 66,932.2, 4.6% above entry."


@pytest.mark.parametrize(
    ("slot", "typed", "shown"),
    [
        ("Size", "1 btc", "Long 1 BTC at 64,000, 20x"),
        ("Entry", "60k", "Long 0.5 BTC at 60,000, 20x"),
        ("Leverage", "10x", "Long 0.5 BTC at 64,000, 10x"),
        ("Wallet", "20k", "Cross with 20,000 USDT"),
        ("Price now", "63k", "3.1% below 63,000, which you gave just now"),
        ("Side", "short", "Short 0.5 BTC at 64,000, 20x"),
        ("Mode", "cross", "Cross with 10,000 USDT: liquidated at 44,176.8"),
    ],
)
def test_every_slot_can_be_changed_by_typing(slot: str, typed: str, shown: str) -> None:
    talk = Talk()
    talk.say(FULL)
    talk.tap("Change")
    talk.tap(slot)
    assert shown in talk.say(typed)


def test_back_leaves_everything_as_it_was() -> None:
    talk = Talk()
    before = talk.say(FULL)
    talk.tap("Change")
    talk.tap("Leverage")
    assert talk.tap("« Back") == before


def test_one_of_several_positions_is_chosen_before_it_is_changed() -> None:
    talk = Talk()
    talk.say("cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x")
    talk.tap("Change")
    talk.tap("Short 4 ETH at 3,200, 10x")
    talk.tap("Leverage")
    talk.tap("5x")
    assert "Short 4 ETH at 3,200, 5x" in talk.text
    assert "Long 0.5 BTC at 64,000, 10x" in talk.text


def test_dollars_taken_as_margin_become_position_size_by_one_tap() -> None:
    talk = Talk()
    talk.say("10x long btc 64k 1000 usdt isolated")
    assert "1,000 USDT taken as margin (not position size)" in talk.text
    assert "Long 0.15625 BTC" in talk.text  # 1,000 x 10 / 64,000
    talk.tap("It is position size")
    assert "Long 0.015625 BTC" in talk.text  # 1,000 / 64,000
    assert "taken as margin" not in talk.text


def test_a_price_now_is_named_with_its_age() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    talk.say("btc 63k now")
    # 61,044.18 / 63,000 - 1 = -3.1 %
    assert talk.first_line.endswith("3.1% below 63,000, which you gave just now.")
    for hours, words in ((0.5, "30 min ago"), (2.5, "3 h ago"), (69, "3 days ago")):
        talk.wait(hours=hours)
        talk.tap("Show the working" if "Show the working" in talk.labels else "Hide the working")
        assert talk.first_line.endswith(f"which you gave {words}.")


def test_without_live_prices_at_market_asks_for_the_price() -> None:
    talk = Talk()
    assert talk.say("liq for 1k$ 100x btc long market").startswith("I have no live prices.")
    assert "liquidated at 63,614.5" in talk.say("64k")


def test_a_leverage_above_the_limit_names_the_limit_and_offers_allowed_ones() -> None:
    talk = Talk()
    assert talk.say("long 0.5 btc 64k 200x").startswith("BTC allows at most 150x at this size, not 200x.")
    assert talk.labels[:4] == ["75x", "100x", "125x", "150x"]


def test_isolated_margin_above_the_wallet_is_said_and_cross_is_answered() -> None:
    text = Talk().say("long 1 btc 64k 10x, wallet 5k")
    assert "Isolated: not possible, it needs 6,400 USDT margin, but the wallet has 5,000 USDT." in text
    assert "Cross with 5,000 USDT: 59,237.0, 7.4% below entry." in text  # (5,000 - 64,000) / -0.996


def test_what_cannot_be_liquidated_is_said_in_words() -> None:
    text = Talk().say("long 0.1 btc 64k 1x, wallet 10k")
    assert "Isolated: cannot be liquidated by price, the margin covers a fall to 0." in text
    assert "never" in text


def test_a_position_beyond_its_price_is_said_to_be_liquidated_already() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    text = talk.say("btc 61k now")
    assert text.startswith("Isolated: already liquidated at 61,000, which you gave just now.")


def test_an_unknown_coin_offers_the_nearest_names() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x")
    talk.act("set:symbol:PEPES")
    assert "Binance USD-M has no PEPES contract that I know." in talk.text
    assert talk.labels[0] == "PEOPLE" or "1000PEPE" in talk.labels


def test_a_coin_traded_by_the_thousand_is_converted_and_said_to_be() -> None:
    text = Talk().say("long 5m pepe 0.00001 10x iso")
    assert "PEPE is traded in lots of 1,000 coins, as 1000PEPE" in text
    assert "Long 5,000 1000PEPE at 0.01, 10x" in text  # 5,000,000 / 1,000 and 0.00001 x 1,000


def test_another_exchange_is_named_right_after_the_verdict() -> None:
    lines = Talk().say("bybit long 0.5 btc 64k 20x iso").split("\n")
    assert lines[2] == "These are Binance USD-M rules: Bybit is not built in yet."


def test_coin_collateral_is_declined_with_what_works() -> None:
    talk = Talk()
    assert "I cannot count BTC as collateral yet" in talk.say("cross long 30k xrp .61, balance 0.05 btc + 2000 usdt")
    assert talk.labels == ["Try an example"]


def test_a_short_reply_changes_the_card_and_a_short_text_asks_anew() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.say("10x", reply=True)
    assert (len(talk.messages), "Long 0.5 BTC at 64,000, 10x" in talk.text) == (1, True)
    talk.say("5x")
    assert (len(talk.messages), "Long 0.5 BTC at 64,000, 5x" in talk.text) == (2, True)


def test_show_me_the_math_opens_the_working_of_the_newest_card() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    assert "P_liq = (W + D − s × q × E) / (q × m − s × q)" in talk.say("show me the math")


def test_a_tier_table_older_than_ninety_days_is_said_to_be() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    assert "days old" not in talk.text
    talk.wait(days=60)
    talk.tap("Show the working")
    assert "⚠ This table is 114 days old" in talk.text  # 2026-09-29 to 2027-01-21


def test_an_edited_message_is_answered_if_it_is_a_trade_and_else_left_alone() -> None:
    talk = Talk()
    talk.say("qwertz", edited=True)
    assert talk.messages == []
    talk.say("long 0.5 btc 64k 20x iso", edited=True)
    assert talk.first_line == "Isolated: liquidated at 61,044.2, 4.6% below entry."


# --- Saving --------------------------------------------------------------------------------------------------------


def test_saving_an_unsaid_mode_asks_which() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.tap("Save")
    assert not talk.portfolio.positions
    talk.tap("As cross")
    saved = talk.portfolio.positions[0]
    assert (saved.symbol, saved.side, saved.quantity, saved.margin_mode) == ("BTCUSDT", "long", Decimal("0.5"), "cross")
    assert talk.portfolio.wallet == {"USDT": Decimal(10000)}
    assert (talk.portfolio.marks["BTCUSDT"].price, talk.portfolio.marks["BTCUSDT"].source) == (Decimal(64000), "entry")


def test_a_double_tap_saves_once() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.act("save")
    assert len(talk.portfolio.positions) == 1
    assert talk.toasts == ["Saved.", "Already saved."]


def test_saving_asks_for_the_size_and_then_goes_on() -> None:
    talk = Talk()
    talk.say("long btc 64k 20x iso")
    talk.tap("Save")
    assert "What size of BTC?" in talk.text
    talk.say("0.5")
    assert talk.portfolio.positions[0].quantity == Decimal("0.5")
    assert "✓ Saved" in talk.text


def test_saving_as_cross_asks_for_the_wallet_and_then_goes_on() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x")
    talk.tap("Save")
    talk.tap("As cross")
    talk.say("10k")
    assert (talk.portfolio.positions[0].margin_mode, talk.portfolio.wallet["USDT"]) == ("cross", Decimal(10000))


def test_a_card_changed_after_saving_can_be_saved_again_and_replaces_itself() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.say("10x", reply=True)
    talk.tap("Save")
    assert [position.leverage for position in talk.portfolio.positions] == [Decimal(10)]


def test_the_same_place_is_replaced_only_after_asking() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.say("long 0.1 btc 60k 10x cross wallet 10k")
    talk.tap("Save")
    assert "Your portfolio has BTC long, cross already." in talk.text
    talk.tap("« Back")
    assert [position.quantity for position in talk.portfolio.positions] == [Decimal("0.5")]
    talk.tap("Save")
    talk.tap("Replace")
    assert [position.quantity for position in talk.portfolio.positions] == [Decimal("0.1")]
    # The entry that stood in for the price went with its position.
    assert talk.portfolio.marks["BTCUSDT"].price == Decimal(60000)


def test_another_wallet_is_kept_and_the_cards_is_offered() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.say("short 2 eth 3200 20x cross wallet 5k")
    talk.tap("Save")
    assert talk.toasts[-1] == "Saved. Your portfolio's wallet stays at 10,000 USDT."
    talk.tap("Use 5,000 USDT")
    assert talk.portfolio.wallet["USDT"] == Decimal(5000)


def test_an_account_that_does_not_fit_together_is_not_saved() -> None:
    talk = Talk()
    talk.say("long 1 btc 64k 10x iso, wallet 7k")
    talk.tap("Save")
    talk.say("short 2 eth 3200 5x iso")  # 6,400 + 1,280 > 7,000
    talk.tap("Save")
    assert "Not saved: it needs 7,680 USDT margin, but the wallet has 7,000 USDT." in talk.toasts[-1]
    assert len(talk.portfolio.positions) == 1


def test_a_given_price_is_saved_with_the_position() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    talk.say("btc 63k now")
    talk.tap("Save")
    mark = talk.portfolio.marks["BTCUSDT"]
    assert (mark.price, mark.source, mark.given_at) == (Decimal(63000), "given", talk.time)


def test_a_saved_wallet_stands_for_an_unsaid_one_and_the_card_says_so() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.say("short 2 eth 3200 20x")
    assert "wallet: 10,000 USDT, from your portfolio" in talk.text
    assert "Wallet" in talk.labels


def test_a_group_never_sees_the_saved_wallet() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.chat = Chat(id=-5, kind="group")
    talk.say("short 2 eth 3200 20x")
    assert "Cross needs your wallet balance." in talk.text


def test_two_people_in_one_group_each_have_their_own_card() -> None:
    talk = Talk(chat=Chat(id=-5, kind="group"))
    talk.say("long btc", by=ANN)
    annes = talk.last
    talk.say("short eth", by=BOB)
    talk.say("64k", by=ANN)
    assert "Long BTC at 64,000" in annes.text or "Long BTC at 64,000" in talk.text
    talk.say("3200", by=BOB)
    assert "Short ETH at 3,200" in talk.text


def test_somebody_elses_button_is_refused() -> None:
    talk = Talk(chat=Chat(id=-5, kind="group"))
    before = talk.say(FULL, by=ANN)
    assert talk.tap("Save", by=BOB) == before
    assert talk.toasts == ["This is somebody else's card. Ask your own: /liq"]
    assert talk.portfolios == {}
