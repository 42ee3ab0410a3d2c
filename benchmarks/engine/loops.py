"""The plainest ways to do the same: a bare Decimal loop for one account, a bare numba loop over the separable form."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numba
import numpy as np

from margin_engine.health.surface import Floats

Account = tuple[Decimal, list[tuple[int, Decimal, Decimal, Decimal, list[tuple[Decimal, Decimal, Decimal]]]]]


def prepared(book: dict[str, Any]) -> Account:
    """Wallet, and for each position its sign, quantity, entry, mark and rungs (floor, rate, amount)."""
    rungs: list[tuple[Decimal, Decimal, Decimal]] = []
    for row in next(iter(book["tiers"].values())):
        floor, rate = Decimal(row["floor"]), Decimal(row["rate"])
        rungs.append((floor, rate, rungs[-1][2] + floor * (rate - rungs[-1][1]) if rungs else Decimal(0)))
    positions = []
    for each in book["positions"]:
        sign = 1 if each["side"] == "long" else -1
        quantity, entry, mark = (Decimal(each[field]) for field in ("quantity", "entry_price", "mark_price"))
        positions.append((sign, quantity, entry, mark, rungs))
    return Decimal(book["wallet"]["USDT"]), positions


def decimal_prices(account: Account) -> list[Decimal | None]:
    """Every position's price by the closed form, trying the rungs in turn: no checks, no working, no other figure."""
    wallet, positions = account
    figures = []
    for sign, quantity, entry, mark, rungs in positions:
        notional = quantity * mark
        rate, amount = next((rate, amount) for floor, rate, amount in reversed(rungs) if floor <= notional)
        figures.append(sign * quantity * (mark - entry) - notional * rate + amount)
    free = wallet + sum(figures)
    prices: list[Decimal | None] = []
    for own, (sign, quantity, entry, _, rungs) in zip(figures, positions, strict=True):
        others, found = free - own - sign * quantity * entry, None
        ceilings = [*(floor for floor, _, _ in rungs[1:]), Decimal("Infinity")]
        for (floor, rate, amount), ceiling in zip(rungs, ceilings, strict=True):
            price = (others + amount) / (quantity * rate - sign * quantity)
            if floor <= quantity * price < ceiling and price > 0:
                found = price
                break
        prices.append(found)
    return prices


def _plainest(prices: Floats, balance: float, slopes: Floats, intercepts: Floats) -> Floats:
    found = np.full(prices.shape[1], balance)
    for symbol in range(prices.shape[0]):
        for scenario in range(prices.shape[1]):
            price = prices[symbol, scenario]
            value = intercepts[symbol, 0] + slopes[symbol, 0] * price
            for piece in range(1, slopes.shape[1]):
                value = min(value, intercepts[symbol, piece] + slopes[symbol, piece] * price)
            found[scenario] += value
    return found


plainest: Callable[[Floats, float, Floats, Floats], Floats] = numba.njit(nogil=True)(_plainest)
"""Health of a pool with rising marginal tables: for each symbol the lowest of its lines. Rows are symbols."""
