"""A trade of which only the coin, or little more, was said: how far an isolated position is from its liquidation.

In the first tier that distance, as a fraction of the entry, is the same at every price of a linear contract:

    long: 1 - (1 - 1/L) / (1 - mmr)      short: (1 + 1/L) / (1 + mmr) - 1

so that a coin and a leverage are enough for a number. It comes from the engine like every other.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from bot.rendering.inline_partial import Outlook
from bot.rendering.venues import title_of
from bot.rendering.views import SideName
from bot.services.checking import work_out
from bot.services.question import Leg, Question
from bot.services.readiness import listing_for

LEVERAGES: Final = (Decimal(5), Decimal(10), Decimal(20), Decimal(50))
_STAND_IN: Final = Decimal(1000)
"""An entry; the distance is the same at every other."""


def outlook_of(question: Question, *, now: datetime) -> Outlook | None:
    """What can be said of one linear position whose entry or side or leverage is open; None when nothing can."""
    leg = question.legs[0]
    complete = leg.side and leg.entry and leg.leverage
    if len(question.legs) != 1 or leg.coin is None or complete or leg.contract not in (None, "linear"):
        return None
    sides: tuple[SideName, ...] = (leg.side,) if leg.side else ("long", "short")
    leverages = (leg.leverage,) if leg.leverage is not None else LEVERAGES
    return _outlook(leg.coin, question.venue, sides, leverages, now.date().toordinal())


@lru_cache(maxsize=512)
def _outlook(
    coin: str, venue: str | None, sides: tuple[SideName, ...], leverages: tuple[Decimal, ...], day: int
) -> Outlook | None:
    now = datetime.fromordinal(day).replace(tzinfo=UTC)
    rows: list[tuple[Decimal, dict[SideName, Decimal]]] = []
    ends: list[Decimal] = []
    asset = ""
    for leverage in leverages:
        found: dict[SideName, Decimal] = {}
        for side in sides:
            leg = Leg(coin=coin, side=side, entry=_STAND_IN, leverage=leverage, mode="isolated")
            question = Question(legs=(leg,), venue=venue)
            worked = work_out(question, now=now, explain=False)
            figures = worked.view.legs[0].isolated if worked.answered else None
            if figures is not None and figures.distance is not None:
                found[side] = figures.distance
                ends += [end for end in (worked.view.legs[0].size_free_up_to,) if end is not None]
                asset = worked.view.settle
        if found:
            rows.append((leverage, found))
    listing = listing_for(Question(legs=(Leg(coin=coin),), venue=venue), Leg(coin=coin))
    if not rows or listing is None:
        return None
    return Outlook(
        coin=listing.coin,
        venue=title_of(listing.venue),
        rows=tuple(rows),
        sides=sides,
        up_to=min(ends, default=None),
        asset=asset,
    )
