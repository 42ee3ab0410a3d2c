"""The history of a portfolio in words: what each change did, worked out from the documents before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from bot.rendering.portfolio_views import StepLine
from bot.rendering.views import Figures, LegView, Market, Note
from bot.services.account_view import look_at
from bot.services.accounts import examined
from bot.services.checking import market_of
from bot.services.saved import name_of
from bot.storage.portfolios import Portfolio, SavedPosition, Step, StoredPortfolio

MOST_CHANGES: Final = 3
_FIELDS: Final = (
    ("quantity", Note(name="past_size")),
    ("entry_price", Note(name="past_entry")),
    ("leverage", Note(name="past_leverage")),
)


def step_lines(steps: Sequence[Step], stored: StoredPortfolio) -> tuple[StepLine, ...]:
    """The changes, newest first, each with the account's numbers right after it, at the prices of then."""
    lines = []
    for before, after in pairwise(steps):
        changes = tuple(_changes(before.portfolio, after.portfolio))
        shown = changes[:MOST_CHANGES]
        if len(changes) > MOST_CHANGES:
            shown = (*shown, Note(name="past_more", facts={"count": len(changes) - MOST_CHANGES}))
        nearest, market = numbers_then(after)
        lines.append(
            StepLine(
                number=after.number,
                at=after.at,
                kind=after.kind,
                changes=shown,
                undone=after.number > stored.step,
                nearest=nearest,
                market=market,
            )
        )
    return tuple(reversed(lines))


def numbers_then(step: Step) -> tuple[tuple[LegView, Figures] | None, Market | None]:
    """What was liquidated first then, and how far everything could move."""
    portfolio = step.portfolio
    if not portfolio.positions:
        return None, None
    evaluation, _ = examined(portfolio)
    if evaluation is None:
        return None, None
    first = look_at(portfolio, now=step.at).held[0]
    nearest = (first.leg, first.figures) if first.figures is not None else None
    has_cross = any(each.margin_mode == "cross" for each in portfolio.positions)
    return nearest, market_of(evaluation) if has_cross else None


def _changes(before: Portfolio, after: Portfolio) -> Iterator[Note]:
    """What is different, one note for each thing."""
    was = {each.id: each for each in before.positions}
    now = {each.id: each for each in after.positions}
    for identity, position in now.items():
        if identity not in was:
            yield Note(name="past_added", facts=_named(position, after))
        elif position != was[identity]:
            yield from _position_changes(was[identity], position, after)
    for identity, position in was.items():
        if identity not in now:
            yield Note(name="past_gone", facts=_named(position, before))
    for asset in dict.fromkeys((*before.wallet, *after.wallet)):
        old, new = before.wallet.get(asset), after.wallet.get(asset)
        if old != new and new is not None:
            yield _wallet_note(old, new, asset)
    for asset, held in after.collateral.items():
        if before.collateral.get(asset) != held:
            facts = {"asset": asset, "price": held.price, "haircut": held.haircut * 100}
            yield Note(name="past_collateral", facts=facts)
    for symbol, mark in after.marks.items():
        if mark.source == "given" and before.marks.get(symbol) != mark:
            yield Note(name="past_price", facts={"coin": name_of(after, symbol), "price": mark.price})
    if before.venue != after.venue:
        yield Note(name="past_venue", facts={"venue": after.venue})
    if before.asset_mode != after.asset_mode:
        yield Note(name="past_multi") if after.asset_mode == "multi" else Note(name="past_single")


def _wallet_note(old: Decimal | None, new: Decimal, asset: str) -> Note:
    """A balance that was told, or how much it went up or down."""
    if old is None:
        return Note(name="past_wallet", facts={"wallet": new, "asset": asset})
    name = "past_wallet_up" if new > old else "past_wallet_down"
    return Note(name=name, facts={"margin": abs(new - old), "wallet": new, "asset": asset})


def _named(position: SavedPosition, portfolio: Portfolio) -> dict[str, object]:
    return {
        "name": f"{name_of(portfolio, position.symbol)} {position.side}",
        "size": position.quantity,
        "entry": position.entry_price,
    }


def _position_changes(was: SavedPosition, now: SavedPosition, portfolio: Portfolio) -> Iterator[Note]:
    name = f"{name_of(portfolio, now.symbol)} {now.side}"
    for field, note in _FIELDS:
        old, new = getattr(was, field), getattr(now, field)
        if old != new:
            yield replace(note, facts={"name": name, "old": old, "new": new})
    if was.margin_mode != now.margin_mode:
        note = Note(name="past_cross") if now.margin_mode == "cross" else Note(name="past_isolated")
        yield replace(note, facts={"name": name})
    elif was.isolated_margin != now.isolated_margin and now.isolated_margin is not None:
        yield Note(name="past_margin", facts={"name": name, "margin": now.isolated_margin})
