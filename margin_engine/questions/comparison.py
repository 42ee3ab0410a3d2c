"""Isolated or cross? The same book, partitioned both ways."""

from dataclasses import dataclass, replace
from decimal import Decimal

from margin_engine.health.crossings import FALL, RISE
from margin_engine.model.book import Book, MarginMode
from margin_engine.model.decimals import as_shown, exactly
from margin_engine.model.errors import EngineError
from margin_engine.model.pools import Account
from margin_engine.questions.break_even import BreakEven, break_evens
from margin_engine.questions.liquidation import evaluate_account
from margin_engine.questions.results import Evaluation, PositionHealth
from margin_engine.venues.account import open_account

_COMPARED = ("liquidation_price", "distance", "margin_ratio", "max_loss")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure of one position that is not the same in all partitions.

    None where the figure does not exist in that partition, or the partition is refused.
    """

    id: str
    field: str
    as_given: Decimal | None
    isolated: Decimal | None
    cross: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Three evaluations of one book. A partition that would be refused is None, with the refusal as its reason.

    break_even_fall, break_even_rise: every market-wide move on a side from which on the other mode leaves more, nearest
    first; empty where nothing dies there, or a partition is refused.
    """

    as_given: Evaluation
    isolated: Evaluation | None
    cross: Evaluation | None
    as_given_reason: str | None
    isolated_reason: str | None
    cross_reason: str | None
    differences: tuple[Difference, ...]
    break_even_fall: tuple[BreakEven, ...] = ()
    break_even_rise: tuple[BreakEven, ...] = ()


@exactly
def compare(book: Book, *, explain: bool = True) -> Comparison:
    """What is every position worth, and where is it liquidated, with all positions isolated and with all of them cross?

    Each side is the book `in_mode`. explain: whether the evaluations carry their working, as in `evaluate`. Raises an
    EngineError if the book is refused as it stands.
    """
    as_given = evaluate_account(open_account(book), explain=explain)
    isolated_account, isolated_reason = _partitioned(book, MarginMode.ISOLATED)
    cross_account, cross_reason = _partitioned(book, MarginMode.CROSS)
    isolated = evaluate_account(isolated_account, explain=explain) if isolated_account else None
    cross = evaluate_account(cross_account, explain=explain) if cross_account else None
    both = (isolated_account, cross_account) if isolated_account and cross_account else None
    return Comparison(
        as_given=as_given,
        isolated=isolated,
        cross=cross,
        as_given_reason=None,
        isolated_reason=isolated_reason,
        cross_reason=cross_reason,
        differences=_differences(as_given, isolated, cross),
        break_even_fall=break_evens(*both, FALL) if both else (),
        break_even_rise=break_evens(*both, RISE) if both else (),
    )


def in_mode(book: Book, mode: MarginMode) -> Book:
    """The same book with every position in one margin mode.

    A cross position that becomes isolated takes its initial margin at entry with it; an isolated one that becomes cross
    brings its margin back. Whether the wallet covers the margins is seen when the book is evaluated.
    """
    cross = mode is MarginMode.CROSS
    positions = (
        replace(each, margin_mode=mode, isolated_margin=None if cross else each.isolated_margin)
        for each in book.positions
    )
    return replace(book, positions=tuple(positions))


def _partitioned(book: Book, mode: MarginMode) -> tuple[Account | None, str | None]:
    try:
        return open_account(in_mode(book, mode)), None
    except EngineError as refusal:
        return None, str(refusal)


def _differences(as_given: Evaluation, isolated: Evaluation | None, cross: Evaluation | None) -> tuple[Difference, ...]:
    found = []
    for number, given in enumerate(as_given.positions):
        own = isolated.positions[number] if isolated else None
        pooled = cross.positions[number] if cross else None
        for field in _COMPARED:
            figures = [_figure(position, field) for position in (given, own, pooled)]
            answered = {figure for figure, of in zip(figures, (given, own, pooled), strict=True) if of}
            if len(answered) > 1:
                found.append(
                    Difference(id=given.id, field=field, as_given=figures[0], isolated=figures[1], cross=figures[2])
                )
    return tuple(found)


def _figure(position: PositionHealth | None, field: str) -> Decimal | None:
    value: Decimal | None = getattr(position, field) if position else None
    return None if value is None else as_shown(value)
