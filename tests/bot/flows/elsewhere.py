"""Inline mode without Telegram: typing behind the bot's name, sending an offer, tapping under what was sent."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import NO_CARD, Chat, Chosen, Content, Outcome, Person, Queried, Screen, Show, Tap, Tapped
from bot.flows.desk import decide
from bot.payloads import Payload, encode_payload
from bot.rendering.plain import plain_text
from tests.bot.flows.talk import Talk, check_telegram_takes

MESSAGE = "inline-message-1"


def elsewhere(talk: Talk, line: str) -> str:
    """What is seen after a line of a dialogue."""
    if line.startswith("(send) "):
        return shown(send(talk, line.removeprefix("(send) ")))
    if line.startswith("(tap there) "):
        toasts = len(talk.toasts)
        screen = tap(talk, line.removeprefix("(tap there) "))
        return "\n".join([shown(screen), *(f"(toast) {toast}" for toast in talk.toasts[toasts:])])
    outcome = query(talk, line.removeprefix("@bot").strip())
    assert outcome.offers is not None
    return "\n".join("\n  ".join([each.title, *each.description.split("\n")]) for each in outcome.offers.offers)


def shown(screen: Screen) -> str:
    rows = [" ".join(f"[{button.label}]" for button in row) for row in screen.buttons]
    return "\n".join([plain_text(screen), *rows])


def query(talk: Talk, text: str, *, by: Person | None = None) -> Outcome:
    """Types `text` behind the bot's name."""
    outcome = _happens(talk, Queried(query_id="q", text=text), by=by)
    assert outcome.offers is not None
    talk.offers, talk.words = outcome.offers.offers, text
    assert len({offer.id for offer in talk.offers}) == len(talk.offers)
    for offer in talk.offers:
        assert 0 < len(offer.id.encode()) <= 64
        assert offer.title
    return outcome


def send(talk: Talk, title: str, *, by: Person | None = None) -> Screen:
    """Sends the offer whose title begins so."""
    offer = next(each for each in talk.offers if each.title.startswith(title))
    outcome = _happens(talk, Chosen(offer_id=offer.id, text=talk.words), by=by, message=MESSAGE)
    for card in outcome.kept:
        talk.cards[card.id] = replace(card, version=card.version + 1)
    talk.sent = offer.screen
    return offer.screen


def tap(talk: Talk, label: str, *, by: Person | None = None) -> Screen:
    """Taps a button under what was sent; as it is then."""
    assert talk.sent is not None
    found = [each for row in talk.sent.buttons for each in row if isinstance(each, Tap) and each.label == label]
    payload = Payload(card_id=NO_CARD, owner_id=talk.person.id, action=found[0].action)
    outcome = _happens(talk, Tapped(query_id="q", data=encode_payload(payload)), by=by, message=MESSAGE)
    if outcome.toast is not None:
        talk.toasts.append(outcome.toast.text)
    for step in outcome.show:
        assert isinstance(step, Show)
        assert step.card is not None
        check_telegram_takes(step)
        talk.cards.pop(step.card.id, None)
        talk.cards[step.card.id] = replace(step.card, version=step.card.version + 1)
        talk.sent = step.screen
    return talk.sent


def _happens(talk: Talk, content: Content, *, by: Person | None, message: str | None = None) -> Outcome:
    person = by or talk.person
    event = replace(
        talk.event(content, by=by), chat=Chat(id=person.id, kind="inline"), message_id=None, inline_message_id=message
    )
    return decide(event, talk.facts(event))
