"""A portfolio that was just deleted is offered again where a person looks for it."""

import pytest

from tests.bot.flows.talk import Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("deposit 10000")
    talk.say("add 100 sol long 150 20x iso")
    talk.tap("Make it so")
    talk.command("portfolio")
    for label in ("More…", "Delete…", "Delete"):
        talk.tap(label)
    return talk


def test_undo_offers_the_portfolio_that_was_deleted(talk: Talk) -> None:
    assert talk.say("undo").startswith("main was deleted; the button brings it back.")
    talk.tap("Get back main")
    assert len(talk.portfolio.positions) == 1


def test_the_empty_portfolio_offers_it_too(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Get back main")
    assert len(talk.portfolio.positions) == 1


def test_what_was_changed_since_is_undone_first(talk: Talk) -> None:
    talk.wait(minutes=1)
    talk.say("deposit 500")
    assert "was deleted" not in talk.say("undo")
