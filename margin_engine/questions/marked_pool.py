"""A pool at its marks: what its positions and the pool are worth and require. marked_working.py writes it down."""

from collections.abc import Sequence
from decimal import Decimal

from margin_engine.health.risk import Worth, worth_of
from margin_engine.model.decimals import ZERO
from margin_engine.model.pools import Account, BackingAsset, Holding, Pool


class MarkedPool:
    """One pool, worked out. Amounts in the pool's asset; margin_ratio is None where the balance is <= 0."""

    def __init__(self, account: Account, pool: Pool) -> None:
        self.account, self.pool = account, pool
        self.worth: Worth = worth_of(pool)
        self.dead = self.worth.liquidatable
        self.margin_balance = balance = self.worth.margin_balance
        self.margin_ratio: Decimal | None = self.worth.maintenance_margin / balance if balance > 0 else None
        self.available_balance = max(ZERO, balance - self.worth.initial_margin)
        self._settling: dict[str, list[Holding]] = {}
        for holding in pool.holdings if pool.assets else ():
            self._settling.setdefault(holding.terms.settle_asset, []).append(holding)

    def asset_of(self, holding: Holding) -> BackingAsset | None:
        """The asset of the pool in which a position settles; None where the pool has but one."""
        return next((asset for asset in self.pool.assets if asset.asset == holding.terms.settle_asset), None)

    def settling_in(self, asset: BackingAsset | None) -> Sequence[Holding]:
        """The positions of the pool that settle in one of its assets; all of them where the pool has but one."""
        return self.pool.holdings if asset is None else self._settling.get(asset.asset, ())
