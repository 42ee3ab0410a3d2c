"""The size that fits a stop: what may be lost, where the stop is, and whether the liquidation comes before it.

    /size                                    ->  "Which coin?" [BTC] [ETH] [SOL], then one thing at a time
    btc long 64k stop 62k risk 100$          ->  the size, the leverage that keeps liquidation beyond the stop, cross
    max lev so liq stays below 60k, long btc 64k
                                             ->  the highest isolated leverage
    survive -25% on sol, how many sol with 1000 usdt cross
                                             ->  the largest position in cross

`slot` is what the next message may answer; [Leverage], [Wallet], [Risk] and [Stop] open that question again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Close, Event, Outcome
from bot.flows.basis import Basis, account_beside
from bot.flows.cards import draft_in, in_sight, misread_note, on_card, opened_card
from bot.flows.flow import Flow, Told, showing
from bot.flows.start import declined, tongue_of
from bot.rendering.assumptions import assumed_entries
from bot.rendering.size_screen import question, size_screen, slot_screen
from bot.rendering.views import CheckView, LegView, Note
from bot.services.facts import Facts
from bot.services.fitting import Sized, size_results, sized_up
from bot.services.planning import Plan, PlanSlot, choices, plan_of, tapped_slot, typed_slot
from bot.services.question import Declined
from bot.services.saved import wallet_of
from bot.services.symbols import SETTLE, VENUE
from bot.understanding.readings import Reading

FLOW: Final = "size"
_CHANGEABLE: Final[dict[str, PlanSlot]] = {
    "leverage": "leverage",
    "wallet": "wallet",
    "risk": "risk",
    "stop": "stop",
}
_NAMES: Final = {"wallet": "balance", "risk": "size"}
"""Slots of the plan under the names that other programs know."""


class Draft(BaseModel):
    """What the card remembers: the plan, and the slot that the next message may answer. asking: opened by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plan: Plan
    at: datetime | None = None
    slot: PlanSlot | None = None
    asking: bool = False


def asked(event: Event, reading: Reading, at_hand: Basis | None, facts: Facts) -> Outcome:
    """A new plan; the coin and trade of the card at hand stand in where the message names none."""
    plan = plan_of(reading)
    if isinstance(plan, Declined):
        return declined(event, plan.note)
    if plan.solve in ("entry", "add_qty"):
        return declined(event, Note(name="size_not_here"))
    if reading.parsed.constraint is not None and reading.parsed.constraint.scope and plan.coin is None:
        return declined(event, Note(name="size_not_here"))
    plan = _from_card(plan, at_hand) if plan.coin is None else plan
    return _shown(event, opened_card(event, FLOW), Draft(plan=_with_saved_wallet(plan, event, facts)), facts)


def opened(event: Event, basis: Basis | None, facts: Facts) -> Outcome:
    """The button under a card: its trade, the stop and the risk still open."""
    if basis is not None and basis.question is not None and basis.question.rules != VENUE:
        return declined(event, Note(name="size_not_here"))
    plan = _from_card(Plan(), basis)
    plan = _with_saved_wallet(plan, event, facts)
    return _shown(event, opened_card(event, FLOW), Draft(plan=plan), facts)


def _from_card(plan: Plan, basis: Basis | None) -> Plan:
    """The plan with what a card of one position says of it."""
    question_at_hand = basis.question if basis is not None else None
    if question_at_hand is None or len(question_at_hand.legs) != 1:
        return plan
    leg = question_at_hand.legs[0]
    said = {
        "coin": leg.coin,
        "side": leg.side,
        "entry": leg.entry,
        "stop": leg.stop,
        "target": leg.target,
        "leverage": leg.leverage,
        "mode": leg.mode,
        "wallet": question_at_hand.wallet if question_at_hand.wallet_asset in (None, SETTLE) else None,
        "wallet_from": question_at_hand.wallet_from,
    }
    return plan.model_copy(update={name: value for name, value in said.items() if getattr(plan, name) is None})


def _with_saved_wallet(plan: Plan, event: Event, facts: Facts) -> Plan:
    """An unsaid wallet comes from the portfolio, but never where others read along, nor one of many that back it."""
    portfolio = facts.portfolio.portfolio
    saved = wallet_of(portfolio, SETTLE) if portfolio.asset_mode == "single" else None
    if plan.wallet is not None or saved is None or not event.chat.is_private:
        return plan
    return plan.model_copy(update={"wallet": saved, "wallet_from": "portfolio"})


# --- Typed and tapped ----------------------------------------------------------------------------------------------


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """A text that answers the open slot; None for any other."""
    draft = draft_in(card, Draft)
    if draft is None or draft.slot is None:
        return None
    plan = typed_slot(draft.plan, draft.slot, text)
    return None if plan is None else _shown(event, in_sight(event, card), Draft(plan=plan), facts)


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that do not answer the open question: the question again."""
    draft = draft_in(card, Draft)
    if draft is None or draft.slot is None:
        return None
    problem = misread_note(text)
    return _shown(event, in_sight(event, card), draft.model_copy(update={"asking": True}), facts, problem=problem)


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing here."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    name, _, value = action.partition(":")
    match name:
        case "back":
            return _shown(event, card, Draft(plan=draft.plan), facts)
        case "cancel":
            return _shown(event, card, Draft(plan=draft.plan), facts, quiet=True)
        case "close":
            return Outcome(show=(Close(card=card),))
        case "ask" if value in _CHANGEABLE:
            return _shown(event, card, Draft(plan=draft.plan, slot=_CHANGEABLE[value], asking=True), facts)
        case "plan":
            slot, _, choice = value.partition(":")
            plan = tapped_slot(draft.plan, slot, choice)
            return None if plan is None else _shown(event, card, Draft(plan=plan), facts)
        case _:
            return None


# --- Showing -------------------------------------------------------------------------------------------------------


def _sized(event: Event, card: Card, draft: Draft, facts: Facts) -> Sized:
    return sized_up(draft.plan, now=event.time, account=account_beside(event, card, facts))


def _shown(
    event: Event, card: Card, draft: Draft, facts: Facts, *, problem: Note | None = None, quiet: bool = False
) -> Outcome:
    """The card, or the one question that was opened."""
    tongue, view = tongue_of(event), _sized(event, card, draft, facts).view
    slot: PlanSlot | None
    if draft.asking and draft.slot is not None:
        offered = replace(view, choices=choices(draft.plan, draft.slot))
        screen, slot = slot_screen(offered, draft.slot, tongue, problem=problem), draft.slot
    else:
        screen = size_screen(view, tongue)
        slot = _slot(view.asked) if not quiet else None
    settled = draft.model_copy(update={"at": event.time, "slot": slot})
    return on_card(card, settled, screen)


def _slot(name: str) -> PlanSlot | None:
    slots: tuple[PlanSlot, ...] = ("symbol", "side", "entry", "stop", "risk", "wallet", "leverage")
    return next((slot for slot in slots if slot == name), None)


# --- For others ----------------------------------------------------------------------------------------------------


def basis(card: Card) -> Basis | None:
    """The planned position, once it has a size; for another flow to go on with."""
    draft = draft_in(card, Draft)
    if draft is None or draft.at is None:
        return None
    found = sized_up(draft.plan, now=draft.at)
    return Basis(question=found.question) if found.question is not None else None


def _coins(card: Card, facts: Facts) -> tuple[str, ...]:
    draft = draft_in(card, Draft)
    return (draft.plan.coin,) if draft is not None and draft.plan.coin else ()


def _awaits(card: Card) -> bool:
    draft = draft_in(card, Draft)
    return draft is not None and draft.slot is not None


def told(event: Event, card: Card, reading: Reading, facts: Facts) -> Told:
    """The answer for other programs."""
    draft, tongue = draft_in(card, Draft), tongue_of(event)
    if draft is None:
        return Told()
    found = _sized(event, card, draft, facts)
    results, view = size_results(found, draft.plan), found.view
    slot = view.asked if results is None else ""
    entry = f"{_NAMES.get(slot, slot)}: {question(slot, view.coin, tongue).unescape()}" if slot else ""
    legs = (LegView(coin=view.coin, mode=view.mode),)
    assumed = assumed_entries(CheckView(legs=legs, assumed=view.assumed), tongue) if results is not None else []
    return Told(
        answered=results is not None,
        assumed=tuple(assumed),
        missing=(entry,) if entry else (),
        results=results,
    )


SIZE: Final = Flow(
    name=FLOW,
    tapped=tapped,
    awaits=_awaits,
    typed=typed,
    misread=misread,
    basis=basis,
    shown=showing(Draft, _shown),
    coins=_coins,
    told=told,
)
