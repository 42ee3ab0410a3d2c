"""Maintenance tiers: how much of a notional a venue requires, rung by rung.

    requirement = max(0, notional x rate - amount) + notional x closing_fee_rate

on the highest rung whose floor is <= the notional. In a *marginal* table each rate counts for its own slice only, and
the amounts follow from continuity: amount_n = amount_(n-1) + floor_n x (rate_n - rate_(n-1)). In a *whole_position*
table the rung's rate counts for all of the notional, so that the requirement jumps at each floor. Given amounts may
make a marginal table jump as well; nothing here relies on its being continuous.
"""

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Generic, cast

from margin_engine.model.checks import above_zero, below_one, finite
from margin_engine.model.contracts import N
from margin_engine.model.decimals import ZERO
from margin_engine.model.errors import InvalidValue


class TierMethod(StrEnum):
    """Whether a rung's rate counts for its slice or for the whole position."""

    MARGINAL = "marginal"
    WHOLE_POSITION = "whole_position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One rung. `floor` is a notional in the settle asset (>= 0), `rate` a fraction in [0, 1).

    `amount` (settle asset) is None where it follows from continuity; `max_leverage` is None where there is no limit.
    """

    floor: Decimal
    rate: Decimal
    amount: Decimal | None = None
    max_leverage: Decimal | None = None


@dataclass(frozen=True)
class Ladder(Generic[N]):
    """A table compiled into the straight pieces of its requirement, closing fee included.

    Piece i holds for notionals from `starts[i]` (included) to the next start: requirement = slopes[i] x notional -
    deductions[i]. `rungs[i]` is its rung; where the rung's rate would require less than nothing the piece is `clipped`
    to the closing fee alone, so that one rung can have two pieces.
    """

    starts: tuple[N, ...]
    slopes: tuple[N, ...]
    deductions: tuple[N, ...]
    rungs: tuple[int, ...]
    clipped: tuple[bool, ...]

    def requirement(self, notional: N) -> N:
        """What a notional (>= 0) requires, on the piece on which it stands."""
        piece = self.piece_at(notional)
        return notional * self.slopes[piece] - self.deductions[piece]

    @cached_property
    def in_fractions(self) -> "Ladder[Fraction]":
        """The same ladder in fractions."""
        columns = [tuple(map(Fraction, column)) for column in (self.starts, self.slopes, self.deductions)]
        return Ladder(columns[0], columns[1], columns[2], self.rungs, self.clipped)

    def piece_at(self, notional: N) -> int:
        """The piece on which a notional (>= 0) stands: a floor that is reached belongs to the upper piece."""
        return bisect_right(self.starts, notional) - 1

    def steepest_from(self, piece: int) -> N:
        """The highest slope of a piece and all those above it."""
        return max(self.slopes[piece:])

    @cached_property
    def continuous(self) -> bool:
        """Whether every piece begins where the one below it ends: the requirement never jumps."""
        return all(
            start * (self.slopes[piece] - self.slopes[piece - 1]) == self.deductions[piece] - self.deductions[piece - 1]
            for piece, start in enumerate(self.starts)
            if piece
        )


def in_numbers(ladder: Ladder[Decimal], number: type[N]) -> Ladder[N]:
    """A ladder in decimals, as it is compiled, or in fractions."""
    return cast("Ladder[N]", ladder if number is Decimal else ladder.in_fractions)


@dataclass(frozen=True, slots=True)
class TierTable:
    """The rungs of one symbol, lowest first."""

    tiers: tuple[Tier, ...]

    def check(self, *, field: str) -> None:
        """Refuse a table whose floors, rates or limits cannot be meant; `field` is its path. Raises InvalidValue."""
        if not self.tiers:
            raise InvalidValue(field=field, value="no rung", rule="must have at least one rung")
        below: Decimal | None = None
        for number, tier in enumerate(self.tiers):
            _check_tier(tier, below=below, field=f"{field}[{number}]")
            below = tier.floor

    def check_method(self, *, field: str, method: TierMethod) -> None:
        """Refuse amounts where each rate counts for the whole position. Raises InvalidValue."""
        if method is not TierMethod.WHOLE_POSITION:
            return
        for number, tier in enumerate(self.tiers):
            if tier.amount:
                rule = "must be left out or 0 where tier_method is whole_position"
                raise InvalidValue(field=f"{field}[{number}].amount", value=tier.amount, rule=rule)

    def rung_at(self, notional: Decimal) -> int:
        """The number of the highest rung whose floor is <= the notional (>= 0)."""
        return bisect_right(self.tiers, notional, key=_floor) - 1

    def amounts(self, method: TierMethod) -> tuple[Decimal, ...]:
        """The maintenance amount of every rung: as given, else by continuity; none in a whole-position table."""
        if method is TierMethod.WHOLE_POSITION:
            return (ZERO,) * len(self.tiers)
        amounts: list[Decimal] = []
        rate = self.tiers[0].rate
        for tier in self.tiers:
            continued = amounts[-1] + tier.floor * (tier.rate - rate) if amounts else ZERO
            amounts.append(continued if tier.amount is None else tier.amount)
            rate = tier.rate
        return tuple(amounts)

    def ladder(self, *, method: TierMethod, closing_fee_rate: Decimal) -> Ladder[Decimal]:
        """Compile the table into the straight pieces of its requirement."""
        pieces: list[tuple[Decimal, Decimal, Decimal, int, bool]] = []
        ceilings = [*(tier.floor for tier in self.tiers[1:]), None]
        for rung, (tier, amount, ceiling) in enumerate(zip(self.tiers, self.amounts(method), ceilings, strict=True)):
            line = (tier.rate + closing_fee_rate, amount, rung, False)
            if amount <= tier.floor * tier.rate:
                pieces.append((tier.floor, *line))
                continue
            # The rate alone requires less than nothing up to amount / rate, if this rung reaches that far.
            pieces.append((tier.floor, closing_fee_rate, ZERO, rung, True))
            if tier.rate > 0 and (ceiling is None or amount < ceiling * tier.rate):
                pieces.append((amount / tier.rate, *line))
        return Ladder(*zip(*pieces, strict=True))


def _floor(tier: Tier) -> Decimal:
    return tier.floor


def _check_tier(tier: Tier, *, below: Decimal | None, field: str) -> None:
    if below is None and finite(tier.floor, f"{field}.floor") != 0:
        raise InvalidValue(field=f"{field}.floor", value=tier.floor, rule="must be 0 in the first rung")
    if below is not None and finite(tier.floor, f"{field}.floor") <= below:
        rule = f"must be above the floor before it ({below})"
        raise InvalidValue(field=f"{field}.floor", value=tier.floor, rule=rule)
    below_one(tier.rate, f"{field}.rate")
    if tier.amount is not None:
        finite(tier.amount, f"{field}.amount")
    if tier.max_leverage is not None:
        above_zero(tier.max_leverage, f"{field}.max_leverage")
