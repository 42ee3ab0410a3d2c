"""What if the marks move? Which pools die on the way, in which order, and what is left at the end.

`what_if` walks the straight path from the marks to the shocked marks; `path` walks a market-wide move on both sides. In
single-asset mode pools do not touch each other, so each walks alone. A liquidation takes the pool at that moment and
everything in it.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from margin_engine.health.rays import Reach, first_crossing, move_leg
from margin_engine.health.risk import is_dead, risk_of
from margin_engine.model.book import Book, MarginMode
from margin_engine.model.decimals import ONE, ZERO, as_shown, exactly
from margin_engine.model.pools import Account, Holding, Pool, decimal_of
from margin_engine.questions.liquidation import FALL, RISE, evaluate_account, market_crossing, market_reaches
from margin_engine.questions.results import Evaluation
from margin_engine.venues.account import open_account


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidation:
    """A pool that dies on the way.

    at_fraction: 0 = already dead, 1 = at the end. loss: its wallet balance, in its asset.
    """

    id: str
    positions: tuple[str, ...]
    at_fraction: Decimal
    loss: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The account before and after a shock. Equity: wallet + PnL of all living positions, by asset."""

    before: Evaluation
    after: Evaluation
    liquidated: tuple[Liquidation, ...]
    equity_before: dict[str, Decimal]
    equity_after: dict[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A pool that a market-wide move ends, at this signed fraction of the marks."""

    id: str
    at: Decimal
    positions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPath:
    """The pools that die on each side of a market-wide move, nearest first, ties by id."""

    fall: tuple[Death, ...]
    rise: tuple[Death, ...]


@exactly
def what_if(book: Book) -> WhatIf:
    """What happens while every mark moves in a straight line to mark x (1 + shock)?

    The shocks are those of the book. Raises an EngineError for a book that is refused.
    """
    account = open_account(book)
    deaths = sorted(
        filter(None, map(_liquidation, account.pools)), key=lambda death: (as_shown(death.at_fraction), death.id)
    )
    after = _survivors(account, {death.id for death in deaths})
    return WhatIf(
        before=evaluate_account(account),
        after=evaluate_account(after),
        liquidated=tuple(deaths),
        equity_before=_equity(account),
        equity_after=_equity(after),
    )


@exactly
def path(book: Book) -> MarketPath:
    """Which pools does a market-wide fall or rise end, and in which order?

    A pool that is liquidatable already is on neither side. Raises an EngineError for a book that is refused.
    """
    account = open_account(book)
    reaches = market_reaches(account)
    alive = [pool for pool in account.pools if any(h.beta for h in pool.holdings) and not is_dead(pool)]
    return MarketPath(fall=_deaths(alive, FALL, reaches[FALL]), rise=_deaths(alive, RISE, reaches[RISE]))


def _deaths(pools: list[Pool], direction: int, reach: Reach) -> tuple[Death, ...]:
    found = [
        Death(id=pool.id, at=crossing.at, positions=_ids(pool))
        for pool in pools
        if (crossing := market_crossing(pool, direction, reach)) is not None
    ]
    return tuple(sorted(found, key=lambda death: (as_shown(abs(death.at)), death.id)))


def _ids(pool: Pool) -> tuple[str, ...]:
    return tuple(holding.position.id for holding in pool.holdings)


def _liquidation(pool: Pool) -> Liquidation | None:
    """When a pool dies along the shock, if it does: 0 at the marks, 1 at the shocked marks."""
    if not pool.holdings:
        return None
    at = ZERO
    if not is_dead(pool):
        legs = [move_leg(holding, holding.shock) for holding in pool.holdings]
        reach = Reach(ONE, included=True)
        crossing = first_crossing(balance=pool.wallet_balance, legs=legs, start=ZERO, direction=RISE, reach=reach)
        if crossing is None:
            return None
        at = crossing.at
    return Liquidation(id=pool.id, positions=_ids(pool), at_fraction=at, loss=pool.wallet_balance)


def _survivors(account: Account, dead: set[str]) -> Account:
    """The account at the shocked marks: dead isolated pools are gone, a dead cross pool is empty."""
    lost: dict[str, Fraction] = {}
    for pool in account.pools:
        if pool.id in dead:
            lost[pool.asset] = lost.get(pool.asset, Fraction(0)) + pool.exact_balance
    pools = tuple(
        _shocked(pool, pool.id in dead)
        for pool in account.pools
        if pool.id not in dead or pool.mode is MarginMode.CROSS
    )
    living = {holding.position.id for pool in pools for holding in pool.holdings}
    return replace(
        account,
        wallet={
            asset: decimal_of(Fraction(balance) - lost[asset]) if asset in lost else balance
            for asset, balance in account.wallet.items()
        },
        pools=pools,
        order=tuple(identity for identity in account.order if identity in living),
        assumptions=tuple(note for note in account.assumptions if not note.startswith("mark_price:")),
    )


def _shocked(pool: Pool, dead: bool) -> Pool:
    if dead:
        return replace(pool, holdings=(), exact_balance=Fraction(0), wallet_balance=ZERO)
    return replace(pool, holdings=tuple(_moved(holding) if holding.shock else holding for holding in pool.holdings))


def _moved(holding: Holding) -> Holding:
    mark_price = holding.mark_price * (1 + holding.shock)
    return replace(holding, mark_price=mark_price, position=replace(holding.position, mark_price=mark_price))


def _equity(account: Account) -> dict[str, Decimal]:
    equity = dict(account.wallet)
    for pool in account.pools:
        for holding in pool.holdings:
            equity[pool.asset] += risk_of(holding, holding.mark_price).unrealised_pnl
    return equity
