"""What is saved of a person's accounts: several named portfolios, one of them open, each an aggregate with a version.

The values and the changes; their rows are in portfolio_rows.py, history and links in portfolio_past.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Change

MOST_PORTFOLIOS: Final = 50
MOST_POSITIONS: Final = 100
NEARLY_FULL: Final = 45
NEARLY_FULL_OF_POSITIONS: Final = 90
"""From here on the limits are told, before they are hit."""
LONGEST_NAME: Final = 40
MOST_STEPS: Final = 50
"""Changes that a portfolio's history keeps."""
MOST_UNDONE: Final = 20
"""How far back from the newest change undo goes."""
RESTORABLE: Final = timedelta(minutes=10)
"""How long a deleted portfolio can be had back; after that it is gone for good."""


class _Saved(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SavedContract(_Saved):
    """What kind of contract a position is, where the venue and the symbol do not say it."""

    kind: Literal["linear", "inverse", "quanto"] | None = None
    multiplier: Decimal | None = None
    settle_asset: str | None = None


class SavedPosition(_Saved):
    """One position. `isolated_margin` is None for the initial margin at entry. `id` is unique in its portfolio."""

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
    contract: SavedContract | None = None
    saved_at: datetime

    @property
    def place(self) -> tuple[str, str, str]:
        """What a portfolio holds once at most in cross."""
        return self.symbol, self.side, self.margin_mode


class Mark(_Saved):
    """A price that the person gave, and when: nothing supplies live prices."""

    price: Decimal
    given_at: datetime
    source: Literal["given", "entry"] = "given"
    """"entry": nobody gave a price, so the entry price stands in for it."""


class SavedCollateral(_Saved):
    """What an asset counts as in multi-asset mode: a price in USD, when it was given, and a haircut in [0, 1]."""

    price: Decimal
    haircut: Decimal = Decimal(0)
    given_at: datetime | None = None


class SavedTier(_Saved):
    """A rung of a tier table that replaces the venue's own."""

    floor: Decimal
    rate: Decimal
    amount: Decimal | None = None
    max_leverage: Decimal | None = None


class SavedRules(_Saved):
    """Rules that replace the venue's own; what is None is plain."""

    closing_fee_rate: Decimal | None = None
    tier_method: Literal["marginal", "whole_position"] | None = None
    liquidation_process: Literal["whole", "venue"] | None = None
    others_profit_counts: bool | None = None
    fee_to_close_rate: Decimal | None = None


class Portfolio(_Saved):
    """A saved account. `wallet` is the total wallet balance by asset, isolated margins included.

    tiers, rules and betas are only there where an imported book brought them along. Its name is unique among the
    person's portfolios; it is kept beside the document, so that going back in the history does not rename it.
    """

    name: str = "main"
    venue: str = "binance-usdm"
    asset_mode: Literal["single", "multi"] = "single"
    wallet: dict[str, Decimal] = {}
    collateral: dict[str, SavedCollateral] = {}
    positions: tuple[SavedPosition, ...] = ()
    marks: dict[str, Mark] = {}
    """By symbol."""
    tiers: dict[str, tuple[SavedTier, ...]] = {}
    rules: SavedRules | None = None
    betas: dict[str, Decimal] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPortfolio:
    """A portfolio with the version it was read at; version 0 was never stored.

    step: the number of the change that it stands at; newest: of the newest one that can be redone.
    """

    portfolio: Portfolio
    version: int = 0
    id: int | None = None
    step: int = 0
    newest: int = 0

    @property
    def can_undo(self) -> bool:
        """Whether the last change can be taken back."""
        return self.step > max(0, self.newest - MOST_UNDONE)

    @property
    def can_redo(self) -> bool:
        """Whether a change that was taken back can be made again."""
        return self.step < self.newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One portfolio on a person's shelf, as far as a list needs it; `deleted_at` while it can still be had back."""

    id: int
    name: str
    version: int
    positions: int
    updated_at: datetime
    is_open: bool = False
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All of a person's portfolios by name, and the open one; a blank one at version 0 when there is none."""

    open: StoredPortfolio = field(default_factory=lambda: StoredPortfolio(portfolio=Portfolio()))
    entries: tuple[Entry, ...] = ()

    @property
    def living(self) -> tuple[Entry, ...]:
        """The portfolios that are not deleted."""
        return tuple(entry for entry in self.entries if entry.deleted_at is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change in a portfolio's history: the document after it, and when and how it came about.

    Number 0 is what the portfolio began with; the document before a change is that of the number before.
    """

    number: int
    kind: str
    at: datetime
    portfolio: Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A link that gives a copy of a portfolio as it was when the link was made; `shape` hides every amount."""

    token: str
    owner_id: int
    portfolio_id: int
    shape: bool
    expires_at: datetime
    portfolio: Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How much is stored about a person."""

    portfolios: int = 0
    positions: int = 0
    steps: int = 0
    shares: int = 0
    settings: int = 0
    """1 where the person has made settings."""
    cards: int = 0


# --- Changes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePortfolio(Change):
    """Replaces the owner's portfolio of that name, which must still be at `version`; else the event is handled again.

    Version 0 is a new one, which is open from then on. kind: what the history calls the change.
    """

    owner_id: int
    portfolio: Portfolio
    version: int
    kind: str = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPortfolio(Change):
    """Undo and redo: the portfolio stands again as it did after change number `to`."""

    owner_id: int
    portfolio_id: int
    version: int
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamePortfolio(Change):
    """Gives a portfolio another name, which none of the owner's has."""

    owner_id: int
    portfolio_id: int
    version: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPortfolio(Change):
    """Makes a portfolio the one that "current" means."""

    owner_id: int
    portfolio_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePortfolio(Change):
    """Puts a portfolio away; it can be restored for a while. Its links are dead at once."""

    owner_id: int
    portfolio_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePortfolio(Change):
    """Takes a deleted portfolio back, under a name that is free, and opens it."""

    owner_id: int
    portfolio_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePortfolio(Change):
    """Makes a link."""

    share: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeShares(Change):
    """Ends the links of one portfolio."""

    owner_id: int
    portfolio_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetPerson(Change):
    """Deletes everything that is kept about a person: portfolios, their history, links, and the cards' drafts."""

    owner_id: int
