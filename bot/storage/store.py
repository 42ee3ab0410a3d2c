"""The storage as the rest of the bot sees it.

One connection writes and commits by the group: what waits while a transaction is on its way to the disk goes into the
next one. Another reads, by the group as well: a round trip through the driver costs more than what it fetches.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import Card
from bot.storage import (
    backlog,
    blocked,
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
from bot.storage.group_settings import MoveGroup, StoredGroup
from bot.storage.groups import Group
from bot.storage.inbox import Leased, Received
from bot.storage.membership import Membership, Post
from bot.storage.outbox import Delivered, Letter
from bot.storage.person_settings import StoredSettings
from bot.storage.portfolios import Census, Share, Shelf, Step, StoredPortfolio
from bot.storage.transaction import Arrived, Probe, Wanted, write
from bot.storage.transaction import Handled as Handled
from bot.storage.transaction import NotOurs as NotOurs

log = logging.getLogger(__name__)

TIDY: Final = 3600.0
"""Seconds between two looks for what is old enough to be deleted."""
KEEP_DONE: Final = timedelta(days=7)
KEEP_CARDS: Final = timedelta(days=180)

Found = TypeVar("Found")
_Find = Callable[[Connection, Collection[Any]], Mapping[Any, Any]]
_TOGETHER: Final[Mapping[type, _Find]] = {
    portfolio_rows.Of: portfolio_rows.find,
    person_settings_rows.SettingsOf: person_settings_rows.find,
    group_rows.GroupOf: group_rows.find,
    pictures.Named: pictures.find,
    **dict.fromkeys(cards.KEYS, cards.find),
}
"""What is asked for with nearly every update: all that waits of a kind is read in one statement."""


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Opened once, by `bot.app`. Every method is a coroutine that returns when its part is durable.

    Errors, of every method: DatabaseError while the database is out of order, Unfit for what it can never do.
    """

    def __init__(self, writing: AsyncEngine, reading: AsyncEngine, lock: database.FileLock | None) -> None:
        self._writing = writing
        self._reading = reading
        self._lock = lock
        self._member = Membership(writing)
        self._writes = Group("writes", self._transaction)
        self._reads = Group("reads", self._lookup)
        self._tidying: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, url: str) -> Store:
        """Opens and migrates the database at `url` (a SQLAlchemy URL).

        Errors: DatabaseError when another process has the SQLite file, or it cannot be used.
        """
        lock = database.lock(url)
        try:
            writing = database.writer_engine(url, shared=True)
            await database.migrate(writing)
        except Exception as error:
            if lock:
                lock.release()
            raise database.reason(error) from error
        store = cls(writing, database.reader_engine(url), lock)
        await store._member.join()
        return store

    async def close(self) -> None:
        """Writes what still waits, gives back what was leased and not handled, and lets go of the database."""
        if self._tidying is not None:
            self._tidying.cancel()
            await asyncio.gather(self._tidying, return_exceptions=True)
        await self._writes.close()
        await self._reads.close()
        await self._member.leave()
        await self._writing.dispose()
        await self._reading.dispose()
        if self._lock:
            self._lock.release()

    async def ready(self) -> None:
        """Returns when an answer could be stored just now: as much was written, and taken away again.

        Errors: DatabaseError, which says in one line why not.
        """
        await self._writes.do(Probe())

    # --- updates ---------------------------------------------------------------------------------------------------

    @property
    def look_every(self) -> float:
        """Seconds after which the inbox is to be looked at although nobody said that something came."""
        return self._member.look_every

    async def begin(self, bot_id: int, post: Post | None = None) -> list[Letter]:
        """Takes up the work where it was left: frees old leases, forgets the long done.

        Result: the letters that were left over and are to be sent now. `post` gets those that come later, each when
        its transaction is through: those that are committed, and those that another worker leaves.
        """

        def take_up(connection: Connection) -> list[Letter]:
            now = _now()
            if not self._member.shared:  # the only process on this file, so every lease is of a dead one
                inbox.release(connection)
                outbox.release(connection)
            _tidy(connection, now)
            outbox.strike_expired(connection, bot_id, now)
            return self._member.take_over(connection, bot_id)

        async with self._writing.begin() as connection:
            left = await connection.run_sync(take_up)
        self._tidying = self._tidying or asyncio.create_task(self._tidy_on(), name="tidying")
        if post is not None:
            self._member.sends(bot_id, post)
        self._member.hold(left)
        return left

    def holds(self, letter: Letter) -> bool:
        """Whether a letter that was posted is still to be sent from here, and no other worker has taken it over."""
        return self._member.holds(letter.id)

    async def receive(self, bot_id: int, updates: Sequence[Received]) -> None:
        """Writes updates to the inbox. Once this returns they may be acknowledged to Telegram."""
        await self._writes.do(Arrived(bot_id=bot_id, updates=updates))

    async def lease(self, bot_id: int, count: int) -> list[Leased]:
        """Takes up to `count` updates to handle."""
        leased: list[Leased] = await self._writes.do(Wanted(bot_id=bot_id, count=count))
        return leased

    async def commit(self, handled: Handled) -> None:
        """Stores what an update led to. Errors: LostRace, NotOurs, Unfit; then nothing of it happened."""
        await self._writes.do(handled)

    async def settle(self, delivered: Delivered) -> None:
        """Strikes a letter off."""
        await self._writes.do(delivered)
        self._member.settled(delivered.letter_id)

    async def move_chat(self, bot_id: int, old: int, new: int) -> None:
        """A group became a supergroup with another id."""
        await self._writes.do(MoveGroup(bot_id=bot_id, old=old, new=new))

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

    async def card_of_inline(self, bot_id: int, inline_message_id: str) -> Card | None:
        """The card that was sent through inline mode as this message."""
        card: Card | None = await self._reads.do(cards.ByInline(bot_id, inline_message_id))
        return card

    async def last_cards(self, bot_id: int, chat_id: int, owner_id: int, count: int) -> tuple[Card, ...]:
        """The cards of this person in this chat that were shown or touched last, the newest first."""
        return await self._ask(lambda connection: cards.last(connection, bot_id, chat_id, owner_id, count))

    async def newest_card(self, bot_id: int, chat_id: int, owner_id: int) -> Card | None:
        """The card of this person in this chat that was shown or touched last."""
        card: Card | None = await self._reads.do(cards.Newest(bot_id, chat_id, owner_id))
        return card

    async def shelf(self, owner_id: int) -> Shelf:
        """The person's portfolios, the open one with its document."""
        shelf: Shelf = await self._reads.do(portfolio_rows.Of(owner_id))
        return shelf

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
        return await self._ask(lambda connection: portfolio_rows.find_one(connection, owner_id, portfolio_id))

    async def steps(self, owner_id: int, portfolio_id: int, *, last: int, count: int) -> tuple[Step, ...]:
        """The history of a portfolio: `count` changes up to number `last`, and the one before them."""
        return await self._ask(
            lambda connection: portfolio_past.steps(connection, owner_id, portfolio_id, last=last, count=count)
        )

    async def share(self, token: str) -> Share | None:
        """The link with this token, if nobody has ended it."""
        return await self._ask(lambda connection: portfolio_past.shared(connection, token))

    async def shares(self, owner_id: int) -> tuple[Share, ...]:
        """The links that the person has made."""
        return await self._ask(lambda connection: portfolio_past.shares_of(connection, owner_id))

    async def kept(self, owner_id: int) -> Census:
        """How much is stored about the person."""
        return await self._ask(lambda connection: portfolio_past.kept(connection, owner_id))

    async def blocked_people(self, bot_id: int) -> tuple[int, ...]:
        """Whom the bot has blocked."""
        return await self._ask(lambda connection: blocked.find(connection, bot_id))

    async def waiting(self, bot_id: int) -> backlog.Backlog:
        """How much waits for the bot, in all its processes."""
        return await self._ask(lambda connection: backlog.count(connection, bot_id))

    async def _ask(self, question: Callable[[Connection], Found]) -> Found:
        """What is asked for seldom, in a statement of its own."""
        found: Found = await self._reads.do(question)
        return found

    async def _lookup(self, keys: Sequence[Any]) -> Sequence[Any]:
        def find(connection: Connection) -> dict[Any, Any]:
            found: dict[Any, Any] = {}
            together: dict[_Find, set[Any]] = {}
            for key in keys:
                if callable(key):
                    found[key] = key(connection)
                else:
                    together.setdefault(_TOGETHER[type(key)], set()).add(key)
            for find_all, wanted in together.items():
                found |= find_all(connection, wanted)
            return found

        try:
            async with self._reading.connect() as connection:
                found = await connection.run_sync(find)
        except Exception as error:
            raise database.fault(error, "read") from error
        return [found.get(key) for key in keys]

    async def _tidy_on(self) -> None:
        while True:
            await asyncio.sleep(TIDY)
            try:
                async with self._writing.begin() as connection:
                    await connection.run_sync(_tidy, _now())
            except Exception:
                log.exception("what is old cannot be deleted; it is tried again in %.0f s", TIDY)

    # --- the transaction -------------------------------------------------------------------------------------------

    async def _transaction(self, jobs: Sequence[Any]) -> Sequence[Any]:
        try:
            async with self._writing.begin() as connection:
                results, letters = await connection.run_sync(write, self._member, jobs, _now())
        except Exception as error:
            self._member.failed(error)
            raise database.fault(error, "write to") from error
        self._member.post(letters)
        return results


def _tidy(connection: Connection, now: datetime) -> None:
    """Deletes what has been kept for long enough. Several workers may each do it."""
    inbox.forget_done(connection, now - KEEP_DONE)
    cards.forget(connection, now - KEEP_CARDS)
    portfolio_rows.purge(connection, now)
    group_rows.forget(connection, now)
