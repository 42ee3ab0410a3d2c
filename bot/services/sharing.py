"""What a link gives away: a copy of a portfolio, or its shape, from which every amount and price is taken out."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from bot.services.saved import terms_of
from bot.storage.portfolios import Portfolio, SavedPosition
from margin_engine import ContractKind

LIFETIME: Final = timedelta(days=7)
MOST_LINKS: Final = 10
_PERCENT: Final = Context(prec=4, rounding=ROUND_HALF_EVEN)


def copy_of(portfolio: Portfolio, *, now: datetime) -> Portfolio:
    """The portfolio as another person gets it: the same numbers, without ids and times of saving."""
    positions = tuple(
        each.model_copy(update={"id": f"s{number}", "saved_at": now})
        for number, each in enumerate(portfolio.positions, start=1)
    )
    return portfolio.model_copy(update={"positions": positions})


def shape_of(portfolio: Portfolio, *, now: datetime) -> Portfolio:
    """Only the shape: each position's percent of all positions' value at entry in place of its size; no price, no
    wallet, nothing that an amount could be worked out from."""
    values = [_value(each, portfolio) for each in portfolio.positions]
    total = sum(values, Decimal(0))
    positions = tuple(
        SavedPosition(
            id=f"s{number}",
            symbol=each.symbol,
            side=each.side,
            quantity=_PERCENT.divide(value * 100, total),
            entry_price=Decimal(1),
            leverage=each.leverage,
            margin_mode=each.margin_mode,
            saved_at=now,
        )
        for number, (each, value) in enumerate(zip(portfolio.positions, values, strict=True), start=1)
    )
    return Portfolio(name=portfolio.name, venue=portfolio.venue, positions=positions)


def _value(position: SavedPosition, portfolio: Portfolio) -> Decimal:
    """A position's value at entry in its quote coin."""
    terms = terms_of(portfolio, position.symbol)
    size = position.quantity * (terms.multiplier if terms is not None else 1)
    inverse = terms is not None and terms.kind is ContractKind.INVERSE
    return size if inverse else size * position.entry_price
