"""A position's price where its own coin also backs the account: as that price moves, so does the collateral.

The engine's liquidation price holds all collateral still (docs/concepts/margin.md). Where 0.2 BTC backs a long of BTC
that would name a price which the account does not live to see, so people are shown the price of both moving together.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.rendering.views import OwnCoin
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
from margin_engine.questions.directions import deaths_along
from margin_engine.questions.marks import marks_of, moved


def shown_health(evaluation: Evaluation, identity: str) -> PositionHealth:
    """The position's health with the liquidation price, reason and distance that a person is shown.

    P x (1 + x) with x the nearest move of the coin, in all its contracts and as collateral, all else still, that ends
    the pool: on the side on which its cross positions lose first, then on the other. Raises KeyError for an unknown id.
    """
    health = evaluation.position(identity)
    asset = _backed_by(evaluation.book, identity)
    if asset is None or health.liquidation_reason is LiquidationReason.ALREADY_LIQUIDATABLE:
        return health
    still = dict.fromkeys(moving_collateral(evaluation.book), Decimal(0))
    moving = dict.fromkeys(moving_with(evaluation.book, health.symbol), Decimal(1))
    betas = {**still, "*": Decimal(0), **moving}
    pool = evaluate(replace(evaluation.book, betas=betas, shocks={}), explain=False).pool(health.pool_id)
    long = _net(evaluation, health.symbol) >= 0
    first, second = pool.market_fall_to_liquidation, pool.market_rise_to_liquidation
    if not long:
        first, second = second, first
    move = second if first is None else first
    if move is None:
        reason = LiquidationReason.COVERED_TO_ZERO if long else LiquidationReason.COVERED_AT_ANY_PRICE
        return replace(health, liquidation_price=None, liquidation_reason=reason, distance=None)
    price = marks_of(evaluation.book)[health.symbol] * (1 + move)
    return replace(health, liquidation_price=price, liquidation_reason=None, distance=move)


def own_coin_of(evaluation: Evaluation, identity: str) -> OwnCoin | None:
    """What else there is to say where the coin of a position backs its own pool; None where it does not."""
    asset = _backed_by(evaluation.book, identity)
    health = shown_health(evaluation, identity)
    if asset is None or health.liquidation_reason is LiquidationReason.ALREADY_LIQUIDATABLE:
        return None
    still = evaluation.position(identity).liquidation_price
    if health.liquidation_price is None or health.distance is None:
        return OwnCoin(asset=asset, still=still)
    moving = moving_with(evaluation.book, health.symbol)
    there = moved(evaluation.book, dict.fromkeys(moving, health.distance))
    pool = evaluate(there, explain=False).pool(health.pool_id)
    return OwnCoin(asset=asset, still=still, left=pool.margin_balance, needed=pool.maintenance_margin)


def goal_as_backed(book: Book, identity: str, goal: AtPrice | AtDistance | BeyondStop) -> Goal:
    """The goal with a coin that backs its own position moving along: to live through both moves, their end included."""
    if isinstance(goal, AtDistance):
        move = goal.distance
    else:
        price = goal.price if isinstance(goal, AtPrice) else goal.stop
        move = price / marks_of(book)[book.position(identity).symbol] - 1
    shocks = _moved_along(book, identity, move)
    return goal if shocks is None else Survives(shocks=shocks)


def dies_on_the_way(book: Book, identity: str, price: Decimal) -> bool | None:
    """Whether the account ends before such a price is reached; None where the coin does not back the position."""
    shocks = _moved_along(book, identity, price / marks_of(book)[book.position(identity).symbol] - 1)
    if shocks is None:
        return None
    pool_id = evaluate(book, explain=False).position(identity).pool_id
    return deaths_along(book, [shocks])[pool_id][0] is not None


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
