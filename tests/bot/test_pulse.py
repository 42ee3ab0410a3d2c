"""`marginbot health` tells a bot that works from one that does not, by polling and by webhook."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.localchat import LocalChat
from bot.pulse import Pulse, ailment
from bot.settings import Settings
from bot.storage.store import Store
from bot.transport.telegram_bot import TelegramBot
from tests.bot.transport.test_conversations import parrot
from tests.support.bots import PROFILE, TOKEN, settings
from tests.support.ports import free_port


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("MARGINBOT_TOKEN", TOKEN)
    return tmp_path / "marginbot"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    yield store
    await store.close()


def test_before_the_first_poll_the_bot_is_not_at_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health"]) == 1
    assert capsys.readouterr() == ("", "no updates have been fetched since the start, or the bot does not run\n")


def test_after_a_poll_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Pulse.of(Settings()).beat()
    assert main(["health"]) == 0
    assert capsys.readouterr() == ("at work\n", "")


def test_refused_taps_are_told_with_the_next_sign(capsys: pytest.CaptureFixture[str]) -> None:
    pulse = Pulse.of(Settings())
    pulse.beat()
    for why in ("stale", "forged", "not_yours", "forged"):
        pulse.refuse(why)
    assert pulse.refused() == {}
    pulse.beat()
    assert main(["health"]) == 0
    said = "at work\ntaps refused, forged: 2\ntaps refused, not yours: 1\ntaps refused, stale: 1\n"
    assert capsys.readouterr() == (said, "")


@pytest.mark.parametrize("content", ["", "[1]", '{"forged": "many"}'])
def test_a_sign_that_cannot_be_read_is_a_sign_still(data: Path, content: str) -> None:
    Pulse.of(Settings()).beat()
    (data / "pulse-1234567").write_text(content)
    assert main(["health"]) == 0
    assert Pulse.of(Settings()).refused() == {}


def test_an_old_sign_does_not_count(data: Path) -> None:
    Pulse.of(Settings()).beat()
    long_ago = time.time() - 100
    os.utime(data / "pulse-1234567", (long_ago, long_ago))
    assert ailment(Settings()) == "updates were last fetched 100 s ago"


def test_what_an_earlier_process_left_is_forgotten_at_the_start() -> None:
    pulse = Pulse.of(Settings())
    pulse.beat()
    pulse.begin()
    assert pulse.age() is None


def test_two_bots_of_one_user_have_a_sign_each(data: Path) -> None:
    Pulse.of(Settings()).beat()
    Pulse.of(Settings(token=None)).beat()
    assert {path.name for path in data.iterdir()} == {"pulse-1234567", "pulse-local"}


def test_a_folder_that_cannot_be_written_does_not_stop_the_bot(data: Path) -> None:
    data.write_text("a file where the folder should be")
    pulse = Pulse.of(Settings())
    pulse.begin()
    pulse.beat()
    assert pulse.age() is None


async def test_a_poll_that_worked_leaves_the_sign(chat: LocalChat, store: Store) -> None:
    mine = settings(chat, "sqlite+aiosqlite:///unused")
    beaten = asyncio.Event()
    bot = TelegramBot(mine, store, parrot, PROFILE, beat=beaten.set)
    await bot.start()
    ann = chat.person("Ann")
    await ann.send("hello", bot=chat.bot(TOKEN))
    await asyncio.wait_for(beaten.wait(), 10)
    await bot.stop()


async def test_a_webhook_that_answers_is_at_work_and_one_that_is_gone_is_not(chat: LocalChat, store: Store) -> None:
    port = free_port()
    hook = {"webhook_url": f"http://127.0.0.1:{port}/hook", "webhook_secret": "s", "listen": f"0.0.0.0:{port}"}
    mine = settings(chat, "sqlite+aiosqlite:///unused", **hook)
    bot = TelegramBot(mine, store, parrot, PROFILE)
    await bot.start()
    assert await asyncio.to_thread(ailment, mine) is None
    elsewhere = mine.model_copy(update={"webhook_url": f"http://127.0.0.1:{port}/other"})
    assert await asyncio.to_thread(ailment, elsewhere) == f"0.0.0.0:{port} answers 404, which is not the webhook"
    await bot.stop()
    assert str(await asyncio.to_thread(ailment, mine)).startswith(f"the webhook does not answer on 0.0.0.0:{port}: ")
