"""Works out a check card: what a liquidation would do to the positions in each mode, as far as enough was said.

Each half is answered as soon as what it depends on is known. Isolated: symbol, side, entry and leverage (or size and
margin), and below the first tier's end no size. Cross: symbol, side, entry, size and the wallet, but no leverage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_DOWN, Context, Decimal

from bot.rendering.views import (
    Asked,
    CheckView,
    Figures,
    LegView,
    Market,
    Note,
    Reference,
    Rung,
    Slot,
    TierTable,
)
from bot.services.halves import Halves, halves_of, margin_of, stand_in
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
from bot.services.symbols import SETTLE
from margin_engine import Evaluation, MarginMode

CROSS_POOL = f"cross:{SETTLE}"
_THREE_DOWN = Context(prec=3, rounding=ROUND_DOWN)
_ROUND_AMOUNTS = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A card's content, and behind it the legs and the engine's own answers."""

    view: CheckView
    question: Question | None = None
    """The question in contract units, once it can be answered."""
    legs: tuple[Ready, ...] = ()
    halves: Halves = field(default_factory=Halves)

    @property
    def answered(self) -> bool:
        """Whether at least one half has numbers."""
        return bool(self.halves.isolated or self.halves.cross)


def work_out(question: Question, *, now: datetime) -> Worked:
    """Everything that the card of `question` shows at the time `now`.

    Never raises for what a person can say: what is missing, refused or unknown is part of the result.
    """
    question, lots = in_contract_units(question)
    remarks = [*venue_remarks(question), *lots, *hedge_remarks(question), *unanswered_remarks(question)]
    stop = blocked(question)
    if stop is not None:
        return Worked(view=_open_view(question, [*stop[0], *remarks], stop[1]))
    legs = ready_legs(question)
    refusal = refused(legs)
    if refusal is not None:
        return Worked(view=_open_view(question, [refusal[0], *remarks], refusal[1]))
    halves = halves_of(question, legs)
    view = _answered_view(question, legs, halves, [*remarks, *_cannot_open(question, legs, halves)], now=now)
    return Worked(view=view, question=question, legs=legs, halves=halves)


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
        assumed=(*_taken_as_margin(question), *_guessed(question)),
        asked=asked,
    )


def _answered_view(
    question: Question, legs: Sequence[Ready], halves: Halves, remarks: Sequence[Note], *, now: datetime
) -> CheckView:
    evaluation = halves.isolated or halves.cross
    return CheckView(
        legs=tuple(_leg_view(leg, question, halves, now=now) for leg in legs),
        wallet=question.wallet,
        mode=question.mode,
        market=market_of(halves.cross) if halves.cross else None,
        isolated_trouble=halves.isolated_trouble,
        cross_trouble=halves.cross_trouble,
        remarks=tuple(remarks),
        assumed=tuple(_assumed(question, legs, halves)),
        asked=_asked(question, legs, halves),
        tiers=tier_date(evaluation.tiers_as_of, now=now) if evaluation else None,
        isolated_evaluation=halves.isolated,
        cross_evaluation=halves.cross,
    )


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
    day = date.fromisoformat(as_of) if as_of else None
    return TierTable(as_of=day, age_days=(now.date() - day).days if day else 0)


def figures(evaluation: Evaluation, identity: str, reference: Decimal, *, margin_known: bool = True) -> Figures:
    """One position's figures out of an evaluation; the distance is measured from `reference`."""
    position = evaluation.position(identity)
    price = position.liquidation_price
    isolated = position.margin_mode is MarginMode.ISOLATED
    return Figures(
        liquidation_price=price,
        reason=position.liquidation_reason.value if position.liquidation_reason else None,
        distance=price / reference - 1 if price is not None else None,
        loss=position.max_loss,
        margin=(position.max_loss if isolated else position.initial_margin) if margin_known else None,
        below_mark=position.distance is None or position.distance < 0,
    )


def _leg_view(ready: Ready, question: Question, halves: Halves, *, now: datetime) -> LegView:
    given = question.prices.get(ready.listing.coin)
    reference = Reference(price=given.price, age=now - given.given_at) if given else Reference(price=ready.entry)
    known = ready.leverage is not None
    views = {
        name: figures(evaluation, ready.id, reference.price, margin_known=known) if evaluation else None
        for name, evaluation in (("isolated", halves.isolated), ("cross", halves.cross), ("given", halves.given))
    }
    first = views["isolated"] or views["cross"]
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
        rung=_rung(ready, first) if first else None,
        size_free_up_to=_free_up_to(ready, views["isolated"]),
        said_margin=ready.leg.margin,
        said_notional=ready.leg.notional,
    )


def _rung(ready: Ready, of: Figures) -> Rung:
    """The rung that holds at the liquidation price, or at the mark when there is none."""
    quantity = Decimal(0) if ready.quantity is None else ready.quantity
    tiers = ready.listing.table.tiers
    number = ready.listing.table.rung_at(quantity * (of.liquidation_price or ready.mark))
    return Rung(rate=tiers[number].rate, cap=tiers[number + 1].floor if number + 1 < len(tiers) else None)


def _free_up_to(ready: Ready, isolated: Figures | None) -> Decimal | None:
    """The entry notional up to which the isolated price holds when no size was said: the first tier's end.

    A short grows on its way to liquidation, so it has to start that much smaller.
    """
    tiers = ready.listing.table.tiers
    if ready.quantity is not None or isolated is None or len(tiers) == 1:
        return None
    price = isolated.liquidation_price
    if price is None or price <= ready.entry:
        return tiers[1].floor
    return _THREE_DOWN.multiply(tiers[1].floor, ready.entry / price)


def _taken_as_margin(question: Question) -> list[Note]:
    return [
        Note(name="taken_as_margin", facts={"margin": leg.margin, "leg": index, "coin": leg.coin or ""})
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


def _assumed(question: Question, legs: Sequence[Ready], halves: Halves) -> list[Note]:
    """Everything that was not said and that the answer rests on, or that keeps a half from being answered."""
    notes = [*_taken_as_margin(question), *_guessed(question)]
    if not (halves.isolated or halves.cross):
        return notes
    for leg in legs:
        limit = _free_up_to(leg, _figures_or_none(halves.isolated, leg))
        if limit is not None:
            facts = {"limit": limit, "coin": leg.listing.coin, "quantity": stand_in(leg)}
            notes.append(Note(name="any_size", facts=facts, slot="size"))
    if question.wallet_from == "portfolio" and question.wallet is not None:
        notes.append(Note(name="saved_wallet", facts={"wallet": question.wallet}, slot="wallet"))
    if question.mode == "isolated" and halves.cross is None and question.wallet is None:
        notes.append(Note(name="cross_needs_wallet", slot="wallet"))
    if question.mode == "cross" and any(leg.leverage is None for leg in legs):
        notes.append(Note(name="isolated_needs_leverage", slot="leverage"))
    notes += _price_notes(question, legs)
    if halves.cross is not None:
        notes.append(Note(name="nothing_else_open"))
    return [*notes, Note(name="venue"), Note(name="fees")]


def _cannot_open(question: Question, legs: Sequence[Ready], halves: Halves) -> list[Note]:
    """That the wallet would not do for opening the positions in cross: the price holds, the trade may be refused."""
    if halves.cross is None or question.wallet is None or any(leg.leverage is None for leg in legs):
        return []
    needed = sum((margin_of(leg) for leg in legs), Decimal(0))
    facts = {"needed": needed, "wallet": question.wallet}
    return [Note(name="cross_margin_above_wallet", facts=facts, slot="wallet")] if needed > question.wallet else []


def _figures_or_none(evaluation: Evaluation | None, leg: Ready) -> Figures | None:
    return figures(evaluation, leg.id, leg.entry) if evaluation else None


def _price_notes(question: Question, legs: Sequence[Ready]) -> list[Note]:
    """For every coin whose price now nobody gave: which price stands in for it."""
    notes: list[Note] = []
    open_coins = {leg.listing.coin: leg for leg in legs if leg.listing.coin not in question.prices}
    for coin, leg in open_coins.items():
        entries = {each.entry for each in legs if each.listing.coin == coin}
        name = "entry_is_price" if len(entries) == 1 else "larger_entry_is_price"
        notes.append(Note(name=name, facts={"coin": coin, "price": leg.mark}, slot="mark"))
    if len(notes) > 1 and all(note.name == "entry_is_price" for note in notes):
        return [Note(name="entries_are_prices", slot="mark")]
    return notes


def _asked(question: Question, legs: Sequence[Ready], halves: Halves) -> Asked | None:
    """The one thing that would complete the answer, unless the mode that was said needs nothing more."""
    if question.mode != "cross":
        for index, leg in enumerate(legs):
            if leg.leverage is None:
                return Asked(slot="leverage", leg=index, choices=("5", "10", "20", "50"))
    if question.mode == "isolated":
        return None
    answered = halves.isolated is not None
    if question.wallet is None:
        return Asked(slot="wallet", choices=_likely_wallets(legs), of_cross=answered)
    for index, leg in enumerate(legs):
        if leg.quantity is None:
            return Asked(slot="size", leg=index, of_cross=answered)
    return None


def _likely_wallets(legs: Sequence[Ready]) -> tuple[str, ...]:
    """Round amounts above the margins in use: what a person might well have."""
    sizes = [leg for leg in legs if leg.quantity is not None]
    used = sum((margin_of(leg) for leg in sizes), Decimal(0)) if len(sizes) == len(legs) else Decimal(0)
    floor = max(used, Decimal(100))
    decade = Decimal(1).scaleb(floor.adjusted())
    amounts = [decade * step * Decimal(10) ** power for power in range(3) for step in _ROUND_AMOUNTS]
    return tuple(f"{amount:f}" for amount in amounts if amount > floor)[:3]


def question_about(slot: Slot, leg: int, worked: Worked) -> Asked:
    """The question for one slot that somebody wants to change or that is missing, with likely answers."""
    if worked.view.asked is not None and (worked.view.asked.slot, worked.view.asked.leg) == (slot, leg):
        return worked.view.asked
    choices: dict[str, tuple[str, ...]] = {
        "side": ("long", "short"),
        "mode": ("isolated", "cross"),
        "leverage": ("5", "10", "20", "50"),
        "wallet": _likely_wallets(worked.legs),
    }
    return Asked(slot=slot, leg=leg, choices=choices.get(slot, ()))
