"""How far a coin usually moves in a day, from a dated table (data/daily_moves.md)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files


@cache
def daily_moves() -> Mapping[str, Decimal]:
    """The usual daily move by symbol of Binance USD-M, a fraction above 0; a symbol without one is not known."""
    with (files("bot.services") / "data" / "daily_moves.csv").open(encoding="utf-8") as source:
        return {row["symbol"]: Decimal(row["daily_move"]) for row in csv.DictReader(source)}
