"""The storage as the rest of the bot sees it.

One connection writes and commits by the group: what waits while a transaction is on its way to the disk goes into the
next one. Another reads, by the group as well: a round trip through the driver costs more than what it fetches.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import Card, Change
from bot.storage import (
    cards,
    database,
    group_rows,
    inbox,
    outbox,
    person_settings_rows,
    pictures,
    portfolio_past,
    portfolio_rows,
)
from bot.storage.group_settings import MoveGroup, NotePresence, SaveGroup, StoredGroup
from bot.storage.groups import Group
from bot.storage.inbox import Leased, Received
from bot.storage.outbox import Delivered, Letter
from bot.storage.person_settings import SaveSettings, StoredSettings
from bot.storage.portfolio_rows import LostRace
from bot.storage.portfolios import (
    Census,
    DeletePortfolio,
    ForgetPerson,
    OpenPortfolio,
    RenamePortfolio,
    RestorePortfolio,
    RevokeShares,
    SavePortfolio,
    Share,
    SharePortfolio,
    Shelf,
    Step,
    StepPortfolio,
    StoredPortfolio,
)

KEEP_DONE: Final = timedelta(days=7)
KEEP_CARDS: Final = timedelta(days=180)


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
class _Arrived:
    bot_id: int
    updates: Sequence[Received]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    bot_id: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    bot_id: int
    old: int
    new: int


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Opened once, by `bot.app`. Every method is a coroutine that returns when its part is durable."""

    def __init__(self, writing: AsyncEngine, reading: AsyncEngine, lock: database.FileLock | None) -> None:
        self._writing = writing
        self._reading = reading
        self._lock = lock
        self._worker: Final = uuid.uuid4().hex
        self._writes = Group("writes", self._transaction)
        self._reads = Group("reads", self._lookup)

    @classmethod
    async def open(cls, url: str) -> Store:
        """Opens and migrates the database at `url` (a SQLAlchemy URL).

        Errors: DatabaseError when another process has the SQLite file, or it cannot be used.
        """
        lock = database.lock(url)
        try:
            writing = database.writer_engine(url)
            await database.migrate(writing)
        except Exception as error:
            if lock:
                lock.release()
            raise database.reason(error) from error
        return cls(writing, database.reader_engine(url), lock)

    async def close(self) -> None:
        """Writes what still waits, gives back what was leased and not handled, and lets go of the database."""
        await self._writes.close()
        await self._reads.close()
        async with self._writing.begin() as connection:
            await connection.run_sync(inbox.release, worker=self._worker)
        await self._writing.dispose()
        await self._reading.dispose()
        if self._lock:
            self._lock.release()

    # --- updates ---------------------------------------------------------------------------------------------------

    async def begin(self, bot_id: int) -> list[Letter]:
        """Takes up the work where it was left: frees old leases, forgets the long done, gives the unsent letters."""

        def take_up(connection: Connection) -> list[Letter]:
            now = _now()
            if self._lock is not None:  # the only process on this file, so every lease is of a dead one
                inbox.release(connection)
            inbox.forget_done(connection, now - KEEP_DONE)
            cards.forget(connection, now - KEEP_CARDS)
            portfolio_rows.purge(connection, now)
            group_rows.forget(connection, now)
            return outbox.unsent(connection, bot_id, now)

        async with self._writing.begin() as connection:
            return await connection.run_sync(take_up)

    async def receive(self, bot_id: int, updates: Sequence[Received]) -> None:
        """Writes updates to the inbox. Once this returns they may be acknowledged to Telegram."""
        await self._writes.do(_Arrived(bot_id=bot_id, updates=updates))

    async def lease(self, bot_id: int, count: int) -> list[Leased]:
        """Takes up to `count` updates to handle."""
        leased: list[Leased] = await self._writes.do(_Wanted(bot_id=bot_id, count=count))
        return leased

    async def commit(self, handled: Handled) -> None:
        """Stores what an update led to. Errors: LostRace, NotOurs; then nothing of it happened."""
        await self._writes.do(handled)

    async def settle(self, delivered: Delivered) -> None:
        """Strikes a letter off."""
        await self._writes.do(delivered)

    async def move_chat(self, bot_id: int, old: int, new: int) -> None:
        """A group became a supergroup with another id."""
        await self._writes.do(_Moved(bot_id=bot_id, old=old, new=new))

    async def keep_picture(self, bot_id: int, key: str, file_id: str) -> None:
        """Remembers under which id Telegram has the picture with this content."""
        await self._writes.do(pictures.Kept(bot_id, key, file_id))

    async def forget_picture(self, bot_id: int, key: str) -> None:
        """Telegram does not know that id any more."""
        await self._writes.do(pictures.Kept(bot_id, key, None))

    # --- reads -----------------------------------------------------------------------------------------------------

    async def card(self, bot_id: int, card_id: int) -> Card | None:
        """The card with this id, if it is this bot's."""
        card: Card | None = await self._reads.do(cards.ById(bot_id, card_id))
        return card

    async def card_of_message(self, bot_id: int, chat_id: int, message_id: int) -> Card | None:
        """The card that this message shows."""
        card: Card | None = await self._reads.do(cards.ByMessage(bot_id, chat_id, message_id))
        return card

    async def card_of_question(self, bot_id: int, chat_id: int, asked: int) -> Card | None:
        """The card that answers this message of a person."""
        card: Card | None = await self._reads.do(cards.ByQuestion(bot_id, chat_id, asked))
        return card

    async def newest_card(self, bot_id: int, chat_id: int, owner_id: int) -> Card | None:
        """The card of this person in this chat that was shown or touched last."""
        card: Card | None = await self._reads.do(cards.Newest(bot_id, chat_id, owner_id))
        return card

    async def shelf(self, owner_id: int) -> Shelf:
        """The person's portfolios, the open one with its document."""
        shelf: Shelf = await self._reads.do(portfolio_rows.Of(owner_id))
        return shelf

    async def portfolio(self, owner_id: int) -> StoredPortfolio:
        """The person's open portfolio; an empty one at version 0 when there is none."""
        return (await self.shelf(owner_id)).open

    async def settings(self, owner_id: int) -> StoredSettings:
        """The person's settings; empty ones at version 0 when there are none."""
        settings: StoredSettings = await self._reads.do(person_settings_rows.SettingsOf(owner_id))
        return settings

    async def group(self, bot_id: int, chat_id: int) -> StoredGroup:
        """What is known of the group; an empty one at version 0 when nothing is."""
        group: StoredGroup = await self._reads.do(group_rows.GroupOf(bot_id, chat_id))
        return group

    async def picture(self, bot_id: int, key: str) -> str | None:
        """Telegram's id of the picture with this content, if it has one."""
        file_id: str | None = await self._reads.do(pictures.Named(bot_id, key))
        return file_id

    async def portfolio_by_id(self, owner_id: int, portfolio_id: int) -> StoredPortfolio | None:
        """One portfolio of the person; None for one that is deleted, gone or somebody else's."""
        found: StoredPortfolio | None = await self._reads.do(portfolio_rows.One(owner_id, portfolio_id))
        return found

    async def steps(self, owner_id: int, portfolio_id: int, *, last: int, count: int) -> tuple[Step, ...]:
        """The history of a portfolio: `count` changes up to number `last`, and the one before them."""
        steps: tuple[Step, ...] = await self._reads.do(portfolio_past.Steps(owner_id, portfolio_id, last, count))
        return steps

    async def share(self, token: str) -> Share | None:
        """The link with this token, if nobody has ended it."""
        share: Share | None = await self._reads.do(portfolio_past.Shared(token))
        return share

    async def shares(self, owner_id: int) -> tuple[Share, ...]:
        """The links that the person has made."""
        shares: tuple[Share, ...] = await self._reads.do(portfolio_past.SharesOf(owner_id))
        return shares

    async def kept(self, owner_id: int) -> Census:
        """How much is stored about the person."""
        census: Census = await self._reads.do(portfolio_past.Kept(owner_id))
        return census

    async def _lookup(self, keys: Sequence[Any]) -> Sequence[Any]:
        def find(connection: Connection) -> dict[object, Any]:
            people = {key for key in keys if isinstance(key, portfolio_rows.Of)}
            settings = {key for key in keys if isinstance(key, person_settings_rows.SettingsOf)}
            groups = {key for key in keys if isinstance(key, group_rows.GroupOf)}
            drawn = {key for key in keys if isinstance(key, pictures.Named)}
            shown = {
                key for key in keys if isinstance(key, (cards.ById, cards.ByMessage, cards.ByQuestion, cards.Newest))
            }
            rest = {key for key in keys if key not in people | settings | groups | drawn | shown}
            return {
                **portfolio_rows.find(connection, people),
                **person_settings_rows.find(connection, settings),
                **group_rows.find(connection, groups),
                **pictures.find(connection, drawn),
                **cards.find(connection, shown),
                **{key: _read(connection, key) for key in rest},
            }

        async with self._reading.connect() as connection:
            found = await connection.run_sync(find)
        return [found.get(key) for key in keys]

    # --- the transaction -------------------------------------------------------------------------------------------

    async def _transaction(self, jobs: Sequence[Any]) -> Sequence[Any]:
        async with self._writing.begin() as connection:
            return await connection.run_sync(self._write, jobs)

    def _write(self, connection: Connection, jobs: Sequence[Any]) -> Sequence[Any]:
        """Does a batch of jobs with a few statements: arrivals, settled letters, handled updates, then leases."""
        now = _now()
        results: dict[int, Any] = {}
        for job in jobs:
            if isinstance(job, _Arrived):
                inbox.add(connection, job.bot_id, job.updates, now)
            elif isinstance(job, _Moved):
                group_rows.move(connection, job.bot_id, job.old, job.new, now)
        pictures.keep(connection, [job for job in jobs if isinstance(job, pictures.Kept)], now)
        outbox.settle(connection, [job for job in jobs if isinstance(job, Delivered)])
        results.update(self._write_handled(connection, [job for job in jobs if isinstance(job, Handled)], now))
        for job in jobs:
            if isinstance(job, _Wanted):
                results[id(job)] = inbox.lease(connection, job.bot_id, self._worker, job.count, now)
        return [results.get(id(job)) for job in jobs]

    def _write_handled(self, connection: Connection, jobs: Sequence[Handled], now: datetime) -> dict[int, Exception]:
        if not jobs:
            return {}
        refused: dict[int, Exception] = {}
        ours = inbox.still_ours(connection, [job.serial for job in jobs], self._worker)
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
        if kept:
            for bot_id in {job.bot_id for job in kept}:
                ours_too = [job for job in kept if job.bot_id == bot_id]
                letters = [letter for job in ours_too for letter in job.letters]
                changed = [card for job in ours_too for card in job.cards]
                letters, changed = group_rows.where_they_went(connection, bot_id, letters, changed)
                outbox.add(connection, letters)
                cards.save(connection, bot_id, changed, now)
            if closed := [card_id for job in kept for card_id in job.closed]:
                cards.close(connection, closed)
            inbox.mark_done(connection, [job.serial for job in kept], now)
        return refused


def _read(connection: Connection, key: Any) -> Any:
    """What is asked for seldom, one by one."""
    match key:
        case portfolio_rows.One():
            return portfolio_rows.find_one(connection, key)
        case portfolio_past.Steps():
            return portfolio_past.steps(connection, key)
        case portfolio_past.Shared():
            return portfolio_past.shared(connection, key)
        case portfolio_past.SharesOf():
            return portfolio_past.shares_of(connection, key)
        case portfolio_past.Kept():
            return portfolio_past.kept(connection, key)
        case _:
            raise TypeError(f"storage knows no question of kind {type(key).__name__}")


def apply_change(connection: Connection, change: Change, now: datetime) -> None:
    """Makes one change. Errors: LostRace when what it rests on has changed meanwhile."""
    match change:
        case SavePortfolio():
            portfolio_rows.save(connection, change, now)
        case SaveSettings():
            person_settings_rows.apply(connection, change, now)
        case StepPortfolio():
            portfolio_rows.go_to(connection, change, now)
        case RenamePortfolio():
            portfolio_rows.rename(connection, change, now)
        case OpenPortfolio():
            portfolio_rows.open_it(connection, change)
        case DeletePortfolio():
            portfolio_rows.put_away(connection, change, now)
        case RestorePortfolio():
            portfolio_rows.restore(connection, change, now)
        case SharePortfolio():
            portfolio_past.share(connection, change, now)
        case RevokeShares():
            portfolio_past.revoke(connection, change)
        case ForgetPerson():
            portfolio_past.forget(connection, change)
        case SaveGroup():
            group_rows.save(connection, change, now)
        case NotePresence():
            group_rows.note(connection, change, now)
        case MoveGroup():
            group_rows.move(connection, change.bot_id, change.old, change.new, now)
        case _:
            raise TypeError(f"storage knows no change of kind {type(change).__name__}")
