"""What the portfolio's pages are written from: values only, filled by services and worded by the screens."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from bot.rendering.views import Figures, LegView, Market, Note, PriceView

_SHORT = re.compile(r"[A-Za-z0-9_-]{1,20}")


def key_of(identity: str) -> str:
    """What a button calls a position: its id where that is short and plain, as ours are, else a digest of it."""
    if _SHORT.fullmatch(identity):
        return identity
    return "~" + hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfLine:
    """One portfolio in the list. deleted_ago: how long ago it was deleted, while it can be had back."""

    id: int
    name: str
    positions: int
    is_open: bool = False
    deleted_ago: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One position before and after a change; None where it is not there, or cannot be worked out."""

    leg: LegView
    before: Figures | None = None
    after: Figures | None = None
    opened: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """A change before it is made: what it does to the positions that it moves and to the account.

    subject: the positions that it is about; at: the price that it counts with, where it counts with one. realised: what
    goes to the wallet, by asset. permission: "refused" or "unknown" where the venue does not simply allow it.
    warning: why an exchange would refuse a new position that can be noted all the same.
    """

    kind: str
    subject: tuple[LegView, ...]
    moved: tuple[Moved, ...] = ()
    more: int = 0
    facts: Mapping[str, Decimal] = field(default_factory=dict)
    at: PriceView | None = None
    realised: tuple[tuple[str, Decimal], ...] = ()
    market_before: Market | None = None
    market_after: Market | None = None
    permission: str = ""
    venue: str = ""
    refusal: Note | None = None
    warning: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One change in the history: what it did, when, and what the account's numbers were then."""

    number: int
    at: datetime
    kind: str
    changes: tuple[Note, ...]
    undone: bool = False
    nearest: tuple[LegView, Figures] | None = None
    market: Market | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """One line of an import: the position that was read from it and what is to be said of it, or what is wrong."""

    number: int
    text: str
    leg: LegView | None = None
    trouble: Note | None = None
    remark: Note | None = None
