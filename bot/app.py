"""Where everything is wired, and the only place that knows all rooms."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Final

from pydantic import SecretStr

from bot.aside import Aside
from bot.dialogue import Chat, Event, Migrated, Outcome, Person, Presence, Refusal, Said
from bot.flows import admin
from bot.flows.desk import can_wait
from bot.flows.lobby import decide
from bot.localchat import ListenError, LocalChat, StateError
from bot.pictures.workshop import Workshop
from bot.pulse import Pulse
from bot.rendering.words import Words
from bot.services.door import Door
from bot.services.facts import Facts, gather
from bot.settings import Settings, SettingsError, local_state
from bot.storage.database import DatabaseError
from bot.storage.store import Store
from bot.transport.metrics import Metrics
from bot.transport.telegram_bot import Profile, TelegramBot

log = logging.getLogger(__name__)

LOCAL_TOKEN: Final = "1000001:the-local-chat-needs-no-real-secret"
"""The local chat takes any token of Telegram's form, and listens on this machine only."""

IN_GROUPS: Final = ("liq", "whatif", "compare", "quiz", "learn", "settings", "help", "cancel")
"""The commands of a group's menu: those that show nothing personal."""


def profile() -> Profile:
    """What the bot says of itself."""
    words = Words.of(None)
    menu = {
        "liq": words.label("command.liq"),
        "whatif": words.label("command.whatif"),
        "compare": words.label("command.compare"),
        "size": words.label("command.size"),
        "addmargin": words.label("command.addmargin"),
        "portfolio": words.label("command.portfolio"),
        "portfolios": words.label("command.portfolios"),
        "history": words.label("command.history"),
        "import": words.label("command.import"),
        "export": words.label("command.export"),
        "forget": words.label("command.forget"),
        "check": words.label("command.check"),
        "quiz": words.label("command.quiz"),
        "last": words.label("command.last"),
        "again": words.label("command.again"),
        "link": words.label("command.link"),
        "learn": words.label("command.learn"),
        "settings": words.label("command.settings"),
        "help": words.label("command.help"),
        "start": words.label("command.start"),
        "cancel": words.label("command.cancel"),
    }
    return Profile(
        commands=menu,
        group_commands={name: menu[name] for name in IN_GROUPS},
        description=words.label("profile.description"),
        short_description=words.label("profile.short"),
        apology=words.label("fault.apology"),
        admin_commands={
            "block": words.label("command.block"),
            "unblock": words.label("command.unblock"),
            "blocked": words.label("command.blocked"),
        },
        unsaved=words.label("fault.unsaved"),
    )


def marginbot(
    settings: Settings,
    store: Store,
    *,
    beat: Callable[[], None] = lambda: None,
    refuse: Callable[[Refusal], None] = lambda why: None,
    aside: Aside | None = None,
    workshop: Workshop | None = None,
) -> TelegramBot:
    """The bot: Telegram on one side, the conversations on the other.

    `beat` is called after each poll that worked, `refuse` for each tap that led to nothing. `aside` does what takes
    long, which else is done here; `workshop` draws.
    """

    metrics = Metrics()
    door = Door(limit=settings.most_answers, admin_chat=settings.admin_chat, blocked=store.blocked_people)

    async def answer(event: Event) -> Outcome | None:
        about_the_chat = isinstance(event.content, (Presence, Migrated))  # it is so, whoever did it
        if not about_the_chat and await door.blocks(event):
            metrics.limited("blocked")
            return None
        waiting = door.turned_away(event)
        if waiting is not None:
            metrics.limited("too_fast")
            return waiting
        return door.answered(event, await decided(event))

    async def decided(event: Event) -> Outcome:
        if admin.takes(event, settings.admin_chat):
            return admin.commanded(event, await store.blocked_people(event.bot_id))
        turn = aside.turn() if aside is not None and can_wait(event) else None
        async with turn or nullcontext():
            facts = await gather(event, store, bot.leads)
            with_picture = facts.settings.settings.pictures is not None
            if aside is not None and (turn or with_picture):
                outcome = await aside.run(decide, event, facts)
            else:
                outcome = decide(event, facts)
        if outcome.refused is not None:
            log.info("a tap of person %d in chat %d is refused: %s", event.person.id, event.chat.id, outcome.refused)
            metrics.refused(outcome.refused)
            refuse(outcome.refused)
        return outcome

    bot = TelegramBot(settings, store, answer, profile(), beat=beat, workshop=workshop, metrics=metrics)
    return bot


async def run(settings: Settings) -> None:
    """Runs the bot until SIGTERM or SIGINT; without a token, the local chat and the bot in it.

    Errors: SettingsError, one line that names the setting.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    pulse = Pulse.of(settings)
    chat = await _local_chat(settings) if settings.token is None else None
    try:
        if chat is not None:
            settings = settings.model_copy(
                update={"token": SecretStr(LOCAL_TOKEN), "api_url": chat.url, "pacing": "off"}
            )
        await _run_bot(settings, stop, chat, pulse)
    finally:
        if chat is not None:
            await chat.stop()


async def _run_bot(settings: Settings, stop: asyncio.Event, chat: LocalChat | None, pulse: Pulse) -> None:
    try:
        store = await Store.open(settings.database_url)
    except DatabaseError as error:
        raise SettingsError(f"MARGINBOT_DATABASE_URL: {error}") from None
    try:
        pulse.begin()
        aside, workshop = Aside(), Workshop()
        bot = marginbot(settings, store, beat=pulse.beat, refuse=pulse.refuse, aside=aside, workshop=workshop)
        await bot.start()
        if chat is not None:
            print(f"Local chat: {chat.url} (Ctrl+C stops it)", flush=True)
        warming = asyncio.create_task(_warm(aside, workshop), name="warming")
        try:
            await bot.run(stop)
        finally:
            warming.cancel()
            await asyncio.gather(warming, return_exceptions=True)
            await bot.stop()
    finally:
        await store.close()


async def _warm(aside: Aside, workshop: Workshop) -> None:
    """Starts the processes beside the bot, and takes a decision for nobody there, which reads the tables, so that the
    first picture does not wait for that."""
    example = Said(text=str(Words.of(None)("example.both")))
    nobody = Event(serial=0, time=datetime.now(UTC), bot_id=0, chat=Chat(id=0), person=Person(id=0), content=example)
    try:
        await asyncio.gather(aside.run(decide, nobody, Facts()), workshop.warm())
    except Exception:
        log.exception("a process beside the bot does not start; it is tried again when it is needed")


async def _local_chat(settings: Settings) -> LocalChat:
    chat = LocalChat(str(settings.local_listen), local_state())
    try:
        await chat.start()
    except ListenError as error:
        raise SettingsError(f"MARGINBOT_LOCAL_LISTEN: {error}") from None
    except StateError as error:
        raise SettingsError(f"localchat: {error}") from None
    chat.bot(LOCAL_TOKEN, name="Marginbot")
    return chat
