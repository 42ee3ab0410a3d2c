"""The most that one pool of margin can lose, as the cards say it."""

from __future__ import annotations

from decimal import Decimal

from margin_engine import Evaluation, LiquidationReason, Side
from margin_engine.venues.partition import SHARED_POOL


def most_lost(evaluation: Evaluation, pool_id: str) -> Decimal:
    """What can be lost in a pool, in its asset: its wallet balance, or less where no price reaches that far.

    A pool of longs alone, none of which has a liquidation price, loses no more than a fall of everything to 0 takes:
    the sum of quantity x entry, which is notional - unrealised PnL for whatever is settled in what its price is in.
    Inverse longs always have a price, since a fall costs them ever more coins; a short's loss has no end; and in
    multi-asset mode the collateral falls with the prices, too.
    Raises KeyError for a pool that is not there.
    """
    wallet = evaluation.pool(pool_id).wallet_balance
    held = [position for position in evaluation.positions if position.pool_id == pool_id]
    covered = all(
        position.side is Side.LONG and position.liquidation_reason is LiquidationReason.COVERED_TO_ZERO
        for position in held
    )
    if pool_id == SHARED_POOL or not held or not covered:
        return wallet
    return min(wallet, sum((position.notional - position.unrealised_pnl for position in held), Decimal(0)))
