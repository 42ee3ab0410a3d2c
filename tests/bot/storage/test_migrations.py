"""Migrations keep what earlier versions have saved."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.storage import database
from bot.storage.portfolios import SavePortfolio
from bot.storage.store import Store
from bot.storage.upkeep.checking import findings
from bot.storage.upkeep.revisions import known, revision_of
from tests.bot.storage.test_portfolios import saved
from tests.support.rows import PORTFOLIO, contents, fill


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
        assert [{name: row[name] for name in rows[0]} for row in after[table]][: len(rows)] == rows
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
