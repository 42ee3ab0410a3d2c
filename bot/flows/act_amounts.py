"""Amounts that are not the account's money: "what if I add 1 btc" is a size, "add 100 usdc margin" another asset."""

from __future__ import annotations

from bot.dialogue import Event, Outcome
from bot.flows import whatif
from bot.flows.basis import SAVED, Basis, priced, subject_at
from bot.flows.cards import opened_card
from bot.flows.start import declined
from bot.rendering.views import LegView, Note
from bot.services.aims import aim_of
from bot.services.facts import Facts
from bot.services.question import Leg
from bot.services.scenario import Move, Scenario, Supposed
from bot.services.subject import Subject
from bot.services.symbols import SETTLE
from bot.understanding.coins import usual_price
from bot.understanding.readings import Change, Reading


def in_another_unit(event: Event, reading: Reading, found: Basis, facts: Facts) -> Outcome | None:
    """What an amount in another unit than the account's money leads to: more of a position, or one line that says in
    what it is counted. None for an amount of that money, and for no amount."""
    foreign = (each for each in reading.changes if each.amount and (each.unit or each.what == "add_size"))
    change = next(foreign, None)
    if change is None:
        return None
    subject = subject_at(event, opened_card(event, "act"), found, facts)
    legs = [leg for leg in subject.legs.values() if _is_about(leg, change)]
    if change.unit is None:
        legs = _at_that_price(legs, reading) or legs
        change = change.model_copy(update={"unit": legs[0].coin if legs else None})
    settle = _settle(subject, legs, change)
    if change.what != "add_size":
        if settle == change.unit:
            return None
        return declined(event, Note(name="other_unit", facts={"unit": change.unit, "asset": settle}))
    supposed = _more_of(reading, change, legs)
    if supposed is None or aim_of(reading).is_goal:
        facts_said = {"size": change.amount, "coin": change.unit, "asset": settle}
        return declined(event, Note(name="size_or_margin", facts=facts_said))
    saved = not _stands(reading) and (subject.held or reading.parsed.positions)
    basis = SAVED if saved else found
    leg, moves = supposed.opened, list[Move]()
    if leg is not None and leg.coin and leg.entry:  # what is bought at a price is bought when the market is there
        measured = priced(event, basis, {leg.coin: leg.entry})
        if measured is not None:
            basis = measured[0]
        else:  # a portfolio keeps its prices
            moves = [Move(target=leg.coin, price=leg.entry)]
    return whatif.opened(event, basis, facts, scenario=Scenario(moves=tuple(moves), changes=(supposed,)))


def _stands(reading: Reading) -> bool:
    """Whether the message tells a position with a size of its own, beside what is added to it."""
    return any(
        slots.qty or slots.notional or slots.margin or slots.contracts for slots in reading.parsed.positions or ()
    )


def _is_about(leg: LegView, change: Change) -> bool:
    return change.symbol in (None, leg.coin) and change.side in (None, leg.side)


def _at_that_price(legs: list[LegView], reading: Reading) -> list[LegView]:
    """The positions in the coin that "add 0.5 at 80k" can mean."""
    price = reading.parsed.check.price if reading.parsed.check is not None else None
    return [leg for leg in legs if price is not None and usual_price(leg.coin, price)]


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
