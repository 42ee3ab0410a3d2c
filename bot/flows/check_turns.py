"""Short turns beside a check card: what they are, asking back, and that an answer to them can be seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from markupsafe import Markup

from bot.dialogue import Card, Event, Outcome
from bot.flows.cards import in_sight
from bot.flows.check_card import Draft, draft_of, new_card, shown
from bot.services.facts import Facts
from bot.services.turning import Meaning
from bot.understanding.turns import Turn, read_turn

BARE: Final = ("slots", "price", "number")
"""Turns that an open question comes before: they may be its answer."""

_CHOICE: Final = re.compile(
    r"(?:the\s+)?(?:option\s+|number\s+)?(1|2|3|first|second|third|one|two|three)(?:st|nd|rd)?(?:\s+one)?[.!)]?"
)
_CHOICES: Final = {"first": 0, "second": 1, "third": 2, "one": 0, "two": 1, "three": 2, "1": 0, "2": 1, "3": 2}

_NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "entry": ("my entry", "entry price"),
    "mark": ("price now", "now", "price", "current price", "mark price"),
    "wallet": ("my wallet", "balance", "wallet balance"),
    "margin": ("position margin",),
    "all": ("both", "all of them", "both of them"),
}


def turn_of(event: Event, draft: Draft, text: str, facts: Facts) -> Turn | None:
    """The short turn that a text is. Where others talk too only a reply is one, and after /cancel no bare number is."""
    if not event.chat.is_private and facts.found != "replied":
        return None
    turn = read_turn(text, draft.question.legs[0].coin if len(draft.question.legs) == 1 else None)
    return None if turn is not None and draft.quiet and turn.do in ("price", "number") else turn


def asked_back(event: Event, card: Card, draft: Draft, said: str, found: Sequence[Meaning], facts: Facts) -> Outcome:
    """The card with the question what was meant by the words `said`, and a button for each thing."""
    update = {
        "page": "choose",
        "alternatives": tuple(each.question for each in found),
        "meant": tuple(each.name for each in found),
        "said": said,
    }
    return shown(event, in_sight(event, card), draft.model_copy(update=update), facts)


def chosen(text: str, draft: Draft) -> int | None:
    """Which of the alternatives a text names: by its number, or by what it takes the words for."""
    said = text.strip().lower().rstrip(".!)?")
    hit = _CHOICE.fullmatch(said)
    if hit is not None and (not draft.meant or _CHOICES[hit[1]] < len(draft.meant)):
        return _CHOICES[hit[1]]
    held = [(leg.coin or "").lower() for leg in draft.question.legs]
    coins = {f"leg:{number}": coin for number, coin in enumerate(held) if held.count(coin) == 1}
    names = [{name, coins.get(name, name), *_NAMED.get(name, ())} for name in draft.meant]
    return next((number for number, each in enumerate(names) if said.removeprefix("the ") in each), None)


def visibly(
    event: Event, card: Card, draft: Draft, facts: Facts, change: Callable[[Card], Outcome | None]
) -> Outcome | None:
    """A change of the card that can be seen: an edit to the same text would look like no answer.

    Then the card is shown anew below, or, while something is open, that question.
    """
    outcome = change(in_sight(event, card))
    if outcome is None or draft.page != "card" or card.version == 0:  # a card that is not stored yet was never seen
        return outcome
    if _seen(outcome) != _seen(shown(event, card, draft, facts)):
        return outcome
    again = change(new_card(event))
    cards = again.cards if again else []
    settled = draft_of(cards[0]) if cards else None
    if settled is None or settled.awaiting is None:
        return again
    return shown(event, cards[0], settled.model_copy(update={"page": "slot"}), facts)


def _seen(outcome: Outcome) -> list[tuple[Markup, list[list[str]]]]:
    """What can be seen of screens: their text and the labels of their buttons."""
    return [(screen.text, [[button.label for button in row] for row in screen.buttons]) for screen in outcome.screens]
