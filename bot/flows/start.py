"""Greeting, help, cancel, and everything that is not a question.

    /start            three lines, an example that can be tapped, Help, Portfolio
    /help             what can be written, four examples that can be tapped
    /liq              the same in short: three examples
    /cancel           ends an open question
    /anything         one sentence: not known
    (a photo)         one sentence: only text
    qwertz            one sentence, and an example that works

In groups only what is meant for the bot is answered: commands, and replies to its cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.dialogue import Button, Event, Link, Outcome, Show
from bot.flows.cards import opened_card, quoted, remark
from bot.flows.flow import Flow
from bot.payloads import bot_link
from bot.rendering.plain import clipped
from bot.rendering.start_screen import (
    declined_screen,
    help_screen,
    liq_screen,
    sentence_screen,
    start_screen,
    with_example,
)
from bot.rendering.verdict import Tongue
from bot.rendering.views import Note
from bot.storage.person_settings import PersonSettings

FLOW: Final = "start"


def tongue_of(event: Event) -> Tongue:
    """The words and numbers of the person behind an event, as they fit the chat."""
    person = event.person
    in_group = not event.chat.is_private
    return Tongue.of(
        person.language_code,
        in_group=in_group,
        numbers=person.numbers,
        brief=person.brief,
        afar=event.chat.kind == "inline",
    )


def as_set(event: Event, settings: PersonSettings) -> Event:
    """The event of a person who wants to be answered as they set it."""
    person = replace(
        event.person,
        language_code=settings.language or event.person.language_code,
        numbers=settings.numbers,
        time_zone=settings.time_zone,
        brief=settings.answers == "short",
    )
    return replace(event, person=person)


def started(event: Event) -> Outcome:
    """/start: the greeting, a card because two of its buttons come back."""
    return Outcome(show=(Show(screen=start_screen(tongue_of(event)), card=opened_card(event, FLOW)),))


def helped(event: Event) -> Outcome:
    """/help: examples that can be tapped."""
    return remark(help_screen(tongue_of(event)))


def prompted(event: Event) -> Outcome:
    """/liq without a trade."""
    return remark(liq_screen(tongue_of(event)))


def unknown_command(event: Event, name: str) -> Outcome:
    """A command that does not exist."""
    return remark(sentence_screen(tongue_of(event).words("start.unknown_command", name=clipped(name, 32))))


def attached(event: Event) -> Outcome:
    """A photo, a voice message, a sticker: one polite line."""
    tongue = tongue_of(event)
    return remark(with_example(tongue.words("start.attached"), tongue))


def nonsense(event: Event) -> Outcome:
    """Words that say nothing we know."""
    tongue = tongue_of(event)
    return remark(with_example(tongue.words("start.nonsense"), tongue))


def no_place(event: Event, text: str, *, beside: bool) -> Outcome:
    """A follow-up that has no place: on the last card where there is one (`beside`), else nothing to go on from."""
    tongue = tongue_of(event)
    shown = quoted(text)
    sentence = tongue.words("start.no_place", text=shown) if beside else tongue.words("start.nothing_to_go_on")
    return remark(with_example(sentence, tongue))


def small_talk(event: Event) -> Outcome:
    """A greeting or thanks."""
    tongue = tongue_of(event)
    return remark(with_example(tongue.words("start.smalltalk"), tongue))


def declined(event: Event, note: Note) -> Outcome:
    """Something that is understood and cannot be answered."""
    return remark(declined_screen(note, tongue_of(event)))


def no_position(event: Event, coins: Iterable[str]) -> Outcome:
    """Prices for coins that nothing is known about."""
    tongue = tongue_of(event)
    return remark(with_example(tongue.words("start.no_position", coins=", ".join(coins)), tongue))


def about_prices(event: Event, noted: Mapping[str, Decimal], not_held: Iterable[str]) -> Outcome:
    """What became of prices that the card in sight is not about: noted for saved positions, or without a use."""
    words, numbers = tongue_of(event).words, tongue_of(event).numbers
    lines = []
    if noted:
        prices = ", ".join(
            words("start.price_of", coin=coin, price=numbers.plain(price)) for coin, price in noted.items()
        )
        lines.append(words("start.price_noted", prices=prices))
    if not_held := ", ".join(not_held):
        lines.append(words("start.not_held", coins=not_held))
    return remark(sentence_screen(Markup("\n").join(lines))) if lines else Outcome()


def price_of_what(event: Event) -> Outcome:
    """A price without a coin, where nothing tells which one."""
    return said(event, "start.price_of_what")


def said(event: Event, key: str) -> Outcome:
    """One sentence by its key."""
    return remark(sentence_screen(tongue_of(event).words(key)))


def sent_home(event: Event, key: str, start: str) -> Outcome:
    """One sentence by its key that sends to the private chat, and the way to the conversation `start` there."""
    screen = sentence_screen(tongue_of(event).words(key))
    return remark(replace(screen, buttons=(*screen.buttons, way_home(event, start))))


def way_home(event: Event, start: str) -> tuple[Button, ...]:
    """The row that leads to the private chat, and there to what the payload `start` of a link names."""
    return (Link(label=tongue_of(event).words.label("button.in_private"), url=bot_link(event.bot_name, start)),)


START: Final = Flow(
    name=FLOW,
    tapped=lambda event, card, action, facts: helped(event) if action == "help" else None,
    shown=lambda event, card, facts: started(event),
)
