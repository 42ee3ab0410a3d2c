"""Replies in a group: to somebody's message, and to somebody else's card.

(on "long eth 3200 10x, thoughts?")  /liq 20x      ->  that trade at 20x, for who asks
(on Ann's message through inline mode)  /liq       ->  its trade, by its link: the bot's own words are no trade
(on Ann's card)  10x  or  /whatif -5%              ->  one's own card of the same trade, with that change
(on Ann's card)  nice one                          ->  nothing
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.dialogue import Card, Commanded, Event, Outcome, Said
from bot.flows import desk
from bot.flows.again import opened_again
from bot.flows.basis import with_saved_account
from bot.flows.cards import with_draft
from bot.flows.check_card import Draft, new_card
from bot.flows.conversations import FLOWS
from bot.flows.entrances import GROUP_CARDS
from bot.flows.links import TEXT, text_of
from bot.flows.places import is_whole
from bot.services.facts import Facts
from bot.services.question import Question, question_of
from bot.services.trade_code import VERSION, trade_of
from bot.understanding.understand import understand

QUESTIONS: Final = frozenset({"whatif", "compare", "size", "addmargin", "explain", "check", "learn"})
"""Commands that ask something about positions, or in general."""

_PASSING: Final = frozenset({"page", "awaiting", "at", "leg"})
"""What of a draft says where its card is, and not what it is about."""


# --- To a message --------------------------------------------------------------------------------------------------


def from_quote(event: Event, facts: Facts) -> tuple[Event, Facts] | None:
    """The event as if it replied to a card about the trade in the message that it replies to.

    Result: None for one that asks about the trade in a message that holds none: /liq, or /liq with a change of it.
    """
    content = event.content
    if event.quoted is None or not isinstance(content, (Said, Commanded)):
        return event, facts
    words = content.text if isinstance(content, Said) else content.arguments
    liq = isinstance(content, Commanded) and content.name == "liq"
    bare = not words and (liq or isinstance(content, Said))
    if not bare and is_whole(understand(words)):
        return event, facts
    question = _asked_of(event, event.quoted)
    if question is None:
        return None if liq or bare else (event, facts)
    if bare:
        name, arguments = ("start", event.quoted) if _is_code(event.quoted) else ("liq", _text_behind(event.quoted))
        return replace(event, content=Commanded(name=name, arguments=arguments)), facts
    card = with_draft(new_card(event), Draft(question=with_saved_account(question, event, facts)))
    return event, replace(facts, card=card, found="replied")


def _is_code(quoted: str) -> bool:
    return quoted.startswith(f"{VERSION}_")


def _text_behind(quoted: str) -> str:
    """A message's words, or those that its link carries."""
    return text_of(quoted) or "" if quoted.startswith(TEXT) else quoted


def _asked_of(event: Event, quoted: str) -> Question | None:
    """The trade that a message holds, None when it holds none."""
    if _is_code(quoted):
        return trade_of(quoted, now=event.time)
    reading = understand(_text_behind(quoted))
    if not is_whole(reading):
        return None
    found = question_of(reading, now=event.time)
    return found if isinstance(found, Question) else None


# --- To a card -----------------------------------------------------------------------------------------------------


def to_another(event: Event, facts: Facts) -> Outcome | None:
    """A reply to somebody else's card: one's own of the same, with what the reply changes; None for anything else.

    Words that neither change nor ask anything are members talking to each other.
    """
    content, card = event.content, facts.card
    own = _copied(event, facts) if card is not None and facts.found == "replied" and not event.edited else None
    if own is None:
        return None
    facts = replace(facts, card=own)
    match content:
        case Commanded(name="liq", arguments=""):
            return FLOWS[own.flow].shown(event, own, facts)
        case Commanded(name=name) if name == "liq" or name in QUESTIONS:
            return desk.decide(event, facts)
        case Said(text=text) if text and not is_whole(understand(text)):
            outcome = desk.decide(event, facts)
            return outcome if _says_something(outcome, own) else Outcome()
        case _:
            return None


def _copied(event: Event, facts: Facts) -> Card | None:
    """The card replied to as one's own, not shown yet; None for one's own, and where it may not be copied."""
    card = facts.card
    if (
        card is None
        or card.owner_id == event.person.id
        or card.chat_id != event.chat.id
        or card.flow not in GROUP_CARDS
    ):
        return None
    outcome = opened_again(FLOWS[card.flow], event, card, replace(facts, card=None, found=None))
    return next(iter(outcome.cards), None) if outcome is not None else None


def _says_something(outcome: Outcome, own: Card) -> bool:
    """Whether an answer is more than that the words were not understood."""
    return any(card.flow != own.flow or _subject(card.draft) != _subject(own.draft) for card in outcome.cards)


def _subject(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in draft.items() if name not in _PASSING}
