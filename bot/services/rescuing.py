"""Margin to add, or part to close, so that a goal is reached: for each pool of a book, the cheapest way first.

Cheapest means: the least money that it takes now. Money added counts in full, although it stays the person's own;
closing at the price now takes the venue's trading fee.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from typing import Final, Literal

from bot.rendering.act_views import Block, Need, Way
from bot.rendering.numbers import DOLLARS
from bot.rendering.views import Figures, LegView
from bot.services.aims import Aim
from bot.services.checking import figures
from bot.services.comparing import referred
from bot.services.equity import answer_of, one_asset_of, settled_in, with_money
from bot.services.finding import everything, mark_of, moved_by
from bot.services.own_coin import goal_as_backed
from bot.services.subject import Subject
from margin_engine import (
    AtDistance,
    AtPrice,
    Book,
    EngineError,
    Evaluation,
    Goal,
    MarginMode,
    Outcome,
    PoolHealth,
    Position,
    Reduce,
    Side,
    Survives,
    apply,
    evaluate,
    margin_to_add,
    part_to_close,
    preset_of,
)

CENT: Final = Decimal("0.01")
MOST_CLOSED: Final = 3
"""Ways to close that are shown for one pool."""

_UP = Context(prec=50, rounding=ROUND_CEILING)
_HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    """A block of a card, and the book after each pool's money was added, None where it is not found."""

    block: Block
    book: Book
    backed: Book | None = None
    closed: Book | None = None


def rescued(
    subject: Subject, book: Book, aim: Aim, *, position: str, name: Literal["isolated", "cross", "account"]
) -> Rescue:
    """What each pool of the book needs for the aim.

    Arguments: position, the id that the aim is about, "" for the whole account. The aim is a goal.
    """
    now = evaluate(book, explain=False)
    found = [_need(subject, book, now, pool, aim, position) for pool in _pools(now, position)]
    needs = tuple(each for each in found if each is not None)
    free = sum((pool.available_balance for pool in now.pools if pool.id.startswith("cross:")), Decimal(0))
    block = Block(name=name, needs=needs, free=free if subject.wallet is not None else None)
    return Rescue(block=block, book=book, backed=_backed(book, block), closed=_closed(book, block))


def _pools(now: Evaluation, position: str) -> list[PoolHealth]:
    """The pools that hold a position: all, or that of the one position."""
    wanted = {each.pool_id for each in now.positions if position in ("", each.id)}
    return [pool for pool in now.pools if pool.id in wanted]


def _need(subject: Subject, book: Book, now: Evaluation, pool: PoolHealth, aim: Aim, position: str) -> Need | None:
    ids = [each.id for each in now.positions if each.pool_id == pool.id and position in ("", each.id)]
    own = [book.position(identity) for identity in ids]
    mode: Literal["isolated", "cross"] = "isolated" if own[0].margin_mode is MarginMode.ISOLATED else "cross"
    leg = subject.legs.get(ids[0]) if mode == "isolated" or position else None
    by_ratio = aim.ratio is not None or aim.leverage is not None
    ways = _ways_by_ratio(subject, book, own, pool, aim) if by_ratio else _ways_by_goal(subject, book, own, aim)
    if ways is None:
        return Need(mode=mode, leg=leg, holds=True)
    possible = sorted((way for way in ways if way.value is not None), key=lambda way: way.money or Decimal(0))
    closes = [way for way in possible if way.kind == "close"][:MOST_CLOSED]
    kept = tuple(way for way in possible if way.kind == "add" or way in closes)
    return Need(mode=mode, leg=leg, holds=False, ways=kept, impossible=tuple(way for way in ways if way.value is None))


# --- Goals that are paths of prices --------------------------------------------------------------------------------


def goal_of(book: Book, position: Position, aim: Aim) -> Goal | None:
    """The engine's goal for a pool, seen from one of its positions; None where the aim says nothing of its prices."""
    if aim.survive is not None:
        return Survives(shocks=everything(book, aim.survive))
    if aim.shocks:
        moved = moved_by(book, aim.shocks)
        return Survives(shocks=moved[0]) if moved is not None else None
    if aim.distance is not None:
        distance = -aim.distance if position.side is Side.LONG else aim.distance
        return goal_as_backed(book, position.id, AtDistance(distance=distance))
    return goal_as_backed(book, position.id, AtPrice(price=aim.price)) if aim.price is not None else None


def _ways_by_goal(subject: Subject, book: Book, own: Sequence[Position], aim: Aim) -> list[Way] | None:
    """Money for the pool and parts to close of its positions; None where the goal holds."""
    goals = [(each, goal_of(book, each, aim)) for each in own]
    each_of_its_own = aim.distance is not None or aim.price is not None
    ways: list[Way] = []
    first = True
    for position, goal in goals:
        if goal is None:
            continue
        if first or each_of_its_own:
            added = margin_to_add(book, position.id, goal)
            if added.outcome is Outcome.HOLDS:
                if each_of_its_own and len(own) > 1:
                    continue
                return None
            value = (
                up(added.value, money_step(book, added.value), included=added.included)
                if added.value is not None
                else None
            )
            reason = added.reason.value if added.reason else None
            after = _figures(subject, answer_of(with_money(book, position, value)), position) if value else None
            ways.append(
                Way(kind="add", leg=subject.legs.get(position.id), id=position.id, value=value, money=value,
                    reason=reason, after=after)
            )  # fmt: skip
            first = False
        ways.append(_close_way(subject, book, position, goal))
    ways = _one_addition(ways)
    return ways or None


def _one_addition(ways: list[Way]) -> list[Way]:
    """Of several additions to one pool the largest, which is enough for the others as well."""
    added = [way for way in ways if way.kind == "add"]
    if len(added) < 2:
        return ways
    most = max(added, key=lambda way: way.value if way.value is not None else Decimal("Infinity"))
    return [way for way in ways if way.kind == "close" or way is most]


def _close_way(subject: Subject, book: Book, position: Position, goal: Goal) -> Way:
    """The smallest part whose fee, paid from the wallet, is counted: the fee of one answer goes into the next."""
    part = Decimal(0)
    while True:
        closed = part_to_close(_fee_paid(book, position, part), position.id, goal)
        if closed.outcome is Outcome.HOLDS and part:
            return _closing(subject, book, position, part)
        if closed.outcome is not Outcome.FOUND or closed.value is None:
            reason = closed.reason.value if closed.reason else None
            return Way(kind="close", leg=subject.legs.get(position.id), id=position.id, reason=reason)
        more = min(up(closed.value, step_of(closed.value), included=closed.included), position.quantity)
        if more <= part:
            return _closing(subject, book, position, part)
        part = more


def _fee(book: Book, position: Position, part: Decimal) -> Decimal:
    """The trading fee of closing a part at the mark."""
    notional = evaluate(book, explain=False).position(position.id).notional
    return notional * part / position.quantity * (preset_of(book.venue).taker_fee or Decimal(0))


def _fee_paid(book: Book, position: Position, part: Decimal) -> Book:
    """The book after the fee of closing a part of a cross position; an isolated one pays it out of its release."""
    if not part or position.margin_mode is MarginMode.ISOLATED:
        return book
    return book.deposited(settled_in(book, position), -_fee(book, position, part))


def _closing(subject: Subject, book: Book, position: Position, part: Decimal) -> Way:
    """Closing that part at the mark: it takes the trading fee on its notional."""
    fee = _fee(book, position, part)
    left = answer_of(without_part(book, position, part)) if part < position.quantity else None
    return Way(
        kind="close",
        leg=subject.legs.get(position.id),
        id=position.id,
        value=part,
        money=fee,
        after=_figures(subject, left, position) if left is not None else None,
    )


# --- Goals that are ratios -----------------------------------------------------------------------------------------


def _ways_by_ratio(
    subject: Subject, book: Book, own: Sequence[Position], pool: PoolHealth, aim: Aim
) -> list[Way] | None:
    """A maintenance ratio r takes M / r - B of money, an effective leverage L takes N / L - B; B is the margin balance.

    Closing at the mark leaves B of a shared pool as it is; of an isolated position its share goes with it.
    """
    needed = needed_balance(pool, evaluate(book, explain=False), aim)
    if pool.margin_balance > 0 and pool.margin_balance >= needed:
        return None
    lacking = needed - pool.margin_balance
    value = up(lacking, money_step(book, lacking), included=True)
    first = own[0]
    after = answer_of(with_money(book, first, value))
    ways = [
        Way(kind="add", leg=subject.legs.get(first.id), id=first.id, value=value, money=value,
            after=_figures(subject, after, first))
    ]  # fmt: skip
    for position in own:
        if position.margin_mode is MarginMode.ISOLATED:
            reason = "margin_leaves_too"
            ways.append(Way(kind="close", leg=subject.legs.get(position.id), id=position.id, reason=reason))
            continue
        part = _smallest(position.quantity, lambda part, each=position: _meets(book, each, part, pool.id, aim))  # type: ignore[misc]
        if part is None:
            ways.append(Way(kind="close", leg=subject.legs.get(position.id), id=position.id, reason="dies_without_it"))
        else:
            ways.append(_closing(subject, book, position, part))
    return ways


def needed_balance(pool: PoolHealth, evaluation: Evaluation, aim: Aim) -> Decimal:
    """The margin balance that a pool needs for a ratio or an effective leverage."""
    if aim.ratio is not None:
        return pool.maintenance_margin / aim.ratio
    notional = sum((each.notional for each in evaluation.positions if each.pool_id == pool.id), Decimal(0))
    return notional / (aim.leverage or Decimal(1))


def _meets(book: Book, position: Position, part: Decimal, pool_id: str, aim: Aim) -> bool:
    left = answer_of(without_part(book, position, part))
    if left is None:
        return False
    pool = left.pool(pool_id)
    return pool.margin_balance > 0 and pool.margin_balance >= needed_balance(pool, left, aim)


def _smallest(whole: Decimal, meets: Callable[[Decimal], bool]) -> Decimal | None:
    """The smallest part for which a condition holds that holds from there on, by halving; None where none does."""
    if not meets(whole):
        return None
    low, high = Decimal(0), whole
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if meets(middle) else (middle, high)
    return min(up(high, step_of(high), included=True), whole)


# --- Books ---------------------------------------------------------------------------------------------------------


def without_part(book: Book, position: Position, part: Decimal) -> Book | None:
    """The book after closing a part at the mark, its fee paid; None where the engine refuses it."""
    if part <= 0:
        return book
    try:
        return apply(_fee_paid(book, position, part), [Reduce(id=position.id, quantity=part)])
    except EngineError:
        return None


def _figures(subject: Subject, after: Evaluation | None, position: Position) -> Figures | None:
    """The position's figures afterwards, its distance from where the card measures."""
    if after is None or all(each.id != position.id for each in after.positions):
        return None
    leg = subject.legs.get(position.id)
    reference = referred(leg, position).reference if leg is not None else None
    return figures(after, position.id, reference.price if reference else mark_of(position), quantity=position.quantity)


def nearest_of(subject: Subject, book: Book) -> tuple[LegView, Figures] | None:
    """The position that is liquidated first as things stand, None where no price ends any."""
    now = evaluate(book, explain=False)
    found = []
    for position in book.positions:
        leg, own = subject.legs.get(position.id), _figures(subject, now, position)
        if leg is None or own is None or (own.distance is None and not own.dead):
            continue
        found.append((referred(leg, position), own))
    return min(found, key=lambda each: each[1].nearness, default=None)


def _backed(book: Book, block: Block) -> Book | None:
    """The book with every pool's money added."""
    if block.total is None:
        return None
    for need in block.needs:
        way = next((way for way in need.ways if way.kind == "add"), None)
        if way is not None and way.value is not None:
            book = with_money(book, book.position(way.id), way.value)
    return book


def _closed(book: Book, block: Block) -> Book | None:
    """The book with the cheapest part of every pool closed; None where closing does not help some pool."""
    for need in block.needs:
        way = next((way for way in need.ways if way.kind == "close"), None)
        if need.holds:
            continue
        left = without_part(book, book.position(way.id), way.value) if way is not None and way.value else None
        if left is None:
            return None
        book = left
    return book


def up(value: Decimal, step: Decimal, *, included: bool) -> Decimal:
    """An amount on the grid of `step`, never below the limit, and a step more where the limit itself is too little."""
    steps = _UP.divide(value, step).to_integral_value(rounding=ROUND_CEILING)
    rounded = steps * step
    return rounded + step if rounded == value and not included else rounded


def money_step(book: Book, amount: Decimal) -> Decimal:
    """The grid on which an amount of a book's money is shown: cents of dollars, six digits of a coin."""
    asset = one_asset_of(book)
    return CENT if asset is None or asset in DOLLARS else step_of(amount)


def step_of(quantity: Decimal) -> Decimal:
    """The grid on which a size of that order is shown: eight digits, whole coins from ten million on."""
    return Decimal(1).scaleb(min(0, max(-8, quantity.adjusted() - 5)))
