"""A person at the page of a local chat that runs somewhere else: what a browser would send and be told, over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import aiohttp

PATIENCE = 20.0
Json = dict[str, Any]


class PagePerson:
    """The first person of the page, in the private chat with the bot that is there, once there is one."""

    def __init__(self, root: str, session: aiohttp.ClientSession) -> None:
        self._root = root
        self._session = session
        self._place: dict[str, int] = {}

    async def meet(self, username: str) -> None:
        """Wait until the bot has come, and open the chat with it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self._session.get(f"{self._root}/page/everyone") as answer:
                    told = await answer.json()
                found = [bot["id"] for bot in told["bots"] if bot["username"] == username]
                if found:
                    self._place = {"person": told["people"][0]["id"], "bot": found[0]}
                    return
                await asyncio.sleep(0.05)

    async def post(self, action: str, **asked: Any) -> Any:
        """What the page posts."""
        headers = {"Origin": self._root}
        body = self._place | asked
        async with self._session.post(f"{self._root}/page/{action}", json=body, headers=headers) as answer:
            told = await answer.json()
            assert answer.status == 200, told
            return told

    async def post_photo(self, content: bytes) -> None:
        """Send a picture."""
        form = aiohttp.FormData({name: str(value) for name, value in self._place.items()})
        form.add_field("file", content, filename="picture.png", content_type="image/png")
        headers = {"Origin": self._root}
        async with self._session.post(f"{self._root}/page/photo", data=form, headers=headers) as answer:
            assert answer.status == 200, await answer.text()

    async def profile(self, wanted: Callable[[Json], bool]) -> Json:
        """What the bot says of itself, once it is as wanted."""

        def look(told: Json) -> Json | None:
            profile: Json = told["profile"]
            return profile if wanted(profile) else None

        return await self._until(look)

    async def seen(self, wanted: Callable[[Json], bool]) -> Json:
        """The newest message for which `wanted` holds, as soon as there is one."""
        return await self._until(lambda told: next(filter(wanted, reversed(told["messages"])), None))

    async def _until(self, look: Callable[[Json], Json | None]) -> Json:
        """What `look` finds in the page's first event, which holds all that is drawn, polled until it does."""
        end = time.monotonic() + PATIENCE
        while (found := look(told := await self._snapshot())) is None:
            assert time.monotonic() < end, f"not seen; the chat: {[message['text'] for message in told['messages']]}"
            await asyncio.sleep(0.05)
        return found

    async def _snapshot(self) -> Json:
        async with self._session.get(f"{self._root}/page/events", params=self._place) as stream:
            while not (line := await stream.content.readline()).startswith(b"data: "):
                pass
            told: Json = json.loads(line.removeprefix(b"data: "))
            return told
