"""The formulas of an evaluation, as text over symbols: what a reader sees, and what a test replays.

Letters: q size, s side (+1 long, -1 short), E entry price, P mark price, L leverage, m maintenance rate, D maintenance
amount, f closing fee rate, W wallet balance, N notional, U unrealised PnL, I initial margin, R maintenance margin (the
requirement), B margin balance, V the whole wallet of an asset. A suffix names the position or pool.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from margin_engine.model.decimals import ONE
from margin_engine.model.derivation import ASSUMED, DEFINITION, GIVEN, Step, literal
from margin_engine.model.pools import Account, Holding, Pool
from margin_engine.model.tiers import TierMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """How a piece of a ladder reads in a formula: notional x rate - amount; an empty term is 0."""

    rate: str
    amount: str

    def requirement(self, notional: str) -> str:
        """The requirement on this piece."""
        grown = f"{notional} * {self.rate}" if self.rate else "0"
        return f"{grown} - {self.amount}" if self.amount else grown


@dataclass(slots=True)
class PoolWorking:
    """Writes the steps of one pool down, at the end of `steps`. Each method hands the value on, so that an answer is
    always the value of a step. `closing_fee_rate` has a step of its own, `f`, where it is not 0."""

    steps: list[Step]
    pool: Pool
    closing_fee_rate: Decimal
    tier_method: TierMethod

    def about_pool(
        self, symbol: str, name: str, formula: str, value: Decimal, *, source: str = DEFINITION, pure: bool = False
    ) -> Decimal:
        """A step about the pool; `pure` for a number without unit."""
        pool = self.pool
        self.steps.append(
            Step(
                symbol=f"{symbol}_{pool.label}",
                name=name,
                formula=formula,
                value=value,
                unit="" if pure else pool.asset,
                source=source,
                subject=pool.id,
                label=pool.label,
            )
        )
        return value

    def about(
        self,
        holding: Holding,
        symbol: str,
        name: str,
        formula: str,
        value: Decimal,
        *,
        source: str = DEFINITION,
        pure: bool = False,
    ) -> Decimal:
        """A step about a position."""
        self.steps.append(
            Step(
                symbol=f"{symbol}_{holding.label}",
                name=name,
                formula=formula,
                value=value,
                unit="" if pure else holding.terms.settle_asset,
                source=source,
                subject=holding.position.id,
                label=holding.label,
            )
        )
        return value

    def given(self, holding: Holding, symbol: str, name: str, value: Decimal, source: str, *, pure: bool) -> None:
        """A step that states a figure of the book or of a table."""
        self.about(holding, symbol, name, literal(value), value, source=source, pure=pure)

    def others(self, group: Sequence[Holding], own: str, symbol: str, name: str, value: Decimal) -> None:
        """The share of the positions that stand still: the pool's total without that of one symbol."""
        legs = "".join(f" - {own}_{holding.label}" for holding in group)
        self.about(group[0], symbol, name, f"{own}_{self.pool.label}{legs}", value)

    def inputs(self, holding: Holding) -> None:
        """What is known about a position before anything is worked out."""
        position, label = holding.position, holding.label
        if holding.terms.multiplier == ONE:
            self.given(holding, "q", "quantity", holding.size, GIVEN, pure=True)
        else:
            self.given(holding, "n", "quantity", position.quantity, GIVEN, pure=True)
            self.given(holding, "k", "contract_multiplier", holding.terms.multiplier, GIVEN, pure=True)
            self.about(holding, "q", "size", f"n_{label} * k_{label}", holding.size, pure=True)
        self.given(holding, "s", "side", Decimal(position.side.sign), GIVEN, pure=True)
        self.given(holding, "E", "entry_price", position.entry_price, GIVEN, pure=False)
        mark_source = ASSUMED if position.mark_price is None else GIVEN
        self.given(holding, "P", "mark_price", holding.mark_price, mark_source, pure=False)
        self.given(holding, "L", "leverage", position.leverage, GIVEN, pure=True)
        if holding.beta != ONE:
            self.given(holding, "beta", "beta", holding.beta, GIVEN, pure=True)

    def rung(self, holding: Holding, piece: int, when: str) -> Rung:
        """Name the piece that holds `when` ("" = at the mark); a rung other than the mark's gets its own symbols."""
        ladder, label = holding.ladder, holding.label
        number = ladder.rungs[piece]
        suffix = f"_{when}" if when and number != ladder.rungs[holding.piece_at_mark] else ""
        if suffix or not when:
            rate, amount = holding.table.tiers[number].rate, holding.amounts[number]
            self.given(holding, f"m{suffix}", f"maintenance_rate{suffix}", rate, holding.tiers_source, pure=True)
            name = f"maintenance_amount{suffix}"
            self.given(holding, f"D{suffix}", name, amount, holding.tiers_source, pure=False)
        if ladder.clipped[piece]:
            return Rung(rate="f" if self.closing_fee_rate else "", amount="")
        whole = self.tier_method is TierMethod.WHOLE_POSITION
        rate_term = f"(m{suffix}_{label} + f)" if self.closing_fee_rate else f"m{suffix}_{label}"
        return Rung(rate=rate_term, amount="" if whole else f"D{suffix}_{label}")


def closing_fee_step(account: Account) -> Step:
    """The step that states the closing fee rate: one for all pools."""
    fee = account.rules.closing_fee_rate
    return Step(
        symbol="f",
        name="closing_fee_rate",
        formula=literal(fee),
        value=fee,
        unit="",
        source=GIVEN,
        subject=account.venue,
        label="",
    )


def liquidation_formula(holdings: Sequence[Holding], rungs: Sequence[Rung], backing: str) -> str:
    """The field's closed form: P = (W + U - M + D - s q E) / (q (m + f) - s q), over all legs of the symbol."""
    amounts = [f" + {rung.amount}" for rung in rungs if rung.amount]
    costs = [f" - s_{holding.label} * q_{holding.label} * E_{holding.label}" for holding in holdings]
    growth = [f"q_{holding.label} * {rung.rate}" for holding, rung in zip(holdings, rungs, strict=True) if rung.rate]
    sizes = [f" - s_{holding.label} * q_{holding.label}" for holding in holdings]
    return f"({backing}{''.join(amounts + costs)}) / ({' + '.join(growth) or '0'}{''.join(sizes)})"


def bankruptcy_formula(holdings: Sequence[Holding], wallet: str) -> str:
    """The price at which nothing is left: P = (s q E - (W + U)) / (s q), over all legs of the symbol."""
    costs = " + ".join(f"s_{holding.label} * q_{holding.label} * E_{holding.label}" for holding in holdings)
    sizes = " + ".join(f"s_{holding.label} * q_{holding.label}" for holding in holdings)
    return f"({costs} - {f'({wallet})' if ' ' in wallet else wallet}) / ({sizes})"


def market_formula(holdings: Sequence[Holding], rungs: Sequence[Rung], surplus: str) -> str:
    """The common move: x = (B - R) / (sum of beta N (m + f) - sum of beta s N); surplus is the numerator."""
    growth: list[str] = []
    sizes: list[str] = []
    for holding, rung in zip(holdings, rungs, strict=True):
        if holding.beta:
            notional = f"N_{holding.label}" if holding.beta == ONE else f"beta_{holding.label} * N_{holding.label}"
            sizes.append(f" - s_{holding.label} * {notional}")
            growth += [f"{notional} * {rung.rate}"] if rung.rate else []
    return f"({surplus}) / ({' + '.join(growth) or '0'}{''.join(sizes)})"


def surplus_formula(holdings: Sequence[Holding], rungs: Sequence[Rung], label: str) -> str:
    """What a pool holds beyond its requirement: notionals at the mark, on the rungs that hold where the move ends."""
    required = (rung.requirement(f"N_{holding.label}") for holding, rung in zip(holdings, rungs, strict=True))
    return f"B_{label}" + "".join(f" - ({terms})" for terms in required)
