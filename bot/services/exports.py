"""A portfolio as text that imports back unchanged: the whole of it as JSON, its positions as CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Final

from bot.storage.portfolios import Portfolio, SavedPosition

MARK: Final = "marginbot_portfolio"
"""The key under which a document of ours stands; one without it is read as the engine's own form."""

COLUMNS: Final = (
    "id", "symbol", "side", "quantity", "entry_price", "mark_price", "mark_given_at", "leverage", "margin_mode",
    "isolated_margin", "saved_at",
)  # fmt: skip


def json_of(portfolio: Portfolio) -> str:
    """All of a portfolio, numbers as decimal strings, times as they were given."""
    return json.dumps({MARK: portfolio.model_dump(mode="json", exclude_defaults=True)}, ensure_ascii=False)


def csv_of(portfolio: Portfolio) -> str:
    """The positions as a table, each with the price that was given for it."""
    return "".join(map(_row, (COLUMNS, *(_cells(position, portfolio) for position in portfolio.positions))))


def _cells(position: SavedPosition, portfolio: Portfolio) -> tuple[str, ...]:
    mark = portfolio.marks.get(position.symbol)
    given = mark if mark is not None and mark.source == "given" else None
    margin = position.isolated_margin
    return (
        position.id,
        position.symbol,
        position.side,
        f"{position.quantity:f}",
        f"{position.entry_price:f}",
        f"{given.price:f}" if given else "",
        given.given_at.isoformat() if given else "",
        f"{position.leverage:f}",
        position.margin_mode,
        f"{margin:f}" if margin is not None else "",
        position.saved_at.isoformat(),
    )


def _row(cells: tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()
