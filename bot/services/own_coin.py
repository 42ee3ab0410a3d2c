"""A position's price where its own coin also backs the account: as that price moves, so does the collateral.

The engine's liquidation price holds all collateral still (docs/concepts/margin.md). Where 0.2 BTC backs a long of BTC
that would name a price which the account does not live to see, so people are shown the price of both moving together.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.rendering.views import OwnCoin, nearness
from bot.services.equity import moving_collateral, moving_with, prices_of, settled_in
from bot.services.market_moves import base_of
from bot.services.symbols import coin_of
from margin_engine import (
    AtDistance,
    AtPrice,
    BeyondStop,
    Book,
    Evaluation,
    Goal,
    LiquidationReason,
    MarginMode,
    PositionHealth,
    Survives,
    evaluate,
)
from margin_engine.health.crossings import FALL, RISE
from margin_engine.questions.directions import death_of, deaths_along
from margin_engine.questions.marks import marks_of, moved
from margin_engine.questions.what_if import walked
from margin_engine.venues.partition import SHARED_POOL


def as_shown(evaluation: Evaluation) -> Evaluation:
    """The evaluation with the liquidation prices, reasons and distances that people are shown."""
    return replace(evaluation, positions=tuple(shown_health(evaluation, each.id)[0] for each in evaluation.positions))


def nearness_of(health: PositionHealth) -> Decimal:
    """How far from the price now a position is liquidated, by which everything that goes first is found."""
    return nearness(health.distance, dead=health.liquidation_reason is LiquidationReason.ALREADY_LIQUIDATABLE)


def shown_health(evaluation: Evaluation, identity: str) -> tuple[PositionHealth, OwnCoin | None]:
    """A position's health as people are shown it, and what else there is to say where its coin backs its own pool.

    P x (1 + x) with x the nearest move of the coin, in all its contracts and as collateral, all else still, that ends
    the pool: on the side on which its cross positions lose first, then on the other. The proof, what is left and needed
    there, comes with an evaluation that carries its working. Raises KeyError for an unknown id.
    """
    book, health = evaluation.book, evaluation.position(identity)
    asset = _backed_by(book, identity)
    if asset is None or health.liquidation_reason is LiquidationReason.ALREADY_LIQUIDATABLE:
        return health, None
    backing = OwnCoin(asset=asset, still=health.liquidation_price)
    moving, long = moving_with(book, health.symbol), _net(evaluation, health.symbol) >= 0
    move = death_of(book, health.pool_id, moving, first=FALL if long else RISE)
    if move is None:
        reason = LiquidationReason.COVERED_TO_ZERO if long else LiquidationReason.COVERED_AT_ANY_PRICE
        return replace(health, liquidation_price=None, liquidation_reason=reason, distance=None), backing
    price = marks_of(book)[health.symbol] * (1 + move)
    health = replace(health, liquidation_price=price, liquidation_reason=None, distance=move)
    if evaluation.derivation:
        pool = evaluate(moved(book, dict.fromkeys(moving, move)), explain=False).pool(health.pool_id)
        backing = replace(backing, left=pool.margin_balance, needed=pool.maintenance_margin)
    return health, backing


def goal_as_backed(book: Book, identity: str, goal: AtPrice | AtDistance | BeyondStop) -> Goal:
    """The goal with a coin that backs its own position moving along: to live through both moves, their end included."""
    if isinstance(goal, AtDistance):
        move = goal.distance
    else:
        price = goal.price if isinstance(goal, AtPrice) else goal.stop
        move = price / marks_of(book)[book.position(identity).symbol] - 1
    shocks = _moved_along(book, identity, move)
    return goal if shocks is None else Survives(shocks=shocks)


def shocks_to(book: Book, identity: str, price: Decimal) -> dict[str, Decimal]:
    """The shocks that take a position's symbol to a price, and all that has its coin's price where that backs it."""
    symbol = book.position(identity).symbol
    move = price / marks_of(book)[symbol] - 1
    return _moved_along(book, identity, move) or {symbol: move}


def lives_at(book: Book, identity: str, price: Decimal) -> bool:
    """Whether a position lives while its price goes from the mark to that one."""
    answer = walked(replace(book, shocks=shocks_to(book, identity, price)))
    return all(identity not in death.positions for death in answer.liquidated)


def dies_on_the_way(book: Book, identity: str, price: Decimal) -> bool | None:
    """Whether the account ends before such a price is reached; None where the coin does not back the position."""
    shocks = _moved_along(book, identity, price / marks_of(book)[book.position(identity).symbol] - 1)
    return None if shocks is None else deaths_along(book, [shocks])[SHARED_POOL][0] is not None


def _moved_along(book: Book, identity: str, move: Decimal) -> dict[str, Decimal] | None:
    """The shocks that take a position and all that has its coin's price so far; None where it is not backed so."""
    asset = _backed_by(book, identity)
    return None if asset is None else dict.fromkeys(moving_with(book, book.position(identity).symbol), move)


def _backed_by(book: Book, identity: str) -> str | None:
    """The asset that backs the pool of a position and is that position's own coin."""
    position = book.position(identity)
    asset = base_of(coin_of(position.symbol))
    held = book.wallet.get(asset, Decimal(0)) > 0 and asset in moving_collateral(book)
    return asset if held and position.margin_mode is MarginMode.CROSS else None


def _net(evaluation: Evaluation, symbol: str) -> Decimal:
    """The value of the longs less that of the shorts in a coin's contracts among the cross positions, in dollars."""
    book, moving = evaluation.book, moving_with(evaluation.book, symbol)
    prices = prices_of(book)
    crossed = [each for each in book.positions if each.symbol in moving and each.margin_mode is MarginMode.CROSS]
    return sum(
        (
            each.side.sign * evaluation.position(each.id).notional * prices.get(settled_in(book, each), Decimal(1))
            for each in crossed
        ),
        Decimal(0),
    )
