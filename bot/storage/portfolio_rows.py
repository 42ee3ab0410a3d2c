"""Where portfolios are kept: one row each, the document (JSON, decimals as text) and its version.

A portfolio is always read and written whole, so it needs no table of positions: see docs/adr/0006. Every statement
names the owner, so that an id of somebody else's portfolio finds nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, bindparam, case, delete, func, select, update

from bot.storage.portfolios import (
    MOST_STEPS,
    RESTORABLE,
    DeletePortfolio,
    Entry,
    OpenPortfolio,
    Portfolio,
    RenamePortfolio,
    RestorePortfolio,
    RevokeShares,
    SavePortfolio,
    Shelf,
    StepPortfolio,
    StoredPortfolio,
)
from bot.storage.tables import inserting, portfolio_steps, portfolios, shares


class LostRace(Exception):
    """Somebody else changed the portfolio meanwhile; nothing of this event was stored."""


@dataclass(frozen=True, slots=True)
class Of:
    """The portfolios of this person."""

    owner_id: int


_place = func.row_number().over(
    partition_by=portfolios.c.owner_id,
    order_by=(case((portfolios.c.deleted_at.is_(None), 0), else_=1), portfolios.c.opened.desc(), portfolios.c.id),
)
_ranked = (
    select(portfolios, _place.label("place"))
    .where(portfolios.c.owner_id.in_(bindparam("owners", expanding=True)))
    .subquery()
)
# Only the open portfolio's document is fetched: the others' can be long.
_shelves = select(
    *(column for column in _ranked.c if column.name != "document"),
    case((_ranked.c.place == 1, _ranked.c.document), else_=None).label("document"),
).order_by(_ranked.c.owner_id, func.lower(_ranked.c.name), _ranked.c.id)


def find(connection: Connection, wanted: Collection[Of]) -> dict[object, Shelf]:
    """Reads shelves, one statement for all of them. Result: by what was wanted."""
    by_owner: dict[int, list[Any]] = {key.owner_id: [] for key in wanted}
    for row in connection.execute(_shelves, {"owners": list(by_owner)}):
        by_owner[row.owner_id].append(row)
    return {Of(owner): _shelf(rows) for owner, rows in by_owner.items()}


def _shelf(rows: list[Any]) -> Shelf:
    first = next((row for row in rows if row.place == 1 and row.deleted_at is None), None)
    entries = tuple(
        Entry(
            id=row.id,
            name=row.name,
            version=row.version,
            positions=row.positions,
            updated_at=row.updated_at,
            is_open=row is first,
            deleted_at=row.deleted_at,
        )
        for row in rows
    )
    return Shelf(open=stored(first), entries=entries) if first is not None else Shelf(entries=entries)


def stored(row: Any) -> StoredPortfolio:
    """The portfolio of a row, under the row's name."""
    portfolio = Portfolio.model_validate_json(row.document).model_copy(update={"name": row.name})
    return StoredPortfolio(portfolio=portfolio, version=row.version, id=row.id, step=row.step, newest=row.newest)


def find_one(connection: Connection, owner_id: int, portfolio_id: int) -> StoredPortfolio | None:
    """Reads one portfolio of a person; None when it is deleted, gone or somebody else's."""
    row = connection.execute(select(portfolios).where(*_theirs(owner_id, portfolio_id))).first()
    return stored(row) if row is not None else None


def _theirs(owner_id: int, portfolio_id: int) -> tuple[Any, ...]:
    return portfolios.c.owner_id == owner_id, portfolios.c.id == portfolio_id, portfolios.c.deleted_at.is_(None)


# --- Changes -------------------------------------------------------------------------------------------------------


def save(connection: Connection, change: SavePortfolio, now: datetime) -> None:
    """Stores the portfolio and its change. Errors: LostRace when it is no longer at the version it was read at."""
    document = change.portfolio.model_dump_json()
    values = {"document": document, "positions": len(change.portfolio.positions), "updated_at": now}
    if change.version == 0:
        _create(connection, change, values, now)
        return
    row = connection.execute(
        update(portfolios)
        .where(
            portfolios.c.owner_id == change.owner_id,
            portfolios.c.name == change.portfolio.name,
            portfolios.c.version == change.version,
            portfolios.c.deleted_at.is_(None),
        )
        .values(**values, version=portfolios.c.version + 1, step=portfolios.c.step + 1, newest=portfolios.c.step + 1)
        .returning(portfolios.c.id, portfolios.c.step)
    ).first()
    if row is None:
        raise LostRace
    # A change after an undo ends what could be redone; beyond the last changes the history is let go.
    connection.execute(
        delete(portfolio_steps).where(
            portfolio_steps.c.portfolio_id == row.id,
            (portfolio_steps.c.number >= row.step) | (portfolio_steps.c.number < row.step - MOST_STEPS),
        )
    )
    _note(connection, change.owner_id, row.id, row.step, change.kind, document, now)


def _create(connection: Connection, change: SavePortfolio, values: dict[str, Any], now: datetime) -> None:
    portfolio = change.portfolio
    made = connection.execute(
        inserting(connection, portfolios)
        .values(
            owner_id=change.owner_id,
            name=portfolio.name,
            version=1,
            opened=_next_opened(change.owner_id),
            step=1,
            newest=1,
            **values,
        )
        .on_conflict_do_nothing()
        .returning(portfolios.c.id)
    ).scalar()
    if made is None:
        raise LostRace
    blank = Portfolio(name=portfolio.name, venue=portfolio.venue).model_dump_json()
    _note(connection, change.owner_id, made, 0, "new", blank, now)
    _note(connection, change.owner_id, made, 1, change.kind, values["document"], now)


def _next_opened(owner_id: int) -> ScalarSelect[int]:
    others = portfolios.alias()
    highest = select(func.coalesce(func.max(others.c.opened), 0) + 1).where(others.c.owner_id == owner_id)
    return highest.scalar_subquery()


def _note(
    connection: Connection, owner_id: int, identity: int, number: int, kind: str, document: str, now: datetime
) -> None:
    connection.execute(
        portfolio_steps.insert().values(
            portfolio_id=identity, number=number, owner_id=owner_id, kind=kind, at=now, document=document
        )
    )


def go_to(connection: Connection, change: StepPortfolio, now: datetime) -> None:
    """Undo and redo. Errors: LostRace when the portfolio has changed, or that step is not kept."""
    document = connection.scalar(
        select(portfolio_steps.c.document).where(
            portfolio_steps.c.portfolio_id == change.portfolio_id,
            portfolio_steps.c.owner_id == change.owner_id,
            portfolio_steps.c.number == change.to,
        )
    )
    if document is None:
        raise LostRace
    count = len(Portfolio.model_validate_json(document).positions)
    values = {"document": document, "positions": count, "step": change.to, "updated_at": now}
    _update(connection, change, values)


def rename(connection: Connection, change: RenamePortfolio, now: datetime) -> None:
    """Gives a portfolio another name. Errors: LostRace when it has changed, or the name is taken."""
    if _is_taken(connection, change.owner_id, change.name):
        raise LostRace
    _update(connection, change, {"name": change.name, "updated_at": now})


def put_away(connection: Connection, change: DeletePortfolio, now: datetime) -> None:
    """Deletes a portfolio for now, its links for good. Errors: LostRace when it has changed."""
    purge(connection, now)
    _update(connection, change, {"deleted_at": now})
    revoke(connection, change, now)


def revoke(connection: Connection, change: RevokeShares | DeletePortfolio, _now: datetime) -> None:
    """Ends the links of a portfolio; without any it changes nothing."""
    connection.execute(
        delete(shares).where(shares.c.owner_id == change.owner_id, shares.c.portfolio_id == change.portfolio_id)
    )


def _update(
    connection: Connection, change: StepPortfolio | RenamePortfolio | DeletePortfolio, values: dict[str, Any]
) -> None:
    result = connection.execute(
        update(portfolios)
        .where(*_theirs(change.owner_id, change.portfolio_id), portfolios.c.version == change.version)
        .values(**values, version=portfolios.c.version + 1)
    )
    if result.rowcount != 1:
        raise LostRace


def open_it(connection: Connection, change: OpenPortfolio, _now: datetime) -> None:
    """Makes a portfolio the open one. Errors: LostRace when it is not there."""
    result = connection.execute(
        update(portfolios)
        .where(*_theirs(change.owner_id, change.portfolio_id))
        .values(opened=_next_opened(change.owner_id))
    )
    if result.rowcount != 1:
        raise LostRace


def restore(connection: Connection, change: RestorePortfolio, now: datetime) -> None:
    """Takes a deleted portfolio back. Errors: LostRace when it is gone for good, or the name is taken."""
    if _is_taken(connection, change.owner_id, change.name):
        raise LostRace
    result = connection.execute(
        update(portfolios)
        .where(
            portfolios.c.owner_id == change.owner_id,
            portfolios.c.id == change.portfolio_id,
            portfolios.c.deleted_at >= now - RESTORABLE,
        )
        .values(
            name=change.name,
            deleted_at=None,
            opened=_next_opened(change.owner_id),
            version=portfolios.c.version + 1,
        )
    )
    if result.rowcount != 1:
        raise LostRace


def _is_taken(connection: Connection, owner_id: int, name: str) -> bool:
    same = select(portfolios.c.id).where(
        portfolios.c.owner_id == owner_id, portfolios.c.name == name, portfolios.c.deleted_at.is_(None)
    )
    return connection.scalar(same) is not None


def purge(connection: Connection, now: datetime) -> None:
    """Ends the portfolios that were deleted too long ago to be restored, with their history."""
    late = portfolios.c.deleted_at < now - RESTORABLE
    gone = select(portfolios.c.id).where(late)
    connection.execute(delete(portfolio_steps).where(portfolio_steps.c.portfolio_id.in_(gone)))
    connection.execute(delete(portfolios).where(late))
