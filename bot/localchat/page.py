"""The page and what it asks for: a stream of what happens in one chat, and a few posts for what the person does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from aiohttp import web

from bot.localchat import people
from bot.localchat.feed import LOBBY, Change
from bot.localchat.model import Bot, Chat, Json, Person, StoredFile, Tap
from bot.localchat.page_view import chat_state, everyone, message_object, profile, snapshot
from bot.localchat.server import download_headers
from bot.localchat.world import World

HEARTBEAT_SECONDS = 15.0
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_STATIC = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Page:
    """Serves the page and what it asks for."""

    def __init__(self, world: World, *, callback_seconds: float) -> None:
        self._world = world
        self._callback_seconds = callback_seconds
        folder = files("bot.localchat").joinpath("static")
        self._static = {file.name: file.read_bytes() for file in folder.iterdir() if _kind(file.name) in _STATIC}

    def add_routes(self, app: web.Application) -> None:
        """Put the page's routes into the application."""
        app.router.add_get("/", self._file)
        app.router.add_get("/static/{name}", self._file)
        app.router.add_get("/page/everyone", self._everyone)
        app.router.add_get("/page/events", self._events)
        app.router.add_get("/page/file/{unique_id}", self._attachment)
        for name, action in (
            ("send", self._send),
            ("edit", self._edit),
            ("tap", self._tap),
            ("block", self._block),
        ):
            app.router.add_post(f"/page/{name}", _own_page_only(action))

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        if name not in self._static:
            raise web.HTTPNotFound
        kind = _STATIC[_kind(name)]
        return web.Response(body=self._static[name], content_type=kind, charset="utf-8", headers=_HEADERS)

    async def _everyone(self, request: web.Request) -> web.Response:
        return web.json_response(everyone(self._world), headers=_HEADERS)

    async def _attachment(self, request: web.Request) -> web.Response:
        wanted = request.match_info["unique_id"]
        file: StoredFile | None = next((f for f in self._world.files.values() if f.unique_id == wanted), None)
        if file is None:
            raise web.HTTPNotFound
        if file.content_type in _PICTURES:
            headers = {**_HEADERS, "Content-Type": file.content_type, "Cache-Control": "max-age=86400"}
            return web.Response(body=file.content, headers=headers)
        name = file.path.rsplit("/", 1)[-1].removeprefix(f"{file.unique_id}_")
        return web.Response(body=file.content, headers=_HEADERS | download_headers(name))

    # --- what happens

    async def _events(self, request: web.Request) -> web.StreamResponse:
        bot, person = self._pair(request.query)
        chat = self._world.private_chat(bot, person)
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue = self._world.feed.subscribe(chat.key, LOBBY)
        try:
            await response.write(_event("snapshot", snapshot(self._world, bot, person)))
            while True:
                try:
                    change = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if change is None:
                    return response
                told = self._told(change, chat, bot, person)
                if told is not None:
                    await response.write(_event(*told))
        except ConnectionResetError:
            return response
        finally:
            self._world.feed.unsubscribe(queue)

    def _told(self, change: Change, chat: Chat, bot: Bot, person: Person) -> tuple[str, Json] | None:
        if change.kind == "message":
            return "message", message_object(change.subject, person)
        if change.kind == "deleted":
            return "deleted", {"id": change.subject}
        if change.kind == "typing":
            return "typing", {"action": change.subject}
        if change.kind == "chat":
            return "state", chat_state(chat)
        if change.kind == "profile":
            return "profile", profile(bot, person)
        return ("everyone", everyone(self._world)) if change.kind == "arrival" else None

    # --- what the person does

    async def _send(self, asked: Json) -> Json:
        bot, person = self._pair(asked)
        reply_to = asked.get("reply_to")
        message = people.write(self._world, bot, person, people.words(str(asked.get("text", ""))), reply_to)
        return {"id": message.id}

    async def _edit(self, asked: Json) -> Json:
        bot, person = self._pair(asked)
        chat = self._world.private_chat(bot, person)
        people.rewrite(self._world, chat, person, int(asked["message_id"]), str(asked.get("text", "")))
        return {}

    async def _tap(self, asked: Json) -> Json:
        """The bot's answer to a press, or `late` when none comes in time."""
        bot, person = self._pair(asked)
        chat = self._world.private_chat(bot, person)
        pressed: Tap = people.tap(self._world, chat, person, int(asked["message_id"]), str(asked["data"]))
        queue = self._world.feed.subscribe(chat.key)
        try:
            async with asyncio.timeout(self._callback_seconds):
                while pressed.answer is None:
                    if await queue.get() is None:
                        return {"late": True}
        except TimeoutError:
            return {"late": True}
        finally:
            self._world.feed.unsubscribe(queue)
        return pressed.answer

    async def _block(self, asked: Json) -> Json:
        bot, person = self._pair(asked)
        people.set_blocked(self._world, bot, person, bool(asked.get("blocked")))
        return {}

    def _pair(self, asked: Any) -> tuple[Bot, Person]:
        try:
            return self._world.bots[int(asked["bot"])], self._world.people[int(asked["person"])]
        except (KeyError, TypeError, ValueError):
            raise web.HTTPNotFound(text="no such bot or person") from None


def _own_page_only(action: Callable[[Json], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A post of JSON from the page itself; without an Origin it is turned away (the guard checked a given one)."""

    async def handle(request: web.Request) -> web.Response:
        if "Origin" not in request.headers or request.content_type != "application/json":
            raise web.HTTPForbidden(text="only the page itself may ask this")
        try:
            asked = await request.json()
            return web.json_response(await action(asked), headers=_HEADERS)
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400, headers=_HEADERS)

    return handle


def _event(name: str, value: Json) -> bytes:
    return f"event: {name}\ndata: {json.dumps(value)}\n\n".encode("ascii")


def _kind(name: str) -> str:
    return name.rpartition(".")[2]
