"""Words and buttons that go to the right place: old Undo buttons, several changes back, the card's own words, names."""

from decimal import Decimal

import pytest

from tests.bot.flows.books import account, saved, talk_with
from tests.bot.flows.talk import Talk

BTC = saved("BTC", "long", "0.5", "64000", "20", "cross")


@pytest.fixture
def talk() -> Talk:
    talk = talk_with(account(BTC, wallet="10000"))
    talk.command("portfolio")
    return talk


def test_an_old_undo_button_undoes_nothing_else(talk: Talk) -> None:
    talk.say("deposit 500")
    old = talk.last
    talk.command("portfolio")
    talk.say("withdraw 200")
    text = talk.tap("Undo", on=old)
    assert text.startswith("That change is not the newest any more, so nothing is undone.")
    assert "+500 USDT, wallet 10,500" in text
    assert talk.portfolio.wallet == {"USDT": Decimal(10300)}
    talk.tap("Undo")  # on the history: the newest
    assert talk.portfolio.wallet == {"USDT": Decimal(10500)}


def test_an_undo_button_of_another_portfolio_leaves_the_open_one_alone(talk: Talk) -> None:
    talk.say("deposit 500")
    old = talk.last
    talk.command("new", "swing")
    talk.say("deposit 70")
    talk.tap("Undo", on=old)
    assert talk.portfolio.wallet == {"USDT": Decimal(70)}


@pytest.mark.parametrize("command", [False, True])
def test_several_changes_are_taken_back_at_once(talk: Talk, command: bool) -> None:
    for amount in (1, 2, 4):
        talk.say(f"deposit {amount}")
    text = talk.command("undo", "3") if command else talk.say("undo 3")
    assert talk.portfolio.wallet == {"USDT": Decimal(10000)}
    assert "Undone: +4 USDT, wallet 10,007; +2 USDT, wallet 10,003; +1 USDT, wallet 10,001." in text


def test_history_says_what_went_out(talk: Talk) -> None:
    talk.say("withdraw 200")
    assert "−200 USDT, wallet 9,800" in talk.command("history")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("delete", "Delete main"),
        ("duplicate", "Open: main 2"),
        ("venue bybit", "Bybit"),
        ("exchange binance", "Binance USD‑M"),
        ("multi-asset mode", "multi-asset"),
        ("multi asset", "multi-asset"),
    ],
)
def test_what_the_card_can_do_can_be_said(talk: Talk, words: str, said: str) -> None:
    assert said in talk.say(words)


def test_nothing_is_deleted_by_a_word_alone(talk: Talk) -> None:
    talk.say("delete")
    assert talk.portfolio.positions


@pytest.mark.parametrize("words", ["rename swing", "rename it to swing", "call it swing", "swing"])
def test_a_verb_before_a_name_is_no_part_of_it(talk: Talk, words: str) -> None:
    talk.command("new")
    talk.say(words)
    assert talk.portfolio.name == "swing"


def test_an_order_at_the_prompt_for_a_name_is_an_order(talk: Talk) -> None:
    talk.command("new", "swing")
    talk.command("new")
    assert "Open: main" in talk.say("open main")
    talk.command("new")
    talk.say("deposit 500")
    assert talk.portfolio.wallet == {"USDT": Decimal(10500)}


def test_names_stand_in_the_order_of_their_numbers(talk: Talk) -> None:
    for name in ("p10", "p2", "p1"):
        talk.command("new", name)
    text = talk.command("portfolios")
    assert text.index("p1:") < text.index("p2:") < text.index("p10:")
