"""The first lines of a what-if: who survives in which mode, with the number."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from bot.rendering.notes import write_note
from bot.rendering.verdict import Tongue, liquidation_price, short_leg_name
from bot.rendering.whatif_views import HalfView, LeftView, SolvedView, WhatIfView
from bot.rendering.whatif_words import farther, partition_name, signed_amount, signed_percent, target_name


def outcome_lines(view: WhatIfView, tongue: Tongue) -> list[Markup]:
    """One line for each partition that has an answer; for a distance question one for each target."""
    lines: list[Markup] = []
    for half in view.halves:
        if half.trouble is not None:
            why = write_note(half.trouble, tongue.words, tongue.numbers)
            lines.append(tongue.words("verdict.refused", mode=partition_name(half.partition, tongue), why=why))
        elif half.solved:
            lines += [solved_line(half, each, tongue) for each in half.solved]
        elif view.moves:
            lines.append(_outcome(half, view, tongue))
        else:
            lines.append(_standing(half, view, tongue))
    return lines


def _outcome(half: HalfView, view: WhatIfView, tongue: Tongue) -> Markup:
    """How many are liquidated, and what is left; without the wallet, what it costs."""
    total = half.gone + len(half.left)
    if not total:
        return tongue.words(
            "whatif.empty_half",
            mode=partition_name(half.partition, tongue),
            left=tongue.numbers.amount(half.after, view.asset),
        )
    return tongue.words(
        _OUTCOMES[view.wallet_known, total > 1, bool(half.gone)],
        mode=partition_name(half.partition, tongue),
        left=_left(half, view, tongue),
        change=signed_amount(half.change, view.asset, tongue),
        number=half.gone,
        total=total,
    )


def _left(half: HalfView, view: WhatIfView, tongue: Tongue) -> str:
    """What is left; money that did not come from the wallet is named, since no table stands below in a group."""
    left = tongue.numbers.amount(half.after, view.asset)
    if not half.paid_in:
        return left
    return tongue.words.label("whatif.left_paid", left=left, paid=tongue.numbers.amount(half.paid_in, view.asset))


_OUTCOMES: Final = {
    (True, False, False): "whatif.survives",
    (True, False, True): "whatif.dies",
    (True, True, False): "whatif.none_dies",
    (True, True, True): "whatif.some_die",
    (False, False, False): "whatif.survives_by",
    (False, False, True): "whatif.dies_by",
    (False, True, False): "whatif.none_dies_by",
    (False, True, True): "whatif.some_die_by",
}
"""The sentence for: the wallet is known, there are several positions, something is liquidated."""


def _standing(half: HalfView, view: WhatIfView, tongue: Tongue) -> Markup:
    """Nothing moves: the position that goes first, where it goes now, and where it went before the changes."""
    mode = partition_name(half.partition, tongue)
    if half.gone:
        return _outcome(half, view, tongue)
    if not half.left:
        return tongue.words("whatif.empty_half", mode=mode, left=tongue.numbers.amount(half.after, view.asset))
    first = half.left[0]
    name = short_leg_name(first.leg, tongue)
    if first.figures.dead:
        return tongue.words("whatif.stands_dead", mode=mode, name=name)
    if first.figures.liquidation_price is None:
        return tongue.words("whatif.stands_never", mode=mode)
    price, was = liquidation_price(first.leg, first.figures, tongue), _was(first, tongue)
    key = "whatif.stands" if was in (None, price) else "whatif.stands_was"
    return tongue.words(key, mode=mode, name=name, price=price, distance=farther(first.figures, tongue), was=was)


def _was(left: LeftView, tongue: Tongue) -> str | None:
    if left.before is None or left.before.liquidation_price is None:
        return None
    return liquidation_price(left.leg, left.before, tongue)


def solved_line(half: HalfView, solved: SolvedView, tongue: Tongue) -> Markup:
    """ "Cross: BTC may fall 31.0%, to 44,176.8, then the account goes."."""
    words, numbers = tongue.words, tongue.numbers
    mode, target = partition_name(half.partition, tongue), target_name(solved.target, tongue)
    falls = solved.direction == "down"
    if solved.at is None:
        key = "whatif.may_dead" if solved.dead else "whatif.may_fall_any" if falls else "whatif.may_rise_any"
        return words(key, mode=mode, target=target)
    key = "whatif.may_fall" if falls else "whatif.may_rise"
    names = Markup(", ").join(short_leg_name(leg, tongue) for leg in solved.legs[:3])
    if solved.cross:
        names = words("whatif.the_account")
    percent = numbers.percent(solved.at)
    if solved.price is None:
        return words(key, mode=mode, target=target, percent=percent, names=names)
    key = "whatif.may_fall_to" if falls else "whatif.may_rise_to"
    price = numbers.liquidation_price(solved.price, side="long" if falls else "short", tick=solved.tick)
    return words(key, mode=mode, target=target, percent=percent, price=price, names=names)


def ladder_lines(view: WhatIfView, tongue: Tongue) -> list[Markup]:
    """Up to which rung every mode holds out: "Isolated: first liquidation between −5% and −10%."."""
    return [_ladder_line(half, view, tongue) for half in view.halves if half.trouble is None]


def _ladder_line(half: HalfView, view: WhatIfView, tongue: Tongue) -> Markup:
    words, name = tongue.words, half.partition
    mode = partition_name(name, tongue)
    rungs = sorted((rung for rung in view.ladder if name in rung.gone), key=lambda rung: rung.percent)
    dead = [rung.percent for rung in rungs if rung.gone[name]]
    if not rungs:
        return words("whatif.ladder_none", mode=mode)
    ends = {"low": signed_percent(rungs[0].percent, tongue), "high": signed_percent(rungs[-1].percent, tongue)}
    if not dead:
        return words("whatif.ladder_lives", mode=mode, **ends)
    first = min(dead, key=abs)
    between = [rung.percent for rung in rungs if abs(rung.percent) < abs(first) and rung.percent * first >= 0]
    if not between or not first:
        return words("whatif.ladder_dead", mode=mode, percent=signed_percent(first, tongue))
    last = signed_percent(max(between, key=abs), tongue)
    return words("whatif.ladder_dies", mode=mode, alive=last, dead=signed_percent(first, tongue))
