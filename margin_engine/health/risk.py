"""What a position or a pool is worth at one set of prices.

Questions are answered by comparing sums and products, never by dividing: a ratio has no sign to trust when the margin
balance is zero or less.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic

from margin_engine.model.contracts import N, notional, unrealised_pnl
from margin_engine.model.decimals import ZERO
from margin_engine.model.pools import BackingAsset, Holding, Pool, decimal_of
from margin_engine.model.tiers import in_numbers


@dataclass(frozen=True, slots=True)
class Risk(Generic[N]):
    """Amounts in the settle asset. maintenance_margin is the whole requirement, fees for closing included."""

    unrealised_pnl: N
    initial_margin: N
    maintenance_margin: N


@dataclass(frozen=True, slots=True)
class Sums(Generic[N]):
    """Several positions that settle in one asset together. losses: the PnL of those that lose."""

    pnl: N
    losses: N
    need: N


@dataclass(frozen=True, slots=True)
class Risks(Generic[N]):
    """The positions of a pool at their marks: each by its label, and their sums by settle asset."""

    of: dict[str, Risk[N]]
    by_asset: dict[str, Sums[N]]

    def without(self, asset: str, labels: list[str]) -> Sums[N]:
        """The sums of an asset without some of its positions."""
        sums = self.by_asset[asset]
        pnl, losses, need = sums.pnl, sums.losses, sums.need
        zero = type(losses)(0)
        for label in labels:
            risk = self.of[label]
            pnl -= risk.unrealised_pnl
            losses -= min(risk.unrealised_pnl, zero)
            need -= risk.maintenance_margin
        return Sums(pnl, losses, need)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """A pool at its marks, in its own asset; `risks` are in the settle assets.

    equities: in multi-asset mode, balance + PnL of each of its assets, in that asset. exact: the risks in fractions,
    where the pool is not straight.
    """

    risks: Risks[Decimal]
    exact: Risks[Fraction] | None = None
    equities: dict[str, Decimal]
    unrealised_pnl: Decimal
    initial_margin: Decimal
    maintenance_margin: Decimal
    margin_balance: Decimal
    liquidatable: bool


def risk_of(holding: Holding, price: N) -> Risk[N]:
    """The risk of one position at a price above 0: PnL, notional / leverage, and its rung's requirement.

    A fee that is set aside for closing stands in both margins.
    """
    number, kind = type(price), holding.terms.kind
    value = notional(kind=kind, size=number(holding.size), price=price)
    entry_price, signed_size = number(holding.position.entry_price), number(holding.signed_size)
    initial: N = value / number(holding.position.leverage)
    maintenance: N = in_numbers(holding.ladder, number).requirement(value)
    if holding.fee_to_close:
        fee: N = number(holding.fee_to_close)
        initial += fee
        maintenance += fee
    pnl = unrealised_pnl(kind=kind, signed_size=signed_size, entry_price=entry_price, price=price)
    return Risk(pnl, initial, maintenance)


def risks_of(pool: Pool, number: type[N]) -> Risks[N]:
    """The risks of all positions of a pool at their marks, in decimals or in fractions."""
    zero = number(0)
    assets = [asset.asset for asset in pool.assets] or [pool.asset]
    risks = {holding.label: risk_of(holding, number(holding.mark_price)) for holding in pool.holdings}
    by_asset: dict[str, list[Risk[N]]] = {asset: [] for asset in assets}
    for holding in pool.holdings:
        by_asset[holding.terms.settle_asset].append(risks[holding.label])
    sums = {
        asset: Sums(
            sum((risk.unrealised_pnl for risk in own), zero),
            sum((min(risk.unrealised_pnl, zero) for risk in own), zero),
            sum((risk.maintenance_margin for risk in own), zero),
        )
        for asset, own in by_asset.items()
    }
    return Risks(risks, sums)


def worth_of(pool: Pool) -> Worth:
    """Everything about a pool at its marks.

    The margin balance is wallet + PnL; in multi-asset mode the sum of price x equity over its assets, a positive equity
    less its haircut, and margins are converted at the price of their asset. Liquidatable: margin balance <= maintenance
    margin, touching counts; a pool without positions never is.
    """
    if not pool.straight:
        return _worth_in_fractions(pool)
    risks = risks_of(pool, Decimal)
    sums = risks.by_asset[pool.asset]
    balance = pool.wallet_balance + sums.pnl
    return Worth(
        risks=risks,
        equities={},
        unrealised_pnl=sums.pnl,
        initial_margin=sum((risk.initial_margin for risk in risks.of.values()), ZERO),
        maintenance_margin=sums.need,
        margin_balance=balance,
        liquidatable=bool(pool.holdings) and balance <= sums.need,
    )


def counted(asset: BackingAsset, equity: Fraction) -> Fraction:
    """What an asset's equity adds to the margin balance: at its price, less the haircut if it is above 0."""
    value = equity * Fraction(asset.price)
    return value * (1 - Fraction(asset.haircut)) if equity > 0 else value


def is_dead(pool: Pool) -> bool:
    """Whether a pool is liquidatable at its marks. A pool without positions never is."""
    return bool(pool.holdings) and worth_of(pool).liquidatable


def _worth_in_fractions(pool: Pool) -> Worth:
    """The same where quotients or several assets come in: fractions, so that what cancels leaves nothing behind."""
    exact = risks_of(pool, Fraction)
    prices = {asset.asset: Fraction(asset.price) for asset in pool.assets} or {pool.asset: Fraction(1)}
    pnl = sum((sums.pnl * prices[asset] for asset, sums in exact.by_asset.items()), Fraction(0))
    need = sum((sums.need * prices[asset] for asset, sums in exact.by_asset.items()), Fraction(0))
    initial = sum((exact.of[h.label].initial_margin * prices[h.terms.settle_asset] for h in pool.holdings), Fraction(0))
    equities = {asset.asset: asset.exact_balance + exact.by_asset[asset.asset].pnl for asset in pool.assets}
    balance = pool.exact_balance + pnl
    if pool.assets:
        balance = sum((counted(asset, equities[asset.asset]) for asset in pool.assets), start=Fraction(0))
    return Worth(
        risks=Risks(
            {label: Risk(*map(decimal_of, _fields(risk))) for label, risk in exact.of.items()},
            {asset: Sums(*map(decimal_of, (s.pnl, s.losses, s.need))) for asset, s in exact.by_asset.items()},
        ),
        exact=exact,
        equities={asset: decimal_of(equity) for asset, equity in equities.items()},
        unrealised_pnl=decimal_of(pnl),
        initial_margin=decimal_of(initial),
        maintenance_margin=decimal_of(need),
        margin_balance=decimal_of(balance),
        liquidatable=bool(pool.holdings) and balance <= need,
    )


def _fields(risk: Risk[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    return risk.unrealised_pnl, risk.initial_margin, risk.maintenance_margin
