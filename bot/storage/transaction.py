"""What goes into the database together: a batch of jobs, with a few statements for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from bot.dialogue import Card, Change
from bot.storage import (
    blocked,
    cards,
    group_rows,
    inbox,
    outbox,
    person_settings_rows,
    pictures,
    portfolio_past,
    portfolio_rows,
    workers,
)
from bot.storage.group_settings import MoveGroup, NotePresence, SaveGroup
from bot.storage.inbox import Received
from bot.storage.membership import Membership
from bot.storage.outbox import Delivered, Letter
from bot.storage.person_settings import SaveSettings
from bot.storage.portfolio_rows import LostRace
from bot.storage.portfolios import (
    DeletePortfolio,
    ForgetPerson,
    OpenPortfolio,
    RenamePortfolio,
    RestorePortfolio,
    RevokeShares,
    SavePortfolio,
    SharePortfolio,
    StepPortfolio,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What one update led to; all of it happens, or nothing."""

    serial: int
    bot_id: int
    letters: tuple[Letter, ...] = ()
    cards: tuple[Card, ...] = ()
    closed: tuple[int, ...] = ()
    changes: tuple[Change, ...] = ()


class NotOurs(Exception):
    """The update was handled elsewhere meanwhile; nothing was stored and nothing is to be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Updates that have come."""

    bot_id: int
    updates: Sequence[Received]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Updates to handle, at most so many."""

    bot_id: int
    count: int


@dataclass(frozen=True, slots=True)
class Probe:
    """Asks whether anything can be written."""


Letters = dict[int, list[Letter]]
"""By bot."""


def write(
    connection: Connection, member: Membership, jobs: Sequence[Any], now: datetime
) -> tuple[Sequence[Any], Letters]:
    """Does a batch of jobs: arrivals, changes that no update leads to, settled letters, handled updates, then leases.

    Result: what became of each job, and the letters that are to be sent once this is through.
    """
    results: dict[int, Any] = {}
    if any(isinstance(job, Probe) for job in jobs):
        workers.probe(connection)
    arrived = [job for job in jobs if isinstance(job, Arrived)]
    for bot_id in sorted({job.bot_id for job in arrived}):
        inbox.add(connection, bot_id, [u for job in arrived if job.bot_id == bot_id for u in job.updates], now)
    for job in jobs:
        if isinstance(job, Change):
            apply_change(connection, job, now)
    pictures.keep(connection, [job for job in jobs if isinstance(job, pictures.Kept)], now)
    settled = [job for job in jobs if isinstance(job, Delivered)]
    outbox.settle(connection, settled)
    refused, written = _write_handled(connection, member, [job for job in jobs if isinstance(job, Handled)], now)
    results.update(refused)
    wanted = [job for job in jobs if isinstance(job, Wanted)]
    bots = (
        {bot_id for bot_id, own in written.items() if own}
        | {job.bot_id for job in wanted}
        | (member.bots if settled else frozenset())
    )
    letters = {bot_id: member.take(connection, bot_id, written.get(bot_id, ()), now) for bot_id in sorted(bots)}
    for job in wanted:
        results[id(job)] = inbox.lease(connection, job.bot_id, member.name, job.count)
    return [results.get(id(job)) for job in jobs], letters


def _write_handled(
    connection: Connection, member: Membership, jobs: Sequence[Handled], now: datetime
) -> tuple[dict[int, Exception], Letters]:
    """Result: the jobs that did not happen and why, and the letters of the others, which are yet to be written."""
    refused: dict[int, Exception] = {}
    if not jobs:
        return refused, {}
    ours = inbox.still_ours(connection, [job.serial for job in jobs], member.name)
    for job in jobs:
        if job.serial not in ours:
            refused[id(job)] = NotOurs(job.serial)
        elif job.changes:
            try:
                with connection.begin_nested():
                    for change in job.changes:
                        apply_change(connection, change, now)
            except LostRace as lost:
                refused[id(job)] = lost
    kept = [job for job in jobs if id(job) not in refused]
    letters: Letters = {}
    for bot_id in {job.bot_id for job in kept}:
        own = [job for job in kept if job.bot_id == bot_id]
        sent, changed = [letter for job in own for letter in job.letters], [card for job in own for card in job.cards]
        letters[bot_id] = group_rows.letters_where_they_went(connection, bot_id, sent)
        cards.save(connection, bot_id, group_rows.cards_where_they_went(connection, bot_id, changed), now)
    if closed := [card_id for job in kept for card_id in job.closed]:
        cards.close(connection, closed)
    if kept:
        inbox.mark_done(connection, [job.serial for job in kept], now)
    return refused, letters


_MADE_BY: Final[Mapping[type[Change], Callable[[Connection, Any, datetime], None]]] = {
    SavePortfolio: portfolio_rows.save,
    StepPortfolio: portfolio_rows.go_to,
    RenamePortfolio: portfolio_rows.rename,
    OpenPortfolio: portfolio_rows.open_it,
    DeletePortfolio: portfolio_rows.put_away,
    RestorePortfolio: portfolio_rows.restore,
    SharePortfolio: portfolio_past.share,
    RevokeShares: portfolio_rows.revoke,
    ForgetPerson: portfolio_past.forget,
    SaveSettings: person_settings_rows.apply,
    blocked.Block: blocked.block,
    blocked.Unblock: blocked.unblock,
    SaveGroup: group_rows.save,
    NotePresence: group_rows.note,
    MoveGroup: group_rows.move,
}


def apply_change(connection: Connection, change: Change, now: datetime) -> None:
    """Makes one change. Errors: LostRace when what it rests on has changed meanwhile."""
    make = _MADE_BY.get(type(change))
    if make is None:
        raise TypeError(f"storage knows no change of kind {type(change).__name__}")
    make(connection, change, now)
