"""The liquidation price and the bankruptcy price of the positions of one symbol in one pool, with their working.

All positions of the symbol move together; every other mark and every price of collateral stands still.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from margin_engine.health.crossings import FALL, RISE, Met, PriceRay
from margin_engine.health.risk import Risks, counted
from margin_engine.model.contracts import N
from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.derivation import ALREADY_THERE, CLOSED_FORM, JUMP
from margin_engine.model.pools import BackingAsset, Holding, decimal_of
from margin_engine.questions.formulas import asset_label, bankruptcy_formula, liquidation_formula
from margin_engine.questions.marked_pool import MarkedPool
from margin_engine.questions.results import LiquidationReason


@dataclass(frozen=True, slots=True)
class Prices:
    """What the positions of one symbol in one pool share. reason: why there is no liquidation price."""

    liquidation: Decimal | None
    reason: LiquidationReason | None
    bankruptcy: Decimal | None


def prices_of(marked: MarkedPool, group: list[Holding]) -> Prices:
    """The prices of the positions of one symbol in a pool."""
    return _Question(marked, group).answer()


class _Question:
    """One symbol in one pool."""

    def __init__(self, marked: MarkedPool, group: list[Holding]) -> None:
        self.marked, self.group, self.first = marked, group, group[0]
        self.pool, self.write, self.label = marked.pool, marked.write, group[0].label
        profits = marked.account.rules.others_profit_counts
        self.ray = PriceRay(self.pool, marked.worth, group, others_profit_counts=profits)
        self.asset: BackingAsset | None = marked.asset_of(self.first)
        self.home = asset_label(self.asset) if self.asset else self.pool.label
        self.net = sum((holding.signed_size for holding in group), ZERO)
        self._lacking_formula = ""
        self.accompanied = len(group) < len(marked.settling_in(self.asset) if self.asset else self.pool.holdings)

    @property
    def companions(self) -> list[Holding]:
        """The other positions of the pool that settle in the same asset."""
        settled = self.marked.settling_in(self.asset) if self.asset else self.pool.holdings
        return [holding for holding in settled if holding.label not in self.ray.labels]

    def answer(self) -> Prices:
        """Both prices; each is the value of a step."""
        wallet = f"W_{self.home}"
        if self.accompanied:
            self._others("U", "U_others", "unrealised_pnl_of_others", self.ray.others.pnl)
            self._others("R", "M_others", "maintenance_margin_of_others", self.ray.others.need)
            wallet += f" + U_others_{self.label}"
        bankruptcy = self._bankruptcy(wallet)
        if self.marked.dead:
            return Prices(None, LiquidationReason.ALREADY_LIQUIDATABLE, bankruptcy)
        if not self.ray.alive():
            mark = self.first.mark_price
            return Prices(self._written(f"P_{self.label}", mark, ALREADY_THERE), None, bankruptcy)
        met = self._met()
        if met is None:
            return Prices(None, self._why_none(), bankruptcy)
        formula, source = self._formula(met)
        return Prices(self._written(formula, met.at, source), None, bankruptcy)

    def _written(self, formula: str, price: Decimal, source: str) -> Decimal:
        return self.write.about(self.first, "P_liq", "liquidation_price", formula, price, source=source)

    def _others(self, own: str, symbol: str, name: str, value: Decimal) -> None:
        """The share of the positions that stand still: the total without that of one symbol."""
        if self.asset is None:
            formula = f"{own}_{self.home}" + "".join(f" - {own}_{holding.label}" for holding in self.group)
        else:
            formula = " + ".join(f"{own}_{holding.label}" for holding in self.companions)
        self.write.about(self.first, symbol, name, formula, value)

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

    def _formula(self, met: Met) -> tuple[str, str]:
        if met.jump:
            jumping, floor = self.group[met.jump[0]], met.jump[1]
            self.write.given(jumping, "F_liq", "floor_liq", floor, jumping.tiers_source, pure=False)
            sizes, floors = f"q_{jumping.label}", f"F_liq_{jumping.label}"
            return (f"{sizes} / {floors}" if jumping.inverse else f"{floors} / {sizes}"), JUMP
        backing, share = self._backing(met.at)
        rungs = [
            self.marked.rungs[holding.label]
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
        others = [asset for asset in self.pool.assets if asset is not self.asset]
        beside = f" + {self._written_beside(others)}" if others else ""
        return (f"{share}({own})" if share else own) + beside + need, share

    def _losses(self) -> None:
        losing = [f"U_{h.label}" for h in self.companions if self.marked.worth.risks.of[h.label].unrealised_pnl < 0]
        value = self.ray.others.losses
        self.write.about(self.first, "L_others", "losses_of_others", " + ".join(losing) or "0", value)

    def _written_beside(self, others: list[BackingAsset]) -> str:
        """What the pool's other assets are worth beyond what their positions need, in the asset of this symbol."""
        assert self.asset is not None
        terms, value, home = [], ZERO, self.asset
        for asset in others:
            label, sums = asset_label(asset), self.marked.worth.risks.by_asset[asset.asset]
            settled = self.marked.settling_in(asset)
            if self.ray.profits:
                terms.append(f"C_{label}")
                equity = asset.balance + sums.pnl
            else:
                losing = [h.label for h in settled if self.marked.worth.risks.of[h.label].unrealised_pnl < 0]
                equity = asset.balance + sums.losses
                own = f"(W_{label}{''.join(f' + U_{each}' for each in losing)}) * c_{label}"
                terms.append(own + (f" * (1 - h_{label})" if asset.haircut and equity > 0 else ""))
            value += equity * asset.price * (ONE - asset.haircut if equity > 0 else ONE) - sums.need * asset.price
            terms += [f"- R_{each.label} * c_{label}" for each in settled]
        formula = f"({' + '.join(terms).replace('+ -', '-')}) / c_{self.home}"
        self.write.about(self.first, "A_others", "surplus_of_other_assets", formula, value / home.price)
        return f"A_others_{self.label}"

    def _share(self, price: Decimal) -> str:
        """How much of the asset's equity counts where it stands at that price: "(1 - h) * ", or nothing for all of
        it."""
        if self.asset is None or not self.asset.haircut:
            return ""
        counts = self.ray.others.pnl if self.ray.profits else self.ray.others.losses
        equity = self.asset.balance + counts + sum((holding.pnl_at(price) for holding in self.group), ZERO)
        return f"(1 - h_{self.home}) * " if equity > 0 else ""

    def _bankruptcy(self, wallet: str) -> Decimal | None:
        """Where nothing is left in the pool. It does not ask whether the pool is alive."""
        exact = self.marked.worth.exact
        if exact is None:
            standing = self.pool.wallet_balance + self.ray.others.pnl
            price = _ruin(self.group, standing, Decimal)
        else:
            labels = self.ray.labels
            balance = self.asset.exact_balance if self.asset else self.pool.exact_balance
            standing_exactly = balance + exact.without(self.first.terms.settle_asset, labels).pnl
            lacking = self._lacking(exact)
            if lacking is None:
                return None
            ruin = _ruin(self.group, standing_exactly - lacking, Fraction)
            price = None if ruin is None else decimal_of(ruin)
        if price is None:
            return None
        formula = bankruptcy_formula(self.group, wallet + self._lacking_formula)
        return self.write.about(self.first, "P_bankrupt", "bankruptcy_price", formula, price)

    def _lacking(self, exact: Risks[Fraction]) -> Fraction | None:
        """The equity of this symbol's asset at which the pool has nothing left: what the other assets owe, or less
        nothing where they owe nothing. None where no equity can make up for them (a haircut of all of it)."""
        others = [asset for asset in self.pool.assets if asset is not self.asset]
        if self.asset is None or not others:
            return Fraction(0)
        worth = sum((counted(o, o.exact_balance + exact.by_asset[o.asset].pnl) for o in others), Fraction(0))
        share = 1 - Fraction(self.asset.haircut) if worth < 0 else Fraction(1)
        if not share:
            return None
        self._lacking_formula = f" + ({' + '.join(f'C_{asset_label(o)}' for o in others)}) / " + (
            f"(c_{self.home} * (1 - h_{self.home}))" if worth < 0 and self.asset.haircut else f"c_{self.home}"
        )
        return -worth / (Fraction(self.asset.price) * share)


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
