"""The picture of distances: how far each position and the whole market are from a liquidation. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from bot.pictures.specs import Bar, DistancesSpec
from bot.rendering.numbers import FAR, Numbers
from bot.rendering.views import nearness
from bot.services.picturing import PLAIN, Look, Scene, listed, price_written, shown
from margin_engine.questions.results import PositionHealth

MOST_BARS: Final = 8


def distances_of(scene: Scene, look: Look = PLAIN) -> DistancesSpec:
    """How far positions and the whole market are from a liquidation, nearest first. Raises the engine's refusal."""
    numbers = Numbers.of(look.language)
    bars = sorted((_bar(scene, health, numbers) for health in scene.evaluation.positions), key=_nearness)
    kept = bars[: MOST_BARS - 1] if len(bars) > MOST_BARS - 1 else bars
    market = _market_bar(scene) if len(scene.book.positions) > 1 else None
    return DistancesSpec(
        theme=look.theme,
        language=look.language,
        given=look.given,
        mixed=look.mixed,
        mode=scene.mode,
        bars=tuple(sorted([*kept, *([market] if market else [])], key=_nearness)),
        more=len(bars) - len(kept),
    )


def _bar(scene: Scene, health: PositionHealth, numbers: Numbers) -> Bar:
    position = scene.book.position(health.id)
    price = health.liquidation_price
    written = ""
    if price is not None and health.distance is not None and health.distance <= FAR:
        written = price_written(position, price, numbers, venue=scene.book.venue, up=health.distance < 0)
    return Bar(
        name=scene.name(health.id),
        detail=f"{numbers.plain(position.leverage, most=2)}x",
        distance=None if health.distance is None else shown(health.distance),
        price=written,
        dead=health.pool_id in scene.dead,
    )


def _market_bar(scene: Scene) -> Bar | None:
    """The move of the whole market that ends the first pool, on the nearer side."""
    market = scene.market
    firsts = [deaths[0] for deaths in (market.fall, market.rise) if deaths]
    if scene.dead:
        return None
    if not firsts:
        return Bar(name="", account=True)
    first = min(firsts, key=lambda death: abs(death.at))
    return Bar(name="", detail=listed(map(scene.name, first.positions)), distance=shown(first.at), account=True)


def _nearness(bar: Bar) -> tuple[Decimal, bool]:
    return nearness(bar.distance, dead=bar.dead), bar.account
