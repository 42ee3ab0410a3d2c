"""What is said where a position's own coin backs the account: that both move, and the price if only one did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup

from bot.rendering.verdict import Tongue, liquidation_price
from bot.rendering.views import Figures, LegView


def own_coin_lines(legs: Iterable[LegView], tongue: Tongue) -> list[Markup]:
    """One line for every coin that backs its own position."""
    found: dict[str, Markup] = {}
    for leg in legs:
        for figures in (leg.given, leg.cross):
            if figures is not None and figures.own_coin is not None and figures.own_coin.asset not in found:
                found[figures.own_coin.asset] = _line(leg, figures, tongue)
    return list(found.values())


def own_coin_line(leg: LegView, figures: Figures | None, tongue: Tongue) -> list[Markup]:
    """The same for one position in one mode."""
    return [_line(leg, figures, tongue)] if figures is not None and figures.own_coin is not None else []


def _line(leg: LegView, figures: Figures, tongue: Tongue) -> Markup:
    assert figures.own_coin is not None
    still = replace(figures, liquidation_price=figures.own_coin.still)
    if still.liquidation_price is None:
        return tongue.words("own_coin.never", asset=figures.own_coin.asset)
    return tongue.words("own_coin.moves", asset=figures.own_coin.asset, price=liquidation_price(leg, still, tongue))


def own_coin_working(leg: LegView, figures: Figures | None, tongue: Tongue) -> list[Markup]:
    """The proof of the price at which both have moved: what is left there, and what is needed."""
    backing = figures.own_coin if figures is not None else None
    if figures is None or backing is None or backing.left is None or backing.needed is None:
        return []
    amounts = {
        "left": tongue.numbers.amount(backing.left, "USD"),
        "needed": tongue.numbers.amount(backing.needed, "USD"),
    }
    price = liquidation_price(leg, figures, tongue)
    return [tongue.words("working.own_coin", asset=backing.asset, price=price, **amounts)]
