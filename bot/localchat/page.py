"""The page and what it is told: its files, and a stream of what happens in one chat."""

from __future__ import annotations

import asyncio
import json
from importlib.resources import files

from aiohttp import web

from bot.localchat.feed import LOBBY, Change
from bot.localchat.model import Chat, Json, Person, StoredFile
from bot.localchat.page_groups import GroupPosts
from bot.localchat.page_guard import HEADERS
from bot.localchat.page_inline import InlinePage
from bot.localchat.page_lately import Lately
from bot.localchat.page_message import message_object
from bot.localchat.page_posts import PagePosts
from bot.localchat.page_view import chat_state, everyone, profile, snapshot
from bot.localchat.places import place_of
from bot.localchat.server import download_headers
from bot.localchat.world import World

HEARTBEAT_SECONDS = 15.0
_STATIC = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Page:
    """Serves the page and what it asks for."""

    def __init__(self, world: World, *, callback_seconds: float) -> None:
        self._world = world
        self._callback_seconds = callback_seconds
        self._lately = Lately(world)
        folder = files("bot.localchat").joinpath("static")
        self._static = {file.name: file.read_bytes() for file in folder.iterdir() if _kind(file.name) in _STATIC}

    def add_routes(self, app: web.Application) -> None:
        """Put the page's routes into the application."""
        app.router.add_get("/", self._file)
        app.router.add_get("/static/{name}", self._file)
        app.router.add_get("/page/everyone", self._everyone)
        app.router.add_get("/page/events", self._events)
        app.router.add_get("/page/file/{unique_id}", self._attachment)
        PagePosts(self._world, callback_seconds=self._callback_seconds).add_routes(app)
        GroupPosts(self._world).add_routes(app)
        InlinePage(self._world, seconds=self._callback_seconds).add_routes(app)

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        if name not in self._static:
            raise web.HTTPNotFound
        kind = _STATIC[_kind(name)]
        return web.Response(body=self._static[name], content_type=kind, charset="utf-8", headers=HEADERS)

    async def _everyone(self, request: web.Request) -> web.Response:
        return web.json_response(everyone(self._world), headers=HEADERS)

    async def _attachment(self, request: web.Request) -> web.Response:
        wanted = request.match_info["unique_id"]
        file: StoredFile | None = next((f for f in self._world.files.values() if f.unique_id == wanted), None)
        if file is None:
            raise web.HTTPNotFound
        if file.content_type in _PICTURES:
            headers = {**HEADERS, "Content-Type": file.content_type, "Cache-Control": "max-age=86400"}
            return web.Response(body=file.content, headers=headers)
        name = file.path.rsplit("/", 1)[-1].removeprefix(f"{file.unique_id}_")
        return web.Response(body=file.content, headers=HEADERS | download_headers(name))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        person, chat = place_of(self._world, request.query)
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue = self._world.feed.subscribe(chat.key, LOBBY)
        try:
            if request.query.get("group") not in (None, "", str(chat.id)):  # asked for what it was before it moved
                await response.write(_event("migrated", {"to": chat.id}))
                return response
            self._lately.saw(person, chat)
            lately = {"lately": self._lately.all(person)}
            await response.write(_event("snapshot", snapshot(self._world, chat, person) | lately))
            while True:
                try:
                    change = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if change is None:
                    return response
                told = self._told(change, chat, person)
                if told is not None:
                    await response.write(_event(*told))
        except ConnectionResetError:
            return response
        finally:
            self._world.feed.unsubscribe(queue)

    def _told(self, change: Change, chat: Chat, person: Person) -> tuple[str, Json] | None:
        if change.kind == "message":
            if not change.subject.is_seen_by(person.id):
                return None
            self._lately.saw(person, chat)
            return "message", message_object(change.subject, person)
        if change.kind == "deleted":
            return "deleted", {"id": change.subject}
        if change.kind == "typing":
            return "typing", change.subject
        if change.kind == "chat":
            return "state", chat_state(self._world, chat, person)
        if change.kind == "profile":
            return "profile", profile(self._world, chat, person)
        if change.kind == "migrated":
            return "migrated", {"to": change.subject}
        if change.kind == "said":
            said = self._lately.of(change.subject, person) if change.subject is not chat else None
            return ("said", said) if said else None
        return ("everyone", everyone(self._world)) if change.kind == "arrival" else None


def _event(name: str, value: Json) -> bytes:
    return f"event: {name}\ndata: {json.dumps(value)}\n\n".encode("ascii")


def _kind(name: str) -> str:
    return name.rpartition(".")[2]
