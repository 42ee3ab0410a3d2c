"""Many portfolios: opening one and answering a what-if on it, with 100 stored and with 100,000, of ten positions each.

    python -m benchmarks.portfolios [--many 100000] [--rounds 300]

Both databases are asked in turns in one run, each time about somebody else: an update is stored and leased, the facts
read, the answer decided, and the outcome committed. On SQLite, and on PostgreSQL where its programs are on the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

from bot.dialogue import Chat, Commanded, Content, Event, Person, Said
from bot.flows.desk import decide
from bot.services.facts import gather
from bot.storage import database
from bot.storage.inbox import Received
from bot.storage.portfolios import Mark, Portfolio, SavedPosition
from bot.storage.store import Store
from bot.storage.tables import portfolio_steps, portfolios
from bot.transport.letters import handled
from tests.support.postgres import Server, programs

FEW, MANY = 100, 100_000
ROUNDS = 300
BATCH = 1000
BOT = 1
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PRICES = {"BTC": 64000, "ETH": 3200, "SOL": 150, "BNB": 600, "XRP": 2, "ADA": 1, "AVAX": 25, "LINK": 15, "LTC": 90,
          "DOGE": 1}  # fmt: skip
WHAT_IF = "what if btc drops 5% and eth rises 2%?"
_updates = count(1)


async def main(many: int = MANY, rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory() as folder:
        places = [f"sqlite+aiosqlite:///{Path(folder) / name}.db" for name in ("few", "many")]
        await compare("SQLite", places[0], places[1], many, rounds)
    found = programs()
    if found is None:
        print("portfolios on PostgreSQL: no server here")
        return
    server = Server(found)
    server.start()
    try:
        places = [server.new_database(name) for name in ("few", "many")]
        await compare("PostgreSQL", places[0], places[1], many, rounds)
    finally:
        server.stop()


async def compare(name: str, few: str, many: str, number: int, rounds: int) -> None:
    """Fills both databases and asks both in turns."""
    async with filled(few, FEW) as small, filled(many, number) as large:
        chance = random.Random(1)
        took: dict[str, list[float]] = {"few": [], "many": []}
        for turn in range(rounds + 10):
            for key, store, people in (("few", small, FEW), ("many", large, number)):
                seconds = await asked(store, chance.randint(1, people))
                if turn >= 10:  # the first turns warm both up
                    took[key].append(seconds)
    middle = {key: statistics.median(seconds) * 1000 for key, seconds in took.items()}
    print(
        f"portfolios on {name}: opened and asked a what-if in {middle['few']:.1f} ms with {FEW:,} stored, "
        f"{middle['many']:.1f} ms with {number:,}: {middle['many'] / middle['few']:.2f} times  (aim: at most 1.5)"
    )


@asynccontextmanager
async def filled(url: str, number: int) -> AsyncIterator[Store]:
    """A database with a portfolio of each of so many people, and the first step of its history."""
    engine = database.writer_engine(url)
    await database.migrate(engine)
    document = portfolio().model_dump_json()
    async with engine.begin() as connection:
        for first in range(1, number + 1, BATCH):
            people = range(first, min(first + BATCH, number + 1))
            shared = [{"owner_id": person, "document": document} for person in people]
            kept = {
                "name": "main",
                "version": 1,
                "positions": 10,
                "opened": 1,
                "step": 0,
                "newest": 0,
                "updated_at": NOW,
            }
            await connection.execute(portfolios.insert(), [row | kept for row in shared])
            step = {"number": 0, "kind": "kept", "at": NOW}
            rows = [row | step | {"portfolio_id": row["owner_id"]} for row in shared]
            await connection.execute(portfolio_steps.insert(), rows)
    await engine.dispose()
    store = await Store.open(url)
    yield store
    await store.close()


def portfolio() -> Portfolio:
    return Portfolio(
        wallet={"USDT": Decimal(100_000)},
        positions=tuple(
            SavedPosition(
                id=coin, symbol=f"{coin}USDT", side="long" if place % 2 else "short", quantity=Decimal(1000) / price,
                entry_price=Decimal(price), leverage=Decimal(10), margin_mode="cross" if place % 3 else "isolated",
                saved_at=NOW,
            )
            for place, (coin, price) in enumerate(PRICES.items())
        ),
        marks={f"{coin}USDT": Mark(price=Decimal(price), given_at=NOW) for coin, price in PRICES.items()},
    )  # fmt: skip


async def asked(store: Store, person: int) -> float:
    """Seconds for the two answers."""
    started = time.perf_counter()
    for content in (Commanded(name="portfolio"), Said(text=WHAT_IF)):
        await answered(store, person, content)
    return time.perf_counter() - started


async def answered(store: Store, person: int, content: Content) -> None:
    number = next(_updates)
    await store.receive(BOT, [Received(update_id=number, lane=f"p{person}", payload="{}")])
    [leased] = await store.lease(BOT, 1)
    event = Event(
        serial=leased.serial, time=NOW, bot_id=BOT, chat=Chat(id=person), person=Person(id=person), content=content,
        message_id=number,
    )  # fmt: skip
    outcome = decide(event, await gather(event, store))
    if not outcome.show:
        raise RuntimeError(f"no answer to {content}")
    await store.commit(handled(event, outcome))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    asyncio.run(main(options.many, options.rounds))
