"""The Bot API over HTTP: routes, tokens, envelopes, who may call."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import time
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.localchat.bodies import LARGEST_BODY, read_call
from bot.localchat.faults import CallLog, Fault, Faults, LoggedCall
from bot.localchat.methods import HANDLERS, Call, Described, Services
from bot.localchat.model import Bot, Json
from bot.localchat.refusals import Refusal, not_emulated
from bot.localchat.spec import Method, Upload, methods

TOKEN = re.compile(r"([0-9]{1,15}):[A-Za-z0-9_-]{35}")
_TOKEN_LIKE = re.compile(r"[0-9]+:.*", re.DOTALL)
_SECRET_PARAMETERS = frozenset({"secret_token", "certificate"})

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def dumps(value: Any) -> bytes:
    """JSON as Telegram sends it: compact, UTF-8 (a lone surrogate, which UTF-8 cannot hold, is replaced)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def bot_id_of(token: str) -> int:
    """The bot's id from its token; a Refusal (401 for a token that is not well formed, 404 for anything else)."""
    found = TOKEN.fullmatch(token)
    if found is not None:
        return int(found.group(1))
    raise Refusal(401, "Unauthorized") if _TOKEN_LIKE.fullmatch(token) else Refusal(404, "Not Found")


class BotApi:
    """Serves the Bot API for every bot."""

    def __init__(self, services: Services, faults: Faults, calls: CallLog) -> None:
        self._services = services
        self._faults = faults
        self._calls = calls

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
        fault: Fault | None = None
        bot_id = 0
        try:
            bot_id = bot_id_of(request.match_info["token"])
            if request.method not in ("GET", "POST") or method is None:
                raise Refusal(404, "Not Found")
            raw, uploads = await read_call(request)
            fault = self._faults.take(method.name)
            await _before(fault)
            bot = self._services.world.bot(bot_id)
            status, body = 200, await self._carry_out(bot, method, raw, uploads)
        except Refusal as refusal:
            status, body = refusal.code, refusal.envelope()
        except ConnectionResetError:
            status, body = 0, {}
        if fault is not None and fault.kind == "reset_after":
            status = 0
        self._log(bot_id, method, name, raw, status, body.get("description"), began)
        if status == 0 and request.transport is not None:
            request.transport.abort()
        return _answer(status or 500, body)

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
            bot_id_of(request.match_info["token"])
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
    """The middleware that turns away foreign Host headers (DNS rebinding) and foreign Origins (other sites' pages)."""

    @web.middleware
    async def check(request: web.Request, handler: Next) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        own = origin is None or origin.removeprefix("http://") in hosts
        if not own or request.headers.get("Host", "").lower() not in hosts:
            return _answer(403, Refusal(403, "Forbidden: this server answers on its own address only").envelope())
        return await handler(request)

    return check


def application(hosts: AbstractSet[str]) -> web.Application:
    """An empty application that answers requests to these hosts (HOST:PORT) only; the set may be filled later."""
    return web.Application(client_max_size=LARGEST_BODY, middlewares=[_guard(hosts)])


async def _before(fault: Fault | None) -> None:
    """What a fault does before the call is carried out."""
    if fault is None:
        return
    if fault.kind == "delay":
        await asyncio.sleep(fault.value)
    elif fault.kind == "reset_before":
        raise ConnectionResetError
    elif fault.kind == "status":
        parameters = {"retry_after": fault.retry_after} if fault.retry_after is not None else None
        raise Refusal(int(fault.value), fault.description or _STATUS_TEXTS.get(int(fault.value), "Fault"), parameters)


_STATUS_TEXTS = {429: "Too Many Requests: retry later", 500: "Internal Server Error", 502: "Bad Gateway"}


def _answer(status: int, body: Json) -> web.Response:
    return web.Response(status=status, body=dumps(body), content_type="application/json")


def _shown(key: str, value: Any) -> Any:
    if key in _SECRET_PARAMETERS:
        return "***"
    return f"<{value.name}, {len(value.content)} bytes>" if isinstance(value, Upload) else value
