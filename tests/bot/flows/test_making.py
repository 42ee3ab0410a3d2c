"""What was supposed of the open account is made so with a tap, where all of it can be stored."""

from decimal import Decimal

import pytest

from tests.bot.flows.talk import BOB, Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("deposit 10000")
    for trade in ("add 0.5 btc long 64k 20x cross", "add 2 eth long 3100 10x iso"):
        talk.say(trade)
        talk.tap("Make it so")
    return talk


def test_changes_of_the_account_are_made_so(talk: Talk) -> None:
    before = talk.portfolio
    talk.say("what if i close half the btc")
    talk.say("deposit 500")
    assert talk.portfolio == before
    assert "✓ Made so." in talk.tap("Make it so")
    assert [each.quantity for each in talk.portfolio.positions] == [Decimal("0.25"), 2]
    assert talk.portfolio.wallet == {"USDT": 10500}
    talk.tap("Undo")
    assert talk.portfolio == before


def test_the_what_if_stands_on_the_new_account_then(talk: Talk) -> None:
    talk.say("what if i close half the btc")
    board = talk.last
    talk.tap("Make it so")
    [again] = [message for message in talk.messages if message.card_id == board.card_id]
    assert ["Make it so"] not in again.labels
    assert "If you close" not in again.text


@pytest.mark.parametrize(
    "supposed", ["what if btc drops 10%", "what if i close half the btc and btc drops 10%", "funding 0.05% for 3 days"]
)
def test_moved_prices_and_funding_are_not_offered(talk: Talk, supposed: str) -> None:
    talk.say(supposed)
    assert "Make it so" not in talk.labels
    before = talk.portfolio
    talk.act("make")
    assert talk.portfolio == before


def test_money_that_nobody_has_is_not_stored(talk: Talk) -> None:
    talk.say("what if i add 20000 margin to eth")
    assert "Make it so" not in talk.labels


def test_a_trade_of_its_own_is_not_offered(talk: Talk) -> None:
    talk.say("long 0.5 btc 64k 20x wallet 10k, what if i close half")
    assert "Make it so" not in talk.labels


def test_an_account_that_changed_meanwhile_is_shown_anew(talk: Talk) -> None:
    talk.say("what if i close half the btc")
    board = talk.last
    talk.command("portfolio")
    talk.say("deposit 1")
    before = talk.portfolio
    talk.tap("Make it so", on=board)
    assert talk.portfolio == before
    talk.tap("Make it so", on=talk.last)
    assert talk.portfolio.positions[0].quantity == Decimal("0.25")


def test_somebody_else_makes_nothing_so(talk: Talk) -> None:
    talk.say("what if i close half the btc")
    before = talk.portfolio
    talk.tap("Make it so", by=BOB)
    assert talk.portfolio == before
