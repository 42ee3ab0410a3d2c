"""What a position or a pool is worth at one set of prices: one small value, the same for both, that adds up.

Questions are answered by comparing sums and products, never by dividing: a ratio has no sign to trust when the margin
balance is zero or less.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from margin_engine.model.contracts import notional, unrealised_pnl
from margin_engine.model.decimals import ZERO
from margin_engine.model.pools import Holding, Pool


@dataclass(frozen=True, slots=True)
class Risk:
    """Amounts in the settle asset. maintenance_margin is the whole requirement, closing fee included."""

    unrealised_pnl: Decimal = ZERO
    initial_margin: Decimal = ZERO
    maintenance_margin: Decimal = ZERO

    def __add__(self, other: "Risk") -> "Risk":
        return Risk(
            self.unrealised_pnl + other.unrealised_pnl,
            self.initial_margin + other.initial_margin,
            self.maintenance_margin + other.maintenance_margin,
        )

    def liquidatable(self, wallet_balance: Decimal) -> bool:
        """Whether wallet + unrealised PnL <= maintenance margin. Touching counts."""
        return wallet_balance + self.unrealised_pnl <= self.maintenance_margin


def risk_of(holding: Holding, price: Decimal) -> Risk:
    """The risk of one position at a price above 0: PnL, notional / leverage, and its rung's requirement."""
    value = notional(size=holding.size, price=price)
    ladder = holding.ladder
    piece = ladder.piece_at(value)
    return Risk(
        unrealised_pnl(signed_size=holding.signed_size, entry_price=holding.position.entry_price, price=price),
        value / holding.position.leverage,
        value * ladder.slopes[piece] - ladder.deductions[piece],
    )


def total(risks: Iterable[Risk]) -> Risk:
    """The risk of several positions together."""
    return sum(risks, start=Risk())


def is_dead(pool: Pool) -> bool:
    """Whether a pool is liquidatable at its marks. A pool without positions never is."""
    if not pool.holdings:
        return False
    return total(risk_of(holding, holding.mark_price) for holding in pool.holdings).liquidatable(pool.wallet_balance)
