"""Migrations keep what earlier versions have saved."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from bot.storage import database
from bot.storage.portfolios import SavePortfolio
from bot.storage.store import Store
from bot.storage.upkeep.checking import findings
from bot.storage.upkeep.revisions import known, revision_of
from tests.bot.storage.test_portfolios import saved
from tests.support.rows import PORTFOLIO, contents, fill

LEASES = {"leased_by", "leased_until"}
"""Who had taken what: a process that has ended by the time of a migration."""


def _kept(rows: list[dict[str, Any]], names: set[str]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in names - LEASES} for row in rows]


@pytest.mark.parametrize("version", known())
async def test_what_any_earlier_version_has_stored_is_kept(url: str, version: str) -> None:
    engine = database.writer_engine(url)
    await database.migrate(engine, version)
    async with engine.begin() as connection:
        await connection.run_sync(fill, 5)
        before = await connection.run_sync(contents)
    await database.migrate(engine)
    async with engine.begin() as connection:
        assert await connection.run_sync(revision_of) == known()[-1]
        after = await connection.run_sync(contents)
        assert [
            finding.line for finding in await connection.run_sync(lambda c: list(findings(c))) if not finding.good
        ] == []
    assert before.keys() <= after.keys()
    for table, rows in before.items():
        assert _kept(after[table], set(rows[0]))[: len(rows)] == _kept(rows, set(rows[0]))
    await engine.dispose()


async def test_an_account_of_the_first_version_is_the_open_portfolio_digit_for_digit(url: str) -> None:
    engine = database.writer_engine(url)
    await database.migrate(engine, "0001")
    async with engine.begin() as connection:
        for owner in range(1, 1203):  # more than two batches
            await connection.execute(
                text("INSERT INTO portfolios (owner_id, name, document, version, updated_at) "
                     "VALUES (:o, 'main', :d, 4, 77)"),
                {"o": owner, "d": PORTFOLIO},
            )  # fmt: skip
    await engine.dispose()

    store = await Store.open(url)
    for owner in (1, 600, 1202):
        shelf = await store.shelf(owner)
        assert shelf.open.version == 4
        assert shelf.open.portfolio.wallet == {"USDT": Decimal("10000.000000000000000000000000000001")}
        assert [position.id for position in shelf.open.portfolio.positions] == ["c16n1"]
        assert shelf.open.portfolio.marks["BTCUSDT"].given_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
        [entry] = shelf.entries
        assert (entry.name, entry.positions, entry.is_open) == ("main", 1, True)

    # It goes on from there: a change can be made, and taken back to what was migrated.
    stored = (await store.shelf(600)).open
    change = stored.portfolio.model_copy(update={"wallet": {"USDT": Decimal(5)}})
    await saved(store, SavePortfolio(owner_id=600, portfolio=change, version=4))
    assert stored.id is not None
    first, second = await store.steps(600, stored.id, last=1, count=5)
    assert (first.kind, first.portfolio) == ("kept", stored.portfolio)
    assert second.portfolio == change
    await store.close()


async def test_updates_and_letters_of_the_version_before_workers_are_taken_up(url: str) -> None:
    engine = database.writer_engine(url)
    await database.migrate(engine, "0005")
    async with engine.begin() as connection:
        for update in (9, 8):
            await connection.execute(
                text("INSERT INTO inbox (bot_id, update_id, lane, payload, received_at, leased_by, leased_until) "
                     "VALUES (7, :u, 'p1', '{}', 1, 'gone', 9000000000000000)"),
                {"u": update},
            )  # fmt: skip
            await connection.execute(
                text("INSERT INTO outbox (id, bot_id, chat_id, kind, payload) VALUES (:i, 7, 1, 'send', '{}')"),
                {"i": update * 16},
            )
    await engine.dispose()

    store = await Store.open(url)
    assert [letter.id for letter in await store.begin(7)] == [8 * 16, 9 * 16]
    assert [update.update_id for update in await store.lease(7, 10)] == [8, 9]
    await store.close()
