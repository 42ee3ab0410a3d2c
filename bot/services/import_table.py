"""A table of positions with a header, as CSV or copied from an exchange's page: each row a position, or what is
wrong."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.services.import_cells import (
    Style,
    amount_of,
    is_total,
    leverage_of,
    mode_of,
    number_of,
    side_of,
    style_of,
    time_of,
)
from bot.services.symbols import Listing, coin_of, in_quote, listing_of, symbol_of
from bot.storage.portfolios import Mark, Portfolio, SavedPosition
from bot.understanding.coins import STABLES

MOST_ROWS: Final = 2000
"""Rows of a table, those without a position included: an exchange lists every contract it has."""

_OWN: Final = frozenset({"entry_price", "margin_mode"})
"""Columns as /export names them: its numbers have a point, and its sizes are the contract's own."""
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id",),
    "symbol": ("symbol", "symbols", "contract", "instrument", "instid", "coin", "market", "pair", "futures", "asset"),
    "side": ("side", "positionside", "posside", "direction", "dir"),
    "quantity": ("quantity", "size", "qty", "positionamt", "positionsize", "szi", "amount", "position"),
    "contracts": ("pos", "contracts", "sz"),
    "entry": (
        "entry_price", "entry", "entryprice", "avgprice", "avgpx", "entrypx", "averageentryprice", "avgentryprice",
        "avgopenprice", "openprice", "averageprice", "averageopenprice",
    ),
    "mark": ("mark_price", "mark", "markprice", "markpx"),
    "leverage": ("leverage", "lever", "leveragevalue", "lev"),
    "mode": ("margin_mode", "margintype", "marginmode", "mgnmode", "mode", "leveragetype"),
    "trade_mode": ("trademode",),
    "margin": ("isolated_margin", "isolatedwallet"),
    "margin_worth": ("isolatedmargin",),
    "gain": ("unrealizedprofit", "unrealisedprofit"),
    "money": ("margin", "positionmargin"),
    "mark_at": ("mark_given_at",),
    "saved_at": ("saved_at",),
}  # fmt: skip
"""What exchanges call the columns, in small letters without spaces, points and what stands in brackets; ours too."""

_AROUND: Final = re.compile(
    r"\b(?:perpetuals?|perp|swap|cross|crossed|isolated|iso|long|short|buy|sell|usd.?m|coin.?m|\d{1,4}(?:[.,]\d+)?\s*[x×])"
    r"(?![A-Za-z0-9])|永续",
    re.IGNORECASE,
)
_COUNTED: Final = frozenset({"CONT", "CONTS", "CONTRACT", "CONTRACTS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table: its position and price now, or the column that says nothing (`wrong`).

    margin_left: a margin that is not the initial one and is not taken, since exchanges mean different things by it.
    """

    number: int
    text: str
    position: SavedPosition | None = None
    mark: Mark | None = None
    unsaid: bool = False
    margin_left: str = ""
    wrong: str = ""
    cell: str = ""


def rows_of(text: str, portfolio: Portfolio, *, serial: int, now: datetime) -> list[Row] | None:
    """The rows that hold a position; None for a text without a header that names symbol, size and entry.

    Empty rows, sums and contracts of which nothing is held are left out.
    """
    table, delimiter = _cells(text)
    header = _columns(table[0][1]) if len(table) > 1 else []
    if not {"symbol", "entry"} <= set(header) or not {"quantity", "contracts"} & set(header):
        return None
    own = set(table[0][1]) >= _OWN
    counted = [
        cell
        for _, cells in table[1:]
        for name, cell in zip(header, cells, strict=False)
        if name in ("quantity", "entry", "mark")
    ]
    style: Style = "english" if own else style_of(counted)
    found = []
    for number, cells in table[1:]:
        named = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
        if not any(named.values()) or is_total(named.get("symbol", "")):
            continue
        row = _Reader(named, portfolio, style=style, own=own).row(
            number, _on_one_line(cells, delimiter), serial=serial, now=now
        )
        if row is not None:
            found.append(row)
    return found


def _cells(text: str) -> tuple[list[tuple[int, list[str]]], str]:
    """The rows with the numbers of their lines, and the sign between cells; none for what is no table."""
    delimiter = max("\t,;|", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader], delimiter
    except csv.Error:
        return [], delimiter


def _columns(cells: Sequence[str]) -> list[str]:
    header = [_column(cell) for cell in cells]
    if "symbol" not in header and "contracts" in header and "quantity" in header:
        header[header.index("contracts")] = "symbol"  # as Bybit calls them
    return header


def _column(name: str) -> str:
    wanted = re.sub(r"\(.*?\)", "", name.strip().lower()).strip()
    plain = re.sub(r"[\s.\"]", "", wanted)
    return next((column for column, names in _NAMES.items() if plain in names or wanted in names), "")


def _on_one_line(cells: Sequence[str], delimiter: str) -> str:
    return " ".join(delimiter.join(cells).split())


class _Reader:
    """Reads one row. Every method answers None for a cell that says nothing."""

    def __init__(self, cells: Mapping[str, str], portfolio: Portfolio, *, style: Style, own: bool) -> None:
        self.cells, self.portfolio, self.style, self.own = cells, portfolio, style, own
        self.about = [cells.get(name, "") for name in ("side", "symbol", "mode", "leverage", "money")]

    def cell(self, name: str) -> str:
        return self.cells.get(name, "")

    def row(self, number: int, text: str, *, serial: int, now: datetime) -> Row | None:
        """The position of the row; None where its size is 0."""
        if self._is_empty():
            return None

        def wrong(slot: str) -> Row:
            return Row(number=number, text=text, wrong=slot, cell=self.cell(slot))

        symbol, listing = self._contract()
        if symbol is None:
            return wrong("symbol")
        size = self._size(listing)
        if size is None or size == 0:
            return wrong("quantity" if "quantity" in self.cells else "contracts")
        side = side_of(self.about, size)
        entry = number_of(self.cell("entry"), self.style)
        leverage = leverage_of(self.cell("leverage"), self.about[:3], self.style)
        mode = self._mode()
        for slot, value in (("side", side), ("entry", entry), ("leverage", leverage)):
            if not value or (isinstance(value, Decimal) and value <= 0):
                return wrong(slot)
        saved = SavedPosition.model_validate(
            {
                "id": self.cell("id") or f"i{serial}n{number}",
                "symbol": symbol,
                "side": side,
                "quantity": abs(size),
                "entry_price": entry,
                "leverage": leverage,
                "margin_mode": mode or "isolated",
                "isolated_margin": self._margin() if mode == "isolated" else None,
                "saved_at": time_of(self.cell("saved_at")) or now,
            }
        )
        left = self._margin_left(saved)
        return Row(
            number=number, text=text, position=saved, mark=self._mark(now), unsaid=mode is None, margin_left=left
        )

    def _is_empty(self) -> bool:
        """Whether nothing is held: a size of 0."""
        amount = amount_of(self.cell("quantity") or self.cell("contracts"), self.style)
        return amount is not None and amount.value == 0 and not self.own

    def _mode(self) -> str | None:
        by_number = {"0": "cross", "1": "isolated"}.get(self.cell("trade_mode"))
        return mode_of(self.about) or by_number

    def _mark(self, now: datetime) -> Mark | None:
        price = number_of(self.cell("mark"), self.style)
        if price is None or price <= 0:
            return None
        return Mark(price=price, given_at=time_of(self.cell("mark_at")) or now)

    def _margin(self) -> Decimal | None:
        """The position's own wallet: without its gain, which some tables count in."""
        margin = number_of(self.cell("margin"), self.style)
        if margin is None and self.cell("margin_worth"):
            worth, gain = number_of(self.cell("margin_worth"), self.style), number_of(self.cell("gain"), self.style)
            margin = worth - gain if worth is not None and gain is not None else None
        return margin if margin is not None and margin > 0 else None

    def _margin_left(self, saved: SavedPosition) -> str:
        """The cell of an isolated margin that is not taken; "" where it is the initial margin to a hundredth."""
        cell = re.sub(r"\(.*?\)", "", self.cell("money")).strip()
        said = amount_of(cell, self.style)
        if said is None or saved.margin_mode != "isolated" or saved.isolated_margin is not None:
            return ""
        initial = saved.quantity * saved.entry_price / saved.leverage
        return cell if abs(said.value - initial) > initial / 100 else ""

    def _size(self, listing: Listing | None) -> Decimal | None:
        """The size in the contract's own unit: coins, or USD of an inverse one."""
        if not self.cell("quantity"):
            contracts = number_of(self.cell("contracts"), self.style)
            lot = listing.lot if listing is not None else None
            return contracts * lot if contracts is not None and lot is not None else None
        amount = amount_of(self.cell("quantity"), self.style)
        if amount is None:
            return None
        if listing is None or self.own:
            return amount.value if not amount.unit else None
        inverse = listing.kind == "inverse"
        if amount.unit in _COUNTED or (not amount.unit and inverse and self.portfolio.venue == "binance-coinm"):
            return amount.value * listing.lot if listing.lot is not None else None
        if inverse:
            return amount.value if amount.unit in ("", "USD") else None
        base = listing.coin.removeprefix(str(listing.per)) if listing.per > 1 else listing.coin
        if amount.unit in STABLES or amount.unit not in ("", listing.coin.upper(), base.upper()):
            return None  # a value in money is no size: at which price it was counted is not said
        per = listing.per if amount.unit == base.upper() and listing.per > 1 else 1
        return amount.value / per

    def _contract(self) -> tuple[str | None, Listing | None]:
        """The venue's name of a contract as the row writes it; None for one that the venue does not have."""
        said = _AROUND.sub(" ", self.cell("symbol")).strip(" -_/\n\t") if not self.own else self.cell("symbol")
        if any(each.symbol == said for each in self.portfolio.positions):
            listing = next((each for each in _listings(said, self.portfolio.venue) if each.symbol == said), None)
            return said, listing
        bare = _bare(said)
        for listing in _listings(self.cell("symbol"), self.portfolio.venue):
            if _bare(self.cell("symbol")) == _bare(listing.symbol):
                return listing.symbol, listing
        if self.cell("symbol") == symbol_of(coin_of(self.cell("symbol")), self.portfolio.venue, "inverse"):
            return None, None  # as Deribit writes what is settled in coins: BTC-PERPETUAL
        for listing in _listings(said, self.portfolio.venue):
            names = {_bare(listing.symbol), _bare(_AROUND.sub(" ", listing.symbol))}
            names.add(f"{listing.coin}{listing.settle if listing.kind == 'linear' else 'USD'}".upper())
            if listing is _usual(said, self.portfolio.venue):
                names.add(listing.coin.upper())
                if listing.settle != "USDT":  # Hyperliquid, dYdX: nobody says what it is settled in
                    names.add(f"{listing.coin}USD".upper())
            if bare in names:
                return listing.symbol, listing
        return None, None


def _bare(name: str) -> str:
    """A contract's name without the signs in it, and without what is settled in behind a colon: BTC/USDT:USDT."""
    name = name.upper().partition(":")[0]
    plain = re.sub(r"[^A-Z0-9]", "", name.removesuffix(".P"))
    return plain.replace("XBT", "BTC")


def _usual(said: str, venue: str) -> Listing | None:
    return next(iter(_listings(said, venue)), None)


def _listings(said: str, venue: str) -> list[Listing]:
    """The contracts of the coin that a name begins with, the usual one first."""
    coin = coin_of(said.upper().partition(":")[0].replace("/", "").replace("-", "").removesuffix(".P"))
    coins = dict.fromkeys((coin, coin_of(said.upper()), f"1000{said[1:].upper()}" if said.startswith("k") else coin))
    found: list[Listing] = []
    for each in coins:
        offers = (listing_of(each, venue), listing_of(each, venue, "inverse"), in_quote(each, venue, "USDC"))
        found += [offer for offer in offers if offer is not None and offer not in found]
    return found
