"""Columns of fixed width that fit a phone: as many beside each other as 34 letters hold, the rest below."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDEST = 34
"""Letters of one line in fixed width on a phone."""


def in_columns(labels: Sequence[str], columns: Sequence[Sequence[str]]) -> Markup:
    """The labels with the columns right of them; columns that do not fit begin a table of their own with the labels."""
    rest = [list(column) for column in columns]
    tables: list[str] = []
    wide = max(map(len, labels), default=0)
    while rest:
        taken, used = 1, wide + 2 + max(map(len, rest[0]))
        while taken < len(rest) and used + 2 + max(map(len, rest[taken])) <= WIDEST:
            used += 2 + max(map(len, rest[taken]))
            taken += 1
        tables.append(_table(labels, rest[:taken], wide))
        rest = rest[taken:]
    return Markup("\n").join(Markup("<pre>{}</pre>").format(table) for table in tables)


def _table(labels: Sequence[str], columns: Sequence[Sequence[str]], wide: int) -> str:
    widths = [max(map(len, column)) for column in columns]
    rows = (
        label.ljust(wide)
        + "".join("  " + column[n].rjust(width) for column, width in zip(columns, widths, strict=True))
        for n, label in enumerate(labels)
    )
    return "\n".join(row.rstrip() for row in rows)
