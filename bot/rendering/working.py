"""The working of an answer: formula, the same formula with numbers, result; folded up until it is wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Context, Decimal

from markupsafe import Markup

from bot.rendering.verdict import Tongue, mode_name, modes_in_order
from bot.rendering.views import CheckView
from margin_engine import Evaluation
from margin_engine.model.derivation import Step

_SYMBOL = re.compile(r"[A-Za-z]\w*")
_SHOWN = Context(prec=10)
MINUS = "−"
_SIGNS = str.maketrans({"*": "×", "-": MINUS})


def working_block(view: CheckView, tongue: Tongue, *, room: int) -> Markup:
    """Every step behind the liquidation prices, in an expandable quote of at most `room` characters."""
    lines: list[Markup] = []
    for mode in modes_in_order(view):
        evaluation = view.isolated_evaluation if mode == "isolated" else view.cross_evaluation
        if evaluation is not None:
            lines.append(Markup("<b>{}</b>").format(mode_name(view, mode, tongue)))
            lines += _of_every_position(evaluation, tongue)
    kept: list[Markup] = []
    for line in lines:
        room -= len(line.striptags()) + 1
        if room < 60:
            kept.append(tongue.words("working.cut"))
            break
        kept.append(line)
    return Markup("<blockquote expandable>{}</blockquote>").format(Markup("\n").join(kept))


def _of_every_position(evaluation: Evaluation, tongue: Tongue) -> list[Markup]:
    lines: list[Markup] = []
    for position in evaluation.positions:
        if len(evaluation.positions) > 1:
            side = tongue.words.label("side.long" if position.side.value == "long" else "side.short").lower()
            lines.append(Markup("<i>{} {}</i>").format(position.symbol, side))
        steps = evaluation.steps_of(position.id, "liquidation_price")
        # Without a price, the comparison that says why: margin balance against maintenance margin.
        lines += step_lines(steps or evaluation.steps_of(position.pool_id, "margin_ratio"), tongue)
    return lines


def step_lines(steps: Sequence[Step], tongue: Tongue) -> list[Markup]:
    """The lines of one derivation: what was given, then each formula, with numbers, and its result."""
    letters = [_letter(step) for step in steps]
    alone = len(set(letters)) == len(letters)
    names = {step.symbol: letter if alone else step.symbol for step, letter in zip(steps, letters, strict=True)}
    values = {step.symbol: _number(step.value, tongue) for step in steps}
    lines = []
    for step in steps:
        name = step.name.replace("_", " ")
        value = values[step.symbol] + (f" {step.unit}" if step.unit else "")
        if not step.uses:
            lines.append(tongue.words("working.given", symbol=names[step.symbol], value=value, name=name))
            continue
        symbol, formula = names[step.symbol], _replaced(step.formula, names)
        numbers = _replaced(step.formula, {name: _in_formula(number) for name, number in values.items()})
        # A formula that is one symbol has nothing more to show with its number filled in.
        key = "working.same" if step.formula in step.uses else "working.step"
        facts = {"symbol": symbol, "formula": formula, "numbers": numbers, "value": value, "name": name}
        lines.append(tongue.words(key, **facts))
    return lines


def _letter(step: Step) -> str:
    return step.symbol.removesuffix(f"_{step.label}")


def _replaced(formula: str, by: dict[str, str]) -> str:
    return _SYMBOL.sub(lambda hit: by.get(hit.group(), hit.group()), formula.translate(_SIGNS))


def _in_formula(number: str) -> str:
    """A number between signs: a negative one in brackets."""
    return f"({number})" if number.startswith(MINUS) else number


def _number(value: Decimal, tongue: Tongue) -> str:
    return tongue.numbers.plain(_SHOWN.plus(value), most=10).replace("-", MINUS)
