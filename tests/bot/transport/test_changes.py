"""Changes of stored state: exactly once, decided again after a lost race, and waiting while the database is away."""

from decimal import Decimal

import pytest
from markupsafe import Markup

from bot.dialogue import Event, Outcome, Said, Screen, Show
from bot.localchat import LocalChat
from bot.services.facts import gather
from bot.storage.database import DatabaseError
from bot.storage.inbox import Received
from bot.storage.outbox import Delivered
from bot.storage.portfolios import Portfolio, SavePortfolio
from bot.storage.store import Handled, Store
from tests.support.bots import PROFILE, running


def saving(event: Event, amount: Decimal, version: int) -> Outcome:
    change = SavePortfolio(owner_id=event.person.id, portfolio=Portfolio(wallet={"USDT": amount}), version=version)
    return Outcome(show=(Show(screen=Screen(text=Markup("now {}").format(amount))),), changes=(change,))


class Adder:
    """Adds 1 to the wallet for every message. `rival`, if set, changes the wallet between the read and the write."""

    def __init__(self, store: Store, rivals: int = 0) -> None:
        self.store = store
        self.rivals = rivals

    async def __call__(self, event: Event) -> Outcome:
        stored = (await gather(event, self.store)).portfolio
        if self.rivals:
            self.rivals -= 1
            await self.rival(event, stored.version)
        amount = stored.portfolio.wallet.get("USDT", Decimal(0)) + 1
        return saving(event, amount, stored.version)

    async def rival(self, event: Event, version: int) -> None:
        """Somebody else's change, straight into the database."""
        change = SavePortfolio(
            owner_id=event.person.id, portfolio=Portfolio(wallet={"USDT": Decimal(100)}), version=version
        )
        await self.store.receive(
            event.bot_id, [Received(update_id=-event.serial - self.rivals, lane="rival", payload="")]
        )
        for leased in await self.store.lease(event.bot_id, 256):
            if leased.lane == "rival":
                await self.store.commit(Handled(serial=leased.serial, bot_id=event.bot_id, changes=(change,)))


async def test_changes_of_one_person_build_on_each_other(chat: LocalChat, store: Store) -> None:
    async with running(chat, Adder(store), store=store):
        ann = chat.person("Ann")
        for _ in range(12):
            await ann.send("more")
        await ann.wait_for(lambda message: message.text == "now 12")
        assert (await store.shelf(ann.id)).open.version == 12


async def test_after_a_lost_race_the_event_is_decided_again_on_what_is_there_now(chat: LocalChat, store: Store) -> None:
    async with running(chat, Adder(store, rivals=1), store=store):
        ann = chat.person("Ann")
        await ann.send("more")
        assert (await ann.next()).text == "now 101"


async def test_a_race_lost_twice_is_told_and_nothing_of_it_is_stored(chat: LocalChat, store: Store) -> None:
    async with running(chat, Adder(store, rivals=2), store=store):
        ann = chat.person("Ann")
        await ann.send("more")
        assert (await ann.next()).text == PROFILE.apology
        assert (await store.shelf(ann.id)).open.portfolio.wallet == {"USDT": Decimal(100)}
        await ann.send("more")
        assert (await ann.next()).text == "now 101"


class Flaky(Store):
    """A store whose disk is full for the first few commits, and for the first letter to be struck off."""

    failures = 2
    unsettled = 1

    async def commit(self, handled: Handled) -> None:
        if self.failures:
            self.failures -= 1
            raise DatabaseError("disk full")
        await super().commit(handled)

    async def settle(self, delivered: Delivered) -> None:
        if self.unsettled:
            self.unsettled -= 1
            raise DatabaseError("disk full")
        await super().settle(delivered)


async def test_while_the_database_is_out_of_order_the_update_waits(
    chat: LocalChat, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path_factory.mktemp("flaky")
    store = await Flaky.open(f"sqlite+aiosqlite:///{folder / 'test.db'}")

    async def decide(event: Event) -> Outcome:
        assert isinstance(event.content, Said)
        return Outcome(show=(Show(screen=Screen(text=Markup.escape(event.content.text))),))

    async with running(chat, decide, store=store):
        ann = chat.person("Ann")
        await ann.send("hello")
        assert (await ann.next(timeout=10)).text == "hello"
        await ann.send("still there?")
        assert (await ann.next(timeout=10)).text == "still there?"
    await store.close()
    assert "waits for the database" in caplog.text
    assert "cannot be struck off" in caplog.text
