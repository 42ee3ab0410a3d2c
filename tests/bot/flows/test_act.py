"""Making it safer, sentence by sentence and tap by tap."""

import re
from itertools import count

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import BOB, Talk

TRADE = "long 0.5 btc 64k 20x, wallet 10k"
GROUP = Chat(id=-100, kind="supergroup")


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say(TRADE)
    talk.tap("Make it safer")
    return talk


@pytest.fixture
def account() -> Talk:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso, wallet 10k")
    talk.tap("Save")
    talk.say("short 4 eth 3200 10x cross")
    talk.tap("Save")
    return talk


def test_the_button_asks_for_the_goal_and_says_how_it_stands(talk: Talk) -> None:
    assert talk.first_line == "BTC long: liquidated at 61,044.2, 4.6% below entry."
    assert talk.labels[:3] == ["−10%", "−20%", "−30%"]


def test_a_tap_and_a_word_give_the_same_answer(talk: Talk) -> None:
    tapped = talk.tap("−20%")
    assert tapped.startswith(
        "Isolated: Add 4,902.41 USDT to survive everything −20%.\nCross: survives everything −20% as it is."
    )
    other = Talk()
    other.say(TRADE)
    other.tap("Make it safer")
    assert other.say("-20%") == tapped


def test_another_goal_is_one_tap_away(talk: Talk) -> None:
    talk.tap("−20%")
    assert talk.tap("−10%").startswith("Isolated: Add ")
    assert "everything −10%" in talk.text


def test_a_short_is_offered_rises() -> None:
    talk = Talk()
    talk.say("short 2 eth 3200 10x, wallet 2k")
    talk.tap("Make it safer")
    assert talk.labels[:3] == ["+10%", "+20%", "+30%"]
    assert "everything +25%" in talk.say("25")


@pytest.mark.parametrize("bad", ["as much as possible", "0", "🙂"])
def test_bad_answers_get_the_question_again_and_back_leads_to_the_card(talk: Talk, bad: str) -> None:
    card = talk.text
    talk.say(bad)
    assert "What should it survive" in talk.text
    assert "« Back" in talk.labels
    assert talk.tap("« Back") == card


def test_close_and_cancel_leave_it(talk: Talk) -> None:
    talk.command("cancel")
    assert talk.text == "Cancelled. Write a trade whenever you like."
    assert talk.command("cancel") == "There is nothing to cancel."
    card = next(message for message in talk.messages if message.card_id == talk.card_of_newest())
    talk.tap("Close", on=card)
    assert all(message.card_id != card.card_id for message in talk.messages)


def test_a_missing_size_is_asked_for_first() -> None:
    talk = Talk()
    talk.say("long btc 64k 20x")
    talk.tap("Make it safer")
    assert "What size of BTC?" in talk.text
    talk.say("0.5")
    assert talk.text.startswith("BTC long: liquidated at 61,044.2")
    talk.say("-20")
    assert talk.text.startswith("Isolated: Add 4,902.41 USDT")


def test_a_goal_in_words_is_about_the_saved_account(account: Talk) -> None:
    assert account.say("need liq 20% away on my btc long, how much usdt").startswith(
        "Add 4,902.40 USDT to have liquidation 20% away."
    )
    assert account.say("top up needed to survive -15% market").startswith("Add 3,308.81 USDT to survive")


def test_a_named_amount_says_where_it_is_liquidated_then(account: Talk) -> None:
    # Cross: 8,400 + 300 = 8,700; (8,700 + 12,800) / (4 x 1.004) = 5,353.585.
    assert account.say("add 300 to my eth short, new liq?").startswith("300 USDT more: liquidated at 5,353.58, 67.3%")
    assert "Before: liquidated at 5,278.88" in account.text


def test_of_two_positions_of_a_coin_one_is_chosen() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso, wallet 10k")
    talk.tap("Save")
    talk.say("short 0.1 btc 65k 10x iso")
    talk.tap("Save")
    talk.say("add 300 to my btc")
    assert talk.labels[:2] == ["BTC long", "BTC short"]
    assert talk.tap("BTC short").startswith("300 USDT more: liquidated at 74,203.1")


def test_a_coin_that_is_not_held_is_said(account: Talk) -> None:
    account.say("need liq 20% away on sol long how much usdt")
    assert "You hold no such SOL position" in account.text


def test_without_anything_it_says_what_it_needs() -> None:
    assert Talk().command("addmargin").startswith("I need positions for that")


def test_a_stale_forged_or_foreign_tap_is_answered_politely(talk: Talk) -> None:
    for action in ("goal:-99999", "goal:20", "position:zzz", "set:wallet:-1", "nonsense"):
        before = talk.text
        talk.act(action)
        assert talk.toasts[-1].startswith("This button is too old")
        assert talk.text == before
    talk.tap("−20%", by=BOB)
    assert talk.toasts[-1].startswith("This is somebody else's card.")


def test_two_people_in_one_group_keep_their_own_cards_and_nothing_saved_is_shown(account: Talk) -> None:
    serials = count(10).__next__
    ann = Talk(chat=GROUP, serials=serials, shelves=account.shelves)
    bob = Talk(person=BOB, chat=GROUP, serials=serials)
    ann.command("addmargin", "survive -20%")
    assert "4,902" not in ann.text
    ann.say(TRADE)
    bob.say("short 2 eth 3200 10x, wallet 2k")
    ann.tap("Make it safer")
    bob.tap("Make it safer")
    assert ann.tap("−20%").startswith("Isolated: Add 4,902.41 USDT")
    assert bob.tap("+20%").startswith("Isolated: Add ")
    assert "reply to this" not in bob.text


def test_comparing_goes_on_from_the_card(talk: Talk) -> None:
    talk.tap("Compare")
    assert talk.card.flow == "compare"


def test_twenty_positions_fit_a_message() -> None:
    talk = Talk()
    coins = "BTC ETH SOL XRP DOGE ADA AVAX LINK DOT LTC BCH TRX UNI ATOM XLM NEAR APT ARB OP FIL"
    for index, coin in enumerate(coins.split()):
        mode = "iso" if index % 2 else "cross"
        side = "short" if index % 3 == 0 else "long"
        talk.say(f"{side} {coin} 1000 margin entry 12.3456 20x {mode}, wallet 123456.78")
        while "pick:0" in str(talk.last.screen.buttons):
            talk.act("pick:0")
        talk.tap("Save")
    talk.command("portfolio")
    talk.tap("Make it safer")
    for goal in ("-50", "+50"):
        if talk.card.flow == "act":
            talk.act(f"goal:{goal}")
            assert len(talk.text) < 4096
            assert re.search(r"\d", talk.text[:60])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # 0.5 * 4000 lost + 0.004 * 0.5 * 60000 needed - 1600 there; the last cent keeps it alive.
        (
            "long 0.5 BTC at 64000 20x isolated binance how much margin to add to survive 60000",
            "Add 520.01 USDT to survive BTC at 60,000.",
        ),
        (
            "short 0.5 BTC at 64000 20x isolated binance how much margin to add to survive 70000",
            "Add 1,540.01 USDT to survive BTC at 70,000.",
        ),
        (
            "long 2 ETH at 3000 10x isolated binance, how much do I add to survive 2600",
            "Add 220.80 USDT to survive ETH at 2,600.",
        ),
        (
            "how much margin to add for 15% distance: long 2 BTC at 64000 40x isolated hyperliquid",
            "Add 17,360 USDC to have liquidation 15% away.",
        ),
    ],
)
def test_a_position_before_the_goal_keeps_its_entry_and_its_venue(text: str, line: str) -> None:
    talk = Talk()
    talk.say(text)
    assert talk.first_line == line


def test_the_price_now_beside_a_position_is_where_its_distance_is_measured_from() -> None:
    talk = Talk()
    talk.say("long 0.5 BTC at 64000 20x isolated binance price now 62000 how much to add to survive 55k")
    assert "liquidated at 55,000.0, 11.3% below 62,000" in talk.text


@pytest.mark.parametrize(
    ("text", "goal"), [("how much to close to survive 55000", "55,000"), ("how much margin to survive 55k", "55,000")]
)
def test_a_price_to_survive_without_a_coin_is_about_the_card(text: str, goal: str) -> None:
    talk = Talk()
    talk.say("long 0.5 BTC at 64000 20x isolated wallet 10k")
    talk.say(text)
    assert talk.card.flow == "act"
    assert goal in talk.first_line or goal in talk.text


def test_what_is_free_is_told_only_of_a_wallet_that_is_known() -> None:
    text = Talk().say("long 0.5 btc at 64k 10x iso, what if i add 500 margin")
    assert "It has to be free in the wallet, which I do not know, or come from outside." in text
    assert "Less than that is free" not in text
    text = Talk().say("long 0.5 btc at 64k 10x iso wallet 3300, what if i add 500 margin")
    assert "Less than that is free in the wallet" in text


# --- What it suggests, supposed ------------------------------------------------------------------------------------


def test_a_what_if_of_what_is_suggested_shows_that_it_is_enough() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x, wallet 10k")
    talk.tap("Make it safer")
    talk.tap("−20%")
    shown = talk.tap("What if I add it")
    # 0.5 x 12,800 = 6,400 are lost either way
    assert shown.startswith("Isolated: survives, 3,600 left.")
    assert "If you add 4,902.41 USDT margin to BTC long, then everything −20%." in shown


def test_a_part_to_close_can_be_supposed_as_well() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x cross, wallet 3k")
    talk.tap("Make it safer")
    talk.tap("−20%")
    assert "survives" in talk.tap("What if I close it").split("\n", 1)[0]


def test_nothing_is_supposed_before_there_is_a_suggestion() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x, wallet 10k")
    talk.tap("Make it safer")
    assert talk.last.labels[-2:] == [["What if…", "Compare", "Picture"], ["Close"]]
    talk.act("suppose:add")
    talk.act("suppose:other")
    assert len(talk.toasts) == 2


def test_margin_in_a_coin_is_told_to_six_digits_and_not_to_the_cent() -> None:
    # 10,000 USD of an inverse long at 50,000 with 20x: at 45,000 it needs 10,000 * 1.0055 / 45,000 = 0.2234444 BTC,
    # and holds 10,000 / 50,000 / 20 = 0.01 of margin beside 0.2 at entry: 0.0134444 is lacking.
    text = "how much margin to add to survive -10%: long 10000 contracts XBTUSD at 50000 20x isolated bitmex"
    assert Talk().say(text).startswith("Add 0.0134445 BTC to survive everything −10%.")


@pytest.mark.parametrize(
    "words",
    [
        "how much margin to add so my 1 eth long 3000 50x iso liq goes to 2800",
        "how much margin to add to my 1 eth long 3000 50x iso to get liq to 2800",
        "1 eth long 3000 50x iso how much margin to add so liq goes to 2800",
    ],
)
def test_the_size_of_the_trade_that_margin_is_added_to_is_not_what_is_added(words: str) -> None:
    # 3,000 - 2,800 * 0.996, less the 60 that are there.
    assert Talk().say(words).startswith("Add 151.20 USDT to have liquidation at 2,800.")


def test_the_leverage_of_the_trade_that_margin_is_added_to_is_not_what_is_aimed_at() -> None:
    # 3,000 - 60 - 500, divided by 0.996.
    text = Talk().say("add 500 to my 1 eth long 3000 50x iso")
    assert text.startswith("500 USDT more: liquidated at 2,449.80")


@pytest.mark.parametrize("asked", ["how much should i add to", "how much margin to add to"])
def test_what_should_be_added_to_a_told_position_is_worked_out(asked: str) -> None:
    # 0.5 * (90,000 - 75,000) lost and 0.4% of 37,500 to be kept, of 4,500.
    text = Talk().say(f"{asked} my 0.5 btc long 90k 10x iso to survive 75k")
    assert text.startswith("Add 3,150.01 USDT to survive BTC at 75,000.")
