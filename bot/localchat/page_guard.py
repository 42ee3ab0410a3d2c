"""Who may ask the page's own questions: the page itself, by JSON or by a form with a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.localchat.fields import read_json
from bot.localchat.methods.uploads import PHOTO_BYTES
from bot.localchat.model import Json

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
FORM_BYTES = PHOTO_BYTES + 64 * 1024
"""How large the form with a file may be: the file, and room for the words around it."""

Action = Callable[[Json], Awaitable[Json]]
Handler = Callable[[web.Request], Awaitable[web.Response]]


def own_page_only(action: Action) -> Handler:
    """A post of JSON from the page itself; without an Origin it is turned away (the guard checked a given one)."""

    async def handle(request: web.Request) -> web.Response:
        if "Origin" not in request.headers or request.content_type != "application/json":
            raise web.HTTPForbidden(text="only the page itself may ask this")

        async def fields() -> Json:
            read: Json = read_json(await request.read())
            return read

        return await _answered(action, fields)

    return handle


def own_form_only(action: Action) -> Handler:
    """A multipart form from the page itself, of at most FORM_BYTES; otherwise as `own_page_only`."""

    async def handle(request: web.Request) -> web.Response:
        if "Origin" not in request.headers or request.content_type != "multipart/form-data":
            raise web.HTTPForbidden(text="only the page itself may ask this")
        if request.content_length is None or request.content_length > FORM_BYTES:
            return web.json_response({"error": "the file is larger than 10 MB"}, status=413, headers=HEADERS)

        async def form() -> Json:
            return dict(await request.post())

        return await _answered(action, form)

    return handle


async def _answered(action: Action, read: Callable[[], Awaitable[Json]]) -> web.Response:
    try:
        return web.json_response(await action(await read()), headers=HEADERS)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=400, headers=HEADERS)
