"""A move of the whole market: how far it goes, and where it ends each pool. market_working.py writes it down."""

from fractions import Fraction
from operator import attrgetter

from margin_engine.health.crossings import FALL, RISE, Met, move_crossing
from margin_engine.model.decimals import ZERO
from margin_engine.model.pools import Account, Pool

BETA = attrgetter("beta")

Ends = dict[int, Fraction | None]


def market_ends(account: Account) -> Ends:
    """How far a market-wide move goes on each side: until the first moving price of the account would reach 0.

    None: without end. Collateral counts as far as it moves.
    """
    betas = [holding.beta for pool in account.pools for holding in pool.holdings] + list(account.collateral_betas)
    highest, lowest = max(betas, default=ZERO), min(betas, default=ZERO)
    return {
        FALL: -1 / Fraction(highest) if highest > 0 else None,
        RISE: -1 / Fraction(lowest) if lowest < 0 else None,
    }


def moves(pool: Pool) -> bool:
    """Whether a market-wide move changes anything about a pool that has positions."""
    moving = any(holding.beta for holding in pool.holdings) or any(asset.beta for asset in pool.assets)
    return bool(pool.holdings) and moving


def market_crossing(pool: Pool, direction: int, end: Fraction | None) -> Met | None:
    """Where a market-wide move on one side makes a living pool liquidatable, as a signed fraction of the marks."""
    return move_crossing(pool, weigh=BETA, direction=direction, end=end)
