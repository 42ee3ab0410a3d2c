"""A load balancer in a few lines: each call goes to the next bot that takes it, in turn."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

PATIENCE = aiohttp.ClientTimeout(total=20)


class Balancer:
    """Listens on a free port of 127.0.0.1 while it is entered. 502 when no bot answers: the caller comes again."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = list(ports)
        self._taken = 0
        app = web.Application()
        app.router.add_post("/{path:.*}", self._hand_on)
        self._runner = web.AppRunner(app, access_log=None)
        self.port = 0

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=PATIENCE)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _hand_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name.startswith("X-")}
        for _ in self._ports:
            self._taken += 1
            port = self._ports[self._taken % len(self._ports)]
            try:
                async with self._session.post(
                    f"http://127.0.0.1:{port}{request.path}", data=body, headers=headers
                ) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            except (aiohttp.ClientError, OSError, TimeoutError):
                continue  # it is dead, or died over this call; the update may come twice
        return web.Response(status=502)
