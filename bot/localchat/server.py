"""The Bot API over HTTP: routes, tokens, envelopes, who may call."""

from __future__ import annotations

import inspect
import json
import logging
import time
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.localchat.bodies import LARGEST_BODY, read_call
from bot.localchat.faults import CallLog, Faults, LoggedCall
from bot.localchat.flood import Flood
from bot.localchat.methods import HANDLERS, Call, Described, Services
from bot.localchat.model import Bot, Json
from bot.localchat.refusals import Refusal, not_emulated
from bot.localchat.spec import Method, Upload, methods
from bot.localchat.tokens import bot_id_of, caller

logger = logging.getLogger(__name__)

_SECRET_PARAMETERS = frozenset({"secret_token", "certificate"})

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def dumps(value: Any) -> bytes:
    """JSON as Telegram sends it: compact, UTF-8 (a lone surrogate, which UTF-8 cannot hold, is replaced)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


class BotApi:
    """Serves the Bot API for every bot."""

    def __init__(self, services: Services, faults: Faults, flood: Flood, calls: CallLog) -> None:
        self._services = services
        self._faults = faults
        self._flood = flood
        self._calls = calls
        services.webhooks.on_reply = self._carry_out_reply

    def add_routes(self, app: web.Application) -> None:
        """Put the Bot API's routes into the application."""
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", self._call)
        app.router.add_route("*", "/bot{rest:.*}", self._nowhere)

    async def _nowhere(self, request: web.Request) -> web.Response:
        return _answer(404, Refusal(404, "Not Found").envelope())

    async def _call(self, request: web.Request) -> web.Response:
        began = time.perf_counter()
        name = request.match_info["method"]
        method = methods().get(name.lower())
        raw: dict[str, Any] = {}
        bot_id = 0
        try:
            bot_id = bot_id_of(request.match_info["token"])
            bot = caller(self._services.world, request.match_info["token"])
            if request.method not in ("GET", "POST") or method is None:
                raise Refusal(404, "Not Found")
            raw, uploads = await read_call(request)
            status, body = await self._perform(bot, method, raw, uploads)
        except Refusal as refusal:
            status, body = refusal.code, refusal.envelope()
        except Exception:  # a fault of ours or a body that is no HTTP: still an answer that a bot's library can read
            logger.exception("%s broke", name)
            status, body = 500, Refusal(500, "Internal Server Error").envelope()
        self._log(bot_id, method, name, raw, status, body.get("description"), began)
        if status == 0 and request.transport is not None:
            request.transport.abort()
        return _answer(status or 500, body)

    async def _perform(
        self, bot: Bot, method: Method, raw: dict[str, Any], uploads: dict[str, Upload]
    ) -> tuple[int, Json]:
        """Carry a call out, with the fault that waits for it; status 0 when its answer is to be lost."""
        fault = self._faults.take(method.name)
        try:
            if fault is not None:
                await fault.before()
            self._flood.check(bot.id, method.name, raw)
            status, body = 200, await self._carry_out(bot, method, raw, uploads)
        except Refusal as refusal:
            status, body = refusal.code, refusal.envelope()
        except ConnectionResetError:
            status, body = 0, {}
        return (0 if fault is not None and fault.kind == "reset_after" else status), body

    async def _carry_out_reply(self, bot: Bot, asked: Json) -> None:
        """Carry out the call in a webhook's answer; nobody is told how it went, but the log."""
        began = time.perf_counter()
        name = str(asked["method"])
        method = methods().get(name.lower())
        raw = {key: value for key, value in asked.items() if key != "method"}
        uploads = {key: value for key, value in raw.items() if isinstance(value, Upload)}
        status, body = 404, Refusal(404, "Not Found").envelope()
        if method is not None:
            status, body = await self._perform(bot, method, raw, uploads)
        self._log(bot.id, method, name, raw, status, body.get("description"), began)

    async def _carry_out(self, bot: Bot, method: Method, raw: dict[str, Any], uploads: dict[str, Upload]) -> Json:
        handler = HANDLERS.get(method.name.lower())
        if handler is None:
            raise not_emulated(f"method {method.name}")
        result = handler(Call(bot=bot, params=method.read(raw), uploads=uploads, services=self._services))
        if inspect.isawaitable(result):
            result = await result
        if isinstance(result, Described):
            return {"ok": True, "result": result.result, "description": result.description}
        return {"ok": True, "result": result}

    def _log(
        self, bot_id: int, method: Method | None, name: str, raw: Json, status: int, text: str | None, began: float
    ) -> None:
        self._calls.append(
            LoggedCall(
                bot_id=bot_id,
                method=method.name if method else name,
                params={key: _shown(key, value) for key, value in raw.items()},
                status=status,
                description=text,
                at=time.time(),
                seconds=time.perf_counter() - began,
                unknown_parameters=method.unknown(raw) if method else (),
            )
        )

    async def _file(self, request: web.Request) -> web.Response:
        try:
            caller(self._services.world, request.match_info["token"])
        except Refusal as refusal:
            return _answer(refusal.code, refusal.envelope())
        path = request.match_info["path"]
        file = next((file for file in self._services.world.files.values() if file.path == path), None)
        if file is None:
            return _answer(404, Refusal(404, "Not Found").envelope())
        return web.Response(body=file.content, headers=download_headers(file.path.rsplit("/", 1)[-1]))


def download_headers(name: str) -> dict[str, str]:
    """Headers that make a browser save a file and never show or run it."""
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }


def _guard(hosts: AbstractSet[str]) -> Any:
    """The middleware that turns away foreign Host headers (DNS rebinding) and whatever other sites' pages ask for.

    A picture or a link of theirs comes without an Origin, but browsers name its Sec-Fetch-Site; only the page may be
    opened from elsewhere.
    """

    @web.middleware
    async def check(request: web.Request, handler: Next) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        own = origin is None or origin.removeprefix("http://") in hosts
        foreign = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") and request.path != "/"
        if not own or foreign or request.headers.get("Host", "").lower() not in hosts:
            return _answer(403, Refusal(403, "Forbidden: this server answers on its own address only").envelope())
        return await handler(request)

    return check


def application(hosts: AbstractSet[str]) -> web.Application:
    """An empty application that answers requests to these hosts (HOST:PORT) only; the set may be filled later."""
    return web.Application(client_max_size=LARGEST_BODY, middlewares=[_guard(hosts)])


def _answer(status: int, body: Json) -> web.Response:
    return web.Response(status=status, body=dumps(body), content_type="application/json")


def _shown(key: str, value: Any) -> Any:
    if key in _SECRET_PARAMETERS:
        return "***"
    return f"<{value.name}, {len(value.content)} bytes>" if isinstance(value, Upload) else value
