"""Where a pool of any kind is first liquidatable: along a joint move of prices, and along the price of one symbol.

This is where it is decided which walk a question needs. A pool in which everything is a straight line is walked in
decimals; inverse contracts and several assets bring quotients in, so these are walked in fractions, and only the answer
is made a decimal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from margin_engine.health.legs import joint_leg, move_leg, price_leg
from margin_engine.health.lines import set_aside
from margin_engine.health.quotients import AssetCourse, first_joint_crossing
from margin_engine.health.rays import Crossing, Reach, first_crossing
from margin_engine.health.risk import Sums, Worth
from margin_engine.model.decimals import ZERO
from margin_engine.model.pools import BackingAsset, Holding, Pool, decimal_of

FALL, RISE = -1, 1
_NONE = Fraction(0)

Weigh = Callable[[Holding | BackingAsset], Decimal]
"""How much something moves along a joint move: its beta, its shock."""


@dataclass(frozen=True, slots=True)
class Met:
    """Where a pool first meets its requirement.

    at: a price, or a fraction of the marks. pieces: the piece of each leg's ladder that holds there. jump: the leg
    whose requirement jumps there, and the notional of that floor; None where the requirement is met.
    """

    at: Decimal
    pieces: tuple[int, ...]
    jump: tuple[int, Decimal] | None = None


def move_crossing(
    pool: Pool, *, weigh: Weigh, direction: int, end: Fraction | None, included: bool = False
) -> Met | None:
    """Where a joint move makes a living pool liquidatable: each price is what it is x (1 + weight x t), from t = 0.

    direction: FALL (-1) or RISE (+1), the sign of t. end: how far t goes, None without end; included: whether that
    counts. All prices are above 0 before the end. Returns None if the pool lives.
    """
    if pool.straight:
        legs = [move_leg(holding, weigh(holding)) for holding in pool.holdings]
        balance = pool.wallet_balance - set_aside(pool.holdings)
        reach = Reach(None if end is None else decimal_of(end), included)
        crossing = first_crossing(balance=balance, legs=legs, start=ZERO, direction=direction, reach=reach)
        return None if crossing is None else Met(crossing.at, crossing.pieces, crossing.jump)
    places = places_of(pool)
    joint = [joint_leg(each, Fraction(weigh(each)), places.get(each.terms.settle_asset, 0)) for each in pool.holdings]
    assets = _courses(pool, weigh)
    for holding in pool.holdings:
        place = places.get(holding.terms.settle_asset, 0)
        assets[place] = replace(assets[place], need=assets[place].need + Fraction(holding.fee_to_close))
    found = first_joint_crossing(
        assets=assets, legs=joint, start=_NONE, direction=direction, reach=Reach(end, included)
    )
    return None if found is None else _met(found, found.at)


class PriceRay:
    """The health of a pool along the price of one symbol: its positions move, everything else stands still.

    others_profit_counts: whether the profits of other symbols' positions back these; their losses do in any case.
    """

    def __init__(self, pool: Pool, worth: Worth, group: Sequence[Holding], *, others_profit_counts: bool) -> None:
        self.pool, self.worth, self.group = pool, worth, group
        self.profits = others_profit_counts
        self.asset = group[0].terms.settle_asset
        self.labels = [holding.label for holding in group]
        self.mark, self.inverse = group[0].mark_price, group[0].inverse
        # What the other positions that settle in the same asset add and need.
        self.others: Sums[Decimal] = worth.risks.without(self.asset, self.labels)

    def alive(self) -> bool:
        """Whether the pool is above its requirement at the mark once the profits that do not count are left out."""
        if self.profits:
            return not self.worth.liquidatable
        if self.pool.straight:
            own = [self.worth.risks.of[label] for label in self.labels]
            gained = sum((risk.unrealised_pnl - risk.maintenance_margin for risk in own), ZERO)
            return self._balance + set_aside(self.group) + gained > 0
        return self._exact_health() > 0

    def toward(self, direction: int) -> Met | None:
        """Where the pool first meets its requirement as the price falls (-1) toward 0 or rises (+1) without end."""
        if self.pool.straight:
            price_reach = Reach(ZERO if direction == FALL else None)
            crossing = first_crossing(
                balance=self._balance,
                legs=[price_leg(holding, Decimal) for holding in self.group],
                start=self.mark,
                direction=direction,
                reach=price_reach,
            )
            return None if crossing is None else Met(crossing.at, crossing.pieces, crossing.jump)
        # A falling price is a rising worth of an inverse contract.
        course = -direction if self.inverse else direction
        reach = Reach(_NONE if course < 0 else None)
        start = 1 / Fraction(self.mark) if self.inverse else Fraction(self.mark)
        place = places_of(self.pool).get(self.asset, 0)
        legs = [price_leg(holding, Fraction, place) for holding in self.group]
        if self.pool.assets:
            found = first_joint_crossing(assets=self._assets, legs=legs, start=start, direction=course, reach=reach)
        else:
            balance = self._assets[0].equity - self._assets[0].need
            found = first_crossing(balance=balance, legs=legs, start=start, direction=course, reach=reach)
        return None if found is None else _met(found, 1 / found.at if self.inverse else found.at)

    def _exact_health(self) -> Fraction:
        """At the mark, in fractions."""
        exact, health = self.worth.exact, _NONE
        assert exact is not None
        for course, asset in zip(self._assets, exact.by_asset, strict=True):
            equity, need = course.equity, course.need
            if asset == self.asset:
                own = [exact.of[label] for label in self.labels]
                equity += sum((risk.unrealised_pnl for risk in own), _NONE)
                need += sum((risk.maintenance_margin for risk in own), _NONE) - Fraction(set_aside(self.group))
            share = 1 - course.haircut if equity > 0 else 1
            health += course.price * (share * equity - need)
        return health

    @cached_property
    def _balance(self) -> Decimal:
        counts = self.others.pnl if self.profits else self.others.losses
        return self.pool.wallet_balance + counts - self.others.need - set_aside(self.group)

    @cached_property
    def exact_others(self) -> Sums[Fraction]:
        """`others` in fractions, where the pool is not straight."""
        assert self.worth.exact is not None
        return self.worth.exact.without(self.asset, self.labels)

    @cached_property
    def _assets(self) -> list[AssetCourse]:
        exact = self.worth.exact
        assert exact is not None
        found = []
        for course, asset in zip(_courses(self.pool), exact.by_asset, strict=True):
            own = asset == self.asset
            sums = self.exact_others if own else exact.by_asset[asset]
            counts = sums.pnl if self.profits else sums.losses
            need = sums.need + (Fraction(set_aside(self.group)) if own else 0)
            found.append(replace(course, equity=course.equity + counts, need=need))
        return found


def _met(found: Crossing[Fraction], at: Fraction) -> Met:
    jump = found.jump and (found.jump[0], decimal_of(found.jump[1]))
    return Met(decimal_of(at), found.pieces, jump)


def places_of(pool: Pool) -> dict[str, int]:
    """Where each asset of a pool stands among them."""
    return {asset.asset: place for place, asset in enumerate(pool.assets)}


def _courses(pool: Pool, weigh: Weigh | None = None) -> list[AssetCourse]:
    """A pool's assets with their balances; without `weigh` their prices stand still."""
    if not pool.assets:
        return [AssetCourse(pool.exact_balance)]
    return [
        AssetCourse(
            equity=asset.exact_balance,
            price=Fraction(asset.price),
            weight=Fraction(weigh(asset)) if weigh else _NONE,
            haircut=Fraction(asset.haircut),
        )
        for asset in pool.assets
    ]
