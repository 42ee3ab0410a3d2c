"""A person's portfolio: what is saved, as one aggregate with a version. Its rows are in portfolio_rows.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Change


class SavedPosition(BaseModel):
    """One position. `isolated_margin` is None for the initial margin at entry. `id` is unique in its portfolio."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    symbol: str
    """The venue's name, e.g. BTCUSDT; with the portfolio's venue it tells the contract."""
    side: Literal["long", "short"]
    quantity: Decimal
    entry_price: Decimal
    leverage: Decimal
    margin_mode: Literal["isolated", "cross"]
    isolated_margin: Decimal | None = None
    rate: Decimal | None = None
    """The maintenance rate, where the venue's tiers of the symbol are not known."""
    saved_at: datetime


class Mark(BaseModel):
    """A price that the person gave, and when: nothing supplies live prices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    price: Decimal
    given_at: datetime
    source: Literal["given", "entry"] = "given"
    """"entry": nobody gave a price, so the entry price stands in for it."""


class Portfolio(BaseModel):
    """The saved account. `wallet` is the total wallet balance by asset, isolated margins included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "main"
    venue: str = "binance-usdm"
    wallet: dict[str, Decimal] = {}
    positions: tuple[SavedPosition, ...] = ()
    marks: dict[str, Mark] = {}
    """By symbol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPortfolio:
    """A portfolio with the version it was read at; version 0 was never stored."""

    portfolio: Portfolio
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePortfolio(Change):
    """Replaces the owner's portfolio, which must still be at `version`; else the event is handled again."""

    owner_id: int
    portfolio: Portfolio
    version: int
