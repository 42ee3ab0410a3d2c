"""The one domain idea: a pool is a wallet balance and the positions that it backs.

Cross margin is one pool with all positions of a settle asset, isolated margin is a pool for each position. No formula
asks which of the two it is in; comparing the modes is the same book partitioned twice.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from margin_engine.model.book import MarginMode, Position, Rules
from margin_engine.model.contracts import Terms
from margin_engine.model.tiers import Ladder, TierTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A position with nothing left open.

    size = quantity x multiplier, in coins; signed_size is negative for a short. beta and shock are those of its symbol.
    """

    position: Position
    label: str
    terms: Terms
    size: Decimal
    signed_size: Decimal
    mark_price: Decimal
    table: TierTable
    amounts: tuple[Decimal, ...]
    ladder: Ladder
    tiers_source: str
    beta: Decimal
    shock: Decimal

    @property
    def piece_at_mark(self) -> int:
        """The piece of the ladder on which the notional at the mark stands."""
        return self.ladder.piece_at(self.size * self.mark_price)

    @property
    def own_margin(self) -> Fraction:
        """The isolated margin, exact: as given, else notional at entry / leverage (not always a finite decimal)."""
        position = self.position
        if position.isolated_margin is not None:
            return Fraction(position.isolated_margin)
        return Fraction(self.size * position.entry_price) / Fraction(position.leverage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A wallet balance in `asset` and the holdings that it backs; `id` is the position's own, or "cross:ASSET".

    exact_balance is the wallet balance before any rounding: margins of a third cancel to nothing, as they should.
    """

    id: str
    label: str
    asset: str
    mode: MarginMode
    exact_balance: Fraction
    wallet_balance: Decimal
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A book with nothing left open, in pools: each isolated position's, then one cross pool per asset."""

    venue: str
    tiers_as_of: str | None
    assumptions: tuple[str, ...]
    rules: Rules
    wallet: dict[str, Decimal]
    pools: tuple[Pool, ...]
    order: tuple[str, ...]


def decimal_of(value: Fraction) -> Decimal:
    """A fraction as a decimal: exact where it is one, else rounded in the last digit of the context."""
    return Decimal(value.numerator) / Decimal(value.denominator)
