"""What an answer rests on without having been said, and what has to be said about it besides the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Context, Decimal

from bot.rendering.views import Note, Opening
from bot.services.beside import Beside
from bot.services.halves import CROSS_POOL, Halves, stand_in
from bot.services.question import Question, sized
from bot.services.readiness import Ready
from bot.services.saved import coin_of

_THREE_DOWN = Context(prec=3, rounding=ROUND_DOWN)


def said_otherwise(question: Question) -> list[Note]:
    """What was said, but read in one of two ways: dollars taken as margin, numbers without a name."""
    return [*_taken_as_margin(question), *_guessed(question)]


def _taken_as_margin(question: Question) -> list[Note]:
    return [
        Note(name="taken_as_margin", facts={"margin": leg.margin, "coin": leg.coin or ""}, leg=index)
        for index, leg in enumerate(question.legs)
        if leg.margin_taken and leg.margin is not None
    ]


def _guessed(question: Question) -> list[Note]:
    """Numbers that were not named: what each was taken for."""
    leg = question.legs[0]
    values = {"size": sized(leg), "entry": leg.entry, "leverage": leg.leverage} if len(question.legs) == 1 else {}
    values["wallet"] = question.wallet
    notes: list[Note] = []
    for slot in question.guessed:
        value = values.get(slot)
        name = "guessed" if value is None else "guessed_number"
        notes.append(Note(name=name, facts={"value": value} if value is not None else {}, slot=slot))
    return notes


def assumed(question: Question, legs: Sequence[Ready], halves: Halves, others: Beside) -> list[Note]:
    """Everything that was not said and that the answer rests on."""
    notes = said_otherwise(question)
    if not (halves.isolated or halves.cross):
        return notes
    for index, leg in enumerate(legs):
        limit = size_free_up_to(leg, halves)
        if limit is not None:
            facts = {"cap": limit, "coin": leg.listing.coin, "quantity": stand_in(leg)}
            notes.append(
                Note(name="any_size" if len(legs) == 1 else "any_size_of", facts=facts, slot="size", leg=index)
            )
    if question.wallet_from == "portfolio" and question.wallet is not None:
        notes.append(Note(name="saved_wallet", facts={"wallet": question.wallet}, slot="wallet"))
    if question.mode == "cross" and any(leg.leverage is None for leg in legs):
        notes.append(Note(name="isolated_needs_leverage", slot="leverage"))
    notes += _price_notes(question, legs)
    if halves.cross is not None and others.positions:
        notes.append(Note(name="saved_prices"))
    elif halves.cross is not None and not (others.counted or others.uncounted):
        notes.append(Note(name="nothing_else_open"))
    return [*notes, Note(name="venue"), Note(name="fees")]


def size_free_up_to(ready: Ready, halves: Halves) -> Decimal | None:
    """The entry notional up to which the isolated price holds when no size was said: the first tier's end.

    A short grows on its way to liquidation, so it has to start that much smaller.
    """
    tiers = ready.listing.table.tiers
    if ready.quantity is not None or halves.isolated is None or len(tiers) == 1:
        return None
    price = halves.isolated.position(ready.id).liquidation_price
    if price is None or price <= ready.entry:
        return tiers[1].floor
    return _THREE_DOWN.multiply(tiers[1].floor, ready.entry / price)


def _price_notes(question: Question, legs: Sequence[Ready]) -> list[Note]:
    """For every coin whose price now nobody gave: which price stands in for it."""
    notes: list[Note] = []
    open_coins = {leg.listing.coin: index for index, leg in reversed(list(enumerate(legs)))}
    for coin, index in sorted(open_coins.items(), key=lambda pair: pair[1]):
        if coin in question.prices:
            continue
        entries = {each.entry for each in legs if each.listing.coin == coin}
        name = "entry_is_price" if len(entries) == 1 else "larger_entry_is_price"
        notes.append(Note(name=name, facts={"coin": coin, "price": legs[index].mark}, slot="mark", leg=index))
    if len(notes) > 1 and all(note.name == "entry_is_price" for note in notes):
        coins = ", ".join(str(note.facts["coin"]) for note in notes)
        return [Note(name="entries_are_prices", facts={"coins": coins}, slot="mark")]
    if len(notes) == 1 and len(open_coins) > 1 and notes[0].name == "entry_is_price":
        return [replace(notes[0], name="entry_is_price_of")]
    return notes


def account_remarks(question: Question, halves: Halves, others: Beside) -> list[Note]:
    """Whether the saved positions are counted in the cross half, and which of them the trade takes the place of."""
    if others.uncounted:
        return [Note(name="account_uncounted", facts={"count": others.uncounted})] if halves.cross else []
    if not others.counted or question.wallet is None or not (halves.cross or halves.cross_trouble):
        return []
    facts = {"wallet": question.wallet, "count": len(others.positions)}
    counted = [Note(name="account_counted", facts=facts)] if others.positions else []
    return counted + [
        Note(name="account_instead", facts={"coin": coin_of(each.symbol), "side": each.side}) for each in others.instead
    ]


def wallet_remarks(question: Question, halves: Halves) -> list[Note]:
    """How to see the cross half of a trade that was said to be isolated, while no wallet is known."""
    open_half = question.mode == "isolated" and halves.isolated is not None and question.wallet is None
    return [Note(name="cross_needs_wallet", slot="wallet")] if open_half else []


def opening_of(question: Question, legs: Sequence[Ready], halves: Halves) -> Opening | None:
    """What opening the trade in cross takes, where less is free; None for a position that is seen at a price now, which
    is open already.

    Initial margin = notional / leverage; free = the pool's margin balance - what other positions set aside.
    """
    priced = any(leg.listing.coin in question.prices for leg in legs)
    if halves.cross is None or priced or any(leg.leverage is None for leg in legs):
        return None
    pool = halves.cross.pool(CROSS_POOL)
    needed = sum((halves.cross.position(leg.id).initial_margin for leg in legs), Decimal(0))
    free = max(Decimal(0), pool.margin_balance - (pool.initial_margin - needed))
    return Opening(needed=needed, free=free) if needed > free else None
