"""How large a position is in its contract's own unit, on which margin: from coins, dollars, contracts or margin.

    kind      unit of a size      from coins      from dollars    from margin M in the settle asset, leverage L
    linear    coins               as they are     dollars / E     M L / E
    inverse   USD of face value   coins x E       as they are     M L E
    quanto    contracts           -               -               M L / (k E)

All at the entry price E, to 15 digits.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Context, Decimal

from bot.services.question import Leg
from bot.services.symbols import Listing
from margin_engine import ContractKind

_DIGITS = Context(prec=15)
_UP = Context(prec=15, rounding=ROUND_CEILING)


def margin_in(leg: Leg, listing: Listing | None) -> Decimal | None:
    """The margin that was said, in the settle asset; dollars and the trade's own coin are converted at the entry.

    None when none was said, or nothing converts it.
    """
    if leg.margin is None or listing is None or (leg.margin_asset or "") == listing.settle:
        return leg.margin
    if listing.in_coins:
        own = leg.margin_asset is None and listing.contract.kind is ContractKind.INVERSE and leg.entry is not None
        return _DIGITS.divide(leg.margin, leg.entry or Decimal(1)) if own else None
    if leg.margin_asset is None:
        return leg.margin
    if leg.margin_asset == leg.coin and leg.entry is not None:
        return _DIGITS.multiply(leg.margin, leg.entry)
    return None


def sized(leg: Leg, listing: Listing | None = None) -> Decimal | None:
    """The position's size in its contract's unit; None when nothing said so far gives one.

    Arguments: listing, None for a linear contract whose coin is not known yet.
    """
    if listing is None and leg.contract not in (None, "linear"):
        return leg.quantity
    if leg.contracts is not None and leg.quantity is None:
        return _of_contracts(leg, leg.contracts, listing)
    kind = listing.contract.kind if listing is not None else ContractKind.LINEAR
    if kind is ContractKind.LINEAR and leg.quantity is not None:
        return leg.quantity
    if kind is ContractKind.INVERSE and leg.notional is not None:
        return leg.notional
    if leg.entry is None:
        return None
    margin = margin_in(leg, listing)
    worth = _DIGITS.multiply(margin, leg.leverage) if margin is not None and leg.leverage else None
    if kind is ContractKind.LINEAR:
        notional = leg.notional if leg.notional is not None else worth
        return _DIGITS.divide(notional, leg.entry) if notional is not None else None
    if kind is ContractKind.INVERSE:
        coins = leg.quantity if leg.quantity is not None else worth
        return _DIGITS.multiply(coins, leg.entry) if coins is not None else None
    unit = listing.notional(Decimal(1), leg.entry) if listing is not None else leg.entry
    return _DIGITS.divide(worth, unit) if worth is not None else None


def _of_contracts(leg: Leg, contracts: Decimal, listing: Listing | None) -> Decimal | None:
    """The size of a number of contracts: each holds the dollars that were said, else what the venue puts in it."""
    kind = listing.contract.kind if listing is not None else ContractKind.LINEAR
    if kind is ContractKind.QUANTO:
        return contracts
    if leg.contract_value is not None:
        dollars = contracts * leg.contract_value
        if kind is ContractKind.INVERSE:
            return dollars
        return _DIGITS.divide(dollars, leg.entry) if leg.entry is not None else None
    lot = listing.lot if listing is not None else None
    return contracts * lot if lot is not None else None


def leveraged(leg: Leg, listing: Listing | None = None) -> Decimal | None:
    """The position's leverage: as said, else notional / margin; 15 digits. None when nothing gives it."""
    if leg.leverage is not None:
        return leg.leverage
    margin, size = margin_in(leg, listing), sized(leg, listing)
    if not margin or leg.entry is None or size is None:
        return None
    worth = listing.notional(size, leg.entry) if listing is not None else size * leg.entry
    return _DIGITS.divide(worth, margin)


def initial_margin_at(listing: Listing, quantity: Decimal, price: Decimal, leverage: Decimal) -> Decimal:
    """Notional / leverage in the settle asset, rounded up at the fifteenth digit."""
    return _UP.divide(listing.notional(quantity, price), leverage)
