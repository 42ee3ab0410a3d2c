"""Amounts that are not the account's money: "what if I add 1 btc" is a size, "add 100 usdc margin" another asset."""

from __future__ import annotations

from bot.dialogue import Event, Outcome
from bot.flows import whatif
from bot.flows.basis import SAVED, Basis, subject_at
from bot.flows.cards import opened_card
from bot.flows.start import declined
from bot.rendering.views import LegView, Note
from bot.services.aims import aim_of
from bot.services.facts import Facts
from bot.services.question import Leg
from bot.services.scenario import Scenario, Supposed
from bot.services.subject import Subject
from bot.services.symbols import SETTLE
from bot.understanding.readings import Change, Reading


def in_another_unit(event: Event, reading: Reading, found: Basis, facts: Facts) -> Outcome | None:
    """What an amount in another unit than the account's money leads to: more of a position, or one line that says in
    what it is counted. None for an amount of that money, and for no amount."""
    change = next((each for each in reading.changes if each.unit is not None and each.amount), None)
    if change is None:
        return None
    subject = subject_at(event, opened_card(event, "act"), found, facts)
    legs = [leg for leg in subject.legs.values() if _is_about(leg, change)]
    settle = _settle(subject, legs, change)
    if change.what != "add_size":
        if settle == change.unit:
            return None
        return declined(event, Note(name="other_unit", facts={"unit": change.unit, "asset": settle}))
    supposed = _more_of(reading, change, legs)
    if supposed is None or aim_of(reading).is_goal:
        facts_said = {"size": change.amount, "coin": change.unit, "asset": settle}
        return declined(event, Note(name="size_or_margin", facts=facts_said))
    basis = SAVED if subject.held or reading.parsed.positions else found
    return whatif.opened(event, basis, facts, scenario=Scenario(changes=(supposed,)))


def _is_about(leg: LegView, change: Change) -> bool:
    return change.symbol in (None, leg.coin) and change.side in (None, leg.side)


def _settle(subject: Subject, legs: list[LegView], change: Change) -> str:
    """What the amount would be counted in: the named positions' money, else the account's."""
    named = {leg.settle for leg in legs} if change.symbol or change.side else {subject.settle}
    return named.pop() if len(named) == 1 else subject.settle or SETTLE


def _more_of(reading: Reading, change: Change, legs: list[LegView]) -> Supposed | None:
    """The position that is opened or made larger; None where it is not told which."""
    told = reading.parsed.positions or ()
    price = reading.parsed.check.price if reading.parsed.check is not None else None
    if len(told) == 1 and told[0].side is not None:
        side, leverage = told[0].side, told[0].leverage
    elif not told and len(legs) == 1 and legs[0].side is not None:
        side, leverage = legs[0].side, None
    else:
        return None
    leg = Leg(coin=change.unit, side=side, quantity=change.amount, entry=price, leverage=leverage)
    return Supposed(kind="open", opened=leg)
