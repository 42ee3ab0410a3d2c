"""The settings in words: what is set, and a page for each to change it.

Actions that the buttons send: `s:NAME`, `v:NAME:VALUE`, `clear:NAME`, `back`, `close`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_time
from markupsafe import Markup

from bot.dialogue import Button, NumberFormat, Screen, Tap
from bot.rendering.check_buttons import close_row, in_rows
from bot.rendering.check_screen import joined, paragraphs
from bot.rendering.numbers import Numbers
from bot.rendering.verdict import Tongue
from bot.rendering.words import LANGUAGES

Name = Literal["venue", "mode", "wallet", "fee", "numbers", "zone", "answers", "pictures", "language"]
ORDER: Final[tuple[Name, ...]] = get_args(Name)

TITLES: Final[dict[Name, str]] = {
    "venue": "settings.venue",
    "mode": "settings.mode",
    "wallet": "settings.wallet",
    "fee": "settings.fee",
    "numbers": "settings.numbers",
    "zone": "settings.zone",
    "answers": "settings.answers",
    "pictures": "settings.pictures",
    "language": "settings.language",
}
ABOUT: Final[dict[Name, str]] = {
    "venue": "settingsask.venue",
    "mode": "settingsask.mode",
    "wallet": "settingsask.wallet",
    "fee": "settingsask.fee",
    "numbers": "settingsask.numbers",
    "zone": "settingsask.zone",
    "answers": "settingsask.answers",
    "pictures": "settingsask.pictures",
    "language": "settingsask.language",
}
UNSET: Final[dict[Name, str]] = {
    "venue": "settingsunset.venue",
    "mode": "settingsunset.mode",
    "wallet": "settingsunset.wallet",
    "fee": "settingsunset.fee",
    "numbers": "settingsunset.numbers",
    "zone": "settingsunset.zone",
    "answers": "settingsunset.answers",
    "pictures": "settingsunset.pictures",
    "language": "settingsunset.language",
}
"""What holds where nothing is set."""

WORDED: Final[dict[str, str]] = {
    "isolated": "mode.isolated",
    "cross": "mode.cross",
    "short": "settings.short",
    "full": "settings.full",
    "en": "settings.english",
    "light": "settings.at_once_light",
    "dark": "settings.at_once_dark",
}
ZONES: Final = (
    "UTC", "America/New_York", "America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Europe/Istanbul", "Asia/Dubai",
    "Asia/Jakarta", "Asia/Singapore", "Asia/Tokyo",
)  # fmt: skip
WALLETS: Final = ("1000", "5000", "10000")
FEES: Final = ("0.0002", "0.0004", "0.0005", "0.0006")
SAMPLE: Final = Decimal("1234.5")
FORMATS: Final[tuple[NumberFormat, ...]] = ("comma", "point", "space")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """What is set, by name, as plain values; what is not set is not there. venues: titles by name. now: the time."""

    values: Mapping[Name, str]
    venues: Mapping[str, str]
    now: datetime
    default_venue: str
    default_fee: Decimal


def settings_screen(view: SettingsView, tongue: Tongue, *, remark: Markup | None = None) -> Screen:
    """All settings, with a button for each."""
    words = tongue.words
    lines = [
        words(
            "settings.own_line" if name in view.values else "settings.line",
            title=words(TITLES[name]),
            value=_shown(name, view, tongue),
        )
        for name in ORDER
    ]
    head = Markup("<b>{}</b>").format(words("settings.head", number=len(view.values), of=len(ORDER)))
    parts = [joined([head, *([remark] if remark is not None else [])]), joined(lines), words("settings.use")]
    taps: list[Button] = [Tap(label=words.label(TITLES[name]), action=f"s:{name}") for name in ORDER]
    return Screen(text=paragraphs(parts), buttons=(*in_rows(taps, 2), close_row(tongue)))


def _shown(name: Name, view: SettingsView, tongue: Tongue) -> Markup | str:
    words = tongue.words
    value = view.values.get(name)
    if value is None:
        fee, venue = tongue.numbers.rate(view.default_fee), view.venues[view.default_venue]
        return words(UNSET[name], fee=fee, venue=venue, sample=tongue.numbers.plain(SAMPLE))
    written = value_label(name, value, view, tongue)
    return words("settings.zone_now", zone=written, time=_clock(view.now, value, tongue)) if name == "zone" else written


def _clock(now: datetime, zone: str, tongue: Tongue) -> str:
    try:
        there = now.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):  # set on a machine that knew it
        there = now
    return format_time(there, "short", locale=tongue.numbers.dates or tongue.numbers.locale)


def value_label(name: Name, value: str, view: SettingsView, tongue: Tongue) -> str:
    """A value of a setting as its button and its line show it."""
    match name:
        case "venue":
            return view.venues.get(value, value)
        case "wallet":
            return tongue.words.label("settings.usdt", amount=tongue.numbers.money(Decimal(value)))
        case "fee":
            return tongue.numbers.rate(Decimal(value))
        case "numbers":
            return _sample(value)
        case "zone":
            return value.rpartition("/")[2].replace("_", " ")
        case _:
            return tongue.words.label(WORDED[value]) if value in WORDED else value


def _sample(value: str) -> str:
    known = next(each for each in FORMATS if each == value)
    return Numbers.of("en", known).plain(SAMPLE).replace("\u202f", "\u00a0")


CHOICES: Final[dict[Name, tuple[str, ...]]] = {
    "mode": ("isolated", "cross"),
    "wallet": WALLETS,
    "fee": FEES,
    "numbers": FORMATS,
    "zone": ZONES,
    "answers": ("short", "full"),
    "pictures": ("light", "dark"),
    "language": LANGUAGES,
}
"""Likely values; a venue is one of those that are known."""

TYPED: Final[frozenset[Name]] = frozenset({"wallet", "fee", "zone"})
"""Settings whose value may be written."""


def choices_of(name: Name, view: SettingsView) -> tuple[str, ...]:
    """What can be tapped for a setting."""
    return tuple(view.venues) if name == "venue" else CHOICES[name]


def value_screen(name: Name, view: SettingsView, tongue: Tongue, *, problem: Markup | None = None) -> Screen:
    """One setting: what it is for, what holds now, what can be chosen."""
    words = tongue.words
    now = words("settings.now", value=_shown(name, view, tongue))
    title = Markup("<b>{}</b>").format(words(TITLES[name]))
    parts = [title, *([problem] if problem is not None else []), words(ABOUT[name]), now]
    held = view.values.get(name)
    taps: list[Button] = [
        Tap(label=("✓ " if value == held else "") + value_label(name, value, view, tongue), action=f"v:{name}:{value}")
        for value in choices_of(name, view)
    ]
    last = [Tap(label=words.label("button.back"), action="back")]
    if held is not None:
        last.append(Tap(label=words.label("settings.clear"), action=f"clear:{name}"))
    return Screen(text=joined(parts), buttons=(*in_rows(taps, 3 if name != "venue" else 2), tuple(last)))
