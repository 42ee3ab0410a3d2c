"""What a contract pays. Its notional and its PnL are written here and nowhere else.

Only linear contracts (worth and settled in the quote coin) are answered; an inverse or quanto contract is refused by
name, because treating one as linear would give a confident wrong price.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from margin_engine.model.decimals import ONE
from margin_engine.model.errors import Unsupported


class ContractKind(StrEnum):
    """What one unit is worth: linear q P, inverse Q / P, quanto n k P in a third coin."""

    LINEAR = "linear"
    INVERSE = "inverse"
    QUANTO = "quanto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Terms of a contract. `None` leaves a term to the venue.

    multiplier: coins in one unit of quantity (above 0). settle_asset: the coin in which PnL and margins are counted.
    """

    kind: ContractKind | None = None
    multiplier: Decimal | None = None
    settle_asset: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A contract with nothing left open."""

    kind: ContractKind = ContractKind.LINEAR
    multiplier: Decimal = ONE
    settle_asset: str


def refuse_unsupported(kind: ContractKind, *, field: str) -> None:
    """Refuse every kind whose formulas are not here.

    Raises Unsupported, which names the kind.
    """
    if kind is not ContractKind.LINEAR:
        rule = "must be linear (inverse and quanto are not supported yet)"
        raise Unsupported(field=field, value=kind.value, rule=rule)


def notional(*, size: Decimal, price: Decimal) -> Decimal:
    """What a linear position is worth: size x price, in the settle asset."""
    return size * price


def unrealised_pnl(*, signed_size: Decimal, entry_price: Decimal, price: Decimal) -> Decimal:
    """What closing a linear position at `price` would gain: signed size x (price - entry), in the settle asset."""
    return signed_size * (price - entry_price)
