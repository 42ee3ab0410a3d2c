"""Asks the engine about a question's positions: all isolated, all cross, and as they were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal

from bot.rendering.errors import refusal_note
from bot.rendering.views import Note, Partition
from bot.services.beside import ALONE, Beside
from bot.services.question import Question
from bot.services.readiness import Ready
from bot.services.saved import coin_of
from bot.services.symbols import SETTLE, VENUE
from margin_engine import Book, EngineError, Evaluation, MarginMode, Position, Side, evaluate

CROSS_POOL = f"cross:{SETTLE}"
_UP = Context(prec=15, rounding=ROUND_CEILING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """The engine's answers, None where it was not asked or refused, and why it refused."""

    isolated: Evaluation | None = None
    cross: Evaluation | None = None
    given: Evaluation | None = None
    isolated_trouble: Note | None = None
    cross_trouble: Note | None = None


def halves_of(question: Question, legs: Sequence[Ready], others: Beside, *, explain: bool = True) -> Halves:
    """Every half that enough was said for; what is saved stands beside the trade wherever a position is cross.

    explain: whether the answers carry their working.
    """
    isolated = cross = given = isolated_trouble = cross_trouble = None
    if all(leg.leverage is not None for leg in legs):
        isolated, isolated_trouble = _evaluated(book_of(question, legs, "isolated"), explain)
    if question.wallet is not None and all(leg.quantity is not None for leg in legs):
        cross, cross_trouble = _evaluated(book_of(question, legs, "cross", others), explain)
        if is_mixed(question) and isolated is not None:
            given, _ = _evaluated(book_of(question, legs, "given", others), explain)
    return Halves(
        isolated=isolated,
        cross=cross,
        given=given,
        isolated_trouble=isolated_trouble,
        cross_trouble=cross_trouble,
    )


def is_mixed(question: Question) -> bool:
    """Whether some positions were said to be isolated and others cross."""
    return len({leg.mode for leg in question.legs} - {None}) > 1


def book_of(question: Question, legs: Sequence[Ready], partition: Partition, others: Beside = ALONE) -> Book:
    """The engine's book for the legs in one partition; "given" keeps the modes as said, isolated where none was.

    The legs come first, then the positions of `others` in the modes that they are saved in. A wallet that nobody said
    holds the isolated margins and no more: no isolated figure depends on the rest.
    """
    positions = (*(_position(leg, partition) for leg in legs), *others.positions)
    wallet = question.wallet
    unsized = any(leg.quantity is None for leg in legs)
    if wallet is None or (unsized and partition == "isolated"):
        wallet = sum((margin_of(leg) for leg in legs), Decimal(0))
    return Book(venue=VENUE, wallet={SETTLE: wallet}, positions=positions)


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
        isolated_margin=ready.leg.margin if mode == "isolated" else None,
    )


def stand_in(ready: Ready) -> Decimal:
    """A size for a position whose size was not said: one coin, or as much less as keeps it in the first tier."""
    tiers = ready.listing.table.tiers
    quantity = Decimal(1)
    while len(tiers) > 1 and quantity * ready.entry * 2 > tiers[1].floor:
        quantity = quantity.scaleb(-1)
    return quantity


def margin_of(ready: Ready) -> Decimal:
    """The isolated margin, rounded up: what a wallet must hold at least."""
    return ready.leg.margin if ready.leg.margin is not None else initial_margin(ready)


def initial_margin(ready: Ready) -> Decimal:
    """What opening the position takes, rounded up: notional at entry / leverage."""
    quantity = stand_in(ready) if ready.quantity is None else ready.quantity
    return _UP.divide(quantity * ready.entry, ready.leverage or Decimal(1))


def _evaluated(book: Book, explain: bool) -> tuple[Evaluation | None, Note | None]:
    try:
        return evaluate(book, explain=explain), None
    except EngineError as error:
        return None, refusal_note(error, isolated_margins(book))


def isolated_margins(book: Book) -> tuple[tuple[str, Decimal], ...]:
    """What each isolated position of a book sets aside, by coin, in the book's order."""
    return tuple(
        (
            coin_of(each.symbol),
            each.isolated_margin or _UP.divide(each.quantity * each.entry_price, each.leverage),
        )
        for each in book.positions
        if each.margin_mode is MarginMode.ISOLATED
    )
