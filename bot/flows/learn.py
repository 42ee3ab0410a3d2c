"""Learn: short answers to general questions, deeper on a tap, and the worked stories played step by step.

    /learn                       ->  what can be learnt: sections, glossary, stories
    is isolated safer            ->  two sentences with numbers, the person's own where there is a book; [More]
    [More]                       ->  what stands behind it, with the exchange's rule and its source
    [The innocent long]          ->  a story: [Next »], and buttons that change its numbers
    which mode should I use      ->  the quiz
    /learn margin                ->  the topics with that word in their titles; else all, and that it is not there

Pages of one card: `menu`, `section`, `topic`, `page`, `stories`, `story`. Nothing personal is shown in a group.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, TypeGuard

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Close, Event, Outcome, Screen
from bot.flows import quiz
from bot.flows.basis import SAVED, Basis, subject_at
from bot.flows.cards import draft_in, on_card, opened_card
from bot.flows.flow import Flow, showing
from bot.flows.start import tongue_of
from bot.rendering.check_buttons import shortened
from bot.rendering.learn_finding import asks_meaning, bare, near, titled
from bot.rendering.learn_screen import (
    menu_screen,
    page_screen,
    section_screen,
    stories_screen,
    story_screen,
    topic_screen,
)
from bot.rendering.learn_topics import PAGES, SECTIONS, STORIES, TOPICS, StoryName
from bot.rendering.verdict import Tongue
from bot.services.facts import Facts
from bot.services.lessons import lesson_facts, lesson_of
from bot.services.stories import first_choice, story_of
from bot.services.subject import Subject
from bot.understanding.readings import Reading
from bot.understanding.understand import understand

FLOW: Final = "learn"
QUIZ_TOPIC: Final = "quiz_start"
LONGEST: Final = 40
"""Letters of what was looked for that are shown again."""


class Draft(BaseModel):
    """What the card remembers: its page, what is open on it, and whose positions stand beside a topic.

    name: of the section, topic, page or story; of the menu, what was looked for, and near, the actions
    of the topics that it can mean. venue: the exchange that a question named.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Basis = SAVED
    page: Literal["menu", "section", "topic", "page", "stories", "story"] = "menu"
    name: str = ""
    near: tuple[str, ...] = ()
    full: bool = False
    step: int = 0
    choice: str = ""
    venue: str | None = None
    at: datetime | None = None


# --- Beginning -----------------------------------------------------------------------------------------------------


def opened(event: Event, basis: Basis | None, facts: Facts, *, topic: str = "") -> Outcome:
    """A new card: what can be learnt, or one topic of it."""
    if topic == QUIZ_TOPIC:
        return quiz.begun(event, basis, facts)
    draft = Draft(basis=basis or SAVED)
    if topic in TOPICS:
        draft = draft.model_copy(update={"page": "topic", "name": topic})
    return _new(event, draft, facts)


def looked_up(event: Event, arguments: str, basis: Basis | None, facts: Facts) -> Outcome:
    """/learn with words behind it: the page that they name or ask about, else the topics that they can mean, else all
    that there is, with a line that there is nothing on them."""
    actions = _found(event, arguments)
    if actions in (("quiz",), (f"t:{QUIZ_TOPIC}",)):
        return quiz.begun(event, basis, facts)
    start = Draft(basis=basis or SAVED)
    draft = _after(start, actions[0]) if len(actions) == 1 else None
    term = bare(arguments)
    looked_for = shortened(term if len(term) > len("it") else arguments.strip(), LONGEST)
    return _new(event, draft or start.model_copy(update={"name": looked_for, "near": actions}), facts)


def word_asked(event: Event, text: str, basis: Basis | None, facts: Facts) -> Outcome | None:
    """ "What is the bankruptcy price?": what is asked in so many words and has its page; None for anything else."""
    return looked_up(event, text, basis, facts) if asks_meaning(text) and _found(event, text) else None


def _found(event: Event, arguments: str) -> tuple[str, ...]:
    """The actions of the buttons that lead to what words name or ask about."""
    words = tongue_of(event).words
    readings = (understand(text).parsed.topic for text in (arguments, f"what is {arguments}"))
    topic = next(filter(None, readings), None)
    found = titled(arguments, words) or (f"t:{topic}" if topic else None)
    return near(arguments, words) if found is None else (found,)


def asked(event: Event, reading: Reading, basis: Basis | None, facts: Facts) -> Outcome:
    """A question in one's own words, by the topic that was read."""
    topic = reading.parsed.topic or ""
    if topic not in TOPICS:
        return opened(event, basis, facts, topic=topic)
    draft = Draft(basis=basis or SAVED, page="topic", name=topic, venue=reading.parsed.venue)
    return _new(event, draft, facts)


def _new(event: Event, draft: Draft, facts: Facts) -> Outcome:
    card = opened_card(event, FLOW)
    return _shown(event, card, draft, facts) or Outcome()


# --- A tap ---------------------------------------------------------------------------------------------------------


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing on this page, as forged or outlived data does."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    if action == "close":
        return Outcome(show=(Close(card=card),))
    after = _after(draft, action)
    return None if after is None else _shown(event, card, after, facts)


def _after(draft: Draft, action: str) -> Draft | None:
    """The draft after a button."""
    kind, _, value = action.partition(":")
    clean = Draft(basis=draft.basis)
    match kind:
        case "menu" | "stories" if not value:
            return clean.model_copy(update={"page": kind})
        case "s":
            return clean.model_copy(update={"page": "section", "name": value})
        case "t":
            return clean.model_copy(update={"page": "topic", "name": value})
        case "g":
            return clean.model_copy(update={"page": "page", "name": value})
        case "more" | "less" if draft.page == "topic" and not value:
            return draft.model_copy(update={"full": kind == "more"})
        case "p":
            choice = first_choice(value) if _is_story(value) else ""
            return clean.model_copy(update={"page": "story", "name": value, "choice": choice})
        case "n" if draft.page == "story" and value.isdecimal() and len(value) < 3:
            return draft.model_copy(update={"step": int(value)})
        case "c" if draft.page == "story":
            return draft.model_copy(update={"choice": value})
        case _:
            return None


def _is_story(name: str) -> TypeGuard[StoryName]:
    return name in STORIES


# --- Showing -------------------------------------------------------------------------------------------------------


def _shown(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome | None:
    """The page that the draft is on; None for a name that there is not."""
    screen = _screen(draft, _subject(event, card, draft, facts), tongue_of(event))
    if screen is None:
        return None
    kept = draft.model_copy(update={"at": event.time})
    return on_card(card, kept, screen)


def _subject(event: Event, card: Card, draft: Draft, facts: Facts) -> Subject:
    """The person's own positions, which only a topic shows, and never where others read along."""
    if draft.page != "topic" or not event.chat.is_private:
        return Subject()
    return subject_at(event, card, draft.basis, facts)


def _screen(draft: Draft, subject: Subject, tongue: Tongue) -> Screen | None:
    match draft.page:
        case "section":
            section = next((each for each in SECTIONS if each.name == draft.name), None)
            return None if section is None else section_screen(section, tongue)
        case "topic" if draft.name in TOPICS:
            lesson = lesson_of(TOPICS[draft.name], subject, venue=draft.venue)
            return topic_screen(lesson, tongue, full=draft.full)
        case "page" if draft.name in PAGES:
            return page_screen(draft.name, lesson_facts(), tongue)
        case "stories":
            return stories_screen(tongue)
        case "story" if _is_story(draft.name):
            view = story_of(draft.name, draft.choice, draft.step)
            return None if view is None else story_screen(view, tongue)
        case "menu":
            return menu_screen(tongue, asked=draft.name, near=draft.near)
        case _:
            return None


def _basis(card: Card) -> Basis | None:
    draft = draft_in(card, Draft)
    return draft.basis if draft is not None else None


LEARN: Final = Flow(name=FLOW, tapped=tapped, basis=_basis, shown=showing(Draft, _shown))
