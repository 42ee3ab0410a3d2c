"""What an answer rests on without having been said, and what has to be said about it besides the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Context, Decimal

from bot.rendering.venues import title_of
from bot.rendering.views import Note, Opening
from bot.services.beside import Beside
from bot.services.funds import Funds
from bot.services.halves import Halves, entry_fees, stand_in
from bot.services.question import Question
from bot.services.readiness import Ready, listing_for
from bot.services.sizing import sized
from bot.services.symbols import coin_of
from margin_engine import preset_of

_THREE_DOWN = Context(prec=3, rounding=ROUND_DOWN)


def said_otherwise(question: Question) -> list[Note]:
    """What was said, but read in one of two ways: dollars taken as margin, numbers without a name."""
    return [*_taken_as_margin(question), *_guessed(question)]


def _taken_as_margin(question: Question) -> list[Note]:
    return [
        Note(
            name="taken_as_margin",
            facts={"margin": leg.margin, "asset": _dollar(question)},
            leg=index,
        )
        for index, leg in enumerate(question.legs)
        if leg.margin_taken and leg.margin is not None
    ]


def _dollar(question: Question) -> str:
    """What an amount of dollars is called: the settle asset, or USD behind contracts that are settled in coins."""
    listings = [found for leg in question.legs if (found := listing_for(question, leg)) is not None]
    return "USD" if listings and listings[0].in_coins else listings[0].settle if listings else "USDT"


def _guessed(question: Question) -> list[Note]:
    """Numbers that were not named: what each was taken for."""
    leg = question.legs[0]
    values = (
        {"size": sized(leg, listing_for(question, leg)), "entry": leg.entry, "leverage": leg.leverage}
        if len(question.legs) == 1
        else {}
    )
    values["wallet"] = question.wallet
    notes: list[Note] = []
    for slot in question.guessed:
        value = values.get(slot)
        name = "guessed" if value is None else "guessed_number"
        notes.append(Note(name=name, facts={"value": value} if value is not None else {}, slot=slot))
    return notes


def assumed(question: Question, legs: Sequence[Ready], funds: Funds, halves: Halves, others: Beside) -> list[Note]:
    """Everything that was not said and that the answer rests on."""
    notes = said_otherwise(question)
    if not (halves.isolated or halves.cross):
        return notes
    for index, leg in enumerate(legs):
        notes += [_any_size(leg, halves, index, alone=len(legs) == 1)] if _is_size_free(leg, halves) else []
    if question.wallet_from == "portfolio" and question.wallet is not None:
        saved = {legs[0].listing.settle: question.wallet} if others.funds is None else others.funds.wallet or {}
        notes += [
            Note(name="saved_wallet", facts={"wallet": amount, "asset": asset}, slot="wallet")
            for asset, amount in saved.items()
            if amount or len(saved) == 1
        ]
    elif question.wallet_from == "settings" and question.wallet is not None:
        facts = {"wallet": question.wallet, "asset": legs[0].listing.settle}
        notes.append(Note(name="settings_wallet", facts=facts, slot="wallet"))
    else:
        notes += funds.notes
    if question.wallet_from != "said":
        notes += [note for note in funds.notes if note.name in ("collateral_counted", "collateral_saved")]
    if question.mode_from == "settings" and question.mode is not None:
        cross = question.mode == "cross"
        notes.append(Note(name="settings_cross", slot="mode") if cross else Note(name="settings_isolated", slot="mode"))
    if question.mode == "cross" and any(leg.leverage is None for leg in legs):
        notes.append(Note(name="isolated_needs_leverage", slot="leverage"))
    notes += _price_notes(question, legs)
    if halves.cross is not None and others.positions:
        notes.append(Note(name="saved_prices"))
    elif halves.cross is not None and not (others.counted or others.uncounted):
        notes.append(Note(name="nothing_else_open"))
    return [*notes, *_venue_notes(question, legs), *_fee_notes(question, legs)]


def _fee_notes(question: Question, legs: Sequence[Ready]) -> list[Note]:
    """What is counted as paid: nothing, or the taker fee of opening, which has left the wallet."""
    if not question.fee_rate:
        return [Note(name="fees")]
    paid = entry_fees(question, legs)
    percent = question.fee_rate * 100
    own = (
        [Note(name="settings_fees", facts={"percent": percent}, slot="fees")] if question.fee_from == "settings" else []
    )
    return own + [
        Note(name="fees_counted", facts={"percent": percent, "needed": fee, "asset": asset}, slot="fees")
        for asset, fee in paid.items()
    ] or [Note(name="fees_each_way", facts={"percent": percent}, slot="fees")]


def _venue_notes(question: Question, legs: Sequence[Ready]) -> list[Note]:
    """The venue where it was not said, the kind of contract, and rates that are no venue's table."""
    listing = legs[0].listing
    facts = {"venue": title_of(question.rules), "margined": listing.settle, "kind": listing.kind}
    notes: list[Note] = []
    if question.known_venue and question.venue_from in ("settings", "group"):
        name = "settings_venue" if question.venue_from == "settings" else "group_venue"
        notes.append(Note(name=name, facts=facts))
    elif not question.known_venue or question.venue_from == "portfolio":
        name = "saved_venue" if question.venue_from == "portfolio" else "venue"
        notes.append(Note(name=name, facts=facts))
    elif legs[0].leg.contract is None and legs[0].leg.quote != listing.settle:
        notes.append(Note(name="contract_here", facts=facts))
    for leg in {leg.listing.symbol: leg for leg in legs}.values():
        rate = {"coin": leg.listing.coin, "venue": facts["venue"], "percent": leg.listing.table.tiers[0].rate * 100}
        if leg.listing.stated and leg.listing.basis == "assumed":
            notes.append(Note(name="rate_from_example", facts=rate))
        elif leg.listing.basis == "assumed":
            assumption = preset_of(question.rules).assumed
            notes.append(Note(name="rate_assumed", facts={**rate, "why": assumption.reason if assumption else ""}))
        elif leg.listing.basis == "given":
            notes.append(Note(name="rate_given", facts=rate))
    return notes


def _is_size_free(ready: Ready, halves: Halves) -> bool:
    return ready.quantity is None and halves.isolated is not None


def _any_size(ready: Ready, halves: Halves, index: int, *, alone: bool) -> Note:
    """The sizes that lead to the same price: up to the end of the first tier, or all of them where there is one."""
    limit = size_free_up_to(ready, halves)
    facts = {"coin": ready.listing.coin, "quantity": stand_in(ready), "asset": ready.listing.settle}
    if limit is None:
        return Note(name="every_size", facts=facts, slot="size", leg=index)
    name = "any_size" if alone else "any_size_of"
    return Note(name=name, facts={**facts, "cap": limit}, slot="size", leg=index)


def size_free_up_to(ready: Ready, halves: Halves) -> Decimal | None:
    """The entry notional up to which the isolated price holds when no size was said: the first tier's end.

    A linear short, or an inverse long, grows on its way to liquidation, so it has to start that much smaller.
    """
    tiers = ready.listing.table.tiers
    if ready.quantity is not None or halves.isolated is None or len(tiers) == 1:
        return None
    price = halves.isolated.position(ready.id).liquidation_price
    if price is None:
        return tiers[1].floor
    # Linear value grows with the price, that of an inverse contract against it.
    grown = ready.listing.notional(Decimal(1), price) / ready.listing.notional(Decimal(1), ready.entry)
    return tiers[1].floor if grown <= 1 else _THREE_DOWN.divide(tiers[1].floor, grown)


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


def account_remarks(question: Question, halves: Halves, others: Beside, funds: Funds) -> list[Note]:
    """Whether the saved positions are counted in the cross half, and which of them the trade takes the place of."""
    if others.uncounted:
        name = "account_elsewhere" if others.elsewhere else "account_uncounted"
        return [Note(name=name, facts={"count": others.uncounted})] if halves.cross else []
    if not others.counted or question.wallet is None or not (halves.cross or halves.cross_trouble):
        return []
    asset = next(iter(funds.wallet or {}), "USDT")
    facts = {"wallet": question.wallet, "count": len(others.positions), "asset": asset}
    name = "account_counted" if others.funds is None else "account_pooled"
    counted = [Note(name=name, facts=facts)] if others.positions else []
    return counted + [
        Note(name="account_instead", facts={"coin": coin_of(each.symbol), "side": each.side}) for each in others.instead
    ]


def wallet_remarks(question: Question, halves: Halves, funds: Funds) -> list[Note]:
    """How to see the cross half of a trade that was said to be isolated, while no wallet is known."""
    open_half = question.mode == "isolated" and halves.isolated is not None and funds.wallet is None
    return [Note(name="cross_needs_wallet", slot="wallet")] if open_half else []


def opening_of(question: Question, legs: Sequence[Ready], funds: Funds, halves: Halves) -> Opening | None:
    """What opening the trade in cross takes, where less is free; None for a position that is seen at a price now, which
    is open already.

    Initial margin = notional / leverage; free = the pool's margin balance - what other positions set aside.
    """
    priced = any(leg.listing.coin in question.prices for leg in legs)
    if halves.cross is None or priced or any(leg.leverage is None for leg in legs):
        return None
    for name in funds.pools:
        own = [leg for leg in legs if funds.pooled or name == f"cross:{leg.listing.settle}"]
        if not own:
            continue
        pool = halves.cross.pool(name)
        needed = sum((halves.cross.position(leg.id).initial_margin for leg in own), Decimal(0))
        free = max(Decimal(0), pool.margin_balance - (pool.initial_margin - needed))
        if needed > free:
            return Opening(needed=needed, free=free, asset="USD" if funds.pooled else own[0].listing.settle)
    return None
