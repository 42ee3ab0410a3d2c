"""Which mistakes does a book show, each with the numbers behind it? Quiet where there is nothing to say.

Nothing is worded here: a finding is an enum, the positions that it is about, and named numbers. Every threshold stands
in `Thresholds` with its reason.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from margin_engine.model.book import AssetMode, Book, MarginMode
from margin_engine.model.decimals import ONE, ZERO, exactly
from margin_engine.model.errors import EngineError
from margin_engine.model.pools import Holding, decimal_of
from margin_engine.model.tiers import Tier
from margin_engine.questions.change_kinds import SwitchMode
from margin_engine.questions.changes import apply
from margin_engine.questions.liquidation import evaluate, evaluate_account
from margin_engine.questions.payoff import unit_worth
from margin_engine.questions.results import Evaluation, PositionHealth
from margin_engine.questions.survival import BeyondStop, course_of, trial
from margin_engine.questions.switching import newly_dead
from margin_engine.venues.account import open_account

HIGH_LEVERAGE = Decimal(20)
"""The decision tree's own border: at 20x a move of 5 % takes the margin, which is a usual day of a small coin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When a finding is worth saying.

    high_leverage: above it, cross only delays the loss and draws on everything (see HIGH_LEVERAGE). rung_edge: share of
    the leverage limit, or of the notional at which the next rung lowers it, from which a little more is refused: at
    90 % an addition of a tenth does not fit any more. account_share: initial margin as part of the wallet (of the
    margin balance where all assets back the pool) from which
    one position is the account: at half, no second one of its size fits. one_bet: net of the notionals (longs minus
    shorts, weighted by their betas) as a part of their sum from which several positions are one bet: at 90 % at most a
    twentieth leans the other way. daily_moves: liquidation within so many usual daily moves: a normal day goes beyond
    one of them with 32 %.
    """

    high_leverage: Decimal = HIGH_LEVERAGE
    rung_edge: Decimal = Decimal("0.9")
    account_share: Decimal = Decimal("0.5")
    one_bet: Decimal = Decimal("0.9")
    daily_moves: Decimal = ONE


class Mistake(StrEnum):
    """What a book can get wrong. The first four are the common ones.

    CROSS_WITH_HIGH_LEVERAGE: the account only delays the loss. ISOLATED_UNATTENDED: a set margin is no stop.
    SWITCH_CROSSED_AT_ONCE: the other mode's liquidation price is beyond the mark already. CROSS_TAKEN_FOR_SAFER: the
    risk is hidden, not gone: the pool's whole wallet is at stake. LIQUIDATION_WITHIN_A_DAY: nearer than the symbol's
    usual daily move. ONE_BET: positions that win and lose together. STOP_BEYOND_LIQUIDATION: the stop never comes.
    LEVERAGE_AT_THE_LIMIT: no room on the rung. POSITION_IS_THE_ACCOUNT: most of the account in one position.
    """

    CROSS_WITH_HIGH_LEVERAGE = "cross_with_high_leverage"
    ISOLATED_UNATTENDED = "isolated_unattended"
    SWITCH_CROSSED_AT_ONCE = "switch_crossed_at_once"
    CROSS_TAKEN_FOR_SAFER = "cross_taken_for_safer"
    LIQUIDATION_WITHIN_A_DAY = "liquidation_within_a_day"
    ONE_BET = "one_bet"
    STOP_BEYOND_LIQUIDATION = "stop_beyond_liquidation"
    LEVERAGE_AT_THE_LIMIT = "leverage_at_the_limit"
    POSITION_IS_THE_ACCOUNT = "position_is_the_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One mistake: the positions that show it, in the book's order, and the numbers behind it by name."""

    mistake: Mistake
    positions: tuple[str, ...]
    numbers: dict[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a book does not tell. None or missing: not known, so nothing is said about it.

    unattended: nobody watches. switching: ids whose mode the person thinks of changing. thinks_cross_safer: said so.
    stops: stop price by position. daily_moves: usual daily move by symbol, a fraction above 0.
    """

    unattended: bool | None = None
    switching: tuple[str, ...] = ()
    thinks_cross_safer: bool | None = None
    stops: Mapping[str, Decimal] = field(default_factory=dict)
    daily_moves: Mapping[str, Decimal] = field(default_factory=dict)


_UNKNOWN = Habits()
_USUAL = Thresholds()


@exactly
def mistakes(book: Book, habits: Habits = _UNKNOWN, thresholds: Thresholds = _USUAL) -> tuple[Finding, ...]:
    """Which mistakes does this book show, in the order of `Mistake`, then of the book?

    Raises an EngineError for a book that is refused.
    """
    look = _Look(book, habits, thresholds)
    return tuple(finding for check in _CHECKS for finding in check(look))


class _Look:
    """The book evaluated once, with what the checks ask of it."""

    def __init__(self, book: Book, habits: Habits, thresholds: Thresholds) -> None:
        self.book, self.habits, self.thresholds = book, habits, thresholds
        account = open_account(book)
        self.evaluation: Evaluation = evaluate_account(account, explain=False)
        self.holdings = {holding.position.id: holding for pool in account.pools for holding in pool.holdings}

    def positions(self) -> Iterator[tuple[PositionHealth, Holding]]:
        """Every position, evaluated and resolved, in the book's order."""
        for position in self.evaluation.positions:
            yield position, self.holdings[position.id]


def _finding(mistake: Mistake, position: str, **numbers: Decimal | None) -> Finding:
    known = {name: value for name, value in numbers.items() if value is not None}
    return Finding(mistake=mistake, positions=(position,), numbers=known)


def _cross_with_high_leverage(look: _Look) -> Iterator[Finding]:
    for position, holding in look.positions():
        leverage = holding.position.leverage
        if position.margin_mode is MarginMode.CROSS and leverage > look.thresholds.high_leverage:
            yield _finding(
                Mistake.CROSS_WITH_HIGH_LEVERAGE,
                position.id,
                leverage=leverage,
                at_stake=position.max_loss,
                isolated_at_stake=decimal_of(holding.own_margin),
                distance=position.distance,
            )


def _isolated_unattended(look: _Look) -> Iterator[Finding]:
    for position, _ in look.positions():
        watched = not look.habits.unattended or position.id in look.habits.stops
        if position.margin_mode is MarginMode.ISOLATED and not watched:
            yield _finding(
                Mistake.ISOLATED_UNATTENDED,
                position.id,
                at_stake=position.max_loss,
                liquidation_price=position.liquidation_price,
                distance=position.distance,
            )


def _switch_crossed_at_once(look: _Look) -> Iterator[Finding]:
    other = {MarginMode.CROSS: MarginMode.ISOLATED, MarginMode.ISOLATED: MarginMode.CROSS}
    for position, _ in look.positions():
        if position.id not in look.habits.switching:
            continue
        try:
            then = evaluate(apply(look.book, (SwitchMode(id=position.id, margin_mode=other[position.margin_mode]),)))
        except EngineError:
            # What the account cannot pay for is not a switch that can go wrong; switching.py names the refusal.
            continue
        if newly_dead(look.evaluation, then):
            after = then.position(position.id)
            yield _finding(
                Mistake.SWITCH_CROSSED_AT_ONCE,
                position.id,
                margin_balance=after.margin_balance,
                maintenance_margin=then.pool(after.pool_id).maintenance_margin,
                liquidation_price_now=position.liquidation_price,
            )


def _cross_taken_for_safer(look: _Look) -> Iterator[Finding]:
    for position, holding in look.positions():
        isolated_at_stake = decimal_of(holding.own_margin)
        hidden = position.margin_mode is MarginMode.CROSS and position.max_loss > isolated_at_stake
        if look.habits.thinks_cross_safer and hidden:
            yield _finding(
                Mistake.CROSS_TAKEN_FOR_SAFER,
                position.id,
                at_stake=position.max_loss,
                isolated_at_stake=isolated_at_stake,
            )


def _liquidation_within_a_day(look: _Look) -> Iterator[Finding]:
    for position, _ in look.positions():
        move, distance = look.habits.daily_moves.get(position.symbol), position.distance
        if move is not None and distance is not None and abs(distance) <= move * look.thresholds.daily_moves:
            yield _finding(Mistake.LIQUIDATION_WITHIN_A_DAY, position.id, distance=distance, daily_move=move)


def _one_bet(look: _Look) -> Iterator[Finding]:
    groups: dict[str, list[tuple[PositionHealth, Holding]]] = {}
    for position, holding in look.positions():
        groups.setdefault(holding.terms.settle_asset, []).append((position, holding))
    for group in groups.values():
        weights = [position.notional * holding.beta * position.side.sign for position, holding in group]
        net, gross = abs(sum(weights, ZERO)), sum(map(abs, weights), ZERO)
        several = len({position.symbol for position, _ in group}) > 1
        if several and gross > 0 and net >= gross * look.thresholds.one_bet:
            yield Finding(
                mistake=Mistake.ONE_BET,
                positions=tuple(position.id for position, _ in group),
                numbers={"net": net, "gross": gross, "share": net / gross},
            )


def _stop_beyond_liquidation(look: _Look) -> Iterator[Finding]:
    for position, holding in look.positions():
        stop = look.habits.stops.get(position.id)
        if stop is None or look.evaluation.pool(position.pool_id).liquidatable:
            continue
        course = course_of(position.pool_id, position.symbol, holding.mark_price, BeyondStop(stop=stop))
        if not trial(look.book, course).holds:
            price = position.liquidation_price
            yield _finding(Mistake.STOP_BEYOND_LIQUIDATION, position.id, stop=stop, liquidation_price=price)


def _leverage_at_the_limit(look: _Look) -> Iterator[Finding]:
    edge = look.thresholds.rung_edge
    for position, holding in look.positions():
        tiers, leverage = holding.table.tiers, holding.position.leverage
        value = holding.size * unit_worth(holding.terms, holding.position.entry_price)
        rung = holding.table.rung_at(value)
        limit = tiers[rung].max_leverage
        above = tiers[rung + 1] if rung + 1 < len(tiers) else Tier(floor=value, rate=ZERO)
        lowers = above.max_leverage is not None and leverage > above.max_leverage
        if (limit is not None and leverage >= limit * edge) or (lowers and value >= above.floor * edge):
            yield _finding(
                Mistake.LEVERAGE_AT_THE_LIMIT,
                position.id,
                leverage=leverage,
                limit=limit,
                notional=value,
                next_floor=above.floor if lowers else None,
                next_limit=above.max_leverage if lowers else None,
            )


def _position_is_the_account(look: _Look) -> Iterator[Finding]:
    for position, holding in look.positions():
        wallet, margin = _account_behind(look, position, holding)
        if wallet > 0 and margin >= wallet * look.thresholds.account_share:
            share = margin / wallet
            yield _finding(
                Mistake.POSITION_IS_THE_ACCOUNT, position.id, initial_margin=margin, wallet=wallet, share=share
            )


def _account_behind(look: _Look, position: PositionHealth, holding: Holding) -> tuple[Decimal, Decimal]:
    """What a position's margin is a part of, and that margin: the wallet in its settle asset, in which no gain counts,
    and what opening it set aside; where all assets back its pool, the pool's margin balance and the margin at the
    marks, both in USD, and nothing for an isolated one beside it."""
    asset, margin = holding.terms.settle_asset, position.initial_margin
    if look.book.asset_mode != AssetMode.MULTI:
        return look.book.wallet.get(asset, ZERO), decimal_of(holding.own_margin)
    if position.margin_mode is MarginMode.ISOLATED:
        return ZERO, margin
    held = look.book.collateral.get(asset)
    return look.evaluation.pool(position.pool_id).margin_balance, margin * (held.price if held is not None else ONE)


_CHECKS: tuple[Callable[[_Look], Iterator[Finding]], ...] = (
    _cross_with_high_leverage,
    _isolated_unattended,
    _switch_crossed_at_once,
    _cross_taken_for_safer,
    _liquidation_within_a_day,
    _one_bet,
    _stop_beyond_liquidation,
    _leverage_at_the_limit,
    _position_is_the_account,
)
"""In the order of `Mistake`, so that the findings come in it."""
