"""What a comparison or a goal is about: positions of the message, of the card before, or the account they are in."""

from __future__ import annotations

from bot.dialogue import Event
from bot.flows.basis import SAVED, Basis, at_rest, basis_of
from bot.services.facts import Facts
from bot.services.question import Declined, Leg
from bot.services.symbols import listing_of
from bot.storage.portfolios import SavedPosition
from bot.understanding.readings import Reading


def about(event: Event, reading: Reading, at_hand: Basis | None, facts: Facts) -> Basis | Declined | None:
    """What a message is about; positions that were saved meanwhile are those of the account. None: nothing to go on."""
    found = basis_of(event, reading, at_hand, facts)
    if not isinstance(found, Basis) or reading.parsed.positions:
        return found
    return in_account(event, found, facts)


def in_account(event: Event, basis: Basis, facts: Facts) -> Basis:
    """The basis, or the account where all of its positions are saved there as they are: in private only."""
    fresh = at_rest(basis)
    if basis.question is None or not event.chat.is_private:
        return fresh
    held = facts.portfolio.portfolio.positions
    return SAVED if all(any(_same(leg, each) for each in held) for leg in basis.question.legs) else fresh


def _same(leg: Leg, saved: SavedPosition) -> bool:
    listing = listing_of(leg.coin) if leg.coin else None
    return listing is not None and (listing.symbol, leg.side, leg.quantity, leg.entry) == (
        saved.symbol,
        saved.side,
        saved.quantity,
        saved.entry_price,
    )
