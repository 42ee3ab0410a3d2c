"""Positions from elsewhere: pasted lines, a table with a header (CSV, or copied from an exchange), or a JSON document.

Everything is read before anything is kept: each line becomes a position or says what is wrong with it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from pydantic import ValidationError

from bot.rendering.portfolio_views import ReadLine
from bot.rendering.views import LegView, Note
from bot.services.account_view import leg_view
from bot.services.accounts import examined, portfolio_of, settled_marks
from bot.services.exports import MARK
from bot.services.orders import opened_position
from bot.services.saved import is_unused
from bot.services.symbols import coin_of, listing_of
from bot.storage.portfolios import MOST_POSITIONS, Mark, Portfolio, SavedPosition
from bot.understanding.portfolio_words import Spoken
from bot.understanding.understand import understand
from margin_engine import EngineError, known_venues, read_book

LONGEST_LINE: Final = 60
"""Characters of a line that are shown."""
LONGEST_ROW: Final = 4096
"""Characters of a line that are read: what a message can hold. A file could hold more, and reading takes time."""
_NUMBER: Final = re.compile(r"(?P<sign>[-−+]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d{1,30})?|\d{1,30}(?:\.\d{1,30})?)")
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id",),
    "symbol": ("symbol", "contract", "instrument", "instid", "coin", "market", "pair", "futures"),
    "side": ("side", "positionside", "posside", "direction"),
    "quantity": ("quantity", "size", "qty", "positionamt", "positionsize", "szi", "amount"),
    "contracts": ("pos", "contracts", "sz"),
    "entry": (
        "entry_price",
        "entry",
        "entryprice",
        "avgprice",
        "avgpx",
        "entrypx",
        "averageentryprice",
        "avgentryprice",
    ),
    "mark": ("mark_price", "mark", "markprice", "markpx"),
    "leverage": ("leverage", "lever", "leveragevalue"),
    "mode": ("margin_mode", "margintype", "marginmode", "mgnmode", "mode"),
    "margin": ("isolated_margin", "isolatedmargin", "isolatedwallet"),
    "mark_at": ("mark_given_at",),
    "saved_at": ("saved_at",),
}
"""What exchanges call the columns, in small letters without spaces and dots; ours are among them."""

_SIDES: Final = {"long": "long", "buy": "long", "short": "short", "sell": "short"}
_MODES: Final = {"isolated": "isolated", "iso": "isolated", "cross": "cross", "crossed": "cross"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What was read. portfolio: the open one with everything in it, None while something is wrong.

    whole: a portfolio of its own, which goes beside the open one unless that is still unused. unsaid: whether a
    position did not say its mode; it is isolated here, and asked about.
    """

    lines: tuple[ReadLine, ...] = ()
    portfolio: Portfolio | None = None
    whole: bool = False
    unsaid: tuple[str, ...] = ()
    trouble: Note | None = None


def read_import(text: str, portfolio: Portfolio, *, serial: int, now: datetime) -> Incoming:
    """What a text holds, beside the open portfolio. Never raises for what a person can paste."""
    stripped = text.strip().lstrip("\ufeff")
    if stripped.startswith("{"):
        return _document(stripped, portfolio, now=now)
    rows = [line for line in stripped.splitlines() if line.strip()]
    if len(rows) > MOST_POSITIONS + 1:  # with a header; each of them would be a position or a bad line
        return Incoming(trouble=Note(name="import_full", facts={"most": str(MOST_POSITIONS)}))
    if (wide := max(map(len, rows), default=0)) > LONGEST_ROW:
        return Incoming(trouble=Note(name="import_wide", facts={"length": str(wide), "most": str(LONGEST_ROW)}))
    table = _table(rows)
    read = (
        [_row(number, line, cells, portfolio, serial=serial, now=now) for number, line, cells in table]
        if table is not None
        else [_said(number, line, portfolio, serial=serial, now=now) for number, line in enumerate(rows, start=1)]
    )
    return _beside(portfolio, read, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    line: ReadLine
    position: SavedPosition | None = None
    mark: Mark | None = None
    unsaid: bool = False


def _beside(portfolio: Portfolio, read: Sequence[_Read], *, now: datetime) -> Incoming:
    """The positions that were read, added to those that are held."""
    lines = tuple(each.line for each in read)
    new = [each.position for each in read if each.position is not None]
    if not read or len(new) < len(read):
        return Incoming(lines=lines, trouble=None if read else Note(name="import_nothing"))
    if len(portfolio.positions) + len(new) > MOST_POSITIONS:
        return Incoming(lines=lines, trouble=Note(name="import_full", facts={"most": str(MOST_POSITIONS)}))
    taken = {each.id for each in portfolio.positions}
    kept = tuple(each if each.id not in taken else each.model_copy(update={"id": f"{each.id}b"}) for each in new)
    marks = {**portfolio.marks, **{each.position.symbol: each.mark for each in read if each.mark and each.position}}
    positions = (*portfolio.positions, *kept)
    after = portfolio.model_copy(update={"positions": positions, "marks": settled_marks(marks, positions, now=now)})
    _, trouble = examined(after)
    if trouble is not None and trouble.name != "cross_wallet_open":
        return Incoming(lines=lines, trouble=trouble)
    unsaid = tuple(mine.id for each, mine in zip(read, kept, strict=True) if each.unsaid)
    return Incoming(lines=lines, portfolio=after, unsaid=unsaid)


def _line(number: int, text: str, *, leg: LegView | None = None, trouble: Note | None = None) -> ReadLine:
    shown = text.strip()
    return ReadLine(
        number=number,
        text=shown if len(shown) <= LONGEST_LINE else shown[: LONGEST_LINE - 1] + "…",
        leg=leg,
        trouble=trouble,
    )


# --- Lines ---------------------------------------------------------------------------------------------------------


def _said(number: int, text: str, portfolio: Portfolio, *, serial: int, now: datetime) -> _Read:
    """One position a line, as people write them."""
    reading = understand(text)
    said = reading.parsed.positions or ()
    if reading.kind != "position" or len(said) != 1 or reading.unread or reading.alternatives:
        return _Read(line=_line(number, text, trouble=Note(name="import_unread")))
    spoken = Spoken(kind="open", position=said[0])
    saved, refusal = opened_position(spoken, portfolio, identity=f"i{serial}n{number}", now=now)
    if saved is None:
        return _Read(line=_line(number, text, trouble=refusal or Note(name="import_unfinished")))
    given = (reading.parsed.marks or {}).get(said[0].symbol or "")
    mark = Mark(price=given, given_at=now) if given is not None and saved.symbol == f"{said[0].symbol}USDT" else None
    leg = leg_view(saved, portfolio, now=now)
    return _Read(line=_line(number, text, leg=leg), position=saved, mark=mark, unsaid=said[0].mode is None)


# --- Tables --------------------------------------------------------------------------------------------------------


def _table(rows: Sequence[str]) -> list[tuple[int, str, dict[str, str]]] | None:
    """The cells of each row by what they mean; None for a text without a header that names symbol, size and entry."""
    if len(rows) < 2:
        return None
    delimiter = max("\t,;|", key=rows[0].count)
    header = [_column(name) for name in next(csv.reader([rows[0]], delimiter=delimiter))]
    if not {"symbol", "entry"} <= set(header) or not {"quantity", "contracts"} & set(header):
        return None
    found = []
    for number, row in enumerate(rows[1:], start=2):
        cells = next(csv.reader([row], delimiter=delimiter))
        found.append((number, row, {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}))
    return found


def _column(name: str) -> str:
    plain = re.sub(r"[\s.()\"]", "", name.lower())
    wanted = name.strip().lower()
    return next((column for column, names in _NAMES.items() if plain in names or wanted in names), "")


def _number(text: str) -> Decimal | None:
    """A number as exchanges write them: "1,234.5", "0.5 BTC", "20x"; None for anything else."""
    bare = re.sub(r"\s*(?:x|[A-Z]{2,10}|×)$", "", text.strip(), flags=re.IGNORECASE)
    found = _NUMBER.fullmatch(bare)
    if found is None:
        return None
    value = Decimal(found["digits"].replace(",", ""))
    return -value if found["sign"] in ("-", "−") else value


def _row(
    number: int, text: str, cells: Mapping[str, str], portfolio: Portfolio, *, serial: int, now: datetime
) -> _Read:
    def wrong(slot: str) -> _Read:
        facts = {"slot_name": slot, "text": cells.get(slot, "")[:20] or "–"}
        return _Read(line=_line(number, text, trouble=Note(name="import_cell", facts=facts)))

    symbol, per_contract = _symbol(cells["symbol"], portfolio)
    if symbol is None:
        return wrong("symbol")
    size = _number(cells.get("quantity", ""))
    if size is None and "contracts" in cells:
        contracts = _number(cells["contracts"])
        size = contracts * per_contract if contracts is not None and per_contract is not None else None
    if not size:
        return wrong("quantity" if "quantity" in cells else "contracts")
    side = _side(cells.get("side", ""), size)
    entry, leverage = _number(cells.get("entry", "")), _number(cells.get("leverage", ""))
    mode = _MODES.get(cells.get("mode", "").lower().split(" ")[0])
    if side is None:
        return wrong("side")
    if entry is None or entry <= 0:
        return wrong("entry")
    if leverage is None or leverage <= 0:
        return wrong("leverage")
    margin = _number(cells.get("margin", "")) if mode == "isolated" else None
    saved = SavedPosition.model_validate(
        {
            "id": cells.get("id") or f"i{serial}n{number}",
            "symbol": symbol,
            "side": side,
            "quantity": abs(size),
            "entry_price": entry,
            "leverage": leverage,
            "margin_mode": mode or "isolated",
            "isolated_margin": margin or None,
            "saved_at": _time(cells.get("saved_at", "")) or now,
        }
    )
    price, given_at = _number(cells.get("mark", "")), _time(cells.get("mark_at", ""))
    mark = Mark(price=price, given_at=given_at or now) if price is not None and price > 0 else None
    leg = leg_view(saved, portfolio, now=now)
    return _Read(line=_line(number, text, leg=leg), position=saved, mark=mark, unsaid=mode is None)


def _symbol(text: str, portfolio: Portfolio) -> tuple[str | None, Decimal | None]:
    """The venue's name of a contract as a table writes it, and what one contract holds where that is known."""
    plain = re.sub(r"\s*(?:perpetual|perp|永续)$", "", text.strip(), flags=re.IGNORECASE).strip()
    held = any(each.symbol == plain for each in portfolio.positions)
    listing = listing_of(coin_of(plain.upper()), portfolio.venue)
    if listing is None:
        return (plain if held else None), None
    if listing.symbol != plain and listing.symbol.upper() != plain.upper().replace("/", ""):
        # Another contract of the same coin (coin-margined, dated) is not this one.
        usual = {coin_of(plain.upper()), listing.coin}
        bare = plain.upper().replace("/", "").replace("-", "").replace("_", "").replace("SWAP", "")
        if bare not in usual and bare != f"{listing.coin}USDT" and bare != f"{listing.coin}USD":
            return None, None
        if bare == f"{listing.coin}USD" and listing.settle == "USDT":
            return None, None
    return listing.symbol, listing.lot


def _side(text: str, size: Decimal) -> str | None:
    said = _SIDES.get(text.strip().lower())
    if text.strip() and said is None and text.strip().lower() not in ("both", "net", "none"):
        return None
    if said is not None:
        return said
    return "short" if size < 0 else "long"


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


# --- Documents -----------------------------------------------------------------------------------------------------


def _document(text: str, portfolio: Portfolio, *, now: datetime) -> Incoming:
    """A portfolio as /export writes it, or a book in the engine's form."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Incoming(trouble=Note(name="import_json"))
    try:
        incoming = (
            Portfolio.model_validate(data[MARK]) if isinstance(data, dict) and MARK in data else _book(text, now=now)
        )
    except (ValidationError, EngineError, TypeError) as error:
        reason = str(error) if isinstance(error, EngineError) else "it is not as /export writes it"
        return Incoming(trouble=Note(name="import_refused", facts={"why": reason[:200]}))
    if incoming.venue not in known_venues():
        return Incoming(trouble=Note(name="import_refused", facts={"why": f"no rules for {incoming.venue[:30]}"}))
    if len(incoming.positions) > MOST_POSITIONS:
        return Incoming(trouble=Note(name="import_full", facts={"most": str(MOST_POSITIONS)}))
    if len({each.id for each in incoming.positions}) < len(incoming.positions):
        return Incoming(trouble=Note(name="import_refused", facts={"why": "two positions have one id"}))
    _, trouble = examined(incoming) if incoming.positions else (None, None)
    if trouble is not None and trouble.name != "cross_wallet_open":
        return Incoming(trouble=trouble)
    lines = tuple(
        _line(number, each.symbol, leg=leg_view(each, incoming, now=now))
        for number, each in enumerate(incoming.positions, start=1)
    )
    if is_unused(portfolio):
        incoming = incoming.model_copy(update={"name": portfolio.name})
    return Incoming(lines=lines, portfolio=incoming, whole=True)


def _book(text: str, *, now: datetime) -> Portfolio:
    return portfolio_of(read_book(text), now=now)
