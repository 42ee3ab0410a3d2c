"""A portfolio in a group: nothing before its owner taps, no amount before they ask for it, nothing by anybody else."""

import re

import pytest

from bot.dialogue import Chat
from tests.bot.flows.books import THREE, talk_with
from tests.bot.flows.talk import ANN, BOB, Talk

PRIVATE = "Your portfolio is personal: ask me in our private chat."
GROUP = Chat(id=-5, kind="supergroup")


@pytest.fixture
def talk() -> Talk:
    talk = talk_with(THREE)
    talk.chat = GROUP
    return talk


def test_nothing_is_said_before_the_owner_taps(talk: Talk) -> None:
    assert talk.command("portfolio") == PRIVATE
    assert talk.labels == ["Show here", "Close", "Open in private"]


def test_the_owner_shows_the_distances_and_no_amount(talk: Talk) -> None:
    talk.command("portfolio")
    text = talk.tap("Show here")
    assert text.startswith("Nearest: ")
    assert re.search(r"\d%", text.partition("\n")[0])
    assert talk.labels == ["With amounts", "Close"]
    # Every number is a percentage or an age: sizes, prices, wallet, gains and the portfolio's name are kept back.
    assert re.findall(r"[\d,.]*\d(?!%|[\d,.]| min| h | days)", text) == []
    assert "USDT" not in text
    assert "main" not in text


def test_amounts_are_shown_and_taken_back(talk: Talk) -> None:
    talk.command("portfolio")
    bare = talk.tap("Show here")
    assert "Wallet: " in talk.tap("With amounts")
    assert talk.labels == ["Without amounts", "Close"]
    assert talk.tap("Without amounts") == bare


def test_close_takes_it_away_and_keeps_the_portfolio(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Show here")
    talk.tap("Close")
    assert talk.messages == []
    assert len(talk.portfolio.positions) == 3


@pytest.mark.parametrize("label", ["Show here", "Close"])
def test_somebody_else_is_refused_politely(talk: Talk, label: str) -> None:
    talk.command("portfolio")
    assert talk.tap(label, by=BOB) == PRIVATE
    assert talk.toasts == ["This is somebody else's card. Ask your own: /liq"]


def test_somebody_else_cannot_ask_for_amounts(talk: Talk) -> None:
    talk.command("portfolio")
    bare = talk.tap("Show here")
    assert talk.tap("With amounts", by=BOB) == bare


def test_an_empty_portfolio_is_told_to_its_owner_alone() -> None:
    talk = Talk(chat=GROUP)
    talk.command("portfolio")
    assert talk.tap("Show here") == PRIVATE
    assert talk.toasts == ["Your portfolio is empty."]


@pytest.mark.parametrize("action", ["", "wallet", "more", "import", "export", "share:copy", "do", "forget_all"])
def test_the_card_changes_nothing(talk: Talk, action: str) -> None:
    talk.command("portfolio")
    before = talk.portfolio
    talk.act(action)
    assert (talk.portfolio, talk.text) == (before, PRIVATE)


def test_words_do_not_go_on_from_it(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("Show here")
    before, shown = talk.portfolio, len(talk.messages)
    for text in ("what if btc drops 20%", "20x", "deposit 500", "close half the sol"):
        talk.say(text, reply=True)
    assert talk.portfolio == before
    said = "\n".join(message.text for message in talk.messages[shown:])
    assert all(secret not in said for secret in ("5,000", "64,000", "3,200", "150"))


def test_positions_that_are_gone_or_beyond_the_page_have_their_words() -> None:
    talk = Talk()
    talk.say("deposit 100000")
    talk.command("import", "long 1 btc 64k 5x cross\n" + "\n".join(f"short {n} eth 3200 10x iso" for n in range(1, 10)))
    talk.tap("Save all")
    talk.say("eth 9000 now")
    talk.chat, talk.person = GROUP, ANN
    talk.command("portfolio")
    text = talk.tap("Show here")
    assert text.startswith("Nearest: ETH short, isolated: liquidated already at the price given just now.")
    assert "and 2 positions more" in text


def test_a_portfolio_that_cannot_be_worked_out_says_so_without_amounts() -> None:
    talk = Talk()
    talk.command("import", "long 1 btc 64k 5x cross")
    talk.tap("Save all")
    talk.chat = GROUP
    talk.command("portfolio")
    assert talk.tap("Show here").startswith("The distances are not worked out")
