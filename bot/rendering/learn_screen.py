"""The pages of /learn: the menu, a section, a topic, a page of one text, a step of a story.

Actions that their buttons send: `menu`, `s:SECTION`, `t:TOPIC`, `g:PAGE`, `more`, `less`, `stories`, `p:STORY`,
`n:STEP`, `c:CHOICE`, `close`, and those of other conversations: `quiz`, `compare`, `whatif`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.check_buttons import in_rows
from bot.rendering.check_screen import joined, paragraphs
from bot.rendering.explain_screen import number_of
from bot.rendering.learn_topics import PAGES, SECTIONS, STORIES, TOPICS, OwnKind, Section, StoryName, Topic
from bot.rendering.notes import reference_name
from bot.rendering.numbers import Numbers
from bot.rendering.source_titles import source_title
from bot.rendering.verdict import Tongue, mode_word, short_leg_name
from bot.rendering.views import LegView, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A person's own numbers beside a topic; which of them are there depends on the kind."""

    kind: OwnKind
    leg: LegView
    price: Decimal | None = None
    away: Decimal | None = None
    need: Decimal | None = None
    have: Decimal | None = None
    share: Decimal | None = None
    after: Decimal | None = None
    to: str = ""
    dead: bool = False
    settle: str = "USDT"


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueRule:
    """What a venue says about the matter, with the key of its source. asked: the question named that venue."""

    venue: str
    rule: str
    source: str
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A topic with everything that fills its words: numbers by name, names of venues by list, a rule, one's own."""

    topic: Topic
    facts: Mapping[str, Decimal]
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rule: VenueRule | None = None
    own: Own | None = None
    moved: Mapping[str, Decimal | str] | None = None
    """What the topic does to the price of the person's own position, where that is the answer."""
    tiers: date | None = None
    """The date of Binance's tier table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStep:
    """One step of a story: its key and its numbers."""

    key: str
    facts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A step that is shown, with what can be chosen instead."""

    name: StoryName
    step: int
    steps: int
    choice: str
    choices: tuple[str, ...]
    shown: StoryStep


def written(name: str, value: Decimal, numbers: Numbers) -> str:
    """A number as its name's end says: `_price`, `_away` and `_share` (percent), `_rate` and `_move` (exact percent),
    `_leverage`, `_days`, `_size` and `_times` (plain), `_btc`; any other is money.
    """
    match name.rpartition("_")[2]:
        case "price":
            return numbers.liquidation_price(value, side="long", tick=None)
        case "away" | "share":
            return numbers.percent(value)
        case "rate" | "move":
            return numbers.rate(value)
        case "leverage":
            return f"{numbers.plain(value, most=2)}x"
        case "days":
            return numbers.plain(value.to_integral_value())
        case "size" | "times":
            return numbers.quantity(value)
        case "btc":
            return numbers.quantity(value.quantize(Decimal("0.0001")).normalize()) if value else "0"
        case _:
            return numbers.money(value)


def _filled(facts: Mapping[str, Decimal], tongue: Tongue) -> dict[str, object]:
    return {name: written(name, value, tongue.numbers) for name, value in facts.items()}


# --- The menu ------------------------------------------------------------------------------------------------------


def menu_screen(tongue: Tongue, *, asked: str = "", near: Sequence[str] = ()) -> Screen:
    """What can be learnt.

    Arguments: asked, what was looked for and has no topic of its own; near, the actions of the topics that it can mean.
    """
    words = tongue.words
    text = words("learn.head", topics=len(TOPICS))
    if near:
        several: list[Button] = [Tap(label=words.label(TOPICS[each[2:]].title), action=each) for each in near]
        titles = ", ".join(each.label for each in several)
        return Screen(
            text=words("learn.several", asked=asked, topics=titles), buttons=(*in_rows(several, 2), _menu_row(tongue))
        )
    taps: list[Button] = [Tap(label=words.label(each.title), action=f"s:{each.name}") for each in SECTIONS]
    pages = (("words", "learn.words"), ("table", "learn.table"), ("voices", "learn.voices"))
    more: list[Button] = [Tap(label=words.label(label), action=f"g:{page}") for page, label in pages]
    last = (
        Tap(label=words.label("learn.stories"), action="stories"),
        Tap(label=words.label("learn.quiz"), action="quiz"),
        Tap(label=words.label("button.close"), action="close"),
    )
    text = joined([words("learn.nothing", asked=asked), text]) if asked else text
    return Screen(text=joined([text, words("learn.never")]), buttons=(*in_rows(taps, 2), tuple(more), last))


def section_screen(section: Section, tongue: Tongue) -> Screen:
    """The topics of one section."""
    words = tongue.words
    taps: list[Button] = [Tap(label=words.label(TOPICS[each].title), action=f"t:{each}") for each in section.topics]
    text = words("learn.section", title=words(section.title), number=len(section.topics))
    return Screen(text=text, buttons=(*in_rows(taps, 2), _menu_row(tongue)))


def page_screen(page: str, facts: Mapping[str, Decimal], tongue: Tongue) -> Screen:
    """The glossary, the comparison or the voices."""
    return Screen(text=tongue.words(PAGES[page], **_filled(facts, tongue)), buttons=(_menu_row(tongue),))


def _menu_row(tongue: Tongue) -> tuple[Button, ...]:
    words = tongue.words
    return (
        Tap(label=words.label("learn.menu"), action="menu"),
        Tap(label=words.label("button.close"), action="close"),
    )


# --- A topic -------------------------------------------------------------------------------------------------------


def topic_screen(lesson: Lesson, tongue: Tongue, *, full: bool) -> Screen:
    """The short answer, the person's own number, and behind More what stands behind it with the rule and its source."""
    words, topic = tongue.words, lesson.topic
    facts = _filled(lesson.facts, tongue)
    facts |= {name: ", ".join(listed) or words.label("learn.nobody") for name, listed in lesson.names.items()}
    facts["tiers_day"] = tongue.numbers.day(lesson.tiers) if lesson.tiers is not None else ""
    rule, title = lesson.rule, Markup("<b>{}</b>").format(words(topic.title))
    ruled = (
        words("learn.venue_rule", venue=rule.venue, rule=rule.rule) if rule is not None and rule.rule else Markup("")
    )
    first = [ruled] if rule is not None and rule.asked else []
    parts = [joined([title, *first, words(topic.short, **facts)])]
    moved = number_of(topic.name, lesson.moved, tongue)
    parts.append(moved or (_own(lesson.own, tongue) if lesson.own is not None else Markup("")))
    if full:
        parts += [words(topic.deep, **facts), Markup("") if first else ruled]
    if rule is not None and (full or first):
        parts.append(words("learn.source", source=source_title(rule.source, words)))
    if topic.example:
        parts.append(words("learn.example", **facts))
    text = paragraphs(parts)
    return Screen(text=text, buttons=_topic_rows(topic, tongue, full=full))


def _topic_rows(topic: Topic, tongue: Tongue, *, full: bool) -> tuple[tuple[Button, ...], ...]:
    words = tongue.words
    first: list[Button] = [
        Tap(label=words.label("learn.less" if full else "learn.more"), action="less" if full else "more")
    ]
    if topic.story is not None:
        first.append(Tap(label=words.label(STORIES[topic.story]), action=f"p:{topic.story}"))
    return (tuple(first), _menu_row(tongue))


def _own(own: Own, tongue: Tongue) -> Markup:
    """The person's own number in a sentence."""
    words, numbers = tongue.words, tongue.numbers
    name = short_leg_name(own.leg, tongue)
    match own.kind:
        case "nearest" if own.price is not None and own.away is not None:
            price = _price(own.price, own, tongue)
            reference = own.leg.reference or Reference(price=own.price)
            since = reference_name(reference, words, numbers)
            return words("own.nearest", name=name, price=price, away=numbers.percent(own.away), reference=since)
        case "nearest":
            return words("own.never", name=name)
        case "ratio" if own.need is not None and own.have is not None and own.share is not None:
            need, have = numbers.money(own.need), numbers.money(own.have)
            share = numbers.percent(own.share)
            return words("own.ratio", name=name, need=need, have=have, share=share, asset=own.settle)
        case "stake" if own.need is not None and own.have is not None:
            return words("own.stake", need=numbers.money(own.need), have=numbers.money(own.have), asset=own.settle)
        case "switch":
            return _switched(own, name, tongue)
        case _:
            return Markup("")


def _switched(own: Own, name: Markup, tongue: Tongue) -> Markup:
    words = tongue.words
    mode = mode_word(own.to, tongue)
    if own.dead:
        return words("own.switch_dead", name=name, mode=mode)
    before, after = (
        _price(price, own, tongue) if price is not None else words.label("own.none") for price in (own.price, own.after)
    )
    return words("own.switch", name=name, mode=mode, price=before, after=after)


def _price(price: Decimal, own: Own, tongue: Tongue) -> str:
    return tongue.numbers.liquidation_price(price, side=own.leg.side or "long", tick=own.leg.tick)


# --- Stories -------------------------------------------------------------------------------------------------------


def stories_screen(tongue: Tongue) -> Screen:
    """Which story?"""
    words = tongue.words
    rows: list[tuple[Button, ...]] = [
        (Tap(label=words.label(title), action=f"p:{name}"),) for name, title in STORIES.items()
    ]
    return Screen(text=words("stories.head", number=len(STORIES)), buttons=(*rows, _menu_row(tongue)))


LEVERAGE_STORIES: Final = frozenset({"apart"})
"""Stories whose choice is a leverage; that of the others is a move."""


def story_screen(view: StoryView, tongue: Tongue) -> Screen:
    """One step, what can be chosen instead, and the way through."""
    words = tongue.words
    title = words(STORIES[view.name])
    head = words("stories.step", title=title, number=view.step + 1, of=view.steps)
    text = joined([Markup("<b>{}</b>").format(head), words(view.shown.key, **_filled(view.shown.facts, tongue))])
    choices = tuple(_choice(view, choice, tongue) for choice in view.choices)
    way: list[Button] = []
    if view.step:
        way.append(Tap(label=words.label("stories.before"), action=f"n:{view.step - 1}"))
    if view.step < view.steps - 1:
        way.append(Tap(label=words.label("stories.next"), action=f"n:{view.step + 1}", style="primary"))
    last = (Tap(label=words.label("stories.all"), action="stories"), *_menu_row(tongue))
    return Screen(text=text, buttons=(tuple(way), choices, last))


def _choice(view: StoryView, choice: str, tongue: Tongue) -> Tap:
    value = Decimal(choice)
    label = written("leverage" if view.name in LEVERAGE_STORIES else "move", value, tongue.numbers)
    if view.name not in LEVERAGE_STORIES:
        label = ("−" if view.name == "crash" else "+") + label
    return Tap(label=f"✓ {label}" if choice == view.choice else label, action=f"c:{choice}")
