"""Asks the engine about a question's positions: all isolated, all cross, and as they were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Context, Decimal

from bot.rendering.errors import refusal_note
from bot.rendering.views import Note, Partition
from bot.services.beside import ALONE, Beside
from bot.services.equity import with_moving_collateral
from bot.services.funds import Funds
from bot.services.question import Question
from bot.services.readiness import Ready
from bot.services.sizing import initial_margin_at
from bot.services.symbols import coin_of
from margin_engine import (
    AssetMode,
    Book,
    ContractKind,
    EngineError,
    Evaluation,
    MarginMode,
    Position,
    Side,
    TierTable,
    default_contract,
    evaluate,
)
from margin_engine.model.contracts import notional

_UP = Context(prec=15, rounding=ROUND_CEILING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """The engine's answers, None where it was not asked or refused, and why it refused."""

    isolated: Evaluation | None = None
    cross: Evaluation | None = None
    given: Evaluation | None = None
    isolated_trouble: Note | None = None
    cross_trouble: Note | None = None
    isolated_from_entry: Evaluation | None = None
    """The same at the entry prices, where a position is dead at the prices now: it tells where it died."""
    cross_from_entry: Evaluation | None = None


def halves_of(
    question: Question, legs: Sequence[Ready], funds: Funds, others: Beside, *, explain: bool = True
) -> Halves:
    """Every half that enough was said for; what is saved stands beside the trade wherever a position is cross.

    explain: whether the answers carry their working.
    """
    isolated = cross = given = isolated_trouble = cross_trouble = None
    if all(leg.leverage is not None and not needs_size(leg) for leg in legs):
        isolated, isolated_trouble = _evaluated(book_of(question, legs, funds, "isolated"), explain)
    if funds.wallet is not None and all(leg.quantity is not None for leg in legs):
        cross, cross_trouble = _evaluated(book_of(question, legs, funds, "cross", others), explain)
        if is_mixed(question) and isolated is not None:
            given, _ = _evaluated(book_of(question, legs, funds, "given", others), explain)
    before = tuple(replace(leg, mark=leg.entry) for leg in legs)
    moved = len({leg.listing.symbol for leg in legs}) == len(legs) and before != tuple(legs)
    return Halves(
        isolated=isolated,
        cross=cross,
        given=given,
        isolated_trouble=isolated_trouble,
        cross_trouble=cross_trouble,
        isolated_from_entry=_lived(book_of(question, before, funds, "isolated")) if moved and _dead(isolated) else None,
        cross_from_entry=_lived(book_of(question, before, funds, "cross", others)) if moved and _dead(cross) else None,
    )


def _dead(evaluation: Evaluation | None) -> bool:
    return evaluation is not None and any(pool.liquidatable for pool in evaluation.pools)


def _lived(book: Book) -> Evaluation | None:
    return _evaluated(book, explain=False)[0]


def needs_size(ready: Ready) -> bool:
    """Whether not even an isolated price is there without the size: the rate goes by it."""
    return ready.quantity is None and ready.listing.by_size


def is_mixed(question: Question) -> bool:
    """Whether some positions were said to be isolated and others cross."""
    return len({leg.mode for leg in question.legs} - {None}) > 1


def book_of(
    question: Question, legs: Sequence[Ready], funds: Funds, partition: Partition, others: Beside = ALONE
) -> Book:
    """The engine's book for the legs in one partition; "given" keeps the modes as said, isolated where none was.

    The legs come first, then the positions of `others` in the modes that they are saved in. A wallet that nobody said
    holds the isolated margins and no more: no isolated figure depends on the rest. Collateral moves with the market.
    """
    positions = (*(_position(leg, partition) for leg in legs), *others.positions)
    pooled = funds.pooled and partition != "isolated"
    wallet = dict(funds.wallet) if funds.wallet is not None else None
    unsized = any(leg.quantity is None for leg in legs)
    if wallet is not None and partition != "isolated":
        for asset, fee in entry_fees(question, legs).items():
            wallet[asset] = wallet.get(asset, Decimal(0)) - fee
    if wallet is None or (partition == "isolated" and (unsized or funds.pooled)):
        wallet = {}
        for leg in legs:
            wallet[leg.listing.settle] = wallet.get(leg.listing.settle, Decimal(0)) + margin_of(leg)
    book = Book(
        venue=question.rules,
        wallet=wallet,
        positions=positions,
        tiers=_own_tiers(legs) | dict(others.tiers),
        asset_mode=AssetMode.MULTI if pooled else AssetMode.SINGLE,
        collateral=funds.collateral if pooled else {},
        rules=others.rules,
        betas=others.betas,
    )
    return with_moving_collateral(book)


def entry_fees(question: Question, legs: Sequence[Ready]) -> dict[str, Decimal]:
    """The taker fees paid for opening the positions, by settle asset; they have left the wallet."""
    fees: dict[str, Decimal] = {}
    for leg in legs:
        if question.fee_rate and leg.quantity is not None:
            fee = leg.listing.notional(leg.quantity, leg.entry) * question.fee_rate
            fees[leg.listing.settle] = fees.get(leg.listing.settle, Decimal(0)) + fee
    return fees


def _own_tiers(legs: Sequence[Ready]) -> dict[str, TierTable]:
    """The rates that are not the venue's own: given by the person, or assumed for one of its contracts."""
    return {leg.listing.symbol: leg.listing.table for leg in legs if leg.listing.stated}


def _position(ready: Ready, partition: Partition) -> Position:
    mode = (ready.leg.mode or "isolated") if partition == "given" else partition
    return Position(
        id=ready.id,
        symbol=ready.listing.symbol,
        side=Side(ready.side),
        quantity=stand_in(ready) if ready.quantity is None else ready.quantity,
        entry_price=ready.entry,
        mark_price=ready.mark,
        leverage=ready.leverage if ready.leverage is not None else Decimal(1),
        margin_mode=MarginMode(mode),
        isolated_margin=ready.margin if mode == "isolated" else None,
    )


def stand_in(ready: Ready) -> Decimal:
    """A size for a position whose size was not said: one unit, or as much less as keeps it in the first tier."""
    tiers, quantity = ready.listing.table.tiers, Decimal(1)
    while len(tiers) > 1 and ready.listing.notional(quantity, ready.entry) * 2 > tiers[1].floor:
        quantity = quantity.scaleb(-1)
    return quantity


def margin_of(ready: Ready) -> Decimal:
    """The isolated margin, rounded up: what a wallet must hold at least."""
    return ready.margin if ready.margin is not None else initial_margin(ready)


def initial_margin(ready: Ready) -> Decimal:
    """What opening the position takes, rounded up: notional at entry / leverage."""
    quantity = stand_in(ready) if ready.quantity is None else ready.quantity
    return initial_margin_at(ready.listing, quantity, ready.entry, ready.leverage or Decimal(1))


def _evaluated(book: Book, explain: bool) -> tuple[Evaluation | None, Note | None]:
    try:
        return evaluate(book, explain=explain), None
    except EngineError as error:
        return None, refusal_note(error, isolated_margins(book))


def isolated_margins(book: Book) -> tuple[tuple[str, Decimal], ...]:
    """What each isolated position of a book sets aside, by coin, in the book's order."""
    return tuple(
        (coin_of(each.symbol), margin_set_aside(book.venue, each))
        for each in book.positions
        if each.margin_mode is MarginMode.ISOLATED
    )


def margin_set_aside(venue: str, position: Position) -> Decimal:
    """An isolated position's own margin, else its initial margin at entry, rounded up."""
    if position.isolated_margin is not None:
        return position.isolated_margin
    terms = default_contract(venue, position.symbol)
    kind, multiplier = (terms.kind, terms.multiplier) if terms else (ContractKind.LINEAR, Decimal(1))
    contract = position.contract
    if contract is not None:
        kind, multiplier = contract.kind or kind, contract.multiplier or multiplier
    value = notional(kind=kind, size=position.quantity * multiplier, price=position.entry_price)
    return _UP.divide(value, position.leverage)
