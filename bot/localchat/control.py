"""Faults over HTTP, for programs that test their bot against this server: POST and DELETE /control/fault.

POST takes a JSON object: {"kind": "delay" | "status" | "reset_before" | "reset_after", "method", "times", "value",
"description", "retry_after"}, or {"kind": "repeat_update", "bot", "update_id"}, or {"kind": "reorder_updates", "bot",
"times"}; `bot` is a bot's id. DELETE forgets the faults that wait. Pages of a browser are turned away.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from aiohttp import web

from bot.localchat.faults import Fault, Faults, UpdateFaults
from bot.localchat.fields import read_json
from bot.localchat.model import Bot
from bot.localchat.world import World

_FIELDS = frozenset(field.name for field in fields(Fault))
_UPDATE_FIELDS = frozenset({"kind", "bot", "update_id", "times"})


class Control:
    """Takes faults over HTTP."""

    def __init__(self, world: World, faults: Faults, updates: UpdateFaults) -> None:
        self._world = world
        self._faults = faults
        self._updates = updates

    def add_routes(self, app: web.Application) -> None:
        """Put the routes into the application."""
        app.router.add_post("/control/fault", self._add)
        app.router.add_delete("/control/fault", self._clear)

    async def _add(self, request: web.Request) -> web.Response:
        _not_from_a_page(request)
        if request.content_type != "application/json":
            return _answer(415, "a fault is a JSON object")
        try:
            asked = read_json(await request.read())
            if not isinstance(asked, dict):
                raise ValueError("a fault is a JSON object")
            return web.json_response({"ok": True, **self._taken(asked)})
        except (OverflowError, TypeError, ValueError) as error:
            return _answer(400, str(error))

    async def _clear(self, request: web.Request) -> web.Response:
        _not_from_a_page(request)
        self._faults.clear()
        self._updates.clear()
        return web.json_response({"ok": True})

    def _taken(self, asked: dict[str, Any]) -> dict[str, Any]:
        kind = asked.get("kind")
        about_updates = kind in ("repeat_update", "reorder_updates")
        unknown = sorted(asked.keys() - (_UPDATE_FIELDS if about_updates else _FIELDS))
        if unknown:
            raise ValueError(f"unknown: {', '.join(unknown)}")
        if kind == "repeat_update":
            return {"update_id": self._updates.repeat(asked.get("update_id"), self._bot(asked))}
        if kind == "reorder_updates":
            self._updates.reorder(int(asked.get("times", 1)), self._bot(asked))
            return {}
        if kind is None:
            raise ValueError("a fault has a kind")
        self._faults.add(Fault(**{"method": None, **asked}))
        return {}

    def _bot(self, asked: dict[str, Any]) -> Bot | None:
        if asked.get("bot") is None:
            return None
        bot = self._world.bots.get(int(asked["bot"]))
        if bot is None:
            raise ValueError(f"no bot {asked['bot']} is known")
        return bot


def _not_from_a_page(request: web.Request) -> None:
    if "Origin" in request.headers or "Sec-Fetch-Site" in request.headers:
        raise web.HTTPForbidden(text="for programs only, not for pages")


def _answer(status: int, error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)
