"""Long polling: every batch is in the inbox before the next call acknowledges it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter

from bot.storage.inbox import Received
from bot.transport.errors import seconds
from bot.transport.lanes import received
from bot.transport.request import Api

log = logging.getLogger(__name__)

WAIT: Final = 30
"""Seconds that Telegram holds a poll open while there is nothing."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
ALLOWED_UPDATES: Final = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "my_chat_member",
    "guest_message",
)


class Poller:
    """Fetches updates until it is cancelled.

    `receive` returns once the batch is durable; `beat` is called after each poll that worked, empty ones included.

    Errors: InvalidToken, which no waiting mends. Everything else is said once and tried again, more and more slowly.
    """

    def __init__(
        self, api: Api, receive: Callable[[list[Received]], Awaitable[None]], beat: Callable[[], None]
    ) -> None:
        self._api = api
        self._receive = receive
        self._beat = beat

    async def run(self) -> None:
        offset: int | None = None
        pause = 0.0
        while True:
            try:
                updates = await self._fetch(offset)
                if updates:
                    await self._receive([received(update) for update in updates])
                    offset = max(int(update["update_id"]) for update in updates) + 1
                self._beat()
            except InvalidToken:
                raise
            except Exception as error:
                pause = self._pause(error, pause)
                await asyncio.sleep(pause)
            else:
                if pause:
                    log.info("updates arrive again")
                pause = 0.0

    async def _fetch(self, offset: int | None) -> list[dict[str, Any]]:
        parameters: dict[str, Any] = {"timeout": WAIT, "limit": 100, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            parameters["offset"] = offset
        result: list[dict[str, Any]] = await self._api.call("getUpdates", parameters, read_timeout=WAIT + 10)
        return result

    @staticmethod
    def _pause(error: Exception, last: float) -> float:
        """How long to wait after `error`, and says plainly what is wrong, once a stretch of failures."""
        if isinstance(error, RetryAfter):
            return seconds(error)
        pause = min(LONGEST_PAUSE, last * 2 or FIRST_PAUSE)
        if isinstance(error, Conflict):
            log.warning("another program polls with this bot's token (409): stop it; trying again in %.0f s", pause)
        elif isinstance(error, NetworkError):
            if not last:
                log.warning("no updates: %s; trying again until it works", error)
        else:
            log.error("no updates: an error of ours; trying again", exc_info=error)
        return pause
