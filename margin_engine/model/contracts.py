"""What a contract pays. The notional and the PnL of every kind are written here, side by side, and nowhere else.

    kind      size                         notional        unrealised PnL, s = +1 long, -1 short      average entry
    linear    q coins                      q P             s q (P - E)                                 arithmetic
    inverse   Q of the quote's face value  Q / P           s Q (1 / E - 1 / P)                         harmonic
    quanto    n k settle coins per unit    n k P           s n k (P - E)                               arithmetic

All amounts are in the settle asset. A linear and a quanto contract are worth their price, an inverse one is worth 1 /
price: each kind is a straight line in its own variable, and that is what health/rays.py walks on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from margin_engine.model.decimals import ONE

N = TypeVar("N", Decimal, Fraction)
"""A number of either exact kind; a formula never mixes the two."""


class ContractKind(StrEnum):
    """What one unit is worth: linear q P, inverse Q / P, quanto n k P in a third coin."""

    LINEAR = "linear"
    INVERSE = "inverse"
    QUANTO = "quanto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Terms of a contract. `None` leaves a term to the venue.

    multiplier: what one unit of quantity stands for, above 0: coins (linear), face value in the quote (inverse), settle
    coins per unit of price (quanto, which must state it). settle_asset: the coin in which PnL and margins are counted.
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


def notional(*, kind: ContractKind, size: N, price: N) -> N:
    """What a position is worth, in the settle asset: size x price, or size / price for an inverse contract.

    size: quantity x multiplier, above 0. price: above 0.
    """
    return size / price if kind is ContractKind.INVERSE else size * price


def unrealised_pnl(*, kind: ContractKind, signed_size: N, entry_price: N, price: N) -> N:
    """What closing a position at `price` would gain, in the settle asset.

    Signed size x (price - entry), or signed size x (1 / entry - 1 / price) for an inverse contract. signed_size is
    negative for a short; prices are above 0.
    """
    if kind is ContractKind.INVERSE:
        return signed_size / entry_price - signed_size / price
    return signed_size * (price - entry_price)


def closing_notional(*, kind: ContractKind, signed_size: N, entry_price: N, leverage: N) -> N:
    """What an isolated position would be worth where its initial margin is used up: its value at its bankruptcy price.

    Linear and quanto: size x entry x (1 - side / leverage). Inverse: size / entry x (1 + side / leverage), because a
    long that loses is worth more coins. A fee for closing there is a rate on this value.
    """
    value = notional(kind=kind, size=abs(signed_size), price=entry_price)
    margin = notional(kind=kind, size=signed_size, price=entry_price) / leverage
    return value + margin if kind is ContractKind.INVERSE else value - margin


def average_entry(kind: ContractKind, fills: Iterable[tuple[N, N]]) -> N:
    """The entry price of several (quantity, price) on one side: each above 0, at least one.

    Linear and quanto: sum of q E / sum of q. Inverse, harmonic: sum of Q / sum of (Q / E), so that the PnL of the whole
    is the sum of the parts' in either case.
    """
    pairs = list(fills)
    quantity, value = pairs[0][0], notional(kind=kind, size=pairs[0][0], price=pairs[0][1])
    for size, price in pairs[1:]:
        quantity += size
        value += notional(kind=kind, size=size, price=price)
    return quantity / value if kind is ContractKind.INVERSE else value / quantity
