"""What is stored of a group: settings with a version, moving with it in whatever order the news comes, forgetting."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.dialogue import Card, Change
from bot.storage.group_settings import GroupSettings, MoveGroup, NotePresence, SaveGroup
from bot.storage.inbox import Received
from bot.storage.outbox import Letter
from bot.storage.portfolio_rows import LostRace
from bot.storage.store import Handled, Store

BOT, OLD, NEW = 1, -77, -1000000000077
VENUE = GroupSettings(venue="bybit", off=("quiz",))


async def handle(
    store: Store, number: int, *changes: Change, cards: Sequence[Card] = (), letters: Sequence[Letter] = ()
) -> int:
    """One update that leads to that. Result: its serial."""
    await store.receive(BOT, [Received(update_id=number, lane=f"p{number}", payload="{}")])
    [leased] = await store.lease(BOT, 10)
    cards = [Card(id=leased.serial * 16, owner_id=7, chat_id=card.chat_id, flow=card.flow, asked=3) for card in cards]
    await store.commit(
        Handled(serial=leased.serial, bot_id=BOT, changes=changes, cards=tuple(cards), letters=tuple(letters))
    )
    return leased.serial


def set_to(settings: GroupSettings, version: int, chat_id: int = OLD) -> SaveGroup:
    return SaveGroup(bot_id=BOT, chat_id=chat_id, settings=settings, version=version)


def in_old_chat() -> Card:
    return Card(id=0, owner_id=7, chat_id=OLD, flow="check")


def to_old_chat(number: int) -> Letter:
    return Letter(id=number, bot_id=BOT, chat_id=OLD, kind="send", payload={"text": "hello", "reply_to": 3, "asker": 7})


async def letters(store: Store) -> list[tuple[int, dict[str, object]]]:
    """What waits to be sent: where to, and what."""
    async with store._reading.connect() as connection:
        rows = (await connection.execute(text("SELECT chat_id, payload FROM outbox ORDER BY id"))).all()
    return [(row.chat_id, json.loads(row.payload)) for row in rows]


async def test_settings_are_kept_and_a_lost_race_changes_nothing(store: Store) -> None:
    await handle(store, 1, set_to(VENUE, 0))
    with pytest.raises(LostRace):
        await handle(store, 2, set_to(GroupSettings(quiet=True), 0))
    stored = await store.group(BOT, OLD)
    assert (stored.settings, stored.version) == (VENUE, 1)
    assert (await store.group(2, OLD)).version == 0  # another bot's group is another


@pytest.mark.parametrize("times", [1, 2])
async def test_everything_moves_with_the_group_whoever_tells_of_it_and_however_often(store: Store, times: int) -> None:
    await handle(store, 1, set_to(VENUE, 0))
    serial = await handle(store, 2, cards=[in_old_chat()], letters=[to_old_chat(900)])
    for turn in range(times):
        await asyncio.gather(
            store.move_chat(BOT, OLD, NEW),  # by the refusal of a call
            handle(store, 3 + turn * 10, MoveGroup(bot_id=BOT, old=OLD, new=NEW)),
        )
        await handle(store, 4 + turn * 10, MoveGroup(bot_id=BOT, old=OLD, new=NEW))  # from the other side
    assert (await store.group(BOT, NEW)).settings == VENUE
    card = await store.card(BOT, serial * 16)
    assert card is not None
    assert (card.chat_id, card.message_id, card.asked) == (NEW, None, None)
    assert await letters(store) == [(NEW, {"text": "hello", "asker": 7})]


async def test_what_was_decided_under_the_old_id_is_stored_under_the_new_one(store: Store) -> None:
    await store.move_chat(BOT, OLD, NEW)
    serial = await handle(store, 1, cards=[in_old_chat()], letters=[to_old_chat(900)])
    card = await store.card(BOT, serial * 16)
    assert card is not None
    assert card.chat_id == NEW
    assert await letters(store) == [(NEW, {"text": "hello", "asker": 7})]


async def test_what_was_set_in_the_supergroup_already_stays(store: Store) -> None:
    await handle(store, 1, set_to(GroupSettings(quiet=True), 0))
    await handle(store, 2, set_to(VENUE, 0, NEW))
    await store.move_chat(BOT, OLD, NEW)
    assert (await store.group(BOT, NEW)).settings == VENUE


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
async def test_a_group_is_forgotten_thirty_days_after_the_bot_left_it(store: Store, days: int, kept: bool) -> None:
    await handle(store, 1, set_to(VENUE, 0))
    serial = await handle(store, 2, cards=[in_old_chat()])
    await handle(store, 3, NotePresence(bot_id=BOT, chat_id=OLD, here=False))
    assert (await store.group(BOT, OLD)).left
    left = datetime.now(UTC) - timedelta(days=days)
    micros = (left - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    async with store._writing.begin() as connection:
        await connection.execute(text("UPDATE group_settings SET left_at = :at"), {"at": micros})
    await store.begin(BOT)
    await handle(store, 4, NotePresence(bot_id=BOT, chat_id=OLD, here=True))
    stored = await store.group(BOT, OLD)
    assert (stored.settings == VENUE, stored.left) == (kept, False)
    assert ((await store.card(BOT, serial * 16)) is not None) == kept
