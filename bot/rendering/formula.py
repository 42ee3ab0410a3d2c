"""The engine's recorded formulas as a trader writes them: P = (q × E − W) ÷ (q × (1 − m)).

A price is recorded in one closed form for long and short, for one leg and for several. Here the sides are filled in,
terms that are 0 are left out, the signs are turned so that the denominator is above 0, and q is taken out of it. Every
symbol stays one of the recorded steps, so the numbers are those of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from margin_engine import Step

MINUS = "−"
_SYMBOL = re.compile(r"[A-Za-z]\w*")
_TERM = re.compile(r"\s*([+-]?)\s*((?:\([^()]*\)|[^()+-])+)")
_SIGNS = str.maketrans({"*": "×", "-": MINUS, "/": "÷"})
_LETTERS = {"U_others": "U", "M_others": "R", "m_liq": "m", "D_liq": "D", "F_liq": "F"}
"""Symbols of more than one letter by the letter that is shown; what each stands for is said beside the formula."""

Write = Callable[[str], str]
"""How one symbol is written: as its letter, or as its number."""


@dataclass(frozen=True, slots=True)
class Term:
    """A product with its sign; a factor is a symbol or a sum in brackets."""

    sign: int
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """A formula made of two sums of products."""

    above: tuple[Term, ...]
    below: tuple[Term, ...]

    def written(self, write: Write) -> str:
        """The formula with every symbol as `write` gives it."""
        above = _sum([(term.sign, _product(term.factors, write)) for term in self.above])
        below = _grouped(self.below, write)
        above = f"({above})" if len(self.above) > 1 else above
        return f"{above} ÷ {f'({below})' if ' ' in below else below}"


def quotient_of(step: Step, steps: Mapping[str, Step]) -> Quotient | None:
    """The formula of `step`, ready to be read; None for one that is not a quotient of two sums.

    Arguments: steps, those that it rests on, by symbol.
    """
    parts = _parts(step.formula)
    if parts is None:
        return None
    above, below = parts
    up, down = (_filled(_terms(part), steps) for part in (above, below))
    if not up or not down:
        return None
    if sum(_value(term, steps) for term in down) < 0:
        up, down = ([Term(-term.sign, term.factors) for term in part] for part in (up, down))
    return Quotient(tuple(sorted(up, key=lambda term: (-term.sign, -len(term.factors)))), tuple(down))


def _parts(formula: str) -> tuple[str, str] | None:
    """What stands above and below the one division that is not inside brackets, None where there is none or several."""
    depth, places = 0, []
    for place, sign in enumerate(formula):
        depth += (sign == "(") - (sign == ")")
        if sign == "/" and depth == 0:
            places.append(place)
    return (formula[: places[0]].strip(), formula[places[0] + 1 :].strip()) if len(places) == 1 else None


def letter_of(step: Step) -> str:
    """The letter that a symbol is shown as, without the position or pool it belongs to."""
    name = step.symbol.removesuffix(f"_{step.label}")
    return _LETTERS.get(name, name)


def rewritten(formula: str, write: Write) -> str:
    """A formula as it was recorded, with the usual signs and every symbol as `write` gives it."""
    return _SYMBOL.sub(lambda hit: write(hit.group()), formula.translate(_SIGNS))


def _terms(text: str) -> list[Term]:
    text = text.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    found = []
    for sign, product in _TERM.findall(text):
        factors = tuple(part.strip() for part in product.split("*"))
        found.append(Term(-1 if sign == "-" else 1, factors))
    return found


def _filled(terms: Sequence[Term], steps: Mapping[str, Step]) -> list[Term]:
    """The terms with their sides filled in, and without those that are 0."""
    filled = []
    for term in terms:
        sign, factors = term.sign, []
        for factor in term.factors:
            step = steps.get(factor)
            if step is not None and step.name == "side":
                sign *= 1 if step.value > 0 else -1
            else:
                factors.append(factor)
        changed = Term(sign, tuple(factors))
        if _value(changed, steps):
            filled.append(changed)
    return filled


def _value(term: Term, steps: Mapping[str, Step]) -> Decimal:
    value = Decimal(term.sign)
    for factor in term.factors:
        above, *below = factor.strip("()").split(" / ")
        value *= sum((steps[name].value for name in _SYMBOL.findall(above)), Decimal(0))
        for name in _SYMBOL.findall(" ".join(below)):
            value /= steps[name].value
    return value


def _product(factors: Sequence[str], write: Write) -> str:
    return " × ".join(rewritten(factor, write) for factor in factors) or "1"


def _grouped(terms: Sequence[Term], write: Write) -> str:
    """A sum with the size of each leg taken out: q × m − q reads q × (m − 1)."""
    sizes = list(dict.fromkeys(term.factors[0] for term in terms))
    if len(sizes) == len(terms):
        return _sum([(term.sign, _product(term.factors, write)) for term in terms])
    parts = []
    for size in sizes:
        own = sorted((term for term in terms if term.factors[0] == size), key=lambda term: len(term.factors))
        sign = own[0].sign
        inner = _sum([(term.sign * sign, _product(term.factors[1:], write)) for term in own])
        whole = f"{rewritten(size, write)} × ({inner})" if len(own) > 1 else _product(own[0].factors, write)
        parts.append((sign, whole))
    return _sum(parts)


def _sum(parts: Sequence[tuple[int, str]]) -> str:
    text = ""
    for sign, part in parts:
        text += (f" {MINUS} " if sign < 0 else " + ") + part if text else (MINUS if sign < 0 else "") + part
    return text
