"""Greeting, help and the one-sentence answers that come with an example that works.

Actions that the greeting's buttons send: `help`, and of other conversations `quiz`, `learn`, `portfolio`, `settings`.
"""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue import Button, Copy, Fill, Screen, Tap
from bot.rendering.check_screen import joined, paragraphs
from bot.rendering.notes import write_note
from bot.rendering.verdict import Tongue
from bot.rendering.views import Note

EXAMPLES = (
    ("label.isolated", "example.isolated"),
    ("label.both", "example.both"),
    ("label.margin", "example.margin"),
    ("label.hedge", "example.hedge"),
)
ASIDES = (("label.question", "example.question"), ("label.price", "example.price"))
"""What can be written besides trades; in a group it would not reach the bot."""


def _fill(label: str, example: str, tongue: Tongue) -> tuple[Button, ...]:
    """An example in the message box; in a group to copy, since there the bot would not hear what the box sends."""
    words, text = tongue.words, tongue.words.label(example)
    if tongue.in_group:
        return (Copy(label=words.label(label), text=f"/liq {text}"),)
    return (Fill(label=words.label(label), text=text),)


def _code(key: str, tongue: Tongue) -> Markup:
    return Markup("<code>{}</code>").format(tongue.words.label(key))


def start_screen(tongue: Tongue) -> Screen:
    """The greeting: three lines, an example to tap, help and the portfolio."""
    words = tongue.words
    begin: tuple[Button, ...] = (
        Tap(label=words.label("button.quiz"), action="quiz"),
        Tap(label=words.label("button.learn"), action="learn"),
    )
    more: tuple[Button, ...] = (
        Tap(label=words.label("button.help"), action="help"),
        Tap(label=words.label("button.portfolio"), action="portfolio"),
        Tap(label=words.label("button.settings"), action="settings"),
    )
    text = words("start.hello", example=_code("example.both", tongue))
    return Screen(text=text, buttons=(_fill("button.example", "example.both", tongue), begin, more))


def help_screen(tongue: Tongue) -> Screen:
    """What can be written, with examples that can be tapped."""
    words = tongue.words
    examples = joined([_code(example, tongue) for _, example in EXAMPLES])
    text = paragraphs(
        (
            joined([words("start.help"), words("start.help_sizes")]),
            examples,
            joined([words("start.help_more"), words("start.help_limits")]),
        )
    )
    shown = EXAMPLES if tongue.in_group else (*EXAMPLES, *ASIDES)
    return Screen(text=text, buttons=tuple(_fill(label, example, tongue) for label, example in shown))


def liq_screen(tongue: Tongue) -> Screen:
    """`/liq` without a trade: three examples."""
    examples = [_code(example, tongue) for _, example in EXAMPLES[:3]]
    buttons = tuple(_fill(label, example, tongue) for label, example in EXAMPLES[:3])
    return Screen(text=joined([tongue.words("start.liq"), *examples]), buttons=buttons)


def with_example(sentence: Markup, tongue: Tongue) -> Screen:
    """One sentence and an example that works."""
    text = joined([sentence, _code("example.both", tongue)])
    return Screen(text=text, buttons=(_fill("button.example", "example.both", tongue),))


def declined_screen(note: Note, tongue: Tongue) -> Screen:
    """Why something cannot be answered, and what can."""
    return with_example(write_note(note, tongue.words, tongue.numbers), tongue)


def sentence_screen(sentence: Markup) -> Screen:
    """A passing remark."""
    return Screen(text=sentence)
