"""Accounts that tests of several conversations begin with."""

from __future__ import annotations

from decimal import Decimal

from bot.storage.portfolios import Mark, Portfolio, SavedPosition
from tests.bot.flows.talk import ANN, NOON, Talk


def saved(coin: str, side: str, quantity: str, entry: str, leverage: str, mode: str) -> SavedPosition:
    return SavedPosition.model_validate(
        {
            "id": f"{coin}-{side}",
            "symbol": f"{coin}USDT",
            "side": side,
            "quantity": quantity,
            "entry_price": entry,
            "leverage": leverage,
            "margin_mode": mode,
            "saved_at": NOON,
        }
    )


def account(*positions: SavedPosition, wallet: str | None = "5000") -> Portfolio:
    marks = {each.symbol: Mark(price=each.entry_price, given_at=NOON, source="entry") for each in positions}
    return Portfolio(wallet={"USDT": Decimal(wallet)} if wallet else {}, positions=positions, marks=marks)


THREE = account(
    saved("BTC", "long", "0.1", "64000", "25", "cross"),
    saved("ETH", "short", "1", "3200", "10", "cross"),
    saved("SOL", "long", "20", "150", "5", "cross"),
)
"""Long BTC at 25x, short ETH at 10x, long SOL at 5x, all cross, 5,000 USDT."""


def talk_with(portfolio: Portfolio) -> Talk:
    """A chat of somebody who has saved this."""
    talk = Talk()
    talk.shelves.add(ANN.id, portfolio, NOON)
    return talk
