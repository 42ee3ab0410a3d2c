"""Where people's settings are kept: one row each, the document (JSON, decimals as text) and its version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from bot.storage.person_settings import PersonSettings, SaveSettings, StoredSettings
from bot.storage.portfolio_rows import LostRace
from bot.storage.tables import inserting, person_settings

_of = select(person_settings.c.owner_id, person_settings.c.document, person_settings.c.version).where(
    person_settings.c.owner_id.in_(bindparam("owners", expanding=True))
)
_replace = (
    update(person_settings)
    .where(person_settings.c.owner_id == bindparam("owner"), person_settings.c.version == bindparam("old_version"))
    .values(document=bindparam("new_document"), version=person_settings.c.version + 1, updated_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class SettingsOf:
    """The settings of this person."""

    owner_id: int


def find(connection: Connection, wanted: Collection[SettingsOf]) -> dict[object, StoredSettings]:
    """Reads settings. Result: by what was wanted; empty ones at version 0 for who has none."""
    found: dict[object, StoredSettings] = {key: StoredSettings() for key in wanted}
    for row in connection.execute(_of, {"owners": [key.owner_id for key in wanted]}):
        settings = PersonSettings.model_validate_json(row.document)
        found[SettingsOf(row.owner_id)] = StoredSettings(settings=settings, version=row.version)
    return found


def apply(connection: Connection, change: SaveSettings, now: datetime) -> None:
    """Stores the settings. Errors: LostRace when they are no longer at the version they were read at."""
    document = change.settings.model_dump_json()
    if change.version == 0:
        row = {"owner_id": change.owner_id, "document": document, "version": 1, "updated_at": now}
        result = connection.execute(inserting(connection, person_settings).values(row).on_conflict_do_nothing())
    else:
        values = {
            "owner": change.owner_id,
            "old_version": change.version,
            "new_document": document,
            "now": now,
        }
        result = connection.execute(_replace, values)
    if result.rowcount != 1:
        raise LostRace
