"""Assumptions and questions as one line each for programs: the slot's name first, then the sentence of the card."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.rendering.check_screen import question_line
from bot.rendering.notes import write_note
from bot.rendering.verdict import Tongue
from bot.rendering.views import CheckView, Note, Slot

SLOT_OF_NOTE: Final = {
    "taken_as_margin": "usd_amount_is_margin",
    "saved_wallet": "wallet",
    "settings_wallet": "wallet",
    "settings_venue": "venue",
    "settings_fees": "fees",
    "settings_isolated": "mode",
    "settings_cross": "mode",
    "nothing_else_open": "wallet",
    "saved_prices": "mark",
    "entry_is_price": "mark",
    "entry_is_price_of": "mark",
    "larger_entry_is_price": "mark",
    "entries_are_prices": "mark",
    "venue": "venue",
    "saved_venue": "venue",
    "contract_here": "contract",
    "rate_assumed": "tiers",
    "rate_from_example": "tiers",
    "rate_given": "tiers",
    "every_size": "size",
    "wallet_converted": "wallet",
    "wallet_taken_as": "wallet",
    "wallet_in_coins": "wallet",
    "collateral_counted": "wallet",
    "collateral_saved": "wallet",
    "fees": "fees",
    "fees_counted": "fees",
    "fees_each_way": "fees",
    "mode": "mode",
    "contract": "contract",
    "any_size_full": "size",
    "first_tier": "size",
    "no_fees_in_size": "fees",
    "risk_converted": "risk",
    "leverage_stands_in": "leverage",
}
"""Notes that are assumptions; the others say what is not worked out."""

_GUESSED: Final = frozenset({"guessed", "guessed_number"})
_FULLER: Final = {
    "any_size": "any_size_full",
    "any_size_of": "any_size_full",
    "isolated_needs_leverage": "leverage_stands_in",
}
"""Where a program sees numbers that a person does not, it is told what stands in for them."""

SLOT_NAMES: Final[dict[Slot, str]] = {
    "symbol": "symbol",
    "side": "side",
    "size": "size",
    "entry": "entry",
    "leverage": "leverage",
    "mode": "mode",
    "wallet": "balance",
    "mark": "mark",
    "venue": "venue",
    "contract": "contract",
    "collateral": "balance",
    "coin_price": "mark",
    "stop": "stop",
    "target": "target",
    "fees": "fees",
    "position": "symbol",
}


def assumed_entries(view: CheckView, tongue: Tongue) -> list[str]:
    """Every assumption of a card, each entry starting with the slot's name."""
    notes = [replace(note, name=_FULLER.get(note.name, note.name)) for note in view.assumed]
    if all(leg.mode is None for leg in view.legs):
        notes.insert(0, Note(name="mode"))
    venue = next((note for note in notes if note.name == "venue"), None)
    if venue is not None:
        notes.append(Note(name="contract", facts=venue.facts))
    return [_entry(note, tongue) for note in notes if note.name in SLOT_OF_NOTE or note.name in _GUESSED]


def _entry(note: Note, tongue: Tongue) -> str:
    sentence = write_note(note, tongue.words, tongue.numbers).unescape()
    # The card's line may begin with a name of its own ("price now: ..."); here the slot's name stands in its place.
    return f"{SLOT_OF_NOTE.get(note.name, str(note.slot))}: {sentence.partition(': ')[2] or sentence}"


def missing_entry(view: CheckView, tongue: Tongue) -> str | None:
    """The one thing that a card asks for, starting with the slot's name; None when it asks for nothing."""
    if view.asked is None:
        return None
    return f"{SLOT_NAMES[view.asked.slot]}: {question_line(view.asked, view, tongue).unescape()}"
