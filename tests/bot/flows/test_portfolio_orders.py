"""Changes to positions, by button and in words: shown first, made with a second tap."""

from decimal import Decimal

import pytest

from bot.storage.portfolios import SavedPosition
from tests.bot.flows.talk import BOB, Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("deposit 10000")
    for trade in ("add 0.5 btc long 64k 20x cross", "add 4 eth short 3200 10x iso", "add 100 sol long 150 20x iso"):
        talk.say(trade)
        talk.tap("Make it so")
    return talk


def held(talk: Talk, coin: str) -> SavedPosition:
    return next(each for each in talk.portfolio.positions if each.symbol == f"{coin}USDT")


def coins(talk: Talk) -> list[str]:
    return [each.symbol.removesuffix("USDT") for each in talk.portfolio.positions]


def test_nothing_happens_before_it_is_said_to(talk: Talk) -> None:
    before = talk.portfolio
    talk.say("close half the sol")
    assert talk.portfolio == before
    talk.tap("« Back")
    assert talk.portfolio == before


def test_a_mode_is_switched_as_a_what_if_first(talk: Talk) -> None:
    # Cross with SOL: wallet 10,000 - 1,280 of ETH; the other marks stand still.
    # SOL: (8,720 - 128 of BTC's requirement - 15,000) / (0.005 x 100 - 100) = 64.40; rounded up: 64.41.
    text = talk.say("move sol to cross")
    assert text.startswith("Move SOL long to cross: SOL long liquidated at 64.")
    assert "(now 143.22)" in text
    assert "Binance USD‑M does not allow this while the position is open." in text
    talk.tap("Make it so")
    assert held(talk, "SOL").margin_mode == "cross"
    assert held(talk, "SOL").isolated_margin is None
    assert talk.portfolio.wallet == {"USDT": Decimal(10000)}


def test_closing_realises_the_gain_at_the_price_that_was_given(talk: Talk) -> None:
    talk.say("sol 160 now")
    text = talk.say("close half the sol")
    assert "Counted at 160, which you gave just now." in text
    assert "A gain of 500 USDT goes to the wallet." in text  # 50 x (160 - 150)
    talk.tap("Make it so")
    assert held(talk, "SOL").quantity == 50
    assert talk.portfolio.wallet == {"USDT": Decimal(10500)}


def test_a_loss_comes_out_of_the_wallet(talk: Talk) -> None:
    talk.say("close eth short at 3300")
    assert "A loss of 400 USDT comes out of the wallet." in talk.text  # 4 x (3,200 - 3,300)
    talk.tap("Make it so")
    assert coins(talk) == ["BTC", "SOL"]
    assert talk.portfolio.wallet == {"USDT": Decimal(9600)}


def test_a_price_that_nobody_gave_is_said_to_be_the_entry(talk: Talk) -> None:
    assert "Counted at 150, its entry, because I do not know the price now." in talk.say("close sol")


def test_closing_everything_leaves_the_wallet(talk: Talk) -> None:
    talk.say("close everything")
    talk.tap("Make it so")
    assert talk.portfolio.positions == ()
    assert talk.portfolio.wallet == {"USDT": Decimal(10000)}


def test_adding_averages_the_entry(talk: Talk) -> None:
    talk.say("add 0.5 btc at 62000")
    talk.tap("Make it so")
    assert (held(talk, "BTC").quantity, held(talk, "BTC").entry_price) == (Decimal(1), Decimal(63000))


def test_reducing_by_more_than_is_held_says_how_much_that_is(talk: Talk) -> None:
    text = talk.say("reduce btc by 2")
    assert "is not possible: you hold 0.5 BTC." in text
    assert "Make it so" not in talk.labels


def test_a_new_position_without_a_mode_is_asked_for_it(talk: Talk) -> None:
    assert talk.say("add 1000 xrp long 0.5 10x").startswith("Long 1,000 XRP at 0.5, 10x: is it isolated or cross?")
    talk.tap("As cross")
    talk.tap("Make it so")
    assert held(talk, "XRP").margin_mode == "cross"


def test_of_several_positions_of_a_coin_it_asks_which(talk: Talk) -> None:
    talk.say("add 1 btc long 60k 10x iso")
    talk.tap("Make it so")
    assert talk.say("close btc") == "Which position?"
    talk.tap("Long 1 BTC at 60,000, 10x, isolated")
    talk.tap("Make it so")
    assert [each.margin_mode for each in talk.portfolio.positions if each.symbol == "BTCUSDT"] == ["cross"]


def test_a_change_that_was_overtaken_is_shown_anew(talk: Talk) -> None:
    talk.say("close half the sol")
    preview = talk.last
    talk.command("portfolio")
    talk.tap("Set wallet")
    talk.say("20k")
    talk.tap("Make it so", on=preview)
    assert talk.toasts[-1] == "The portfolio has changed meanwhile: here it is anew."
    assert held(talk, "SOL").quantity == 100
    talk.tap("Make it so")
    assert held(talk, "SOL").quantity == 50


def test_the_page_of_a_position_changes_it_step_by_step(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Positions…")
    talk.tap("Short 4 ETH at 3,200, 10x, isolated")
    talk.tap("Leverage")
    assert "leverage must be at most" in talk.say("500")
    talk.say("20x")
    talk.tap("Make it so")
    assert held(talk, "ETH").leverage == 20
    talk.tap("Positions…")
    talk.tap("Short 4 ETH at 3,200, 20x, isolated")
    talk.tap("Margin ±")
    assert talk.say("300").startswith("Put 300 margin into ETH short: ETH short liquidated at")
    talk.tap("Make it so")
    # 12,800 / 20 = 640, and 300 more
    assert held(talk, "ETH").isolated_margin == 940


def test_a_correction_moves_no_money(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Positions…")
    talk.tap("Long 100 SOL at 150, 20x, isolated")
    talk.tap("Correct entry")
    assert "Only the note is corrected; no money moves." in talk.say("152")
    talk.tap("Make it so")
    assert held(talk, "SOL").entry_price == 152
    assert talk.portfolio.wallet == {"USDT": Decimal(10000)}


def test_positions_are_put_in_another_order(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Positions…")
    talk.tap("Long 100 SOL at 150, 20x, isolated")
    talk.tap("Up")
    assert coins(talk) == ["BTC", "SOL", "ETH"]
    talk.tap("Down")
    assert coins(talk) == ["BTC", "ETH", "SOL"]


def test_money_goes_in_and_out(talk: Talk) -> None:
    assert "✓ 500 USDT in: the wallet has 10,500." in talk.say("deposit 500")
    assert "✓ 200 USDT out: the wallet has 10,300." in talk.say("withdraw 200")
    assert "Not done: 20,000 USDT is more than is free to withdraw." in talk.say("withdraw 20000")
    assert talk.portfolio.wallet == {"USDT": Decimal(10300)}


def test_a_deposit_into_a_wallet_that_was_never_told_is_not_taken_for_all_of_it() -> None:
    talk = Talk()
    talk.say("add 100 sol long 150 20x iso")
    talk.tap("Make it so")
    assert "I do not know your USDT balance yet" in talk.say("deposit 500")
    assert talk.portfolio.wallet == {}


@pytest.mark.parametrize("text", ["close xrp", "what if i close half the sol", "should i close sol?"])
def test_what_is_no_order_about_something_held_changes_nothing(talk: Talk, text: str) -> None:
    before = talk.portfolio
    talk.say(text)
    assert talk.portfolio == before


@pytest.mark.parametrize("action", ["do", "pick:x", "as:cross", "order:open:x", "order:", "type:wallet:x", "deleted"])
def test_forged_buttons_change_nothing(talk: Talk, action: str) -> None:
    before = talk.portfolio
    talk.command("portfolio")
    talk.act(action)
    assert talk.portfolio == before


def test_another_persons_tap_changes_nothing(talk: Talk) -> None:
    before = talk.portfolio
    talk.say("close sol")
    talk.tap("Make it so", by=BOB)
    assert talk.portfolio == before
    assert talk.toasts[-1].startswith("This is somebody else's card.")


def test_what_follows_a_what_if_is_supposed_and_moves_nothing(talk: Talk) -> None:
    before = talk.portfolio
    talk.say("what if btc drops 10%")
    talk.say("deposit 500")
    assert "If you deposit 500 USDT" in talk.text
    talk.say("close sol")
    assert "Make it so" not in talk.labels
    assert talk.portfolio == before


def test_a_new_position_after_a_what_if_is_an_order(talk: Talk) -> None:
    talk.say("what if btc drops 10%")
    assert talk.say("add 2 doge long 0.2 10x cross").startswith("Add Long 2 DOGE at 0.2, 10x, cross")
    talk.tap("Make it so")
    assert "DOGE" in coins(talk)


def test_a_withdrawal_after_a_what_if_leaves_the_wallet_not_a_position(talk: Talk) -> None:
    talk.say("what if btc drops 10%")
    assert "✓ 200 USDT out: the wallet has 9,800." in talk.say("withdraw 200")


@pytest.mark.parametrize("text", ["buy 0.5 more btc at 60000", "buy another 0.5 btc at 60k", "add 0.5 more btc at 60k"])
def test_more_of_a_position_is_added_at_its_price(talk: Talk, text: str) -> None:
    assert "Counted at 60,000." in talk.say(text)
    talk.tap("Make it so")
    assert (held(talk, "BTC").quantity, held(talk, "BTC").entry_price) == (Decimal(1), Decimal(62000))


def test_more_without_a_size_asks_for_it(talk: Talk) -> None:
    assert talk.say("buy more btc").startswith("How much BTC more, and at what price?")
    talk.say("0.5 at 60k")
    talk.tap("Make it so")
    assert held(talk, "BTC").quantity == 1


@pytest.mark.parametrize("text", ["close half the sol and half the eth", "close half the sol\nclose half the eth"])
def test_of_several_orders_the_first_is_shown_and_the_others_are_named(talk: Talk, text: str) -> None:
    shown = talk.say(text)
    assert shown.startswith("Close 50% of SOL long")
    assert "One order at a time. Not done yet: close half the eth" in shown
    talk.tap("Make it so")
    assert (held(talk, "SOL").quantity, held(talk, "ETH").quantity) == (Decimal(50), Decimal(4))


def test_several_orders_after_a_what_if_suppose_nothing_of_one_of_them(talk: Talk) -> None:
    talk.say("what if btc drops 10%")
    assert "One order at a time" in talk.say("close half the sol and half the eth")


def test_a_mode_is_switched_from_the_comparison_of_the_account(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Compare")
    assert talk.say("move sol to cross").startswith("Move SOL long to cross")
    talk.tap("Make it so")
    assert held(talk, "SOL").margin_mode == "cross"
