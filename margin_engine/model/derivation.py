"""The working behind an answer, in steps: each states a figure of the answer and how it follows from earlier ones.

A step's formula is plain arithmetic (+ - * / and brackets) over the symbols of earlier steps, or the given number
itself, so that anyone can replay it. Symbols are letters of the field with the position or pool that they belong to:
`q_p1`, `W_cross_USDT`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

GIVEN = "given"
ASSUMED = "assumed"
DEFINITION = "definition"
CLOSED_FORM = "margin balance = maintenance margin, solved for the price"
ROOT = "margin balance = maintenance margin, a root that has no closed form: the health recorded beside it is 0 there"
ALREADY_THERE = "liquidatable at the mark once the profits of other symbols are left out"
JUMP = "the maintenance margin jumps at a floor"

_SYMBOL = re.compile(r"[A-Za-z]\w*")
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of working: symbol = formula = value.

    name: the quantity, in the engine's vocabulary. unit: an asset, or empty for a plain number. source: where the
    formula or the figure comes from. subject: the id of the position or pool that it is about; label: how symbols name
    it.
    """

    symbol: str
    name: str
    formula: str
    value: Decimal
    unit: str
    source: str
    subject: str
    label: str

    @property
    def uses(self) -> tuple[str, ...]:
        """The symbols that the formula is made of, in order of appearance."""
        return tuple(dict.fromkeys(_SYMBOL.findall(self.formula)))


def literal(value: Decimal) -> str:
    """A given number as a formula: all of its digits, without exponent."""
    return format(value, "f")


def labels_for(ids: Iterable[str]) -> dict[str, str]:
    """A short name for each id, fit to be part of a symbol: the id itself if it is one word, else its place ("x2")."""
    labels: dict[str, str] = {}
    taken: set[str] = set()
    for number, identity in enumerate(ids, start=1):
        label = identity if _LABEL.fullmatch(identity) else f"x{number}"
        while label in taken:
            label += "x"
        labels[identity] = label
        taken.add(label)
    return labels


def chain(steps: Iterable[Step], last: Step) -> tuple[Step, ...]:
    """The steps that `last` rests on, in order, ending with it."""
    recorded = list(steps)
    needed = {last.symbol}
    found: list[Step] = []
    for step in reversed(recorded[: recorded.index(last) + 1]):
        if step.symbol in needed:
            found.append(step)
            needed.update(step.uses)
    return tuple(reversed(found))
