"""/forget tells what is stored and deletes all of it, after it was confirmed and only the person's own."""

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import ANN, BOB, Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    for person in (BOB, ANN):
        talk.person = person
        talk.say("deposit 10000")
        talk.say("add 100 sol long 150 20x iso")
        talk.tap("Make it so")
    return talk


def test_it_tells_what_is_stored_and_changes_nothing(talk: Talk) -> None:
    text = talk.command("forget")
    assert text.startswith("Stored about you:\n1 portfolio with 1 position\n2 changes in their history\n0 links")
    talk.tap("Keep it")
    assert len(talk.portfolio.positions) == 1


def test_it_deletes_everything_of_the_person_and_nothing_of_others(talk: Talk) -> None:
    talk.command("forget")
    talk.tap("Delete everything")
    assert talk.text == "Everything that was stored about you is deleted."
    assert not talk.saved
    assert "There is nothing to undo." in talk.command("undo")
    assert "deleted" not in talk.command("portfolios")
    talk.person = BOB
    assert len(talk.portfolio.positions) == 1


def test_a_forged_button_on_another_page_deletes_nothing(talk: Talk) -> None:
    talk.command("portfolio")
    talk.act("forget_all")
    assert len(talk.portfolio.positions) == 1


def test_another_person_cannot_confirm_it(talk: Talk) -> None:
    talk.command("forget")
    talk.tap("Delete everything", by=BOB)
    assert len(talk.portfolio.positions) == 1


@pytest.mark.parametrize("command", ["forget", "portfolios", "history", "export", "import", "undo", "new"])
def test_nothing_personal_is_said_in_a_group(talk: Talk, command: str) -> None:
    talk.chat = Chat(id=-5, kind="supergroup")
    assert talk.command(command) == "Your portfolio is personal: ask me in our private chat."
