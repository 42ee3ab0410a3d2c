"""Contract kinds as the questions need them: through the contract's own functions, per unit of size.

What one unit of size is worth at a price (P, or 1/P for inverse) is its *worth*. Notional is size x worth and PnL is a
straight line in it for every kind, so a question that solves for a price solves for the worth and turns it back.
"""

from decimal import Decimal
from fractions import Fraction

from margin_engine.model.book import Side
from margin_engine.model.contracts import ContractKind, Terms, notional, unrealised_pnl
from margin_engine.model.decimals import ONE
from margin_engine.model.pools import Account, Holding, Pool


def unit_worth(terms: Terms, price: Decimal) -> Decimal:
    """The notional of one unit of size at a price above 0, in the settle asset."""
    return notional(kind=terms.kind, size=ONE, price=price)


def price_of_worth(terms: Terms, value: Decimal) -> Decimal:
    """The price at which one unit of size is worth `value` (above 0)."""
    return 1 / value if terms.kind is ContractKind.INVERSE else value


def gain(terms: Terms, side: Side, size: Decimal, entry_price: Decimal, price: Decimal) -> Decimal:
    """What closing `size` (>= 0) at `price` would gain, in the settle asset."""
    return unrealised_pnl(kind=terms.kind, signed_size=size * side.sign, entry_price=entry_price, price=price)


def direction(terms: Terms, side: Side) -> int:
    """+1 where a position gains as its unit's worth rises: longs, but the shorts of an inverse contract."""
    return -side.sign if terms.kind is ContractKind.INVERSE else side.sign


def balances_of(pool: Pool) -> list[tuple[str, Fraction]]:
    """What a pool holds of each asset, exact."""
    return [(each.asset, each.exact_balance) for each in pool.assets] or [(pool.asset, pool.exact_balance)]


def held(account: Account, identity: str) -> tuple[Pool, Holding]:
    """The position of that id, which is there, and its pool."""
    return next((pool, each) for pool in account.pools for each in pool.holdings if each.position.id == identity)
