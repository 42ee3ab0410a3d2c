"""The label of a button written instead of tapped: "compare", "picture", "back" do what the button of the card does."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.dialogue import Card, Event, Tap
from bot.flows.cards import in_sight
from bot.flows.flow import Flow
from bot.services.facts import Facts

_SHORT: Final = {"pic": "picture", "chart": "picture"}
_LONGEST: Final = 24
"""Letters of a text that can be a label."""


def pressed(event: Event, card: Card, flow: Flow, text: str, facts: Facts) -> tuple[Card, str] | None:
    """The card and the action of its button that a text is the label of; None for any other text.

    Far up in the chat the card is left as it is, and a new one below answers.
    """
    wanted = _words(text)
    wanted = _SHORT.get(wanted, wanted)
    if not wanted or len(wanted) > _LONGEST:
        return None
    outcome = flow.shown(event, card, facts)
    screens = outcome.screens if outcome is not None else []
    taps = [each for screen in screens for row in screen.buttons for each in row if isinstance(each, Tap)]
    action = next((tap.action for tap in taps if _words(tap.label) == wanted), None)
    return None if action is None else (replace(in_sight(event, card), draft=card.draft), action)


def _words(label: str) -> str:
    """The words of a label without its signs; nothing for one that has a number, which may mean something else."""
    return "" if re.search(r"\d", label) else " ".join(re.findall(r"\w+", label.casefold()))
