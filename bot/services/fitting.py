"""Works out a plan: the size that its stop allows, the leverage that keeps liquidation beyond it, both modes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from bot.rendering.act_views import SizeHalf, SizeView
from bot.rendering.venues import title_of
from bot.rendering.views import Mode, Note
from bot.services.beside import Account
from bot.services.own_coin import lives_at
from bot.services.planning import Plan, choices, missing, planned_size
from bot.services.question import Question
from bot.services.rescuing import CENT
from bot.services.subject import Subject, subject_of_question
from bot.services.symbols import SETTLE, VENUE, listing_of
from margin_engine import (
    AtPrice,
    BeyondStop,
    Book,
    EngineError,
    Goal,
    MarginMode,
    Outcome,
    Position,
    Side,
    Sizing,
    Survives,
    evaluate,
    largest_leverage,
    largest_quantity,
    preset_of,
    size_for_risk,
    write_evaluation,
)
from margin_engine.model.decimals import plain

STAND_IN: Final = Decimal(100)
"""An entry where only shares of it were said: then the position's value is the answer, at any price."""

_ID = "p1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A card about size, the planned position as a question once it has a size, and the books behind it."""

    view: SizeView
    question: Question | None = None
    subject: Subject | None = None


def sized_up(plan: Plan, *, now: datetime, account: Account | None = None) -> Sized:
    """Everything that the card of a plan shows at the time `now`; what is missing is part of the result."""
    slot = missing(plan)
    base = _base(plan)
    if slot is not None:
        remarks = (
            (Note(name="unknown_coin", facts={"coin": plan.coin, "venue": title_of(VENUE)}),)
            if slot == "symbol" and plan.coin
            else ()
        )
        return Sized(view=replace(base, asked=slot, choices=choices(plan, slot), remarks=remarks))
    wrong = _wrong_side(plan)
    if wrong is not None:
        return Sized(view=replace(base, remarks=(wrong,), asked="stop", choices=choices(plan, "stop")))
    if plan.solve == "stop":
        return _stop(plan, base)
    constrained = (plan.bound is not None or plan.survive is not None) and plan.amount_at_risk is None
    if plan.solve == "leverage":
        return _with_leverage(plan, base)
    return _by_constraint(plan, base) if constrained else _by_risk(plan, base, now=now, account=account)


def _base(plan: Plan) -> SizeView:
    return SizeView(
        coin=plan.coin or "",
        side=plan.side,
        entry=plan.entry,
        stop=plan.stop_price,
        target=plan.target_price,
        risk=plan.amount_at_risk,
        risk_share=plan.risk_share,
        leverage=plan.leverage,
        mode=plan.mode,
        bound=plan.bound,
        survive=plan.survive,
        fee_rate=preset_of(VENUE).taker_fee,
        facts={"wallet": plan.wallet, "stop_share": plan.stop_share},
    )


def _wrong_side(plan: Plan) -> Note | None:
    """A stop that is no loss: above a long's entry, below a short's."""
    stop = plan.stop_price
    if stop is None or plan.entry is None:
        return None
    right = stop < plan.entry if plan.side == "long" else stop > plan.entry
    return None if right and stop > 0 else Note(name="stop_side", facts={"price": stop, "entry": plan.entry})


def _entry(plan: Plan) -> Decimal:
    return plan.entry if plan.entry is not None else STAND_IN


def _stop_of(plan: Plan) -> Decimal | None:
    """The stop beside the entry in use, which may stand in for one that was not said."""
    return plan.model_copy(update={"entry": _entry(plan)}).stop_price


def _book(plan: Plan, *, mode: MarginMode, leverage: Decimal, wallet: Decimal, quantity: Decimal = Decimal(1)) -> Book:
    listing = listing_of(plan.coin or "")
    if listing is None or plan.side is None:
        raise ValueError("a plan without a listed coin or a side has no book")
    position = Position(
        id=_ID,
        symbol=listing.symbol,
        side=Side(plan.side),
        quantity=quantity,
        entry_price=_entry(plan),
        leverage=leverage,
        margin_mode=mode,
    )
    return Book(venue=VENUE, wallet={SETTLE: wallet}, positions=(position,))


# --- Size from a stop and a risk -----------------------------------------------------------------------------------


def _by_risk(plan: Plan, base: SizeView, *, now: datetime, account: Account | None) -> Sized:
    """q = risk / loss of one unit at the stop; and where that position is liquidated in each mode."""
    stop, risk, entry = _stop_of(plan), plan.amount_at_risk, _entry(plan)
    if stop is None or risk is None or risk <= 0:
        return Sized(view=replace(base, asked="risk", choices=choices(plan, "risk")))
    loose = _book(plan, mode=MarginMode.CROSS, leverage=Decimal(1), wallet=risk)
    fee = preset_of(VENUE).taker_fee or Decimal(0)
    found = size_for_risk(loose, _ID, stop=stop, risk=risk)
    after_fees = size_for_risk(loose, _ID, stop=stop, risk=risk, entry_fee_rate=fee, exit_fee_rate=fee)
    quantity = found.quantity
    most = _most_leverage(plan, quantity, BeyondStop(stop=stop))
    question = plan.question(quantity, entry=entry, leverage=plan.leverage)
    subject = subject_of_question(question, now=now, account=account)
    target = plan.model_copy(update={"entry": entry}).target_price
    reward = abs(target - entry) * quantity if target is not None else None
    view = replace(
        base,
        quantity=quantity if plan.entry is not None else None,
        notional=quantity * entry,
        quantity_after_fees=after_fees.quantity if plan.entry is not None else None,
        reward=reward,
        most_leverage=most.value if most is not None else None,
        leverage_reason=most.reason.value if most is not None and most.reason else None,
        leg=subject.legs.get(_ID),
        halves=_halves(plan, subject, stop),
        solved="qty",
        asked="entry" if plan.entry is None else "",
        remarks=(*_beyond_wallet(plan, quantity), *_venue_remarks(plan), *_refused(subject)),
        tiers=subject.tiers,
        assumed=_assumed(plan),
    )
    return Sized(view=view, question=question if plan.entry is not None else None, subject=subject)


def _beyond_wallet(plan: Plan, quantity: Decimal) -> tuple[Note, ...]:
    """That the initial margin is more than the wallet: notional / leverage, at the highest allowed where none is said.

    Nothing where no wallet is known.
    """
    listing = listing_of(plan.coin or "")
    if listing is None or plan.wallet is None:
        return ()
    notional = quantity * _entry(plan)
    most = listing.table.tiers[listing.table.rung_at(notional)].max_leverage
    leverage = plan.leverage if plan.leverage is not None and (most is None or plan.leverage <= most) else most
    if leverage is None or notional / leverage <= plan.wallet:
        return ()
    facts = {"needed": notional / leverage, "leverage": leverage, "wallet": plan.wallet, "asset": SETTLE}
    return (Note(name="margin_beyond_wallet", facts=facts),)


def _venue_remarks(plan: Plan) -> tuple[Note, ...]:
    return (Note(name="size_venue", facts={"venue": title_of(plan.venue)}),) if plan.venue is not None else ()


def _refused(subject: Subject) -> tuple[Note, ...]:
    """What the venue would refuse of the position, as a leverage above its limit."""
    return tuple(note for note in subject.remarks if note.name in ("leverage_limit", "same_side_twice", "cannot_open"))


def _most_leverage(plan: Plan, quantity: Decimal, goal: Goal) -> Sizing | None:
    """The highest isolated leverage that meets the goal, None where the engine refuses the size."""
    book = _book(
        plan, mode=MarginMode.ISOLATED, leverage=Decimal(1), wallet=quantity * _entry(plan) + 1, quantity=quantity
    )
    try:
        return largest_leverage(book, _ID, goal)
    except EngineError:
        return None


def _halves(plan: Plan, subject: Subject, stop: Decimal) -> tuple[SizeHalf, ...]:
    """The planned position in each mode that enough was said for; the mode that was said comes first."""
    modes: tuple[Mode, ...] = ("cross", "isolated") if plan.mode == "cross" else ("isolated", "cross")
    found = []
    for mode in modes:
        book, leg, trouble = subject.books.get(mode), subject.legs.get(_ID), subject.trouble.get(mode)
        if book is not None and leg is not None:
            figures = leg.isolated if mode == "isolated" else leg.cross
            dies = not lives_at(book, _ID, stop)
            found.append(SizeHalf(mode=mode, figures=figures, before_stop=dies, wallet=plan.wallet))
        elif trouble is not None:
            found.append(SizeHalf(mode=mode, trouble=trouble, wallet=plan.wallet))
    return tuple(found)


def _assumed(plan: Plan) -> tuple[Note, ...]:
    notes = []
    if plan.wallet_from == "portfolio" and plan.wallet is not None:
        notes.append(Note(name="saved_wallet", facts={"wallet": plan.wallet, "asset": SETTLE}))
    venue = Note(name="venue", facts={"venue": title_of(VENUE), "margined": SETTLE, "kind": "linear"})
    if plan.risk_in_coins and plan.risk is not None:
        facts = {
            "said": plan.risk,
            "unit": plan.coin,
            "price": plan.entry,
            "risk": plan.amount_at_risk,
            "asset": SETTLE,
        }
        notes.append(Note(name="risk_converted", facts=facts))
    return (*notes, venue, Note(name="no_fees_in_size"))


# --- Leverage, and size without a risk -----------------------------------------------------------------------------


def _goal(plan: Plan) -> Goal | None:
    """The goal of a constraint: a liquidation price, a move to survive, else the stop."""
    if plan.bound is not None:
        return AtPrice(price=plan.bound)
    if plan.survive is not None:
        return Survives(shocks={"*": plan.survive})
    stop = _stop_of(plan)
    return BeyondStop(stop=stop) if stop is not None else None


def _with_leverage(plan: Plan, base: SizeView) -> Sized:
    """The highest isolated leverage that meets the constraint: at any size in the first tier."""
    goal = _goal(plan)
    listing = listing_of(plan.coin or "")
    if goal is None or listing is None:
        return Sized(view=replace(base, asked="stop", choices=choices(plan, "stop")))
    if isinstance(goal, AtPrice) and not _reachable(plan, goal.price):
        note = Note(name="bound_side", facts={"price": goal.price, "entry": _entry(plan)})
        return Sized(view=replace(base, remarks=(note,), solved="none", reason="bound_side"))
    most = _most_leverage(plan, STAND_IN / _entry(plan), goal)
    value = most.value if most is not None and most.outcome is Outcome.FOUND else None
    view = replace(
        base,
        most_leverage=value,
        leverage_reason=most.reason.value if most is not None and most.reason else None,
        solved="leverage",
        remarks=_venue_remarks(plan),
        assumed=(Note(name="first_tier"), *_assumed(plan)[:-1]),
    )
    return Sized(view=view)


def _reachable(plan: Plan, price: Decimal) -> bool:
    """Whether a liquidation price lies on the losing side of the entry."""
    return price < _entry(plan) if plan.side == "long" else price > _entry(plan)


def _by_constraint(plan: Plan, base: SizeView) -> Sized:
    """How large in cross so that the constraint holds; in isolated the size does not matter, only the leverage."""
    isolated = _with_leverage(plan, base)
    if plan.mode == "isolated" or isolated.view.solved == "none":
        return isolated
    if plan.wallet is None:
        return Sized(view=replace(isolated.view, asked="wallet", choices=choices(plan, "wallet")))
    goal = _goal(plan)
    if goal is None:
        return isolated
    leverage = plan.leverage or _enough_leverage(plan)
    book = _book(plan, mode=MarginMode.CROSS, leverage=leverage, wallet=plan.wallet)
    try:
        most = largest_quantity(book, _ID, goal)
    except EngineError:
        return isolated
    quantity = most.value if most.outcome is Outcome.FOUND else None
    known = plan.entry is not None
    view = replace(
        isolated.view,
        quantity=quantity if known else None,
        notional=quantity * _entry(plan) if quantity is not None else None,
        leverage=leverage,
        reason=most.reason.value if most.reason else None,
        solved="qty",
        asked="" if known else "entry",
    )
    question = plan.question(quantity, entry=_entry(plan), leverage=leverage) if known and quantity else None
    return Sized(view=view, question=question)


def _enough_leverage(plan: Plan) -> Decimal:
    """A leverage that does not stand in the way: one more than wallet / the loss of the move needs."""
    entry = _entry(plan)
    move = abs(plan.survive) if plan.survive is not None else abs((plan.bound or entry) / entry - 1)
    listing = listing_of(plan.coin or "")
    limit = listing.table.tiers[0].max_leverage if listing is not None else None
    wanted = (1 / move).to_integral_value() + 1 if move else Decimal(1)
    return min(wanted, limit) if limit is not None else wanted


def _stop(plan: Plan, base: SizeView) -> Sized:
    """Where the stop costs the risk: entry - risk / size for a long."""
    quantity, risk = planned_size(plan), plan.amount_at_risk
    if quantity is None or risk is None or plan.entry is None:
        return Sized(view=replace(base, remarks=(Note(name="stop_needs_size"),), solved="none", reason="size"))
    away = risk / quantity
    stop = plan.entry - away if plan.side == "long" else plan.entry + away
    if stop <= 0:
        return Sized(view=replace(base, remarks=(Note(name="no_stop"),), solved="none", reason="no_stop"))
    view = replace(base, stop=stop.quantize(CENT / 100), quantity=quantity, risk=risk, solved="stop")
    return Sized(view=replace(view, assumed=_assumed(plan)))


# --- For other programs --------------------------------------------------------------------------------------------


def size_results(found: Sized, plan: Plan) -> dict[str, Any] | None:
    """The solution, the account without the position and with it; None while something is missing."""
    view = found.view
    if view.solved == "none":
        return None
    before = (
        write_evaluation(evaluate(Book(venue=VENUE, wallet={SETTLE: plan.wallet}, positions=())))
        if plan.wallet is not None
        else None
    )
    book = found.subject.as_it_stands if found.subject is not None else None
    return {
        "solution": _solution(view),
        "before": before,
        "before_reason": None if before is not None else "no wallet balance was said",
        "after": write_evaluation(evaluate(book)) if book is not None else None,
        "after_reason": None if book is not None else "leverage or wallet balance was not said",
    }


def _solution(view: SizeView) -> dict[str, Any]:
    before_stop = {half.mode: half.before_stop for half in view.halves}
    numbers = {
        "quantity": view.quantity,
        "notional": view.notional,
        "quantity_with_fees": view.quantity_after_fees,
        "entry": view.entry,
        "stop": view.stop,
        "risk": view.risk,
        "target": view.target,
        "profit_at_target": view.reward,
        "largest_leverage": view.most_leverage,
    }
    written: dict[str, Any] = {"solve": view.solved}
    for name, value in numbers.items():
        written[name] = plain(value) if value is not None else None
        if value is None:
            written[f"{name}_reason"] = (
                view.leverage_reason if name == "largest_leverage" else view.reason or "not said"
            )
    return written | {
        "liquidated_before_stop_isolated": before_stop.get("isolated"),
        "liquidated_before_stop_cross": before_stop.get("cross"),
    }
