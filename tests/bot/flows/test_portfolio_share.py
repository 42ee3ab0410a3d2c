"""A link gives a copy or the shape, to whoever opens it, until it ends; the original is never touched."""

import re

import pytest

from bot.dialogue import Chat
from bot.services.sharing import MOST_LINKS
from tests.bot.flows.books import THREE, talk_with
from tests.bot.flows.talk import ANN, BOB, Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("deposit 10000")
    for trade in ("add 0.5 btc long 64k 20x cross", "add 100 sol long 80 20x iso"):
        talk.say(trade)
        talk.tap("Make it so")
    return talk


def link(talk: Talk, what: str) -> str:
    """Makes a link and gives what stands behind /start."""
    talk.command("portfolio")
    talk.tap("More…")
    talk.tap("Share")
    talk.tap(what)
    found = re.search(r"https://t\.me/marginbot\?start=(copy-\w+)$", talk.text)
    assert found, talk.text
    return found[1]


def test_a_copy_is_shown_and_kept_only_when_it_is_said_to(talk: Talk) -> None:
    start, original = link(talk, "A copy"), talk.portfolio
    talk.person = BOB
    assert talk.command("start", start).startswith("2 positions read")
    assert not talk.saved
    talk.tap("Save all")
    assert [each.symbol for each in talk.portfolio.positions] == ["BTCUSDT", "SOLUSDT"]
    talk.say("close sol")
    talk.tap("Make it so")
    talk.person = ANN
    assert talk.portfolio == original


def test_the_shape_has_percents_and_not_one_amount(talk: Talk) -> None:
    start = link(talk, "Only the shape")
    talk.person = BOB
    text = talk.command("start", start)
    # 32,000 and 8,000 of 40,000
    assert "80.0% BTC long, 20x, cross\n20.0% SOL long, 20x, isolated" in text
    stored = str(talk.shelves.connection.exec_driver_sql("SELECT document FROM shares").scalar())
    assert not any(amount in stored for amount in ("64000", "10000", '"100"', '"0.5"', "32000", "8000"))
    talk.act("save_all")
    assert not talk.saved


def test_a_link_ends_by_itself_and_when_its_owner_ends_it(talk: Talk) -> None:
    first = link(talk, "A copy")
    talk.wait(days=8)
    assert talk.command("start", first) == "This link has ended, or never was."
    second = link(talk, "A copy")
    talk.command("portfolio")
    talk.tap("More…")
    talk.tap("Share")
    assert "✓ Its links are ended." in talk.tap("End its links")
    assert talk.command("start", second) == "This link has ended, or never was."


@pytest.mark.parametrize("start", ["copy-", "copy-nonce", "copy-' OR 1=1 --", "copy-" + "x" * 600])
def test_a_link_that_was_guessed_opens_nothing(talk: Talk, start: str) -> None:
    link(talk, "A copy")
    assert talk.command("start", start) == "This link has ended, or never was."


def test_another_person_cannot_end_a_link(talk: Talk) -> None:
    start = link(talk, "A copy")
    talk.person = BOB
    talk.say("add 100 sol long 80 20x iso")
    talk.tap("Make it so")
    talk.act("unshare")
    assert talk.command("start", start).startswith("2 positions read")


def test_the_most_links_are_said(talk: Talk) -> None:
    for _ in range(MOST_LINKS):
        link(talk, "A copy")
    talk.command("portfolio")
    talk.tap("More…")
    talk.tap("Share")
    assert "You have 10 open links, which is the most" in talk.tap("A copy")


def test_a_link_shows_nothing_in_a_group(talk: Talk) -> None:
    start = link(talk, "A copy")
    talk.chat = Chat(id=-5, kind="supergroup")
    assert talk.command("start", start) == "Your portfolio is personal: ask me in our private chat."


def test_an_ordinary_start_is_the_greeting(talk: Talk) -> None:
    assert talk.command("start").startswith("Isolated or cross margin")


def test_a_link_to_the_portfolio_is_no_link_to_a_copy() -> None:
    talk = talk_with(THREE)
    assert talk.command("start", "portfolio") == talk.command("portfolio")
