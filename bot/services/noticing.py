"""What a book gets wrong, ready to be shown: the findings with the positions' names and the step that mends each.

Quiet when there is nothing. When a finding is worth saying stands in one place, the engine's `Thresholds`, with the
reasons; the usual daily moves are those of daily_moves.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from bot.rendering.mistakes_screen import MistakeView
from bot.rendering.views import PortfolioView
from bot.services.accounts import account_book
from bot.services.daily_moves import daily_moves
from bot.services.finding import mark_of
from bot.services.own_coin import goal_as_backed, shown_health
from bot.services.saved import settle_of
from bot.services.subject import Subject
from bot.storage.portfolios import Portfolio
from margin_engine import (
    AssetMode,
    AtDistance,
    BeyondStop,
    Book,
    EngineError,
    Evaluation,
    Finding,
    Habits,
    MarginMode,
    Mistake,
    Side,
    Thresholds,
    evaluate,
    margin_to_add,
    mistakes,
)

THRESHOLDS: Final = Thresholds()
DAYS_WANTED: Final = Decimal(2)
"""How many usual days away the mended liquidation is: one such day may follow another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the person said that no book tells; None is not known, and then nothing is said about it."""

    unattended: bool | None = None
    thinks_cross_safer: bool | None = None
    switching: tuple[str, ...] = ()


NOTHING_TOLD: Final = Told()


def noticed(subject: Subject, told: Told = NOTHING_TOLD, *, mend: bool = True) -> tuple[MistakeView, ...]:
    """What the positions of a subject get wrong as they stand; empty without a book and where all is well.

    mend: whether the numbers of the mending steps are worked out, which takes many times as long as finding them.
    """
    book = subject.as_it_stands
    if book is None or not all(leg.leverage is not None for leg in subject.legs.values()):
        return ()
    habits = Habits(
        unattended=told.unattended,
        thinks_cross_safer=told.thinks_cross_safer,
        switching=told.switching,
        stops=_stops(subject, book),
        daily_moves=daily_moves(),
    )
    try:
        findings = mistakes(book, habits, THRESHOLDS)
    except EngineError:
        return ()
    known = [finding for finding in findings if _is_known(finding, subject, book)]
    if known and book.asset_mode == AssetMode.MULTI:
        evaluation = evaluate(book, explain=False)
        known = [_as_shown(finding, evaluation) for finding in known]
    return tuple(_view(finding, subject, book, mend=mend) for finding in _one_pool_once(known))


def noticed_in(view: PortfolioView, portfolio: Portfolio) -> tuple[MistakeView, ...]:
    """What a saved account gets wrong, of one that is looked at already; without the mending steps."""
    if view.trouble is not None or not view.held:
        return ()
    known = all(settle_of(portfolio, each.symbol) in portfolio.wallet for each in portfolio.positions)
    subject = Subject(
        legs={held.id: held.leg for held in view.held},
        books={"given": account_book(portfolio)},
        wallet=view.wallet if known else None,
        settle=view.settle,
        held=True,
    )
    return noticed(subject, mend=False)


def _stops(subject: Subject, book: Book) -> dict[str, Decimal]:
    """The stops that were said, on the side where the position loses; one on the other side is no stop."""
    found = {}
    for position in book.positions:
        leg = subject.legs.get(position.id)
        stop = leg.plan.stop.price if leg is not None and leg.plan is not None and leg.plan.stop is not None else None
        mark = mark_of(position)
        if stop is not None and (stop < mark if position.side is Side.LONG else stop > mark):
            found[position.id] = stop
    return found


def _one_pool_once(findings: Sequence[Finding]) -> list[Finding]:
    """One finding for all positions of the pool that is taken for safer: they have the same wallet at stake."""
    safer = [finding for finding in findings if finding.mistake is Mistake.CROSS_TAKEN_FOR_SAFER]
    others = [finding for finding in findings if finding not in safer]
    if not safer:
        return others
    numbers = {
        "at_stake": safer[0].numbers["at_stake"],
        "isolated_at_stake": sum((finding.numbers["isolated_at_stake"] for finding in safer), Decimal(0)),
    }
    if numbers["at_stake"] <= numbers["isolated_at_stake"]:
        return others
    positions = tuple(identity for finding in safer for identity in finding.positions)
    return [*others, Finding(mistake=Mistake.CROSS_TAKEN_FOR_SAFER, positions=positions, numbers=numbers)]


def _is_known(finding: Finding, subject: Subject, book: Book) -> bool:
    """Without a wallet that was told, the book holds the margins alone, and every position would be most of it; so does
    the isolated half of a trade that all assets back."""
    margins_alone = subject.pooled and book.asset_mode != AssetMode.MULTI
    told = subject.wallet is not None and not margins_alone
    return told or finding.mistake is not Mistake.POSITION_IS_THE_ACCOUNT


def _as_shown(finding: Finding, evaluation: Evaluation) -> Finding:
    """The finding with the liquidation price and distance of the cards, where a coin that backs its position moves."""
    if len(finding.positions) > 1:
        return finding
    health, _ = shown_health(evaluation, finding.positions[0])
    price, distance = health.liquidation_price, health.distance
    shown = {"liquidation_price": price, "liquidation_price_now": price, "distance": distance}
    numbers = {name: shown.get(name, number) for name, number in finding.numbers.items()}
    return replace(finding, numbers={name: number for name, number in numbers.items() if number is not None})


def _view(finding: Finding, subject: Subject, book: Book, *, mend: bool) -> MistakeView:
    return MistakeView(
        mistake=finding.mistake,
        legs=tuple(subject.legs[each] for each in finding.positions if each in subject.legs),
        numbers=finding.numbers | (_mending(finding, book) if mend else {}),
        settle="USD" if _in_dollars(finding, book) else subject.settle,
        next_rung=_near_next_rung(finding),
    )


def _in_dollars(finding: Finding, book: Book) -> bool:
    """Whether its amounts are those of a pool that all assets back."""
    return finding.mistake is Mistake.POSITION_IS_THE_ACCOUNT and book.asset_mode == AssetMode.MULTI


def _near_next_rung(finding: Finding) -> bool:
    """Whether a little more size would meet a lower limit of the leverage."""
    numbers = finding.numbers
    return "next_floor" in numbers and numbers["notional"] >= numbers["next_floor"] * THRESHOLDS.rung_edge


def _mending(finding: Finding, book: Book) -> dict[str, Decimal]:
    """The number of the step that mends it, where the engine can tell one."""
    identity, numbers = finding.positions[0], finding.numbers
    match finding.mistake:
        case Mistake.LIQUIDATION_WITHIN_A_DAY:
            wanted = numbers["daily_move"] * DAYS_WANTED
            goal = AtDistance(distance=wanted if numbers["distance"] > 0 else -wanted)
            return {"days": DAYS_WANTED} | _margin(book, identity, goal)
        case Mistake.STOP_BEYOND_LIQUIDATION:
            return _margin(book, identity, BeyondStop(stop=numbers["stop"]))
        case Mistake.POSITION_IS_THE_ACCOUNT:
            kept = THRESHOLDS.account_share / numbers["share"]
            return {"close": book.position(identity).quantity * (1 - kept), "wanted": THRESHOLDS.account_share}
        case _:
            return {}


def _margin(book: Book, identity: str, goal: AtDistance | BeyondStop) -> dict[str, Decimal]:
    position = book.position(identity)
    if position.margin_mode is MarginMode.ISOLATED:  # nothing else in the book bears on it
        book = replace(book, positions=(position,))
    try:
        needed = margin_to_add(book, identity, goal_as_backed(book, identity, goal)).value
    except EngineError:
        return {}
    return {"add": needed} if needed else {}


def worst_first(found: Sequence[MistakeView]) -> tuple[MistakeView, ...]:
    """The findings in the order in which they can hurt: what is near or can be crossed at once before habits."""
    return tuple(sorted(found, key=lambda each: URGENCY.index(each.mistake)))


URGENCY: Final = (
    Mistake.SWITCH_CROSSED_AT_ONCE,
    Mistake.STOP_BEYOND_LIQUIDATION,
    Mistake.LIQUIDATION_WITHIN_A_DAY,
    Mistake.CROSS_WITH_HIGH_LEVERAGE,
    Mistake.POSITION_IS_THE_ACCOUNT,
    Mistake.ONE_BET,
    Mistake.LEVERAGE_AT_THE_LIMIT,
    Mistake.ISOLATED_UNATTENDED,
    Mistake.CROSS_TAKEN_FOR_SAFER,
)
