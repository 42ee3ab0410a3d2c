"""Writes the steps of an evaluation down; their formulas are those of formulas.py."""

from dataclasses import dataclass
from decimal import Decimal

from margin_engine.model.decimals import ONE
from margin_engine.model.derivation import ASSUMED, DEFINITION, GIVEN, Step, literal
from margin_engine.model.pools import Account, BackingAsset, Holding, Pool
from margin_engine.model.tiers import TierMethod
from margin_engine.questions.formulas import Rung, asset_label

PRICES = ("E", "P", "P_liq", "P_bankrupt")
"""The symbols that stand for prices: counted in the quote, not in what the contract settles in."""


@dataclass(slots=True)
class PoolWorking:
    """Writes the steps of one pool down, at the end of `steps`. `closing_fee_rate` has a step of its own, `f`, where it
    is not 0."""

    steps: list[Step]
    pool: Pool
    closing_fee_rate: Decimal
    tier_method: TierMethod

    def about_pool(
        self, symbol: str, name: str, formula: str, value: Decimal, *, source: str = DEFINITION, pure: bool = False
    ) -> None:
        """A step about the pool; `pure` for a number without unit."""
        pool = self.pool
        unit = "" if pure else pool.asset
        self.steps.append(
            Step(
                symbol=f"{symbol}_{pool.label}",
                name=name,
                formula=formula,
                value=value,
                unit=unit,
                source=source,
                subject=pool.id,
                label=pool.label,
            )
        )

    def about_asset(
        self,
        asset: BackingAsset,
        symbol: str,
        name: str,
        formula: str,
        value: Decimal,
        *,
        unit: str,
        source: str = DEFINITION,
    ) -> None:
        """A step about one asset of the pool in multi-asset mode."""
        label = asset_label(asset)
        self.steps.append(
            Step(
                symbol=f"{symbol}_{label}",
                name=name,
                formula=formula,
                value=value,
                unit=unit,
                source=source,
                subject=self.pool.id,
                label=label,
            )
        )

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
    ) -> None:
        """A step about a position."""
        label = holding.label
        self.steps.append(
            Step(
                symbol=f"{symbol}_{label}",
                name=name,
                formula=formula,
                value=value,
                unit="" if pure else holding.quote if symbol in PRICES else holding.terms.settle_asset,
                source=source,
                subject=holding.position.id,
                label=label,
            )
        )

    def given(self, holding: Holding, symbol: str, name: str, value: Decimal, source: str, *, pure: bool) -> None:
        """A step that states a figure of the book or of a table."""
        self.about(holding, symbol, name, literal(value), value, source=source, pure=pure)

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
        aside = f"Z_{label}" if holding.fee_to_close else ""
        if ladder.clipped[piece]:
            return Rung(rate="f" if self.closing_fee_rate else "", amount="", aside=aside)
        whole = self.tier_method is TierMethod.WHOLE_POSITION
        rate_term = f"(m{suffix}_{label} + f)" if self.closing_fee_rate else f"m{suffix}_{label}"
        return Rung(rate=rate_term, amount="" if whole else f"D{suffix}_{label}", aside=aside)


def rate_steps(account: Account) -> list[Step]:
    """The steps that state the rates of fees that are not 0: one each for all pools."""
    rules = account.rules
    rates = (("f", "closing_fee_rate", rules.closing_fee_rate), ("z", "fee_to_close_rate", rules.fee_to_close_rate))
    return [
        Step(
            symbol=symbol,
            name=name,
            formula=literal(rate),
            value=rate,
            unit="",
            source=account.rule_sources.get(name, GIVEN),
            subject=account.venue,
            label="",
        )
        for symbol, name, rate in rates
        if rate
    ]
