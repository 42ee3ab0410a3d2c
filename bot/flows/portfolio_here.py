"""The portfolio in a group: nothing of it is said until its owner taps, and no amount until they tap for that.

/portfolio           ->  "Your portfolio is personal …" [Show here] [Close]
[Show here]          ->  the nearest first, each with its distance in percent [With amounts] [Close]
[With amounts]       ->  the whole card [Without amounts] [Close]
[Close]              ->  the message goes away

The buttons are the owner's; anybody else gets the polite refusal. What is shown is as of the tap.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Close, Event, Outcome, Screen, Toast
from bot.flows.cards import on_card, opened_card
from bot.flows.flow import Flow
from bot.flows.start import tongue_of, way_home
from bot.rendering.portfolio_here_screen import distances_screen, offer_screen, whole_screen
from bot.services.account_view import look_at
from bot.services.facts import Facts

FLOW: Final = "portfolio_here"


class Draft(BaseModel):
    """When the card was shown; it remembers nothing of the portfolio."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime | None = None


def offered(event: Event) -> Outcome:
    """/portfolio in a group: the way to the private chat, and a button for its owner."""
    card = opened_card(event, FLOW)
    screen = offer_screen(tongue_of(event))
    return _shown(event, card, replace(screen, buttons=(*screen.buttons, way_home(event, "portfolio"))))


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """`show`, `amounts`, `close`."""
    if action == "close":
        return Outcome(show=(Close(card=card),))
    if action not in ("show", "amounts"):
        return None
    tongue, view = tongue_of(event), look_at(facts.portfolio.portfolio, now=event.time)
    if not view.held:
        return Outcome(toast=Toast(text=tongue.words.label("here.empty"), alert=True))
    return _shown(event, card, whole_screen(view, tongue) if action == "amounts" else distances_screen(view, tongue))


def _shown(event: Event, card: Card, screen: Screen) -> Outcome:
    return on_card(card, Draft(at=event.time), screen)


HERE: Final = Flow(name=FLOW, tapped=tapped)
"""What the front desk knows of this conversation: its buttons. Words never go on from it."""
