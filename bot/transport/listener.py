"""What the bot answers over HTTP itself: the webhook, whether it lives, whether it can work, and its numbers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.settings import Address
from bot.transport.metrics import Metrics

BACKLOG: Final = 1024
MOST_CONNECTIONS: Final = 512
"""Open at once; who comes then gets 503. Telegram uses 40."""
PATIENCE: Final = 5.0
"""Seconds that the database or the Bot API server may take to answer before the bot calls itself not ready."""
FRESH: Final = 90.0
"""Seconds since the Bot API server's last answer after which it is asked for another."""

Check = Callable[[], Awaitable[object]]


class Readiness:
    """Whether the bot can work: `write` is a try at the database, `ask` one at the Bot API server; each raises.

    `heard` gives the time (of time.monotonic) of that server's last answer.
    """

    def __init__(self, *, write: Check, ask: Check, heard: Callable[[], float]) -> None:
        self._write = write
        self._ask = ask
        self._heard = heard

    async def lacking(self) -> str | None:
        """What the bot cannot reach, in one word; None when it is ready."""
        if not await _works(self._write):
            return "database"
        if time.monotonic() - self._heard() > FRESH and not await _works(self._ask):
            return "telegram"
        return None


async def _works(check: Check) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await check()
    except Exception:
        return False
    return True


def own_routes(readiness: Readiness, metrics: Metrics, count: Check) -> list[Route]:
    """What the operator's own machines ask for: see bot.settings.OWN_PATHS.

    `count` brings the lengths of the queues up to date.
    """

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        lacking = await readiness.lacking()
        return PlainTextResponse(f"{lacking or 'ok'}\n", status_code=503 if lacking else 200)

    async def numbers(_request: Request) -> Response:
        await _works(count)
        return Response(metrics.page(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", numbers)]


class _Server(uvicorn.Server):
    """Leaves the signals to who started it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Listener:
    """Serves routes at an address, in the loop that runs already."""

    def __init__(self, address: Address, routes: Sequence[Route]) -> None:
        self._address = address
        config = uvicorn.Config(
            Starlette(routes=list(routes)),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=5,
        )
        self._server = _Server(config)
        self._socket: socket.socket | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Starts listening. Result: the port, also when 0 was asked for. Errors: OSError when it is taken."""
        host, port = self._address
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
            self._socket.listen(BACKLOG)
        except OSError:
            self._socket.close()
            raise
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]), name="listener")
        taken: int = self._socket.getsockname()[1]
        return taken

    async def stop(self) -> None:
        """Answers what has come, then listens no more."""
        if self._serving is not None and self._socket is not None:
            self._server.should_exit = True
            await self._serving
            self._socket.close()
