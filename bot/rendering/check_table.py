"""The one position of a card in both modes, side by side and narrow enough for a phone."""

from __future__ import annotations

from markupsafe import Markup

from bot.rendering.notes import reference_name
from bot.rendering.numbers import FAR
from bot.rendering.tables import in_columns
from bot.rendering.verdict import Tongue, figures_of, liquidation_price, modes_in_order
from bot.rendering.views import CheckView, Figures, LegView, Mode


def comparison_table(view: CheckView, tongue: Tongue) -> Markup:
    """The table with what its amounts and distances are in; empty for a position without a size."""
    leg, words = view.legs[0], tongue.words
    shown = [(mode, figures) for mode in modes_in_order(view) if (figures := figures_of(leg, mode))]
    if not shown or leg.quantity is None:
        return Markup("")
    rows = ("table.price", "table.distance", "table.margin", "table.loss")
    table = in_columns(
        ["", *(words.label(row) for row in rows)], [_column(leg, mode, figures, tongue) for mode, figures in shown]
    )
    if leg.reference is None:
        return table
    reference = reference_name(leg.reference, words, tongue.numbers, brief=True)
    return Markup("\n").join([table, words("table.caption", asset=view.settle, reference=reference)])


def _column(leg: LegView, mode: Mode, figures: Figures, tongue: Tongue) -> list[str]:
    words, numbers = tongue.words, tongue.numbers
    unknown = words.label("table.unknown")
    if figures.liquidation_price is None or figures.distance is None:
        price, distance = without_price(leg, figures, tongue)
    else:
        price = liquidation_price(leg, figures, tongue)
        distance = ("−" if figures.distance < 0 else "+") + numbers.percent(figures.distance)
    return [
        words.label("mode.isolated" if mode == "isolated" else "mode.cross"),
        price,
        distance,
        numbers.amount(figures.margin, leg.settle) if figures.margin is not None else unknown,
        numbers.amount(figures.loss, leg.settle) if figures.loss is not None else unknown,
    ]


def without_price(leg: LegView, figures: Figures, tongue: Tongue) -> tuple[str, str]:
    """ "never" is for what no price ends; what is dead is so at once, or already at the price that was given."""
    words = tongue.words
    if figures.reason == "far":
        return words.label("table.far"), words.label("table.beyond", limit=tongue.numbers.rate(FAR))
    if not figures.dead:
        return words.label("table.never"), words.label("table.never")
    return words.label("table.already" if leg.priced else "table.at_once"), words.label("table.none")
