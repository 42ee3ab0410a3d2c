"""Positions from elsewhere: pasted lines, a table with a header (CSV, or copied from an exchange), or a JSON document.

Everything is read before anything is kept: each line becomes a position or says what is wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from pydantic import ValidationError

from bot.rendering.plain import clipped
from bot.rendering.portfolio_views import ReadLine
from bot.rendering.venues import title_of
from bot.rendering.views import LegView, Note
from bot.services.account_view import leg_view
from bot.services.accounts import examined, portfolio_of, settled_marks
from bot.services.exports import MARK
from bot.services.import_table import MOST_ROWS, Row, rows_of
from bot.services.orders import opened_position
from bot.services.saved import is_unused
from bot.services.symbols import coin_of
from bot.storage.portfolios import MOST_POSITIONS, Mark, Portfolio, SavedPosition
from bot.understanding.coins import STABLES
from bot.understanding.portfolio_words import Spoken
from bot.understanding.understand import understand
from margin_engine import EngineError, known_venues, read_book

LONGEST_LINE: Final = 60
"""Characters of a line that are shown."""
LONGEST_ROW: Final = 4096
"""Characters of a line that are read: what a message can hold. A file could hold more, and reading takes time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What was read. portfolio: the open one with everything in it, None while something is wrong.

    whole: a portfolio of its own, which goes beside the open one unless that is still unused. unsaid: whether a
    position did not say its mode; it is isolated here, and asked about. replaced: how many positions that are held it
    takes the place of; of a whole one, how many of its own are in the open one already.
    """

    lines: tuple[ReadLine, ...] = ()
    portfolio: Portfolio | None = None
    whole: bool = False
    unsaid: tuple[str, ...] = ()
    trouble: Note | None = None
    replaced: int = 0


def read_import(text: str, portfolio: Portfolio, *, serial: int, now: datetime) -> Incoming:
    """What a text holds, beside the open portfolio. Never raises for what a person can paste."""
    stripped = text.lstrip("\ufeff").strip()
    if stripped.startswith("{"):
        return _document(stripped, portfolio, now=now)
    lines = [(number, line) for number, line in enumerate(stripped.splitlines(), start=1) if line.strip()]
    if (wide := max((len(line) for _, line in lines), default=0)) > LONGEST_ROW:
        return Incoming(trouble=Note(name="import_wide", facts={"length": str(wide), "most": str(LONGEST_ROW)}))
    table = rows_of(stripped, portfolio, serial=serial, now=now) if len(lines) <= MOST_ROWS else None
    if len(table if table is not None else lines) > MOST_POSITIONS:  # each of them is a position or a bad line
        return Incoming(trouble=Note(name="import_full", facts={"most": str(MOST_POSITIONS)}))
    read = (
        [_of_table(row, portfolio, now=now) for row in table]
        if table is not None
        else [_said(number, line, portfolio, serial=serial, now=now) for number, line in lines]
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
    again = _written_twice(read)
    if again:
        return Incoming(lines=tuple(again.get(each.number, each) for each in lines))
    gone = tuple(each for each in portfolio.positions if any(_stands_for(mine, each) for mine in new))
    lines = tuple(_replacing(each, gone) for each in read)
    others = tuple(each for each in portfolio.positions if each not in gone)
    taken = {each.id for each in others}
    kept = tuple(each if each.id not in taken else each.model_copy(update={"id": f"{each.id}b"}) for each in new)
    marks = {**portfolio.marks, **{each.position.symbol: each.mark for each in read if each.mark and each.position}}
    positions = (*others, *kept)
    after = portfolio.model_copy(update={"positions": positions, "marks": settled_marks(marks, positions, now=now)})
    _, trouble = examined(after)
    if trouble is not None and trouble.name != "cross_wallet_open":
        return Incoming(lines=lines, trouble=trouble)
    unsaid = tuple(mine.id for each, mine in zip(read, kept, strict=True) if each.unsaid)
    return Incoming(lines=lines, portfolio=after, unsaid=unsaid, replaced=len(gone))


def _stands_for(new: SavedPosition, held: SavedPosition) -> bool:
    """Whether a position that was read is one that is held: the only cross one of its side, or just the same."""
    if new.place != held.place:
        return False
    terms = (new.quantity, new.entry_price, new.leverage) == (held.quantity, held.entry_price, held.leverage)
    return new.margin_mode == "cross" or new.id == held.id or terms


def _replacing(read: _Read, gone: Sequence[SavedPosition]) -> ReadLine:
    """The line, with what it takes the place of."""
    mine = read.position
    if mine is None or not any(_stands_for(mine, each) for each in gone):
        return read.line
    return replace(read.line, remark=Note(name="import_replaces"))


def _written_twice(read: Sequence[_Read]) -> dict[int, ReadLine]:
    """Lines that give a cross position which another line gave already, by their numbers."""
    first: dict[tuple[str, str], int] = {}
    found = {}
    for each in read:
        position = each.position
        if position is None or position.margin_mode != "cross":
            continue
        line = first.setdefault((position.symbol, position.side), each.line.number)
        if line != each.line.number:
            facts = {"coin": coin_of(position.symbol), "side": position.side, "line": str(line)}
            found[each.line.number] = replace(each.line, leg=None, trouble=Note(name="import_twice", facts=facts))
    return found


def _line(number: int, text: str, *, leg: LegView | None = None, trouble: Note | None = None) -> ReadLine:
    return ReadLine(number=number, text=clipped(text.strip(), LONGEST_LINE), leg=leg, trouble=trouble)


# --- Lines ---------------------------------------------------------------------------------------------------------


def _said(number: int, text: str, portfolio: Portfolio, *, serial: int, now: datetime) -> _Read:
    """One position a line, as people write them."""
    reading = understand(text)
    said = reading.parsed.positions or ()
    quote: Literal["USDC"] | None = "USDC" if reading.in_usdc else None
    if reading.kind != "position" or len(said) != 1 or reading.unread or reading.alternatives:
        return _Read(line=_line(number, text, trouble=Note(name="import_unread")))
    spoken = Spoken(kind="open", position=said[0], quote=quote)
    saved, refusal = opened_position(spoken, portfolio, identity=f"i{serial}n{number}", now=now)
    if saved is None:
        return _Read(line=_line(number, text, trouble=refusal or Note(name="import_unfinished")))
    given = (reading.parsed.marks or {}).get(said[0].symbol or "")
    mark = Mark(price=given, given_at=now) if given is not None and coin_of(saved.symbol) == said[0].symbol else None
    leg = leg_view(saved, portfolio, now=now)
    return _Read(line=_line(number, text, leg=leg), position=saved, mark=mark, unsaid=said[0].mode is None)


# --- Tables ---------------------------------------------------------------------------------------------------------


def _of_table(row: Row, portfolio: Portfolio, *, now: datetime) -> _Read:
    """A row of a table as it is shown."""
    if row.position is None:
        facts = {"slot_name": row.wrong, "text": row.cell[:20] or "–"}
        if row.wrong == "quantity" and row.cell.upper().rpartition(" ")[2] in STABLES:
            return _Read(line=_line(row.number, row.text, trouble=Note(name="import_money", facts=facts)))
        if row.wrong == "symbol":
            facts = {"text": facts["text"], "venue": title_of(portfolio.venue)}
            return _Read(line=_line(row.number, row.text, trouble=Note(name="import_symbol", facts=facts)))
        return _Read(line=_line(row.number, row.text, trouble=Note(name="import_cell", facts=facts)))
    leg = leg_view(row.position, portfolio, now=now)
    line = _line(row.number, row.text, leg=leg)
    if row.margin_left:
        line = replace(line, remark=Note(name="import_margin_left", facts={"text": row.margin_left[:30]}))
    return _Read(line=line, position=row.position, mark=row.mark, unsaid=row.unsaid)


# --- Documents -----------------------------------------------------------------------------------------------------


def _document(text: str, portfolio: Portfolio, *, now: datetime) -> Incoming:
    """A portfolio as /export writes it, or a book in the engine's form."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Incoming(trouble=Note(name="import_json"))
    if (place := _unfit(data)) is not None:
        why = f"{place[-80:]}: must be text, without NUL or half a character"
        return Incoming(trouble=Note(name="import_refused", facts={"why": why}))
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
    here = [any(_stands_for(each, held) for held in portfolio.positions) for each in incoming.positions]
    here = here if incoming.venue == portfolio.venue else [False] * len(here)
    lines = tuple(
        replace(
            _line(number, each.symbol, leg=leg_view(each, incoming, now=now)),
            remark=Note(name="import_held") if held else None,
        )
        for number, (each, held) in enumerate(zip(incoming.positions, here, strict=True), start=1)
    )
    if is_unused(portfolio):
        incoming = incoming.model_copy(update={"name": portfolio.name})
    return Incoming(lines=lines, portfolio=incoming, whole=True, replaced=sum(here))


def _unfit(data: object) -> str | None:
    """Where the first text stands that no database takes (a NUL, or half a character); None when there is none."""
    waiting: list[tuple[str, object]] = [("", data)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            if any(map(_broken, value)):
                return f"a name in {place}" if place else "a name"
            waiting += [(f"{place}.{key}".lstrip("."), each) for key, each in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{place}[{number}]", each) for number, each in enumerate(value)]
        elif isinstance(value, str) and _broken(value):
            return place
    return None


def _broken(text: str) -> bool:
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)


def _book(text: str, *, now: datetime) -> Portfolio:
    return portfolio_of(read_book(text), now=now)
