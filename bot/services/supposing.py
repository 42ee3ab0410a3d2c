"""What a card about margin suggests, as a scenario: so that a what-if shows what it would do."""

from __future__ import annotations

from decimal import ROUND_CEILING, Context, Decimal
from typing import Final, Literal

from bot.rendering.act_views import ActView, Block, Change, Need
from bot.rendering.views import LegView, Mode
from bot.services.scenario import EVERYTHING, MOST_CHANGES, Move, Scenario, Supposed

Suggested = Literal["add", "close"]
SUGGESTED: Final[tuple[Suggested, ...]] = ("add", "close")

_UP: Final = Context(prec=18, rounding=ROUND_CEILING)


def suggested(view: ActView, kind: Suggested) -> Scenario | None:
    """The scenario of what the card suggests: the money to add or the parts to close, and the move to survive.

    None where it suggests nothing of that kind, or more than a scenario holds. Of a trade whose mode nobody said, it is
    what the first mode needs.
    """
    if view.changes:
        change = view.changes[0]
        one = _of_change(change) if len(view.changes) == 1 and change.kind == kind else None
        return Scenario(changes=(one,)) if one is not None else None
    block = next((block for block in view.blocks if not block.holds), None)
    found = _of_block(block, kind) if block is not None else None
    if not found or len(found) > MOST_CHANGES:
        return None
    moves = (Move(target=EVERYTHING, points=view.number * 100),) if view.goal == "survive" and view.number else ()
    return Scenario(changes=tuple(found), moves=moves)


def _of_change(change: Change) -> Supposed | None:
    if change.refusal is not None or change.leg is None:
        return None
    if change.kind == "close":
        return _closing(change.leg, change.value)
    return _adding(change.mode, change.leg, change.value)


def _of_block(block: Block, kind: Suggested) -> list[Supposed] | None:
    """One change for each pool that needs something; None where one of them cannot be helped so."""
    found = []
    for need in block.needs:
        if need.holds:
            continue
        change = _of_need(need, kind)
        if change is None:
            return None
        found.append(change)
    return found


def _of_need(need: Need, kind: Suggested) -> Supposed | None:
    if kind == "add":
        return _adding(need.mode, need.leg, need.add) if need.add else None
    way = next((way for way in need.ways if way.kind == "close" and way.value is not None), None)
    return _closing(way.leg, way.value) if way is not None and way.leg is not None and way.value is not None else None


def _adding(mode: Mode, leg: LegView | None, amount: Decimal) -> Supposed:
    """Margin of an isolated position, else money for the shared balance."""
    if mode == "cross" or leg is None:
        return Supposed(kind="deposit", amount=amount)
    return Supposed(kind="margin", coin=leg.coin, side=leg.side, amount=amount)


def _closing(leg: LegView, quantity: Decimal) -> Supposed | None:
    """The part of a position: rounded up, since a digit less would miss the goal."""
    if not leg.quantity:
        return None
    part = min(Decimal(1), _UP.divide(quantity, leg.quantity))
    return Supposed(kind="close", coin=leg.coin, side=leg.side, amount=part)
