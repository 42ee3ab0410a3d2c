"""Pictures over HTTP: text first, then the photo, changed in place; file ids used again; faults and restarts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from markupsafe import Markup

from bot.dialogue import Card, Close, Drawing, Event, Outcome, Said, Screen, Show, Tap, Tapped
from bot.localchat import BotView, LocalChat
from bot.payloads import decode_payload
from bot.pictures.specs import ShareSpec, data_of
from bot.pictures.workshop import Workshop
from bot.services.facts import gather
from bot.storage.store import Store
from bot.transport.telegram_bot import TelegramBot
from tests.support.bots import PROFILE, TOKEN, settings

HANGING = (sys.executable, "-c", "import sys, time\nfor line in sys.stdin:\n    time.sleep(60)")
DYING = (sys.executable, "-c", "import sys\nsys.stdin.readline()")


class Gallery:
    """Any text gets a remark, and a picture that says it; the buttons draw another one, or close it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def __call__(self, event: Event) -> Outcome:
        if isinstance(event.content, Said):
            card = Card(id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow="x")
            remark = Show(screen=Screen(text=Markup("text {}").format(event.content.text)))
            if event.content.text == "only":
                return Outcome(show=(remark,))
            return Outcome(show=(remark, Show(screen=screen(event.content.text), card=card)))
        facts = await gather(event, self.store)
        assert facts.card is not None
        assert isinstance(event.content, Tapped)
        payload = decode_payload(event.content.data)
        assert payload is not None
        if payload.action == "close":
            return Outcome(show=(Close(card=facts.card),))
        return Outcome(show=(Show(screen=screen(payload.action), card=facts.card),))


def screen(name: str) -> Screen:
    """A picture of that name."""
    rows = ((Tap(label="One", action="one"), Tap(label="Two", action="two"), Tap(label="Close", action="close")),)
    spec = data_of(ShareSpec(title="A picture", verdict=name))
    return Screen(
        text=Markup("<b>caption</b> {}").format(name),
        buttons=rows,
        picture=Drawing(spec=spec, instead=Markup("<b>instead</b> {}").format(name)),
    )


@asynccontextmanager
async def showing(chat: LocalChat, store: Store, **workshop: object) -> AsyncIterator[tuple[BotView, Workshop]]:
    shop = Workshop(**workshop)  # type: ignore[arg-type]
    bot = TelegramBot(settings(chat, "sqlite+aiosqlite:///unused"), store, Gallery(store), PROFILE, workshop=shop)
    await bot.start()
    try:
        yield chat.bot(TOKEN), shop
    finally:
        await bot.stop()


def calls(chat: LocalChat) -> list[str]:
    """What was sent, in order."""
    wanted = {"sendmessage", "sendphoto", "editmessagemedia", "editmessagetext", "deletemessage"}
    return [call.method for call in chat.calls if call.method.lower() in wanted]


async def test_the_text_comes_first_then_the_photo_and_a_tap_changes_it_in_place(chat: LocalChat, store: Store) -> None:
    async with showing(chat, store):
        ann = chat.person("Ann")
        await ann.send("hello")
        assert (await ann.next()).text == "text hello"
        photo = await ann.next(timeout=30)
        assert photo.photo is not None
        assert (photo.photo[-1]["width"], photo.photo[-1]["height"]) == (1080, 1080)
        assert photo.text == "caption hello"
        await ann.tap(photo, "One")
        changed = await ann.settled(photo, timeout=30)
        assert changed.id == photo.id
        assert changed.text == "caption one"
        assert changed.photo is not None
        assert changed.photo[-1]["file_unique_id"] != photo.photo[-1]["file_unique_id"]
    assert calls(chat) == ["sendMessage", "sendPhoto", "editMessageMedia"]


async def test_the_same_picture_is_drawn_and_uploaded_once_for_everybody_and_after_a_restart(
    chat: LocalChat, store: Store
) -> None:
    ann, ben = chat.person("Ann"), chat.person("Ben")
    async with showing(chat, store) as (_, shop):
        await ann.send("hello")
        first = await ann.wait_for(lambda message: message.photo is not None, timeout=30)
        assert shop.counts.drawn == 1
    async with showing(chat, store) as (bot, shop):
        await ben.send("hello", bot=bot)
        second = await ben.wait_for(lambda message: message.photo is not None, timeout=30)
        assert shop.counts.drawn == 0
    assert first.photo is not None
    assert second.photo is not None
    assert first.photo[-1]["file_id"] == second.photo[-1]["file_id"]


async def test_a_file_id_that_telegram_forgot_is_drawn_anew(chat: LocalChat, store: Store) -> None:
    async with showing(chat, store) as (_, shop):
        ann = chat.person("Ann")
        await ann.send("hello")
        photo = await ann.wait_for(lambda message: message.photo is not None, timeout=30)
        chat.fault(method="sendPhoto", kind="status", value=400, description="Bad Request: wrong file identifier")
        await ann.send("hello")
        await ann.wait_for(lambda message: message.photo is not None and message.id != photo.id, timeout=30)
        assert shop.counts.drawn + shop.counts.from_cache == 2


async def test_a_picture_never_holds_up_a_text_of_its_chat(chat: LocalChat, store: Store) -> None:
    async with showing(chat, store, command=HANGING, time_limit=1.0):
        ann = chat.person("Ann")
        await ann.send("picture")
        assert (await ann.next()).text == "text picture"
        await ann.send("only")
        assert (await ann.next(timeout=0.9)).text == "text only"
        # given up twice after a second, so the text comes in its place
        assert (await ann.next(timeout=10)).text == "instead picture"


async def test_what_cannot_be_drawn_comes_as_text_with_the_same_buttons_and_is_counted(
    chat: LocalChat, store: Store
) -> None:
    async with showing(chat, store, command=DYING) as (_, shop):
        ann = chat.person("Ann")
        await ann.send("hello")
        text = await ann.wait_for(lambda message: message.text == "instead hello", timeout=30)
        assert [button.text for button in text.flat_buttons()] == ["One", "Two", "Close"]
        assert shop.counts.faults == {"lost": 1}
        await ann.tap(text, "One")
        assert (await ann.settled(text)).text == "instead one"


async def test_a_photo_becomes_a_text_and_a_text_a_photo_by_a_new_message(chat: LocalChat, store: Store) -> None:
    async with showing(chat, store) as (_, shop):
        ann = chat.person("Ann")
        await ann.send("hello")
        photo = await ann.wait_for(lambda message: message.photo is not None, timeout=30)
        working, shop._command = shop._command, DYING
        await shop._stop()
        await ann.tap(photo, "One")
        text = await ann.wait_for(lambda message: message.text == "instead one", timeout=30)
        shop._command = working
        await ann.tap(text, "Two")
        again = await ann.wait_for(lambda message: message.text == "caption two", timeout=30)
        assert again.photo is not None
        assert len({photo.id, text.id, again.id}) == 3
    assert calls(chat).count("deleteMessage") == 2


async def test_of_quick_taps_only_the_newest_picture_is_shown_in_the_end(chat: LocalChat, store: Store) -> None:
    async with showing(chat, store) as (_, shop):
        ann = chat.person("Ann")
        await ann.send("hello")
        photo = await ann.wait_for(lambda message: message.photo is not None, timeout=30)
        for button in ("One", "Two", "One", "Two"):
            await ann.tap(photo, button)
        last = await ann.wait_for(lambda message: message.text == "caption two", timeout=30)
        await asyncio.sleep(0.5)
        newest = ann.fresh(last)
        assert newest is not None
        assert newest.text == "caption two"
        assert shop.counts.drawn <= 3


async def test_close_takes_the_photo_away_even_while_another_is_drawn(chat: LocalChat, store: Store) -> None:
    async with showing(chat, store):
        ann = chat.person("Ann")
        await ann.send("hello")
        photo = await ann.wait_for(lambda message: message.photo is not None, timeout=30)
        await ann.tap(photo, "One")
        await ann.tap(photo, "Close")
        for _ in range(100):
            if "deleteMessage" in calls(chat):
                break
            await asyncio.sleep(0.05)
    assert calls(chat)[-1] == "deleteMessage"


async def test_a_picture_that_was_not_sent_before_the_stop_is_drawn_after_the_start(
    chat: LocalChat, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.transport.telegram_bot.PATIENCE", 0.1)
    ann = chat.person("Ann")
    async with showing(chat, store, command=HANGING):
        await ann.send("hello")
        assert (await ann.next()).text == "text hello"
        await asyncio.sleep(0.2)
    async with showing(chat, store):
        photo = await ann.wait_for(lambda message: message.photo is not None, timeout=30)
    assert photo.text == "caption hello"
