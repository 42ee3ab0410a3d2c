"""Works out a what-if: the scenario on every book of the subject, isolated beside cross, before and after.

The changes of the account come first, at the prices now; then every price goes in a straight line to its end, and what
cannot be held on the way is liquidated there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.rendering.errors import refusal_note
from bot.rendering.views import Figures, LegView, Note, Partition, Reference
from bot.rendering.whatif_views import FallView, HalfView, LeftView
from bot.services.checking import market_of
from bot.services.equity import equity, prices_at, prices_of, shocks_of
from bot.services.finding import mark_of
from bot.services.halves import isolated_margins
from bot.services.moved_prices import Shifts, shifts_of
from bot.services.own_coin import lives_at, shown_health
from bot.services.scenario import Scenario, Supposed
from bot.services.supposed_changes import Applied, applied, opened_position, whose
from bot.services.symbols import coin_of
from bot.services.what_if_reach import solve
from margin_engine import (
    Book,
    ChangedWhatIf,
    Deposit,
    EngineError,
    Evaluation,
    MarginMode,
    Position,
    PriceShock,
    WhatIf,
    what_if,
    what_if_changes,
)
from margin_engine.questions.venue_steps import StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A scenario on one book: the engine's answer, its changes as they were made, and the shocks by symbol."""

    answer: ChangedWhatIf
    applied: Applied
    shocks: Mapping[str, Decimal]


def walk(book: Book, scenario: Scenario, shifts: Shifts, *, switches: bool, free_wallet: bool) -> Walked:
    """The scenario on one book: its changes, then the move. Raises EngineError for what the engine refuses."""
    done = applied(book, scenario.changes, switches=switches, free_wallet=free_wallet)
    shocks = shocks_of(done.book, shifts) | shocks_of(book, shifts)
    moved = (PriceShock(shocks=shocks),) if shocks else ()
    return Walked(answer=what_if_changes(book, (*done.changes, *moved), explain=False), applied=done, shocks=shocks)


def as_told(book: Book, scenario: Scenario, *, free_wallet: bool = True) -> WhatIf:
    """The scenario on the account as it stands, as other programs read it: before (its changes made), after.

    Raises EngineError for what the engine refuses.
    """
    done = applied(book, scenario.changes, switches=True, free_wallet=free_wallet)
    shifts = shifts_of(scenario, prices_of(book) | prices_of(done.book))
    return what_if(replace(done.book, shocks=shocks_of(done.book, shifts) if shifts.refusal is None else {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Halved:
    """A partition's view, and the notes of its changes."""

    view: HalfView
    notes: tuple[Note, ...] = ()


def half(
    name: Partition,
    book: Book,
    scenario: Scenario,
    shifts: Shifts,
    legs: Mapping[str, LegView],
    *,
    switches: bool,
    free_wallet: bool,
) -> Halved:
    """One partition before and after, with what fell on the way and what is left."""
    try:
        gone = next((legs[each] for each in _too_late(book, scenario) if each in legs), None)
        if gone is not None:
            why = Note(name="whatif_too_late", facts={"coin": coin_of(gone.coin), "side": gone.side})
            return Halved(view=HalfView(partition=name, trouble=why))
        walked = walk(book, scenario, shifts, switches=switches, free_wallet=free_wallet)
        solved = tuple(solve(walked.applied.book, each, legs, betas_on=scenario.betas) for each in scenario.solve)
    except EngineError as error:
        return Halved(view=HalfView(partition=name, trouble=refusal_note(error, isolated_margins(book))))
    answer = walked.answer
    market = market_of(answer.after)
    whole = replace(
        book, positions=tuple({each.id: each for each in (*walked.applied.book.positions, *book.positions)}.values())
    )
    view = HalfView(
        partition=name,
        before=equity(whole, answer.equity_before, prices_at(whole)),
        after=equity(whole, answer.equity_after, prices_at(whole, shifts)),
        paid_in=sum((each.amount for each in walked.applied.changes if isinstance(each, Deposit)), Decimal(0)),
        falls=_falls(walked, book, legs),
        left=_left(answer, legs),
        market_fall=market.fall if market is not None else None,
        market_rise=market.rise if market is not None else None,
        solved=solved,
    )
    return Halved(view=view, notes=walked.applied.notes)


def _too_late(book: Book, scenario: Scenario) -> list[str]:
    """The positions of which a part is to be closed, or more to be held, and that are liquidated at the prices now, or
    before the price at which more of them is bought."""
    resized = [each for change in scenario.changes for each in _resized(book, change)]
    return [position.id for position, price in resized if not lives_at(book, position.id, price)]


def _resized(book: Book, change: Supposed) -> list[tuple[Position, Decimal]]:
    """The positions whose size a change is about, and the price at which it changes."""
    if change.kind == "close":
        return [(each, mark_of(each)) for each in whose(book, change)]
    more = opened_position(book, change, 0)[0] if change.kind == "open" else None
    if more is None:
        return []
    same = (each for each in book.positions if (each.symbol, each.side) == (more.symbol, more.side))
    return [(each, more.entry_price) for each in same]


def _falls(walked: Walked, book: Book, legs: Mapping[str, LegView]) -> tuple[FallView, ...]:
    """The liquidations in order; in the venue's own steps where its rules ask for them."""
    answer, last = walked.answer, len(walked.applied.changes)
    starts = {each.id: prices_of(book).get(coin_of(each.symbol), each.entry_price) for each in book.positions}
    symbols = {each.id: each.symbol for each in (*book.positions, *walked.applied.book.positions)}

    def fall(
        change: int, ids: tuple[str, ...], pool: str, at: Decimal, loss: Decimal, part: Decimal | None = None
    ) -> FallView:
        moving = change == last and bool(walked.shocks)
        prices = tuple(
            (legs[each], starts[each] * (1 + walked.shocks.get(symbols[each], Decimal(0)) * at))
            for each in ids
            if moving and each in legs and each in starts
        )
        return FallView(
            legs=tuple(legs[each] for each in ids if each in legs),
            cross=pool.startswith("cross:"),
            at=at if moving else None,
            loss=loss,
            prices=prices,
            part=part,
        )

    if answer.steps:
        return tuple(
            fall(
                each.change,
                each.step.positions,
                each.step.pool_id,
                each.step.at_fraction,
                each.step.loss,
                each.step.quantity if each.step.kind is StepKind.REDUCED else None,
            )
            for each in answer.steps
        )
    deaths = [(each.change, each.liquidation) for each in answer.liquidated]
    return tuple(fall(n, death.positions, death.id, death.at_fraction, death.loss) for n, death in deaths)


def _left(answer: ChangedWhatIf, legs: Mapping[str, LegView]) -> tuple[LeftView, ...]:
    """What is still there, the nearest to its liquidation first."""
    marks = {each.id: mark_of(each) for each in answer.book.positions}
    known = {each.id for each in answer.before.positions}
    left = [
        LeftView(
            leg=replace(legs[each.id], reference=Reference(price=marks[each.id])),
            price=marks[each.id],
            figures=figures_at(answer.after, each.id),
            before=figures_at(answer.before, each.id) if each.id in known else None,
            cross=each.margin_mode is MarginMode.CROSS,
        )
        for each in answer.after.positions
        if each.id in legs
    ]
    return tuple(sorted(left, key=lambda each: each.figures.nearness))


def figures_at(evaluation: Evaluation, identity: str) -> Figures:
    """A position's liquidation price, measured from its mark."""
    each, own_coin = shown_health(evaluation, identity)
    return Figures(
        liquidation_price=each.liquidation_price,
        own_coin=own_coin,
        reason=each.liquidation_reason.value if each.liquidation_reason else None,
        distance=each.distance,
        move=each.distance,
        loss=each.max_loss,
        margin=None,
        below_mark=each.distance is None or each.distance < 0,
    )


def switched(book: Book, scenario: Scenario, *, free_wallet: bool) -> MarginMode | None:
    """The one mode that all positions are in after the scenario's changes, None for several or refused changes."""
    try:
        after = applied(book, scenario.changes, switches=True, free_wallet=free_wallet).book
    except EngineError:
        return None
    modes = {each.margin_mode for each in after.positions or book.positions}
    return modes.pop() if len(modes) == 1 else None
