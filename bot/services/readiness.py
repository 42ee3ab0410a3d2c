"""What stands between a question and its answer: contract units, what both halves need, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.rendering.views import Asked, Note, SideName
from bot.services.question import Leg, Question, leveraged, sized, with_leg
from bot.services.symbols import VENUE, Listing, listing_of, nearest

LEVERAGES = (2, 3, 5, 10, 20, 50, 75, 100, 125)
VENUE_NAMES = {
    "binance-coinm": "Binance COIN‑M",
    "bybit": "Bybit",
    "okx": "OKX",
    "bitmex": "BitMEX",
    "gate": "Gate",
    "hyperliquid": "Hyperliquid",
    "dydx-v4": "dYdX",
    "dydx": "dYdX",
    "deribit": "Deribit",
    "kraken-futures": "Kraken Futures",
    "kraken": "Kraken Futures",
    "primexbt": "PrimeXBT",
    "margex": "Margex",
    "alphapoint": "AlphaPoint",
}
_OWN = frozenset({VENUE, "binance", "binance-usdm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A leg with its listing and everything that follows from what was said; None is what is still open."""

    id: str
    leg: Leg
    listing: Listing
    side: SideName
    entry: Decimal
    mark: Decimal
    quantity: Decimal | None
    leverage: Decimal | None


def in_contract_units(question: Question) -> tuple[Question, list[Note]]:
    """The question in the venue's contract units: 5,000,000 PEPE at 0.00001 are 5,000 of 1000PEPE at 0.01."""
    notes: list[Note] = []
    for index, leg in enumerate(question.legs):
        listing = listing_of(leg.coin) if leg.coin else None
        if leg.coin is None or listing is None or listing.per == 1:
            continue
        lot = Decimal(listing.per)
        prices = dict(question.prices)
        given = prices.pop(leg.coin, None)
        if given is not None:
            prices[listing.coin] = given.model_copy(update={"price": given.price * lot})
        question = with_leg(
            question,
            index,
            coin=listing.coin,
            quantity=leg.quantity / lot if leg.quantity is not None else None,
            entry=leg.entry * lot if leg.entry is not None else None,
        ).model_copy(update={"prices": prices})
        notes.append(Note(name="lots", facts={"base": leg.coin, "coin": listing.coin, "per": lot}))
    return question, notes


def venue_remarks(question: Question) -> list[Note]:
    if question.venue is None or question.venue in _OWN:
        return []
    return [Note(name="other_venue", facts={"venue": VENUE_NAMES.get(question.venue, question.venue)})]


def hedge_remarks(question: Question) -> list[Note]:
    """That a long and a short of one coin are two legs of a hedge."""
    coins = [leg.coin for leg in question.legs]
    hedged = {leg.coin for leg in question.legs if coins.count(leg.coin) > 1 and leg.coin is not None}
    return [Note(name="hedge", facts={"coin": coin}) for coin in sorted(hedged)]


def unanswered_remarks(question: Question) -> list[Note]:
    notes = [
        Note(name="contracts", facts={"number": leg.contracts}) for leg in question.legs if leg.contracts is not None
    ]
    notes += [Note(name="foreign", facts={"what": name}) for name in question.foreign]
    if question.unread:
        notes.append(Note(name="unplaced", facts={"text": ", ".join(question.unread)}))
    if question.plan:
        notes.append(Note(name="plan", facts={"text": ", ".join(question.plan)}))
    return [*notes, Note(name="not_yet_here")] if question.unanswered else notes


def blocked(question: Question) -> tuple[list[Note], Asked] | None:
    """What both halves wait for: a coin, a side and an entry for every position."""
    for index, leg in enumerate(question.legs):
        if leg.coin is None and question.unknown_coin is not None:
            note = Note(name="no_such_coin", facts={"coin": question.unknown_coin})
            return [note], Asked(slot="symbol", leg=index, choices=nearest(question.unknown_coin))
        if leg.coin is None:
            return [], Asked(slot="symbol", leg=index, choices=("BTC", "ETH", "SOL"))
        if listing_of(leg.coin) is None:
            note = Note(name="unknown_coin", facts={"coin": leg.coin})
            return [note], Asked(slot="symbol", leg=index, choices=nearest(leg.coin))
        if leg.side is None:
            return [], Asked(slot="side", leg=index, choices=("long", "short"))
        if leg.entry is None and not (leg.at_market and leg.coin in question.prices):
            return ([Note(name="no_live_prices")] if leg.at_market else []), Asked(slot="entry", leg=index)
    return None


def refused(legs: Sequence[Ready]) -> tuple[Note, Asked | None] | None:
    """What the venue would not allow: leverage below 1 or above the rung's limit, the same side twice."""
    for index, ready in enumerate(legs):
        limit = leverage_limit(ready)
        if ready.leg.leverage is not None and ready.leg.leverage < 1:
            return Note(name="leverage_least"), Asked(slot="leverage", leg=index, choices=("1", "2", "5", "10"))
        if ready.leverage is not None and limit is not None and ready.leverage > limit:
            choices = [each for each in LEVERAGES if each < limit][-3:]
            asked = Asked(slot="leverage", leg=index, choices=(*map(str, choices), f"{limit:f}"))
            return limit_note(ready.listing.coin, ready.leverage, limit), asked
    pairs = [(ready.listing.symbol, ready.side) for ready in legs]
    twice = next((ready for ready, pair in zip(legs, pairs, strict=True) if pairs.count(pair) > 1), None)
    return (Note(name="same_side_twice", facts={"coin": twice.listing.coin}), None) if twice else None


def limit_note(coin: str, leverage: Decimal, limit: Decimal) -> Note:
    """That a leverage is above what the venue allows."""
    return Note(name="leverage_limit", facts={"coin": coin, "leverage": leverage, "limit": limit})


def leverage_limit(ready: Ready) -> Decimal | None:
    """The highest leverage for the position's notional at entry; for one without a size, the highest of all."""
    notional = ready.quantity * ready.entry if ready.quantity is not None else Decimal(0)
    tiers = ready.listing.table.tiers
    return tiers[ready.listing.table.rung_at(notional)].max_leverage


def ready_legs(question: Question) -> tuple[Ready, ...]:
    """The legs of a question that `blocked` lets through. Raises ValueError for one that it does not."""
    return _hedged([_ready(index, leg, question) for index, leg in enumerate(question.legs)])


def _ready(index: int, leg: Leg, question: Question) -> Ready:
    listing = listing_of(leg.coin or "")
    given = question.prices.get(listing.coin) if listing else None
    entry = leg.entry if leg.entry is not None else given.price if given else None
    side = leg.side
    if listing is None or side is None or entry is None:
        raise ValueError(f"position {index} of a question lacks a listed coin, a side or an entry")
    leg = leg.model_copy(update={"entry": entry})
    return Ready(
        id=f"p{index + 1}",
        leg=leg,
        listing=listing,
        side=side,
        entry=entry,
        mark=given.price if given else entry,
        quantity=sized(leg),
        leverage=leveraged(leg),
    )


def _hedged(legs: Sequence[Ready]) -> tuple[Ready, ...]:
    """Two legs of one symbol have one mark: where none was given, the entry of the larger leg stands in for it."""
    largest: dict[str, Ready] = {}
    for ready in legs:
        held = largest.get(ready.listing.symbol)
        if held is None or (ready.quantity or 0) > (held.quantity or 0):
            largest[ready.listing.symbol] = ready
    return tuple(replace(ready, mark=largest[ready.listing.symbol].mark) for ready in legs)
