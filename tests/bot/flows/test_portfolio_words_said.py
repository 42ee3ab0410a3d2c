"""Orders in words about 0.2 BTC long and 3 ETH short: the part, the coin and what is not held."""

from decimal import Decimal

import pytest

from tests.bot.flows.talk import Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("deposit 5000")
    for trade in ("add 0.2 btc long 64k 10x cross", "add 3 eth short 3200 10x cross"):
        talk.say(trade)
        talk.tap("Make it so")
    talk.command("portfolio")
    return talk


def sizes(talk: Talk) -> dict[str, Decimal]:
    return {f"{each.symbol} {each.side}": each.quantity for each in talk.portfolio.positions}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sell 50% of btc", "0.1"),
        ("sell half my btc", "0.1"),
        ("sell half the btc", "0.1"),
        ("trim btc by half", "0.1"),
        ("cut btc in half", "0.1"),
        ("reduce btc by 0.1", "0.1"),
        ("close a third of the btc", "0.13333334"),  # 0.2 / 3, cut to eight places, is taken off
        ("add to btc 0.1 at 60k", "0.3"),
        ("add 0.1 btc long 60k", "0.3"),
    ],
)
def test_a_part_of_a_long_is_the_part_that_was_said(talk: Talk, text: str, left: str) -> None:
    talk.say(text)
    talk.tap("Make it so")
    assert sizes(talk) == {"BTCUSDT long": Decimal(left), "ETHUSDT short": Decimal(3)}


def test_selling_a_part_of_a_short_asks_which_is_meant(talk: Talk) -> None:
    assert talk.say("sell half my eth").startswith("Your ETH position is a short of 3: selling makes it larger.")
    talk.tap("Make it smaller")
    talk.tap("Make it so")
    assert sizes(talk)["ETHUSDT short"] == Decimal("1.5")


def test_a_short_is_added_to_at_the_terms_it_has(talk: Talk) -> None:
    talk.say("add 1 eth short 3300")
    talk.tap("Make it so")
    assert sizes(talk)["ETHUSDT short"] == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("close doge", "You hold no DOGE."),
        ("remove the doge", "You hold no DOGE."),
        ("add 2 sol long", "You hold no such SOL position. A new one needs its price, leverage and mode"),
        ("add 2 eth long 3100", "add 2 eth long 3100 10x cross"),
    ],
)
def test_what_is_not_held_is_said_and_changes_nothing(talk: Talk, text: str, said: str) -> None:
    before = talk.portfolio
    assert said in talk.say(text)
    assert talk.portfolio == before
    assert "Make it so" not in talk.labels


@pytest.mark.parametrize("text", ["switch eth to isolated", "move btc to isolated", "add 2 eth long", "close doge"])
def test_an_empty_portfolio_is_said_to_be_empty(text: str) -> None:
    answer = Talk().say(text)
    assert "Your portfolio is empty." in answer
    assert "personal" not in answer


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ("2", "In one-way mode it would reduce the short to 1."),
        ("3", "In one-way mode it would close the short."),
        ("4", "In one-way mode it would close the short and leave a long of 1."),
    ],
)
def test_the_other_side_of_a_held_coin_is_held_beside_it(talk: Talk, size: str, said: str) -> None:
    answer = talk.say(f"add {size} eth long 3100 10x cross")
    assert "Held beside your ETH short of 3, as in hedge mode." in answer
    assert said in answer
