"""The liquidation price and the bankruptcy price of the positions of one symbol in one pool.

All positions of the symbol move together; every other mark and every price of collateral stands still.
price_working.py writes the working down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from margin_engine.health.crossings import FALL, RISE, Met, PriceRay
from margin_engine.health.risk import Risks, counted
from margin_engine.model.contracts import N
from margin_engine.model.decimals import ZERO
from margin_engine.model.pools import BackingAsset, Holding, decimal_of
from margin_engine.questions.marked_pool import MarkedPool
from margin_engine.questions.results import LiquidationReason


@dataclass(frozen=True, slots=True)
class Prices:
    """What the positions of one symbol in one pool share. reason: why there is no liquidation price. met: where it is,
    unless it is the mark itself."""

    liquidation: Decimal | None
    reason: LiquidationReason | None
    bankruptcy: Decimal | None
    met: Met | None = None


class PriceQuestion:
    """One symbol in one pool. settled: the positions of the pool that settle in its asset, its own ones included."""

    def __init__(self, marked: MarkedPool, group: list[Holding]) -> None:
        self.marked, self.group, self.first, self.pool = marked, group, group[0], marked.pool
        profits = marked.account.rules.others_profit_counts
        self.ray = PriceRay(self.pool, marked.worth, group, others_profit_counts=profits)
        self.asset: BackingAsset | None = marked.asset_of(self.first)
        self.settled: Sequence[Holding] = marked.settling_in(self.asset)
        self.net = sum((holding.signed_size for holding in group), ZERO)

    def answer(self) -> Prices:
        """Both prices."""
        bankruptcy = self._bankruptcy()
        if self.marked.dead:
            return Prices(None, LiquidationReason.ALREADY_LIQUIDATABLE, bankruptcy)
        if not self.ray.alive():
            return Prices(self.first.mark_price, None, bankruptcy)
        met = self._met()
        if met is None:
            return Prices(None, self._why_none(), bankruptcy)
        return Prices(met.at, None, bankruptcy, met)

    def _met(self) -> Met | None:
        """The side that hurts first: below for net long, above for net short, the nearer one where the legs cancel."""
        if self.net:
            sooner, later = (FALL, RISE) if self.net > 0 else (RISE, FALL)
            return self.ray.toward(sooner) or self.ray.toward(later)
        below, above = self.ray.toward(FALL), self.ray.toward(RISE)
        if below and above:
            mark = self.first.mark_price
            return below if mark - below.at <= above.at - mark else above
        return below or above

    def _why_none(self) -> LiquidationReason:
        if self.net == 0:
            return LiquidationReason.HEDGED_FLAT
        return LiquidationReason.COVERED_TO_ZERO if self.net > 0 else LiquidationReason.COVERED_AT_ANY_PRICE

    def _bankruptcy(self) -> Decimal | None:
        """Where nothing is left in the pool. It does not ask whether the pool is alive."""
        exact = self.marked.worth.exact
        if exact is None:
            return _ruin(self.group, self.pool.wallet_balance + self.ray.others.pnl, Decimal)
        lacking = self._lacking(exact)
        if lacking is None:
            return None
        balance = self.asset.exact_balance if self.asset else self.pool.exact_balance
        ruin = _ruin(self.group, balance + self.ray.exact_others.pnl - lacking, Fraction)
        return None if ruin is None else decimal_of(ruin)

    def _lacking(self, exact: Risks[Fraction]) -> Fraction | None:
        """The equity of this symbol's asset at which the pool has nothing left: what the other assets owe, or less
        nothing where they owe nothing. None where no equity can make up for them (a haircut of all of it)."""
        worth = self.worth_beside(exact)
        if self.asset is None or not worth:
            return Fraction(0)
        share = 1 - Fraction(self.asset.haircut) if worth < 0 else Fraction(1)
        return -worth / (Fraction(self.asset.price) * share) if share else None

    def worth_beside(self, exact: Risks[Fraction]) -> Fraction:
        """What the other assets of the pool count at the marks."""
        return sum((counted(o, o.exact_balance + exact.by_asset[o.asset].pnl) for o in self.others()), Fraction(0))

    def others(self) -> list[BackingAsset]:
        """The other assets of the pool."""
        return [asset for asset in self.pool.assets if asset is not self.asset]


def _ruin(group: list[Holding], standing: N, number: type[N]) -> N | None:
    """The price above 0 at which `standing` and the PnL of the positions cancel."""
    zero = number(0)
    net = sum((number(holding.signed_size) for holding in group), zero)
    if not net:
        return None
    if group[0].inverse:
        worth = standing + sum((number(h.signed_size) / number(h.position.entry_price) for h in group), zero)
        price = net / worth if worth else zero
    else:
        cost = sum((number(holding.signed_size) * number(holding.position.entry_price) for holding in group), zero)
        price = (cost - standing) / net
    return price if price > 0 else None
