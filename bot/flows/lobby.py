"""What comes before the front desk and after it, where other people read along.

1. A group that became a supergroup, and being added to one or removed: news about the chat, not a question.
2. What its administrators set: `/settings`, commands that are off, quiet groups.
3. A reply to somebody's message or card goes on from the trade there (replies.py).
4. The answer, short; all of it by a link to the private chat. Personal numbers are for the person's own eyes, where
   Telegram can show them so, and else only in private.

In a private chat, and behind the bot's name in any chat, the front desk decides alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue import (
    Button,
    Card,
    Chat,
    Close,
    Commanded,
    Event,
    Link,
    Migrated,
    Outcome,
    Presence,
    Said,
    Screen,
    Show,
    Tap,
)
from bot.flows import desk, group
from bot.flows.conversations import FLOWS
from bot.flows.entrances import GROUP_CARDS, NO_CHAT
from bot.flows.flow import without_taps
from bot.flows.inline_own import quiz_screen
from bot.flows.places import in_place
from bot.flows.replies import QUESTIONS, from_quote, to_another
from bot.flows.start import said, tongue_of, way_home
from bot.payloads import card_link
from bot.rendering.group_screen import in_group
from bot.services.facts import GROUP_FLOW, Facts
from bot.services.preferring import without_preferences
from bot.services.trade_code import trade_code
from bot.storage.group_settings import MoveGroup, NotePresence

PERSONAL: Final = frozenset({"portfolio", "check"})
"""Commands whose answer, without words behind them, is a person's own numbers."""

AS_THEY_ARE: Final = frozenset({"portfolio_here", "picture", GROUP_FLOW})
"""Conversations whose cards are shown in a group only because somebody asked for just that."""


def decide(event: Event, facts: Facts) -> Outcome:
    """What an event leads to, in a private chat or where others read along. Pure, as the front desk is."""
    match event.content:
        case Migrated(old=old, new=new):
            return Outcome(changes=(MoveGroup(bot_id=event.bot_id, old=old, new=new),))
        case Presence(here=here):
            return _came_or_went(event, here, facts)
    if event.edited and isinstance(event.content, Commanded) and event.content.name in QUESTIONS:
        return _asked_anew(event, facts)
    if not event.chat.is_group:
        return desk.decide(event, facts)
    return _here(*_in_its_language(event, facts))


def _here(event: Event, facts: Facts) -> Outcome:
    """What is answered in a group."""
    set_so = facts.group.settings
    match event.content:
        case Commanded(name="settings"):
            return group.opened(event, facts)
        case Commanded(name="help") | Commanded(name="start", arguments=""):
            return _with_way(event, said(event, "group.help"))
        case Commanded(name=name) if name in set_so.off:
            return _with_way(event, said(event, "group.off"))
        case Said() if set_so.quiet and not (event.mentioned or event.guest or facts.found in ("replied", "asked")):
            return Outcome()
    whispered = _whispered(event, facts)
    if whispered is not None:
        return whispered
    told = from_quote(event, facts)
    if told is None:
        return said(event, "group.no_trade_there")
    event, facts = told
    outcome = to_another(event, facts)
    return _short(event, desk.decide(event, facts) if outcome is None else outcome)


def _in_its_language(event: Event, facts: Facts) -> tuple[Event, Facts]:
    """The group's language goes before that of whoever asks."""
    language = facts.group.settings.language
    if language is None:
        return event, facts
    own = facts.settings.settings.model_copy(update={"language": language})
    person = replace(event.person, language_code=language)
    return replace(event, person=person), replace(facts, settings=replace(facts.settings, settings=own))


def _came_or_went(event: Event, here: bool, facts: Facts) -> Outcome:
    """Added: one short hello, unless the bot has been here before; removed: nothing is said to anybody."""
    changes = (NotePresence(bot_id=event.bot_id, chat_id=event.chat.id, here=here),)
    known = facts.group.version > 0 and not facts.group.left
    hello = said(event, "group.hello") if here and not known else Outcome()
    return replace(hello, changes=changes)


def _asked_anew(event: Event, facts: Facts) -> Outcome:
    """An edited command: its card shows the answer to what it says now; a command without a card stays unanswered."""
    own = facts.card if facts.found == "asked" else None
    if own is None or own.owner_id != event.person.id:
        return Outcome()
    outcome = decide(replace(event, edited=False), replace(facts, found="replied"))
    return replace(in_place(outcome, own), changes=())


# --- Short answers -------------------------------------------------------------------------------------------------


def _short(event: Event, outcome: Outcome) -> Outcome:
    """The outcome with its answers as a group gets them; where the bot is only called into a chat, the first alone."""
    wanted = [step for step in outcome.show if not _comes_by_itself(step)]
    shown = [_shortened(event, step) if isinstance(step, Show) else step for step in wanted]
    if event.guest is None:
        return replace(outcome, show=tuple(shown))
    answers = [step for step in shown if isinstance(step, Show)][:1]
    kept = tuple(replace(step.card, chat_id=NO_CHAT, asked=None) for step in answers if step.card is not None)
    return Outcome(show=tuple(Show(screen=_for_guests(event, step)) for step in answers), kept=kept)


def _for_guests(event: Event, step: Show) -> Screen:
    """An answer where the bot is not: nothing comes back from there, so that a quiz becomes the way to it."""
    asks = step.card is not None and step.card.flow == "quiz"
    return quiz_screen(event) if asks else without_taps(step.screen)


def _comes_by_itself(step: Show | Close) -> bool:
    """The picture that some have wanted beside every answer: in a group nobody else asked for it."""
    return isinstance(step, Show) and step.card is not None and "beside" in step.card.draft


def _shortened(event: Event, step: Show) -> Show:
    flow = step.card.flow if step.card is not None else ""
    if flow in AS_THEY_ARE or step.screen.file is not None:
        return step
    if step.card is None and not _is_long(step.screen):
        return step
    url = _link_to(event, step.card) if step.card is not None and flow in GROUP_CARDS else ""
    return replace(step, screen=in_group(step.screen, tongue_of(event), flow=flow, url=url))


def _link_to(event: Event, card: Card) -> str:
    """The address of a card in private: whoever else follows it gets its trade, as it was said in the group."""
    basis = FLOWS[card.flow].basis(card)
    said_there = without_preferences(basis.question) if basis is not None and basis.question is not None else None
    return card_link(event.bot_name, card.id, trade_code(said_there) if said_there is not None else None)


def _is_long(screen: Screen) -> bool:
    return len(screen.text.split("\n")) > 3 or sum(map(len, screen.buttons)) > 4


# --- For one person's eyes -----------------------------------------------------------------------------------------


def _whispered(event: Event, facts: Facts) -> Outcome | None:
    """A person's own numbers, asked for in a group: in public only the way to the private chat."""
    content = event.content
    if not isinstance(content, Commanded) or content.name not in PERSONAL or content.arguments or event.guest:
        return None
    public = _with_way(event, desk.decide(event, facts))
    if event.anonymous or event.quoted is not None or facts.found == "replied":
        return public
    own = desk.decide(replace(event, chat=Chat(id=event.person.id)), replace(facts, card=None, found=None))
    answers = [step for step in own.show if isinstance(step, Show)]
    if own.changes or not answers or not public.show or not isinstance(public.show[0], Show):
        return public
    shows = tuple(each for row in public.show[0].screen.buttons for each in row if isinstance(each, Tap))[:1]
    whisper = replace(answers[0].screen, buttons=((*shows, *_way(event)),), picture=None)
    return replace(public, show=(replace(public.show[0], whisper=whisper), *public.show[1:]))


def _way(event: Event) -> tuple[Button, ...]:
    """The button that leads to the private chat, and there to the same command."""
    return way_home(event, event.content.name if isinstance(event.content, Commanded) else "help")


def _with_way(event: Event, outcome: Outcome) -> Outcome:
    """A sentence with the way to the private chat below it."""
    show = tuple(_leading(event, step) if isinstance(step, Show) else step for step in outcome.show)
    return replace(outcome, show=show)


def _leading(event: Event, step: Show) -> Show:
    if any(isinstance(each, Link) for row in step.screen.buttons for each in row):
        return step
    return replace(step, screen=replace(step.screen, buttons=(*step.screen.buttons, _way(event))))
