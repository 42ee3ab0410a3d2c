"""Workers: processes that share one PostgreSQL. Each holds updates and letters under its name for as long as it lives.

A worker lives while it says so every BEAT; after LIFE without a word the others strike it from the table and free what
it held. So a lease has no time of its own, one statement renews all of a worker's, and the database's clock counts.
On SQLite there is one process, and none of this is needed.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    bindparam,
    cast,
    delete,
    extract,
    func,
    select,
    type_coerce,
    update,
)

from bot.storage import inbox, outbox
from bot.storage.tables import UtcTime, workers

BEAT: Final = 1.0
"""Seconds between two signs of life, and between two looks at what others have left."""
LIFE: Final = timedelta(seconds=3.5)
"""How long a sign of life lasts. With a beat and the work itself, what the dead held is taken up within 5 s."""

PROBE: Final = 16_384

TURN_LOCK: Final = 1_735_289
"""The class of the advisory locks, one a bot, by which workers take turns: any number that nobody else uses."""

_MICROSECONDS: Final = 1_000_000


def _clock(later: timedelta = timedelta(0)) -> ColumnElement[object]:
    seconds = extract("epoch", func.clock_timestamp()) + later.total_seconds()
    return type_coerce(cast(seconds * _MICROSECONDS, BigInteger), UtcTime)


_turn = select(func.pg_advisory_xact_lock(bindparam("lock"), func.hashtext(bindparam("bot"))), _clock())
_live = update(workers).where(workers.c.id == bindparam("worker")).values(alive_until=_clock(LIFE))
_bury = delete(workers).where(workers.c.alive_until < _clock())
_leave = delete(workers).where(workers.c.id == bindparam("worker"))


def new_name() -> str:
    """A name that no worker has had: what is held under an old one is never mixed up with it."""
    return uuid.uuid4().hex


def take_turn(connection: Connection, bot_id: int) -> datetime:
    """Waits until no other worker leases for this bot, and keeps them waiting to the end of the transaction.

    It is the last lock of a transaction: what comes after it waits for nobody. Result: the database's time, later in
    each turn than in the one before.
    """
    return connection.execute(_turn, {"lock": TURN_LOCK, "bot": str(bot_id)}).one()[1]  # type: ignore[no-any-return]


def join(connection: Connection, worker: str) -> None:
    """Enters a new worker."""
    connection.execute(workers.insert().values(id=worker, alive_until=_clock(LIFE)))


def live(connection: Connection, worker: str) -> bool:
    """Says that the worker lives. False when the others have given it up: what it held is theirs."""
    return connection.execute(_live, {"worker": worker}).rowcount > 0


def leave(connection: Connection, worker: str) -> None:
    """Strikes off a worker, and frees what it held."""
    connection.execute(_leave, {"worker": worker})
    _free(connection)


def bury(connection: Connection) -> None:
    """Strikes off the workers that have said nothing for LIFE, and frees what they held."""
    connection.execute(_bury)
    _free(connection)


def probe(connection: Connection) -> None:
    """Writes about as much as an answer takes, and takes it away again. Raises what the database has against it."""
    name = f"{new_name()} {'.' * PROBE}"
    connection.execute(workers.insert().values(id=name, alive_until=datetime.now(UTC) + LIFE))
    connection.execute(_leave, {"worker": name})


def _free(connection: Connection) -> None:
    """Lets others have what is held under a name that does not stand in the table, whenever it was taken."""
    inbox.release(connection, living=select(workers.c.id))
    outbox.release(connection, living=select(workers.c.id))
