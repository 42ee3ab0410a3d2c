"""The last card again: shown anew below, asked anew, or linked to.

/last            ->  the same card as a new message; the old one goes on working
/again           ->  the same question without the prices that were given for it, since those are old by now
/link            ->  a link that asks it again, for the home screen (links.py)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue import Copy, Event, Outcome, Screen
from bot.flows.cards import remark
from bot.flows.conversations import flow_of
from bot.flows.links import code_of
from bot.flows.start import tongue_of
from bot.payloads import bot_link
from bot.rendering.start_screen import sentence_screen, with_example
from bot.services.facts import Facts


def shown_anew(event: Event, facts: Facts, *, fresh: bool) -> Outcome:
    """The last card as a new message. fresh: measured from the entry again."""
    card = facts.card
    flow = flow_of(card)
    tongue = tongue_of(event)
    if card is None or flow is None:
        return remark(with_example(tongue.words("last.nothing"), tongue))
    draft = _without_prices(card.draft) if fresh else card.draft
    below = replace(card, id=event.card_id(), version=0, message_id=None, asked=None, draft=draft)
    shown = flow.shown(event, below, facts)
    return shown or remark(with_example(tongue.words("last.nothing"), tongue))


def _without_prices(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A draft whose question knows no price now: the person's own, or that of its basis."""
    kept = dict(draft)
    if isinstance(kept.get("question"), dict):
        kept["question"] = {name: value for name, value in kept["question"].items() if name != "prices"}
    if isinstance(kept.get("basis"), dict):
        kept["basis"] = _without_prices(kept["basis"])
    return kept


def linked(event: Event, facts: Facts) -> Outcome:
    """/link: the link to the last card's question, with a button that copies it."""
    tongue = tongue_of(event)
    words = tongue.words
    if facts.card is None:
        return remark(with_example(words("link.nothing"), tongue))
    code = code_of(facts.card)
    if code is None:
        return remark(sentence_screen(words("link.none")))
    link = bot_link(event.bot_name, code)
    rows = ((Copy(label=words.label("button.copy_link"), text=link),),)
    return remark(Screen(text=words("link.made", link=link), buttons=rows))
