"""The working of the prices of one symbol in one pool: what stands behind it, then the closed forms."""

from collections.abc import Sequence
from decimal import Decimal

from margin_engine.health.crossings import Met
from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.derivation import ALREADY_THERE, CLOSED_FORM, JUMP
from margin_engine.model.pools import BackingAsset, Holding
from margin_engine.questions.formulas import asset_label, bankruptcy_formula, liquidation_formula
from margin_engine.questions.marked_working import MarkedWorking
from margin_engine.questions.prices import PriceQuestion, Prices
from margin_engine.questions.results import PositionHealth


class PriceWorking:
    """Writes the answer to one question down; it only reads figures."""

    def __init__(self, working: MarkedWorking, question: PriceQuestion) -> None:
        self.working, self.question, self.write = working, question, working.write
        self.marked, self.pool, self.ray = question.marked, question.pool, question.ray
        self.group, self.first, self.asset = question.group, question.first, question.asset
        self.label = self.first.label
        self.home = asset_label(self.asset) if self.asset else self.pool.label
        self.accompanied = len(self.group) < len(question.settled)

    def steps(self, prices: Prices, healths: Sequence[PositionHealth]) -> None:
        """The prices, then what each position makes of them."""
        wallet = f"W_{self.home}"
        if self.accompanied:
            self._others("U", "U_others", "unrealised_pnl_of_others", self.ray.others.pnl)
            self._others("R", "M_others", "maintenance_margin_of_others", self.ray.others.need)
            wallet += f" + U_others_{self.label}"
        if prices.bankruptcy is not None:
            formula = bankruptcy_formula(self.group, wallet + self._lacking())
            self.write.about(self.first, "P_bankrupt", "bankruptcy_price", formula, prices.bankruptcy)
        if prices.liquidation is not None:
            formula, source = self._formula(prices.met) if prices.met else (f"P_{self.label}", ALREADY_THERE)
            self.write.about(self.first, "P_liq", "liquidation_price", formula, prices.liquidation, source=source)
        for other in self.group[1:]:
            self._same(other, "P_liq", "liquidation_price", prices.liquidation)
            self._same(other, "P_bankrupt", "bankruptcy_price", prices.bankruptcy)
        for holding, health in zip(self.group, healths, strict=True):
            if health.distance is not None:
                own = holding.label
                formula = f"(P_liq_{own} - P_{own}) / P_{own}"
                self.write.about(holding, "distance", "distance", formula, health.distance, pure=True)

    def _same(self, other: Holding, symbol: str, name: str, price: Decimal | None) -> None:
        """Legs of one symbol share their prices; each names them as its own."""
        if price is not None:
            self.write.about(other, symbol, name, f"{symbol}_{self.label}", price)

    def _others(self, own: str, symbol: str, name: str, value: Decimal) -> None:
        """The share of the positions that stand still: the total of their asset without that of one symbol."""
        formula = f"{own}_{self.home}" + "".join(f" - {own}_{holding.label}" for holding in self.group)
        self.write.about(self.first, symbol, name, formula, value)

    def _formula(self, met: Met) -> tuple[str, str]:
        if met.jump:
            jumping, floor = self.group[met.jump[0]], met.jump[1]
            self.write.given(jumping, "F_liq", "floor_liq", floor, jumping.tiers_source, pure=False)
            sizes, floors = f"q_{jumping.label}", f"F_liq_{jumping.label}"
            return (f"{sizes} / {floors}" if jumping.inverse else f"{floors} / {sizes}"), JUMP
        backing, share = self._backing(met.at)
        rungs = [
            self.working.rungs[holding.label]
            if piece == holding.piece_at_mark
            else self.write.rung(holding, piece, "liq")
            for holding, piece in zip(self.group, met.pieces, strict=True)
        ]
        return liquidation_formula(self.group, rungs, backing, share), CLOSED_FORM

    def _backing(self, price: Decimal) -> tuple[str, str]:
        """What stands behind the symbol, in its settle asset, and what share of its PnL counts at the price."""
        pnl = f"U_others_{self.label}" if self.accompanied else ""
        if self.accompanied and not self.ray.profits:
            self._losses()
            pnl = f"L_others_{self.label}"
        need = f" - M_others_{self.label}" if self.accompanied else ""
        own = f"W_{self.home}" + (f" + {pnl}" if pnl else "")
        share = self._share(price)
        others = self.question.others()
        beside = f" + {self._written_beside(others)}" if others else ""
        return (f"{share}({own})" if share else own) + beside + need, share

    def _losses(self) -> None:
        risks = self.marked.worth.risks.of
        own = "".join(f" - U_{h.label}" for h in self.group if risks[h.label].unrealised_pnl < 0)
        self.write.about(self.first, "L_others", "losses_of_others", f"L_{self.home}{own}", self.ray.others.losses)

    def _written_beside(self, others: list[BackingAsset]) -> str:
        """What the pool's other assets are worth beyond what their positions need, in the asset of this symbol."""
        assert self.asset is not None
        terms, value = [], ZERO
        for asset in others:
            label, sums = asset_label(asset), self.marked.worth.risks.by_asset[asset.asset]
            settled = bool(self.marked.settling_in(asset))
            if self.ray.profits:
                terms.append(f"C_{label}")
                equity = asset.balance + sums.pnl
            else:
                equity = asset.balance + sums.losses
                own = f"(W_{label} + L_{label}) * c_{label}" if settled else f"W_{label} * c_{label}"
                terms.append(own + (f" * (1 - h_{label})" if asset.haircut and equity > 0 else ""))
            value += equity * asset.price * (ONE - asset.haircut if equity > 0 else ONE) - sums.need * asset.price
            terms += [f"- R_{label} * c_{label}"] if settled else []
        formula = f"({' + '.join(terms).replace('+ -', '-')}) / c_{self.home}"
        self.write.about(self.first, "A_others", "surplus_of_other_assets", formula, value / self.asset.price)
        return f"A_others_{self.label}"

    def _share(self, price: Decimal) -> str:
        """How much of the asset's equity counts where it stands at that price: "(1 - h) * ", or nothing for all of
        it."""
        if self.asset is None or not self.asset.haircut:
            return ""
        counts = self.ray.others.pnl if self.ray.profits else self.ray.others.losses
        equity = self.asset.balance + counts + sum((holding.pnl_at(price) for holding in self.group), ZERO)
        return f"(1 - h_{self.home}) * " if equity > 0 else ""

    def _lacking(self) -> str:
        """What the other assets of the pool owe or add, in the asset of this symbol."""
        exact, others = self.marked.worth.exact, self.question.others()
        if exact is None or self.asset is None or not others:
            return ""
        own = f"c_{self.home}"
        if self.asset.haircut and self.question.worth_beside(exact) < 0:
            own = f"({own} * (1 - h_{self.home}))"
        return f" + ({' + '.join(f'C_{asset_label(o)}' for o in others)}) / {own}"
