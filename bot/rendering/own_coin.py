"""What is said where a position's own coin backs the account: that both move, and the price if only one did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.rendering.verdict import Tongue, liquidation_price, short_leg_name
from bot.rendering.views import Figures, LegView


def own_coin_lines(legs: Iterable[LegView], tongue: Tongue) -> list[Markup]:
    """One line for every coin that backs its own positions."""
    return own_coin_notes(((leg, figures) for leg in legs for figures in (leg.given, leg.cross)), tongue)


def own_coin_notes(held: Iterable[tuple[LegView, Figures | None]], tongue: Tongue) -> list[Markup]:
    """The same of positions with their figures, of which the first with such a coin counts for each position."""
    found: dict[str, dict[int, tuple[LegView, Figures]]] = {}
    for leg, figures in held:
        if figures is not None and figures.own_coin is not None:
            found.setdefault(figures.own_coin.asset, {}).setdefault(id(leg), (leg, figures))
    return [_line(asset, list(backed.values()), tongue) for asset, backed in found.items()]


def _line(asset: str, backed: Sequence[tuple[LegView, Figures]], tongue: Tongue) -> Markup:
    alone = [_alone(leg, figures, tongue) for leg, figures in backed]
    if len(backed) > 1:
        names = [short_leg_name(leg, tongue) for leg, _ in backed]
        prices = [
            tongue.words("own_coin.each", name=name, price=price) if price else tongue.words("own_coin.none", name=name)
            for name, price in zip(names, alone, strict=True)
        ]
        positions = Markup(", ").join(names)
        return tongue.words("own_coin.several", asset=asset, positions=positions, prices=Markup(", ").join(prices))
    if alone[0] is None:
        return tongue.words("own_coin.never", asset=asset)
    return tongue.words("own_coin.moves", asset=asset, price=alone[0])


def _alone(leg: LegView, figures: Figures, tongue: Tongue) -> str | None:
    """The liquidation price if only the position's own price moved; None without one."""
    assert figures.own_coin is not None
    still = replace(figures, liquidation_price=figures.own_coin.still)
    return None if still.liquidation_price is None else liquidation_price(leg, still, tongue)


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
