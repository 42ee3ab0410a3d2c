"""Several portfolios per person: one open, each with its history, deleted ones for a while, links, and forgetting."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.dialogue import Card, Change
from bot.storage.inbox import Received
from bot.storage.outbox import Letter
from bot.storage.person_settings import PersonSettings, SaveSettings
from bot.storage.portfolio_rows import LostRace
from bot.storage.portfolios import (
    MOST_STEPS,
    MOST_UNDONE,
    Census,
    DeletePortfolio,
    ForgetPerson,
    OpenPortfolio,
    Portfolio,
    RenamePortfolio,
    RestorePortfolio,
    RevokeShares,
    SavePortfolio,
    Share,
    SharePortfolio,
    StepPortfolio,
    StoredPortfolio,
)
from bot.storage.store import Handled, Store
from bot.storage.tables import metadata
from tests.support.postgres import Server, programs

BOT, ANN, BEN = 7, 1, 2
_updates = count(1)


async def saved(store: Store, *changes: Change, cards: tuple[Card, ...] = ()) -> None:
    """Commits changes as those of one update."""
    number = next(_updates)
    await store.receive(BOT, [Received(update_id=number, lane=f"p{number}", payload="{}")])
    [leased] = await store.lease(BOT, 1)
    await store.commit(Handled(serial=leased.serial, bot_id=BOT, changes=changes, cards=cards))


def holding(amount: int, name: str = "main") -> Portfolio:
    return Portfolio(name=name, wallet={"USDT": Decimal(amount)})


async def new(store: Store, name: str, amount: int = 1, owner: int = ANN) -> StoredPortfolio:
    await saved(store, SavePortfolio(owner_id=owner, portfolio=holding(amount, name), version=0))
    return (await store.shelf(owner)).open


async def changed(store: Store, amount: int, owner: int = ANN) -> StoredPortfolio:
    stored = (await store.shelf(owner)).open
    portfolio = stored.portfolio.model_copy(update={"wallet": {"USDT": Decimal(amount)}})
    await saved(store, SavePortfolio(owner_id=owner, portfolio=portfolio, version=stored.version))
    return (await store.shelf(owner)).open


async def gone_to(store: Store, step: int, owner: int = ANN) -> StoredPortfolio:
    stored = (await store.shelf(owner)).open
    await saved(store, StepPortfolio(owner_id=owner, portfolio_id=number(stored), version=stored.version, to=step))
    return (await store.shelf(owner)).open


def number(stored: StoredPortfolio) -> int:
    assert stored.id is not None
    return stored.id


def amount_of(stored: StoredPortfolio) -> Decimal:
    return stored.portfolio.wallet["USDT"]


async def names(store: Store, owner: int = ANN) -> list[str]:
    return [entry.name for entry in (await store.shelf(owner)).living]


async def test_the_newest_portfolio_is_open_until_another_is_opened(store: Store) -> None:
    first = await new(store, "main", 1)
    second = await new(store, "Alts", 2)
    assert amount_of(second) == 2
    await saved(store, OpenPortfolio(owner_id=ANN, portfolio_id=number(first)))
    shelf = await store.shelf(ANN)
    assert amount_of(shelf.open) == 1
    assert [(entry.name, entry.is_open) for entry in shelf.entries] == [("Alts", False), ("main", True)]


async def test_a_name_is_taken_once_per_person(store: Store) -> None:
    await new(store, "main")
    with pytest.raises(LostRace):
        await new(store, "main", 5)
    await new(store, "main", 3, owner=BEN)
    assert amount_of((await store.shelf(ANN)).open) == 1


async def test_nobody_reads_or_changes_another_persons_portfolio_by_its_id(store: Store) -> None:
    anns = number(await new(store, "main", 1))
    await new(store, "main", 2, owner=BEN)
    assert await store.portfolio_by_id(BEN, anns) is None
    assert await store.steps(BEN, anns, last=9, count=9) == ()
    link = Share(
        token="t", owner_id=BEN, portfolio_id=anns, shape=False, expires_at=datetime.now(UTC) + timedelta(days=1),
        portfolio=holding(1),
    )  # fmt: skip
    forged: list[Change] = [
        StepPortfolio(owner_id=BEN, portfolio_id=anns, version=1, to=0),
        RenamePortfolio(owner_id=BEN, portfolio_id=anns, version=1, name="mine"),
        OpenPortfolio(owner_id=BEN, portfolio_id=anns),
        DeletePortfolio(owner_id=BEN, portfolio_id=anns, version=1),
        RestorePortfolio(owner_id=BEN, portfolio_id=anns, name="mine"),
        SharePortfolio(share=link),
    ]
    for change in forged:
        with pytest.raises(LostRace):
            await saved(store, change)
    await saved(store, RevokeShares(owner_id=BEN, portfolio_id=anns), ForgetPerson(owner_id=BEN))
    assert amount_of((await store.shelf(ANN)).open) == 1
    assert (await store.shelf(ANN)).open.version == 1


async def test_undo_and_redo_walk_along_the_changes(store: Store) -> None:
    await new(store, "main", 1)
    await changed(store, 2)
    three = await changed(store, 3)
    assert (three.step, three.newest, three.can_undo, three.can_redo) == (3, 3, True, False)
    one = await gone_to(store, 1)
    assert (amount_of(one), one.can_undo, one.can_redo) == (Decimal(1), True, True)
    assert amount_of(await gone_to(store, 2)) == 2
    assert (await gone_to(store, 0)).portfolio == Portfolio()


async def test_a_change_after_an_undo_ends_what_could_be_redone(store: Store) -> None:
    await new(store, "main", 1)
    await changed(store, 2)
    await gone_to(store, 1)
    other = await changed(store, 9)
    assert (other.step, other.newest) == (2, 2)
    history = await store.steps(ANN, number(other), last=2, count=9)
    assert [step.portfolio.wallet.get("USDT") for step in history] == [None, 1, 9]


async def test_the_history_is_bounded_and_undo_goes_back_twenty_changes(store: Store) -> None:
    await new(store, "main", 0)
    for amount in range(1, MOST_STEPS + 10):
        stored = await changed(store, amount)
    history = await store.steps(ANN, number(stored), last=stored.step, count=1000)
    assert len(history) == MOST_STEPS + 1
    back = await gone_to(store, stored.step - MOST_UNDONE)
    assert not back.can_undo
    assert amount_of(back) == MOST_STEPS + 9 - MOST_UNDONE
    with pytest.raises(LostRace):
        await gone_to(store, 1)


async def test_an_undo_of_a_version_that_has_changed_meanwhile_is_a_lost_race(store: Store) -> None:
    stored = await new(store, "main", 1)
    await changed(store, 2)
    with pytest.raises(LostRace):
        await saved(store, StepPortfolio(owner_id=ANN, portfolio_id=number(stored), version=1, to=0))


async def test_going_back_in_the_history_does_not_take_back_a_name(store: Store) -> None:
    stored = await new(store, "main", 1)
    await changed(store, 2)
    await saved(store, RenamePortfolio(owner_id=ANN, portfolio_id=number(stored), version=2, name="swing"))
    back = await gone_to(store, 1)
    assert (back.portfolio.name, amount_of(back)) == ("swing", Decimal(1))
    assert amount_of(await changed(store, 7)) == 7


async def test_a_name_that_is_taken_is_not_given_again(store: Store) -> None:
    await new(store, "main")
    alts = await new(store, "alts")
    with pytest.raises(LostRace):
        await saved(store, RenamePortfolio(owner_id=ANN, portfolio_id=number(alts), version=1, name="main"))


async def test_a_deleted_portfolio_comes_back_with_its_history(store: Store) -> None:
    await new(store, "main", 1)
    alts = await new(store, "alts", 2)
    alts = await changed(store, 3)
    await saved(store, DeletePortfolio(owner_id=ANN, portfolio_id=number(alts), version=alts.version))
    assert await names(store) == ["main"]
    assert amount_of((await store.shelf(ANN)).open) == 1
    assert await store.portfolio_by_id(ANN, number(alts)) is None
    await new(store, "alts", 5)  # its name is free meanwhile
    await saved(store, RestorePortfolio(owner_id=ANN, portfolio_id=number(alts), name="alts 2"))
    back = (await store.shelf(ANN)).open
    assert (back.portfolio.name, amount_of(back)) == ("alts 2", Decimal(3))
    assert amount_of(await gone_to(store, 1)) == 2


async def test_what_was_deleted_ten_minutes_ago_is_gone_for_good(store: Store) -> None:
    old = await new(store, "main", 1)
    await saved(store, DeletePortfolio(owner_id=ANN, portfolio_id=number(old), version=1))
    await _age(store, minutes=11)
    with pytest.raises(LostRace):
        await saved(store, RestorePortfolio(owner_id=ANN, portfolio_id=number(old), name="main"))
    await store.begin(BOT)
    assert await store.kept(ANN) == Census()


async def _age(store: Store, *, minutes: int) -> None:
    """Makes every deletion that much older."""
    by = minutes * 60 * 1_000_000
    async with store._writing.begin() as connection:
        await connection.execute(text("UPDATE portfolios SET deleted_at = deleted_at - :by"), {"by": by})


def link(stored: StoredPortfolio, token: str = "t", *, days: int = 7) -> SharePortfolio:
    ends = datetime.now(UTC) + timedelta(days=days)
    return SharePortfolio(
        share=Share(
            token=token, owner_id=ANN, portfolio_id=number(stored), shape=False, expires_at=ends,
            portfolio=stored.portfolio,
        )
    )  # fmt: skip


async def test_a_link_gives_the_portfolio_as_it_was_when_it_was_made(store: Store) -> None:
    stored = await new(store, "main", 1)
    await saved(store, link(stored))
    await changed(store, 2)
    share = await store.share("t")
    assert share is not None
    assert share.portfolio.wallet == {"USDT": Decimal(1)}
    assert await store.share("another") is None


async def test_links_end_when_they_are_revoked_and_when_their_portfolio_is_deleted(store: Store) -> None:
    stored = await new(store, "main", 1)
    await saved(store, link(stored, "a"), link(stored, "b"))
    assert [share.token for share in await store.shares(ANN)] == ["a", "b"]
    await saved(store, RevokeShares(owner_id=ANN, portfolio_id=number(stored)))
    assert await store.shares(ANN) == ()
    await saved(store, link(stored, "c"))
    await saved(store, DeletePortfolio(owner_id=ANN, portfolio_id=number(stored), version=1))
    assert await store.share("c") is None


async def test_forgetting_leaves_nothing_of_a_person_and_all_of_the_others(store: Store) -> None:
    card = Card(id=1, owner_id=ANN, chat_id=1, flow="portfolio")
    stored = await new(store, "main", 1)
    await changed(store, 2)
    await new(store, "main", 3, owner=BEN)
    settings = SaveSettings(owner_id=ANN, settings=PersonSettings(answers="short"), version=0)
    await saved(store, link(stored), settings, cards=(card,))
    assert await store.kept(ANN) == Census(portfolios=1, steps=2, shares=1, cards=1, settings=1)
    await saved(store, ForgetPerson(owner_id=ANN))
    assert await store.kept(ANN) == Census()
    assert await store.share("t") is None
    assert await store.card(BOT, 1) is None
    assert amount_of((await store.shelf(BEN)).open) == 3


async def test_forgetting_leaves_no_trace_in_any_table(store: Store, url: str) -> None:
    """Every row of every table, as the database has it: neither the person's id as an owner nor what they wrote."""
    ann, secret = 987_654_321, "Swing4711"
    mine = Card(id=1, owner_id=ann, chat_id=ann, flow="portfolio", draft={"page": secret})
    group = Card(id=2, owner_id=ann, chat_id=-5, flow="portfolio", draft={"page": secret})
    bens = Card(id=3, owner_id=BEN, chat_id=-5, flow="portfolio")
    stored = await new(store, secret, 1, owner=ann)
    await changed(store, 2, owner=ann)
    share = Share(
        token="t", owner_id=ann, portfolio_id=number(stored), shape=False,
        expires_at=datetime.now(UTC) + timedelta(days=1), portfolio=holding(1, secret),
    )  # fmt: skip
    settings = SaveSettings(owner_id=ann, settings=PersonSettings(answers="short"), version=0)
    letters = [(ann, mine.id, secret), (-5, group.id, secret), (-5, bens.id, "Bens")]
    shared = SharePortfolio(share=share)
    await wrote(store, f"/import {secret}", shared, settings, cards=(mine, group, bens), letters=letters)
    await wrote(store, "yes", ForgetPerson(owner_id=ann))
    found = await rows(url)
    assert "portfolio_steps" in found
    assert not [row for table in found.values() for row in table if secret in str(row)]
    assert not [row for name in found for row in found[name] if ann in row]
    assert [row for row in found["outbox"] if "Bens" in str(row)]


async def wrote(
    store: Store,
    payload: str,
    *changes: Change,
    cards: tuple[Card, ...] = (),
    letters: Sequence[tuple[int, int, str]] = (),
) -> None:
    """An update of that payload, handled."""
    update = next(_updates)
    await store.receive(BOT, [Received(update_id=update, lane=f"p{update}", payload=payload)])
    [leased] = await store.lease(BOT, 1)
    sent = tuple(
        Letter(
            id=leased.serial * 16 + place, bot_id=BOT, chat_id=chat, kind="send", payload={"text": text}, card_id=card
        )
        for place, (chat, card, text) in enumerate(letters)
    )
    await store.commit(Handled(serial=leased.serial, bot_id=BOT, changes=changes, cards=cards, letters=sent))


async def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in await connection.execute(text(f'select * from "{table.name}"'))]
            for table in metadata.sorted_tables
        }
    await engine.dispose()
    return found


if programs():  # a SQLite file has one process only

    async def test_several_processes_may_open_and_migrate_one_postgresql_at_once(postgres: Server) -> None:
        url = postgres.new_database("shared")
        stores = await asyncio.gather(*(Store.open(url) for _ in range(3)))
        await new(stores[0], "main", 4)
        assert amount_of((await stores[2].shelf(ANN)).open) == 4
        for each in stores:
            await each.close()
