"""Settings in the database: kept whole, one row a person, a lost race stored as nothing."""

from decimal import Decimal

import pytest

from bot.storage.person_settings import PersonSettings, SaveSettings, StoredSettings
from bot.storage.portfolio_rows import LostRace
from bot.storage.store import Handled, Store
from tests.bot.storage.test_store import BOT, leased_serial

MINE = PersonSettings(
    venue="okx", mode="cross", wallet=Decimal("5000.50"), taker_fee=Decimal("0.00045"), numbers="point"
)


async def keep(store: Store, update: int, settings: PersonSettings, *, version: int, owner: int = 1) -> None:
    serial = await leased_serial(store, update)
    change = SaveSettings(owner_id=owner, settings=settings, version=version)
    await store.commit(Handled(serial=serial, bot_id=BOT, changes=(change,)))


async def test_who_set_nothing_has_empty_settings(store: Store) -> None:
    assert await store.settings(1) == StoredSettings()


async def test_settings_come_back_as_they_were_kept_each_persons_own(store: Store) -> None:
    await keep(store, 1, MINE, version=0)
    await keep(store, 2, PersonSettings(answers="short"), version=0, owner=2)
    assert await store.settings(1) == StoredSettings(settings=MINE, version=1)
    assert (await store.settings(2)).settings.answers == "short"


async def test_a_later_change_replaces_them(store: Store) -> None:
    await keep(store, 1, MINE, version=0)
    await keep(store, 2, PersonSettings(), version=1)
    assert await store.settings(1) == StoredSettings(settings=PersonSettings(), version=2)


@pytest.mark.parametrize("version", [0, 7])
async def test_a_change_of_an_older_version_is_refused(store: Store, version: int) -> None:
    await keep(store, 1, MINE, version=0)
    with pytest.raises(LostRace):
        await keep(store, 2, PersonSettings(), version=version)
    assert (await store.settings(1)).settings == MINE
