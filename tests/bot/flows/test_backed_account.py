"""A saved account that 1,000 USDT and 0.2 BTC at 64,000 back (less 5 %: 12,160), and trades beside it.

It holds 0.5 BTC from 64,000 in cross, whose requirement is 0.4 % of the notional: 128.
"""

from decimal import Decimal

import pytest

from bot.storage.portfolios import Portfolio, SavedCollateral
from tests.bot.flows.books import account, saved, talk_with
from tests.bot.flows.talk import NOON, Talk

BACKING = {
    "asset_mode": "multi",
    "wallet": {"USDT": Decimal(1000), "BTC": Decimal("0.2")},
    "collateral": {"BTC": SavedCollateral(price=Decimal(64000), haircut=Decimal("0.05"), given_at=NOON)},
}


def backed(*others: tuple[str, str, str, str, str, str], **more: object) -> Portfolio:
    positions = [saved("BTC", "long", "0.5", "64000", "20", "cross"), *(saved(*each) for each in others)]
    return account(*positions).model_copy(update=BACKING | more)


@pytest.fixture
def talk() -> Talk:
    return talk_with(backed())


def test_a_trade_beside_it_counts_the_collateral_as_the_account_does(talk: Talk) -> None:
    text = talk.say("short 2 eth 3200 10x cross")
    # 1,000 + 12,160 + 2 x (3,200 - P) = 128 + 0.008 P, so P = (13,160 + 6,400 - 128) / 2.008 = 9,677.29.
    assert text.startswith("Cross in your account: liquidated at 9,677.29, 202.4% above entry.")
    assert "Cross counts your account: all its assets and your saved position." in text
    assert "wallet: 1,000 USDT, from your portfolio" in text
    assert "wallet: 0.2 BTC, from your portfolio" in text
    assert "collateral: BTC counts 95% of 64,000, as in your portfolio" in text
    assert "an exchange would refuse it" not in text


def test_a_trade_is_refused_where_the_collateral_is_not_enough_for_it(talk: Talk) -> None:
    # 13,160 - 1,600 for BTC are free; 40 ETH at 3,200 take 128,000 / 10.
    assert "takes 12,800 USD initial margin, and 11,560 are free" in talk.say("short 40 eth 3200 10x cross")


def test_the_same_trade_again_has_the_price_of_the_portfolio(talk: Talk) -> None:
    # 0.19 P + 1,000 + 0.5 x (P - 64,000) = 0.002 P, so P = 31,000 / 0.688 = 45,058.14.
    assert "liquidated at 45,058.2" in talk.say("/portfolio")
    text = talk.say("long 0.5 btc 64k 20x cross")
    assert text.startswith("Cross in your account: liquidated at 45,058.2, 29.6% below entry.")


def test_saving_the_trade_shows_the_numbers_of_its_card(talk: Talk) -> None:
    talk.say("short 2 eth 3200 10x cross")
    assert "9,677.29" in talk.tap("Save")
    assert "9,677.29" in talk.say("/portfolio")


def test_a_price_given_with_the_trade_is_that_of_the_collateral_too(talk: Talk) -> None:
    text = talk.say("long 0.5 btc 64k 20x cross, mark 60k")
    # 0.2 x 60,000 x 0.95 = 11,400: the account is the same one, so the price stays 31,000 / 0.688.
    assert "collateral: BTC counts 95% of 60,000, as in your portfolio" in text
    assert "45,058.2" in text.splitlines()[0]


def test_an_account_of_coins_alone_backs_a_trade() -> None:
    talk = talk_with(backed(positions=(), marks={}, wallet={"BTC": Decimal(1)}))
    # 60,800 + 2 x (3,200 - P) = 0.008 P, so P = 67,200 / 2.008 = 33,466.13.
    assert "33,466.13" in talk.say("short 2 eth 3200 10x cross").splitlines()[0]


def test_a_position_is_a_part_of_all_that_backs_it() -> None:
    # 1,600 of 13,160 are 12.2 %: nothing to say. At 4x, 8,000 of 13,160 are 60.8 %.
    assert "of the account" not in talk_with(backed()).say("/portfolio")
    large = saved("BTC", "long", "0.5", "64000", "4", "cross")
    text = talk_with(backed(positions=(large,))).say("/portfolio")
    assert "BTC long is 60.8% of the account: 8,000 of 13,160 USD are its margin." in text
    assert "60.8% of the account" in talk_with(backed()).say("long 1 btc 64k 8x cross")


def test_two_contracts_of_the_coin_move_with_it_together() -> None:
    # 0.19 P + 1,000 + (0.25 + 0.25) x (P - 64,000) = 0.002 P: 31,000 / 0.688 = 45,058.14, as one position of 0.5.
    # One alone: 13,160 - 64 + 0.25 x (P - 64,000) = 0.001 P, so P = 2,904 / 0.249 = 11,662.65.
    one = saved("BTC", "long", "0.25", "64000", "20", "cross")
    other = one.model_copy(update={"id": "BTCUSDC-long", "symbol": "BTCUSDC"})
    wallet = {"USDT": Decimal(1000), "USDC": Decimal(0), "BTC": Decimal("0.2")}
    text = talk_with(backed(positions=(one, other), wallet=wallet)).say("/portfolio")
    assert text.count("liquidated at 45,058.2, 29.6% below entry") == 2
    assert text.count("The BTC in the account moves with BTCUSDT long, BTCUSDC long: that is counted.") == 1
    assert "If only one price moved: BTCUSDT long 11,662.7, BTCUSDC long 11,662.7." in text


def test_a_price_beyond_a_thousand_percent_is_not_written_with_its_digits() -> None:
    # 1,000,000 + 1 x (150 - P) = 0.005 P is at 995,174.13, 663,349 % above.
    talk = talk_with(account(saved("SOL", "short", "1", "150", "5", "cross"), wallet="1000000"))
    text = talk.say("/portfolio")
    assert "SOL short: no rise up to 1,000% liquidates it." in text
    card = talk.say("short 1 sol 150 10x cross, wallet 1000000")
    assert card.startswith("Cross with 1,000,000 USDT: no rise up to 1,000% liquidates it.")
    assert ">+1,000%" in card
    # 1,750 / 1.005 = 1,741.29 is 1,060.9 % above, but 1,550 / 1.005 = 1,542.29 is 928.2 %.
    assert "no rise up to 1,000%" in talk.say("short 1 sol 150 10x cross, wallet 1600")
    assert "928.2% above entry" in talk.say("short 1 sol 150 10x cross, wallet 1400")


def test_a_what_if_says_that_collateral_counts_in_full(talk: Talk) -> None:
    # 1,000 + 0.2 x 57,600 - 0.5 x 6,400 = 9,320 of 1,000 + 12,800.
    text = talk.say("what if btc -10%")
    assert "9,320 left" in text
    assert "Account in USD, profit and loss included, collateral in full." in text


def test_a_size_does_not_rest_on_one_of_several_assets(talk: Talk) -> None:
    assert "1,000" not in talk.say("/size btc 64k stop 62k risk 1%")
