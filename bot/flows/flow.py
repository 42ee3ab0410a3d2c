"""What the front desk knows of a conversation: the functions by which its cards answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from bot.dialogue import Card, Close, Event, Outcome, Screen, Show, Tap
from bot.flows.basis import Basis
from bot.flows.cards import Draft, draft_in
from bot.services.facts import Facts
from bot.understanding.readings import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A card's answer as other programs read it: entries that begin with a slot's name, and the engine's numbers.

    answered: whether there are numbers at all.
    """

    answered: bool = False
    assumed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    results: dict[str, Any] | None = field(default=None)


Tapping: TypeAlias = Callable[[Event, Card, str, Facts], Outcome | None]
Typing: TypeAlias = Callable[[Event, Card, str, Reading, Facts], Outcome | None]
Misreading: TypeAlias = Callable[[Event, Card, str, Facts], Outcome | None]
Going: TypeAlias = Callable[[Event, Card, Facts], Outcome | None]
Pricing: TypeAlias = Callable[[Event, Card, Mapping[str, Decimal], Facts], tuple[Outcome, set[str]] | None]
Telling: TypeAlias = Callable[[Event, Card, Reading, Facts], Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A conversation. Each function has a place for "this is not for me": None, and then the desk goes on.

    tapped: a button of its card. joined: the same by somebody else, for whom it opens their own. typed: a text after
    its card, which answers an open question, changes the card or goes on from it. awaits: whether the card has a
    question open. adds: whether a trade that is written now is a further position of the card. misread: words that do
    not answer that question. priced: prices now by coin, and the coins it took. again: the card opened once more, for
    whoever the event is of, where that is not as again.py has it. undone: its last change taken back. shown: the card
    as it is. explained: its working. basis: what positions the card is about. coins: their names. told: the answer for
    `marginbot ask`.
    """

    name: str
    tapped: Tapping
    joined: Tapping = lambda event, card, action, facts: None
    awaits: Callable[[Card], bool] = lambda card: False
    typed: Typing = lambda event, card, text, reading, facts: None
    adds: Callable[[Card], bool] = lambda card: False
    misread: Misreading = lambda event, card, text, facts: None
    priced: Pricing = lambda event, card, prices, facts: None
    again: Going | None = None
    undone: Going = lambda event, card, facts: None
    shown: Going = lambda event, card, facts: None
    explained: Going = lambda event, card, facts: None
    basis: Callable[[Card], Basis | None] = lambda card: None
    coins: Callable[[Card, Facts], tuple[str, ...]] = lambda card, facts: ()
    told: Telling = lambda event, card, reading, facts: Told()


def showing(kind: type[Draft], show: Callable[[Event, Card, Draft, Facts], Outcome | None]) -> Going:
    """A conversation's `shown`: its card on the page that its draft is on."""

    def shown(event: Event, card: Card, facts: Facts) -> Outcome | None:
        draft = draft_in(card, kind)
        return None if draft is None else show(event, card, draft, facts)

    return shown


def in_passing(show: Show | Close) -> Show | Close:
    """A lesson as a remark beneath a card: a short message then still goes on from the card."""
    if isinstance(show, Close) or show.card is None:
        return show
    return Show(screen=without_taps(show.screen))


def without_taps(screen: Screen) -> Screen:
    """The screen without the buttons that come back to a card."""
    rows = (tuple(button for button in row if not isinstance(button, Tap)) for row in screen.buttons)
    return replace(screen, buttons=tuple(row for row in rows if row))
