"""Pictures that come by themselves, for people who set it: after each new answer, as messages of their own.

    long 0.5 btc 64k 20x, wallet 10k   ->  the card, and after it its picture
    20x                                ->  the card and the picture change in place
    [What if…]                         ->  a card about the same positions: no second picture of them
    close half the eth                 ->  what it would do, below the picture that stays as it is
    [Close] under the picture          ->  it is gone until the positions change

In groups none comes by itself. A message after the picture is meant for the card that it belongs to (`facts.gather`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue import CARDS_PER_EVENT, Card, Close, Event, Outcome, Said, Show
from bot.flows import act, check, compare, picture, portfolio, size, whatif
from bot.flows.basis import Basis, at_rest
from bot.flows.conversations import flow_of
from bot.flows.portfolio_card import draft_of
from bot.services.facts import Facts, picture_of

ANSWERS: Final = frozenset(
    {check.CHECK.name, whatif.WHATIF.name, compare.COMPARE.name, act.ACT.name, size.SIZE.name, portfolio.FLOW}
)
"""Conversations whose cards are about positions."""

MOST: Final = 3
"""Pictures that one message brings."""


def followed(event: Event, outcome: Outcome, facts: Facts) -> Outcome:
    """The outcome with the pictures that come after its answers, or are changed or taken away with them."""
    theme = facts.settings.settings.pictures
    if not event.chat.is_private or (theme is None and facts.pictured is None):
        return outcome
    cards = outcome.cards
    closed = [step.card for step in outcome.show if isinstance(step, Close)]
    steps: list[Show | Close] = []
    for card in cards:
        own = facts.pictured if facts.card is not None and facts.card.id == card.id else None
        if len(steps) >= MOST or (own is None and theme is None) or card.flow not in ANSWERS:
            continue
        basis = _positions(card)
        if basis is not None and _is_new(card, basis, outcome, facts):
            steps += _pictures(event, card, basis, own, outcome, facts)
    if facts.pictured is not None and facts.card in closed and facts.pictured not in closed:
        steps.append(Close(card=facts.pictured))
    if isinstance(event.content, Said) and not event.edited and facts.pictured is not None and not steps:
        return _below(event, outcome, cards, facts)
    return replace(outcome, show=(*outcome.show, *steps)) if steps else outcome


def _below(event: Event, outcome: Outcome, cards: list[Card], facts: Facts) -> Outcome:
    """A typed text that changes a card and not the picture under it is answered below both, where it is seen."""
    if facts.card is None or event.card_id() in {card.id for card in cards}:
        return outcome
    return replace(outcome, show=tuple(_moved(event, step, facts.card) for step in outcome.show))


def _moved(event: Event, step: Show | Close, old: Card) -> Show | Close:
    if isinstance(step, Close) or step.card is None or step.card.id != old.id:
        return step
    new = replace(step.card, id=event.card_id(), version=0, message_id=None, asked=event.message_id)
    return replace(step, card=new)


def _is_new(card: Card, basis: Basis, outcome: Outcome, facts: Facts) -> bool:
    """Whether a card shows positions that no picture shows yet."""
    if card.id % CARDS_PER_EVENT >= picture_of(0):
        return False
    if basis.question is None:
        draft = draft_of(card) if card.flow == portfolio.FLOW else None
        opened = draft is not None and draft.page == "card" and card.version == 0
        return opened or bool(outcome.changes)
    return facts.card is None or basis != _positions(facts.card)


def _pictures(
    event: Event, card: Card, basis: Basis, own: Card | None, outcome: Outcome, facts: Facts
) -> tuple[Show | Close, ...]:
    """The picture of a card: a new one, that which it has (`own`) in place, or none any more."""
    stale = basis.question is None and outcome.changes  # the account is another one from now on
    shown = () if stale else picture.beside(event, card, own, basis, facts)
    return shown or (() if own is None else (Close(card=own),))


def _positions(card: Card) -> Basis | None:
    """What a card is about, whatever it asks."""
    flow = flow_of(card)
    basis = flow.basis(card) if flow is not None else None
    return None if basis is None else at_rest(basis)
