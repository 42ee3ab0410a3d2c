"""While nothing can be saved (a full disk, a database that is away) people hear so, once a chat and stretch.

The outbox cannot be written then, so this goes out directly. Nothing is lost meanwhile: what could not be stored is not
acknowledged and comes again, and what is stored waits for its turn.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from telegram.error import TelegramError

from bot.transport.pacing import Pacer
from bot.transport.request import Api

log = logging.getLogger(__name__)

GRACE: Final = 1.5
"""Seconds for which a failure is not worth a word: a database that is started again is back by then."""
MOST_CHATS: Final = 1000
"""How many chats are told in a stretch; with more the words would be in the way of the answers."""


@dataclass(slots=True)
class _Stretch:
    since: float
    told: bool = False


class Outage:
    """Whom the outage holds up. `words` is what they are told."""

    def __init__(self, api: Api, pacer: Pacer, words: str) -> None:
        self._api, self._pacer, self._words = api, pacer, words
        self._chats: dict[int, _Stretch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def failed(self, payloads: Iterable[str]) -> None:
        """These updates could not be stored, or what they led to could not."""
        for payload in payloads:
            update = json.loads(payload)
            chat_id = _expecting(update)
            if chat_id is None or (chat_id not in self._chats and len(self._chats) >= MOST_CHATS):
                continue
            stretch = self._chats.setdefault(chat_id, _Stretch(time.monotonic()))
            if not stretch.told and time.monotonic() - stretch.since >= GRACE:
                stretch.told = True
                task = asyncio.create_task(self._tell(chat_id, update))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def over(self, payloads: Iterable[str]) -> None:
        """These could be stored again."""
        if self._chats:
            for payload in payloads:
                self._chats.pop(_expecting(json.loads(payload)) or 0, None)

    async def stop(self) -> None:
        """Ends what is still on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, chat_id: int, update: Mapping[str, Any]) -> None:
        try:
            if "callback_query" in update:
                query = {"callback_query_id": update["callback_query"]["id"], "text": self._words, "show_alert": True}
                await self._api.call("answerCallbackQuery", query)
            else:
                await self._pacer.turn(chat_id)
                await self._api.call("sendMessage", {"chat_id": chat_id, "text": self._words})
        except TelegramError as error:
            log.info("chat %s cannot be told that nothing can be saved: %s", chat_id, error)


def _expecting(update: Mapping[str, Any]) -> int | None:
    """The chat in which somebody waits for an answer; None when nobody is known to, as with the talk of a group."""
    if query := update.get("callback_query"):
        chat_id: int | None = query.get("message", {}).get("chat", {}).get("id")
        return chat_id
    message = update.get("message") or update.get("edited_message") or {}
    chat = message.get("chat") or {}
    asked = chat.get("type") == "private" or str(message.get("text", "")).startswith("/")
    return chat.get("id") if asked else None
