"""What is said where a position's own coin backs the account: that both move, and the price if only one did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup

from bot.rendering.verdict import Tongue, liquidation_price
from bot.rendering.views import Figures, LegView


def backing_lines(legs: Iterable[LegView], tongue: Tongue) -> list[Markup]:
    """One line for every coin that backs its own position."""
    found: dict[str, Markup] = {}
    for leg in legs:
        for figures in (leg.given, leg.cross):
            if figures is not None and figures.backing is not None and figures.backing.asset not in found:
                found[figures.backing.asset] = _line(leg, figures, tongue)
    return list(found.values())


def backing_line(leg: LegView, figures: Figures | None, tongue: Tongue) -> list[Markup]:
    """The same for one position in one mode."""
    return [_line(leg, figures, tongue)] if figures is not None and figures.backing is not None else []


def _line(leg: LegView, figures: Figures, tongue: Tongue) -> Markup:
    assert figures.backing is not None
    still = replace(figures, liquidation_price=figures.backing.still)
    if still.liquidation_price is None:
        return tongue.words("backing.never", asset=figures.backing.asset)
    return tongue.words("backing.moves", asset=figures.backing.asset, price=liquidation_price(leg, still, tongue))


def backing_working(leg: LegView, figures: Figures | None, tongue: Tongue) -> list[Markup]:
    """The proof of the price at which both have moved: what is left there, and what is needed."""
    backing = figures.backing if figures is not None else None
    if figures is None or backing is None or backing.left is None or backing.needed is None:
        return []
    amounts = {
        "left": tongue.numbers.amount(backing.left, "USD"),
        "needed": tongue.numbers.amount(backing.needed, "USD"),
    }
    price = liquidation_price(leg, figures, tongue)
    return [tongue.words("working.backing", asset=backing.asset, price=price, **amounts)]
