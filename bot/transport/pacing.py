"""Telegram's rates, kept by us: what goes faster is refused, and then the chat waits longer."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, Protocol

from aiolimiter import AsyncLimiter

MOST_CHATS: Final = 10_000
"""How many chats' buckets are kept; the longest unused go first, full again by then."""


class Pacer(Protocol):
    async def turn(self, chat_id: int) -> None:
        """Returns when a message may be sent or edited in this chat."""


class NoPacing:
    """For loads against a server of one's own."""

    async def turn(self, chat_id: int) -> None:
        return


class TelegramPacing:
    """25 calls a second over all chats, about one a second in a private chat (three at once), 15 a minute in a group.

    Telegram's guidance is 30, 1 and 20; edits count as sends. Groups have negative ids.
    """

    def __init__(self) -> None:
        self._all = AsyncLimiter(25, 1)
        self._chats: OrderedDict[int, AsyncLimiter] = OrderedDict()

    async def turn(self, chat_id: int) -> None:
        await self._chat(chat_id).acquire()
        await self._all.acquire()

    def _chat(self, chat_id: int) -> AsyncLimiter:
        limiter = self._chats.get(chat_id)
        if limiter is None:
            limiter = AsyncLimiter(15, 60) if chat_id < 0 else AsyncLimiter(3, 3)
            self._chats[chat_id] = limiter
            if len(self._chats) > MOST_CHATS:
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat_id)
        return limiter
