"""What storage promises: updates kept once and in order, effects all or nothing, letters until they are settled."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.dialogue import Card, Change
from bot.storage.database import Unfit
from bot.storage.inbox import LANE_DEPTH, Received
from bot.storage.outbox import Delivered, Letter
from bot.storage.portfolio_rows import LostRace
from bot.storage.portfolios import Portfolio, SavePortfolio
from bot.storage.store import Handled, NotOurs, Store
from tests.bot.storage.conftest import Outbox

BOT = 7
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def updates(*numbers: int, lane: str = "p1") -> list[Received]:
    return [Received(update_id=number, lane=lane, payload=f'{{"update_id":{number}}}') for number in numbers]


def letter(number: int, *, card: int | None = None, expires: datetime | None = None, chat: int = 1) -> Letter:
    return Letter(
        id=number, bot_id=BOT, chat_id=chat, kind="send", payload={"text": "é"}, card_id=card, expires_at=expires
    )


async def leased_serial(store: Store, update_id: int = 1) -> int:
    await store.receive(BOT, updates(update_id))
    return (await store.lease(BOT, 10))[0].serial


def wallet(amount: str) -> Portfolio:
    return Portfolio(wallet={"USDT": Decimal(amount)})


async def test_an_update_that_telegram_repeats_is_kept_once(store: Store) -> None:
    await store.receive(BOT, updates(5, 6))
    await store.receive(BOT, updates(6, 7, 5))
    assert [leased.payload for leased in await store.lease(BOT, 10)] == [
        '{"update_id":5}',
        '{"update_id":6}',
        '{"update_id":7}',
    ]


async def test_an_update_with_a_lower_id_than_the_last_is_not_taken_for_a_repeat(store: Store) -> None:
    await store.receive(BOT, updates(900))
    await store.receive(BOT, updates(3))
    assert len(await store.lease(BOT, 10)) == 2


async def test_the_lowest_waiting_update_of_a_person_comes_first_and_a_late_one_is_not_lost(store: Store) -> None:
    await store.receive(BOT, updates(9, 8))
    await store.receive(BOT, updates(7))
    assert [leased.update_id for leased in await store.lease(BOT, 10)] == [7, 8, 9]
    await store.receive(BOT, updates(6))
    assert [leased.update_id for leased in await store.lease(BOT, 10)] == [6]


async def test_the_same_update_id_of_another_bot_is_another_update(store: Store) -> None:
    await store.receive(BOT, updates(1))
    await store.receive(BOT + 1, updates(1))
    assert len(await store.lease(BOT, 10)) == 1
    assert len(await store.lease(BOT + 1, 10)) == 1


async def test_what_is_leased_is_not_leased_again(store: Store) -> None:
    await store.receive(BOT, updates(1, 2))
    assert len(await store.lease(BOT, 10)) == 2
    assert await store.lease(BOT, 10) == []


async def test_the_first_of_every_lane_comes_before_the_second_of_any(store: Store) -> None:
    await store.receive(BOT, updates(1, 2, 3, lane="p1") + updates(4, lane="p2"))
    assert {leased.lane for leased in await store.lease(BOT, 2)} == {"p1", "p2"}


async def test_a_flooding_person_fills_only_part_of_the_places(store: Store) -> None:
    await store.receive(BOT, updates(*range(100)))
    assert len(await store.lease(BOT, 64)) == LANE_DEPTH


async def test_an_update_is_done_once(store: Store, letters: Outbox) -> None:
    serial = await leased_serial(store)
    await store.commit(Handled(serial=serial, bot_id=BOT, letters=(letter(serial * 16),)))
    with pytest.raises(NotOurs):
        await store.commit(Handled(serial=serial, bot_id=BOT, letters=(letter(serial * 16 + 1),)))
    assert [kept.id for kept in await letters()] == [serial * 16]


async def test_a_done_update_is_not_leased_and_its_repeat_neither(store: Store) -> None:
    serial = await leased_serial(store)
    await store.commit(Handled(serial=serial, bot_id=BOT))
    await store.receive(BOT, updates(1))
    await store.begin(BOT)
    assert await store.lease(BOT, 10) == []


async def test_after_a_crash_what_was_leased_but_not_done_is_leased_again(url: str) -> None:
    before = await Store.open(url)
    await leased_serial(before)
    await before.close()
    after = await Store.open(url)
    await after.begin(BOT)
    assert len(await after.lease(BOT, 10)) == 1
    await after.close()


async def test_a_lost_race_leaves_nothing_behind(store: Store, letters: Outbox) -> None:
    first, second = await leased_serial(store, 1), await leased_serial(store, 2)
    change = SavePortfolio(owner_id=1, portfolio=wallet("100"), version=0)
    await store.commit(Handled(serial=first, bot_id=BOT, changes=(change,)))
    late = SavePortfolio(owner_id=1, portfolio=wallet("999"), version=0)
    card = Card(id=second * 16, owner_id=1, chat_id=1, flow="check")
    with pytest.raises(LostRace):
        await store.commit(
            Handled(serial=second, bot_id=BOT, letters=(letter(second * 16),), cards=(card,), changes=(late,))
        )
    assert (await store.shelf(1)).open.portfolio.wallet == {"USDT": Decimal(100)}
    assert await store.card(BOT, card.id) is None
    assert await letters() == []


async def test_one_lost_race_does_not_hold_back_what_is_committed_with_it(store: Store) -> None:
    await store.receive(BOT, [*updates(1, lane="p1"), *updates(2, lane="p2")])
    one, two = await store.lease(BOT, 10)
    wrong = SavePortfolio(owner_id=1, portfolio=wallet("1"), version=3)
    right = SavePortfolio(owner_id=2, portfolio=wallet("2"), version=0)
    results = await asyncio.gather(
        store.commit(Handled(serial=one.serial, bot_id=BOT, changes=(wrong,))),
        store.commit(Handled(serial=two.serial, bot_id=BOT, changes=(right,))),
        return_exceptions=True,
    )
    assert isinstance(results[0], LostRace)
    assert results[1] is None
    assert (await store.shelf(2)).open.portfolio.wallet == {"USDT": Decimal(2)}


async def test_a_fault_in_one_job_fails_that_job_alone(store: Store, letters: Outbox) -> None:
    class Strange(Change):
        pass

    await store.receive(BOT, [*updates(1, lane="p1"), *updates(2, lane="p2")])
    one, two = await store.lease(BOT, 10)
    results = await asyncio.gather(
        store.commit(Handled(serial=one.serial, bot_id=BOT, changes=(Strange(),))),
        store.commit(Handled(serial=two.serial, bot_id=BOT, letters=(letter(two.serial * 16),))),
        return_exceptions=True,
    )
    assert isinstance(results[0], Unfit)
    assert results[1] is None
    assert [kept.id for kept in await letters()] == [two.serial * 16]


async def test_a_portfolio_comes_back_digit_for_digit_with_its_version(store: Store) -> None:
    serial = await leased_serial(store)
    saved = wallet("10000.000000000000000000000000000001")
    await store.commit(
        Handled(serial=serial, bot_id=BOT, changes=(SavePortfolio(owner_id=1, portfolio=saved, version=0),))
    )
    again = await leased_serial(store, 2)
    stored = (await store.shelf(1)).open
    assert (stored.portfolio, stored.version) == (saved, 1)
    change = SavePortfolio(owner_id=1, portfolio=wallet("3"), version=stored.version)
    await store.commit(Handled(serial=again, bot_id=BOT, changes=(change,)))
    assert (await store.shelf(1)).open.version == 2


async def test_nobody_sees_another_persons_portfolio(store: Store) -> None:
    serial = await leased_serial(store)
    change = SavePortfolio(owner_id=1, portfolio=wallet("5"), version=0)
    await store.commit(Handled(serial=serial, bot_id=BOT, changes=(change,)))
    assert (await store.shelf(2)).open.portfolio == Portfolio()


async def test_letters_are_given_back_in_order_until_they_are_settled(url: str) -> None:
    before = await Store.open(url)
    serial = await leased_serial(before)
    base = serial * 16
    await before.commit(Handled(serial=serial, bot_id=BOT, letters=tuple(letter(base + i) for i in range(3))))
    await before.settle(Delivered(letter_id=base + 1))
    await before.close()
    after = await Store.open(url)
    assert [kept.id for kept in await after.begin(BOT)] == [base, base + 2]
    await after.close()


async def test_an_answer_to_a_tap_that_has_expired_is_struck_off_at_the_start(url: str, letters: Outbox) -> None:
    before = await Store.open(url)
    serial = await leased_serial(before)
    old = letter(serial * 16, expires=datetime.now(UTC) - timedelta(seconds=1))
    await before.commit(Handled(serial=serial, bot_id=BOT, letters=(old,)))
    await before.close()
    after = await Store.open(url)
    assert await after.begin(BOT) == []
    assert await letters() == []
    await after.close()


async def test_letters_leave_in_the_order_of_the_commits_not_of_the_arrivals(url: str) -> None:
    before = await Store.open(url)
    await before.receive(BOT, updates(2))
    await before.receive(BOT, updates(1))
    first, second = await before.lease(BOT, 10)
    assert first.serial > second.serial
    for update in (first, second):
        await before.commit(Handled(serial=update.serial, bot_id=BOT, letters=(letter(update.serial * 16),)))
    await before.close()
    after = await Store.open(url)
    assert [kept.id for kept in await after.begin(BOT)] == [first.serial * 16, second.serial * 16]
    await after.close()


async def test_the_message_that_shows_a_card_is_known_once_the_letter_is_settled(store: Store) -> None:
    serial = await leased_serial(store)
    card = Card(id=serial * 16, owner_id=1, chat_id=44, flow="check", draft={"entry": "64000"})
    work = Handled(serial=serial, bot_id=BOT, letters=(letter(serial * 16, card=card.id, chat=44),), cards=(card,))
    await store.commit(work)
    await store.settle(Delivered(letter_id=serial * 16, card_id=card.id, message_id=321))
    found = await store.card_of_message(BOT, 44, 321)
    assert found is not None
    assert (found.id, found.draft, found.version) == (card.id, {"entry": "64000"}, 1)


async def test_the_newest_card_is_the_persons_own_in_that_chat(store: Store) -> None:
    for number, (owner, chat) in enumerate([(1, 44), (1, 44), (2, 44), (1, 55)], start=1):
        serial = await leased_serial(store, number)
        card = Card(id=serial * 16, owner_id=owner, chat_id=chat, flow="check", draft={"number": number})
        await store.commit(Handled(serial=serial, bot_id=BOT, cards=(card,)))
    newest = await store.newest_card(BOT, 44, 1)
    assert newest is not None
    assert newest.draft == {"number": 2}
    assert await store.newest_card(BOT + 1, 44, 1) is None


async def test_a_card_that_is_touched_again_is_the_newest(store: Store) -> None:
    first, second, touch = [await leased_serial(store, number) for number in (1, 2, 3)]
    for serial in (first, second):
        card = Card(id=serial * 16, owner_id=1, chat_id=44, flow="check")
        await store.commit(Handled(serial=serial, bot_id=BOT, cards=(card,)))
    older = await store.card(BOT, first * 16)
    assert older is not None
    await store.commit(Handled(serial=touch, bot_id=BOT, cards=(older,)))
    newest = await store.newest_card(BOT, 44, 1)
    assert newest is not None
    assert (newest.id, newest.version) == (first * 16, 2)


async def test_a_closed_card_is_gone(store: Store) -> None:
    first, second = await leased_serial(store, 1), await leased_serial(store, 2)
    card = Card(id=first * 16, owner_id=1, chat_id=44, flow="check")
    await store.commit(Handled(serial=first, bot_id=BOT, cards=(card,)))
    await store.commit(Handled(serial=second, bot_id=BOT, closed=(card.id,)))
    assert await store.card(BOT, card.id) is None
    assert await store.newest_card(BOT, 44, 1) is None


async def test_moving_a_chat_takes_letters_and_cards_along_and_can_be_repeated(store: Store, letters: Outbox) -> None:
    serial = await leased_serial(store)
    card = Card(id=serial * 16, owner_id=1, chat_id=-5, flow="check")
    work = Handled(serial=serial, bot_id=BOT, letters=(letter(serial * 16, card=card.id, chat=-5),), cards=(card,))
    await store.commit(work)
    await store.move_chat(BOT, -5, -1005)
    await store.move_chat(BOT, -5, -1005)
    assert [kept.chat_id for kept in await letters()] == [-1005]
    moved = await store.card(BOT, card.id)
    assert moved is not None
    assert moved.chat_id == -1005
