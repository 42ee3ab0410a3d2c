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
    """25 calls a second over all chats; about one a second in a chat, three at once; in a group two at once, five
    within some seconds and then 15 a minute, so that no minute has more than 20.

    Telegram's guidance is 30, 1 and 20; edits count as sends. Groups have negative ids.
    """

    def __init__(self) -> None:
        self._all = AsyncLimiter(25, 1)
        self._chats: OrderedDict[int, tuple[AsyncLimiter, ...]] = OrderedDict()

    async def turn(self, chat_id: int) -> None:
        for limiter in self._chat(chat_id):
            await limiter.acquire()
        await self._all.acquire()

    def _chat(self, chat_id: int) -> tuple[AsyncLimiter, ...]:
        limiters = self._chats.get(chat_id)
        if limiters is None:
            limiters = (AsyncLimiter(5, 20), AsyncLimiter(2, 2.4)) if chat_id < 0 else (AsyncLimiter(3, 3),)
            self._chats[chat_id] = limiters
            if len(self._chats) > MOST_CHATS:
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat_id)
        return limiters
