"""The last card again, links to it, and "btc 63k?"."""

import re

import pytest

from bot.dialogue import Copy, Send
from tests.bot.flows.books import THREE, talk_with
from tests.bot.flows.talk import Talk

TRADE = "long 0.5 btc 64k 20x, wallet 10k"
FIRST = "Isolated: liquidated at 61,044.2, 4.6% below entry."


def sent(talk: Talk) -> str:
    [text] = [button.text for row in talk.last.screen.buttons for button in row if isinstance(button, Send)]
    return text


def without_guesses(text: str) -> list[str]:
    """An answer without what it says of the words that it was asked in."""
    return [line for line in text.split("\n") if "as I read it" not in line]


def linked(talk: Talk) -> str:
    talk.command("link")
    [link] = [button.text for row in talk.last.screen.buttons for button in row if isinstance(button, Copy)]
    assert link in talk.text
    assert re.fullmatch(r"https://t\.me/marginbot\?start=[A-Za-z0-9_-]{1,64}", link)
    return link.partition("=")[2]


def test_last_shows_the_card_anew_below_and_the_old_one_goes_on_working() -> None:
    talk = Talk()
    talk.say(TRADE)
    old = talk.last
    assert talk.command("last") == old.text
    assert (talk.last.id, len(talk.messages)) == (old.id + 2, 2)  # the command stands between them
    talk.tap("Show the working", on=old)
    assert talk.last.id == old.id
    assert talk.labels.count("Hide the working") == 1


@pytest.mark.parametrize(
    "words",
    [
        TRADE, f"{TRADE}, what if btc -10%", f"/compare {TRADE}", f"/addmargin {TRADE}", "/quiz", "/learn", "/settings",
        "/portfolio", "/check cross 10k: long 0.5 btc 64k 50x", "/size btc long 64k, stop 62k, risk 100, wallet 10k",
        "/start", "long 0.5 btc 64k 20x iso, bybit says liq 61200",
    ],
)  # fmt: skip
def test_last_knows_every_kind_of_card(words: str) -> None:
    talk = Talk()
    name, _, arguments = words[1:].partition(" ")
    talk.command(name, arguments) if words.startswith("/") else talk.say(words)
    before = talk.last
    assert talk.command("last") == before.text
    assert talk.last.labels == before.labels
    assert talk.last.id != before.id


def test_again_asks_the_same_without_the_price_that_was_given() -> None:
    talk = Talk()
    talk.say(TRADE)
    talk.say("btc 63k now")
    assert "3.1% below 63,000, which you gave just now" in talk.first_line
    talk.wait(hours=5)
    talk.command("last")
    assert "3.1% below 63,000, which you gave 5 h ago" in talk.first_line
    talk.command("again")
    assert talk.first_line == FIRST


def test_without_a_last_card_there_is_an_example() -> None:
    for name in ("last", "again", "link"):
        assert "long 0.5 btc 64k 20x" in Talk().command(name)


def test_a_price_with_a_question_mark_repeats_the_last_check_of_that_coin() -> None:
    talk = Talk()
    talk.say(TRADE)
    talk.say("short 4 eth 3200 10x, wallet 2k")
    talk.say("long 1000 doge 0.2 5x")
    shown = talk.say("btc 63k?")
    assert shown.startswith("Isolated: liquidated at 61,044.2, 3.1% below 63,000, which you gave just now.")
    assert "Long 0.5 BTC at 64,000, 20x" in shown
    assert talk.say("eth 3300?").startswith("Isolated: liquidated at 3,505.97, 6.2% above 3,300")


def test_the_price_of_a_coin_that_was_never_asked_about_stays_what_it_was() -> None:
    talk = Talk()
    talk.say(TRADE)
    asked_before = talk.text
    talk.say("sol 150?")
    assert talk.card.flow != "check" or talk.text == asked_before
    assert "SOL" in talk.text


# --- Links ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (TRADE, "t1_lBTC_q0p5_e64000_x20_w10000"),
        ("short 4 eth 3200 10x cross, wallet 2k, on bybit", "t1_hETH_q4_e3200_x10_o_w2000_Vbybit"),
        ("10x long eth 3200 500 margin", "t1_lETH_a500_e3200_x10"),
    ],
)
def test_a_link_to_a_trade_asks_it_again(words: str, code: str) -> None:
    talk = Talk()
    shown = talk.say(words)
    assert linked(talk) == code
    assert Talk().command("start", code) == shown


def test_a_link_to_a_what_if_of_the_portfolio_plays_it_on_the_portfolio_of_then() -> None:
    talk = talk_with(THREE)
    shown = talk.say("what if btc -10% and eth +5.5%")
    assert linked(talk) == "w1_BTC_m10_ETH_5p5"
    assert talk.command("start", "w1_BTC_m10_ETH_5p5") == shown
    assert talk.command("start", "w1_BTC_m10_ETH_5p5").startswith(shown.split("\n")[0])


def test_a_link_to_the_quiz_begins_it() -> None:
    talk = Talk()
    question = talk.command("quiz")
    assert linked(talk) == "quiz"
    assert talk.command("start", "quiz") == question


def test_a_card_that_fits_no_link_says_what_does() -> None:
    talk = Talk()
    talk.say(f"{TRADE}, what if btc -10%")
    assert talk.command("link").startswith("Your last card does not fit into a link.")


@pytest.mark.parametrize(
    "payload",
    [
        "t1_lBTC_q-1",
        "t1_nonsense",
        "q1_!!",
        "q1__w",
        "w1_BTC",
        "w1_BTC_m100",
        "w1_BTC_1_BTC_2",
        "w1_btc_5",
        "w1_",
        "t1_",
    ],
)
def test_a_damaged_link_is_said_to_be(payload: str) -> None:
    talk = Talk()
    assert talk.command("start", payload).startswith("This link is damaged or too old.")
    assert not talk.cards


# --- To a friend ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        TRADE,
        "10x long eth 3200 500usd",
        "short 0.5 btc 64k cross wallet 2k bitmex",
        "cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x",
    ],
)
def test_what_is_sent_to_a_friend_gets_the_friend_the_same_answer(words: str) -> None:
    talk = Talk()
    shown = talk.say(words)
    assert without_guesses(Talk().say(sent(talk))) == without_guesses(shown)


def test_a_saved_wallet_is_not_sent_to_a_friend() -> None:
    talk = talk_with(THREE)
    talk.say("long 0.1 btc 64k 20x")
    assert "Cross counts your account: 5,000 USDT" in talk.text
    assert sent(talk) == "long 0.1 BTC 64000 20x"


def test_the_liquidation_price_is_copied_as_an_exchange_takes_it() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x cross, wallet 10k")
    [copy] = [button for row in talk.last.screen.buttons for button in row if isinstance(button, Copy)]
    assert (copy.label, copy.text) == ("Copy 44,176.8", "44176.8")
    talk.say("long 0.1 btc 64k 1x, wallet 10k")  # never liquidated: nothing to copy
    assert not [button for row in talk.last.screen.buttons for button in row if isinstance(button, Copy)]
