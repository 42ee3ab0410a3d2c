"""Isolated beside cross for one book: liquidation prices, what can be lost, what is free, what moves leave.

Everything comes from one `compare` of one book, so that the columns hold the same positions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from bot.rendering.compare_views import CompareView, EqualLeverage, Even, Left, Move, Part, Sums
from bot.rendering.errors import refusal_note
from bot.rendering.views import CheckView, LegView, Note, Partition, Reference
from bot.services.checking import figures, market_of
from bot.services.equity import equity, one_asset_of, prices_at
from bot.services.finding import everything, moved_by, positions_of
from bot.services.halves import isolated_margins
from bot.services.losing import most_lost
from bot.services.question import Question
from bot.services.subject import Subject
from bot.understanding.readings import Shock
from margin_engine import (
    AssetMode,
    AtPrice,
    Book,
    BreakEven,
    Comparison,
    EngineError,
    Evaluation,
    MarginMode,
    Outcome,
    Position,
    Side,
    compare,
    evaluate,
    in_mode,
    largest_leverage,
    write_comparison,
    write_evaluation,
)
from margin_engine.questions.what_if import walked

SHOCKS: Final = (Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))
UNSAID: Final = "not worked out: something that it depends on was not said"
BOTH_SIDES: Final = (Decimal("-0.2"), Decimal("-0.1"), Decimal("0.1"), Decimal("0.2"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A comparison with the book that it is of."""

    view: CompareView
    subject: Subject
    book: Book | None = None
    comparison: Comparison | None = None


def open_to_both(question: Question) -> Question:
    """The question with both modes open where one was said for every position: a comparison needs both halves."""
    if question.mode is None:
        return question
    return question.model_copy(update={"legs": tuple(leg.model_copy(update={"mode": None}) for leg in question.legs)})


def compared(
    subject: Subject, *, shocks: Sequence[Shock] = (), equal_of: str | None = None, remarks: Sequence[Note] = ()
) -> Compared:
    """Everything that the comparison of a subject shows.

    Arguments: shocks, the person's own move, in place of the usual ones; equal_of, the coin (or "") whose isolated
    leverage is wanted that matches cross. With only one mode known the view has that half and the open question.
    """
    book = one_book(subject)
    comparison = _compared(book) if book is not None else None
    if book is None or comparison is None:
        return Compared(view=_open_view(subject, remarks), subject=subject)
    given = _given(subject)
    evaluations = _evaluations(comparison, given=given)
    books = {name: _partition(book, name) for name in evaluations}
    asset = one_asset_of(book)
    moves, unread = _moves(book, books, shocks, asset)
    both = comparison.isolated is not None and comparison.cross is not None
    view = CompareView(
        check=_check_view(subject, book, evaluations, comparison, (*remarks, *unread)),
        ids=tuple(each.id for each in book.positions),
        sums={name: _sums(evaluation, asset) for name, evaluation in evaluations.items()},
        moves=moves,
        falls=_evens(comparison.break_even_fall) if both else None,
        rises=_evens(comparison.break_even_rise) if both else None,
        equal=_equal_leverages(book, comparison, subject, equal_of),
        held=subject.held,
    )
    return Compared(view=view, book=book, comparison=comparison, subject=subject)


def one_book(subject: Subject) -> Book | None:
    """The one book that all partitions are made of; None while a half waits for an answer.

    Of a trade it holds what is saved beside it as well, so that both columns hold the same positions. Isolated margins
    are those that were said.
    """
    if subject.held:
        return subject.as_it_stands if "cross" in subject.books or subject.wallet is not None else None
    if "given" in subject.books:
        return subject.books["given"]
    cross, isolated = subject.books.get("cross"), subject.books.get("isolated")
    if cross is None:
        return isolated if "cross" in subject.trouble else None
    if isolated is None:
        return cross if "isolated" in subject.trouble else None
    own = {each.id: each for each in isolated.positions}
    return replace(cross, positions=tuple(own.get(each.id, each) for each in cross.positions))


def _compared(book: Book) -> Comparison | None:
    """The comparison; where the book is refused as it stands, that of the cross one."""
    for each in (book, in_mode(book, MarginMode.CROSS)):
        try:
            return compare(each, explain=False)
        except EngineError:
            continue
    return None


def _given(subject: Subject) -> bool:
    """Whether the modes as they were said are a third partition."""
    return "given" in subject.books


def _evaluations(comparison: Comparison, *, given: bool) -> dict[Partition, Evaluation]:
    found: dict[Partition, Evaluation] = {}
    if given:
        found["given"] = comparison.as_given
    if comparison.isolated is not None:
        found["isolated"] = comparison.isolated
    if comparison.cross is not None:
        found["cross"] = comparison.cross
    return found


def _partition(book: Book, name: Partition) -> Book:
    return book if name == "given" else in_mode(book, MarginMode(name))


# --- Figures -------------------------------------------------------------------------------------------------------


def _check_view(
    subject: Subject,
    book: Book,
    evaluations: Mapping[Partition, Evaluation],
    comparison: Comparison,
    remarks: Sequence[Note],
) -> CheckView:
    """The positions with their figures in every partition, in the form of a check card."""
    cross = comparison.cross
    return CheckView(
        legs=tuple(_leg(subject, book, each.id, evaluations) for each in book.positions),
        venue=book.venue,
        counted_in="USD" if book.asset_mode == AssetMode.MULTI else "",
        wallets=_wallets(subject) if not subject.held or one_asset_of(book) == subject.settle else (),
        pooled=subject.pooled,
        market=market_of(cross) if cross is not None else None,
        isolated_trouble=_trouble(subject, book, "isolated", comparison.isolated),
        cross_trouble=_trouble(subject, book, "cross", cross),
        in_account=subject.held or len(book.positions) > len(subject.books.get("isolated", book).positions),
        remarks=(*remarks, *subject.remarks),
        assumed=subject.assumed,
        tiers=subject.tiers,
    )


def _wallets(subject: Subject) -> tuple[tuple[str, Decimal], ...]:
    own = ((subject.settle, subject.wallet),) if subject.wallet is not None else ()
    return subject.wallets or own


def _trouble(subject: Subject, book: Book, name: Partition, evaluation: Evaluation | None) -> Note | None:
    """Why the engine refuses a partition."""
    if evaluation is not None:
        return None
    if name in subject.trouble:
        return subject.trouble[name]
    try:
        evaluate(_partition(book, name), explain=False)
    except EngineError as error:
        return refusal_note(error, isolated_margins(_partition(book, name)))
    return None


def _leg(subject: Subject, book: Book, identity: str, evaluations: Mapping[Partition, Evaluation]) -> LegView:
    position = book.position(identity)
    leg = referred(subject.legs[identity], position)
    reference = leg.reference.price if leg.reference is not None else position.entry_price
    found = {
        name: figures(evaluation, identity, reference, quantity=position.quantity)
        for name, evaluation in evaluations.items()
    }
    return replace(leg, isolated=found.get("isolated"), cross=found.get("cross"), given=found.get("given"))


def referred(leg: LegView, position: Position) -> LegView:
    """The position with what its distances are measured from: its entry where no price was given."""
    return leg if leg.reference is not None else replace(leg, reference=Reference(price=position.entry_price))


def _sums(evaluation: Evaluation, asset: str | None) -> Sums:
    """What can be lost is the most of every pool that holds a position; free is what the shared one spares."""
    if asset is None:
        return Sums(loss=None, margin=None, free=None, equity=None)
    held = {position.pool_id for position in evaluation.positions}
    own = [pool for pool in evaluation.pools if pool.id in held]
    shared = [pool for pool in evaluation.pools if pool.id == f"cross:{asset}"]
    return Sums(
        loss=sum((most_lost(evaluation, pool.id) for pool in own), Decimal(0)),
        margin=sum((pool.initial_margin for pool in own), Decimal(0)),
        free=sum((pool.available_balance for pool in shared), Decimal(0)),
        equity=sum((pool.margin_balance for pool in {*own, *shared}), Decimal(0)),
    )


def _evens(found: Sequence[BreakEven]) -> tuple[Even, ...]:
    return tuple(
        Even(at=each.at, better="isolated" if each.better is MarginMode.ISOLATED else "cross") for each in found
    )


# --- Moves ---------------------------------------------------------------------------------------------------------


def usual_moves(book: Book) -> tuple[Decimal, ...]:
    """Market-wide moves worth looking at: those that hurt; both sides of a book with longs and shorts."""
    sides = {each.side for each in book.positions}
    if len(sides) > 1:
        return BOTH_SIDES
    return tuple(-shock for shock in SHOCKS) if sides == {Side.LONG} else SHOCKS


def _moves(
    book: Book, books: Mapping[Partition, Book], shocks: Sequence[Shock], asset: str | None
) -> tuple[tuple[Move, ...], tuple[Note, ...]]:
    """The moves with what they leave, and a remark where the person's own was not understood."""
    own = moved_by(book, shocks) if shocks else None
    if own is not None:
        left = {name: _left(each, own[0], asset) for name, each in books.items()}
        return (Move(parts=own[1], left=left, asked=True),), ()
    moves = tuple(
        Move(
            parts=(Part(coin="", fraction=fraction),),
            left={name: _left(each, everything(each, fraction), asset) for name, each in books.items()},
        )
        for fraction in usual_moves(book)
    )
    return moves, ((Note(name="move_not_here"),) if shocks else ())


def _left(book: Book, shocks: Mapping[str, Decimal], asset: str | None) -> Left:
    answer = walked(replace(book, shocks=dict(shocks)))
    dead = tuple(identity for death in answer.liquidated for identity in death.positions)
    left = equity(book, answer.equity_after, prices_at(answer.book)) if asset is not None else None
    return Left(equity=left, dead=dead)


# --- The leverage that makes both alike ----------------------------------------------------------------------------


def _equal_leverages(
    book: Book, comparison: Comparison, subject: Subject, coin: str | None
) -> tuple[EqualLeverage, ...]:
    """For each position of the coin: L = notional at entry / the isolated margin whose price is that of cross."""
    if coin is None or comparison.cross is None or comparison.isolated is None:
        return ()
    isolated = in_mode(book, MarginMode.ISOLATED)
    found = []
    for position in positions_of(isolated, coin or None):
        price = comparison.cross.position(position.id).liquidation_price
        leg = subject.legs[position.id]
        if price is None:
            reason = comparison.cross.position(position.id).liquidation_reason
            found.append(EqualLeverage(leg=leg, leverage=None, reason=reason.value if reason else None))
            continue
        sizing = largest_leverage(isolated, position.id, AtPrice(price=price))
        value = sizing.value if sizing.outcome is Outcome.FOUND else None
        found.append(EqualLeverage(leg=leg, leverage=value, reason=sizing.reason.value if sizing.reason else None))
    return tuple(found)


# --- For other programs --------------------------------------------------------------------------------------------


def compare_results(found: Compared) -> dict[str, Any] | None:
    """`compare` of the book; where a half waits for something unsaid it is null with the reason, None without any."""
    if found.comparison is not None:
        return {"compare": write_comparison(compare(found.comparison.as_given.book))}
    half = found.subject.books.get("isolated")
    if half is None:
        return None
    written = write_evaluation(evaluate(half))
    return {
        "compare": {
            "as_given": written,
            "as_given_reason": None,
            "isolated": written,
            "isolated_reason": None,
            "cross": None,
            "cross_reason": UNSAID,
            "differences": [],
        }
    }


def _open_view(subject: Subject, remarks: Sequence[Note]) -> CompareView:
    """What can be shown while a half waits: the positions, and the one question."""
    check = CheckView(
        legs=tuple(subject.legs.values()),
        wallets=_wallets(subject),
        isolated_trouble=subject.trouble.get("isolated"),
        cross_trouble=subject.trouble.get("cross"),
        remarks=(*remarks, *subject.remarks),
        assumed=subject.assumed,
        asked=subject.asked,
        tiers=subject.tiers,
    )
    return CompareView(check=check, held=subject.held, private=subject.held and not subject.legs)
