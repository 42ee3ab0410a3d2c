"""Words for notes: assumptions, remarks and refusals, each named by what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.rendering.numbers import Numbers, is_tiny
from bot.rendering.views import Figures, Note, Reference, Slot
from bot.rendering.words import Words

SLOT_LABELS: dict[Slot, str] = {
    "symbol": "slot.symbol",
    "side": "slot.side",
    "size": "slot.size",
    "entry": "slot.entry",
    "leverage": "slot.leverage",
    "mode": "slot.mode",
    "wallet": "slot.wallet",
    "mark": "slot.mark",
    "venue": "slot.venue",
    "contract": "slot.contract",
    "collateral": "slot.contract",
    "coin_price": "slot.mark",
    "stop": "slot.stop",
    "target": "slot.target",
    "fees": "slot.fees",
    "position": "slot.position",
}


KIND_LABELS: Final = {"linear": "kind.linear", "inverse": "kind.inverse", "quanto": "kind.quanto"}

PERCENT: Final = frozenset({"share"})
"""Facts that are fractions."""

MONEY: Final = frozenset(
    {"margin", "wallet", "needed", "free", "cap", "at_stake", "isolated_at_stake", "initial_margin", "net", "gross"}
)
"""Facts that are amounts of the fact "asset", USDT where it is not named; other decimals are prices, sizes and
leverages."""


UNPLACED: Final = frozenset({"unplaced", "unplaced_more"})
"""Remarks that some words found no place in the answer."""


def reads_in_part(notes: Iterable[Note]) -> bool:
    """Whether remarks say that some words were left out."""
    return any(note.name in UNPLACED for note in notes)


def write_note(note: Note, words: Words, numbers: Numbers) -> Markup:
    """The sentence for a note; its decimals as the locale writes them, rounded for reading."""
    given = {"asset": "USDT", **note.facts}
    facts = {name: _fact(name, value, str(given["asset"]), words, numbers) for name, value in given.items()}
    if note.slot is not None:
        facts["slot"] = words.label(SLOT_LABELS[note.slot]).lower()
    count = facts.pop("count", None)
    if isinstance(count, int):
        return words.count(f"note.{note.name}", count, **facts)
    return words(f"note.{note.name}", **facts)


def _fact(name: str, value: object, asset: str, words: Words, numbers: Numbers) -> object:
    if isinstance(value, tuple):
        return ", ".join(f"{coin} {numbers.amount(amount, asset)}" for coin, amount in value)
    if name == "kind":
        return words.label(KIND_LABELS[str(value)])
    if isinstance(value, date):
        return numbers.day(value)
    if not isinstance(value, Decimal):
        return value
    if name in PERCENT:
        return numbers.percent(value)
    return numbers.amount(value, asset) if name in MONEY else numbers.quantity(value)


def age(duration: timedelta, words: Words) -> Markup:
    """How long ago: "just now", "5 min ago", "3 h ago", "2 days ago"."""
    minutes = int(duration.total_seconds() // 60)
    if minutes < 2:
        return words("age.now")
    if minutes < 60:
        return words("age.minutes", number=minutes)
    if minutes < 48 * 60:
        return words("age.hours", number=minutes // 60)
    return words("age.days", number=minutes // (24 * 60))


def reference_name(reference: Reference, words: Words, numbers: Numbers, *, brief: bool = False) -> Markup:
    """What a distance is measured from: "entry", or "63,000, which you gave 3 h ago"."""
    if reference.age is None:
        return words("reference.entry")
    price = numbers.plain(reference.price)
    if brief:
        return Markup(price)
    return words("reference.given", price=price, age=age(reference.age, words))


def distance(figures: Figures, reference: Reference, words: Words, numbers: Numbers, *, brief: bool = False) -> Markup:
    """How far a liquidation price is from its reference, in words: "4.6% below entry"."""
    name = reference_name(reference, words, numbers, brief=brief)
    if figures.distance is None:
        return name
    if is_tiny(figures.distance):
        return words("distance.tiny", reference=name)
    percent = numbers.percent(figures.distance)
    if figures.distance < 0:
        return words("distance.below", percent=percent, reference=name)
    return words("distance.above", percent=percent, reference=name)
