"""Rows for every table of a database, whatever version it is of: made by the kinds of the columns."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, MetaData, String, Table, select

PORTFOLIO: Final = (
    '{"name":"main","venue":"binance-usdm","wallet":{"USDT":"10000.000000000000000000000000000001"},"positions":['
    '{"id":"c16n1","symbol":"BTCUSDT","side":"long","quantity":"0.5","entry_price":"64000","leverage":"20",'
    '"margin_mode":"cross","isolated_margin":null,"saved_at":"2026-11-20T08:00:00Z"}],'
    '"marks":{"BTCUSDT":{"price":"63000","given_at":"2026-11-21T09:00:00Z","source":"given"}}}'
)
_WITH_PORTFOLIOS: Final = ("portfolios", "portfolio_steps", "shares")


def reflected(connection: Connection) -> list[Table]:
    """The tables that a database has, but for the one with its version."""
    tables = MetaData()
    tables.reflect(connection)
    return [table for table in tables.sorted_tables if table.name != "alembic_version"]


def fill(connection: Connection, rows: int) -> None:
    """Puts `rows` rows into each table, no two values of a column alike but for documents and what may be absent."""
    for table in reflected(connection):
        connection.execute(
            table.insert(),
            [{column.name: _value(table, column, number) for column in table.columns} for number in range(1, rows + 1)],
        )


def contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """All rows by table, in the order of their keys."""
    return {
        table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
        for table in reflected(connection)
    }


def _value(table: Table, column: Any, number: int) -> Any:
    if column.nullable and number % 2:
        return None
    if not isinstance(column.type, String):
        return number
    if column.name == "document":
        return PORTFOLIO if table.name in _WITH_PORTFOLIOS else "{}"
    return "{}" if column.name in ("draft", "payload") else f"ü{number:05}"
