"""Orders that are shown before they are made: said again, too large, beyond what is free, counted anew."""

from decimal import Decimal

import pytest

from tests.bot.flows.books import account, saved, talk_with
from tests.bot.flows.talk import Talk

BTC = saved("BTC", "long", "1", "60000", "10", "cross")
ETH = saved("ETH", "long", "2", "3000", "10", "cross")


@pytest.fixture
def talk() -> Talk:
    return talk_with(account(BTC, ETH, wallet="10000"))


@pytest.mark.parametrize("words", ["reduce eth by 1", "add 1 sol long 150 10x cross", "add 1 sol long 150 10x"])
def test_the_same_order_again_is_answered_below(talk: Talk, words: str) -> None:
    first = talk.say(words)
    messages = len(talk.messages)
    assert talk.say(words) == first
    assert len(talk.messages) == messages + 1


def test_another_order_goes_on_in_the_same_message(talk: Talk) -> None:
    talk.say("reduce eth by 1")
    messages = len(talk.messages)
    talk.say("reduce eth by 2")
    assert len(talk.messages) == messages


def test_the_same_bad_import_again_is_answered_below(talk: Talk) -> None:
    talk.command("import")
    talk.say("nothing of that kind")
    messages = len(talk.messages)
    assert "1 line not read" in talk.say("nothing of that kind")
    assert len(talk.messages) == messages + 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("close 150% of btc", "at most 100 % of a position can be closed"),
        ("reduce btc by 101%", "at most 100 % of a position can be closed"),
        ("reduce btc by 5", "you hold 1 BTC"),
        ("close 5 btc", "you hold 1 BTC"),
    ],
)
def test_more_than_there_is_is_refused(talk: Talk, words: str, said: str) -> None:
    assert said in talk.say(words)
    assert "Make it so" not in talk.labels


def test_a_what_if_does_not_close_more_than_all(talk: Talk) -> None:
    talk.say("what if btc -5%")
    assert "If you close" not in talk.say("close 150% of btc")
    assert "“close 150%”" in talk.text


def test_a_part_of_a_symbol_is_a_part_of_its_position(talk: Talk) -> None:
    assert talk.say("close 10% of btcusdt").startswith("Close 10% of BTC long")


def test_a_whole_position_like_one_that_is_held_is_averaged(talk: Talk) -> None:
    text = talk.say("add 2 eth long 3300 10x cross")
    assert text.startswith("Add 2 to ETH long")
    assert "Then 4 ETH at 3,150 on average." in text  # (2 x 3,000 + 2 x 3,300) / 4
    talk.tap("Make it so")
    assert [(each.quantity, each.entry_price) for each in talk.portfolio.positions[1:]] == [(Decimal(4), Decimal(3150))]


def test_at_another_leverage_it_is_refused(talk: Talk) -> None:
    assert "you hold ETH long in cross already" in talk.say("add 2 eth long 3300 5x cross")


def test_a_price_now_counts_the_order_that_is_shown_anew(talk: Talk) -> None:
    talk.say("close half the eth")
    text = talk.say("eth 2900 now")
    assert text.startswith("Close 50% of ETH long")
    assert "A loss of 100 USDT comes out of the wallet." in text  # 1 x (2,900 - 3,000)
    assert talk.portfolio.marks["ETHUSDT"].price == 2900
    talk.tap("Make it so")
    assert talk.portfolio.wallet == {"USDT": Decimal(9900)}
    assert not talk.toasts or "meanwhile" not in talk.toasts[-1]


@pytest.mark.parametrize(
    ("words", "needed"), [("add 2 eth long 3100 10x cross", "620"), ("add 20 sol long 300 10x isolated", "600")]
)
def test_a_position_beyond_what_is_free_says_so(words: str, needed: str) -> None:
    talk = Talk()
    talk.say("deposit 500")
    text = talk.say(words)
    assert f"{needed} USDT" in text


def test_a_position_within_what_is_free_says_nothing() -> None:
    talk = Talk()
    talk.say("deposit 700")
    assert "are free" not in talk.say("add 2 eth long 3100 10x cross")
