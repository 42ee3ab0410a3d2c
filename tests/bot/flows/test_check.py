"""The check card, tap by tap."""

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
    assert "Binance USD‑M has no PEPES contract that I know." in talk.text
    assert talk.labels[0] == "1000PEPE"


def test_a_coin_traded_by_the_thousand_is_converted_and_said_to_be() -> None:
    text = Talk().say("long 5m pepe 0.00001 10x iso")
    assert "PEPE is traded in lots of 1,000 coins, as 1000PEPE" in text
    assert "Long 5,000 1000PEPE at 0.01, 10x" in text  # 5,000,000 / 1,000 and 0.00001 x 1,000


def test_another_exchange_is_named_right_after_the_verdict() -> None:
    lines = Talk().say("bitget long 0.5 btc 64k 20x iso").split("\n")
    assert lines[2] == "These are Binance USD‑M rules: I do not know those of Bitget."


def test_a_dead_position_is_never_said_to_be_safe() -> None:
    talk = Talk()
    text = talk.say("long 0.5 btc 64k 20x cross wallet 100")
    assert text.startswith(
        "Cross with 100 USDT: cannot be opened, it takes 1,600 USDT initial margin and 100 are free. "
        "If it is open already, it is liquidated at once."
    )
    assert "at once\nDistance       none" in text
    assert "never" not in text
    talk.say(FULL + " iso")
    talk.say("btc 50k now")
    assert "already" in talk.text
    assert "never" not in talk.text


def test_amounts_are_not_invented_for_positions_without_a_size() -> None:
    text = Talk().say("long btc 64k 20x cross and short eth 3200 10x cross wallet 10k")
    assert "Maximum loss" not in text
    assert "BTC size: any size up to 300,000 USDT gives this price" in text


def test_every_coin_has_its_own_button_for_the_price_now() -> None:
    talk = Talk()
    talk.say("cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x")
    talk.tap("Price now ETH")
    assert "What is the price of ETH now?" in talk.text
    assert "above 3,300, which you gave just now" in talk.say("3300")


def test_a_dead_account_is_said_once_with_what_goes_with_it() -> None:
    text = Talk().say("cross 100: long 0.5 btc 64k 10x, short 4 eth 3200 10x")
    assert text.count("what is left does not cover") == 1
    assert "With it go:\n• Long 0.5 BTC at 64,000, 10x\n• Short 4 ETH at 3,200, 10x" in text


def test_show_me_the_math_opens_the_working_of_the_newest_card() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    assert "P = (q × E − W) ÷ (q × (1 − m))" in talk.say("show me the math")


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
    assert talk.tap("Compare", by=BOB) == before
    assert talk.act("save", by=BOB) == before
    assert talk.toasts == ["This is somebody else's card. Your own opens in our private chat."] * 2
    assert not talk.saved


# --- All assets together -------------------------------------------------------------------------------------------


def test_pooled_amounts_are_dollars_and_the_haircut_is_called_assumed() -> None:
    talk = Talk()
    shown = talk.say("bybit uta cross: 1 btc long 61k 10x, wallet 5000 usdt and 0.1 btc")
    assert "Amounts in USD, distance" in shown
    assert "the haircut of 5% is my assumption" in shown
    # 5,000 + 0.1 x 61,000 x 0.95 = 10,795; 6,100 and the fee to close, 61,000 x (1 - 1/10) x 0.055 % = 30.20.
    assert "56.8% of the account: 6,130.20 of 10,795 USD are its margin" in shown
    compared = talk.tap("Compare")
    assert "Cross with 0.1 BTC + 5,000 USDT" in compared
    assert "Amounts in USD; left after" in compared


def test_a_fee_in_the_first_message_counts() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x fees 0.05%, wallet 10k")
    assert "fees: 0.05% each way, 16 USDT of it paid" in talk.text  # 32,000 x 0.05 %


def test_a_covered_long_in_cross_can_lose_no_more_than_a_fall_to_0() -> None:
    text = Talk().say("long 0.5 btc at 64k 10x cross 500k")
    assert "the margin covers a fall to 0" in text
    [loss] = [line for line in text.splitlines() if line.startswith("Max. loss")]
    assert loss.split()[2:] == ["32,000", "3,200"]  # 0.5 x 64,000


@pytest.mark.parametrize(
    ("words", "readings"),
    [
        ("long 1000 btc 64k 10x iso", ("1,000 USDT margin", "Long 1,000 BTC at 64,000, 10x")),
        ("long 1.500 eth 3100 10x iso", ("Long 1.5 ETH at 3,100, 10x", "Long 1,500 ETH at 3,100, 10x")),
    ],
)
def test_a_size_with_two_readings_is_asked_about_and_not_decided(words: str, readings: tuple[str, str]) -> None:
    text = Talk().say(words)
    assert "Which one do you mean?" in text
    assert all(reading in text for reading in readings)


def test_two_readings_that_differ_in_the_wallet_alone_show_it() -> None:
    talk = Talk()
    talk.say("long 2 eth 3200 10x wallet 5k wallet 6k cross")
    assert "1. Long 2 ETH at 3,200, 10x, 5,000 USDT in the wallet" in talk.text
    assert "2. Long 2 ETH at 3,200, 10x, 6,000 USDT in the wallet" in talk.text
    assert "Cross with 6,000 USDT" in talk.tap("2. 6,000 USDT in the wallet")


@pytest.mark.parametrize(("said", "shown"), [("50 conts", "50 contracts"), ("500 usd", "500 USD")])
def test_a_size_without_known_terms_is_shown_as_it_was_said(said: str, shown: str) -> None:
    talk = Talk()
    talk.say(f"COIN-M short {said} ETH at 3200 x10 wallet 1 eth")
    assert f"Short {shown} of ETH at 3,200, 10x" in talk.text


def test_a_table_that_is_wider_than_a_phone_is_two() -> None:
    # The margin 3,956,416.86 has twelve letters: 10 of the labels and twice 2 + 12 are 38, a phone shows 34.
    text = Talk().say("long 123.4 btc 64123.45 2x wallet 5000000")
    columns = [
        line.split() for line in text.split("\n") if line.startswith("Margin") or line.strip() in ("Isolated", "Cross")
    ]
    assert columns == [["Isolated"], ["Margin", "3,956,416.86"], ["Cross"], ["Margin", "3,956,416.86"]]
