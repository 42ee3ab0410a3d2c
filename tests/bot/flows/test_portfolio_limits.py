"""Limits are told before they are hit, and refused in plain words when they are."""

from decimal import Decimal

from bot.storage.portfolios import Portfolio, SavedPosition
from tests.bot.flows.talk import ANN, NOON, Talk


def full(count: int, name: str = "main") -> Portfolio:
    """That many longs of 0.001 BTC, isolated: each sets aside 6.4 USDT."""
    positions = tuple(
        SavedPosition(
            id=f"p{number}",
            symbol="BTCUSDT",
            side="long",
            quantity=Decimal("0.001"),
            entry_price=Decimal(64000),
            leverage=Decimal(10),
            margin_mode="isolated",
            saved_at=NOON,
        )
        for number in range(count)
    )
    return Portfolio(name=name, wallet={"USDT": Decimal(10000)}, positions=positions)


def talk_with(portfolio: Portfolio) -> Talk:
    talk = Talk()
    talk.shelves.add(ANN.id, portfolio, NOON)
    return talk


def test_a_portfolio_says_that_it_is_nearly_full() -> None:
    assert "positions: it is nearly full" not in talk_with(full(89)).command("portfolio")
    assert "90 of 100 positions: it is nearly full." in talk_with(full(90)).command("portfolio")


def test_a_full_portfolio_takes_no_more_by_order_or_import() -> None:
    talk = talk_with(full(100))
    assert "your portfolio is full (100 positions)" in talk.say("add 1 eth long 3000 10x iso")
    assert "Make it so" not in talk.labels
    assert "a portfolio holds 100 positions" in talk.command("import", "long 1 eth 3000 10x iso")
    assert len(talk.portfolio.positions) == 100


def test_a_list_of_portfolios_says_how_many_there_can_be() -> None:
    talk = Talk()
    for number in range(44):
        talk.command("new", f"p{number}")
    assert "There can be 50" not in talk.command("portfolios")
    talk.command("new", "p44")
    assert "There can be 50: you have 45." in talk.command("portfolios")
    for number in range(45, 50):
        talk.command("new", f"p{number}")
    assert "You have 50 portfolios, which is the most: delete one first." in talk.command("new", "p50")


def test_a_name_has_forty_characters_at_most() -> None:
    talk = Talk()
    assert "✓ Open: " in talk.command("new", "x" * 40)
    assert "That name has 41 characters; a name has at most 40." in talk.command("new", "y" * 41)
