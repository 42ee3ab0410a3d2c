"""When is a position, a pool, the whole account liquidated? `evaluate` answers it at the book's marks.

Every figure is the value of a recorded step; every liquidation answer comes from the walk in health/rays.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from margin_engine.health.rays import Crossing, Reach, first_crossing, move_leg, price_leg
from margin_engine.health.risk import total
from margin_engine.model.book import Book
from margin_engine.model.decimals import ONE, ZERO, exactly
from margin_engine.model.derivation import CLOSED_FORM, JUMP
from margin_engine.model.pools import Account, Holding, Pool
from margin_engine.questions.marked_pool import MarkedPool
from margin_engine.questions.results import Evaluation, LiquidationReason, PoolHealth, PositionHealth
from margin_engine.questions.working import (
    Rung,
    bankruptcy_formula,
    closing_fee_step,
    liquidation_formula,
    market_formula,
    surplus_formula,
)
from margin_engine.venues.account import open_account

FALL, RISE = -1, 1


@exactly
def evaluate(book: Book) -> Evaluation:
    """What is each position and pool worth at its mark, and where is it liquidated?

    The liquidation price is the first price, from the mark outward, at which margin balance <= maintenance margin on
    the rung that holds there, every other mark standing still. Raises an EngineError for a book that is refused.
    """
    return evaluate_account(open_account(book))


def evaluate_account(account: Account) -> Evaluation:
    """The same for a resolved account. Call it within the engine's decimal context."""
    steps = [closing_fee_step(account)] if account.rules.closing_fee_rate else []
    reaches = market_reaches(account)
    pools: list[PoolHealth] = []
    positions: dict[str, PositionHealth] = {}
    for pool in account.pools:
        marked = MarkedPool(account, pool, steps)
        pools.append(_pool_health(marked, reaches))
        for group in marked.groups():
            positions.update((position.id, position) for position in _position_healths(marked, group))
    return Evaluation(
        venue=account.venue,
        tiers_as_of=account.tiers_as_of,
        assumptions=account.assumptions,
        positions=tuple(positions[identity] for identity in account.order),
        pools=tuple(pools),
        derivation=tuple(steps),
    )


def market_reaches(account: Account) -> dict[int, Reach]:
    """How far a market-wide move goes on each side: until the first moving price of the account would reach 0."""
    betas = [holding.beta for pool in account.pools for holding in pool.holdings]
    highest, lowest = max(betas, default=ZERO), min(betas, default=ZERO)
    return {
        FALL: Reach(-1 / highest if highest > 0 else None),
        RISE: Reach(-1 / lowest if lowest < 0 else None),
    }


def market_crossing(pool: Pool, direction: int, reach: Reach) -> Crossing | None:
    """Where a market-wide move on one side makes a living pool liquidatable, as a signed fraction of the marks."""
    legs = [move_leg(holding, holding.beta) for holding in pool.holdings]
    return first_crossing(balance=pool.wallet_balance, legs=legs, start=ZERO, direction=direction, reach=reach)


@dataclass(frozen=True, slots=True)
class _Prices:
    """What the positions of one symbol in one pool share."""

    liquidation: Decimal | None
    reason: LiquidationReason | None
    bankruptcy: Decimal | None


def _pool_health(marked: MarkedPool, reaches: dict[int, Reach]) -> PoolHealth:
    pool, risk, dead = marked.pool, marked.risk, marked.dead
    return PoolHealth(
        id=pool.id,
        wallet_balance=pool.wallet_balance,
        margin_balance=marked.margin_balance,
        initial_margin=risk.initial_margin,
        maintenance_margin=risk.maintenance_margin,
        margin_ratio=marked.margin_ratio,
        available_balance=marked.available_balance,
        liquidatable=dead,
        market_fall_to_liquidation=None if dead else _market(marked, FALL, reaches[FALL]),
        market_rise_to_liquidation=None if dead else _market(marked, RISE, reaches[RISE]),
    )


def _market(marked: MarkedPool, direction: int, reach: Reach) -> Decimal | None:
    """The common move that ends the pool on one side, by x = (B - R) / (sum of beta N (m + f) - sum of beta s N)."""
    if not any(holding.beta for holding in marked.pool.holdings):
        return None
    crossing = market_crossing(marked.pool, direction, reach)
    if crossing is None:
        return None
    side = "fall" if direction == FALL else "rise"
    formula, source = _market_formula(marked, crossing, side)
    return marked.write.about_pool(
        side, f"market_{side}_to_liquidation", formula, crossing.at, pure=True, source=source
    )


def _market_formula(marked: MarkedPool, crossing: Crossing, side: str) -> tuple[str, str]:
    holdings, label = marked.pool.holdings, marked.pool.label
    if crossing.jump:
        jumping = _write_floor(marked, holdings, crossing.jump, side)
        weight = "" if jumping.beta == ONE else f" / beta_{jumping.label}"
        return f"(F_{side}_{jumping.label} / N_{jumping.label} - 1){weight}", JUMP
    rungs = _rungs_at(marked, holdings, crossing, side)
    same = rungs == [marked.rungs[holding.label] for holding in holdings]
    surplus = f"B_{label} - R_{label}" if same else surplus_formula(holdings, rungs, label)
    return market_formula(holdings, rungs, surplus), CLOSED_FORM


def _rungs_at(marked: MarkedPool, holdings: Sequence[Holding], crossing: Crossing, when: str) -> list[Rung]:
    return [
        marked.rungs[holding.label] if piece == holding.piece_at_mark else marked.write.rung(holding, piece, when)
        for holding, piece in zip(holdings, crossing.pieces, strict=True)
    ]


def _write_floor(marked: MarkedPool, holdings: Sequence[Holding], jump: tuple[int, Decimal], when: str) -> Holding:
    jumping, floor = holdings[jump[0]], jump[1]
    marked.write.given(jumping, f"F_{when}", f"floor_{when}", floor, jumping.tiers_source, pure=False)
    return jumping


def _prices(marked: MarkedPool, group: list[Holding]) -> _Prices:
    """The prices of one symbol in one pool. What the positions of other symbols add or need stands still."""
    pool, first = marked.pool, group[0]
    balance, need = pool.wallet_balance, ZERO
    wallet = backing = f"W_{pool.label}"
    if len(group) < len(pool.holdings):
        own = total(marked.risks[holding.label] for holding in group)
        profit = marked.risk.unrealised_pnl - own.unrealised_pnl
        need = marked.risk.maintenance_margin - own.maintenance_margin
        marked.write.others(group, "U", "U_others", "unrealised_pnl_of_others", profit)
        marked.write.others(group, "R", "M_others", "maintenance_margin_of_others", need)
        balance += profit
        wallet += f" + U_others_{first.label}"
        backing = f"{wallet} - M_others_{first.label}"
    bankruptcy = _bankruptcy(marked, group, balance, wallet)
    if marked.dead:
        return _Prices(None, LiquidationReason.ALREADY_LIQUIDATABLE, bankruptcy)
    crossing = _price_crossing(group, balance - need)
    if crossing is None:
        return _Prices(None, _why_none(group), bankruptcy)
    formula, source = _price_formula(marked, group, crossing, backing)
    price = marked.write.about(first, "P_liq", "liquidation_price", formula, crossing.at, source=source)
    return _Prices(price, None, bankruptcy)


def _price_crossing(group: list[Holding], balance: Decimal) -> Crossing | None:
    """The side that hurts first: below for net long, above for net short, the nearer one where the legs cancel."""
    legs = [price_leg(holding) for holding in group]
    mark, net = group[0].mark_price, _net(group)

    def toward(direction: int) -> Crossing | None:
        reach = Reach(ZERO if direction == FALL else None)
        return first_crossing(balance=balance, legs=legs, start=mark, direction=direction, reach=reach)

    if net:
        sooner, later = (FALL, RISE) if net > 0 else (RISE, FALL)
        return toward(sooner) or toward(later)
    below, above = toward(FALL), toward(RISE)
    if below and above:
        return below if mark - below.at <= above.at - mark else above
    return below or above


def _price_formula(marked: MarkedPool, group: list[Holding], crossing: Crossing, backing: str) -> tuple[str, str]:
    if crossing.jump:
        jumping = _write_floor(marked, group, crossing.jump, "liq")
        return f"F_liq_{jumping.label} / q_{jumping.label}", JUMP
    return liquidation_formula(group, _rungs_at(marked, group, crossing, "liq"), backing), CLOSED_FORM


def _why_none(group: list[Holding]) -> LiquidationReason:
    net = _net(group)
    if net == 0:
        return LiquidationReason.HEDGED_FLAT
    return LiquidationReason.COVERED_TO_ZERO if net > 0 else LiquidationReason.COVERED_AT_ANY_PRICE


def _net(group: list[Holding]) -> Decimal:
    return sum((holding.signed_size for holding in group), ZERO)


def _bankruptcy(marked: MarkedPool, group: list[Holding], balance: Decimal, wallet: str) -> Decimal | None:
    """Where nothing is left: P = (s q E - W - U) / (s q) over all legs. It does not ask whether the pool is alive."""
    net = _net(group)
    cost = sum((holding.signed_size * holding.position.entry_price for holding in group), ZERO)
    price = (cost - balance) / net if net else ZERO
    if price <= 0:
        return None
    return marked.write.about(group[0], "P_bankrupt", "bankruptcy_price", bankruptcy_formula(group, wallet), price)


def _position_healths(marked: MarkedPool, group: list[Holding]) -> list[PositionHealth]:
    prices = _prices(marked, group)
    for other in group[1:]:
        # Legs of one symbol share their prices; each names them as its own.
        for symbol, name, price in (
            ("P_liq", "liquidation_price", prices.liquidation),
            ("P_bankrupt", "bankruptcy_price", prices.bankruptcy),
        ):
            if price is not None:
                marked.write.about(other, symbol, name, f"{symbol}_{group[0].label}", price)
    return [_position_health(marked, holding, prices) for holding in group]


def _position_health(marked: MarkedPool, holding: Holding, prices: _Prices) -> PositionHealth:
    risk, rung = marked.risks[holding.label], holding.ladder.rungs[holding.piece_at_mark]
    return PositionHealth(
        id=holding.position.id,
        symbol=holding.position.symbol,
        side=holding.position.side,
        margin_mode=holding.position.margin_mode,
        pool_id=marked.pool.id,
        notional=holding.size * holding.mark_price,
        unrealised_pnl=risk.unrealised_pnl,
        initial_margin=risk.initial_margin,
        maintenance_margin=risk.maintenance_margin,
        maintenance_rate=holding.table.tiers[rung].rate,
        maintenance_amount=holding.amounts[rung],
        margin_balance=marked.margin_balance,
        margin_ratio=marked.margin_ratio,
        liquidation_price=prices.liquidation,
        liquidation_reason=prices.reason,
        distance=_distance(marked, holding, prices.liquidation),
        bankruptcy_price=prices.bankruptcy,
        max_loss=marked.pool.wallet_balance,
    )


def _distance(marked: MarkedPool, holding: Holding, price: Decimal | None) -> Decimal | None:
    if price is None:
        return None
    label, mark = holding.label, holding.mark_price
    formula = f"(P_liq_{label} - P_{label}) / P_{label}"
    return marked.write.about(holding, "distance", "distance", formula, (price - mark) / mark, pure=True)
