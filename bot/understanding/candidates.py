"""The few possible readings of a message, each with its score; the best one wins.

score = weight of the sign that speaks for it - 2 for each number that finds no place. Weights are one step apart, so a
reading that loses a number gives way to one whose sign is a little fainter and that loses none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.understanding import comparisons, margins, positions, sizes, topics, what_ifs
from bot.understanding.facts import Facts
from bot.understanding.kinds import COMMANDS, RULES, Rule
from bot.understanding.marks import mark_of
from bot.understanding.placing import unplaced
from bot.understanding.readings import Context, Kind, Parsed, Reading
from bot.understanding.short_messages import short_reading
from bot.understanding.tagging import Message

LOST = 2
"""What a number without a place costs, up to `MOST_LOST` of them."""

MOST_LOST = 3

ASKED_FOR: frozenset[Kind] = frozenset({"compare", "size", "addmargin"})
"""Kinds that a command asks for whatever else its words say."""

_READERS: dict[Kind, Callable[[Message], Reading]] = {
    "whatif": what_ifs.read,
    "compare": comparisons.read,
    "size": sizes.read,
    "addmargin": margins.read,
    "explain": topics.read,
    "faq": topics.read,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible reading: the sign that speaks for it, the numbers that it leaves out, and what that makes."""

    because: str
    weight: int
    reading: Reading
    lost: tuple[str, ...] = ()

    @property
    def score(self) -> int:
        """How well the reading fits: more is better."""
        return self.weight - LOST * min(len(self.lost), MOST_LOST)


def candidates(message: Message, context: Context, *, every: bool = False) -> list[Candidate]:
    """The readings for which some sign speaks, best first; never empty.

    Arguments: every, whether those that cannot win any more are worked out too, as a trace wants them.
    """
    facts, found = Facts(message), list[Candidate]()
    for rule in RULES if message.pieces else ():
        best = max((candidate.score for candidate in found), default=-LOST * MOST_LOST)
        if rule.weight <= best and not every:
            break
        if rule.holds(facts):
            found.append(_candidate(rule, facts, context))
    hinted = COMMANDS.get(message.command)
    if hinted in ASKED_FOR and message.pieces and all(each.reading.kind != hinted for each in found):
        # "/size btc long 64k stop 62k" tells a position, and the command says what is wanted of it.
        found = [Candidate(because="the command asks for it", weight=len(RULES), reading=_read(hinted, facts, context))]
    if not found:
        kind = COMMANDS.get(message.command, "unknown")
        return [Candidate(because="nothing was understood", weight=0, reading=Reading(kind=kind, parsed=Parsed()))]
    return sorted(found, key=lambda candidate: -candidate.score)


def short_candidate(message: Message, context: Context) -> Candidate | None:
    """The reading of a whole message that only makes sense beside the last question; None for any other message."""
    short = short_reading(message, context)
    weight = len(RULES) + 1
    return Candidate(because="goes on from the last question", weight=weight, reading=short) if short else None


def _candidate(rule: Rule, facts: Facts, context: Context) -> Candidate:
    reading = _read(rule.kind, facts, context)
    return Candidate(because=rule.because, weight=rule.weight, reading=reading, lost=unplaced(facts.message, reading))


def _read(kind: Kind, facts: Facts, context: Context) -> Reading:
    if kind == "position":
        return positions.read(facts.message, facts.book)
    if kind == "mark":
        return mark_of(facts.message, context)
    reader = _READERS.get(kind)
    return reader(facts.message) if reader else Reading(kind=kind, parsed=Parsed())
