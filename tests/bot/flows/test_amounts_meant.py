"""What an amount is in: coins of a position are a size, another asset is no money of the account."""

from decimal import Decimal

import pytest

from bot.storage.portfolios import SavedCollateral
from tests.bot.flows.books import account, saved, talk_with
from tests.bot.flows.talk import NOON, Talk

BTC = saved("BTC", "long", "1", "60000", "10", "cross")
USDC = BTC.model_copy(update={"id": "usdc", "symbol": "BTCUSDC", "side": "short", "quantity": Decimal("0.3")})


@pytest.fixture
def talk() -> Talk:
    return talk_with(account(BTC, wallet="20000"))


@pytest.mark.parametrize("words", ["what if I add 1 btc at 62k", "what if I add 1 btc to my long at 62k"])
def test_coins_that_are_added_make_the_position_larger(talk: Talk, words: str) -> None:
    # The average of 1 BTC at 60,000 and 1 BTC at 62,000; a price now below it by 10 % costs 2 x 6,000 and the 2,000.
    text = talk.say(words)
    assert "If you also open Long 1 BTC at 62,000" in text
    assert "USDT more" not in text
    assert "left" in talk.say("btc -5%")


def test_more_of_a_coin_is_coins(talk: Talk) -> None:
    assert "If you also open Long 2 BTC" in talk.say("what if I add 2 more btc")


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("add 0.5 btc margin", "BTC"),
        ("what if I add 100 usdc margin to btc", "USDC"),
        ("add 100 usdc margin to btc", "USDC"),
        ("what if I deposit 500 usdc", "USDC"),
        ("what if I deposit 0.1 btc", "BTC"),
    ],
)
def test_money_in_another_asset_is_refused_in_words(talk: Talk, words: str, unit: str) -> None:
    assert f"counted in USDT here, and you said {unit}" in talk.say(words)


def test_margin_said_in_another_asset_is_not_put_into_an_isolated_position() -> None:
    talk = talk_with(account(saved("BTC", "long", "1", "60000", "10", "isolated"), wallet="20000"))
    assert "counted in USDT here, and you said USDC" in talk.say("add 100 usdc margin to btc")
    assert "Put 100 margin into BTC long" in talk.say("add 100 usdt margin to btc")


def test_coins_without_a_position_they_can_mean_are_asked_about() -> None:
    both = account(BTC, BTC.model_copy(update={"id": "s", "side": "short"}), wallet="20000")
    text = talk_with(both).say("what if I add 1 btc")
    assert text.startswith("1 BTC is a size, not margin.")


def test_a_what_if_asks_for_the_wallet_that_is_missing_and_makes_none_up() -> None:
    talk = talk_with(account(BTC, USDC, wallet="20000"))
    text = talk.say("what if btc -5%")
    assert "How much USDC is in your futures wallet?" in text
    # The margins alone: 6,000 USDT and 0.3 x 60,000 / 10 = 1,800 USDC.
    assert "Before     7,800" in text
    assert "your wallet is not known" in text


def test_an_asset_that_is_not_in_a_pooled_account_holds_nothing() -> None:
    # 0.2 BTC at 60,000 less 5 % back the short; no USDC was told, so a rise costs 0.3 x 6,000 and earns 0.2 x 6,000.
    pooled = account(USDC, wallet=None).model_copy(
        update={
            "asset_mode": "multi",
            "wallet": {"BTC": Decimal("0.2")},
            "collateral": {"BTC": SavedCollateral(price=Decimal(60000), haircut=Decimal("0.05"), given_at=NOON)},
        }
    )
    talk = talk_with(pooled)
    text = talk.say("what if btc +10%")
    assert "Before  12,000" in text
    assert "After   11,400" in text
    assert "How much" not in text
    assert "cannot be worked out" not in talk.command("portfolio")


def test_why_there_is_no_price_ends_with_one_full_stop() -> None:
    talk = talk_with(account(saved("BTC", "long", "0.1", "60000", "10", "cross"), wallet="20000"))
    text = talk.say("what if I add 500 margin")
    assert "covers a fall to 0." in text
    assert ".." not in text


@pytest.mark.parametrize("words", ["what if i add 0.5 at 80k", "what if i add 0.5 btc at 80k"])
def test_coins_added_at_a_price_are_a_size_bought_while_the_market_is_there(words: str) -> None:
    # At 80,000 the 0.5 BTC have lost 0.5 x 10,000; 1 BTC at 85,000 in cross: (85,000 - 20,000) / 0.996.
    book = "long 0.5 btc 90k 10x cross 20k"
    talk = Talk()
    talk.say(book)
    for text in (talk.say(words), Talk().say(f"{book}, {words}")):
        assert "Cross: BTC long liquidated at 65,261.1, 18.4% lower (was 50,200.9)." in text
        assert "If you also open Long 0.5 BTC at 80,000, 10x." in text
        assert "Before  15,000" in text
        assert "After   15,000" in text


def test_a_price_alone_tells_which_position_a_bare_size_is_added_to() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 90k 10x, short 3 eth 3000 10x, cross 20k")
    assert "If you also open Short 1 ETH at 3,300, 10x." in talk.say("what if i add 1 at 3300")


def test_money_added_at_a_price_leaves_the_entry_and_is_checked_there() -> None:
    # (90,000 x 0.5 - 20,000 - 500) / (0.5 x 0.996)
    text = Talk().say("long 0.5 btc 90k 10x cross 20k, add 500 at 80k")
    assert text.startswith("500 USDT more: liquidated at 49,196.8")
    assert "Long 0.5 BTC at 90,000, 10x" in text
    assert "It lives at 80,000." in text
