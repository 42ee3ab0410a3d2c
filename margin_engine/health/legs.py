"""Positions along a path of prices, as the walks see them: PnL and notional as straight lines in the path's parameter.

Along the price of one symbol alone the parameter is what its contract is worth: the price, or 1 / price for an inverse
contract, so that both are straight lines for every kind. Along a joint move it is the common fraction: straight lines
for linear and quanto contracts, and a constant over 1 + weight x t for inverse ones.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Generic

from margin_engine.model.contracts import N, notional, unrealised_pnl
from margin_engine.model.pools import Holding
from margin_engine.model.tiers import Ladder, in_numbers

_ZERO = Fraction(0)


@dataclass(slots=True)
class Leg(Generic[N]):
    """One position along a path: pnl = pnl_at_zero + pnl_slope t, notional = notional_at_zero + notional_slope t.

    asset: the number of the pool's asset in which it settles.
    """

    pnl_at_zero: N
    pnl_slope: N
    notional_at_zero: N
    notional_slope: N
    ladder: Ladder[N]
    asset: int = 0

    def notional(self, at: N) -> N:
        """Its notional at t."""
        return self.notional_at_zero + self.notional_slope * at

    @property
    def growth(self) -> N:
        """Above 0 where the notional rises with t, below 0 where it falls, 0 where it stands still."""
        return self.notional_slope

    def reaches(self, floor: N) -> tuple[N, N]:
        """Where the notional is `floor`: numerator and denominator (not 0) of t."""
        return floor - self.notional_at_zero, self.notional_slope


@dataclass(slots=True)
class PulledLeg(Leg[Fraction]):
    """An inverse position along a joint move: notional = notional_at_zero / (1 + pull t), PnL = pnl_at_zero + pnl_over
    / (1 + pull t). Its slopes are 0, pull is not."""

    pull: Fraction = _ZERO
    pnl_over: Fraction = _ZERO

    def notional(self, at: Fraction) -> Fraction:
        return self.notional_at_zero / (1 + self.pull * at)

    @property
    def growth(self) -> Fraction:
        return -self.pull

    def reaches(self, floor: Fraction) -> tuple[Fraction, Fraction]:
        return self.notional_at_zero - floor, floor * self.pull


def price_leg(holding: Holding, number: type[N], asset: int = 0) -> Leg[N]:
    """A position along what its contract is worth: t is the price, or 1 / price for an inverse contract."""
    size, entry_price = number(holding.size), number(holding.position.entry_price)
    worth = number(holding.signed_size)
    ladder = in_numbers(holding.ladder, number)
    if holding.inverse:
        return Leg(worth / entry_price, -worth, number(0), size, ladder, asset)
    return Leg(-worth * entry_price, worth, number(0), size, ladder, asset)


def move_leg(holding: Holding, weight: N, asset: int = 0) -> Leg[N]:
    """A linear or quanto position along a joint move: its price is mark x (1 + weight x t)."""
    number = type(weight)
    mark, kind = number(holding.mark_price), holding.terms.kind
    value = notional(kind=kind, size=number(holding.size), price=mark)
    entry_price, signed_size = number(holding.position.entry_price), number(holding.signed_size)
    pnl = unrealised_pnl(kind=kind, signed_size=signed_size, entry_price=entry_price, price=mark)
    drift = value if signed_size > 0 else -value
    return Leg(pnl, drift * weight, value, value * weight, in_numbers(holding.ladder, number), asset)


def joint_leg(holding: Holding, weight: Fraction, asset: int = 0) -> Leg[Fraction]:
    """A position of any kind along a joint move: its price is mark x (1 + weight x t)."""
    standing = move_leg(holding, _ZERO if holding.inverse else weight, asset)
    if not holding.inverse or not weight:
        return standing
    signed_size = Fraction(holding.signed_size)
    earned = signed_size / Fraction(holding.position.entry_price)
    value = standing.notional_at_zero
    over = -value if signed_size > 0 else value
    return PulledLeg(earned, _ZERO, value, _ZERO, standing.ladder, asset, pull=weight, pnl_over=over)
