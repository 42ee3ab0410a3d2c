"""Before and after in every mode side by side, and the ladder: in fixed width, narrow enough for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.rendering.tables import in_columns
from bot.rendering.verdict import Tongue
from bot.rendering.views import Partition
from bot.rendering.whatif_views import HalfView, RungView, WhatIfView
from bot.rendering.whatif_words import partition_name, signed_amount, signed_percent, target_name

_EXACT: Final = Decimal(10_000)
_ROWS: Final = (
    "whatif.row_before",
    "whatif.row_paid_in",
    "whatif.row_after",
    "whatif.row_change",
    "whatif.row_gone",
)


def outcome_table(view: WhatIfView, tongue: Tongue) -> Markup:
    """Before, after, the change, and how many are gone; in two tables where one would be too wide."""
    words = tongue.words
    halves = [half for half in view.halves if half.trouble is None]
    if not halves:
        return Markup("")
    paid = any(half.paid_in for half in halves)
    rows = [row for row in _ROWS if paid or row != "whatif.row_paid_in"]
    labels = ["", *(words.label(row) for row in rows)]
    table = in_columns(labels, [_column(half, view.asset, tongue, paid=paid) for half in halves])
    known = "whatif.caption_full" if view.haircut else "whatif.caption"
    caption = words(known if view.wallet_known else "whatif.caption_margin", asset=view.asset)
    return Markup("\n").join([table, caption])


def _column(half: HalfView, asset: str, tongue: Tongue, *, paid: bool) -> list[str]:
    total = half.gone + len(half.left)
    gone = tongue.words.label("whatif.of_total", number=half.gone, total=total)
    if not half.gone:
        gone = tongue.words.label("whatif.none")
    elif total == 1:
        gone = tongue.words.label("whatif.yes")
    return [
        column_name(half.partition, tongue),
        amount(half.before, asset, tongue),
        *([amount(half.paid_in, asset, tongue)] if paid else []),
        amount(half.after, asset, tongue),
        signed_amount(_rounded(half.change, half.before), asset, tongue),
        gone,
    ]


def column_name(partition: Partition, tongue: Tongue) -> str:
    """The mode, short enough for a column."""
    return tongue.words.label("whatif.column_given") if partition == "given" else partition_name(partition, tongue)


def amount(value: Decimal, asset: str, tongue: Tongue) -> str:
    """An amount with its sign where it is below 0; from ten thousand on without cents."""
    shown = tongue.numbers.amount(abs(_rounded(value, value)), asset)
    return f"−{shown}" if value < 0 else shown


def _rounded(value: Decimal, beside: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if max(abs(beside), abs(value)) >= _EXACT else value


def ladder_table(view: WhatIfView, tongue: Tongue) -> Markup:
    """What is left on every rung, in every mode, and how many positions are gone there."""
    if not view.ladder:
        return Markup("")
    labels = ["", *(signed_percent(rung.percent, tongue) for rung in view.ladder)]
    wide = max(map(len, labels))
    names = [half.partition for half in view.halves]
    columns = [[column_name(name, tongue), *_rung_cells(name, view.ladder, view.asset, tongue)] for name in names]
    table = in_columns([label.rjust(wide) for label in labels], columns)
    target = target_name(view.ladder_target, tongue)
    return Markup("\n").join([table, tongue.words("whatif.ladder_caption", asset=view.asset, target=target)])


def _rung_cells(name: Partition, rungs: Sequence[RungView], asset: str, tongue: Tongue) -> list[str]:
    counted = any(rung.gone.get(name) for rung in rungs)
    wide = max((len(f" ×{rung.gone.get(name)}") for rung in rungs if rung.gone.get(name)), default=0)
    cells = []
    for rung in rungs:
        left, gone = rung.equity.get(name), rung.gone.get(name)
        shown = amount(left, asset, tongue) if left is not None else tongue.words.label("table.unknown")
        cells.append(shown + (f" ×{gone}" if gone else "").ljust(wide) if counted else shown)
    return cells
