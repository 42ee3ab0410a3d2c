"""Ways in besides trades and one's own buttons: links behind /start, /check and /learn with words, foreign buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue import Card, Event, Link, Outcome, Refusal, Toast
from bot.flows import inline, learn, links_in, mistakes, picture, quiz, start
from bot.flows.again import opened_again
from bot.flows.basis import SAVED, Basis, basis_of
from bot.flows.cards import remark
from bot.flows.conversations import OPENERS, flow_of
from bot.flows.links import TRADE
from bot.payloads import Payload, card_link, linked_card, linked_trade
from bot.rendering.start_screen import sentence_screen
from bot.services.facts import Facts
from bot.services.picture_card import KINDS
from bot.services.question import Declined
from bot.understanding.understand import understand

NO_CHAT: Final = 0
"""Where a card is that no message shows yet."""

GROUP_CARDS: Final = frozenset({"check", "whatif", "compare", "act", "size", "explain", "mistakes", "learn"})
"""Conversations whose cards hold nothing but what was said in the group."""


def linked(event: Event, payload: str, facts: Facts, asking: inline.Asking) -> Outcome:
    """/start, or a link (links.py): to a trade, a text or a what-if, to a card of the person's own, to a conversation
    by its name, for a topic "learn_TOPIC", for a picture of the portfolio "picture_KIND"; any other payload greets.

    Arguments: asking, what a text is answered in the chat.
    """
    number = linked_card(payload)
    if number is not None and not event.chat.is_private:
        return _opens_in_private(event, number)
    if number is not None:
        return _opened_again(event, payload, facts, asking)
    asked = links_in.opened(event, payload.strip(), facts, asking)
    if asked is not None:
        return asked
    name, _, topic = payload.strip().lower().partition("_")
    match name:
        case "learn":
            return learn.opened(event, None, facts, topic=topic)
        case "help":
            return start.helped(event)
        case "liq":
            return start.prompted(event)
        case "addmargin":
            return OPENERS["act"](event, None, facts)
        case "quiz":
            return quiz.begun(event, None, facts)
        case "check":
            return mistakes.opened(event, SAVED, facts)
        case "picture":
            return picture.opened(event, None, facts, kind=KINDS.get(topic, "market"))
        case _ if name in OPENERS and not topic:
            return OPENERS[name](event, None, facts)
        case _:
            return start.started(event)


def _opened_again(event: Event, payload: str, facts: Facts, asking: inline.Asking) -> Outcome:
    """A link to a card: it opens for its owner, for anybody else the trade that the link carries, if there is one."""
    card = facts.card if facts.found == "linked" else None
    flow = flow_of(card) if card is not None and card.owner_id == event.person.id else None
    own = replace(facts, card=None, found=None)
    shown = opened_again(flow, event, card, own) if card is not None and flow is not None else None
    trade = linked_trade(payload)
    if shown is None and trade.startswith(TRADE):
        shown = links_in.opened(event, trade, own, asking)
    return shown or start.said(event, "start.link_gone")


def _opens_in_private(event: Event, number: int) -> Outcome:
    """A link to a card where others read along: it may hold all that its owner saved, and anybody may have made it."""
    words = start.tongue_of(event).words
    row = (Link(label=words.label("button.in_private"), url=card_link(event.bot_name, number)),)
    screen = replace(sentence_screen(words("start.link_private")), buttons=(row,))
    return remark(screen)


def learnt(event: Event, arguments: str, basis: Basis | None, facts: Facts) -> Outcome:
    """/learn: what there is; with words behind it, what they ask about."""
    if not arguments.strip():
        return learn.opened(event, basis, facts)
    return learn.looked_up(event, arguments, basis, facts)


def checked(event: Event, arguments: str, facts: Facts) -> Outcome:
    """/check: what the saved positions get wrong, or those of a trade that stands behind it."""
    if not arguments.strip():
        return mistakes.opened(event, SAVED, facts)
    basis = basis_of(event, understand(arguments), None, facts)
    if isinstance(basis, Declined):
        return start.declined(event, basis.note)
    return mistakes.opened(event, basis, facts)


def joined(event: Event, card: Card | None, payload: Payload, facts: Facts) -> Outcome:
    """A tap on somebody else's card: some conversations open one's own there; of the others a copy is kept for whoever
    tapped, and the answer to the tap leads to it in their private chat."""
    flow = flow_of(card)
    genuine = card is not None and (card.id, card.owner_id) == (payload.card_id, payload.owner_id)
    own = flow.joined(event, card, payload.action, facts) if card is not None and flow is not None and genuine else None
    words = start.tongue_of(event).words
    # Forged data may name a card of another chat, which nobody may look into.
    here = card is not None and card.chat_id == event.chat.id and event.chat.is_group
    if own is None and genuine and card is not None and here and card.flow in GROUP_CARDS and event.bot_name:
        copy = Card(id=event.card_id(), owner_id=event.person.id, chat_id=NO_CHAT, flow=card.flow, draft=card.draft)
        url = card_link(event.bot_name, copy.id)
        toast = Toast(text=words.label("toast.ask_your_own"), url=url)
        return Outcome(kept=(copy,), toast=toast, refused="not_yours")
    # A card that is gone may well have been somebody else's; one that is there says whose it is.
    refused: Refusal = "not_yours" if genuine else "stale" if card is None else "forged"
    return own or Outcome(toast=Toast(text=words.label("toast.not_yours"), alert=True), refused=refused)
