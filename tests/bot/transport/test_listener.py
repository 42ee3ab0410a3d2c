"""What the operator's machines ask for: whether the bot lives, whether it can work, and its numbers."""

import asyncio
import logging
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot.dialogue import Event, Offers, Outcome, Queried
from bot.localchat import LocalChat
from bot.storage.store import Store
from bot.transport import listener
from bot.transport.webhook import SECRET_HEADER
from tests.bot.transport.test_conversations import Counter, parrot
from tests.support.bots import running
from tests.support.ports import free_port

OFFERED = "marginbot_answers_total{offers}"


@pytest.fixture
def port() -> int:
    return free_port()


async def got(port: int, path: str, method: str = "GET", **more: Any) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://127.0.0.1:{port}{path}", **more) as response,
    ):
        return response.status, await response.text()


async def numbers(port: int) -> dict[str, float]:
    """The page of metrics: "name{label}" -> value."""
    status, page = await got(port, "/metrics")
    assert status == 200
    return {
        sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


async def test_a_bot_that_polls_tells_how_it_is_where_it_is_told_to_listen(
    chat: LocalChat, store: Store, port: int
) -> None:
    async with running(chat, parrot, store=store, listen=f"127.0.0.1:{port}"):
        assert await got(port, "/healthz") == (200, "ok\n")
        assert await got(port, "/readyz") == (200, "ok\n")
        assert (await got(port, "/"))[0] == 404
        assert (await got(port, "/metrics", "POST"))[0] == 405
        ann = chat.person("Ann")
        await ann.send("hello")
        assert (await ann.next()).text == "Ann said hello"
    with pytest.raises(aiohttp.ClientConnectionError):
        await got(port, "/healthz")


async def test_beside_a_webhook_the_same_is_told(chat: LocalChat, store: Store, port: int) -> None:
    hook: dict[str, Any] = {
        "webhook_url": f"http://127.0.0.1:{port}/hook",
        "webhook_secret": "s",
        "listen": f"127.0.0.1:{port}",
    }
    async with running(chat, parrot, store=store, **hook):
        assert await got(port, "/readyz") == (200, "ok\n")
        assert (await got(port, "/hook"))[0] == 405
        assert (await got(port, "/hook", "POST", headers={SECRET_HEADER: "t"}, json={}))[0] == 403
        assert (await numbers(port))["marginbot_waiting{updates}"] == 0


async def test_a_database_that_cannot_be_written_is_named_until_it_can(
    chat: LocalChat, store: Store, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "PATIENCE", 0.3)
    async with running(chat, parrot, store=store, listen=f"127.0.0.1:{port}"):
        with closing(sqlite3.connect(tmp_path / "test.db", check_same_thread=False)) as other:
            # Somebody else writes and does not come to an end; beside the loop, which may itself be writing just now.
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            ann = chat.person("Ann")
            await ann.send("hello")
            assert await got(port, "/readyz") == (503, "database\n")
            assert await got(port, "/healthz") == (200, "ok\n")
        assert (await ann.next()).text == "Ann said hello"
        monkeypatch.setattr(listener, "PATIENCE", 10.0)
        assert await got(port, "/readyz") == (200, "ok\n")


async def test_a_server_that_is_away_is_named_until_it_is_back(
    chat: LocalChat, store: Store, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "FRESH", 0.0)  # its last answer is always too long ago
    async with running(chat, parrot, store=store, listen=f"127.0.0.1:{port}"):
        assert await got(port, "/readyz") == (200, "ok\n")
        chat.fault(method="getMe", kind="reset_before", times=1)
        assert await got(port, "/readyz") == (503, "telegram\n")
        assert await got(port, "/readyz") == (200, "ok\n")


async def test_what_happens_is_counted_by_kind(chat: LocalChat, store: Store, port: int) -> None:
    async def broken_at_times(event: Event) -> Outcome:
        if "break" in repr(event.content):
            raise ValueError("break it")
        if isinstance(event.content, Queried):
            return Outcome(offers=Offers(offers=(), label="In private", start="inline"))
        return await Counter(store)(event)

    async with running(chat, broken_at_times, store=store, listen=f"127.0.0.1:{port}"):
        ann = chat.person("Ann")
        await ann.send("count")
        card = await ann.next()
        await ann.tap(card, "More")
        await ann.settled(card)
        await ann.send("/break")
        await ann.next()
        await ann.inline("eth")
        async with asyncio.timeout(10):
            while (counted := await numbers(port))["marginbot_waiting{letters}"] or counted.get(OFFERED) is None:
                pass
    assert counted["marginbot_updates_total{said}"] == 1
    assert counted["marginbot_updates_total{tapped}"] == 1
    assert counted["marginbot_updates_total{commanded}"] == 1
    assert counted["marginbot_answers_total{send}"] == 2  # the card and the apology
    assert counted["marginbot_answers_total{edit}"] == 1
    assert counted["marginbot_answers_total{answer}"] == 1
    assert counted[OFFERED] == 1
    assert counted["marginbot_answer_seconds_count"] == 4
    assert counted["marginbot_answer_seconds_bucket{+Inf}"] == 4
    assert 0 < counted["marginbot_answer_seconds_sum"] < 60
    assert counted["marginbot_errors_total{bot.transport.dispatcher}"] == 1
    assert counted["marginbot_waiting{updates}"] == 0
    assert counted["marginbot_pictures_total{drawn}"] == 0
    assert counted["process_resident_memory_bytes"] > 1e6


async def test_numbers_are_told_while_the_database_is_away(chat: LocalChat, store: Store, port: int) -> None:
    async with running(chat, parrot, store=store, listen=f"127.0.0.1:{port}"):
        async with store._writing.begin() as connection:
            await connection.execute(text("ALTER TABLE outbox RENAME TO elsewhere"))
        assert "marginbot_updates_total{said}" not in await numbers(port)
        async with store._writing.begin() as connection:
            await connection.execute(text("ALTER TABLE elsewhere RENAME TO outbox"))


async def test_signals_and_logging_stay_those_of_who_started_it(chat: LocalChat, store: Store, port: int) -> None:
    def held() -> list[object]:
        signals = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        return [*signals, *logging.getLogger().handlers, logging.getLogger("uvicorn").handlers]

    async with running(chat, parrot, store=store):
        before = held()[:2], len(held())
    async with running(chat, parrot, store=store, listen=f"127.0.0.1:{port}"):
        assert (await got(port, "/healthz"))[0] == 200
        assert (held()[:2], len(held())) == before


async def test_who_comes_when_too_many_connections_are_open_is_refused(
    chat: LocalChat, store: Store, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 2)
    async with running(chat, parrot, store=store, listen=f"127.0.0.1:{port}"):
        _, silent = await asyncio.open_connection("127.0.0.1", port)
        status, _ = await got(port, "/healthz")
        silent.close()
        await silent.wait_closed()
    assert status == 503
