"""Admins hear of errors: at once, then at most once in a while, grouped, without anybody's words."""

import asyncio
import logging

import pytest

from bot.dialogue import Event, Outcome
from bot.localchat import LocalChat, PersonView
from bot.storage.store import Store
from bot.transport import notices
from bot.transport.metrics import Metrics
from bot.transport.notices import ErrorNotices
from bot.transport.request import Api
from tests.bot.transport.test_conversations import parrot
from tests.support.bots import running

log = logging.getLogger(__name__)


async def failing(event: Event) -> Outcome:
    if "SECRET" in repr(event.content):
        raise LookupError("SECRET")
    return await parrot(event)


@pytest.fixture
async def boss(chat: LocalChat) -> PersonView:
    return chat.person("Boss")


async def test_the_first_error_is_told_at_once_and_for_a_minute_no_other(
    chat: LocalChat, store: Store, boss: PersonView
) -> None:
    async with running(chat, failing, store=store, admin_chat=boss.id) as bot:
        await boss.send("hello", bot=bot)
        await boss.next()
        ann = chat.person("Ann")
        await ann.send("SECRET one")
        notice = await boss.next()
        assert (await ann.next()).text == "Sorry, my fault."
        for _ in range(3):
            await ann.send("SECRET again")
            assert (await ann.next()).text == "Sorry, my fault."
        log.error("SECRET %s", "SECRET")
        await boss.send("still there?")
        assert (await boss.next()).text == "Boss said still there?"
    first, second = notice.text.splitlines()
    assert first.startswith("1 error since ")
    assert second.startswith("1 × LookupError, bot.transport.dispatcher:")
    assert "SECRET" not in notice.text


async def test_when_the_minute_is_over_the_rest_is_told_together(
    chat: LocalChat, store: Store, boss: PersonView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "PAUSE", 0.2)
    async with running(chat, parrot, store=store, admin_chat=boss.id) as bot:
        await boss.send("hello", bot=bot)
        await boss.next()
        for number in (1, 3):
            for _ in range(number):
                log.error("SECRET %s", "SECRET")
            notice = await boss.next()
            assert notice.text.splitlines()[0].startswith(f"{number} error")
            assert notice.text.splitlines()[1].startswith(f"{number} × error, {__name__}:")


async def test_a_chat_that_cannot_be_told_makes_no_error_and_is_told_later(
    chat: LocalChat, store: Store, boss: PersonView, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(notices, "PAUSE", 0.1)
    async with running(chat, parrot, store=store, admin_chat=boss.id) as bot:
        await boss.send("hello", bot=bot)
        await boss.next()
        caplog.clear()
        chat.fault(method="sendMessage", kind="status", value=500, times=2)
        log.error("once")
        notice = await boss.next()
    assert notice.text.splitlines()[0].startswith("1 error since ")
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == ["once"]
    assert caplog.text.count("the admin chat could not be told of errors: NetworkError") == 2


async def test_without_an_admin_chat_nothing_is_told_and_nobody_unknown_is_written_to(
    chat: LocalChat, store: Store
) -> None:
    async with running(chat, failing, store=store):
        ann = chat.person("Ann")
        await ann.send("SECRET")
        assert (await ann.next()).text == "Sorry, my fault."
    assert {call.params["chat_id"] for call in chat.calls if call.method.lower() == "sendmessage"} == {ann.id}


async def test_many_places_are_counted_and_the_most_frequent_are_named() -> None:
    said: list[str] = []
    done = asyncio.Event()

    class Wire:
        async def call(self, method: str, parameters: dict[str, str]) -> None:
            said.append(parameters["text"])
            done.set()

    handler = ErrorNotices(Metrics())
    for number in range(200):
        for _ in range(2 if number == 7 else 1):
            handler.emit(logging.LogRecord("bot.x", logging.ERROR, "x.py", number, "words", (), None))
    wire: Api = Wire()  # type: ignore[assignment]
    telling = asyncio.create_task(handler.run(wire, 5))
    await asyncio.wait_for(done.wait(), 10)
    telling.cancel()
    lines = said[0].splitlines()
    assert len(lines) == 12
    assert lines[0].startswith("<b>101 errors</b> since ")  # 100 places are kept, one of them twice
    assert lines[1] == "2 × error, <code>bot.x:7</code>"
    assert lines[-1] == "and at 90 other places"


async def test_a_notice_that_cannot_be_made_is_not_the_last(
    chat: LocalChat, store: Store, boss: PersonView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "PAUSE", 0.1)
    async with running(chat, parrot, store=store, admin_chat=boss.id) as bot:
        await boss.send("hello", bot=bot)
        await boss.next()
        with monkeypatch.context() as broken:
            broken.setattr(notices, "notice", None)
            log.error("once")
            await asyncio.sleep(0.2)
        assert (await boss.next()).text.splitlines()[0].startswith("1 error since ")
