"""How coins moved before: known crashes and squeezes, and betas to BTC. Dated figures of `data/`, never live ones."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final, Literal

DEEPEST: Final = Decimal(-99)
"""Percent: no move that is worked out from a beta goes below it, since no price falls to 0."""

_LOT: Final = re.compile(r"1(?:0{3,6}|M)(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent:
    """A known crash or squeeze. extremes: percent of the close before, by coin; market: whose trades they are."""

    first_day: date
    last_day: date
    name: str
    direction: Literal["down", "up"]
    market: str
    extremes: dict[str, Decimal]


def base_of(coin: str) -> str:
    """The coin itself behind the name of a contract for lots of it: PEPE for 1000PEPE."""
    return _LOT.sub("", coin, count=1) if _LOT.match(coin) else coin


@cache
def events() -> dict[str, PastEvent]:
    """First day, as "2020-03-12" -> the event, oldest first."""
    found: dict[str, PastEvent] = {}
    for row in sorted(_rows("past_moves.csv"), key=lambda row: row["first_day"]):
        event = found.setdefault(
            row["first_day"],
            PastEvent(
                first_day=date.fromisoformat(row["first_day"]),
                last_day=date.fromisoformat(row["last_day"]),
                name=row["name"],
                direction="down" if row["direction"] == "down" else "up",
                market=row["market"],
                extremes={},
            ),
        )
        event.extremes[row["coin"]] = Decimal(row["extreme_pct"])
    return found


@cache
def betas() -> dict[str, Decimal]:
    """Coin -> how many percent it moved, on average, when BTC moved by one."""
    return {row["coin"]: Decimal(row["beta_to_btc"]) for row in _rows("betas.csv")}


def beta_of(coin: str) -> Decimal:
    """A coin's beta, however its contract counts it; 1 for one without a record."""
    return betas().get(base_of(coin), Decimal(1))


@cache
def beta_window() -> tuple[date, date]:
    """First and last day of the candles that BTC's row, the longest, was worked out from."""
    row = next(row for row in _rows("betas.csv") if row["coin"] == "BTC")
    return date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How far a coin goes in an event, in percent. `by` says where that is from: its own record, BTC's times its beta,
    or BTC's alone."""

    percent: Decimal
    by: Literal["record", "beta", "btc"]


def recorded(event: PastEvent, coin: str) -> Recorded:
    """How far a coin goes when an event comes again.

    A coin without a record of its own moves by BTC's times its beta, at least to -99 %; without a beta just as BTC.
    """
    coin = base_of(coin)
    if coin in event.extremes:
        return Recorded(percent=event.extremes[coin], by="record")
    leader = event.extremes["BTC"]
    beta = betas().get(coin)
    if beta is None:
        return Recorded(percent=leader, by="btc")
    return Recorded(percent=max(leader * beta, DEEPEST), by="beta")


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("bot.services") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
