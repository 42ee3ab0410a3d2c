"""Who leads a group, as Telegram says it; remembered for a minute, since settings are tapped several times."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from typing import Final

from telegram.error import TelegramError

from bot.transport.request import Api

log = logging.getLogger(__name__)

REMEMBERED: Final = 60.0
MOST: Final = 10_000
_LEADING: Final = ("creator", "administrator")


class Members:
    """Asks on behalf of one bot."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: OrderedDict[tuple[int, int], tuple[float, bool]] = OrderedDict()

    async def leads(self, chat_id: int, person_id: int) -> bool:
        """Whether the person is an administrator of the group; not, when Telegram does not say."""
        at, known = self._known.get((chat_id, person_id), (0.0, False))
        now = time.monotonic()
        if at and now - at < REMEMBERED:
            return known
        try:
            member = await self._api.call("getChatMember", {"chat_id": chat_id, "user_id": person_id})
        except TelegramError as error:
            log.info("chat %s: it is not known who leads it: %s", chat_id, error)
            return False
        found: bool = member.get("status") in _LEADING
        self._known[chat_id, person_id] = (now, found)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return found
