"""Works out a check card: what a liquidation would do to the positions in each mode, as far as enough was said.

Each half is answered as soon as what it depends on is known. Isolated: symbol, side, entry and leverage (or size and
margin), and below the first tier's end no size. Cross: symbol, side, entry, size and the wallet, but no leverage; with
the portfolio's wallet it is the saved account with this trade in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from bot.rendering.numbers import FAR
from bot.rendering.venues import title_of
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
from bot.services.beside import ALONE, Account, Beside, beside, with_saved_wallet
from bot.services.funds import Funds, funds_of
from bot.services.halves import Halves, halves_of, initial_margin, margin_of
from bot.services.losing import most_lost
from bot.services.own_coin import shown_health
from bot.services.plans import plans_of
from bot.services.question import Leg, Question
from bot.services.readiness import (
    Ready,
    blocked,
    converted_remarks,
    hedge_remarks,
    in_contract_units,
    listing_for,
    ready_legs,
    refused,
    unanswered_remarks,
    venue_remarks,
)
from bot.services.sizing import leveraged, margin_in, sized
from bot.services.symbols import Basis, Listing, has_both_kinds
from margin_engine import ContractKind, Evaluation, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A card's content, and behind it the legs and the engine's own answers."""

    view: CheckView
    question: Question | None = None
    """The question in contract units, once it can be answered."""
    legs: tuple[Ready, ...] = ()
    funds: Funds = field(default_factory=Funds)
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
        question = with_saved_wallet(question, account)
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
    funds = others.funds or funds_of(question, legs)
    halves = halves_of(question, legs, funds, others, explain=explain)
    remarks = [
        *account_remarks(question, halves, others, funds),
        *remarks,
        *converted_remarks(legs),
        *wallet_remarks(question, halves, funds),
    ]
    view = _answered_view(question, legs, funds, halves, others, remarks, now=now)
    return Worked(view=view, question=question, legs=legs, funds=funds, halves=halves, others=others)


def _open_view(question: Question, remarks: Sequence[Note], asked: Asked | None) -> CheckView:
    """The card while nothing can be worked out: what was understood, and the one question."""
    legs = tuple(_open_leg(leg, listing_for(question, leg)) for leg in question.legs)
    return CheckView(
        legs=legs,
        venue=title_of(question.rules),
        fee=question.fee_rate,
        wallets=_said_wallets(question),
        mode=question.mode,
        remarks=tuple(remarks),
        assumed=tuple(said_otherwise(question)),
        asked=asked,
    )


def _open_leg(leg: Leg, listing: Listing | None) -> LegView:
    size = sized(leg, listing)
    unlisted = size is None and listing is None  # a contract whose terms are not known: as it was said
    return LegView(
        coin=leg.coin or "",
        side=leg.side,
        quantity=(leg.contracts or leg.notional) if unlisted else size,
        unit=_said_unit(leg) if unlisted else unit_of(listing.contract if listing is not None else None),
        entry=leg.entry,
        leverage=leveraged(leg, listing),
        mode=leg.mode,
        settle=listing.settle if listing is not None else "USDT",
        said_margin=margin_in(leg, listing),
        said_notional=leg.notional,
    )


def _said_unit(leg: Leg) -> str | None:
    """What the size of a contract without known terms was counted in."""
    return "" if leg.contracts is not None else "USD" if leg.notional is not None else None


def _said_wallets(question: Question) -> tuple[tuple[str, Decimal], ...]:
    """What was said to be in the account, while nothing is worked out."""
    own = [(question.wallet_asset or "USDT", question.wallet)] if question.wallet is not None else []
    return (*own, *question.assets.items())


def unit_of(terms: Terms | None) -> str | None:
    """What a size of a contract is counted in: None for coins, USD of an inverse one, "" contracts of a quanto one."""
    if terms is None or terms.kind is ContractKind.LINEAR:
        return None
    return "USD" if terms.kind is ContractKind.INVERSE else ""


def _answered_view(
    question: Question,
    legs: Sequence[Ready],
    funds: Funds,
    halves: Halves,
    others: Beside,
    remarks: Sequence[Note],
    *,
    now: datetime,
) -> CheckView:
    evaluation = halves.isolated or halves.cross
    market = market_of(halves.cross)
    plans = plans_of(question, legs, halves)
    opening = opening_of(question, legs, funds, halves)
    return CheckView(
        legs=tuple(replace(_leg_view(leg, question, halves, now=now), plan=plans.get(leg.id)) for leg in legs),
        fee=question.fee_rate,
        kind=legs[0].listing.kind,
        both_kinds=has_both_kinds(legs[0].listing.coin, question.rules),
        venue=title_of(question.rules),
        wallets=tuple((asset, amount) for asset, amount in (funds.wallet or {}).items() if amount or not funds.pooled),
        pooled=funds.pooled,
        mode=question.mode,
        market=market,
        isolated_trouble=halves.isolated_trouble,
        cross_trouble=halves.cross_trouble,
        in_account=others.counted,
        opening=opening,
        remarks=(*_opening_remarks(opening, market), *remarks),
        assumed=tuple(assumed(question, legs, funds, halves, others)),
        asked=asked_next(question, legs, funds, halves),
        tiers=_tiers(question, legs, evaluation, now=now) if evaluation else None,
        isolated_evaluation=halves.isolated,
        cross_evaluation=halves.cross,
    )


def _opening_remarks(opening: Opening | None, market: Market | None) -> list[Note]:
    """That an exchange would refuse the trade; of a cross pool that is dead at once the verdict says so itself."""
    if opening is None or (market is not None and market.liquidatable):
        return []
    facts = {"needed": opening.needed, "free": opening.free, "asset": opening.asset}
    return [Note(name="cannot_open", facts=facts, slot="wallet")]


def market_of(evaluation: Evaluation | None) -> Market | None:
    """How far everything may move together before a cross pool goes, the nearest of several; None without one."""
    if evaluation is None:
        return None
    held = {position.pool_id for position in evaluation.positions}
    pools = [pool for pool in evaluation.pools if pool.id.startswith("cross:") and pool.id in held]
    if not pools:
        return None
    falls = [pool.market_fall_to_liquidation for pool in pools if pool.market_fall_to_liquidation is not None]
    rises = [pool.market_rise_to_liquidation for pool in pools if pool.market_rise_to_liquidation is not None]
    return Market(
        fall=max(falls, default=None),
        rise=min(rises, default=None),
        liquidatable=any(pool.liquidatable for pool in pools),
    )


def _tiers(question: Question, legs: Sequence[Ready], evaluation: Evaluation, *, now: datetime) -> TierTable:
    """Where the rates are from: the venue's table by its date, an assumption, or the person."""
    bases = {leg.listing.basis for leg in legs}
    worst: tuple[Basis, ...] = ("given", "assumed")
    basis: Basis = next((each for each in worst if each in bases), "published")
    name = title_of(question.rules) if question.known_venue else ""
    return replace(tier_date(evaluation.tiers_as_of, now=now), basis=basis, venue=name)


def tier_date(as_of: str | None, *, now: datetime) -> TierTable:
    """The table's date and its age at `now`: of one that tells only its year or month, from the end of it."""
    if as_of is None:
        return TierTable(as_of=None)
    if len(as_of) == len("2026-09-29"):
        day = date.fromisoformat(as_of)
        return TierTable(as_of=day, age_days=(now.date() - day).days)
    year, _, month = as_of.partition("-")
    end = date(int(year) + (month in ("", "12")), int(month or 12) % 12 + 1, 1)
    return TierTable(as_of=None, said=as_of, age_days=max(0, (now.date() - end).days))


def figures(
    evaluation: Evaluation,
    identity: str,
    reference: Decimal,
    *,
    listing: Listing | None = None,
    quantity: Decimal | None = None,
    margin: Decimal | None = None,
    from_entry: Evaluation | None = None,
) -> Figures:
    """One position's figures out of an evaluation; the distance is measured from `reference`.

    Arguments: quantity, None when it stands in for one that was not said, and then no amount is shown; margin, what
    opening it sets aside, None when that is not known; listing, whose tiers its rung is read from; from_entry, the
    same at the entry prices, of something that is dead at the prices now.
    """
    position, own_coin = shown_health(evaluation, identity)
    price, reason = position.liquidation_price, position.liquidation_reason
    distance = price / reference - 1 if price is not None else None
    far = distance is not None and distance > FAR
    return Figures(
        liquidation_price=None if far else price,
        reason="far" if far else reason.value if reason else None,
        distance=None if far else distance,
        move=None if far else position.distance,
        loss=most_lost(evaluation, position.pool_id) if quantity is not None else None,
        margin=margin if quantity is not None else None,
        own_coin=None if far else own_coin,
        below_mark=position.distance is None or position.distance < 0,
        died_at=shown_health(from_entry, identity)[0].liquidation_price if from_entry is not None else None,
        rung=_rung(listing, quantity, price if price is not None else reference) if listing is not None else None,
    )


def _rung(listing: Listing, quantity: Decimal | None, price: Decimal) -> Rung:
    """The rung that holds at the liquidation price, or at the price now when there is none."""
    table = listing.table_at(quantity)
    value = None if quantity is None else listing.notional(quantity, price)
    number = table.rung_at(value or Decimal(0))
    cap = table.tiers[number + 1].floor if number + 1 < len(table.tiers) else None
    rate = table.tiers[number].rate
    return Rung(rate=rate, cap=cap, value=value, only=len(table.tiers) == 1, by_size=listing.by_size)


def _leg_view(ready: Ready, question: Question, halves: Halves, *, now: datetime) -> LegView:
    given = question.prices.get(ready.listing.coin)
    reference = Reference(price=given.price, age=now - given.given_at) if given else Reference(price=ready.entry)
    views = {
        name: figures(
            evaluation,
            ready.id,
            reference.price,
            listing=ready.listing,
            quantity=ready.quantity,
            margin=_margin(ready, name) if ready.leverage is not None else None,
            from_entry=before,
        )
        if evaluation
        else None
        for name, evaluation, before in (
            ("isolated", halves.isolated, halves.isolated_from_entry),
            ("cross", halves.cross, halves.cross_from_entry),
            ("given", halves.given, None),
        )
    }
    return LegView(
        coin=ready.listing.coin,
        side=ready.side,
        quantity=ready.quantity,
        unit=unit_of(ready.listing.contract),
        settle=ready.listing.settle,
        entry=ready.entry,
        leverage=ready.leverage,
        mode=ready.leg.mode,
        tick=ready.listing.tick,
        reference=reference,
        isolated=views["isolated"],
        cross=views["cross"],
        given=views["given"],
        size_free_up_to=size_free_up_to(ready, halves),
        said_margin=ready.margin,
        said_notional=ready.leg.notional,
    )


def _margin(ready: Ready, mode: str) -> Decimal:
    """What opening the position sets aside: the initial margin at entry, or in isolated the margin that was said."""
    crossed = mode == "cross" or (mode == "given" and ready.leg.mode == "cross")
    return initial_margin(ready) if crossed else margin_of(ready)
