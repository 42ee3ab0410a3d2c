"""What was said about a venue's price, which position and mode it is about, and what is asked next."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.rendering.explain_views import Difference, Item
from bot.rendering.numbers import pessimistic
from bot.rendering.views import LegView, Mode, Partition
from bot.services.equity import settled_in
from bot.services.explaining import explain_difference
from bot.services.subject import Subject
from bot.services.suspects import Known, price_of, value_at_entry, with_known
from bot.understanding.coins import STABLES
from bot.understanding.venues import engine_venue
from margin_engine import Book, EngineError, SetLeverage, apply, known_venues, preset_of

_FAR: Final = 3
"""A liquidation price within this factor of an entry can be that position's."""

_LOT_TOLD: Final = 30
"""A price this many times below the entry of a lot is that of one coin."""

_NEARER: Final = 10
"""A price this many times nearer to one mode's than to the other's is that mode's."""

FUNDING: Final = Decimal("0.0001")
"""The usual funding of one interval, as a fraction of the notional: what the example of an answer pays once."""


class Said(BaseModel):
    """What was said so far; None is not said, and `unsure` what the person does not know.

    venue: as a reading names it. shown: the venue's price; ours: the price that the person quotes as the bot's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    venue: str | None = None
    shown: Decimal | None = None
    ours: Decimal | None = None
    leg: int | None = None
    mode: Mode | None = None
    added: Decimal | None = None
    paid: Decimal | None = None
    others: Decimal | None = None
    rate: Decimal | None = None
    unsure: tuple[Item, ...] = ()

    def knows(self, item: Item) -> bool:
        """Whether that was answered, "don't know" included."""
        return item in self.unsure or getattr(self, item) is not None

    def unsure_of(self, item: Item) -> Said:
        """The same with "don't know" for that."""
        return self.model_copy(update={item: None, "unsure": tuple(dict.fromkeys((*self.unsure, item)))})

    def having(self, item: Item, value: Decimal | int | str) -> Said:
        """The same with an answer for that."""
        unsure = tuple(each for each in self.unsure if each != item)
        return self.model_copy(update={item: value, "unsure": unsure})


def difference(subject: Subject, said: Said) -> Difference | None:
    """Why the venue shows another price, as far as enough is known; None while the positions lack something."""
    identities = list(subject.legs)
    legs = tuple(subject.legs.values())
    number = _position(legs, said)
    if not legs or not subject.books:
        return None
    identity = identities[number or 0]
    partition = _partition(subject.books, identity, legs[number or 0], said)
    if partition is None:
        return None
    book = subject.books[partition]
    asset = settled_in(book, book.position(identity))
    venue = engine_venue(said.venue, coin_margined=asset not in STABLES) if said.venue is not None else None
    said = said.model_copy(update={"shown": _per_lot(said.shown, legs[number or 0])})
    explained = explain_difference(
        subject.books,
        partition,
        identity,
        shown=said.shown,
        venue=venue,
        known=Known(added=said.added, paid=said.paid, others=said.others, rate=said.rate),
    )
    mode = book.position(identity).margin_mode.value
    return Difference(
        legs=legs,
        number=number,
        mode="cross" if mode == "cross" else "isolated",
        explained=explained,
        two_modes=legs[number or 0].mode is None
        and said.mode is None
        and not _tells_mode(subject.books, identity, said),
        venue=preset_of(venue).title if venue in known_venues() else None,
        shown=said.shown,
        asset=asset,
        known={item: getattr(said, item) for item in ("added", "paid", "others", "rate") if said.knows(item)},
        tiers=subject.tiers,
    )


def _per_lot(price: Decimal | None, leg: LegView) -> Decimal | None:
    """A price of a coin that is traded by the thousand, where it was told for one coin."""
    lot = next((Decimal(name) for name in ("1000000", "1000") if leg.coin.startswith(name)), None)
    if price is None or lot is None or leg.entry is None or price * _LOT_TOLD > leg.entry:
        return price
    return price * lot


def _position(legs: tuple[LegView, ...], said: Said) -> int | None:
    """Which position is meant: the one that was named, the only one, else the only one that the price can be of."""
    if said.leg is not None and said.leg < len(legs):
        return said.leg
    if len(legs) == 1:
        return 0
    price = said.shown
    near = [
        number
        for number, leg in enumerate(legs)
        if price is not None and leg.entry is not None and leg.entry / _FAR <= price <= leg.entry * _FAR
    ]
    return near[0] if len(near) == 1 else None


def _partition(books: Mapping[Partition, Book], identity: str, leg: LegView, said: Said) -> Partition | None:
    """The book that the venue's price is about: as the position was said to be held, else as the numbers tell."""
    if leg.mode is not None:
        if "given" in books:
            return "given"
        return leg.mode if leg.mode in books else None
    if said.mode is not None and said.mode in books:
        return said.mode
    modes: list[Partition] = [name for name in ("isolated", "cross") if name in books]
    quoted = said.ours if said.ours is not None else said.shown
    if quoted is None or len(modes) < 2:
        return modes[0] if modes else None
    prices = {name: price_of(books[name], identity) for name in modes}
    return min(modes, key=lambda name: abs((prices[name] or Decimal(0)) - quoted))


def _tells_mode(books: Mapping[Partition, Book], identity: str, said: Said) -> bool:
    """Whether a quoted price is so much nearer to one mode's than to the other's that it can only be that."""
    quoted = said.ours if said.ours is not None else said.shown
    prices = [price_of(books[name], identity) for name in ("isolated", "cross") if name in books]
    if len(prices) < 2:
        return True
    if quoted is None or prices[0] is None or prices[1] is None:
        return False
    near, far = sorted(abs(price - quoted) for price in prices if price is not None)
    return near * _NEARER <= far


def next_item(found: Difference, said: Said) -> Item | None:
    """The one thing that is asked next; None when the difference is explained or everything was asked."""
    if not said.knows("shown"):
        return "shown"
    if found.number is None:
        return "leg"
    if found.two_modes and not said.knows("mode"):
        return "mode"
    if found.explained.fits or found.explained.ours is None or said.shown is None:
        return None
    return next((item for item in items_of(found) if not said.knows(item)), None)


def items_of(found: Difference) -> tuple[Item, ...]:
    """What can be known besides the price about a position of that mode."""
    return ("paid", "others", "rate") if found.mode == "cross" else ("added", "paid", "rate")


def topic_numbers(topic: str | None, subject: Subject) -> Mapping[str, Decimal | str] | None:
    """The numbers that answer a topic for the first position of an account; None where there are none."""
    identity = next(iter(subject.legs), None)
    if identity is None:
        return None
    if topic == "funding_effect" and subject.as_it_stands is not None:
        return _funding(subject.as_it_stands, identity, subject.legs[identity])
    if topic == "leverage_in_cross" and "cross" in subject.books:
        return _leverage(subject.books["cross"], identity, subject.legs[identity])
    return None


def _funding(book: Book, identity: str, leg: LegView) -> Mapping[str, Decimal | str] | None:
    amount = value_at_entry(book, identity) * FUNDING
    before = price_of(book, identity)
    try:
        after = price_of(with_known(book, identity, Known(paid=amount)), identity)
    except EngineError:
        return None
    if before is None or after is None:
        return None
    return {
        "coin": leg.coin,
        "amount": amount,
        "asset": settled_in(book, book.position(identity)),
        "rate": FUNDING,
        "before": _on_tick(before, leg),
        "after": _on_tick(after, leg),
    }


def _on_tick(price: Decimal, leg: LegView) -> Decimal:
    """A liquidation price on the contract's tick as every card shows it."""
    return pessimistic(price, side=leg.side or "long", tick=leg.tick)


def _leverage(book: Book, identity: str, leg: LegView) -> Mapping[str, Decimal | str] | None:
    other = Decimal(5) if leg.leverage != 5 else Decimal(10)
    try:
        changed = apply(book, (SetLeverage(id=identity, leverage=other),))
    except EngineError:
        return None
    before, after = price_of(book, identity), price_of(changed, identity)
    if leg.leverage is None or before is None or after is None:
        return None
    prices = {"before": _on_tick(before, leg), "after": _on_tick(after, leg)}
    return {"coin": leg.coin, "leverage": leg.leverage, "other": other, **prices}
