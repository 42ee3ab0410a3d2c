"""The saved account: what it is worth looking at, and what saving, removing and a new price do to it. All pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.rendering.errors import refusal_note
from bot.rendering.venues import title_of
from bot.rendering.views import Mode, Note
from bot.services.checking import Worked
from bot.services.equity import with_moving_collateral
from bot.services.finding import mark_of
from bot.services.halves import isolated_margins
from bot.services.question import Question
from bot.services.saved import (
    engine_position,
    is_pooled,
    is_unused,
    main_asset,
    margin_of_saved,
    name_of,
    settle_of,
    settles_held,
)
from bot.services.saved import saved_tiers as rated
from bot.services.saved_terms import rules_of, saved_contract, saved_rules, saved_tiers, table_of
from bot.services.symbols import SETTLE
from bot.storage.portfolios import MOST_POSITIONS, Mark, Portfolio, SavedCollateral, SavedPosition
from margin_engine import (
    AssetMode,
    Book,
    Collateral,
    EngineError,
    Evaluation,
    MarginMode,
    Position,
    Side,
    evaluate,
)

_ZERO: Final = Decimal(0)
_PLENTY: Final = Decimal(10) ** 15
"""A balance that no position is too large for."""


def account_book(portfolio: Portfolio) -> Book:
    """The engine's book of a portfolio. Raises EngineError for one that does not fit together.

    A wallet that was never told holds the isolated margins and no more: no isolated figure depends on the rest.
    Where all assets back one pool, one that was not told holds nothing for it. Collateral moves with the market.
    """
    pooled = is_pooled(portfolio)
    needed: dict[str, Decimal] = {}
    for position in portfolio.positions:
        asset, backed = settle_of(portfolio, position.symbol), pooled and position.margin_mode == "cross"
        needed[asset] = needed.get(asset, _ZERO) + (_ZERO if backed else margin_of_saved(portfolio, position))
    book = Book(
        venue=portfolio.venue,
        wallet=needed | portfolio.wallet or {SETTLE: Decimal(0)},
        positions=tuple(
            engine_position(position, mark.price if (mark := portfolio.marks.get(position.symbol)) else None)
            for position in portfolio.positions
        ),
        asset_mode=portfolio.asset_mode,
        collateral={
            asset: Collateral(price=held.price, haircut=held.haircut) for asset, held in portfolio.collateral.items()
        },
        tiers=rated(portfolio.positions) | {symbol: table_of(rungs) for symbol, rungs in portfolio.tiers.items()},
        rules=rules_of(portfolio.rules) if portfolio.rules is not None else None,
        betas=portfolio.betas,
    )
    return with_moving_collateral(book)


def lacks_wallet(portfolio: Portfolio) -> bool:
    """Whether a cross position stands on a balance that was never told."""
    return not is_pooled(portfolio) and any(
        position.margin_mode == "cross" and settle_of(portfolio, position.symbol) not in portfolio.wallet
        for position in portfolio.positions
    )


def examined(portfolio: Portfolio) -> tuple[Evaluation | None, Note | None]:
    """The account evaluated, or why it cannot be."""
    trouble = _refused_anyway(portfolio)
    if trouble is not None:
        return None, trouble
    if lacks_wallet(portfolio):
        return None, Note(name="cross_wallet_open", slot="wallet")
    try:
        book = account_book(portfolio)
    except EngineError as error:
        return None, refusal_note(error)
    try:
        return evaluate(book, explain=False), None
    except EngineError as error:
        return None, refusal_note(error, isolated_margins(book))


def _refused_anyway(portfolio: Portfolio) -> Note | None:
    """Why the positions cannot stand beside each other, whatever the wallet holds; None where they can."""
    places: set[tuple[str, str]] = set()
    for each in portfolio.positions:
        if each.margin_mode != "cross":
            continue
        if (each.symbol, each.side) in places:
            return Note(name="held_twice", facts={"coin": name_of(portfolio, each.symbol), "side": each.side})
        places.add((each.symbol, each.side))
    if not lacks_wallet(portfolio):
        return None
    plenty = dict.fromkeys(settles_held(portfolio), _PLENTY) | portfolio.wallet
    try:
        evaluate(account_book(portfolio.model_copy(update={"wallet": plenty})), explain=False)
    except EngineError as error:
        return refusal_note(error)
    return None


def portfolio_of(book: Book, *, now: datetime) -> Portfolio:
    """A book of the engine as a portfolio: the account that a person has open."""
    positions = tuple(
        SavedPosition(
            id=position.id,
            symbol=position.symbol,
            side="long" if position.side is Side.LONG else "short",
            quantity=position.quantity,
            entry_price=position.entry_price,
            leverage=position.leverage,
            margin_mode="isolated" if position.margin_mode is MarginMode.ISOLATED else "cross",
            isolated_margin=position.isolated_margin,
            contract=saved_contract(position.contract),
            saved_at=now,
        )
        for position in book.positions
    )
    marks = {
        position.symbol: Mark(
            price=mark_of(position),
            given_at=now,
            source="given" if position.mark_price is not None else "entry",
        )
        for position in sorted(book.positions, key=lambda each: each.mark_price is not None)
    }
    return Portfolio(
        venue=book.venue,
        asset_mode="multi" if book.asset_mode == AssetMode.MULTI else "single",
        wallet=dict(book.wallet),
        collateral={
            asset: SavedCollateral(price=held.price, haircut=held.haircut, given_at=now)
            for asset, held in book.collateral.items()
        },
        positions=positions,
        marks=marks,
        tiers={symbol: saved_tiers(table) for symbol, table in book.tiers.items()},
        rules=saved_rules(book.rules),
        betas=dict(book.betas),
    )


def with_marks(book: Book, marks: Mapping[str, Mark]) -> Book:
    """A book at other prices now, by symbol; a position that is at its price already stays as it was told."""
    return replace_fields(book, positions=tuple(_at_mark(each, marks.get(each.symbol)) for each in book.positions))


def _at_mark(position: Position, mark: Mark | None) -> Position:
    if mark is None or mark.price == mark_of(position):
        return position
    return replace_fields(position, mark_price=mark.price)


# --- Changing it ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What saving a card would lead to.

    portfolio: the new one, None when something is in the way: `held`, positions of the same symbol, side and mode; or
    `refusal`. wallet_kept: an asset and the portfolio's own wallet in it, where the card has another.
    """

    portfolio: Portfolio | None = None
    held: tuple[SavedPosition, ...] = ()
    refusal: Note | None = None
    wallet_kept: tuple[str, Decimal] | None = None


def saving(
    portfolio: Portfolio,
    question: Question,
    worked: Worked,
    *,
    card_id: int,
    mode: Mode | None,
    now: datetime,
    replace: bool = False,
) -> Saving:
    """What saving the worked-out card `card_id` leads to; `mode` fills in for a mode that was not said.

    Positions get ids that follow from the card, so that saving twice replaces and never repeats.
    """
    venue = question.rules
    if portfolio.venue != venue and not is_unused(portfolio):
        facts = {"venue": title_of(portfolio.venue), "other": title_of(venue)}
        return Saving(refusal=Note(name="portfolio_elsewhere", facts=facts))
    pooled = worked.funds.pooled and worked.funds.wallet is not None
    if pooled and portfolio.asset_mode != "multi" and not is_unused(portfolio):
        return Saving(refusal=Note(name="save_pooled", facts={"text": portfolio.name}))
    new = positions_of(worked, card_id=card_id, mode=mode, now=now)
    ids = {position.id for position in new}
    others = [position for position in portfolio.positions if position.id not in ids]
    held = tuple(position for position in others if any(position.place == each.place for each in new))
    if held and not replace:
        return Saving(held=held)
    kept = [position for position in others if position not in held]
    if len(kept) + len(new) > MOST_POSITIONS:
        return Saving(refusal=Note(name="portfolio_full", facts={"number": Decimal(MOST_POSITIONS)}))
    changed = portfolio.model_copy(
        update={
            "venue": venue,
            "asset_mode": "multi" if pooled else portfolio.asset_mode,
            "positions": (*kept, *new),
            "wallet": {**(worked.funds.wallet or {}), **portfolio.wallet},
            "collateral": {**_collateral(worked, now=now), **_repriced(portfolio, question)},
            "marks": _marks(portfolio, (*kept, *new), worked, now=now),
        }
    )
    _, trouble = examined(changed)
    if trouble is not None:
        return Saving(refusal=trouble)
    return Saving(portfolio=changed, wallet_kept=_wallet_kept(portfolio, question, worked))


def _collateral(worked: Worked, *, now: datetime) -> dict[str, SavedCollateral]:
    """What the coins behind a pooled card count as: at the prices that were given with it."""
    return {
        asset: SavedCollateral(price=held.price, haircut=held.haircut, given_at=now)
        for asset, held in worked.funds.collateral.items()
    }


def _repriced(portfolio: Portfolio, question: Question) -> dict[str, SavedCollateral]:
    """The account's collateral at the prices that were given on the card, where they are newer."""
    given = {
        asset: found
        for asset, held in portfolio.collateral.items()
        if (found := question.prices.get(asset)) is not None
        and (held.given_at is None or held.given_at <= found.given_at)
    }
    priced = {
        asset: portfolio.collateral[asset].model_copy(update={"price": each.price, "given_at": each.given_at})
        for asset, each in given.items()
    }
    return {**portfolio.collateral, **priced}


def _wallet_kept(portfolio: Portfolio, question: Question, worked: Worked) -> tuple[str, Decimal] | None:
    said = (worked.funds.wallet or {}) if question.wallet_from == "said" or question.assets else {}
    kept = ((asset, portfolio.wallet.get(asset)) for asset, amount in said.items() if amount)
    return next(((asset, own) for asset, own in kept if own is not None and own != said[asset]), None)


def ids_of_card(card_id: int) -> str:
    """How the ids of the positions that were saved from a card begin."""
    return f"c{card_id}n"


def positions_of(worked: Worked, *, card_id: int, mode: Mode | None, now: datetime) -> tuple[SavedPosition, ...]:
    """The card's positions as they are saved; all have a size and a leverage by now."""
    saved = []
    for index, ready in enumerate(worked.legs):
        if ready.quantity is None or ready.leverage is None:
            raise ValueError("a position without size or leverage cannot be saved")
        held_as = ready.leg.mode or mode or "isolated"
        saved.append(
            SavedPosition(
                id=f"{ids_of_card(card_id)}{index + 1}",
                symbol=ready.listing.symbol,
                side=ready.side,
                quantity=ready.quantity,
                entry_price=ready.entry,
                leverage=ready.leverage,
                margin_mode=held_as,
                isolated_margin=ready.margin if held_as == "isolated" else None,
                rate=ready.listing.table.tiers[0].rate if ready.listing.stated else None,
                saved_at=now,
            )
        )
    return tuple(saved)


def _marks(
    portfolio: Portfolio, positions: Sequence[SavedPosition], worked: Worked, *, now: datetime
) -> dict[str, Mark]:
    """The marks after saving: a price given on the card is taken where it is newer than the one that stands."""
    marks = dict(portfolio.marks)
    for ready in worked.legs:
        symbol = ready.listing.symbol
        held = marks.get(symbol)
        given = worked.question.prices.get(ready.listing.coin) if worked.question else None
        if given is not None and (held is None or held.source == "entry" or held.given_at <= given.given_at):
            marks[symbol] = Mark(price=given.price, given_at=given.given_at)
    return settled_marks(marks, positions, now=now)


def settled_marks(marks: Mapping[str, Mark], positions: Sequence[SavedPosition], *, now: datetime) -> dict[str, Mark]:
    """One mark for every symbol held: as it was given, else an entry price of a position that is still there.

    That of the largest stands in first, as on a card.
    """
    settled: dict[str, Mark] = {}
    for symbol in dict.fromkeys(position.symbol for position in positions):
        held = [position for position in positions if position.symbol == symbol]
        mark = marks.get(symbol)
        if mark is not None and (mark.source == "given" or mark.price in {each.entry_price for each in held}):
            settled[symbol] = mark
        else:
            largest = max(held, key=lambda each: each.quantity)
            settled[symbol] = Mark(price=largest.entry_price, given_at=now, source="entry")
    return settled


def without(portfolio: Portfolio, identity: str, *, now: datetime) -> Portfolio:
    """The portfolio without one position, and without a price that no other position needs."""
    positions = tuple(position for position in portfolio.positions if position.id != identity)
    return portfolio.model_copy(
        update={"positions": positions, "marks": settled_marks(portfolio.marks, positions, now=now)}
    )


def with_wallet(portfolio: Portfolio, balance: Decimal, asset: str | None = None) -> Portfolio:
    """The portfolio with another wallet balance in an asset (None: its main one)."""
    asset = main_asset(portfolio) if asset is None else asset
    return portfolio.model_copy(update={"wallet": {**portfolio.wallet, asset: balance}})
