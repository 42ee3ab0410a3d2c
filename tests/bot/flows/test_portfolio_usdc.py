"""Contracts in USDC beside those in USDT: a name, a wallet and a pool of their own."""

from decimal import Decimal

import pytest

from tests.bot.flows.talk import Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("set wallet 3000 usdc")
    talk.say("add 0.1 btcusdc long 64000 10x cross")
    talk.tap("Make it so")
    return talk


def test_an_order_in_words_goes_to_the_contract_that_it_names(talk: Talk) -> None:
    assert [each.symbol for each in talk.portfolio.positions] == ["BTCUSDC"]
    # (6,400 - 3,000) / (0.1 x 0.996), the first rung of 0.4 %
    assert "1. Long 0.1 BTCUSDC at 64,000, 10x, cross\n  liquidated at 34,136.6" in talk.text
    assert "PnL 0 USDC, margin in use 640, free 2,360." in talk.text


def test_both_contracts_of_a_coin_are_told_apart(talk: Talk) -> None:
    talk.say("set wallet 10000 usdt")
    talk.say("add 0.2 btc long 64k 20x cross")
    talk.tap("Make it so")
    assert "Long 0.1 BTCUSDC" in talk.text
    assert "Long 0.2 BTCUSDT" in talk.text
    talk.say("close half the btc")
    assert {"Long 0.1 BTCUSDC at 64,000, 10x, cross", "Long 0.2 BTCUSDT at 64,000, 20x, cross"} < set(talk.labels)
    assert talk.say("close half the btcusdc").startswith("Close 50% of BTCUSDC long: ")
    talk.tap("Make it so")
    assert {each.symbol: each.quantity for each in talk.portfolio.positions} == {
        "BTCUSDC": Decimal("0.05"),
        "BTCUSDT": Decimal("0.2"),
    }


def test_a_price_of_the_coin_is_that_of_both_and_a_button_sets_one(talk: Talk) -> None:
    talk.say("set wallet 10000 usdt")
    talk.say("add 0.2 btc long 64k 20x cross")
    talk.tap("Make it so")
    talk.say("btc 63k now")
    assert {symbol: mark.price for symbol, mark in talk.portfolio.marks.items()} == {"BTCUSDC": 63000, "BTCUSDT": 63000}
    talk.tap("Price now")
    talk.tap("BTCUSDC")
    talk.say("62900")
    assert {symbol: mark.price for symbol, mark in talk.portfolio.marks.items()} == {"BTCUSDC": 62900, "BTCUSDT": 63000}


def test_a_what_if_counts_both_wallets(talk: Talk) -> None:
    talk.say("set wallet 10000 usdt")
    talk.say("add 0.2 btc long 64k 20x cross")
    talk.tap("Make it so")
    text = talk.say("what if btc drops 10%")
    # 13,000 - 0.3 x 6,400
    assert "Cross: none of 2 liquidated, 11,080 left." in text
    assert "Account in USD, profit and loss included." in text


def test_the_wallet_that_is_lacking_is_asked_for() -> None:
    talk = Talk()
    talk.say("deposit 10000")
    talk.say("add 0.1 btcusdc long 64000 10x cross")
    talk.tap("Make it so")
    assert talk.tap("Set wallet").startswith("How much USDC is in your futures wallet")
    talk.say("3000")
    assert talk.portfolio.wallet == {"USDT": 10000, "USDC": 3000}


def test_an_exchange_without_such_a_contract_says_so() -> None:
    talk = Talk()
    talk.say("deposit 10000")
    talk.act("venue:bybit")
    text = talk.say("add 0.1 btcusdc long 64000 10x cross")
    assert "I know no BTCUSDC contract at Bybit." in text
    assert talk.portfolio.positions == ()


def test_a_refused_new_position_says_why() -> None:
    talk = Talk()
    talk.say("deposit 10000")
    text = talk.say("add 1 btc long 64000 2x iso")  # 32,000 of margin
    assert "32,000" in text
    assert "Make it so" not in talk.labels
