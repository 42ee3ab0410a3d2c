"""An outcome becomes letters: Telegram's parameters, with the card and its owner behind every button."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, assert_never

from bot.dialogue import (
    CARDS_PER_EVENT,
    NO_CARD,
    Button,
    Card,
    Close,
    Copy,
    Event,
    Fill,
    Link,
    Offer,
    Offers,
    Outcome,
    Queried,
    Screen,
    Send,
    Show,
    Tap,
    Tapped,
    Toast,
)
from bot.payloads import Payload, encode_payload
from bot.rendering.check_buttons import shortened
from bot.rendering.group_screen import LONGEST_LABEL, is_said_in_a_line, line_of, more_of
from bot.rendering.words import Words
from bot.storage.outbox import Kind, Letter
from bot.storage.store import Handled
from bot.transport.parameters import STYLE

ANSWER_LIFETIME: Final = timedelta(seconds=15)
"""After about that long Telegram refuses the answer to a tap."""

OFFERS_LIFETIME: Final = timedelta(seconds=10)
"""After about that long Telegram refuses the answer to an inline query; most people have typed on by then."""

LONGEST_TOAST: Final = 200


def handled(event: Event, outcome: Outcome) -> Handled:
    """What `outcome` means for storage and outbox. The answer to a tap or an inline query is the first letter."""
    letters = [_answer(event, event.content, outcome.toast)] if isinstance(event.content, Tapped) else []
    if isinstance(event.content, Queried) and outcome.offers is not None:
        letters.append(_offers(event, event.content, outcome.offers))
    cards: list[Card] = list(outcome.kept)
    closed: list[int] = []
    for step in outcome.show:
        number = event.serial * CARDS_PER_EVENT + len(letters)
        match step:
            case Show(card=card):
                letters.append(_show(event, number, step))
                if card is not None:
                    cards.append(card)
            case Close(card=card):
                letters.append(_letter(event, number, "delete", {"message": card.message_id, **_inline(card)}, card))
                closed.append(card.id)
    if len(letters) > CARDS_PER_EVENT:
        raise ValueError(f"an event leads to at most {CARDS_PER_EVENT} letters, got {len(letters)}")
    return Handled(
        serial=event.serial,
        bot_id=event.bot_id,
        letters=tuple(letters),
        cards=tuple(cards),
        closed=tuple(closed),
        changes=outcome.changes,
    )


def _answer(event: Event, tapped: Tapped, toast: Toast | None) -> Letter:
    payload: dict[str, Any] = {"callback_query_id": tapped.query_id}
    if toast is not None:
        payload |= {"text": toast.text[:LONGEST_TOAST], "show_alert": toast.alert}
        payload |= {"url": toast.url} if toast.url else {}
    return _letter(event, event.serial * CARDS_PER_EVENT, "answer", payload, lifetime=ANSWER_LIFETIME)


def _offers(event: Event, query: Queried, offers: Offers) -> Letter:
    payload: dict[str, Any] = {
        "inline_query_id": query.query_id,
        "results": [_offer(event, each) for each in offers.offers],
        "cache_time": offers.seconds,
        "is_personal": offers.personal,
        "button": {"text": offers.label, "start_parameter": offers.start},
    }
    return _letter(event, event.serial * CARDS_PER_EVENT, "offers", payload, lifetime=OFFERS_LIFETIME)


def _offer(event: Event, offer: Offer) -> dict[str, Any]:
    """An article, or a photo whose spec gives way to Telegram's file when it is offered.

    Its buttons belong to no card yet: the inline message that they stand under will have one.
    """
    nobodys = Card(id=NO_CARD, owner_id=event.person.id, chat_id=event.chat.id, flow="")
    shared = {
        "id": offer.id,
        "title": offer.title,
        "description": offer.description,
        "reply_markup": {"inline_keyboard": _keyboard(offer.screen, nobodys)},
    }
    if offer.screen.picture is not None:
        caption = {"caption": str(offer.screen.text), "parse_mode": "HTML"}
        return {"type": "photo", "picture": dict(offer.screen.picture.spec), **caption, **shared}
    return {"type": "article", "input_message_content": {"message_text": str(offer.screen.text), **STYLE}, **shared}


def _inline(card: Card | None) -> dict[str, str]:
    inline_message_id = card.inline_message_id if card is not None else None
    return {"inline": inline_message_id} if inline_message_id is not None else {}


def _keyboard(screen: Screen, card: Card | None) -> list[list[dict[str, Any]]]:
    return [[_button(button, card) for button in row] for row in screen.buttons]


def _show(event: Event, number: int, step: Show) -> Letter:
    screen, card = step.screen, step.card
    payload: dict[str, Any] = {"text": str(screen.text), **_inline(card)}
    if screen.picture is not None:
        payload |= {"picture": dict(screen.picture.spec), "instead": str(screen.picture.instead)}
    if screen.file is not None:
        payload["file"] = {"name": screen.file.name, "text": screen.file.text}
    if screen.buttons:
        payload["buttons"] = _keyboard(screen, card)
    if event.guest is not None:
        payload["guest"] = event.guest
        return _letter(event, number, "guest", payload, card, lifetime=ANSWER_LIFETIME)
    if event.chat.is_group and not isinstance(event.content, Tapped) and event.message_id is not None:
        payload["reply_to"] = event.message_id  # says whom it answers, and lands in the right topic by itself
    elif event.chat.thread_id is not None:
        payload["thread"] = event.chat.thread_id
    if event.chat.is_group:
        payload |= _among_others(event, step)
    return _letter(event, number, "edit" if card is not None and card.version > 0 else "send", payload, card)


def _among_others(event: Event, step: Show) -> dict[str, Any]:
    """What a group's letter needs besides: whose turn it takes, and how it is said when many wait."""
    screen, person = step.screen, event.person
    payload: dict[str, Any] = {"asker": step.card.owner_id if step.card is not None else person.id}
    if event.chat.thread_id is not None:
        payload["topic"] = event.chat.thread_id
    if step.whisper is not None:
        payload["whisper"] = {
            "person": person.id,
            "text": str(step.whisper.text),
            "buttons": _keyboard(step.whisper, step.card),
        }
    elif is_said_in_a_line(screen):
        link = next(each for row in screen.buttons for each in row if isinstance(each, Link))
        payload["line"] = str(line_of(person.first_name, person.id, screen))
        payload["more"] = more_of(Words.of(person.language_code))
        payload["way"] = _button(replace(link, label=shortened(person.first_name, LONGEST_LABEL) or link.label), None)
    return payload


def _letter(
    event: Event,
    number: int,
    kind: Kind,
    payload: dict[str, Any],
    card: Card | None = None,
    *,
    lifetime: timedelta | None = None,
) -> Letter:
    return Letter(
        id=number, bot_id=event.bot_id, chat_id=card.chat_id if card else event.chat.id, kind=kind, payload=payload,
        card_id=card.id if card else None, expires_at=event.time + lifetime if lifetime else None,
    )  # fmt: skip


def _button(button: Button, card: Card | None) -> dict[str, Any]:
    match button:
        case Tap(label=label, action=action, style=style):
            if card is None:
                raise ValueError(f"the button {label!r} needs a card to come back to")
            data = encode_payload(Payload(card_id=card.id, owner_id=card.owner_id, action=action))
            return {"text": label, "callback_data": data} | ({"style": style} if style else {})
        case Copy(label=label, text=text):
            return {"text": label, "copy_text": {"text": text}}
        case Fill(label=label, text=text):
            return {"text": label, "switch_inline_query_current_chat": text}
        case Send(label=label, text=text):
            return {"text": label, "switch_inline_query": text}
        case Link(label=label, url=url):
            return {"text": label, "url": url}
        case _:
            assert_never(button)
