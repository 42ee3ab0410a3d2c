"""The local chat as a whole: start, stop, and the driver's ways in."""

from __future__ import annotations

import asyncio
import errno
import signal
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from aiohttp import web

from bot.localchat import groups
from bot.localchat.control import Control
from bot.localchat.driver import PersonView
from bot.localchat.faults import CallLog, Fault, FaultKind, Faults, UpdateFaults
from bot.localchat.flood import Flood, FloodLimits
from bot.localchat.group_view import GroupView
from bot.localchat.methods import Services
from bot.localchat.page import Page
from bot.localchat.persistence import Keeper
from bot.localchat.server import BotApi, application
from bot.localchat.tokens import TOKEN, give
from bot.localchat.updates import Polling
from bot.localchat.watching import BotView
from bot.localchat.webhook import Webhooks
from bot.localchat.world import World

LOOPBACK = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}
CALLBACK_SECONDS = 15.0
CALLS_KEPT = 2000


class ListenError(Exception):
    """The address cannot be listened on; the text says which and why."""


class LocalChat:
    """A Bot API server on this machine with a page to chat in.

    `listen` is HOST:PORT, a loopback host and any port (0: a free one). With `state`, a file, everything is kept over a
    restart. `callback_seconds` is how long a tap may be answered. `flood` turns flood limits on: Telegram's, or others.
    `ephemeral=False` is a server from before messages for one member's eyes.
    """

    def __init__(
        self,
        listen: str = "127.0.0.1:8080",
        state: Path | None = None,
        *,
        callback_seconds: float = CALLBACK_SECONDS,
        flood: bool | FloodLimits = False,
        ephemeral: bool = True,
    ) -> None:
        self._host, self._port = parse_listen(listen)
        self._world = World()
        self._world.ephemeral = ephemeral
        self._keeper = Keeper(self._world, state) if state is not None else None
        self._polling = Polling(self._world)
        self._webhooks = Webhooks(self._world)
        self._services = Services(
            world=self._world, polling=self._polling, webhooks=self._webhooks, callback_seconds=callback_seconds
        )
        self._faults = Faults()
        self._update_faults = UpdateFaults(self._world, self._polling, self._webhooks)
        self._flood = Flood(FloodLimits() if flood is True else flood or None)
        self._runner: web.AppRunner | None = None
        self._people: dict[int, PersonView] = {}
        self.calls: CallLog = deque(maxlen=CALLS_KEPT)
        self.url = ""

    # --- starting and stopping

    async def start(self) -> str:
        """Begin to serve and give the root URL; ListenError when the address is taken, StateError when the file is."""
        if self._keeper is not None:
            self._keeper.start()
        people = [self._world.person(name, language_code="en") for name in ("Ann", "Ben")]
        if not self._world.groups():
            groups.create(self._world, "Group", people)
        hosts: set[str] = set()
        app = application(hosts)
        page = Page(self._world, callback_seconds=self._services.callback_seconds)
        page.add_routes(app)
        BotApi(self._services, self._faults, self._flood, self.calls).add_routes(app)
        Control(self._world, self._faults, self._update_faults).add_routes(app)
        app.on_shutdown.append(self._end_waits)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.stop()
            raise ListenError(_listen_problem(self._host, self._port, error)) from None
        port = self._runner.addresses[0][1]
        hosts |= {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if port == 80:
            hosts |= {"127.0.0.1", "localhost", "[::1]"}
        for bot in self._world.bots.values():
            self._webhooks.restart(bot)
        self.url = f"http://{'[::1]' if self._host == '::1' else self._host}:{port}"
        return self.url

    async def stop(self) -> None:
        """Stop serving; everything that is kept is on the disk afterwards."""
        await self._webhooks.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._keeper is not None:
            await self._keeper.stop()

    async def _end_waits(self, app: web.Application) -> None:
        self._polling.close()
        self._world.feed.close()

    # --- for tests and demonstrations

    def person(self, name: str, *, username: str | None = None, language_code: str | None = None) -> PersonView:
        """The person of that name, made when there is none yet."""
        person = self._world.person(name, username=username, language_code=language_code)
        return self._people.setdefault(person.id, PersonView(self._world, person))

    def group(
        self,
        title: str,
        *persons: PersonView,
        kind: Literal["group", "supergroup"] = "supergroup",
        bots: Iterable[BotView] = (),
    ) -> GroupView:
        """A new group made by the first of `persons` (by Ann when none are named), with the others and `bots` in it."""
        members = [view.person for view in persons] or [self._world.person("Ann")]
        return GroupView(
            self._world, groups.create(self._world, title, members, kind=kind, bots=[view.bot for view in bots])
        )

    def bot(
        self,
        token: str,
        *,
        name: str | None = None,
        reads_all: bool | None = None,
        inline: bool | None = None,
        inline_feedback: bool | None = None,
        guest: bool | None = None,
    ) -> BotView:
        """The bot that has this token, with `name` as people see it, and the switches that BotFather keeps.

        `reads_all` turns its privacy mode off (or on), `inline` its inline mode on or off, `inline_feedback` whether it
        is told which of its results was sent, `guest` whether it may be called into groups that it is
        not in. ValueError when the token is not of Telegram's form.
        """
        if TOKEN.fullmatch(token) is None:
            raise ValueError("a token is digits, a colon and 35 characters of A-Z a-z 0-9 _ -")
        bot = self._world.bot(int(token.split(":")[0]))
        give(self._world, bot, token)
        if name is not None:
            bot.names[""] = name
            self._world.mark("bot", bot.id)
        switches = {"reads_all": reads_all, "inline": inline, "inline_feedback": inline_feedback, "guest": guest}
        for switch, value in switches.items():
            if value is not None:
                setattr(bot, switch, value)
                self._world.mark("bot", bot.id)
        return BotView(self._world, bot)

    def fault(
        self,
        *,
        method: str | None = "sendMessage",
        kind: FaultKind,
        times: int = 1,
        value: float = 0,
        description: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        """Let the next `times` calls of `method` go wrong: see faults.Fault."""
        self._faults.add(
            Fault(
                method=method,
                kind=kind,
                times=times,
                value=value,
                description=description,
                retry_after=retry_after,
            )
        )

    def clear_faults(self) -> None:
        """Forget the faults that have not struck yet."""
        self._faults.clear()
        self._update_faults.clear()

    def repeat_update(self, update_id: int | None = None, *, bot: BotView | None = None) -> int:
        """Give a bot one of its recent 200 updates once more (by default the newest); its id.

        ValueError when there is none like it.
        """
        return self._update_faults.repeat(update_id, bot.bot if bot is not None else None)

    def reorder_updates(self, times: int = 1, *, bot: BotView | None = None) -> None:
        """Give a bot its next updates backwards: `times` batches of two or more by polling, pairs by webhook."""
        self._update_faults.reorder(times, bot.bot if bot is not None else None)


def parse_listen(listen: str) -> tuple[str, int]:
    """Host and port of HOST:PORT; ValueError for anything but a loopback host and a port from 0 to 65535."""
    host, _, port = listen.rpartition(":")
    address = LOOPBACK.get(host.strip("[]"))
    if address is None:
        raise ValueError(f"the local chat listens on 127.0.0.1, localhost or [::1] only, got {listen!r}")
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"a port is a number from 0 to 65535, got {listen!r}")
    return address, int(port)


def _listen_problem(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"cannot listen on {host}:{port}: the address is in use"
    return f"cannot listen on {host}:{port}: {error.strerror or error}"


async def serve(
    listen: str = "127.0.0.1:8080", state: Path | None = None, *, flood: bool | FloodLimits = False
) -> None:
    """Run a local chat until SIGINT or SIGTERM; its address is printed. `flood`: with flood limits (see LocalChat)."""
    chat = LocalChat(listen, state, flood=flood)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        url = await chat.start()
        print(f"Local chat: {url} (Bot API root: the same address)", flush=True)
        await stopped.wait()
    finally:
        await chat.stop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
