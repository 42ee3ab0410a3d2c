"""Several portfolios, their history, and the limits that are said before they are hit."""

from decimal import Decimal

import pytest

from bot.storage.portfolios import MOST_PORTFOLIOS, Portfolio
from tests.bot.flows.talk import ANN, BOB, Talk


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("deposit 10000")
    talk.say("add 100 sol long 150 20x iso")
    talk.tap("Make it so")
    return talk


def names(talk: Talk) -> list[str]:
    talk.command("portfolios")
    return [line.partition(":")[0].removeprefix("▸ ") for line in talk.text.splitlines()[1:] if "deleted" not in line]


def test_a_new_portfolio_is_empty_and_open(talk: Talk) -> None:
    assert talk.command("new", "bybit alts").startswith("✓ Open: bybit alts.")
    assert talk.portfolio == Portfolio(name="bybit alts")
    assert names(talk) == ["bybit alts", "main"]


def test_another_one_is_opened_by_button_and_in_words(talk: Talk) -> None:
    talk.command("new", "bybit alts")
    talk.command("portfolios")
    assert "SOL" in talk.tap("main")
    assert talk.portfolio.name == "main"
    talk.say("open Bybit Alts")
    assert talk.portfolio.name == "bybit alts"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("MAIN", "You have a portfolio called “MAIN” already."),
        ("x" * 41, "That name has 41 characters; a name has at most 40."),
        (" \u200b\n ", "What is the new portfolio called?"),
    ],
)
def test_a_name_that_cannot_be_is_said_why(talk: Talk, name: str, said: str) -> None:
    assert said in talk.command("new", name)
    assert names(talk) == ["main"]


def test_a_name_is_text_and_not_markup(talk: Talk) -> None:
    assert "<b>&amp;" in talk.command("new", "<b>&amp;")
    assert talk.portfolio.name == "<b>&amp;"


def test_the_most_portfolios_are_said_before_one_more_is_named() -> None:
    talk = Talk()
    for number in range(MOST_PORTFOLIOS):
        talk.shelves.add(ANN.id, Portfolio(name=f"p{number}"), talk.time)
    assert "You have 50 portfolios, which is the most" in talk.command("new", "one more")
    talk.command("portfolio")
    talk.tap("More…")
    assert "You have 50 portfolios, which is the most" in talk.tap("Duplicate")


def test_it_is_renamed_and_duplicated(talk: Talk) -> None:
    assert "✓ It is called swing now." in talk.say("rename to swing")
    talk.tap("More…")
    talk.tap("Duplicate")
    assert talk.portfolio.name == "swing 2"
    assert [each.symbol for each in talk.portfolio.positions] == ["SOLUSDT"]
    assert names(talk) == ["swing", "swing 2"]


def test_a_deleted_portfolio_comes_back_within_ten_minutes(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("More…")
    talk.tap("Delete…")
    assert talk.text.startswith("Delete main with its 1 position and its history?")
    assert names(talk) == ["main"]
    talk.tap("More…") if "More…" in talk.labels else talk.command("portfolio")
    talk.tap("More…")
    talk.tap("Delete…")
    talk.tap("Delete")
    assert not talk.saved
    talk.wait(minutes=9)
    talk.tap("Get back main")
    assert [each.symbol for each in talk.portfolio.positions] == ["SOLUSDT"]


def test_nobody_opens_anothers_portfolio_by_its_number(talk: Talk) -> None:
    talk.command("new", "secret plan")
    talk.person = BOB
    talk.command("portfolios")
    for number in range(1, 5):
        assert "secret" not in talk.act(f"open:{number}")
        assert "SOL" not in talk.text
        talk.act(f"restore:{number}")
    assert not talk.saved


def test_undo_and_redo_walk_back_and_forth_and_say_what_they_did(talk: Talk) -> None:
    talk.say("deposit 500")
    assert "Undone: +500 USDT, wallet 10,500." in talk.tap("Undo")
    assert talk.portfolio.wallet == {"USDT": Decimal(10000)}
    assert "Undone: SOL long added: 100 at 150." in talk.say("undo")
    assert talk.portfolio.positions == ()
    assert "Done again: SOL long added: 100 at 150." in talk.say("redo")
    assert "Done again: +500 USDT, wallet 10,500." in talk.command("redo")
    assert "There is nothing to redo." in talk.command("redo")


@pytest.mark.parametrize("forged", ["history:²", "page:²"])
def test_a_page_of_a_forged_number_is_the_first(talk: Talk, forged: str) -> None:
    talk.command("history" if forged.startswith("history") else "portfolio")
    assert talk.act(forged) == talk.act(forged.replace("²", ""))


def test_the_history_tells_every_change_its_time_and_the_numbers_of_then(talk: Talk) -> None:
    talk.wait(hours=3)
    talk.say("sol 160 now")
    text = talk.command("history")
    assert text.startswith("The last 3 changes\n\n3. SOL price 160, just now\n  then: SOL long liquidated at 143.22")
    assert "2. SOL long added: 100 at 150, 3 h ago" in text
    talk.tap("Undo")
    talk.tap("More…")
    assert "3. SOL price 160, just now, undone" in talk.tap("History")


def test_undo_goes_back_twenty_changes(talk: Talk) -> None:
    for amount in range(1, 25):
        talk.say(f"wallet {20000 + amount}")
    for _ in range(20):
        talk.command("undo")
    assert talk.portfolio.wallet == {"USDT": Decimal(20004)}
    assert "There is nothing to undo." in talk.command("undo")


def test_another_exchange_counts_by_its_own_rules(talk: Talk) -> None:
    talk.command("portfolio")
    talk.tap("More…")
    talk.tap("Exchange")
    assert "Not changed:" in talk.tap("Deribit")
    assert talk.portfolio.venue == "binance-usdm"
    talk.tap("Exchange")
    # Its requirement is half the margin at its highest leverage, 20x for SOL: (150 - 7.5) / 0.975 = 146.1538...
    assert "✓ Counted by the rules of Hyperliquid." in talk.tap("Hyperliquid")
    assert "liquidated at 146.154" in talk.text
    assert talk.portfolio.venue == "hyperliquid"
