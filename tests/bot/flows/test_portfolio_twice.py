"""A cross position that is there twice: never kept, and where it was kept once, said and mended."""

from decimal import Decimal

import pytest

from bot.dialogue import Chat
from bot.services.exports import csv_of, json_of
from tests.bot.flows.books import account, saved, talk_with
from tests.bot.flows.talk import Talk

CROSS = "long 0.5 btc 64k 20x cross"
BTC = saved("BTC", "long", "0.5", "64000", "20", "cross")


def test_the_same_import_again_takes_the_place_of_what_is_there() -> None:
    talk = Talk()  # nobody told a wallet
    for _ in range(2):
        talk.command("import", CROSS)
        talk.tap(talk.labels[0])
    assert [(each.symbol, each.quantity) for each in talk.portfolio.positions] == [("BTCUSDT", Decimal("0.5"))]
    talk.command("import", "long 0.7 btc 60k 20x cross")
    assert "1. Long 0.7 BTC at 60,000, 20x, cross\n  in place of the one that is there already" in talk.text
    talk.tap("Save all, replace what is there")
    assert [each.quantity for each in talk.portfolio.positions] == [Decimal("0.7")]
    talk.tap("Undo")
    assert [each.quantity for each in talk.portfolio.positions] == [Decimal("0.5")]


def test_two_lines_of_one_cross_position_are_refused_by_line() -> None:
    talk = Talk()
    text = talk.command("import", f"{CROSS}\n{CROSS}")
    assert "2. ⚠ long 0.5 btc 64k 20x cross: the BTC long of line 1 again" in text
    assert "Save all" not in talk.labels


def test_positions_taken_as_cross_are_not_kept_beside_their_like() -> None:
    talk = Talk()
    talk.command("import", "long 0.5 btc 64k 20x\nlong 0.4 btc 63k 20x")
    text = talk.tap("As cross")
    assert "twice in cross" in text
    assert talk.portfolio.positions == ()


def test_the_own_table_sent_back_is_known_again() -> None:
    own = account(BTC, saved("ETH", "short", "4", "3200", "10", "isolated"))
    talk = talk_with(own)
    text = talk.command("import", csv_of(own))
    assert text.count("in place of the one that is there already") == 2
    talk.tap("Save all, replace what is there")
    assert len(talk.portfolio.positions) == 2


def test_the_own_document_sent_back_can_take_the_place_of_the_portfolio() -> None:
    own = account(BTC)
    talk = talk_with(own)
    talk.say("btc 63k now")
    text = talk.command("import", json_of(own))
    assert "is in the open portfolio already" in text
    assert [label for label in talk.labels if "main" in label] == ["Replace main with it"]
    talk.tap("Replace main with it")
    assert talk.portfolio == own
    assert talk.portfolio.name == "main"
    talk.tap("Undo")
    assert talk.portfolio.marks["BTCUSDT"].price == 63000


TWICE = account(BTC, BTC.model_copy(update={"id": "b"}), BTC.model_copy(update={"id": "c"}))


@pytest.mark.parametrize("words", ["what if btc -10%", "how much margin to add to survive -20%", "wallet 6000"])
def test_an_account_that_holds_one_twice_says_so(words: str) -> None:
    talk = talk_with(TWICE)
    assert "BTC long is there twice in cross, where an account has one. Remove one of them" in talk.say(words)


@pytest.mark.parametrize("command", ["check", "compare", "portfolio"])
def test_a_command_about_such_an_account_says_so_too(command: str) -> None:
    assert "BTC long is there twice in cross" in talk_with(TWICE).command(command)


@pytest.mark.parametrize("label", ["Picture", "What if…", "Compare", "Make it safer", "Positions…", "Price now"])
def test_no_button_of_such_an_account_fails(label: str) -> None:
    talk = talk_with(TWICE)
    talk.command("portfolio")
    assert talk.tap(label)


def test_such_an_account_is_mended_by_removing_one_after_the_other() -> None:
    talk = talk_with(TWICE)
    for _ in range(2):
        talk.say("remove btc")
        talk.tap("Long 0.5 BTC at 64,000, 20x, cross")
        talk.tap("Make it so")
    assert len(talk.portfolio.positions) == 1
    assert "cannot be worked out" not in talk.text


def test_in_a_group_nothing_of_it_shows() -> None:
    talk = talk_with(TWICE)
    talk.chat = Chat(id=-5, kind="supergroup")
    assert "twice" not in talk.command("compare")
