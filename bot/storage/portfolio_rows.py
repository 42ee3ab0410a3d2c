"""Where portfolios are kept: one row each, the document (JSON, decimals as text) and its version.

A portfolio is always read and written whole, so it needs no table of positions: see docs/adr/0006.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.storage.portfolios import Portfolio, SavePortfolio, StoredPortfolio
from bot.storage.tables import portfolios


class LostRace(Exception):
    """Somebody else changed the portfolio meanwhile; nothing of this event was stored."""


OPEN: Final = select(portfolios.c.document, portfolios.c.version).where(portfolios.c.owner_id == bindparam("owner"))
_replace = (
    update(portfolios)
    .where(
        portfolios.c.owner_id == bindparam("owner"),
        portfolios.c.name == bindparam("old_name"),
        portfolios.c.version == bindparam("old_version"),
    )
    .values(document=bindparam("new_document"), version=portfolios.c.version + 1, updated_at=bindparam("now"))
)


def from_row(row: Row[Any] | None) -> StoredPortfolio:
    """The stored portfolio, or an empty one at version 0."""
    if row is None:
        return StoredPortfolio(portfolio=Portfolio())
    return StoredPortfolio(portfolio=Portfolio.model_validate_json(row.document), version=row.version)


def apply(connection: Connection, change: SavePortfolio, now: datetime) -> None:
    """Stores the portfolio. Errors: LostRace when it is no longer at the version it was read at."""
    document = change.portfolio.model_dump_json()
    if change.version == 0:
        insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
        row = {"owner_id": change.owner_id, "name": change.portfolio.name, "document": document, "version": 1,
               "updated_at": now}  # fmt: skip
        result = connection.execute(insert(portfolios).values(row).on_conflict_do_nothing())
    else:
        result = connection.execute(
            _replace,
            {"owner": change.owner_id, "old_name": change.portfolio.name, "old_version": change.version,
             "new_document": document, "now": now},
        )  # fmt: skip
    if result.rowcount != 1:
        raise LostRace
