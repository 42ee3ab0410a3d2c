"""The webhook: an update is in the inbox before Telegram gets its 200."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.storage.inbox import Received
from bot.transport.lanes import received

log = logging.getLogger(__name__)

LARGEST_UPDATE: Final = 1 << 20
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


class Webhook:
    """Listens at the path of `url`. A call without the right secret gets 403, one that cannot be stored 500."""

    def __init__(
        self, *, url: str, secret: str, host: str, port: int, receive: Callable[[list[Received]], Awaitable[None]]
    ) -> None:
        self._secret = secret.encode()
        self._host = host
        self._port = port
        self._receive = receive
        self._app = web.Application(client_max_size=LARGEST_UPDATE)
        self._app.router.add_post(urlsplit(url).path, self._update)
        self._runner = web.AppRunner(self._app, access_log=None)

    async def start(self) -> int:
        """Starts listening. Result: the port, also when 0 was asked for. Errors: OSError when it is taken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        port: int = self._runner.addresses[0][1]
        return port

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _update(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret):
            return web.Response(status=403)
        try:
            arrived = received(json.loads(await request.read()))
        except (ValueError, KeyError, TypeError, AttributeError):
            return web.Response(status=400)
        try:
            await self._receive([arrived])
        except Exception:
            log.exception("an update could not be stored; Telegram will send it again")
            return web.Response(status=500)
        return web.Response()
