"""When is a position, a pool, the whole account liquidated? `evaluate` answers it at the book's marks.

Every liquidation answer comes from the walk in health/rays.py. Figures are worked out first and written down as steps
after that, from the same objects: without a derivation nothing is written, and everything else is the same.
"""

from decimal import Decimal
from fractions import Fraction

from margin_engine.health.crossings import FALL, RISE
from margin_engine.health.lines import groups_of
from margin_engine.model.book import Book
from margin_engine.model.decimals import exactly
from margin_engine.model.derivation import Step
from margin_engine.model.pools import Account, Holding
from margin_engine.questions.marked_pool import MarkedPool
from margin_engine.questions.marked_working import MarkedWorking
from margin_engine.questions.market_moves import Ends, market_crossing, market_ends, moves
from margin_engine.questions.market_working import write_market_move
from margin_engine.questions.price_working import PriceWorking
from margin_engine.questions.prices import PriceQuestion, Prices
from margin_engine.questions.results import Evaluation, PoolHealth, PositionHealth
from margin_engine.questions.working import rate_steps
from margin_engine.venues.account import open_account


@exactly
def evaluate(book: Book, *, explain: bool = True) -> Evaluation:
    """What is each position and pool worth at its mark, and where is it liquidated?

    The liquidation price is the first price, from the mark outward, at which margin balance <= maintenance margin on
    the rung that holds there, every other mark standing still. explain: False leaves the derivation empty, which saves
    more than half of the time; the calculation is the same. Raises an EngineError for a book that is refused.
    """
    return evaluate_account(open_account(book), explain=explain)


def evaluate_account(account: Account, *, explain: bool = True) -> Evaluation:
    """The same for a resolved account. Call it within the engine's decimal context."""
    steps: list[Step] | None = rate_steps(account) if explain else None
    ends = market_ends(account)
    pools: list[PoolHealth] = []
    positions: dict[str, PositionHealth] = {}
    for pool in account.pools:
        marked = MarkedPool(account, pool)
        working = None if steps is None else MarkedWorking(marked, steps)
        pools.append(_pool_health(marked, ends, working))
        for group in groups_of(pool):
            positions.update((position.id, position) for position in _position_healths(marked, group, working))
    return Evaluation(
        book=account.book,
        venue=account.venue,
        tiers_as_of=account.tiers_as_of,
        assumptions=account.assumptions,
        positions=tuple(positions[identity] for identity in account.order),
        pools=tuple(pools),
        derivation=tuple(steps or ()),
    )


def _pool_health(marked: MarkedPool, ends: Ends, working: MarkedWorking | None) -> PoolHealth:
    pool, worth = marked.pool, marked.worth
    return PoolHealth(
        id=pool.id,
        wallet_balance=pool.wallet_balance,
        margin_balance=marked.margin_balance,
        initial_margin=worth.initial_margin,
        maintenance_margin=worth.maintenance_margin,
        margin_ratio=marked.margin_ratio,
        available_balance=marked.available_balance,
        liquidatable=marked.dead,
        market_fall_to_liquidation=_market_move(marked, FALL, ends[FALL], working),
        market_rise_to_liquidation=_market_move(marked, RISE, ends[RISE], working),
    )


def _market_move(
    marked: MarkedPool, direction: int, end: Fraction | None, working: MarkedWorking | None
) -> Decimal | None:
    """The common move that ends a living pool on one side; None if none does."""
    if marked.dead or not moves(marked.pool):
        return None
    met = market_crossing(marked.pool, direction, end)
    if met is None:
        return None
    if working is not None:
        write_market_move(working, direction, met)
    return met.at


def _position_healths(marked: MarkedPool, group: list[Holding], working: MarkedWorking | None) -> list[PositionHealth]:
    question = PriceQuestion(marked, group)
    prices = question.answer()
    healths = [_position_health(marked, holding, prices) for holding in group]
    if working is not None:
        PriceWorking(working, question).steps(prices, healths)
    return healths


def _position_health(marked: MarkedPool, holding: Holding, prices: Prices) -> PositionHealth:
    risk, rung = marked.worth.risks.of[holding.label], holding.ladder.rungs[holding.piece_at_mark]
    return PositionHealth(
        id=holding.position.id,
        symbol=holding.position.symbol,
        side=holding.position.side,
        margin_mode=holding.position.margin_mode,
        pool_id=marked.pool.id,
        notional=holding.notional_at_mark,
        unrealised_pnl=risk.unrealised_pnl,
        initial_margin=risk.initial_margin,
        maintenance_margin=risk.maintenance_margin,
        maintenance_rate=holding.table.tiers[rung].rate,
        maintenance_amount=holding.amounts[rung],
        margin_balance=marked.margin_balance,
        margin_ratio=marked.margin_ratio,
        liquidation_price=prices.liquidation,
        liquidation_reason=prices.reason,
        distance=_distance(holding, prices.liquidation),
        bankruptcy_price=prices.bankruptcy,
        max_loss=marked.pool.wallet_balance,
    )


def _distance(holding: Holding, price: Decimal | None) -> Decimal | None:
    return None if price is None else (price - holding.mark_price) / holding.mark_price
