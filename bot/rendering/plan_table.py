"""A position's stop and target: what each leaves, side by side and narrow enough for a phone."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from bot.rendering.tables import in_columns
from bot.rendering.verdict import Tongue, short_leg_name
from bot.rendering.views import CheckView, Goal, LegView, PlanView, SideName


def plan_blocks(view: CheckView, tongue: Tongue) -> Markup:
    """The plans of a card, each under the name of its position where there are several."""
    blocks = []
    for leg in view.legs:
        if leg.plan is not None:
            head = [short_leg_name(leg, tongue)] if len(view.legs) > 1 else []
            blocks.append(Markup("\n").join((*head, _block(leg, leg.plan, tongue))))
    return Markup("\n\n").join(blocks)


def _block(leg: LegView, plan: PlanView, tongue: Tongue) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    rows = ("plan.price", "plan.result", "plan.on_margin")
    named = (("slot.stop", plan.stop), ("slot.target", plan.target))
    columns = [[words.label(name), *_column(goal, leg, tongue)] for name, goal in named if goal is not None]
    table = in_columns(["", *(words.label(row) for row in rows)], columns)
    if plan.fee and plan.break_even is not None:
        even = numbers.liquidation_price(plan.break_even, side=_worse(leg), tick=leg.tick)
        lines = [words("plan.break_even", price=even, fee=numbers.rate(plan.fee), asset=leg.settle)]
    else:
        lines = [words("plan.no_fees", asset=leg.settle)]
    lines += [
        words(
            "plan.stop_of_one" if name == "slot.stop" else "plan.target_of_one",
            mode=words.label("mode.cross" if goal.dies_before == ("isolated",) else "mode.isolated"),
            other=words.label("mode.isolated" if goal.dies_before == ("isolated",) else "mode.cross"),
        )
        for name, goal in named
        if goal is not None and goal.dies_before and not goal.out_of_reach and not goal.wrong_side
    ]
    if plan.reward_to_risk is not None:
        ratio = numbers.plain(plan.reward_to_risk.quantize(Decimal("0.01")), most=2)
        lines.append(words("plan.reward_to_risk", ratio=ratio))
    return Markup("\n").join((table, *lines))


def _worse(leg: LegView) -> SideName:
    """A long breaks even no lower than shown, a short no higher: rounded up and down as a liquidation price is."""
    return "short" if leg.side == "short" else "long"


def _column(goal: Goal, leg: LegView, tongue: Tongue) -> list[str]:
    words, numbers = tongue.words, tongue.numbers
    if goal.out_of_reach:
        return [numbers.plain(goal.price), words.label("table.never"), words.label("table.never")]
    unknown = words.label("table.unknown")
    result = _signed(goal.result, numbers.amount(abs(goal.result), leg.settle)) if goal.result is not None else unknown
    on_margin = _signed(goal.on_margin, numbers.percent(goal.on_margin)) if goal.on_margin is not None else unknown
    return [numbers.plain(goal.price), result, on_margin]


def _signed(value: Decimal, text: str) -> str:
    return ("−" if value < 0 else "+" if value > 0 else "") + text
