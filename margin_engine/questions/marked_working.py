"""The working of a pool at its marks: what is known, then what each position and the pool are worth and require."""

from collections.abc import Sequence
from decimal import Decimal

from margin_engine.model.book import MarginMode
from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.derivation import ASSUMED, DEFINITION, GIVEN, Step, literal
from margin_engine.model.pools import BackingAsset, Holding
from margin_engine.questions.formulas import Rung, asset_label, closing_formula, notional_formula, pnl_formula
from margin_engine.questions.marked_pool import MarkedPool
from margin_engine.questions.working import PoolWorking


class MarkedWorking:
    """Writes a marked pool down from top to bottom, at the end of `steps`; it only reads figures, and adds none.

    write: for the steps that follow. rungs are the positions' own, by label. losses_only: the profits of other symbols
    do not back a position, so that losses have steps of their own.
    """

    def __init__(self, marked: MarkedPool, steps: list[Step]) -> None:
        self.marked, self.pool, self.worth = marked, marked.pool, marked.worth
        rules, holdings = marked.account.rules, marked.pool.holdings
        self.losses_only = not rules.others_profit_counts
        self.write = PoolWorking(steps, marked.pool, rules.closing_fee_rate, rules.tier_method)
        for holding in holdings:
            self.write.inputs(holding)
        self._write_wallets()
        self.rungs: dict[str, Rung] = {h.label: self.write.rung(h, h.piece_at_mark, "") for h in holdings}
        for holding in holdings:
            self._write_risk(holding)
        for asset in self.pool.assets:
            self._write_asset(asset)
        self._write_sums()
        self._write_spare()

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
        write, whole = self.write, self.marked.account.wallet.get(asset, ZERO)
        isolated = [o.label for o in self.marked.account.pools if o.asset == asset and o.mode is MarginMode.ISOLATED]
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
        """X: what there is of an asset, PnL included; C: what that counts in the margin balance; R: what its positions
        require."""
        write, label, worth = self.write, asset_label(asset), self.worth
        sums, equity = worth.risks.by_asset[asset.asset], worth.equities[asset.asset]
        settled = self.marked.settling_in(asset)
        if settled:
            formula = " + ".join(f"U_{holding.label}" for holding in settled)
            write.about_asset(asset, "U", "asset_pnl", formula, sums.pnl, unit=asset.asset)
            formula = " + ".join(f"R_{holding.label}" for holding in settled)
            write.about_asset(asset, "R", "asset_maintenance_margin", formula, sums.need, unit=asset.asset)
            if self.losses_only:
                formula = self._losses(settled)
                write.about_asset(asset, "L", "asset_losses", formula, sums.losses, unit=asset.asset)
        formula = f"W_{label}" + (f" + U_{label}" if settled else "")
        write.about_asset(asset, "X", "asset_equity", formula, equity, unit=asset.asset)
        share = f" * (1 - h_{label})" if asset.haircut and equity > 0 else ""
        value = equity * asset.price * (1 - asset.haircut if share else ONE)
        formula = f"X_{label} * c_{label}{share}"
        write.about_asset(asset, "C", "counted_equity", formula, value, unit=self.pool.asset)

    def _losses(self, settled: Sequence[Holding]) -> str:
        """The PnL of those that lose."""
        risks = self.worth.risks.of
        return " + ".join(f"U_{h.label}" for h in settled if risks[h.label].unrealised_pnl < 0) or "0"

    def _write_sums(self) -> None:
        pool, worth, write, label = self.pool, self.worth, self.write, self.pool.label
        if pool.mode is MarginMode.CROSS and pool.holdings:
            # An isolated pool is its one position, which has these three steps already.
            write.about_pool("U", "unrealised_pnl", self._sum("U"), worth.unrealised_pnl)
            write.about_pool("I", "initial_margin", self._sum("I"), worth.initial_margin)
            write.about_pool("R", "maintenance_margin", self._sum("R"), worth.maintenance_margin)
            if self.losses_only and not pool.assets:
                write.about_pool("L", "losses", self._losses(pool.holdings), worth.risks.by_asset[pool.asset].losses)
        formula = f"W_{label} + U_{label}" if pool.holdings else f"W_{label}"
        if pool.assets:
            formula = " + ".join(f"C_{asset_label(asset)}" for asset in pool.assets)
        write.about_pool("B", "margin_balance", formula, worth.margin_balance)

    def _sum(self, symbol: str) -> str:
        """A figure of all positions together, each at the price of its asset where that is not the pool's own."""
        priced = {asset.asset: f" * c_{asset_label(asset)}" for asset in self.pool.assets}
        return " + ".join(f"{symbol}_{h.label}{priced.get(h.terms.settle_asset, '')}" for h in self.pool.holdings)

    def _write_spare(self) -> None:
        """The ratio, where there is one, and what is available."""
        marked, label, held = self.marked, self.pool.label, bool(self.pool.holdings)
        if marked.margin_ratio is not None:
            formula = f"R_{label} / B_{label}" if held else "0"
            self.write.about_pool("ratio", "margin_ratio", formula, marked.margin_ratio, pure=True)
        spare = marked.available_balance
        formula = f"B_{label}" + (f" - I_{label}" if held else "") if spare > 0 else "0"
        self.write.about_pool("available", "available_balance", formula, spare)
