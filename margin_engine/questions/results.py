"""What `evaluate` answers, field by field as other programs read it.

An answer that does not exist is None with a reason.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from margin_engine.model.book import Book, MarginMode, Side
from margin_engine.model.derivation import Step, chain


class LiquidationReason(StrEnum):
    """Why a position has no liquidation price. The set is closed.

    ALREADY_LIQUIDATABLE: the pool is at or below its requirement at the marks. COVERED_TO_ZERO: net long, and the pool
    outlasts a fall of the symbol to 0 and any rise. HEDGED_FLAT: long and short of the symbol cancel, and no
    requirement grows enough. COVERED_AT_ANY_PRICE: net short and still no price ends it (needs a table whose rates
    fall).
    """

    ALREADY_LIQUIDATABLE = "already_liquidatable"
    COVERED_TO_ZERO = "covered_to_zero"
    HEDGED_FLAT = "hedged_flat"
    COVERED_AT_ANY_PRICE = "covered_at_any_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionHealth:
    """One position at its mark. Amounts in the settle asset; margin_balance and margin_ratio are those of its pool.

    maintenance_margin is the whole requirement (closing fee included), maintenance_rate and maintenance_amount the
    rung's own. distance: signed fraction of the mark. max_loss: the wallet balance of the pool.
    """

    id: str
    symbol: str
    side: Side
    margin_mode: MarginMode
    pool_id: str
    notional: Decimal
    unrealised_pnl: Decimal
    initial_margin: Decimal
    maintenance_margin: Decimal
    maintenance_rate: Decimal
    maintenance_amount: Decimal
    margin_balance: Decimal
    margin_ratio: Decimal | None
    liquidation_price: Decimal | None
    liquidation_reason: LiquidationReason | None
    distance: Decimal | None
    bankruptcy_price: Decimal | None
    max_loss: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolHealth:
    """One pool at the marks, in its asset.

    The market-wide figures are signed fractions of all marks, moved by their betas.
    """

    id: str
    wallet_balance: Decimal
    margin_balance: Decimal
    initial_margin: Decimal
    maintenance_margin: Decimal
    margin_ratio: Decimal | None
    available_balance: Decimal
    liquidatable: bool
    market_fall_to_liquidation: Decimal | None
    market_rise_to_liquidation: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A book evaluated at its marks. tiers_as_of: date of the venue's tables, None if every table was given."""

    book: Book
    venue: str
    tiers_as_of: str | None
    assumptions: tuple[str, ...]
    positions: tuple[PositionHealth, ...]
    pools: tuple[PoolHealth, ...]
    derivation: tuple[Step, ...]

    def position(self, identity: str) -> PositionHealth:
        """The position of that id. Raises KeyError."""
        for position in self.positions:
            if position.id == identity:
                return position
        raise KeyError(identity)

    def pool(self, identity: str) -> PoolHealth:
        """The pool of that id: a position's own, or "cross:ASSET". Raises KeyError."""
        for pool in self.pools:
            if pool.id == identity:
                return pool
        raise KeyError(identity)

    def steps_of(self, subject: str, name: str | None = None) -> tuple[Step, ...]:
        """The working behind one figure (`liquidation_price`) of a position or pool: what it rests on, then the figure.

        Without a name: every step recorded for that subject. Empty where there is no such figure.
        """
        own = [step for step in self.derivation if step.subject == subject]
        if name is None:
            return tuple(own)
        named = [step for step in own if step.name == name]
        return chain(self.derivation, named[-1]) if named else ()
