"""The picture of two coins: equity over the plane of their moves, and the exact border of survival on it.

The border is made of rays from now to the edge, each walked exactly; where it leaves the picture the rays stand closer.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

import numpy as np

from bot.pictures.specs import Border, TwoCoinsSpec
from bot.services.equity import is_cut, moving_with
from bot.services.picturing import PLAIN, Floats, Look, Scene, Unpictured, decimal_of, listed, rounded
from bot.services.symbols import coin_of
from margin_engine.model.decimals import as_shown
from margin_engine.questions.clouds import Surface
from margin_engine.questions.directions import deaths_along

CELLS: Final = 41
RAYS: Final = 24
"""Along each of the four edges."""
STEPS: Final = 24
"""At how many points of the way to a cell it is looked whether a pool died there."""
_CLOSER: Final = 12

Point = tuple[Decimal, Decimal]
Coins = tuple[tuple[str, ...], tuple[str, ...]]
"""What moves across, and what moves up: symbols, and assets that back the account."""


def two_coins_of(scene: Scene, across: str, up: str, span: Decimal, look: Look = PLAIN) -> TwoCoinsSpec:
    """Equity over the moves of two symbols, each with all that has its coin's price, the others standing still.

    Arguments: span, how far to each side, in (0, 1). Raises Unpictured when the book does not hold both, or counts in
    several assets; and the engine's refusal.
    """
    if across == up or not {across, up} <= set(scene.symbols):
        raise Unpictured("one_coin")
    coins = moving_with(scene.book, across), moving_with(scene.book, up)
    if set(coins[0]) & set(coins[1]):
        raise Unpictured("one_coin")
    cells = _cells(scene, coins, float(span))
    return TwoCoinsSpec(
        theme=look.theme,
        language=look.language,
        given=look.given,
        mixed=look.mixed,
        haircut=is_cut(scene.book),
        asset=scene.asset,
        mode=scene.mode,
        across=coin_of(across),
        up=coin_of(up),
        span=span,
        now=decimal_of(cells[CELLS // 2, CELLS // 2]),
        cells=tuple(tuple(float(f"{value:.5g}") for value in row) for row in cells),
        borders=_borders(scene, coins, span),
    )


def _cells(scene: Scene, coins: Coins, span: float) -> Floats:
    """The account's equity at every pair of moves, rows by those up."""
    axis = np.linspace(-span, span, CELLS)
    total = np.zeros((CELLS, CELLS))
    for identity, surface in scene.surfaces.items():
        worth = np.broadcast_to(scene.worths[identity].equity(_prices(surface, coins, axis, 1.0)), total.shape)
        if scene.positions_of(identity):
            dead = np.zeros(total.shape, np.bool_)
            for step in range(STEPS + 1):
                dead |= surface.liquidatable(_prices(surface, coins, axis, step / STEPS))
            worth = np.where(dead, 0, worth)
        total += worth
    return total


def _prices(surface: Surface, coins: Coins, axis: Floats, way: float) -> dict[str, Floats]:
    """The prices when everything has gone this part of its way."""
    marks = dict(zip(surface.names, surface.marks, strict=True))
    moved = dict.fromkeys(coins[0], axis[None, :]) | dict.fromkeys(coins[1], axis[:, None])
    return {name: marks[name] * (1 + way * move) for name, move in moved.items() if name in marks}


def _borders(scene: Scene, coins: Coins, span: Decimal) -> tuple[Border, ...]:
    rim = _closer(scene, coins, _rim(span))
    deaths = deaths_along(scene.book, _ways(coins, rim))
    found: list[Border] = []
    for identity, ways in deaths.items():
        own = [health.id for health in scene.positions_of(identity)]
        whole = len(own) == len(scene.book.positions)
        for stretch in _stretches(ways):
            dead = [(rim[at], way) for at in stretch if (way := ways[at]) is not None]
            found.append(
                Border(
                    name=listed(map(scene.name, own)),
                    whole=whole,
                    line=tuple((rounded(float(x * way)), rounded(float(y * way))) for (x, y), way in dead),
                    rim=tuple((float(x), float(y)) for (x, y), _ in dead),
                )
            )
    return tuple(found)


def _ways(coins: Coins, points: Sequence[Point]) -> list[dict[str, Decimal]]:
    """The shocks that lead to each of the points."""
    return [dict.fromkeys(coins[0], x) | dict.fromkeys(coins[1], y) for x, y in points]


def _rim(span: Decimal) -> list[Point]:
    """Points once around the picture's edge, evenly, the first one again at the end."""
    edge = [span * (2 * Decimal(step) / RAYS - 1) for step in range(RAYS)]
    return [
        *((x, -span) for x in edge),
        *((span, y) for y in edge),
        *((-x, span) for x in edge),
        *((-span, -y) for y in edge),
        (-span, -span),
    ]


def _closer(scene: Scene, coins: Coins, rim: Sequence[Point]) -> list[Point]:
    """The rim with more points where a border leaves the picture: between a ray that dies and one that lives."""
    deaths = deaths_along(scene.book, _ways(coins, rim))
    points = list(rim[:1])
    for number, (one, other) in enumerate(pairwise(rim)):
        if any((ways[number] is None) != (ways[number + 1] is None) for ways in deaths.values()):
            parts = [Decimal(part) / _CLOSER for part in range(1, _CLOSER)]
            points += [
                (as_shown(one[0] + (other[0] - one[0]) * part), as_shown(one[1] + (other[1] - one[1]) * part))
                for part in parts
            ]
        points.append(other)
    return points


def _stretches(ways: Sequence[Decimal | None]) -> list[list[int]]:
    """The runs of rays on which a pool dies. A run across the seam of the rim is one run."""
    runs: list[list[int]] = []
    for number, way in enumerate(ways):
        if way is None:
            continue
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][-1] == len(ways) - 1:
        first = runs.pop(0)
        runs[-1] += first[1:]
    return runs
