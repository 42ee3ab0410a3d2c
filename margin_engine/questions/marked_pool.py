"""A pool at its marks: what each position and the pool are worth and require, each figure with its step."""

from decimal import Decimal

from margin_engine.health.risk import Risk, risk_of, total
from margin_engine.model.book import MarginMode
from margin_engine.model.contracts import notional
from margin_engine.model.decimals import ZERO
from margin_engine.model.derivation import ASSUMED, GIVEN, Step, literal
from margin_engine.model.pools import Account, Holding, Pool
from margin_engine.questions.working import PoolWorking, Rung


class MarkedPool:
    """One pool, worked out from top to bottom. Amounts in the pool's asset.

    risks and rungs (by label) are the positions' own, risk their sum; margin_ratio is None where the balance is <= 0.
    """

    def __init__(self, account: Account, pool: Pool, steps: list[Step]) -> None:
        self.account, self.pool = account, pool
        self.write = PoolWorking(steps, pool, account.rules.closing_fee_rate, account.rules.tier_method)
        for holding in pool.holdings:
            self.write.inputs(holding)
        self._write_wallet()
        self.rungs: dict[str, Rung] = {h.label: self.write.rung(h, h.piece_at_mark, "") for h in pool.holdings}
        self.risks: dict[str, Risk] = {holding.label: self._position_risk(holding) for holding in pool.holdings}
        self.risk = total(self.risks.values())
        self.dead = bool(pool.holdings) and self.risk.liquidatable(pool.wallet_balance)
        self.margin_balance = self._margin_balance()
        self.margin_ratio = self._margin_ratio()
        self.available_balance = self._available_balance()

    def groups(self) -> list[list[Holding]]:
        """The positions of the pool by symbol: those that move together."""
        groups: dict[str, list[Holding]] = {}
        for holding in self.pool.holdings:
            groups.setdefault(holding.position.symbol, []).append(holding)
        return list(groups.values())

    def _write_wallet(self) -> None:
        """W: an isolated position's own margin, or what the wallet of the asset holds beside the isolated margins."""
        pool, write = self.pool, self.write
        if pool.mode is MarginMode.ISOLATED:
            holding = pool.holdings[0]
            label, margin = holding.label, holding.position.isolated_margin
            formula = f"q_{label} * E_{label} / L_{label}" if margin is None else literal(margin)
            source = ASSUMED if margin is None else GIVEN
            write.about(holding, "W", "wallet_balance", formula, pool.wallet_balance, source=source)
            return
        isolated = [other for other in self.account.pools if other.asset == pool.asset and other is not pool]
        whole = self.account.wallet[pool.asset]
        if not isolated:
            write.about_pool("W", "wallet_balance", literal(whole), whole, source=GIVEN)
            return
        write.about_pool("V", "wallet", literal(whole), whole, source=GIVEN)
        formula = f"V_{pool.label}" + "".join(f" - W_{other.label}" for other in isolated)
        write.about_pool("W", "wallet_balance", formula, pool.wallet_balance)

    def _position_risk(self, holding: Holding) -> Risk:
        label, write = holding.label, self.write
        risk = risk_of(holding, holding.mark_price)
        value = notional(size=holding.size, price=holding.mark_price)
        write.about(holding, "N", "notional", f"q_{label} * P_{label}", value)
        formula = f"s_{label} * q_{label} * (P_{label} - E_{label})"
        write.about(holding, "U", "unrealised_pnl", formula, risk.unrealised_pnl)
        write.about(holding, "I", "initial_margin", f"N_{label} / L_{label}", risk.initial_margin)
        formula = self.rungs[label].requirement(f"N_{label}")
        write.about(holding, "R", "maintenance_margin", formula, risk.maintenance_margin)
        return risk

    def _margin_balance(self) -> Decimal:
        pool, risk, write, label = self.pool, self.risk, self.write, self.pool.label
        if pool.mode is MarginMode.CROSS and pool.holdings:
            # An isolated pool is its one position, which has these three steps already.
            write.about_pool("U", "unrealised_pnl", self._sum("U"), risk.unrealised_pnl)
            write.about_pool("I", "initial_margin", self._sum("I"), risk.initial_margin)
            write.about_pool("R", "maintenance_margin", self._sum("R"), risk.maintenance_margin)
        formula = f"W_{label} + U_{label}" if pool.holdings else f"W_{label}"
        return write.about_pool("B", "margin_balance", formula, pool.wallet_balance + risk.unrealised_pnl)

    def _sum(self, symbol: str) -> str:
        return " + ".join(f"{symbol}_{holding.label}" for holding in self.pool.holdings)

    def _margin_ratio(self) -> Decimal | None:
        if self.margin_balance <= 0:
            return None
        label = self.pool.label
        formula = f"R_{label} / B_{label}" if self.pool.holdings else "0"
        ratio = self.risk.maintenance_margin / self.margin_balance
        return self.write.about_pool("ratio", "margin_ratio", formula, ratio, pure=True)

    def _available_balance(self) -> Decimal:
        label, spare = self.pool.label, self.margin_balance - self.risk.initial_margin
        formula = f"B_{label}" + (f" - I_{label}" if self.pool.holdings else "") if spare > 0 else "0"
        return self.write.about_pool("available", "available_balance", formula, max(ZERO, spare))
