"""The pages of a what-if card: what to change, whose, how much, the ladder, the events, more coins.

Actions that their buttons send besides `back`: `do:KIND:VALUE`, `type:KIND`, `about:NUMBER`, `whose:NUMBER`,
`event:DAY`, `at:TARGET`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.check_buttons import back_row, in_rows
from bot.rendering.check_screen import bold, joined, paragraphs
from bot.rendering.notes import write_note
from bot.rendering.numbers import DOLLARS
from bot.rendering.verdict import Tongue, short_leg_name
from bot.rendering.views import LegView, Note
from bot.rendering.whatif_table import ladder_table
from bot.rendering.whatif_verdict import ladder_lines, outcome_lines
from bot.rendering.whatif_views import WhatIfView
from bot.rendering.whatif_words import scenario_line, starts_line, target_name

MARGINS: Final = (100, 500)
DEPOSITS: Final = (500, 1000)
LEVERAGES: Final = (5, 10, 20)
EVERYONE: Final = -1
"""The number that stands for every position."""


def _page(view: WhatIfView, tongue: Tongue, text: Markup, rows: Sequence[tuple[Button, ...]]) -> Screen:
    """A page under the card's verdict."""
    head = [joined(bold(outcome_lines(view, tongue))), scenario_line(view, tongue)]
    body = paragraphs((*head, text))
    return Screen(text=body, buttons=(*rows, back_row(tongue)))


def changes_screen(view: WhatIfView, tongue: Tongue, *, about: int, modes: Sequence[str]) -> Screen:
    """What can be changed of the position number `about`, -1 for all; `modes`: those that it is not in."""
    words, number = tongue.words, tongue.numbers.plain
    taps: list[list[Button]] = []
    in_dollars = view.asset in DOLLARS  # a hundred of a coin is another sum, so that it is typed
    margins, deposits = (MARGINS, DEPOSITS) if in_dollars else ((), ())
    if len(view.legs) > 1:
        chosen = short_leg_name(view.legs[about], tongue) if about >= 0 else words("whatif.whose_all")
        taps.append([Tap(label=words.label("whatif.changes_about", whose=chosen.unescape()), action="whose")])
    taps.append(
        [
            *(_do("margin", n, words.label("whatif.tap_margin", amount=number(Decimal(n)))) for n in margins),
            Tap(label=words.label("whatif.tap_margin_typed"), action="type:margin"),
        ]
    )
    taps.append(
        [
            *(_do("deposit", n, words.label("whatif.tap_deposit", amount=number(Decimal(n)))) for n in deposits),
            Tap(label=words.label("whatif.tap_deposit_typed"), action="type:deposit"),
        ]
    )
    parts = ("0.25", "0.5")
    taps.append(
        [
            *(_do("close", n, words.label("whatif.tap_close", percent=tongue.numbers.rate(Decimal(n)))) for n in parts),
            _do("close", 1, words.label("whatif.tap_close_all")),
        ]
    )
    taps.append([_do("leverage", each, f"{each}x") for each in LEVERAGES])
    taps.append([_do("funding", each, words.label("whatif.tap_funding", days=each)) for each in (3, 7, 30)])
    names = {"isolated": "save.as_isolated", "cross": "save.as_cross"}
    if modes:
        taps.append([_do("mode", mode, words.label(names[mode])) for mode in modes])
    return _page(view, tongue, words("whatif.changes_head"), [tuple(row) for row in taps])


def _do(kind: str, value: object, label: str) -> Tap:
    return Tap(label=label, action=f"do:{kind}:{value}")


def whose_screen(view: WhatIfView, tongue: Tongue, *, everyone: bool) -> Screen:
    """Which position is it about?"""
    words = tongue.words
    taps: list[Button] = [
        Tap(label=str(short_leg_name(leg, tongue).unescape()), action=f"about:{number}")
        for number, leg in enumerate(view.legs)
    ]
    if everyone:
        taps.append(Tap(label=words.label("whatif.whose_all").capitalize(), action=f"about:{EVERYONE}"))
    return _page(view, tongue, words("whatif.which"), in_rows(taps, 2))


def amount_screen(
    view: WhatIfView, tongue: Tongue, *, kind: str, whose: LegView | None, problem: Note | None
) -> Screen:
    """How much margin, or how large a deposit? Answered by typing."""
    words = tongue.words
    name = short_leg_name(whose, tongue) if whose is not None else words("whatif.whose_all")
    question = (
        words("whatif.ask_deposit", asset=view.asset)
        if kind == "deposit"
        else words("whatif.ask_margin", whose=name, asset=view.asset)
    )
    if problem is not None:
        question = joined([write_note(problem, words, tongue.numbers), question])
    return _page(view, tongue, question, [])


def ladder_screen(view: WhatIfView, tongue: Tongue, *, chosen: str) -> Screen:
    """What is left on every rung, and where it starts; the row of targets changes what moves."""
    beside = tuple(move for move in view.moves if "ALL" not in (view.ladder_target, move.target))
    kept = replace(view, moves=tuple(move for move in beside if move.target != view.ladder_target))
    starts = replace(view, starts=tuple(replace(each, moved=False) for each in view.starts))
    parts = [
        joined(bold(ladder_lines(view, tongue))),
        scenario_line(kept, tongue),
        ladder_table(view, tongue),
        starts_line(starts, tongue),
    ]
    rows: list[tuple[Button, ...]] = []
    if len(view.coins) > 1:
        taps: list[Button] = []
        for name in ("ALL", *view.coins[:5]):
            label = tongue.words.label("whatif.all_button") if name == "ALL" else target_name(name, tongue)
            shown = tongue.words.label("whatif.chosen", name=label) if name == chosen else label
            taps.append(Tap(label=shown, action=f"at:{name}"))
        rows = in_rows(taps, 3)
    return Screen(text=paragraphs(parts), buttons=(*rows, back_row(tongue)))


def targets_screen(view: WhatIfView, tongue: Tongue) -> Screen:
    """Which coin moves?"""
    taps: list[Button] = [Tap(label=coin, action=f"at:{coin}") for coin in view.coins]
    taps.insert(0, Tap(label=tongue.words.label("whatif.all_button"), action="at:ALL"))
    return _page(view, tongue, tongue.words("ask.symbol"), in_rows(taps, 3))


def events_screen(view: WhatIfView, tongue: Tongue, events: Sequence[tuple[str, date]]) -> Screen:
    """Which crash or squeeze comes again? `events`: their names and first days."""
    taps: list[Button] = [
        Tap(label=f"{name} {day.year}" if str(day.year) not in name else name, action=f"event:{day.isoformat()}")
        for name, day in events
    ]
    return _page(view, tongue, tongue.words("whatif.events_head"), in_rows(taps, 2))
