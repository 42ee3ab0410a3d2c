"""A bot on Telegram (or a server like it): everything of this room, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from telegram import (
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application

from bot.pictures.workshop import Workshop
from bot.settings import Settings, SettingsError
from bot.storage.inbox import Received
from bot.storage.store import Store
from bot.transport.dispatcher import Decide, Dispatcher
from bot.transport.files import Files
from bot.transport.listener import Listener, Readiness, own_routes
from bot.transport.members import Members
from bot.transport.metrics import Metrics
from bot.transport.notices import ErrorNotices
from bot.transport.outage import Outage
from bot.transport.pacing import NoPacing, Pacer, TelegramPacing
from bot.transport.poller import ALLOWED_UPDATES, Poller
from bot.transport.request import AiohttpRequest, Api
from bot.transport.routing import Router
from bot.transport.sender import Sender
from bot.transport.webhook import Webhook

log = logging.getLogger(__name__)

PATIENCE: Final = 10.0
"""Seconds that the last answers have to get out when the bot is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the bot says of itself, and its words for a fault of ours and for a time when nothing can be saved.

    commands: the menu of private chats; group_commands: that of groups, where few are of use to all; admin_commands:
    what the menu of the admin chat has besides.
    """

    commands: Mapping[str, str]
    group_commands: Mapping[str, str]
    description: str
    short_description: str
    apology: str
    unsaved: str
    admin_commands: Mapping[str, str] = field(default_factory=dict)


class TelegramBot:
    """One bot on one token, from its first update to its last answer.

    `settings` must have a token. `beat` is called after each poll that brought what there was and stored it.
    `workshop` draws its pictures and is closed with it; `metrics` counts what happens.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        decide: Decide,
        profile: Profile,
        *,
        beat: Callable[[], None] = lambda: None,
        workshop: Workshop | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        if settings.token is None:
            raise ValueError("a bot needs a token")
        self._settings = settings
        self._store = store
        self._decide = decide
        self._profile = profile
        self._beat = beat
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request = AiohttpRequest()
        self._workshop = workshop or Workshop()
        self._metrics = metrics or Metrics()
        self._metrics.watch(self._workshop.counts)
        self._errors = ErrorNotices(self._metrics)
        self._telling: asyncio.Task[None] | None = None
        self._application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder()
            .token(settings.token.get_secret_value())
            .base_url(f"{settings.api_url}/bot")
            .base_file_url(f"{settings.api_url}/file/bot")
            .request(self._request)
            .get_updates_request(self._request)
            .updater(None)
            .job_queue(None)
            .build()
        )
        self._api = Api(self._application.bot)
        self._members = Members(self._api)

    async def start(self) -> None:
        """Takes up what was left and begins to receive.

        Errors: SettingsError when the server refuses the token or the webhook, or its address is taken; then nothing
        is left running.
        """
        try:
            await self._introduce()
            bot = self._application.bot
            pacer: Pacer = NoPacing() if self._settings.pacing == "off" else TelegramPacing()
            self._outage = Outage(self._api, pacer, self._profile.unsaved)
            self._sender = Sender(self._api, self._store, pacer, self._give_up, self._workshop, self._metrics)
            self._dispatcher = Dispatcher(
                bot_id=bot.id,
                store=self._store,
                router=Router(self._application, Files(bot, self._request).read),
                decide=self._decide,
                outage=self._outage,
                apology=self._profile.apology,
                metrics=self._metrics,
            )
            self._listener = await self._listen()
        except BaseException:
            await self._request.shutdown()
            raise
        logging.getLogger().addHandler(self._errors)
        if (admins := self._settings.admin_chat) is not None:
            self._telling = asyncio.create_task(self._errors.run(self._api, admins), name="error notices")
        self._sender.post(await self._store.begin(bot.id, self._sender.post))
        self._dispatching = asyncio.create_task(self._dispatcher.run(), name="dispatcher")
        self._polling = None if self._settings.webhook_url else asyncio.create_task(self._poll(), name="poller")
        await self._publish()
        log.info("@%s is ready", bot.username)

    async def leads(self, chat_id: int, person_id: int) -> bool:
        """Whether the person is an administrator of the group."""
        return await self._members.leads(chat_id, person_id)

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop` is set. Errors: SettingsError when the token is refused meanwhile."""
        stopping = asyncio.create_task(stop.wait())
        ends: set[asyncio.Future[Any]] = {stopping, self._failed}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if self._failed.done():
            self._failed.result()

    async def stop(self) -> None:
        """Takes no more updates, finishes what is under way, and lets the last answers out."""
        if self._polling:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        if self._listener:
            await self._listener.stop()
        self._dispatcher.stop()
        await self._dispatching
        await self._outage.stop()
        await self._sender.drain(PATIENCE)
        logging.getLogger().removeHandler(self._errors)
        if self._telling:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)
        await self._workshop.close()
        await self._application.shutdown()

    async def _receive(self, updates: list[Received]) -> None:
        payloads = [update.payload for update in updates]
        self._dispatcher.wake()
        try:
            await self._store.receive(self._application.bot.id, updates)
        except Exception:
            self._outage.failed(payloads)
            raise
        self._outage.over(payloads)

    async def _poll(self) -> None:
        try:
            await self._application.bot.delete_webhook()
        except TelegramError as error:
            log.info("the webhook could not be taken away: %s", error)
        try:
            await Poller(self._api, self._receive, self._beat).run()
        except InvalidToken as error:
            self._give_up(error)

    async def _listen(self) -> Listener | None:
        """Serves what there is to serve over HTTP, the webhook last of all made known to Telegram."""
        url, secret, listen = self._settings.webhook_url, self._settings.webhook_secret, self._settings.listen
        if listen is None:
            return None
        routes = own_routes(self._readiness(), self._metrics, self._count)
        if url is not None and secret is not None:
            routes.append(Webhook(url=url, secret=secret.get_secret_value(), receive=self._receive).route())
        listener = Listener(listen, routes)
        try:
            await listener.start()
        except OSError as error:
            raise SettingsError(f"MARGINBOT_LISTEN: cannot listen on {listen}: {error.strerror}") from None
        if url is None or secret is None:
            return listener
        try:
            await self._application.bot.set_webhook(
                url, secret_token=secret.get_secret_value(), allowed_updates=ALLOWED_UPDATES
            )
        except TelegramError as error:
            await listener.stop()
            raise SettingsError(f"MARGINBOT_WEBHOOK_URL: the Bot API server does not take it: {error}") from None
        return listener

    def _readiness(self) -> Readiness:
        return Readiness(
            write=self._store.ready,
            ask=lambda: self._api.call("getMe", {}),
            heard=lambda: self._request.heard,
        )

    async def _count(self) -> None:
        waiting = await self._store.waiting(self._application.bot.id)
        self._metrics.waiting("updates", waiting.updates)
        self._metrics.waiting("letters", waiting.letters)

    async def _introduce(self) -> None:
        """Asks the server who we are, until it answers."""
        pause = 0.5
        while True:
            try:
                await self._application.initialize()
                return
            except InvalidToken:
                raise SettingsError("MARGINBOT_TOKEN: the Bot API server refuses this token") from None
            except NetworkError as error:
                log.warning("the Bot API server does not answer (%s); trying again in %.0f s", error, pause)
                await asyncio.sleep(pause)
                pause = min(30.0, pause * 2)

    async def _publish(self) -> None:
        """Sets the command menu and the descriptions; the bot works without them."""
        bot = self._application.bot
        try:
            for scope, commands in self._menus():
                await bot.set_my_commands(list(commands.items()), scope=scope)
            await bot.set_my_description(self._profile.description)
            await bot.set_my_short_description(self._profile.short_description)
        except TelegramError as error:
            log.warning("the command menu could not be set: %s", error)

    def _menus(self) -> Iterator[tuple[BotCommandScope, Mapping[str, str]]]:
        profile, admins = self._profile, self._settings.admin_chat
        yield BotCommandScopeAllPrivateChats(), profile.commands
        yield BotCommandScopeAllGroupChats(), profile.group_commands
        if admins is not None:
            usual = profile.group_commands if admins < 0 else profile.commands
            yield BotCommandScopeChat(admins), {**usual, **profile.admin_commands}

    def _give_up(self, error: Exception) -> None:
        if not self._failed.done():
            log.error("the Bot API server refuses the token: %s", type(error).__name__)
            self._failed.set_exception(SettingsError("MARGINBOT_TOKEN: the Bot API server refuses this token"))
