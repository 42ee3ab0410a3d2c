"""A person's portfolios as their pages show them: the list, a change before it is made, and names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.rendering.portfolio_views import Moved, OrderView, ShelfLine
from bot.rendering.venues import title_of
from bot.rendering.views import Figures, LegView, Note, PriceView
from bot.services.account_view import leg_view
from bot.services.checking import figures, market_of
from bot.services.orders import Order, Planned
from bot.services.saved import margin_of_saved, name_of, settle_of
from bot.storage.portfolios import LONGEST_NAME, MOST_PORTFOLIOS, Portfolio, SavedPosition, Shelf
from margin_engine import Evaluation

MOST_MOVED: Final = 8
_SIZE: Final = re.compile(r"(?P<whole>\d{1,15})(?:(?P<mark>[.,])(?P<fraction>\d{1,12}))?")


def shelf_lines(shelf: Shelf, *, now: datetime) -> tuple[ShelfLine, ...]:
    """The portfolios by name, deleted ones that can be had back at the end."""
    return tuple(
        ShelfLine(
            id=entry.id,
            name=entry.name,
            positions=entry.positions,
            is_open=entry.is_open,
            deleted_ago=now - entry.deleted_at if entry.deleted_at is not None else None,
        )
        for entry in sorted(shelf.entries, key=lambda entry: (entry.deleted_at is not None, _by_number(entry.name)))
    )


def _by_number(name: str) -> list[tuple[int, str]]:
    """A key that puts p2 before p10."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def clean_name(text: str) -> str:
    """A name as it is kept: one line, single spaces, no control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def name_trouble(name: str, shelf: Shelf, *, but: int | None = None) -> Note | None:
    """Why a portfolio cannot be called that; None when it can. but: the id of the one that is renamed."""
    if not name:
        return Note(name="unreadable", facts={"text": ""})
    if len(name) > LONGEST_NAME:
        return Note(name="name_long", facts={"length": str(len(name)), "most": str(LONGEST_NAME)})
    if any(entry.name.casefold() == name.casefold() and entry.id != but for entry in shelf.living):
        return Note(name="name_taken", facts={"text": name})
    return None


def shelf_trouble(shelf: Shelf) -> Note | None:
    """Why there cannot be one portfolio more."""
    if len(shelf.living) >= MOST_PORTFOLIOS:
        return Note(name="shelf_full", facts={"most": str(MOST_PORTFOLIOS)})
    return None


def free_name(name: str, shelf: Shelf) -> str:
    """The name, or with a number behind it where it is taken: "main 2"."""
    taken = {entry.name.casefold() for entry in shelf.living}
    for number in range(1, MOST_PORTFOLIOS + 2):
        tail = f" {number}" if number > 1 else ""
        candidate = name[: LONGEST_NAME - len(tail)].rstrip() + tail
        if candidate.casefold() not in taken:
            return candidate
    raise ValueError("a shelf has more names than portfolios")


# --- A change before it is made ------------------------------------------------------------------------------------


def order_view(portfolio: Portfolio, order: Order, plan: Planned, *, now: datetime) -> OrderView:
    """What a change does, position by position; those that it does not move are left out."""
    held = {each.id: each for each in portfolio.positions}
    then = {each.id: each for each in plan.portfolio.positions} if plan.portfolio is not None else {}
    about = [held[identity] for identity in order.ids if identity in held] or (
        [order.position] if order.position is not None else []
    )
    moved = [
        _moved(identity, held.get(identity), then.get(identity), portfolio, plan, now=now)
        for identity in dict.fromkeys((*(each.id for each in about), *held, *then))
        if identity in held or identity in then
    ]
    shown = [each for each in moved if each.opened or each.closed or not _same(each)] if plan.portfolio else []
    facts = {"quantity": order.quantity, "fraction": order.fraction, "leverage": order.leverage, "amount": order.amount}
    facts["price"] = order.price
    return OrderView(
        kind=order.kind,
        subject=tuple(leg_view(each, portfolio, now=now) for each in about),
        moved=tuple(shown[:MOST_MOVED]),
        more=max(0, len(shown) - MOST_MOVED),
        facts={name: value for name, value in facts.items() if value is not None},
        at=_price_of(order, about, portfolio, now=now),
        realised=plan.realised,
        market_before=market_of(plan.before),
        market_after=market_of(plan.after),
        permission=plan.permission.value if plan.permission is not None else "",
        venue=title_of(portfolio.venue),
        refusal=plan.refusal,
        warning=_beyond_free(portfolio, order, plan),
    )


def _beyond_free(portfolio: Portfolio, order: Order, plan: Planned) -> Note | None:
    """What opening a position takes, where the wallet has less than that free; None where nobody told it."""
    new = order.position
    if order.kind != "open" or new is None or plan.portfolio is None:
        return None
    asset = settle_of(plan.portfolio, new.symbol)
    pool = next((each for each in plan.before.pools if each.id == f"cross:{asset}"), None) if plan.before else None
    free = pool.available_balance if pool is not None else portfolio.wallet.get(asset)
    needed = margin_of_saved(plan.portfolio, new)
    if free is None or asset not in portfolio.wallet or portfolio.asset_mode == "multi" or needed <= free:
        return None
    return Note(name="order_beyond_free", facts={"needed": needed, "free": free, "asset": asset})


def _price_of(order: Order, about: Iterable[SavedPosition], portfolio: Portfolio, *, now: datetime) -> PriceView | None:
    """The price at which a trade counts, where it is about one symbol: the one that was said, else the mark."""
    symbols = {each.symbol for each in about}
    if order.kind not in ("close", "reduce", "add") or len(symbols) != 1:
        return None
    [symbol] = symbols
    if order.price is not None:
        return PriceView(coin=name_of(portfolio, symbol), price=order.price)
    mark = portfolio.marks.get(symbol)
    if mark is None:
        return None
    return PriceView(
        coin=name_of(portfolio, symbol), price=mark.price, age=now - mark.given_at if mark.source == "given" else None
    )


def _moved(
    identity: str,
    before: SavedPosition | None,
    after: SavedPosition | None,
    portfolio: Portfolio,
    plan: Planned,
    *,
    now: datetime,
) -> Moved:
    shown = after or before
    assert shown is not None
    leg = leg_view(shown, plan.portfolio or portfolio, now=now)
    was = leg_view(before, portfolio, now=now) if before is not None else leg
    return Moved(
        leg=leg,
        before=_figures(plan.before, identity, was) if before is not None else None,
        after=_figures(plan.after, identity, leg) if after is not None else None,
        opened=before is None,
        closed=after is None,
    )


def _figures(evaluation: Evaluation | None, identity: str, leg: LegView) -> Figures | None:
    if evaluation is None or leg.reference is None:
        return None
    return figures(evaluation, identity, leg.reference.price, quantity=leg.quantity)


def _same(moved: Moved) -> bool:
    """Whether nothing about a position changes: neither its price nor why it has none."""
    if moved.before is None or moved.after is None:
        return moved.before is moved.after
    return moved.before == replace(moved.after, loss=moved.before.loss)


def typed_size(text: str) -> Decimal | None:
    """A size that somebody typed, above 0; None for anything else, "1,500" included, which can be two sizes."""
    found = _SIZE.fullmatch(text.strip())
    if found is None or (found["mark"] == "," and len(found["fraction"]) == 3):
        return None
    value = Decimal(f"{found['whole']}.{found['fraction'] or 0}")
    return value if value > 0 else None
