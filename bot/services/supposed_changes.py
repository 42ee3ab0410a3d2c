"""Supposed changes of an account as the engine's, for one book: what each of them does to each of its positions.

Money that an isolated position needs and the wallet does not have free is counted as deposited, and a note says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Final

from bot.rendering.views import Note
from bot.services.equity import money_of
from bot.services.finding import mark_of
from bot.services.halves import margin_set_aside
from bot.services.market_moves import base_of
from bot.services.scenario import Supposed
from bot.services.sizing import leveraged, sized
from bot.services.symbols import coin_of, listing_of
from margin_engine import (
    Add,
    AddMargin,
    Book,
    Change,
    Close,
    Deposit,
    MarginMode,
    Open,
    PayFunding,
    Position,
    Reduce,
    SetLeverage,
    Side,
    SwitchMode,
    apply,
    evaluate,
)

PAYMENTS_A_DAY: Final = 3

_PRECISE: Final = Context(prec=30)
_UP: Final = Context(prec=18, rounding=ROUND_CEILING)
_DOWN: Final = Context(prec=18, rounding=ROUND_FLOOR)
_ZERO: Final = Decimal(0)
_ALMOST: Final = 1 - Decimal("1e-12")
"""A margin that follows from the leverage is a quotient, so that all of it may be a digit more than there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The engine's changes in order, the book that they leave when nothing is liquidated, and what is to be said."""

    changes: tuple[Change, ...]
    book: Book
    notes: tuple[Note, ...] = ()


def applied(book: Book, changes: Sequence[Supposed], *, switches: bool, free_wallet: bool) -> Applied:
    """The engine's changes for `changes` on a book.

    Arguments: switches, whether changes of mode are made here, which would undo "all isolated" or "all cross";
    free_wallet, whether the book's wallet is the account's own: one that nobody told has nothing free.
    Raises EngineError for what the engine refuses.
    """
    done: list[Change] = []
    notes: list[Note] = []
    for number, change in enumerate(changes):
        if change.kind == "mode" and not switches:
            continue
        more, said = _changes(book, change, number, free_wallet=free_wallet)
        book = apply(book, more)
        done += more
        notes += said
    return Applied(changes=tuple(done), book=book, notes=tuple(notes))


def whose(book: Book, change: Supposed) -> tuple[Position, ...]:
    """The positions of a book that a change is about."""
    return tuple(
        each
        for each in book.positions
        if (change.coin is None or change.coin in (each.symbol, coin_of(each.symbol), base_of(coin_of(each.symbol))))
        and change.side in (None, each.side.value)
    )


def _changes(book: Book, change: Supposed, number: int, *, free_wallet: bool) -> tuple[list[Change], list[Note]]:
    positions, amount = whose(book, change), change.amount or _ZERO
    match change.kind:
        case "deposit":
            return [Deposit(asset=money_of(book), amount=amount)], []
        case "margin":
            return _added_margin(book, positions, amount, free_wallet=free_wallet)
        case "close":
            return [_closed(each, amount) for each in positions], []
        case "leverage":
            return _levered(book, positions, amount, free_wallet=free_wallet)
        case "mode":
            mode = MarginMode(change.mode or "cross")
            return [SwitchMode(id=each.id, margin_mode=mode) for each in positions if each.margin_mode is not mode], []
        case "funding":
            return _funded(book, positions, amount, change.days or _ZERO)
        case "open":
            return _opened(book, change, number, free_wallet=free_wallet)


def _closed(position: Position, part: Decimal) -> Change:
    if part >= 1:
        return Close(id=position.id)
    return Reduce(id=position.id, quantity=_PRECISE.multiply(position.quantity, part))


def _added_margin(
    book: Book, positions: Sequence[Position], amount: Decimal, *, free_wallet: bool
) -> tuple[list[Change], list[Note]]:
    """The amount to each isolated position. In cross the whole wallet stands behind a position already."""
    isolated = [each for each in positions if each.margin_mode is MarginMode.ISOLATED]
    if not isolated:
        return [], [Note(name="whatif_margin_in_cross")]
    moves: list[Change] = [AddMargin(id=each.id, amount=amount) for each in isolated]
    return _paid_for(book, amount * len(isolated), moves, free_wallet=free_wallet)


def _levered(
    book: Book, positions: Sequence[Position], leverage: Decimal, *, free_wallet: bool
) -> tuple[list[Change], list[Note]]:
    """Another leverage. An isolated margin that follows from the leverage grows or shrinks with it."""
    moves: list[Change] = [SetLeverage(id=each.id, leverage=leverage) for each in positions]
    more = sum(
        (
            margin_set_aside(book.venue, replace(each, leverage=leverage)) - margin_set_aside(book.venue, each)
            for each in positions
            if each.margin_mode is MarginMode.ISOLATED and each.isolated_margin is None
        ),
        _ZERO,
    )
    return _paid_for(book, more, moves, free_wallet=free_wallet)


def _paid_for(
    book: Book, needed: Decimal, moves: list[Change], *, free_wallet: bool
) -> tuple[list[Change], list[Note]]:
    """The changes, after a deposit of what they need beyond what is free in the wallet."""
    lacks = _UP.subtract(needed, _free(book) if free_wallet else _ZERO)
    if lacks <= 0:
        return moves, []
    paid: Change = Deposit(asset=money_of(book), amount=lacks)
    return [paid, *moves], [Note(name="whatif_paid_in", facts={"needed": lacks, "asset": money_of(book)})]


def _free(book: Book) -> Decimal:
    """What the shared part of the wallet can give away now."""
    pools = [pool for pool in evaluate(book, explain=False).pools if pool.id == f"cross:{money_of(book)}"]
    return max(_ZERO, min(pools[0].available_balance, pools[0].wallet_balance)) if pools else _ZERO


def _funded(
    book: Book, positions: Sequence[Position], percent: Decimal, days: Decimal
) -> tuple[list[Change], list[Note]]:
    """All payments of the days at the price now, symbols that receive first: each pool ends where it would.

    A bill goes no further than the isolated margin that pays it: by then the position is liquidated.
    """
    bill = percent * PAYMENTS_A_DAY * days / 100
    net: dict[str, Decimal] = {}
    for each in positions:
        net[each.symbol] = net.get(each.symbol, _ZERO) + each.side.sign * each.quantity
    order = sorted(net, key=lambda symbol: (net[symbol] * bill > 0, symbol))
    rates = {symbol: _payable(book, symbol, bill) for symbol in order}
    changes: list[Change] = [PayFunding(symbol=symbol, rate=rate) for symbol, rate in rates.items()]
    cut = {symbol for symbol, rate in rates.items() if rate != bill}
    if not cut:
        return changes, []
    health = evaluate(apply(book, changes), explain=False)
    dead = {pool.id for pool in health.pools if pool.liquidatable}
    alive = [
        each
        for each in positions
        if each.symbol in cut and each.margin_mode is MarginMode.ISOLATED and each.id not in dead
    ]
    return changes, [Note(name="whatif_funding_cut", facts={"coin": coin_of(each.symbol)}) for each in alive]


def _payable(book: Book, symbol: str, bill: Decimal) -> Decimal:
    """The rate that every isolated position of a symbol can pay: nearly its margin / notional at most."""
    rates = [abs(bill)]
    for each in book.positions:
        if each.symbol == symbol and each.margin_mode is MarginMode.ISOLATED and each.side.sign * bill > 0:
            worth = evaluate(book, explain=False).position(each.id).notional
            rates.append(_DOWN.multiply(_DOWN.divide(margin_set_aside(book.venue, each), worth), _ALMOST))
    return min(rates).copy_sign(bill)


def _opened(book: Book, change: Supposed, number: int, *, free_wallet: bool) -> tuple[list[Change], list[Note]]:
    """The position that is opened, in the mode of the book; without a leverage of its own, with that of the others."""
    position, notes = opened_position(book, change, number)
    if position is None:
        return [], notes
    moves: list[Change] = [Open(position=position)]
    held = next((each for each in book.positions if (each.symbol, each.side) == (position.symbol, position.side)), None)
    if held is not None:  # one position of a symbol and side: more of it is added to it
        moves = [Add(id=held.id, quantity=position.quantity, price=position.entry_price)]
        position = replace(position, margin_mode=held.margin_mode, leverage=held.leverage)
        side = held.side.value
        notes = [Note(name="whatif_adds", facts={"coin": coin_of(held.symbol), "side": side})]
    if position.margin_mode is MarginMode.CROSS or free_wallet:
        return moves, notes
    needed = margin_set_aside(book.venue, position)
    more, said = _paid_for(book, needed, moves, free_wallet=False)
    return more, [*notes, *said]


def opened_position(book: Book, change: Supposed, number: int) -> tuple[Position | None, list[Note]]:
    """The engine's position for one that is supposed to be opened; None when it is not told in full, with the note."""
    leg = change.opened
    listing = listing_of(leg.coin, book.venue, quote=leg.quote) if leg is not None and leg.coin else None
    if leg is None or listing is None or leg.side is None:
        return None, [Note(name="whatif_open_unclear")]
    mark = next((mark_of(each) for each in book.positions if each.symbol == listing.symbol), None)
    entry = leg.entry * listing.per if leg.entry is not None else mark
    leg = leg.model_copy(update={"entry": entry, "quantity": leg.quantity / listing.per if leg.quantity else None})
    quantity, leverage, notes = sized(leg, listing), leveraged(leg, listing), []
    if entry is None or quantity is None or leg.side is None:
        return None, [Note(name="whatif_open_unclear")]
    if leverage is None:
        leverage = min((each.leverage for each in book.positions), default=Decimal(1))
        notes.append(Note(name="whatif_open_leverage", facts={"coin": listing.coin, "leverage": leverage}))
    modes = {each.margin_mode for each in book.positions}
    mode = MarginMode(leg.mode) if len(modes) > 1 and leg.mode else modes.pop() if len(modes) == 1 else MarginMode.CROSS
    position = Position(
        id=f"new{number}",
        symbol=listing.symbol,
        side=Side(leg.side),
        quantity=quantity,
        entry_price=entry,
        leverage=leverage,
        margin_mode=mode,
    )
    return replace(position, mark_price=None), notes
