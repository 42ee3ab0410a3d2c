"""Contracts, tier tables and rules that an imported book brought along: as they are saved, as the engine takes them."""

from __future__ import annotations

from decimal import Decimal

from bot.storage.portfolios import SavedContract, SavedRules, SavedTier
from margin_engine import Contract, ContractKind, LiquidationProcess, Rules, Tier, TierMethod, TierTable


def contract_of(saved: SavedContract | None) -> Contract | None:
    """A saved contract for the engine."""
    if saved is None:
        return None
    kind = ContractKind(saved.kind) if saved.kind is not None else None
    return Contract(kind=kind, multiplier=saved.multiplier, settle_asset=saved.settle_asset)


def saved_contract(contract: Contract | None) -> SavedContract | None:
    """A contract of the engine as it is saved."""
    if contract is None:
        return None
    kinds = {
        ContractKind.LINEAR: SavedContract(kind="linear"),
        ContractKind.INVERSE: SavedContract(kind="inverse"),
        ContractKind.QUANTO: SavedContract(kind="quanto"),
    }
    base = kinds[contract.kind] if contract.kind is not None else SavedContract()
    return base.model_copy(update={"multiplier": contract.multiplier, "settle_asset": contract.settle_asset})


def table_of(rungs: tuple[SavedTier, ...]) -> TierTable:
    """A saved tier table for the engine."""
    return TierTable(
        tuple(
            Tier(floor=rung.floor, rate=rung.rate, amount=rung.amount, max_leverage=rung.max_leverage) for rung in rungs
        )
    )


def saved_tiers(table: TierTable) -> tuple[SavedTier, ...]:
    """A tier table of the engine as it is saved."""
    return tuple(
        SavedTier(floor=rung.floor, rate=rung.rate, amount=rung.amount, max_leverage=rung.max_leverage)
        for rung in table.tiers
    )


def rules_of(saved: SavedRules) -> Rules:
    """Saved rules for the engine; what was left out is plain."""
    return Rules(
        closing_fee_rate=saved.closing_fee_rate or Decimal(0),
        tier_method=TierMethod(saved.tier_method or "marginal"),
        liquidation_process=LiquidationProcess(saved.liquidation_process or "whole"),
        others_profit_counts=saved.others_profit_counts is not False,
        fee_to_close_rate=saved.fee_to_close_rate or Decimal(0),
    )


def saved_rules(rules: Rules | None) -> SavedRules | None:
    """Rules of the engine as they are saved, every slot said."""
    if rules is None:
        return None
    return SavedRules(
        closing_fee_rate=rules.closing_fee_rate,
        tier_method="whole_position" if rules.tier_method is TierMethod.WHOLE_POSITION else "marginal",
        liquidation_process="venue" if rules.liquidation_process is LiquidationProcess.VENUE else "whole",
        others_profit_counts=rules.others_profit_counts,
        fee_to_close_rate=rules.fee_to_close_rate,
    )
