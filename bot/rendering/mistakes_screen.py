"""Mistakes in words: the number behind each and the step that mends it; and the block by which any card points there.

Actions that the buttons send: `mistakes`, and of other conversations `act`, `compare`, `whatif`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.dialogue import Button, Fill, Screen, Tap
from bot.rendering.check_buttons import close_row, in_rows
from bot.rendering.check_screen import joined, paragraphs
from bot.rendering.verdict import Tongue, short_leg_name
from bot.rendering.views import LegView
from margin_engine import Mistake

MOST_SHOWN: Final = 10
"""Findings on one page; twenty positions can show more than a message holds."""

MOST_NAMED: Final = 6
MOST_A_ROW: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeView:
    """One finding: what, of which positions, and the numbers by name, those of the step that mends it included."""

    mistake: Mistake
    legs: tuple[LegView, ...]
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    settle: str = "USDT"
    next_rung: bool = False
    """At the limit because the next rung is near, not because the leverage is."""


FACTS: Final[dict[Mistake, str]] = {
    Mistake.CROSS_WITH_HIGH_LEVERAGE: "mistake.high_leverage",
    Mistake.ISOLATED_UNATTENDED: "mistake.unattended",
    Mistake.SWITCH_CROSSED_AT_ONCE: "mistake.switch",
    Mistake.CROSS_TAKEN_FOR_SAFER: "mistake.safer",
    Mistake.LIQUIDATION_WITHIN_A_DAY: "mistake.within_a_day",
    Mistake.ONE_BET: "mistake.one_bet",
    Mistake.STOP_BEYOND_LIQUIDATION: "mistake.stop",
    Mistake.LEVERAGE_AT_THE_LIMIT: "mistake.limit",
    Mistake.POSITION_IS_THE_ACCOUNT: "mistake.account",
}
STEPS: Final[dict[Mistake, str]] = {
    Mistake.CROSS_WITH_HIGH_LEVERAGE: "mend.high_leverage",
    Mistake.ISOLATED_UNATTENDED: "mend.unattended",
    Mistake.SWITCH_CROSSED_AT_ONCE: "mend.switch",
    Mistake.CROSS_TAKEN_FOR_SAFER: "mend.safer",
    Mistake.LIQUIDATION_WITHIN_A_DAY: "mend.within_a_day",
    Mistake.ONE_BET: "mend.one_bet",
    Mistake.STOP_BEYOND_LIQUIDATION: "mend.stop",
    Mistake.LEVERAGE_AT_THE_LIMIT: "mend.limit",
    Mistake.POSITION_IS_THE_ACCOUNT: "mend.account",
}
OPENS: Final[dict[Mistake, str]] = {
    Mistake.CROSS_WITH_HIGH_LEVERAGE: "compare",
    Mistake.CROSS_TAKEN_FOR_SAFER: "compare",
    Mistake.SWITCH_CROSSED_AT_ONCE: "compare",
    Mistake.LIQUIDATION_WITHIN_A_DAY: "act",
    Mistake.STOP_BEYOND_LIQUIDATION: "act",
    Mistake.ONE_BET: "whatif",
    Mistake.ISOLATED_UNATTENDED: "whatif",
    Mistake.LEVERAGE_AT_THE_LIMIT: "whatif",
    Mistake.POSITION_IS_THE_ACCOUNT: "whatif",
}
"""The conversation in which each can be mended, or looked at more closely."""

OPENER_LABELS: Final = {"whatif": "open.whatif", "compare": "open.compare", "act": "open.act"}

_RATIOS: Final = frozenset({"distance", "daily_move", "share", "wanted"})
_LEVERAGES: Final = frozenset({"leverage", "limit", "next_limit"})
_PRICES: Final = frozenset({"liquidation_price", "liquidation_price_now", "stop"})


def mistake_lines(view: MistakeView, tongue: Tongue) -> Markup:
    """What is wrong with its number, and under it the step that mends it."""
    facts = _facts(view, tongue)
    step_key = STEPS[view.mistake]
    if view.mistake in (Mistake.LIQUIDATION_WITHIN_A_DAY, Mistake.STOP_BEYOND_LIQUIDATION) and "add" not in facts:
        step_key = "mend.smaller"
    words = tongue.words
    return joined([words(_fact_key(view), **facts), words("mend.arrow", step=words(step_key, **facts))])


def _fact_key(view: MistakeView) -> str:
    return "mistake.next_rung" if view.next_rung else FACTS[view.mistake]


def _facts(view: MistakeView, tongue: Tongue) -> dict[str, object]:
    names = [short_leg_name(leg, tongue) for leg in view.legs[:MOST_NAMED]]
    more = ["…"] if len(view.legs) > MOST_NAMED else []
    first = view.legs[0] if view.legs else None
    facts: dict[str, object] = {
        "name": Markup(", ").join([*names, *more]),
        "count": len(view.legs),
        "coin": first.coin if first else "",
        "asset": view.settle,
    }
    return facts | {name: _number(name, value, first, tongue) for name, value in view.numbers.items()}


def _number(name: str, value: Decimal, leg: LegView | None, tongue: Tongue) -> str:
    numbers = tongue.numbers
    if name in _RATIOS:
        return numbers.percent(value)
    if name in _LEVERAGES:
        return f"{numbers.plain(value, most=2)}x"
    if name in _PRICES and leg is not None and leg.side is not None:
        return numbers.liquidation_price(value, side=leg.side, tick=leg.tick)
    if name == "close":
        return numbers.quantity(value.quantize(Decimal(1).scaleb(value.adjusted() - 2)) if value else value)
    return numbers.plain(value) if name == "days" else numbers.money(value)


# --- For other cards -----------------------------------------------------------------------------------------------


def mistakes_block(found: Sequence[MistakeView], tongue: Tongue) -> Markup:
    """For the text of any card: how many things there are to know, and the first of them. Empty for none."""
    if not found:
        return Markup("")
    words = tongue.words
    head = words.count("mistakes.count", len(found))
    return joined([head, words(_fact_key(found[0]), **_facts(found[0], tongue))])


def mistakes_row(
    found: Sequence[MistakeView], tongue: Tongue, *, action: str = "mistakes"
) -> tuple[tuple[Button, ...], ...]:
    """For the buttons of any card: one row that opens the page of them all. No row where there are none.

    action: another than the one that opens the page for any card, where a card knows more than its positions.
    """
    if not found:
        return ()
    label = str(tongue.words.count("mistakes.button", len(found)))
    return ((Tap(label=label, action=action),),)


def with_mistakes(
    screen: Screen, found: Sequence[MistakeView], tongue: Tongue, *, said: Collection[Mistake] = ()
) -> Screen:
    """A card that also says how many things there are to know, with a button to them; the same card for none.

    said: what the card says in its own words already, which only the button leads to.
    """
    if not found:
        return screen
    block = mistakes_block([each for each in found if each.mistake not in said], tongue)
    [[button]] = mistakes_row(found, tongue)
    text = paragraphs((screen.text, block)) if block else screen.text
    return replace(screen, text=text, buttons=_beside(screen.buttons, button))


def _beside(rows: tuple[tuple[Button, ...], ...], button: Button) -> tuple[tuple[Button, ...], ...]:
    """The button in the last row that has room and does not close the card, else in a row of its own."""
    for number in reversed(range(len(rows))):
        closes = any(isinstance(each, Tap) and each.action == "close" for each in rows[number])
        if len(rows[number]) < MOST_A_ROW and not closes:
            return (*rows[:number], (*rows[number], button), *rows[number + 1 :])
    return (*rows, (button,))


# --- Their own page ------------------------------------------------------------------------------------------------


def mistakes_screen(found: Sequence[MistakeView], tongue: Tongue, *, positions: int) -> Screen:
    """All of them, each with its step, and the conversations in which they are mended."""
    words = tongue.words
    if not found:
        text = joined([_bold(words.count("mistakes.none", positions)), words("mistakes.looked_for")])
        return Screen(text=text, buttons=(close_row(tongue),))
    head = words.count("mistakes.head", len(found), positions=words.count("mistakes.positions", positions))
    parts = [_bold(head), *(mistake_lines(each, tongue) for each in found[:MOST_SHOWN])]
    if len(found) > MOST_SHOWN:
        parts.append(words.count("mistakes.more", len(found) - MOST_SHOWN))
    opens = list(dict.fromkeys(OPENS[each.mistake] for each in found))
    taps = [Tap(label=words.label(OPENER_LABELS[name]), action=name) for name in opens]
    return Screen(text=paragraphs(parts), buttons=(*in_rows(taps, 3), close_row(tongue)))


def no_book_screen(tongue: Tongue, *, held: bool) -> Screen:
    """Nothing to look at: how to get there; in a group, where personal things are shown."""
    words = tongue.words
    if tongue.in_group and held:
        return Screen(text=words("mistakes.private"))
    example = words.label("example.hedge")
    rows: tuple[tuple[Button, ...], ...] = ((Fill(label=words.label("button.example"), text=example),),)
    return Screen(text=joined([words("mistakes.no_book"), Markup("<code>{}</code>").format(example)]), buttons=rows)


def _bold(line: Markup) -> Markup:
    return Markup("<b>{}</b>").format(line)
