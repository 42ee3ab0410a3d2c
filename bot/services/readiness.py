"""What stands between a question and its answer: contract units, what both halves need, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal

from bot.rendering.venues import title_of
from bot.rendering.views import Asked, Note, SideName
from bot.services.question import Leg, Question, settled_in, with_leg
from bot.services.sizing import leveraged, margin_in, sized
from bot.services.symbols import Listing, has_quote, listing_of, nearest, symbol_of, venues_with
from bot.understanding.coins import window
from margin_engine import MarginMode, preset_of

_MOST_NAMED = 3
_TWO_DIGITS = Context(prec=2)
LEVERAGES = (2, 3, 5, 10, 20, 50, 75, 100, 125)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A leg with its listing and everything that follows from what was said; None is what is still open.

    quantity: in the contract's unit. margin: the isolated margin that was said, in the settle asset.
    """

    id: str
    leg: Leg
    listing: Listing
    side: SideName
    entry: Decimal
    mark: Decimal
    quantity: Decimal | None
    leverage: Decimal | None
    margin: Decimal | None = None


def listing_for(question: Question, leg: Leg) -> Listing | None:
    """The contract that a position is in, at the question's venue."""
    return listing_of(leg.coin or "", question.rules, leg.contract, leg.rate, leg.quote)


def in_contract_units(question: Question) -> tuple[Question, list[Note]]:
    """The question in the venue's contract units: 5,000,000 PEPE at 0.00001 are 5,000 of 1000PEPE at 0.01."""
    notes: list[Note] = []
    for index, leg in enumerate(question.legs):
        listing = listing_for(question, leg)
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
    """What has to be said about the venue: that it is not known, or what it has no mode for."""
    venue = question.rules
    if question.venue is not None and not question.known_venue:
        return [Note(name="other_venue", facts={"venue": title_of(question.venue), "rules": title_of(venue)})]
    if venue == "primexbt":
        return [Note(name="closes_earlier", facts={"venue": title_of(venue)})]
    if MarginMode.ISOLATED not in preset_of(venue).margin_modes:
        return [Note(name="no_isolated_here", facts={"venue": title_of(venue)})]
    return []


def converted_remarks(legs: Sequence[Ready]) -> list[Note]:
    """Sizes and margins that were said in another unit than the contract's: what they became."""
    notes: list[Note] = []
    for ready in legs:
        leg, listing = ready.leg, ready.listing
        if ready.quantity is None:
            continue
        facts = {"coin": listing.coin, "price": ready.entry, "size": ready.quantity}
        if listing.kind == "inverse" and leg.quantity is not None:
            notes.append(Note(name="coins_in_usd", facts={**facts, "coins": leg.quantity}))
        elif leg.contracts is not None and listing.kind != "quanto":
            lot = leg.contract_value if leg.contract_value is not None else listing.lot or Decimal(1)
            dollars = listing.kind == "inverse" or leg.contract_value is not None
            lots = {"number": leg.contracts, "lot": lot, "of": "USD" if dollars else listing.coin}
            notes.append(Note(name="contracts_of", facts=lots))
        if ready.margin is not None and leg.margin is not None and ready.margin != leg.margin:
            said = leg.margin_asset or "USD"
            margin = {"said": leg.margin, "unit": said, "margin": ready.margin, "asset": listing.settle}
            notes.append(Note(name="margin_converted", facts={**margin, "price": ready.entry}))
    return notes


def hedge_remarks(question: Question) -> list[Note]:
    """That a long and a short of one coin are two legs of a hedge."""
    coins = [leg.coin for leg in question.legs]
    hedged = {leg.coin for leg in question.legs if coins.count(leg.coin) > 1 and leg.coin is not None}
    return [Note(name="hedge", facts={"coin": coin}) for coin in sorted(hedged)]


def unanswered_remarks(question: Question) -> list[Note]:
    notes = [
        Note(name="contracts", facts={"number": leg.contracts})
        for leg in question.legs
        if leg.contracts is not None and leg.entry is not None and _uncounted(leg, listing_for(question, leg))
    ]
    asset = settled_in(question.venue)
    own = {asset, *(leg.quote for leg in question.legs if has_quote(question.rules, leg.quote))}
    notes += [
        Note(name="foreign", facts={"what": name, "asset": asset}) for name in question.foreign if name not in own
    ]
    notes += unplaced(question.unread)
    if question.plan:
        name = "plan_more" if len(question.plan) > _MOST_NAMED else "plan"
        notes.append(Note(name=name, facts=_left_out(question.plan)))
    return [*notes, Note(name="not_yet_here")] if question.unanswered else notes


def unplaced(texts: Sequence[str]) -> list[Note]:
    """The note that names figures which found no place; none where there are none."""
    name = "unplaced_more" if len(texts) > _MOST_NAMED else "unplaced"
    return [Note(name=name, facts=_left_out(texts))] if texts else []


def _left_out(texts: Sequence[str]) -> dict[str, object]:
    """What found no place: the first few by their words, and how many more."""
    return {"text": ", ".join(texts[:_MOST_NAMED]), "more": len(texts) - _MOST_NAMED}


def _uncounted(leg: Leg, listing: Listing | None) -> bool:
    """Whether nothing tells how much a number of contracts is."""
    return listing is not None and sized(leg, listing) is None


def blocked(question: Question) -> tuple[list[Note], Asked | None] | None:
    """What both halves wait for: a coin that the venue has, a side and an entry for every position."""
    for index, leg in enumerate(question.legs):
        if leg.coin is None and question.unknown_coin is not None:
            note = Note(name="no_such_coin", facts={"coin": question.unknown_coin})
            return [note], Asked(slot="symbol", leg=index, choices=nearest(question.unknown_coin))
        if leg.coin is None:
            return [], Asked(slot="symbol", leg=index, choices=("BTC", "ETH", "SOL"))
        if listing_for(question, leg) is None:
            return _not_listed(question, leg, index)
        if leg.side is None:
            return [], Asked(slot="side", leg=index, choices=("long", "short"))
        if leg.entry is None and not (leg.at_market and leg.coin in question.prices):
            asked = Asked(slot="entry", leg=index, example=likely_price(leg.coin))
            return ([Note(name="no_live_prices")] if leg.at_market else []), asked
        if _which_contract(leg):
            return [], Asked(slot="contract", leg=index, choices=("linear", "inverse"))
    return None


def likely_price(coin: str) -> Decimal | None:
    """A price of a coin that a person might name, to two digits; None for a coin whose prices are not recorded."""
    known = window(coin)
    return _TWO_DIGITS.sqrt(known.low * known.high) if known is not None else None


def _which_contract(leg: Leg) -> bool:
    """Whether margin in the trade's own coin leaves open if the contract is settled in it."""
    return leg.contract is None and leg.margin_asset is not None and leg.margin_asset == leg.coin


def _not_listed(question: Question, leg: Leg, index: int) -> tuple[list[Note], Asked]:
    """A coin without tiers at the venue: the venues that have it, or the rate that the venue shows."""
    coin, venue = leg.coin or "", question.rules
    facts = {"coin": f"{coin}{leg.quote}" if has_quote(venue, leg.quote) else coin, "venue": title_of(venue)}
    elsewhere = tuple(each for each in venues_with(coin, leg.contract) if each != venue)
    coin_margined = leg.contract in ("inverse", "quanto")
    if symbol_of(coin, venue, leg.contract) is None:
        return [Note(name="no_coin_contract", facts=facts)], Asked(slot="venue", leg=index, choices=elsewhere[:6])
    if not elsewhere and not coin_margined and window(coin) is None:
        return [Note(name="unknown_coin", facts=facts)], Asked(slot="symbol", leg=index, choices=nearest(coin, venue))
    name = "coin_tiers_unknown" if coin_margined else "tiers_unknown"
    return [Note(name=name, facts=facts)], Asked(
        slot="venue", leg=index, choices=elsewhere[:6], of_venue=title_of(venue)
    )


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
    """The highest leverage for the position's notional at entry; for one without a size, the highest of all.

    Where the tiers name none, the highest that is known of any contract of the venue.
    """
    listing = ready.listing
    notional = listing.notional(ready.quantity, ready.entry) if ready.quantity is not None else Decimal(0)
    table = listing.table_at(ready.quantity)
    limit = table.tiers[table.rung_at(notional)].max_leverage
    return preset_of(listing.venue).max_leverage if limit is None else limit


def ready_legs(question: Question) -> tuple[Ready, ...]:
    """The legs of a question that `blocked` lets through. Raises ValueError for one that it does not."""
    return _hedged([_ready(index, leg, question) for index, leg in enumerate(question.legs)])


def _ready(index: int, leg: Leg, question: Question) -> Ready:
    listing = listing_for(question, leg)
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
        quantity=sized(leg, listing),
        leverage=leveraged(leg, listing),
        margin=margin_in(leg, listing),
    )


def _hedged(legs: Sequence[Ready]) -> tuple[Ready, ...]:
    """Two legs of one symbol have one mark: where none was given, the entry of the larger leg stands in for it."""
    largest: dict[str, Ready] = {}
    for ready in legs:
        held = largest.get(ready.listing.symbol)
        if held is None or (ready.quantity or 0) > (held.quantity or 0):
            largest[ready.listing.symbol] = ready
    return tuple(replace(ready, mark=largest[ready.listing.symbol].mark) for ready in legs)
