"""Coins that back a multi-asset account: how much of each, at which price it counts, and how much is cut off that."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.rendering.views import Backing, Note
from bot.services.accounts import examined
from bot.services.funds import HAIRCUT
from bot.services.symbols import coin_of
from bot.storage.portfolios import Portfolio, SavedCollateral
from bot.understanding.coins import STABLES

MOST_COINS: Final = 12
"""Coins that one account holds as collateral: a page of buttons."""


def coins_of(portfolio: Portfolio) -> tuple[str, ...]:
    """The coins in the wallet or counted as collateral, dollars aside."""
    held = dict.fromkeys((*portfolio.wallet, *portfolio.collateral))
    return tuple(asset for asset in held if asset not in STABLES)


def backing_of(portfolio: Portfolio, *, now: datetime) -> tuple[Backing, ...]:
    """The coins of the account as they are shown."""
    return tuple(
        Backing(
            asset=asset,
            amount=portfolio.wallet.get(asset, Decimal(0)),
            price=held.price if (held := portfolio.collateral.get(asset)) is not None else None,
            haircut=held.haircut if held is not None else HAIRCUT,
            age=now - held.given_at if held is not None and held.given_at is not None else None,
        )
        for asset in coins_of(portfolio)
    )


def unpriced(portfolio: Portfolio) -> tuple[str, ...]:
    """The coins whose price has to be known before all assets can back one account."""
    return tuple(asset for asset in coins_of(portfolio) if asset not in portfolio.collateral)


def with_marked(portfolio: Portfolio) -> Portfolio:
    """The account whose coins without a price count at the mark that was given of their contract, if there is one."""
    marks = {coin_of(symbol): mark for symbol, mark in portfolio.marks.items() if mark.source == "given"}
    found = {
        asset: SavedCollateral(price=marks[asset].price, haircut=HAIRCUT, given_at=marks[asset].given_at)
        for asset in unpriced(portfolio)
        if asset in marks
    }
    return portfolio.model_copy(update={"collateral": {**portfolio.collateral, **found}})


def with_backing(
    portfolio: Portfolio,
    asset: str,
    *,
    now: datetime,
    amount: Decimal | None = None,
    price: Decimal | None = None,
    haircut: Decimal | None = None,
) -> tuple[Portfolio | None, Note | None]:
    """The account with another amount, price or haircut of a coin; None and why, where it cannot be.

    An amount of 0 takes the coin out. A coin that had no haircut gets the assumed one.
    """
    wallet, collateral = dict(portfolio.wallet), dict(portfolio.collateral)
    if amount is not None:
        wallet[asset] = amount
    if price is not None or haircut is not None:
        held = collateral.get(asset) or SavedCollateral(price=price or Decimal(1), haircut=HAIRCUT)
        update = {"haircut": haircut} if price is None else {"price": price, "given_at": now}
        collateral[asset] = held.model_copy(update=update)
    if amount == 0:
        wallet.pop(asset)
        collateral.pop(asset, None)
    changed = portfolio.model_copy(update={"wallet": wallet, "collateral": collateral})
    _, before = examined(portfolio) if portfolio.positions else (None, None)
    _, trouble = examined(changed) if changed.positions else (None, None)
    return (None, trouble) if trouble is not None and before is None else (changed, None)
