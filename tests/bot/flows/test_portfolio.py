"""The portfolio card, tap by tap."""

from decimal import Decimal

import pytest

from bot.dialogue import Chat
from bot.storage.portfolios import MOST_POSITIONS, Portfolio, SavedPosition
from tests.bot.flows.talk import ANN, BOB, Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x cross, wallet 10k")
    talk.tap("Save")
    talk.say("short 4 eth 3200 10x iso")
    talk.tap("Save")
    return talk


def test_an_empty_portfolio_says_what_to_do() -> None:
    talk = Talk()
    assert talk.command("portfolio").startswith("Your portfolio is empty.\nWrite a trade and tap Save")


def test_the_nearest_death_comes_first_and_then_the_accounts_number(talk: Talk) -> None:
    # Cross pool: 10,000 - 1,280 isolated = 8,720. (8,720 - 32,000) / (0.002 - 0.5) = 46,746.99, 27.0 % below 64,000.
    assert talk.command("portfolio").startswith(
        "Nearest: ETH short isolated, at 3,505.97, 9.6% above entry.\n"
        "Your cross account: everything may fall 27.0% before liquidation."
    )
    assert "liquidated at 46,747.0, 27.0% below entry" in talk.text
    assert "liquidated at 3,505.97, 9.6% above entry" in talk.text


def test_isolated_positions_alone_need_no_wallet() -> None:
    talk = Talk()
    talk.say("short 4 eth 3200 10x iso")
    talk.tap("Save")
    talk.tap("Portfolio")
    assert talk.text.startswith("ETH short isolated: liquidated at 3,505.97, 9.6% above entry.")
    assert "Wallet: not set." in talk.text


def test_removing_asks_first_and_takes_the_price_along(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Positions…")
    talk.tap("Short 4 ETH at 3,200, 10x, isolated")
    talk.tap("Remove…")
    assert talk.text.startswith("Remove ETH short: ETH short is gone (was liquidated at 3,505.97)")
    assert len(talk.portfolio.positions) == 2
    talk.tap("Make it so")
    assert [position.symbol for position in talk.portfolio.positions] == ["BTCUSDT"]
    assert list(talk.portfolio.marks) == ["BTCUSDT"]
    assert talk.portfolio.wallet == {"USDT": Decimal(10000)}


def test_a_position_that_is_gone_says_so(talk: Talk) -> None:
    talk.command("portfolio")
    assert "That position is not there any more." in talk.act("pos:c99n1")
    assert "That position is not there any more." in talk.act("order:close:c99n1")


def test_a_price_is_given_by_tap_or_by_word(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Price now")
    talk.tap("BTC")
    assert "below 63,000, which you gave just now" in talk.say("63k")
    talk.wait(hours=3)
    assert "below 63,000, which you gave 3 h ago" in talk.say("eth 3300 now")
    assert "above 3,300, which you gave just now" in talk.text


def test_a_price_for_the_newest_check_card_is_saved_for_the_portfolio_too(talk: Talk) -> None:
    talk.say("long 0.1 btc 62k 5x iso")
    assert "which you gave just now" in talk.say("btc 63k now")
    assert talk.portfolio.marks["BTCUSDT"].price == Decimal(63000)


def test_a_price_without_a_card_about_it_is_noted_in_one_sentence(talk: Talk) -> None:
    talk.say("long 10 sol 150 5x iso")
    assert talk.say("btc 63k now") == "BTC at 63,000: noted in your portfolio."


def test_the_wallet_is_set_by_typing(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Set wallet")
    assert "Wallet: 12,000 USDT." in talk.say("12k")
    assert talk.portfolio.wallet["USDT"] == Decimal(12000)


@pytest.mark.parametrize("typed", ["0.5 btc", "soon"])
def test_a_wallet_that_is_no_amount_of_dollars_is_asked_for_again(talk: Talk, typed: str) -> None:
    talk.command("portfolio")
    talk.tap("Set wallet")
    assert "How much USDT is in your futures wallet" in talk.say(typed)
    assert talk.portfolio.wallet["USDT"] == Decimal(10000)


def test_a_wallet_too_small_for_the_margins_is_said_with_both_amounts(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Set wallet")
    text = talk.say("1k")
    assert "Your account cannot be worked out: it needs 1,280 USDT margin, but the wallet has 1,000 USDT." in text


def test_back_and_close_are_different_buttons(talk: Talk) -> None:
    shown = talk.command("portfolio")
    talk.tap("Set wallet")
    assert talk.tap("« Back") == shown
    number = len(talk.messages)
    talk.tap("Close")
    assert len(talk.messages) == number - 1
    assert len(talk.portfolio.positions) == 2


def test_a_group_sees_nothing_personal(talk: Talk) -> None:
    talk.chat = Chat(id=-5, kind="supergroup")
    assert talk.command("portfolio") == "Your portfolio is personal: ask me in our private chat."


def test_everybody_has_their_own(talk: Talk) -> None:
    talk.person = BOB
    assert talk.command("portfolio").startswith("Your portfolio is empty.")
    talk.person = ANN
    assert talk.command("portfolio").startswith("Nearest: ETH short isolated")


def test_a_full_portfolio_is_shown_by_the_page_and_takes_no_more() -> None:
    talk = Talk()
    positions = tuple(
        SavedPosition(
            id=f"w{number}", symbol="BTCUSDT", side="long", quantity=Decimal("12.345678"),
            entry_price=Decimal("64123.4"), leverage=Decimal(3), margin_mode="isolated", saved_at=talk.time,
        )
        for number in range(MOST_POSITIONS)
    )  # fmt: skip
    talk.shelves.add(ANN.id, Portfolio(wallet={"USDT": Decimal(10**9)}, positions=positions), talk.time)
    talk.command("portfolio")
    assert talk.text.count("liquidated at") == 8
    assert "9. Long" in talk.tap("Farther ›")
    assert "1. Long" in talk.tap("‹ Nearer")
    talk.tap("Positions…")
    talk.tap("« Back")
    talk.say("long 1 uni at 10 3x cross, wallet 1000000")
    talk.tap("Save")
    assert talk.toasts[-1].startswith("Not saved: your portfolio is full (100 positions)")
    assert "your portfolio is full (100 positions)" in talk.say("add 1 uni long at 10 3x cross")


def test_a_dead_cross_account_is_said_once_with_what_goes_with_it() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x cross, wallet 10k")
    talk.tap("Save")
    talk.say("long 2 sol 150 5x cross")
    talk.tap("Save")
    talk.say("btc 40k now")
    text = talk.command("portfolio")
    assert text.startswith("Your cross account: already liquidated at these prices. With it go: BTC long, SOL long.")
    assert text.count("goes with the account") == 2


def test_asking_for_the_liquidation_price_alone_shows_the_account(talk: Talk) -> None:
    assert talk.say("liq?") == talk.command("portfolio")
    assert talk.say("whats my liq price") == talk.command("portfolio")
