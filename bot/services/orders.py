"""Changes to saved positions: what an order makes of the account, before anybody says "make it so". All pure.

Closing and reducing realise the gain at a price; adding averages the entry; a mode is switched as the engine's own
preview does it. Corrections (a size or an entry that was noted wrongly, a removed line) move no money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bot.rendering.errors import refusal_note
from bot.rendering.venues import title_of
from bot.rendering.views import Note
from bot.services.accounts import account_book, examined, lacks_wallet, settled_marks
from bot.services.question import Question, question_of
from bot.services.readiness import blocked, in_contract_units, ready_legs, refused
from bot.services.saved import name_of, settle_of
from bot.services.symbols import coin_of, in_quote, listing_of
from bot.storage.portfolios import MOST_POSITIONS, Portfolio, SavedPosition
from bot.understanding.portfolio_words import Spoken
from bot.understanding.readings import Parsed, Reading
from margin_engine import (
    Add,
    AddMargin,
    Book,
    Change,
    Close,
    EngineError,
    Evaluation,
    MarginMode,
    Permission,
    Reduce,
    SetLeverage,
    SwitchMode,
    TakeMargin,
    apply,
    preview_switch,
)

_KEPT: Final = Context(prec=30, rounding=ROUND_HALF_EVEN)
_PLACES: Final = Decimal("1e-18")
_SIZE_STEP: Final = Decimal("1e-8")

Kind = Literal[
    "open", "add", "reduce", "close", "remove", "margin", "leverage", "isolated", "cross", "quantity", "entry", "up",
    "down",
]  # fmt: skip


class Order(BaseModel):
    """A change to positions, as a card remembers it until it is made. ids: the positions, in the portfolio's order.

    price None is the mark; amount is margin to put in, negative to take out; fraction is of the position's size.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    ids: tuple[str, ...] = ()
    quantity: Decimal | None = None
    fraction: Decimal | None = None
    price: Decimal | None = None
    leverage: Decimal | None = None
    amount: Decimal | None = None
    position: SavedPosition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What an order would make of the account. portfolio is None where it cannot be done: `refusal` says why.

    before, after: the account evaluated, None where that cannot be. realised: gains that go to the wallet, by asset.
    rule: the venue's own about switching, where it is not simply allowed.
    """

    portfolio: Portfolio | None = None
    refusal: Note | None = None
    before: Evaluation | None = None
    after: Evaluation | None = None
    realised: tuple[tuple[str, Decimal], ...] = ()
    permission: Permission | None = None
    rule: str = ""


def holders(spoken: Spoken, portfolio: Portfolio) -> tuple[SavedPosition, ...]:
    """The positions that an order in words can mean."""
    if spoken.everything:
        return portfolio.positions
    return tuple(
        each
        for each in portfolio.positions
        if _is_coin(each.symbol, spoken.coin or "", portfolio.venue)
        and spoken.side in (None, each.side)
        and spoken.quote in (None, settle_of(portfolio, each.symbol))
    )


def _is_coin(symbol: str, coin: str, venue: str) -> bool:
    listing = listing_of(coin, venue)
    return symbol == coin or coin_of(symbol) in (coin, listing.coin if listing is not None else coin)


def order_from(spoken: Spoken, positions: Sequence[SavedPosition], venue: str) -> Order | None:
    """The order for these positions, in contract units; None for kinds that are not about positions."""
    kinds: dict[str, Kind] = {
        name: name for name in ("add", "reduce", "close", "remove", "margin", "leverage", "isolated", "cross")
    }
    kind = kinds.get(spoken.kind)
    if kind is None:
        return None
    listing = listing_of(spoken.coin, venue) if spoken.coin else None
    per = Decimal(listing.per if listing is not None else 1)
    return Order(
        kind=kind,
        ids=tuple(each.id for each in positions),
        quantity=spoken.quantity / per if spoken.quantity is not None else None,
        fraction=spoken.fraction,
        price=spoken.price * per if spoken.price is not None else None,
        leverage=spoken.leverage,
        amount=spoken.amount,
    )


def opened_position(
    spoken: Spoken, portfolio: Portfolio, *, identity: str, now: datetime
) -> tuple[SavedPosition | None, Note | None]:
    """The new position of "add 2 eth long 3100 10x cross", or why there is none; both None where something is open.

    A mode that was not said is isolated here: the flow asks for it.
    """
    said = spoken.position
    if (
        said is not None
        and spoken.quote is not None
        and in_quote(said.symbol or "", portfolio.venue, spoken.quote) is None
    ):
        return None, Note(
            name="quote_unknown", facts={"coin": f"{said.symbol}{spoken.quote}", "venue": title_of(portfolio.venue)}
        )
    reading = Reading(
        kind="position",
        parsed=Parsed(positions=(said,) if said else ()),
        in_usdc=(said.symbol,) if said is not None and said.symbol and spoken.quote else (),
    )
    question = question_of(reading, now=now)
    if not isinstance(question, Question):
        return None, None
    if question.venue is None:
        question = question.model_copy(update={"venue": portfolio.venue})
    if question.rules != portfolio.venue:
        return None, None
    question, _ = in_contract_units(question)
    if blocked(question) is not None:
        return None, None
    legs = ready_legs(question)
    stop = refused(legs)
    if stop is not None:
        return None, stop[0]
    [ready] = legs
    if ready.quantity is None or ready.leverage is None or ready.leg.contracts is not None:
        return None, None
    mode = ready.leg.mode or "isolated"
    saved = SavedPosition(
        id=identity,
        symbol=ready.listing.symbol,
        side=ready.side,
        quantity=ready.quantity,
        entry_price=ready.entry,
        leverage=ready.leverage,
        margin_mode=mode,
        isolated_margin=ready.margin if mode == "isolated" else None,
        rate=ready.listing.table.tiers[0].rate if ready.listing.stated else None,
        saved_at=now,
    )
    return saved, None


def planned(portfolio: Portfolio, order: Order, *, now: datetime) -> Planned:
    """What the order makes of the portfolio. Never raises for what a person can ask for."""
    if order.kind != "open" and any(position_of(portfolio, identity) is None for identity in order.ids):
        return Planned(refusal=Note(name="position_gone"))
    try:
        changed = _corrected(portfolio, order, now=now)
        return changed if isinstance(changed, Planned) else _traded(portfolio, order, now=now)
    except EngineError as error:
        return Planned(refusal=refusal_note(error))


def position_of(portfolio: Portfolio, identity: str) -> SavedPosition | None:
    """The saved position of that id."""
    return next((each for each in portfolio.positions if each.id == identity), None)


# --- Corrections: what was noted differs, no money moves -----------------------------------------------------------


def _corrected(portfolio: Portfolio, order: Order, *, now: datetime) -> Planned | None:
    positions = list(portfolio.positions)
    if order.kind == "open" and order.position is not None:
        new = order.position
        if len(positions) >= MOST_POSITIONS:
            return Planned(refusal=Note(name="portfolio_full", facts={"number": Decimal(MOST_POSITIONS)}))
        same = [each for each in positions if each.place == new.place]
        if same and new.margin_mode == "cross":
            facts = {"coin": name_of(portfolio, new.symbol), "side": new.side}
            return Planned(refusal=Note(name="cross_twice", facts=facts))
        return _with_positions(portfolio, (*positions, new), now=now)
    at = next((index for index, each in enumerate(positions) if each.id in order.ids), None)
    if at is None:
        return None
    match order.kind:
        case "remove":
            kept = tuple(each for each in positions if each.id not in order.ids)
            return _with_positions(portfolio, kept, now=now)
        case "quantity" | "entry" if order.quantity is not None or order.price is not None:
            update = {"quantity": order.quantity} if order.kind == "quantity" else {"entry_price": order.price}
            positions[at] = positions[at].model_copy(update=update)
            return _with_positions(portfolio, tuple(positions), now=now)
        case "up" | "down":
            to = max(0, min(len(positions) - 1, at + (-1 if order.kind == "up" else 1)))
            positions.insert(to, positions.pop(at))
            return _with_positions(portfolio, tuple(positions), now=now)
        case _:
            return None


def _with_positions(portfolio: Portfolio, positions: tuple[SavedPosition, ...], *, now: datetime) -> Planned:
    marks = settled_marks(portfolio.marks, positions, now=now)
    return weighed(portfolio, portfolio.model_copy(update={"positions": positions, "marks": marks}))


def weighed(old: Portfolio, new: Portfolio, **more: object) -> Planned:
    """Both accounts evaluated. One that could be worked out and could not be then is refused.

    Of one that never fitted together a position can always be taken away.
    """
    before, already = examined(old)
    after, trouble = examined(new) if new.positions else (None, None)
    mends = already is not None and len(new.positions) < len(old.positions)
    if trouble is not None and trouble.name != "cross_wallet_open" and not mends:
        return Planned(refusal=trouble, before=before)
    return Planned(portfolio=new, before=before, after=after, **more)  # type: ignore[arg-type]


def remoded(portfolio: Portfolio, ids: Sequence[str]) -> Planned:
    """The portfolio with these positions in cross, as they were noted: nothing was switched, so no money moves."""
    positions = tuple(
        each.model_copy(update={"margin_mode": "cross", "isolated_margin": None}) if each.id in ids else each
        for each in portfolio.positions
    )
    return weighed(portfolio, portfolio.model_copy(update={"positions": positions}))


# --- Trades and moves of margin ------------------------------------------------------------------------------------


def _traded(portfolio: Portfolio, order: Order, *, now: datetime) -> Planned:
    if lacks_wallet(portfolio) or (order.kind in ("margin", "isolated") and not portfolio.wallet):
        return Planned(refusal=Note(name="cross_wallet_open", slot="wallet"))
    book = account_book(portfolio)
    short = _too_much(portfolio, order)
    if short is not None:
        return Planned(refusal=short)
    permission, rule = None, ""
    if order.kind in ("isolated", "cross"):
        preview = preview_switch(book, order.ids[0], margin=order.amount)
        permission, rule = preview.permission, preview.rule.rule
        order = order.model_copy(update={"ids": preview.positions})
    after = apply(book, _changes(portfolio, order))
    new = as_saved(portfolio, book, after, now=now)
    realised = tuple(
        (asset, after.wallet[asset] - balance)
        for asset, balance in book.wallet.items()
        if after.wallet[asset] != balance
    )
    return weighed(portfolio, new, realised=realised, permission=permission, rule=rule)


def _too_much(portfolio: Portfolio, order: Order) -> Note | None:
    if order.fraction is not None and order.fraction > 1:
        return Note(name="more_than_all")
    held = position_of(portfolio, order.ids[0]) if order.ids else None
    if held is None or order.kind != "reduce" or order.quantity is None or order.quantity <= held.quantity:
        if held is not None and order.kind in ("isolated", "cross") and held.margin_mode == order.kind:
            return Note(name="mode_already", facts={"mode": order.kind})
        return None
    return Note(name="more_than_held", facts={"held": held.quantity, "coin": name_of(portfolio, held.symbol)})


def _changes(portfolio: Portfolio, order: Order) -> list[Change]:
    return [_change(order, position) for position in portfolio.positions if position.id in order.ids]


def _change(order: Order, held: SavedPosition) -> Change:
    match order.kind:
        case "reduce":
            part = order.quantity if order.quantity is not None else _part(held.quantity, order.fraction)
            if part >= held.quantity:
                return Close(id=held.id, price=order.price)
            return Reduce(id=held.id, quantity=part, price=order.price)
        case "close":
            return Close(id=held.id, price=order.price)
        case "add":
            return Add(id=held.id, quantity=order.quantity or Decimal(0), price=order.price)
        case "leverage":
            return SetLeverage(id=held.id, leverage=order.leverage or Decimal(0))
        case "margin":
            amount = order.amount or Decimal(0)
            return TakeMargin(id=held.id, amount=-amount) if amount < 0 else AddMargin(id=held.id, amount=amount)
        case _:
            mode = MarginMode.CROSS if order.kind == "cross" else MarginMode.ISOLATED
            return SwitchMode(id=held.id, margin_mode=mode, margin=order.amount)


def _part(quantity: Decimal, fraction: Decimal | None) -> Decimal:
    """A part of a size, cut to eight places: nobody trades finer."""
    part = quantity * (fraction or Decimal(1))
    cut = part.quantize(_SIZE_STEP, rounding=ROUND_DOWN) if part.adjusted() < 18 else part
    return cut or part


def as_saved(
    portfolio: Portfolio,
    before: Book,
    after: Book,
    *,
    opened: Mapping[str, SavedPosition] | None = None,
    now: datetime,
) -> Portfolio:
    """The portfolio as the changed book has it. A balance that was never told stays untold.

    Arguments: opened, what is new in the book, by its id there.
    """
    held = {each.id: each for each in portfolio.positions} | dict(opened or {})
    then = {each.id: each for each in before.positions}
    positions = []
    for each in after.positions:
        margin = each.isolated_margin
        positions.append(
            held[each.id].model_copy(
                update={
                    "quantity": _kept(each.quantity),
                    "entry_price": _kept(each.entry_price),
                    "leverage": each.leverage,
                    "margin_mode": each.margin_mode.value,
                    "isolated_margin": _kept(margin) if margin is not None else None,
                }
            )
            if each != then.get(each.id)
            else held[each.id]
        )
    wallet = {asset: _kept(after.wallet[asset]) for asset in portfolio.wallet}
    marks = settled_marks(portfolio.marks, positions, now=now)
    return portfolio.model_copy(update={"positions": tuple(positions), "wallet": wallet, "marks": marks})


def _kept(value: Decimal) -> Decimal:
    """A number as it is kept: exact where it has at most 18 places, as all sums have; else rounded there."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -18:
        return value
    rounded = value.quantize(_PLACES, rounding=ROUND_HALF_EVEN, context=Context(prec=60))
    return rounded or _KEPT.plus(value)
