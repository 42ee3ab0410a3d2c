"""A group's settings in words: what is set there, and the pages that change it.

Actions that the buttons send: `venue`, `venue:NAME` (`venue:-` for none), `language`, `quiet`, `commands`, `off:NAME`,
`back`, `close`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.check_buttons import back_row, in_rows
from bot.rendering.check_screen import joined
from bot.rendering.verdict import Tongue

COMMANDS: Final = ("liq", "whatif", "compare", "size", "addmargin", "check", "quiz", "learn", "portfolio")
"""The commands that can be off in a group."""

LANGUAGE_NAMES: Final[Mapping[str, str]] = {"en": "settings.english"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """What is set; None where nothing is. venues: titles by name."""

    venue: str | None
    language: str | None
    quiet: bool
    off: tuple[str, ...]
    venues: Mapping[str, str]


def group_screen(view: GroupView, tongue: Tongue) -> Screen:
    """All settings, with a button for each."""
    words = tongue.words
    venue = view.venues.get(view.venue or "", view.venue) or words.label("group.venue_own")
    language = _language(view, tongue)
    quiet = words("group.quiet_on" if view.quiet else "group.quiet_off")
    off = ", ".join(f"/{name}" for name in view.off)
    commands = words("group.some_off", commands=off) if off else words("group.all_on")
    lines = [
        Markup("<b>{}</b>").format(words("group.head")),
        words("group.venue_line", venue=venue),
        words("group.language_line", language=language),
        quiet,
        commands,
    ]
    taps: list[Button] = [
        Tap(label=words.label("settings.venue"), action="venue"),
        Tap(label=words.label("settings.language"), action="language"),
        Tap(label=words.label("group.make_loud" if view.quiet else "group.make_quiet"), action="quiet"),
        Tap(label=words.label("group.commands"), action="commands"),
        Tap(label=words.label("button.close"), action="close"),
    ]
    return Screen(text=joined(lines), buttons=tuple(in_rows(taps, 2)))


def _language(view: GroupView, tongue: Tongue) -> str:
    if view.language is None:
        return tongue.words.label("group.language_own")
    return tongue.words.label(LANGUAGE_NAMES[view.language])


def venues_screen(view: GroupView, tongue: Tongue) -> Screen:
    """The exchanges, and the way to have none for all."""
    words = tongue.words
    taps: list[Button] = [
        Tap(label=("✓ " if name == view.venue else "") + title, action=f"venue:{name}")
        for name, title in view.venues.items()
    ]
    none = Tap(label=words.label("group.no_venue"), action="venue:-")
    return Screen(text=words("group.which_venue"), buttons=(*in_rows(taps, 2), (none, *back_row(tongue))))


def commands_screen(view: GroupView, tongue: Tongue) -> Screen:
    """A button for each command that can be off."""
    taps: list[Button] = [
        Tap(label=f"{'' if name in view.off else '✓ '}/{name}", action=f"off:{name}") for name in COMMANDS
    ]
    return Screen(text=tongue.words("group.which_commands"), buttons=(*in_rows(taps, 3), back_row(tongue)))
