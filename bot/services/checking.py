"""Works out a check card: what a liquidation would do to the positions in each mode, as far as enough was said.

Each half is answered as soon as what it depends on is known. Isolated: symbol, side, entry and leverage (or size and
margin), and below the first tier's end no size. Cross: symbol, side, entry, size and the wallet, but no leverage; with
the portfolio's wallet it is the saved account with this trade in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.rendering.views import Asked, CheckView, Figures, LegView, Market, Note, Opening, Reference, Rung, TierTable
from bot.services.asking import asked_next
from bot.services.assuming import (
    account_remarks,
    assumed,
    opening_of,
    said_otherwise,
    size_free_up_to,
    wallet_remarks,
)
from bot.services.beside import ALONE, Account, Beside, beside
from bot.services.halves import CROSS_POOL, Halves, halves_of, initial_margin, margin_of
from bot.services.question import Question, leveraged, sized
from bot.services.readiness import (
    Ready,
    blocked,
    hedge_remarks,
    in_contract_units,
    ready_legs,
    refused,
    unanswered_remarks,
    venue_remarks,
)
from bot.services.saved import wallet_of
from margin_engine import Evaluation
from margin_engine.model.tiers import TierTable as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A card's content, and behind it the legs and the engine's own answers."""

    view: CheckView
    question: Question | None = None
    """The question in contract units, once it can be answered."""
    legs: tuple[Ready, ...] = ()
    halves: Halves = field(default_factory=Halves)
    others: Beside = ALONE
    """What stands beside the trade in its cross half."""

    @property
    def answered(self) -> bool:
        """Whether at least one half has numbers."""
        return bool(self.halves.isolated or self.halves.cross)


def work_out(question: Question, *, now: datetime, account: Account | None = None, explain: bool = True) -> Worked:
    """Everything that the card of `question` shows at the time `now`.

    Arguments: account, the person's portfolio, None where others read along; explain, whether the answers carry their
    working, which takes as long as the figures. Never raises for what a person can say:
    what is missing, refused or unknown is part of the result.
    """
    if account is not None and question.wallet_from == "portfolio":
        question = question.model_copy(update={"wallet": wallet_of(account.portfolio)})
    question, lots = in_contract_units(question)
    remarks = [*venue_remarks(question), *lots, *hedge_remarks(question), *unanswered_remarks(question)]
    stop = blocked(question)
    if stop is not None:
        return Worked(view=_open_view(question, [*stop[0], *remarks], stop[1]))
    legs = ready_legs(question)
    refusal = refused(legs)
    if refusal is not None:
        return Worked(view=_open_view(question, [refusal[0], *remarks], refusal[1]), legs=legs)
    others = beside(question, legs, account)
    halves = halves_of(question, legs, others, explain=explain)
    remarks = [*account_remarks(question, halves, others), *remarks, *wallet_remarks(question, halves)]
    view = _answered_view(question, legs, halves, others, remarks, now=now)
    return Worked(view=view, question=question, legs=legs, halves=halves, others=others)


def _open_view(question: Question, remarks: Sequence[Note], asked: Asked | None) -> CheckView:
    """The card while nothing can be worked out: what was understood, and the one question."""
    legs = tuple(
        LegView(
            coin=leg.coin or "",
            side=leg.side,
            quantity=sized(leg),
            entry=leg.entry,
            leverage=leveraged(leg),
            mode=leg.mode,
            said_margin=leg.margin,
            said_notional=leg.notional,
        )
        for leg in question.legs
    )
    return CheckView(
        legs=legs,
        wallet=question.wallet,
        mode=question.mode,
        remarks=tuple(remarks),
        assumed=tuple(said_otherwise(question)),
        asked=asked,
    )


def _answered_view(
    question: Question,
    legs: Sequence[Ready],
    halves: Halves,
    others: Beside,
    remarks: Sequence[Note],
    *,
    now: datetime,
) -> CheckView:
    evaluation = halves.isolated or halves.cross
    market = market_of(halves.cross) if halves.cross else None
    opening = opening_of(question, legs, halves)
    return CheckView(
        legs=tuple(_leg_view(leg, question, halves, now=now) for leg in legs),
        wallet=question.wallet,
        mode=question.mode,
        market=market,
        isolated_trouble=halves.isolated_trouble,
        cross_trouble=halves.cross_trouble,
        in_account=others.counted,
        opening=opening,
        remarks=(*_opening_remarks(opening, market), *remarks),
        assumed=tuple(assumed(question, legs, halves, others)),
        asked=asked_next(question, legs, halves),
        tiers=tier_date(evaluation.tiers_as_of, now=now) if evaluation else None,
        isolated_evaluation=halves.isolated,
        cross_evaluation=halves.cross,
    )


def _opening_remarks(opening: Opening | None, market: Market | None) -> list[Note]:
    """That an exchange would refuse the trade; of a cross pool that is dead at once the verdict says so itself."""
    if opening is None or (market is not None and market.liquidatable):
        return []
    return [Note(name="cannot_open", facts={"needed": opening.needed, "free": opening.free}, slot="wallet")]


def market_of(evaluation: Evaluation) -> Market:
    """The cross pool's market-wide figures."""
    pool = evaluation.pool(CROSS_POOL)
    return Market(
        fall=pool.market_fall_to_liquidation,
        rise=pool.market_rise_to_liquidation,
        liquidatable=pool.liquidatable,
    )


def tier_date(as_of: str | None, *, now: datetime) -> TierTable:
    """The table's date and its age at `now`."""
    # Some tables tell their year only, which is counted from its beginning.
    day = date.fromisoformat(as_of if len(as_of) > 4 else f"{as_of}-01-01") if as_of else None
    return TierTable(as_of=day, age_days=(now.date() - day).days if day else 0)


def figures(
    evaluation: Evaluation,
    identity: str,
    reference: Decimal,
    *,
    table: Table | None = None,
    quantity: Decimal | None = None,
    margin: Decimal | None = None,
) -> Figures:
    """One position's figures out of an evaluation; the distance is measured from `reference`.

    Arguments: quantity, None when it stands in for one that was not said, and then no amount is shown; margin, what
    opening it sets aside, None when that is not known; table, the tiers that its rung is read from.
    """
    position = evaluation.position(identity)
    price = position.liquidation_price
    return Figures(
        liquidation_price=price,
        reason=position.liquidation_reason.value if position.liquidation_reason else None,
        distance=price / reference - 1 if price is not None else None,
        loss=position.max_loss if quantity is not None else None,
        margin=margin if quantity is not None else None,
        below_mark=position.distance is None or position.distance < 0,
        rung=_rung(table, quantity, price if price is not None else reference) if table is not None else None,
    )


def _rung(table: Table, quantity: Decimal | None, price: Decimal) -> Rung:
    """The rung that holds at the liquidation price, or at the price now when there is none."""
    value = None if quantity is None else quantity * price
    number = table.rung_at(value or Decimal(0))
    cap = table.tiers[number + 1].floor if number + 1 < len(table.tiers) else None
    return Rung(rate=table.tiers[number].rate, cap=cap, value=value)


def _leg_view(ready: Ready, question: Question, halves: Halves, *, now: datetime) -> LegView:
    given = question.prices.get(ready.listing.coin)
    reference = Reference(price=given.price, age=now - given.given_at) if given else Reference(price=ready.entry)
    views = {
        name: figures(
            evaluation,
            ready.id,
            reference.price,
            table=ready.listing.table,
            quantity=ready.quantity,
            margin=_margin(ready, name) if ready.leverage is not None else None,
        )
        if evaluation
        else None
        for name, evaluation in (("isolated", halves.isolated), ("cross", halves.cross), ("given", halves.given))
    }
    return LegView(
        coin=ready.listing.coin,
        side=ready.side,
        quantity=ready.quantity,
        entry=ready.entry,
        leverage=ready.leverage,
        mode=ready.leg.mode,
        tick=ready.listing.tick,
        reference=reference,
        isolated=views["isolated"],
        cross=views["cross"],
        given=views["given"],
        size_free_up_to=size_free_up_to(ready, halves),
        said_margin=ready.leg.margin,
        said_notional=ready.leg.notional,
    )


def _margin(ready: Ready, mode: str) -> Decimal:
    """What opening the position sets aside: the initial margin at entry, or in isolated the margin that was said."""
    crossed = mode == "cross" or (mode == "given" and ready.leg.mode == "cross")
    return initial_margin(ready) if crossed else margin_of(ready)
