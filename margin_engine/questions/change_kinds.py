"""The changes that a book can go through: a closed union. What each of them does stands in changes.py.

A change speaks of the moment at which its turn comes: after a shock the marks are the shocked ones, and a price that a
change states is a price of then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from margin_engine.model.book import MarginMode, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceShock:
    """Every mark to mark x (1 + shock), shocks above -1; "*" for the symbols not named; collateral only by name."""

    shocks: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """Money into the wallet: amount above 0, in the asset."""

    asset: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Money out of the wallet: amount above 0, at most what is available, never a profit that is not realised."""

    asset: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMargin:
    """From the wallet's shared part into an isolated position: amount above 0."""

    id: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMargin:
    """Out of an isolated position: amount above 0, leaving its initial margin in it."""

    id: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A new position. Without a mark it takes the symbol's mark of then, or its entry price."""

    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """More of a position, at a price (None: the mark). Isolated, it takes the initial margin of what is added."""

    id: str
    quantity: Decimal
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduce:
    """Less of a position, at a price (None: the mark). Isolated, its share of the margin returns to the wallet."""

    id: str
    quantity: Decimal
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """All of a position, at a price (None: the mark)."""

    id: str
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLeverage:
    """Another leverage. An isolated margin that was stated stays; one left open follows the leverage."""

    id: str
    leverage: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchMode:
    """The other margin mode. margin: what an isolated position takes along (None: its initial margin at entry)."""

    id: str
    margin_mode: MarginMode
    margin: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFee:
    """A fee paid from the wallet's shared part; a negative amount is a rebate."""

    asset: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFunding:
    """One funding of a symbol at the mark: longs pay notional x rate to shorts, the reverse below 0.

    Isolated positions pay from their own margin, cross ones from the shared balance.
    """

    symbol: str
    rate: Decimal


Change = (
    PriceShock
    | Deposit
    | Withdraw
    | AddMargin
    | TakeMargin
    | Open
    | Add
    | Reduce
    | Close
    | SetLeverage
    | SwitchMode
    | PayFee
    | PayFunding
)
