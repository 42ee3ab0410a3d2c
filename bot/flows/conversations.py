"""Every conversation: by its cards, by the buttons that open it from other cards, and by the questions it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.dialogue import Card, Event, Outcome
from bot.flows import (
    act,
    check,
    compare,
    explain,
    group,
    inline,
    learn,
    mistakes,
    picture,
    portfolio,
    portfolio_here,
    quiz,
    settings,
    size,
    start,
    whatif,
)
from bot.flows.basis import Basis
from bot.flows.flow import Flow
from bot.services.facts import Facts
from bot.understanding.readings import Reading

_CONVERSATIONS = (
    start.START, check.CHECK, whatif.WHATIF, compare.COMPARE, act.ACT, size.SIZE, explain.EXPLAIN, portfolio.PORTFOLIO,
    portfolio_here.HERE, picture.PICTURE, quiz.QUIZ, mistakes.MISTAKES, learn.LEARN, settings.SETTINGS, group.GROUP,
    inline.SENT,
)  # fmt: skip

FLOWS: Final[Mapping[str, Flow]] = {flow.name: flow for flow in _CONVERSATIONS}
"""Every conversation that has cards, by the name that its cards bear."""

OPENERS: Final[Mapping[str, Callable[[Event, Basis | None, Facts], Outcome]]] = {
    "portfolio": lambda event, basis, facts: portfolio.opened(event, facts),
    "whatif": whatif.opened,
    "compare": compare.opened,
    "act": act.opened,
    "size": size.opened,
    "mismatch": explain.opened,
    "quiz": quiz.opened,
    "mistakes": mistakes.opened,
    "learn": learn.opened,
    "settings": lambda event, basis, facts: settings.opened(event, facts),
    "picture": lambda event, basis, facts: picture.opened(event, basis, facts),
}
"""Buttons of any card that open another conversation, about the positions of that card."""

ASKED: Final[Mapping[str, Callable[[Event, Reading, Basis | None, Facts], Outcome]]] = {
    "whatif": whatif.asked,
    "compare": compare.asked,
    "addmargin": act.asked,
    "size": size.asked,
    "explain": explain.asked,
    "quiz": lambda event, reading, basis, facts: quiz.begun(event, basis, facts),
    "faq": learn.asked,
    "settings": lambda event, reading, basis, facts: settings.opened(event, facts),
}
"""Kinds of questions with the conversation that answers them; the basis is that of the card before."""


def flow_of(card: Card | None) -> Flow | None:
    """The conversation of a card; None for no card, and for one of a conversation that there is no more."""
    return FLOWS.get(card.flow) if card is not None else None
