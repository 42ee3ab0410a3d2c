"""What place a text has in a talk: a trade of its own, something about the last card, or what begins nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.dialogue import Card, Close, Event, Outcome, Show
from bot.understanding.readings import Reading
from bot.understanding.turns import read_turn

_MOST_MOVE: Final = 100
"""Percent: nothing falls by more."""


def is_whole(reading: Reading) -> bool:
    """Whether a reading is a trade of its own rather than an answer: a coin and a side, or several positions."""
    said = reading.parsed.positions or ()
    if reading.kind not in ("position", "compare") or not said:
        return False
    return len(said) > 1 or (said[0].symbol is not None and said[0].side is not None)


def names_the_last(reading: Reading) -> bool:
    """ "ETH instead", "drop the eth": another coin is named, and yet it is the last card that is meant."""
    return reading.follow in ("instead", "drop")


def asks_why(reading: Reading) -> bool:
    """Whether a text asks for the reason of the last answer, and says nothing else."""
    return reading.follow == "steps"


def goes_nowhere(text: str, reading: Reading) -> bool:
    """Whether a text only changes a last answer: without a coin and a side it begins nothing."""
    said = reading.parsed.positions or ()
    if reading.kind == "position":
        return reading.follow_up and all(each.symbol is None and each.side is None for each in said)
    turn = read_turn(text) if reading.kind == "unknown" else None
    return turn is not None and turn.do not in ("number", "why")


def is_signed_move(reading: Reading) -> bool:
    """Whether a text is a move with its sign, as "-10" or "+5%": a supposed one, and never an amount."""
    shocks = reading.parsed.shocks or ()
    told = reading.kind == "whatif" and reading.follow == "move" and not reading.assumed
    return told and all(isinstance(shock.pct, Decimal) and abs(shock.pct) < _MOST_MOVE for shock in shocks)


def asked_by(event: Event, step: Show | Close) -> Show | Close:
    """A new card remembers the message that it answers, so that an edit of that message finds it."""
    if isinstance(step, Close) or step.card is None or step.card.version > 0:
        return step
    return replace(step, card=replace(step.card, asked=event.message_id))


def in_place(outcome: Outcome, own: Card) -> Outcome:
    """The card of an outcome shown where `own` stands; nothing where the outcome has none."""
    for step in outcome.show:
        if isinstance(step, Show) and step.card is not None:
            card = replace(step.card, id=own.id, version=own.version, message_id=own.message_id, asked=own.asked)
            return replace(outcome, show=(replace(step, card=card),))
    return Outcome()
