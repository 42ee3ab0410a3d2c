"""The straight path from the marks to the shocked marks: which pools die on it, and what is left behind them.

The price of collateral moves along where the shocks name it. Pools do not touch each other, so each walks alone, and a
death takes the pool at that moment and everything in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from operator import attrgetter

from margin_engine.health.crossings import RISE, Met, move_crossing
from margin_engine.health.risk import is_dead, worth_of
from margin_engine.model.book import Book, MarginMode
from margin_engine.model.decimals import ZERO, as_shown
from margin_engine.model.pools import Account, BackingAsset, Holding, Pool, decimal_of
from margin_engine.questions.payoff import balances_of
from margin_engine.venues.account import open_account

_SHOCK = attrgetter("shock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidation:
    """A pool that dies on the way.

    at_fraction: 0 = already dead, 1 = at the end. loss: its wallet balance, in its asset; where a venue's own steps are
    followed and return what is left, what the last of them loses.
    """

    id: str
    positions: tuple[str, ...]
    at_fraction: Decimal
    loss: Decimal


def shock_crossing(pool: Pool) -> Met | None:
    """Where on the way, its end included, the shocks make a living pool liquidatable; None if it lives."""
    return move_crossing(pool, weigh=_SHOCK, direction=RISE, end=Fraction(1), included=True)


def liquidations(account: Account) -> tuple[Liquidation, ...]:
    """The pools that die on the path of the account's shocks, in order, ties by id."""
    deaths = filter(None, map(_liquidation, account.pools))
    return tuple(sorted(deaths, key=lambda death: (as_shown(death.at_fraction), death.id)))


def survivors(account: Account, deaths: Sequence[Liquidation]) -> Account:
    """The account at the shocked marks: dead isolated pools are gone, a dead cross pool is empty."""
    dead = {death.id for death in deaths}
    lost = _lost(account, dead)
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


def without(book: Book, deaths: Sequence[Liquidation]) -> Book:
    """The book after liquidations that take whole pools: their positions are gone, and the balances behind them.

    What is left of an asset behind a dead cross pool are the margins of the isolated positions that live.
    """
    if not deaths:
        return book
    gone = {identity for death in deaths for identity in death.positions}
    account = open_account(book)
    lost = _lost(account, {death.id for death in deaths})
    wallet = {asset: _covering(Fraction(all_of_it) - lost.get(asset, 0)) for asset, all_of_it in account.wallet.items()}
    return replace(book, wallet=wallet).without_positions(*gone)


def equity_of(account: Account) -> dict[str, Decimal]:
    """Wallet + PnL by asset, in that asset, without haircuts."""
    equity = {asset: Fraction(balance) for asset, balance in account.wallet.items()}
    for pool in account.pools:
        if not pool.holdings:
            continue
        worth = worth_of(pool)
        for asset, sums in (worth.exact or worth.risks).by_asset.items():
            equity[asset] += Fraction(sums.pnl)
    return {asset: decimal_of(amount) for asset, amount in equity.items()}


def ids_of(pool: Pool) -> tuple[str, ...]:
    """The ids of a pool's positions."""
    return tuple(holding.position.id for holding in pool.holdings)


def _liquidation(pool: Pool) -> Liquidation | None:
    """When a pool dies along the shock, if it does: 0 at the marks, 1 at the shocked marks."""
    if not pool.holdings:
        return None
    at = ZERO
    if not is_dead(pool):
        met = shock_crossing(pool)
        if met is None:
            return None
        at = met.at
    return Liquidation(id=pool.id, positions=ids_of(pool), at_fraction=at, loss=pool.wallet_balance)


def _lost(account: Account, dead: set[str]) -> dict[str, Fraction]:
    """What goes with these pools, by asset."""
    lost: dict[str, Fraction] = {}
    for pool in account.pools:
        for asset, balance in balances_of(pool) if pool.id in dead else ():
            lost[asset] = lost.get(asset, Fraction(0)) + balance
    return lost


def _covering(value: Fraction) -> Decimal:
    """A fraction as a decimal, rounded up in its last digit: it must cover margins that are quotients."""
    with localcontext() as context:
        context.rounding = ROUND_CEILING
        return decimal_of(value)


def _shocked(pool: Pool, dead: bool) -> Pool:
    assets = tuple(_moved_asset(asset, dead) for asset in pool.assets)
    if dead:
        return replace(pool, holdings=(), exact_balance=Fraction(0), wallet_balance=ZERO, assets=assets)
    holdings = tuple(_moved(holding) if holding.shock else holding for holding in pool.holdings)
    if not any(asset.shock for asset in pool.assets):
        return replace(pool, holdings=holdings, assets=assets)
    balance = sum((asset.exact_balance * Fraction(asset.price) for asset in assets), start=Fraction(0))
    return replace(pool, holdings=holdings, assets=assets, exact_balance=balance, wallet_balance=decimal_of(balance))


def _moved(holding: Holding) -> Holding:
    mark_price = holding.mark_price * (1 + holding.shock)
    return replace(holding, mark_price=mark_price, position=replace(holding.position, mark_price=mark_price))


def _moved_asset(asset: BackingAsset, dead: bool) -> BackingAsset:
    left = replace(asset, exact_balance=Fraction(0), balance=ZERO) if dead else asset
    return replace(left, price=asset.price * (1 + asset.shock)) if asset.shock else left
