"""What a venue closes first: the shock of a what-if with its own steps in place of whole pools.

Only steps that are documented well enough are taken, and only for pools of one position, since no venue says which of
several goes first:

    okx           from rung 3 on, while the first rung's rate would still be covered: down by two rungs, and again; else
                  all of it is taken over at the bankruptcy price
    hyperliquid   all of it by market order; what is left returns. Below two thirds of the requirement a backstop takes
                  over, and nothing is left. From which size on a fifth goes first is not published

Everything else goes as a whole pool, and `assumptions` says so. Orders fill at the mark; a part that is closed leaves
its margin in the position. Sources: okx-liquidation-help, hyperliquid-docs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from margin_engine.health.risk import Worth, worth_of
from margin_engine.model.book import Book, MarginMode
from margin_engine.model.decimals import ONE, ZERO, plain
from margin_engine.model.pools import Account, Holding, decimal_of
from margin_engine.questions.marks import at_marks, marks_of, moved
from margin_engine.questions.payoff import gain, unit_worth
from margin_engine.questions.shocks import Liquidation, liquidations, without
from margin_engine.venues.account import open_account

OKX_FIRST_REDUCED_RUNG = 2
"""The index of rung 3."""
JUST_BELOW = ONE - Decimal("1e-9")
"""A rung ends one lot below the floor of the next; lots differ, a part in a thousand million stands for one."""
BACKSTOP_SHARE = Decimal(2) / Decimal(3)


class StepKind(StrEnum):
    """What a step does: closes a part, closes all and returns what is left, or takes the whole pool."""

    REDUCED = "reduced"
    CLOSED = "closed"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueStep:
    """One step of a liquidation. at_fraction: 0 at the marks, 1 at the shocked marks. loss: in the pool's asset.

    quantity: what is closed of the one position; None where the pool is taken over. source: a key of docs/sources.md,
    None where a pool goes as a whole for want of a documented step.
    """

    pool_id: str
    positions: tuple[str, ...]
    kind: StepKind
    at_fraction: Decimal
    quantity: Decimal | None
    loss: Decimal
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedWalk:
    """The steps on the way of a shock. book: what is left, at the shocked marks, its shocks gone.

    assumptions: about the steps, in place of what an account says about its liquidation process.
    """

    book: Book
    steps: tuple[VenueStep, ...]
    assumptions: tuple[str, ...] = (
        "liquidation_process: steps for pools of one position, else the whole pool; orders fill at the mark",
        "liquidation_process: a part that is closed leaves its margin in the position",
    )

    @property
    def liquidated(self) -> tuple[Liquidation, ...]:
        """The pools that did not outlive their step."""
        return tuple(
            Liquidation(id=each.pool_id, positions=each.positions, at_fraction=each.at_fraction, loss=each.loss)
            for each in self.steps
            if each.kind is not StepKind.REDUCED
        )

    @property
    def reductions(self) -> tuple[str, ...]:
        """The steps that a pool outlived, as assumptions."""
        return tuple(
            f"liquidation_process: {each.positions[0]} reduced by {plain(each.quantity)} at {plain(each.at_fraction)}"
            f" of the way, at a loss of {plain(each.loss)}"
            for each in self.steps
            if each.kind is StepKind.REDUCED and each.quantity is not None
        )


def documents_steps(venue: str) -> bool:
    """Whether a venue's steps are known well enough to be followed."""
    return venue in _PROCESSES


def walk_in_steps(book: Book) -> SteppedWalk:
    """The straight path to the book's shocks, each liquidation by the steps of its venue, which documents them.

    The path is walked to the first pool that becomes liquidatable, the step is taken there, and the walk goes on from
    that point. Call it within the engine's decimal context.
    """
    shocks, state, at = book.shocks, at_marks(book, marks_of(book)), ZERO
    steps: list[VenueStep] = []
    while deaths := liquidations(open_account(replace(state, shocks=_rest(shocks, at)))):
        first = deaths[0]
        # Everything stands at the marks of that moment; the rest of the way is walked from there.
        state = moved(state, {name: _move(shock, at, first.at_fraction) for name, shock in shocks.items()})
        at += (ONE - at) * first.at_fraction
        state, step = _step(state, first, at)
        steps.append(step)
    return SteppedWalk(book=moved(state, _rest(shocks, at)), steps=tuple(steps))


def _rest(shocks: Mapping[str, Decimal], at: Decimal) -> dict[str, Decimal]:
    """The shocks that are left from a point of the way on, of the marks there: (1 + s) / (1 + s t) - 1."""
    return {name: (ONE + shock) / (ONE + shock * at) - ONE for name, shock in shocks.items()}


def _move(shock: Decimal, at: Decimal, share: Decimal) -> Decimal:
    """The same to the point that lies `share` of the rest ahead."""
    there = at + (ONE - at) * share
    return (ONE + shock * there) / (ONE + shock * at) - ONE


def _step(book: Book, death: Liquidation, at: Decimal) -> tuple[Book, VenueStep]:
    account = open_account(book)
    pool = next(each for each in account.pools if each.id == death.id)
    if len(pool.holdings) > 1:
        return without(book, (death,)), _written(death, StepKind.TAKEN_OVER, at, None, death.loss)
    process, source = _PROCESSES[book.venue]
    kind, quantity = process(account, pool.holdings[0], worth_of(pool))
    if kind is StepKind.TAKEN_OVER:
        return without(book, (death,)), _written(death, kind, at, None, death.loss, source)
    left, loss = _closed(book, account, pool.holdings[0], quantity)
    return left, _written(death, kind, at, quantity, loss, source)


def _written(
    death: Liquidation, kind: StepKind, at: Decimal, quantity: Decimal | None, loss: Decimal, source: str | None = None
) -> VenueStep:
    return VenueStep(
        pool_id=death.id,
        positions=death.positions,
        kind=kind,
        at_fraction=at,
        quantity=quantity,
        loss=loss,
        source=source,
    )


def _okx(account: Account, holding: Holding, now: Worth) -> tuple[StepKind, Decimal]:
    rung = holding.table.rung_at(holding.notional_at_mark)
    first_rate = holding.table.tiers[0].rate + account.rules.closing_fee_rate
    if rung < OKX_FIRST_REDUCED_RUNG or now.margin_balance <= holding.notional_at_mark * first_rate:
        return StepKind.TAKEN_OVER, holding.position.quantity
    kept = holding.table.tiers[rung - 1].floor * JUST_BELOW / holding.notional_at_mark
    return StepKind.REDUCED, holding.position.quantity * (ONE - kept)


def _hyperliquid(_: Account, holding: Holding, now: Worth) -> tuple[StepKind, Decimal]:
    taken = now.margin_balance < now.maintenance_margin * BACKSTOP_SHARE
    return StepKind.TAKEN_OVER if taken else StepKind.CLOSED, holding.position.quantity


_Process = Callable[[Account, Holding, Worth], tuple[StepKind, Decimal]]
_PROCESSES: dict[str, tuple[_Process, str]] = {
    "okx": (_okx, "okx-liquidation-help"),
    "hyperliquid": (_hyperliquid, "hyperliquid-docs"),
}


def _closed(book: Book, account: Account, holding: Holding, quantity: Decimal) -> tuple[Book, Decimal]:
    """The book with that quantity closed at the mark, its fee paid, and what the position loses by it."""
    position, asset = holding.position, holding.terms.settle_asset
    realised = _realised(account, holding, quantity)
    book = book.deposited(asset, realised)
    left = position.quantity - quantity
    if not left:
        return book.without_positions(position.id), -realised
    margin = decimal_of(holding.own_margin) + realised if position.margin_mode is MarginMode.ISOLATED else None
    return book.with_position(replace(position, quantity=left, isolated_margin=margin)), -realised


def _realised(account: Account, holding: Holding, quantity: Decimal) -> Decimal:
    """PnL of the part less the fee for closing it, which is the rate that stands in the requirement."""
    size = quantity * holding.terms.multiplier
    fee = size * unit_worth(holding.terms, holding.mark_price) * account.rules.closing_fee_rate
    return gain(holding.terms, holding.position.side, size, holding.position.entry_price, holding.mark_price) - fee
