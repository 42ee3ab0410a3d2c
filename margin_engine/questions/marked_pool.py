"""A pool at its marks: what each position and the pool are worth and require, each figure with its step."""

from decimal import Decimal

from margin_engine.health.risk import Worth, worth_of
from margin_engine.model.book import MarginMode
from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.derivation import ASSUMED, DEFINITION, GIVEN, Step, literal
from margin_engine.model.pools import Account, BackingAsset, Holding, Pool
from margin_engine.questions.formulas import Rung, asset_label, closing_formula, notional_formula, pnl_formula
from margin_engine.questions.working import PoolWorking


class MarkedPool:
    """One pool, worked out from top to bottom. Amounts in the pool's asset.

    rungs are the positions' own, by label; margin_ratio is None where the balance is <= 0.
    """

    def __init__(self, account: Account, pool: Pool, steps: list[Step] | None) -> None:
        self.account, self.pool = account, pool
        self.write = PoolWorking(steps, pool, account.rules.closing_fee_rate, account.rules.tier_method)
        for holding in pool.holdings:
            self.write.inputs(holding)
        self._write_wallets()
        self.rungs: dict[str, Rung] = {h.label: self.write.rung(h, h.piece_at_mark, "") for h in pool.holdings}
        self.worth: Worth = worth_of(pool)
        self.dead = self.worth.liquidatable
        for holding in pool.holdings:
            self._write_risk(holding)
        for asset in pool.assets:
            self._write_asset(asset)
        self.margin_balance = self._margin_balance()
        self.margin_ratio = self._margin_ratio()
        self.available_balance = self._available_balance()

    def groups(self) -> list[list[Holding]]:
        """The positions of the pool by symbol: those that move together."""
        groups: dict[str, list[Holding]] = {}
        for holding in self.pool.holdings:
            groups.setdefault(holding.position.symbol, []).append(holding)
        return list(groups.values())

    def asset_of(self, holding: Holding) -> BackingAsset | None:
        """The asset of the pool in which a position settles; None where the pool has but one."""
        return next((asset for asset in self.pool.assets if asset.asset == holding.terms.settle_asset), None)

    def settling_in(self, asset: BackingAsset) -> list[Holding]:
        """The positions of the pool that settle in one of its assets."""
        return [holding for holding in self.pool.holdings if holding.terms.settle_asset == asset.asset]

    def _write_wallets(self) -> None:
        """W: an isolated position's own margin, or what the wallet of an asset holds beside the isolated margins."""
        pool, write = self.pool, self.write
        if pool.mode is MarginMode.ISOLATED:
            holding = pool.holdings[0]
            label, margin = holding.label, holding.position.isolated_margin
            formula = f"{notional_formula(holding, f'E_{label}')} / L_{label}" if margin is None else literal(margin)
            source = ASSUMED if margin is None else GIVEN
            write.about(holding, "W", "wallet_balance", formula, pool.wallet_balance, source=source)
            return
        if not pool.assets:
            self._write_balance(pool.asset, pool.label, pool.wallet_balance, None)
            return
        for asset in pool.assets:
            self._write_balance(asset.asset, asset_label(asset), asset.balance, asset)
            source = GIVEN if asset.stated else ASSUMED
            unit = pool.asset
            write.about_asset(asset, "c", "asset_price", literal(asset.price), asset.price, unit=unit, source=source)
            if asset.haircut:
                write.about_asset(asset, "h", "haircut", literal(asset.haircut), asset.haircut, unit="", source=source)
            if asset.beta:
                write.about_asset(asset, "beta", "beta", literal(asset.beta), asset.beta, unit="", source=GIVEN)
        valued = " + ".join(f"W_{asset_label(asset)} * c_{asset_label(asset)}" for asset in pool.assets) or "0"
        write.about_pool("W", "wallet_balance", valued, pool.wallet_balance)

    def _write_balance(self, asset: str, label: str, balance: Decimal, backing: BackingAsset | None) -> None:
        """W of one asset: its wallet, less the isolated margins V - W1 - W2."""
        write, whole = self.write, self.account.wallet.get(asset, ZERO)
        isolated = [o.label for o in self.account.pools if o.asset == asset and o.mode is MarginMode.ISOLATED]
        formula = f"V_{label}" + "".join(f" - W_{other}" for other in isolated)
        if backing is not None:
            if isolated:
                write.about_asset(backing, "V", "wallet", literal(whole), whole, unit=asset, source=GIVEN)
            formula, source = (formula, DEFINITION) if isolated else (literal(whole), GIVEN)
            write.about_asset(backing, "W", "cross_balance", formula, balance, unit=asset, source=source)
        elif isolated:
            write.about_pool("V", "wallet", literal(whole), whole, source=GIVEN)
            write.about_pool("W", "wallet_balance", formula, balance)
        else:
            write.about_pool("W", "wallet_balance", literal(whole), whole, source=GIVEN)

    def _write_risk(self, holding: Holding) -> None:
        label, write = holding.label, self.write
        risk = self.worth.risks.of[label]
        write.about(holding, "N", "notional", notional_formula(holding, f"P_{label}"), holding.notional_at_mark)
        write.about(holding, "U", "unrealised_pnl", pnl_formula(holding, f"P_{label}"), risk.unrealised_pnl)
        initial = f"N_{label} / L_{label}"
        if holding.fee_to_close:
            write.about(holding, "Z", "fee_to_close", closing_formula(holding), holding.fee_to_close)
            initial += f" + Z_{label}"
        write.about(holding, "I", "initial_margin", initial, risk.initial_margin)
        formula = self.rungs[label].requirement(f"N_{label}")
        write.about(holding, "R", "maintenance_margin", formula, risk.maintenance_margin)

    def _write_asset(self, asset: BackingAsset) -> None:
        """X: what there is of an asset, PnL included; C: what that counts in the margin balance."""
        write, label, worth = self.write, asset_label(asset), self.worth
        pnl, equity = worth.risks.by_asset[asset.asset].pnl, worth.equities[asset.asset]
        settled = self.settling_in(asset)
        if settled:
            formula = " + ".join(f"U_{holding.label}" for holding in settled)
            write.about_asset(asset, "U", "asset_pnl", formula, pnl, unit=asset.asset)
        formula = f"W_{label}" + (f" + U_{label}" if settled else "")
        write.about_asset(asset, "X", "asset_equity", formula, equity, unit=asset.asset)
        share = f" * (1 - h_{label})" if asset.haircut and equity > 0 else ""
        value = equity * asset.price * (1 - asset.haircut if share else ONE)
        formula = f"X_{label} * c_{label}{share}"
        write.about_asset(asset, "C", "counted_equity", formula, value, unit=self.pool.asset)

    def _margin_balance(self) -> Decimal:
        pool, worth, write, label = self.pool, self.worth, self.write, self.pool.label
        if pool.mode is MarginMode.CROSS and pool.holdings:
            # An isolated pool is its one position, which has these three steps already.
            write.about_pool("U", "unrealised_pnl", self._sum("U"), worth.unrealised_pnl)
            write.about_pool("I", "initial_margin", self._sum("I"), worth.initial_margin)
            write.about_pool("R", "maintenance_margin", self._sum("R"), worth.maintenance_margin)
        formula = f"W_{label} + U_{label}" if pool.holdings else f"W_{label}"
        if pool.assets:
            formula = " + ".join(f"C_{asset_label(asset)}" for asset in pool.assets)
        return write.about_pool("B", "margin_balance", formula, worth.margin_balance)

    def _sum(self, symbol: str) -> str:
        """A figure of all positions together, each at the price of its asset where that is not the pool's own."""
        priced = {asset.asset: f" * c_{asset_label(asset)}" for asset in self.pool.assets}
        return " + ".join(f"{symbol}_{h.label}{priced.get(h.terms.settle_asset, '')}" for h in self.pool.holdings)

    def _margin_ratio(self) -> Decimal | None:
        if self.margin_balance <= 0:
            return None
        label = self.pool.label
        formula = f"R_{label} / B_{label}" if self.pool.holdings else "0"
        ratio = self.worth.maintenance_margin / self.margin_balance
        return self.write.about_pool("ratio", "margin_ratio", formula, ratio, pure=True)

    def _available_balance(self) -> Decimal:
        label, spare = self.pool.label, self.margin_balance - self.worth.initial_margin
        formula = f"B_{label}" + (f" - I_{label}" if self.pool.holdings else "") if spare > 0 else "0"
        return self.write.about_pool("available", "available_balance", formula, max(ZERO, spare))
