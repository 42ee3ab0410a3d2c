"""A stop and a target beside a position: what each leaves after fees, on which margin, and whether it is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from bot.rendering.views import Goal, Mode, PlanView
from bot.services.halves import Halves
from bot.services.own_coin import dies_on_the_way
from bot.services.question import Question
from bot.services.readiness import Ready
from margin_engine import Book, Costs, EngineError, Evaluation, Outturn, Profit, profit


def plans_of(question: Question, legs: Sequence[Ready], halves: Halves) -> dict[str, PlanView]:
    """The plan of every position that has one, by the position's id; its amounts are the same in both modes."""
    if not any(leg.leg.stop or leg.leg.target for leg in legs):
        return {}
    evaluations: dict[Mode, Evaluation | None] = {"isolated": halves.isolated, "cross": halves.cross}
    books = {mode: evaluation.book for mode, evaluation in evaluations.items() if evaluation is not None}
    found = {leg.id: _plan(leg, books, question.fee_rate) for leg in legs if leg.leg.stop or leg.leg.target}
    return {identity: plan for identity, plan in found.items() if plan is not None}


def _plan(ready: Ready, books: Mapping[Mode, Book], fee: Decimal | None) -> PlanView | None:
    stop, target = ready.leg.stop, ready.leg.target
    worked: dict[Mode, Profit] = {}
    costs = Costs(entry_fee_rate=fee or Decimal(0), exit_fee_rate=fee or Decimal(0))
    for mode, book in books.items():
        try:
            found = profit(book, ready.id, target=target or stop or ready.entry, stop=stop, costs=costs)
            worked[mode] = replace(
                found,
                target=_as_backed(found.target, book, ready),
                stop=_as_backed(found.stop, book, ready) if found.stop is not None else None,
            )
        except EngineError:
            continue
    if not worked:
        return None
    one = next(iter(worked.values()))
    lives = any(each.target.reached and each.stop is not None and each.stop.reached for each in worked.values())
    at_stop = {mode: each.stop for mode, each in worked.items() if each.stop is not None}
    at_target = {mode: each.target for mode, each in worked.items()}
    own_stop = _goal(ready, at_stop, above=ready.side == "short") if stop is not None else None
    own_target = _goal(ready, at_target, above=ready.side == "long") if target is not None else None
    lives = lives and not any(goal is not None and goal.wrong_side for goal in (own_stop, own_target))
    return PlanView(
        stop=own_stop,
        target=own_target,
        break_even=one.break_even,
        reward_to_risk=one.reward_to_risk if target is not None and lives else None,
        fee=fee,
    )


def _as_backed(outturn: Outturn, book: Book, ready: Ready) -> Outturn:
    """The outturn, reached or not with the collateral moving along where the position's own coin backs it."""
    dies = dies_on_the_way(book, ready.id, outturn.price)
    return outturn if dies is None else replace(outturn, reached=not dies)


def _goal(ready: Ready, outturns: Mapping[Mode, Outturn], *, above: bool) -> Goal:
    """Amounts only where the size is known, and a return only where the margin is.

    Arguments: above, whether it belongs above the price now (the entry where none was given), as a long's target does.
    """
    one = next(iter(outturns.values()))
    return Goal(
        price=one.price,
        result=one.net if ready.quantity is not None else None,
        on_margin=one.return_on_margin if ready.leverage is not None else None,
        dies_before=tuple(mode for mode, each in outturns.items() if not each.reached),
        out_of_reach=not any(each.reached for each in outturns.values()),
        wrong_side=one.price < ready.mark if above else one.price > ready.mark,
    )
