"""Where portfolios are kept: one row each, the document (JSON, decimals as text) and its version.

A portfolio is always read and written whole, so it needs no table of positions: see docs/adr/0006.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.storage.portfolios import Portfolio, SavePortfolio, StoredPortfolio
from bot.storage.tables import portfolios


class LostRace(Exception):
    """Somebody else changed the portfolio meanwhile; nothing of this event was stored."""


_open = select(portfolios.c.owner_id, portfolios.c.document, portfolios.c.version).where(
    portfolios.c.owner_id.in_(bindparam("owners", expanding=True))
)
_replace = (
    update(portfolios)
    .where(
        portfolios.c.owner_id == bindparam("owner"),
        portfolios.c.name == bindparam("old_name"),
        portfolios.c.version == bindparam("old_version"),
    )
    .values(document=bindparam("new_document"), version=portfolios.c.version + 1, updated_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Of:
    """The open portfolio of this person."""

    owner_id: int


def find(connection: Connection, wanted: Collection[Of]) -> dict[object, StoredPortfolio]:
    """Reads portfolios. Result: by what was wanted; an empty one at version 0 for who has none."""
    if not wanted:
        return {}
    found: dict[object, StoredPortfolio] = {key: StoredPortfolio(portfolio=Portfolio()) for key in wanted}
    for row in connection.execute(_open, {"owners": [key.owner_id for key in wanted]}):
        portfolio = Portfolio.model_validate_json(row.document)
        found[Of(row.owner_id)] = StoredPortfolio(portfolio=portfolio, version=row.version)
    return found


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
