"""A query that is not a whole trade yet: the best that can be said of it, and what to add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from bot.dialogue import Button, Offer, Screen
from bot.rendering.check_screen import bold, joined, paragraphs, question_line
from bot.rendering.inline_screen import offer
from bot.rendering.notes import write_note
from bot.rendering.tables import in_columns
from bot.rendering.verdict import Tongue, side_word
from bot.rendering.views import CheckView, SideName, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How far an isolated position is from its liquidation by leverage and side: signed fractions of the entry.

    up_to: the end of the first tier in `asset`, up to which they hold; None where there is one tier only.
    """

    coin: str
    venue: str
    rows: tuple[tuple[Decimal, Mapping[SideName, Decimal]], ...]
    sides: tuple[SideName, ...]
    up_to: Decimal | None
    asset: str


_ADD: dict[Slot, str] = {"side": "inline.add_side", "entry": "inline.add_entry", "leverage": "inline.add_leverage"}


def partial_offer(view: CheckView, outlook: Outlook, tongue: Tongue, last: tuple[Button, ...]) -> Offer:
    """The distances, and the words that would make the trade whole."""
    words = tongue.words
    lines = [_line(leverage, distances, tongue) for leverage, distances in outlook.rows]
    add = words.label("inline.add", slots=", ".join(words.label(_ADD[slot]) for slot in _open(view)))
    title = words.label("inline.partial", coin=outlook.coin, line=_line(*_middle(outlook), tongue))
    example = words("inline.add_example", coin=outlook.coin.lower())
    text = paragraphs((joined(bold([Markup.escape(title)])), _table(outlook, tongue), _holds(outlook, tongue)))
    screen = Screen(text=paragraphs((text, joined([Markup.escape(add), example]))), buttons=(last,))
    return offer("partial", title, [add, "; ".join(lines) if len(lines) > 1 else example], screen)


def _middle(outlook: Outlook) -> tuple[Decimal, Mapping[SideName, Decimal]]:
    """The row that stands for the others: 10x, else the first."""
    return next((row for row in outlook.rows if row[0] == 10), outlook.rows[0])


def _open(view: CheckView) -> list[Slot]:
    leg = view.legs[0]
    slots: list[tuple[Slot, object]] = [("side", leg.side), ("entry", leg.entry), ("leverage", leg.leverage)]
    return [slot for slot, value in slots if value is None]


def _line(leverage: Decimal, distances: Mapping[SideName, Decimal], tongue: Tongue) -> str:
    """ "10x long −9.6%, short +9.6%"."""
    sides = ", ".join(f"{side_word(side, tongue)} {_percent(distance, tongue)}" for side, distance in distances.items())
    return f"{tongue.numbers.plain(leverage, most=2)}x {sides}"


def _percent(distance: Decimal, tongue: Tongue) -> str:
    return ("−" if distance < 0 else "+") + tongue.numbers.percent(distance)


def _table(outlook: Outlook, tongue: Tongue) -> Markup:
    words = tongue.words
    first = ["", *(f"{tongue.numbers.plain(leverage, most=2)}x" for leverage, _ in outlook.rows)]
    columns = [
        [
            words.label("side.long" if side == "long" else "side.short"),
            *(
                _percent(distances[side], tongue) if side in distances else words.label("table.never")
                for _, distances in outlook.rows
            ),
        ]
        for side in outlook.sides
    ]
    return in_columns(first, columns)


def _holds(outlook: Outlook, tongue: Tongue) -> Markup:
    """Where the numbers hold."""
    words = tongue.words
    if outlook.up_to is None:
        return words("inline.holds", venue=outlook.venue)
    up_to = tongue.numbers.amount(outlook.up_to, outlook.asset)
    return words("inline.holds_up_to", venue=outlook.venue, up_to=up_to, asset=outlook.asset)


def asked_offer(view: CheckView, tongue: Tongue, last: tuple[Button, ...]) -> Offer:
    """A trade that cannot be worked out yet: why, or what to add."""
    words = tongue.words
    why = [write_note(note, words, tongue.numbers) for note in view.remarks]
    what = question_line(view.asked, view, tongue) if view.asked is not None else words("inline.unread")
    example = words("inline.example")
    first, *rest = [*why, what]
    screen = Screen(text=joined([*bold([first]), *rest, example]), buttons=(last,))
    return offer("partial", screen_line(first), [*rest, example], screen)


def unread_offer(tongue: Tongue, last: tuple[Button, ...]) -> Offer:
    """Words that say nothing we know: how to ask."""
    words = tongue.words
    example = words("inline.example")
    screen = Screen(text=joined([*bold([words("inline.how")]), example]), buttons=(last,))
    return offer("how", words.label("inline.unread"), [example], screen)


def screen_line(line: Markup) -> str:
    """A line without markup."""
    return str(line.striptags())
