"""The webhook: an update is in the inbox before Telegram gets its 200."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.storage.inbox import Received
from bot.transport.lanes import received

log = logging.getLogger(__name__)

LARGEST_UPDATE: Final = 1 << 20
MOST_READ: Final = 16 * LARGEST_UPDATE
"""How much of a body that is too large is read to its end, so that who sends it hears why."""
PATIENCE: Final = 30.0
"""Seconds for a body to arrive."""
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


class TooLarge(Exception):
    """A body is longer than any update."""


class Webhook:
    """Takes updates at the path of `url`. A call without the right secret gets 403, one that cannot be stored 500."""

    def __init__(self, *, url: str, secret: str, receive: Callable[[list[Received]], Awaitable[None]]) -> None:
        self._path = unquote(urlsplit(url).path)
        self._secret = secret.encode()
        self._receive = receive

    def route(self) -> Route:
        """Where it answers."""
        return Route(self._path, self._update, methods=["POST"])

    async def _update(self, request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret):
            return Response(status_code=403)
        try:
            async with asyncio.timeout(PATIENCE):
                arrived = received(json.loads(await _body(request)))
        except TooLarge:
            return Response(status_code=413)
        except TimeoutError:
            return Response(status_code=408)
        except (ValueError, OverflowError, KeyError, TypeError, AttributeError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        try:
            await self._receive([arrived])
        except Exception:
            log.exception("an update could not be stored; Telegram will send it again")
            return Response(status_code=500)
        return Response()


async def _body(request: Request) -> bytes:
    """The body, of which no more than an update is kept. Errors: TooLarge, ClientDisconnect."""
    body, length = bytearray(), 0
    async for part in request.stream():
        length += len(part)
        if length <= LARGEST_UPDATE:
            body += part
        elif length > MOST_READ:
            break
    if length > LARGEST_UPDATE:
        raise TooLarge
    return bytes(body)
