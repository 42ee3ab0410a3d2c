"""What may be different at the venue: each suspect is an assumption changed, and the engine's price with it.

Two kinds. *Direct* ones are other rules that exist: the other mode, another venue's rules, a neighbouring rung, a fee,
the next whole leverage. *Solved* ones are amounts that nobody told: the margin that was added, what was paid, the
entry, the maintenance rate; the engine is asked until its price is the venue's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from functools import partial
from typing import Final

from bot.rendering.explain_views import Suspect
from bot.rendering.views import Partition
from bot.services.equity import answer_of, margin_behind, settled_in, with_money
from bot.services.finding import mark_of
from bot.understanding.coins import STABLES
from margin_engine import (
    Book,
    EngineError,
    MarginMode,
    Position,
    Tier,
    TierMethod,
    TierTable,
    known_venues,
    preset_of,
    tick_size,
    tier_table,
)

_DIGITS: Final = Context(prec=28)
_WIDE: Final = Context(prec=100)
"""For rounding what can have any number of digits."""

_CENT: Final = Decimal("0.01")
_RATE_STEP: Final = Decimal("0.000001")
_STEPS: Final = 8
_FAR: Final = Decimal("0.2")
"""An entry further than this fraction from the told one is no explanation."""

_HIGHEST_RATE: Final = Decimal("0.1")
_MOST_ADDED: Final = 5
"""More than this many times the margin is no likely top-up."""

_NO_TICK: Final = Decimal("0.00001")
"""Where no tick is known, prices agree within this fraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the person knows besides, None where they do not: amounts in the settle asset, `rate` a fraction.

    added: margin put in by hand, negative for margin taken out. paid: fees and funding that came out of the margin.
    others: the profit or loss of other open positions. rate: the maintenance rate that the venue shows.
    """

    added: Decimal | None = None
    paid: Decimal | None = None
    others: Decimal | None = None
    rate: Decimal | None = None


def price_of(book: Book, identity: str) -> Decimal | None:
    """The position's liquidation price, None where there is none."""
    answer = answer_of(book)
    return answer.position(identity).liquidation_price if answer is not None else None


def _made(make: Callable[[], Book], identity: str) -> Decimal | None:
    """The liquidation price in a book that is made, None where the engine refuses to make it."""
    try:
        return price_of(make(), identity)
    except EngineError:
        return None


def tolerance(book: Book, identity: str, ours: Decimal) -> Decimal:
    """How far apart two prices may be and still be the same on a screen: a tick."""
    tick = tick_size(book.venue, book.position(identity).symbol)
    return tick if tick is not None else Decimal(1).scaleb((ours * _NO_TICK).adjusted())


# --- What is known -------------------------------------------------------------------------------------------------


def with_known(book: Book, identity: str, known: Known) -> Book:
    """The book with what the person knows about it."""
    amount = (known.added or Decimal(0)) - (known.paid or Decimal(0))
    if book.position(identity).margin_mode is MarginMode.CROSS:
        amount += known.others or Decimal(0)
    book = with_money(book, book.position(identity), amount) if amount else book
    return _on_rung(book, identity, known.rate) if known.rate is not None else book


def _on_rung(book: Book, identity: str, rate: Decimal) -> Book:
    """The book with the rung of that rate, deduction included, if the position's value reaches it.

    Any other rate holds for all of the value: the deduction of a higher rung would be more than it takes.
    """
    table = _table(book, identity)
    value = value_at_entry(book, identity)
    amounts = table.amounts(_method(book)) if table is not None else ()
    reached = [
        amount
        for tier, amount in zip(table.tiers if table is not None else (), amounts, strict=True)
        if tier.rate == rate and tier.floor <= value
    ]
    return _with_rate(book, identity, rate, reached[0] if reached else None)


def _table(book: Book, identity: str) -> TierTable | None:
    symbol = book.position(identity).symbol
    return book.tiers.get(symbol) or tier_table(book.venue, symbol)


def _method(book: Book) -> TierMethod:
    return (book.rules or preset_of(book.venue).rules).tier_method


def value_at_entry(book: Book, identity: str) -> Decimal:
    """The position's notional at its entry, in what it settles in; 0 where the engine refuses the book."""
    position = book.position(identity)
    alone = replace(book, positions=(replace(position, mark_price=position.entry_price),))
    answer = answer_of(alone)
    return answer.position(identity).notional if answer is not None else Decimal(0)


def _cents(asset: str) -> Decimal:
    return _CENT if asset in STABLES else Decimal("0.00000001")


def _with_rate(book: Book, identity: str, rate: Decimal, amount: Decimal | None = None) -> Book:
    """The book with one maintenance rate for any size of the position's symbol."""
    table = TierTable(tiers=(Tier(floor=Decimal(0), rate=rate, amount=amount),))
    return replace(book, tiers={**book.tiers, book.position(identity).symbol: table})


# --- Other rules ---------------------------------------------------------------------------------------------------


def other_modes(
    books: Mapping[Partition, Book], partition: Partition, identity: str, known: Known
) -> Iterator[Suspect]:
    """The same position in the other mode."""
    ours = books[partition].position(identity).margin_mode
    for name in ("isolated", "cross"):
        if name == ours.value or name not in books:
            continue
        price = _made(partial(with_known, books[name], identity, known), identity)
        if price is not None:
            yield Suspect(name="mode", price=price, facts={"mode": name})


def direct(book: Book, identity: str, venue: str | None, known: Known) -> Iterator[Suspect]:
    """Other rules that exist: other venues', the neighbouring rungs, fees."""
    yield from _venues(book, identity, venue)
    if known.rate is None:
        yield from _rungs(book, identity)
    yield from _fees(book, identity, venue, known)


def _venues(book: Book, identity: str, venue: str | None) -> Iterator[Suspect]:
    """The same position by the rules and tables of other venues, the one that shows the price first."""
    for name in sorted(known_venues(), key=lambda each: each != venue):
        preset = preset_of(name)
        if name == book.venue or (preset.assumed is not None and name != venue):
            continue
        price = price_of(replace(book, venue=name, rules=None, tiers={}), identity)
        if price is not None:
            yield Suspect(name="venue", price=price, facts={"venue": name})


def _rungs(book: Book, identity: str) -> Iterator[Suspect]:
    """The rungs around the one that holds at our price: the one below continued, and each without its deduction."""
    table = _table(book, identity)
    if table is None:
        return
    here = table.rung_at(value_at_entry(book, identity))
    amounts = table.amounts(_method(book))
    for number in range(max(here - 1, 0), min(here + 2, len(table.tiers))):
        rate = table.tiers[number].rate
        continued = price_of(_with_rate(book, identity, rate, amounts[number]), identity) if number < here else None
        if continued is not None:
            yield Suspect(name="rung", price=continued, facts={"rate": rate}, solved=True)
        flat = price_of(_with_rate(book, identity, rate), identity) if amounts[number] else None
        if flat is not None:
            yield Suspect(name="flat_rate", price=flat, facts={"rate": rate})


def _fees(book: Book, identity: str, venue: str | None, known: Known) -> Iterator[Suspect]:
    """The venue's fee counted for closing, and paid for opening out of what stands behind the position."""
    position, preset = book.position(identity), preset_of(venue if venue in known_venues() else book.venue)
    rules = book.rules or preset_of(book.venue).rules
    if rules.fee_to_close_rate:
        # Where the position's margin holds the closing fee too, it stands on both sides and cancels.
        price = price_of(replace(book, rules=replace(rules, fee_to_close_rate=Decimal(0))), identity)
        if price is not None:
            yield Suspect(name="fee_in_margin", price=price, facts={"rate": rules.fee_to_close_rate})
    if preset.taker_fee:
        price = price_of(replace(book, rules=replace(rules, closing_fee_rate=preset.taker_fee)), identity)
        if price is not None:
            yield Suspect(name="closing_fee", price=price, facts={"rate": preset.taker_fee})
    for rate in dict.fromkeys((preset.taker_fee, preset.maker_fee)):
        if not rate or rate < 0 or known.paid is not None:
            continue
        fee = value_at_entry(book, identity) * rate
        price = _made(partial(with_money, book, position, -fee), identity)
        if price is not None:
            facts: dict[str, Decimal | str] = {"rate": rate, "amount": fee, "asset": settled_in(book, position)}
            yield Suspect(name="opening_fee", price=price, facts=facts)


# --- Amounts that nobody told --------------------------------------------------------------------------------------


def solved(book: Book, identity: str, shown: Decimal, known: Known, near: Decimal) -> Iterator[Suspect]:
    """The amounts with which the engine's price is the venue's."""
    yield from _solved_margin(book, identity, shown, known, near)
    position = book.position(identity)

    # An isolated margin follows the entry, and nothing there depends on the rest of the wallet.
    isolated = position.margin_mode is MarginMode.ISOLATED
    roomy = book.deposited(settled_in(book, position), margin_behind(book, position)) if isolated else book

    def at_entry(price: Decimal) -> Decimal | None:
        return _made(lambda: roomy.with_position(replace(position, entry_price=price)), identity)

    entry = _root(at_entry, position.entry_price, position.entry_price * Decimal("1.001"), shown)
    if entry is not None and abs(entry / position.entry_price - 1) <= _FAR:
        entry = entry.quantize(min(near, Decimal(1)), context=_WIDE)
        moved = at_entry(entry)
        if moved is not None:
            yield Suspect(name="entry", price=moved, facts={"price": entry}, solved=True)
    if known.rate is None:
        yield from _solved_rate(book, identity, shown)


def _solved_margin(book: Book, identity: str, shown: Decimal, known: Known, near: Decimal) -> Iterator[Suspect]:
    step = _DIGITS.divide(value_at_entry(book, identity), Decimal(1000))
    position = book.position(identity)
    amount = _root(lambda more: _made(partial(with_money, book, position, more), identity), Decimal(0), step, shown)
    if amount is None:
        return
    asset = settled_in(book, position)
    amount = amount.quantize(_cents(asset), context=_WIDE)
    price = _made(partial(with_money, book, position, amount), identity)
    if price is None or not amount:
        return
    if position.margin_mode is MarginMode.CROSS:
        wallet = book.wallet[asset] + amount
        if known.others is None or known.paid is None:
            yield Suspect(
                name="wallet", price=price, facts={"wallet": wallet, "amount": amount, "asset": asset}, solved=True
            )
        return
    value, margin = value_at_entry(book, identity), margin_behind(book, position)
    if 0 < amount <= _MOST_ADDED * margin and known.added is None:
        yield Suspect(name="added", price=price, facts={"amount": amount, "asset": asset}, solved=True)
    if amount < 0 and known.paid is None:
        facts: dict[str, Decimal | str] = {"amount": -amount, "asset": asset, "rate": _DIGITS.divide(-amount, value)}
        yield Suspect(name="paid", price=price, facts=facts, solved=True)
    yield from _leverage(book, position, margin, amount, shown, near)


def _leverage(
    book: Book, position: Position, own: Decimal, amount: Decimal, shown: Decimal, near: Decimal
) -> Iterator[Suspect]:
    """The whole leverage next to what its own margin and that amount would be, if it gives the venue's price."""
    margin = own + amount
    if margin <= 0 or position.isolated_margin is not None:
        return
    whole = _DIGITS.divide(position.leverage * own, margin).quantize(Decimal(1), context=_WIDE)
    if whole < 1 or whole == position.leverage:
        return
    roomy = book.deposited(settled_in(book, position), margin)
    price = price_of(roomy.with_position(replace(position, leverage=whole)), position.id)
    if price is not None and abs(price - shown) <= near:
        yield Suspect(name="leverage", price=price, facts={"leverage": whole})


def _solved_rate(book: Book, identity: str, shown: Decimal) -> Iterator[Suspect]:
    def price(rate: Decimal) -> Decimal | None:
        return price_of(_with_rate(book, identity, rate), identity) if 0 <= rate < 1 else None

    rate = _root(price, Decimal("0.004"), Decimal("0.01"), shown)
    if rate is None:
        return
    rate = rate.quantize(_RATE_STEP, context=_WIDE)
    found = price(rate)
    if found is not None and 0 < rate <= _HIGHEST_RATE:
        yield Suspect(name="rate", price=found, facts={"rate": rate}, solved=True)


def _root(
    price: Callable[[Decimal], Decimal | None], first: Decimal, second: Decimal, shown: Decimal
) -> Decimal | None:
    """Where `price` is `shown`, by the secant method; None where it does not get there in a few steps."""
    here, there = price(first), price(second)
    for _ in range(_STEPS):
        if here is None or there is None:
            return None
        if abs(there - shown) <= shown * Decimal("1e-9"):
            return second
        if there == here:
            return None
        step = _DIGITS.divide((shown - there) * (second - first), there - here)
        first, second, here = second, second + step, there
        there = price(second)
    return None


def mark_counts(book: Book, identity: str, ours: Decimal) -> bool:
    """Whether another price now of the same symbol would move the liquidation price."""
    symbol = book.position(identity).symbol
    moved = tuple(
        replace(each, mark_price=mark_of(each) * Decimal("1.001")) if each.symbol == symbol else each
        for each in book.positions
    )
    price = price_of(replace(book, positions=moved), identity)
    return price is not None and abs(price / ours - 1) > Decimal("1e-9")
