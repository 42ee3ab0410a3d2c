"""Inline mode on the page: asking a bot while the person types, and sending the result they choose."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.localchat import inline
from bot.localchat.choosing import choose
from bot.localchat.inline import Query, Result
from bot.localchat.model import Bot, Json
from bot.localchat.page_guard import own_page_only
from bot.localchat.places import place_of
from bot.localchat.world import World


class InlinePage:
    """Serves what the page asks for in inline mode; a bot has `seconds` to answer a query."""

    def __init__(self, world: World, *, seconds: float) -> None:
        self._world = world
        self._seconds = seconds

    def add_routes(self, app: web.Application) -> None:
        """Put the routes into the application."""
        app.router.add_post("/page/inline", own_page_only(self._inline))
        app.router.add_post("/page/choose", own_page_only(self._choose))

    async def _inline(self, asked: Json) -> Json:
        """The results of a query, or `late` when the bot does not answer in time."""
        person, chat = place_of(self._world, asked)
        bot = self._bot(str(asked["bot_username"]))
        queue = self._world.feed.subscribe(chat.key)
        query = inline.ask(self._world, bot, person, chat, str(asked.get("query", "")), str(asked.get("offset") or ""))
        try:
            async with asyncio.timeout(self._seconds):
                while query.answer is None:
                    if await queue.get() is None:
                        return {"late": True}
        except TimeoutError:
            return {"late": True}
        finally:
            self._world.feed.unsubscribe(queue)
        return results_object(query)

    async def _choose(self, asked: Json) -> Json:
        person, chat = place_of(self._world, asked)
        message = choose(
            self._world,
            person,
            chat,
            str(asked["query_id"]),
            str(asked["result_id"]),
            reply_to=asked.get("reply_to"),
            topic=asked.get("topic"),
        )
        return {"id": message.id}

    def _bot(self, username: str) -> Bot:
        wanted = username.removeprefix("@").casefold()
        found = next((bot for bot in self._world.bots.values() if bot.username.casefold() == wanted), None)
        if found is None:
            raise ValueError(f"there is no bot @{username}")
        return found


def results_object(query: Query) -> Json:
    """An answered query for the page."""
    answer = query.answer
    assert answer is not None
    return {
        "results": [_result_object(result) for result in answer.results.values()],
        "button": answer.button,
        "next_offset": answer.next_offset,
        "cached": query.cached,
        "query_id": query.id,
    }


def _result_object(result: Result) -> Json:
    return {
        "id": result.id,
        "type": result.kind,
        "title": result.title,
        "description": result.description,
        "thumbnail": result.photo,
        "photo": result.photo,
        "preview": result.preview,
    }
