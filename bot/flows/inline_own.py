"""The offers before anything is typed: one's own portfolio, last picture and quiz verdict, and how inline mode works.

All but the last are private until they are sent, which they say. The portfolio comes without amounts first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from markupsafe import Markup

from bot.dialogue import Chat, Event, Offer, Screen
from bot.flows import picture, quiz
from bot.flows.links import INLINE
from bot.flows.start import tongue_of
from bot.payloads import bot_link
from bot.rendering.check_screen import bold, joined
from bot.rendering.inline_screen import offer, own_row
from bot.rendering.plain import plain_text
from bot.rendering.portfolio_here_screen import distances_screen, whole_screen
from bot.services.account_view import look_at
from bot.services.facts import Facts

EXAMPLES: Final = ("inline.example", "inline.example_both")


def offers(event: Event, facts: Facts) -> list[Offer]:
    """The portfolio, the last picture, the verdict, the way to ask; what there is not is left out or becomes the way
    to it."""
    return [*_portfolio(event, facts), *_picture(event, facts), _verdict(event, facts), _how(event)]


def _portfolio(event: Event, facts: Facts) -> list[Offer]:
    portfolio = facts.portfolio.portfolio
    if not portfolio.positions:
        return []
    tongue, view = tongue_of(event), look_at(portfolio, now=event.time)
    last = (own_row(tongue, bot_link(event.bot_name, INLINE)),)
    shown = (
        ("distances", "inline.portfolio_percent", distances_screen(view, tongue)),
        ("whole", "inline.portfolio_whole", whole_screen(view, tongue)),
    )
    return [_private(event, name, title, Screen(text=screen.text, buttons=last)) for name, title, screen in shown]


def _private(event: Event, identity: str, title: str, screen: Screen) -> Offer:
    """An offer that says what it shows, and that nobody else sees it before it is sent."""
    words = tongue_of(event).words
    first = plain_text(screen).partition("\n")[0]
    return offer(identity, words.label(title), [first, words.label("inline.only_you")], screen)


def _at_home(event: Event) -> Event:
    """The query as if it were asked in the person's private chat, whose numbers their own offers may show."""
    return replace(event, chat=Chat(id=event.person.id))


def _picture(event: Event, facts: Facts) -> list[Offer]:
    """The last picture of the private chat, as its positions are now; it can be offered once Telegram has it."""
    card = next((each for each in facts.recent if each.flow == picture.FLOW), None)
    found = picture.PICTURE.shown(_at_home(event), card, facts) if card is not None else None
    screens = [screen for screen in found.screens if screen.picture] if found else []
    rows = (own_row(tongue_of(event), bot_link(event.bot_name, INLINE)),)
    return [_private(event, "picture", "inline.picture", replace(screen, buttons=rows)) for screen in screens]


def _verdict(event: Event, facts: Facts) -> Offer:
    """The verdict of the last quiz that came to one, else the quiz itself."""
    tongue = tongue_of(event)
    found = next((quiz.verdict(_at_home(event), card, facts) for card in facts.recent if card.flow == quiz.FLOW), None)
    rows = (own_row(tongue, bot_link(event.bot_name, "quiz")),)
    if found is not None:
        return _private(event, "verdict", "inline.verdict", Screen(text=found.screens[0].text, buttons=rows))
    screen = quiz_screen(event)
    words = tongue.words
    return offer("quiz", words.label("inline.quiz"), [words("inline.quiz_rest")], screen)


def quiz_screen(event: Event) -> Screen:
    """What the quiz is, with the way to it: where its own buttons would lead nowhere."""
    tongue = tongue_of(event)
    words, rows = tongue.words, (own_row(tongue, bot_link(event.bot_name, "quiz")),)
    return Screen(text=joined([*bold([words("inline.quiz")]), words("inline.quiz_rest")]), buttons=rows)


def _how(event: Event) -> Offer:
    """How to ask, with examples for the box."""
    words = tongue_of(event).words
    examples = joined(Markup("<code>@{} {}</code>").format(event.bot_name, words.label(each)) for each in EXAMPLES)
    rows = (own_row(tongue_of(event), bot_link(event.bot_name, INLINE)),)
    text = joined([*bold([words("inline.how")]), examples])
    return offer(
        "how", words.label("inline.how"), [words.label(each) for each in EXAMPLES], Screen(text=text, buttons=rows)
    )
