"""What was supposed of the open account, made so: only what can be stored as it was shown, nothing assumed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.services.accounts import account_book, lacks_wallet
from bot.services.orders import as_saved, weighed
from bot.services.scenario import Scenario, Supposed
from bot.services.supposed_changes import Applied, applied
from bot.storage.portfolios import MOST_POSITIONS, Portfolio, SavedPosition
from margin_engine import EngineError, MarginMode

_ASSUMED: Final = frozenset({"whatif_paid_in", "whatif_open_leverage", "whatif_open_unclear", "whatif_margin_in_cross"})
"""What is said of changes that count with something nobody told, or that change nothing."""


def made_so(portfolio: Portfolio, scenario: Scenario, *, identity: str, now: datetime) -> Portfolio | None:
    """The account after the scenario's changes; None where they cannot be stored: moved prices, funding, an
    assumption, a liquidation on the spot, or nothing to change.

    Arguments: identity, what the ids of positions that are opened begin with.
    """
    changes = scenario.changes
    if not changes or scenario.moves or scenario.solve or scenario.ladder is not None:
        return None
    if any(each.kind == "funding" for each in changes) or not portfolio.wallet or lacks_wallet(portfolio):
        return None
    try:
        book = account_book(portfolio)
        done = applied(book, changes, switches=True, free_wallet=True)
    except EngineError:
        return None
    opened = _opened(done, changes, identity=identity, now=now)
    if opened is None or any(note.name in _ASSUMED for note in done.notes):
        return None
    new = as_saved(portfolio, book, done.book, opened=opened, now=now)
    plan = weighed(portfolio, new)
    if plan.portfolio is None or new == portfolio or len(new.positions) > MOST_POSITIONS:
        return None
    dies = plan.after is not None and any(pool.liquidatable for pool in plan.after.pools)
    return None if dies else plan.portfolio


def _opened(
    done: Applied, changes: Sequence[Supposed], *, identity: str, now: datetime
) -> dict[str, SavedPosition] | None:
    """The positions that are opened, by their id in the book; None where a mode was not said, or is another one."""
    found: dict[str, SavedPosition] = {}
    for number, change in enumerate(changes):
        position = next((each for each in done.book.positions if each.id == f"new{number}"), None)
        if position is None:
            continue
        if change.opened is None or change.opened.mode != position.margin_mode.value:
            return None
        found[position.id] = SavedPosition(
            id=f"{identity}n{number}",
            symbol=position.symbol,
            side="long" if position.side.sign > 0 else "short",
            quantity=position.quantity,
            entry_price=position.entry_price,
            leverage=position.leverage,
            margin_mode="cross" if position.margin_mode is MarginMode.CROSS else "isolated",
            isolated_margin=position.isolated_margin,
            saved_at=now,
        )
    return found
