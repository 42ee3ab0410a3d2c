"""Coins that back a multi-asset account: set by button, one question at a time, and what the account is worth then."""

from decimal import Decimal

import pytest

from bot.storage.portfolios import Mark, SavedCollateral
from tests.bot.flows.talk import NOON, Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("deposit 10000")
    talk.say("deposit 1 btc")
    talk.tap("More…")
    return talk


def multi(talk: Talk) -> None:
    talk.tap("Asset mode")
    talk.say("64k")


def test_a_coin_without_a_price_is_asked_for_before_all_assets_back_the_account(talk: Talk) -> None:
    assert talk.tap("Asset mode").startswith("What is the price of BTC now?")
    assert not talk.portfolio.collateral
    assert "Collateral: BTC 64,000, given just now, less 5%." in talk.say("64k")
    assert talk.portfolio.asset_mode == "multi"
    assert talk.portfolio.collateral["BTC"].price == 64000


def test_two_coins_are_asked_for_one_after_the_other(talk: Talk) -> None:
    talk.say("deposit 2 eth")
    talk.tap("More…")
    talk.tap("Asset mode")
    assert talk.say("64k").startswith("What is the price of ETH now?")
    talk.say("3k")
    assert talk.portfolio.asset_mode == "multi"
    assert {asset: held.price for asset, held in talk.portfolio.collateral.items()} == {"BTC": 64000, "ETH": 3000}


def test_a_price_that_was_given_of_the_coin_is_not_asked_for_again(talk: Talk) -> None:
    talk.say("add 0.1 btc long 60k 10x iso")
    talk.tap("Make it so")
    talk.say("btc 63k now")
    talk.tap("More…")
    talk.tap("Asset mode")
    assert talk.portfolio.asset_mode == "multi"
    assert talk.portfolio.collateral["BTC"] == SavedCollateral(
        price=Decimal(63000), haircut=Decimal("0.05"), given_at=NOON
    )


def test_amount_price_and_haircut_have_a_button_and_a_question_each(talk: Talk) -> None:
    multi(talk)
    for label, typed in (("Amount", "0.5"), ("Price", "60k"), ("Haircut", "10%")):
        talk.tap("More…")
        talk.tap("Collateral")
        talk.tap("BTC")
        talk.tap(label)
        assert "✓ " in talk.say(typed)
    assert talk.portfolio.wallet["BTC"] == Decimal("0.5")
    held = talk.portfolio.collateral["BTC"]
    assert (held.price, held.haircut) == (Decimal(60000), Decimal("0.1"))


def test_a_haircut_that_can_be_a_fraction_or_a_percentage_is_asked_for_again(talk: Talk) -> None:
    multi(talk)
    talk.tap("More…")
    talk.tap("Collateral")
    talk.tap("BTC")
    talk.tap("Haircut")
    for typed in ("0.05", "120", "-5", "soon"):
        assert "How much of the price of BTC" in talk.say(typed)
    talk.say("0")
    assert talk.portfolio.collateral["BTC"].haircut == 0


def test_a_coin_that_comes_in_is_counted_at_a_price_that_is_asked_for(talk: Talk) -> None:
    multi(talk)
    assert talk.say("deposit 10 sol").startswith("What is the price of SOL now?")
    assert "SOL" not in talk.portfolio.wallet
    talk.say("150")
    assert (talk.portfolio.wallet["SOL"], talk.portfolio.collateral["SOL"].price) == (Decimal(10), Decimal(150))
    talk.say("deposit 5 sol")
    assert talk.portfolio.wallet["SOL"] == 15


def test_another_coin_is_added_by_button_and_0_takes_it_out(talk: Talk) -> None:
    multi(talk)
    talk.tap("More…")
    talk.tap("Collateral")
    talk.tap("Another coin")
    assert "Which coin" in talk.say("500")
    talk.say("2 eth")
    talk.say("3k")
    assert talk.portfolio.wallet["ETH"] == 2
    talk.tap("More…")
    talk.tap("Collateral")
    talk.tap("ETH")
    talk.tap("Amount")
    assert "✓ ETH backs the account no longer." in talk.say("0")
    assert set(talk.portfolio.wallet) == {"USDT", "BTC"}
    assert set(talk.portfolio.collateral) == {"BTC"}


def test_a_price_now_is_that_of_the_contract_and_of_the_collateral(talk: Talk) -> None:
    multi(talk)
    talk.say("add 0.1 btc long 60k 10x cross")
    talk.tap("Make it so")
    talk.wait(hours=2)
    talk.say("btc 61k now")
    assert talk.portfolio.collateral["BTC"].price == 61000
    assert talk.portfolio.marks["BTCUSDT"] == Mark(price=Decimal(61000), given_at=talk.time)


def test_a_forged_coin_or_slot_changes_nothing(talk: Talk) -> None:
    multi(talk)
    before = talk.portfolio
    for action in ("collateral:DOGE", "collateral:BTC:name", "collateral:DOGE:price", "collateral:BTC:price:x"):
        talk.act(action)
    assert talk.portfolio == before


def test_the_history_names_a_change_of_collateral(talk: Talk) -> None:
    multi(talk)
    assert "BTC as collateral at 64,000, less 5%" in talk.command("history")
