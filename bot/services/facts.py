"""The short read before a decision: the card that an event concerns and the person's portfolio."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.dialogue import Card, Event, Tapped, decode_payload
from bot.storage.portfolios import Portfolio, StoredPortfolio
from margin_engine import Book

Found = Literal["tapped", "replied", "newest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a flow may know besides the event.

    `card` is the one whose button was tapped, else the one replied to, else the one of this person in this chat that
    was shown or touched last ("newest"); `found` says which. A tap on a card that is gone, or on somebody else's, gives
    the card None or the other's. `book` is the portfolio's own book where it came as one, with more than is saved.
    """

    card: Card | None = None
    found: Found | None = None
    portfolio: StoredPortfolio = field(default_factory=lambda: StoredPortfolio(portfolio=Portfolio()))
    book: Book | None = None


class Reader(Protocol):
    """The reads that storage offers for this."""

    async def card(self, bot_id: int, card_id: int) -> Card | None: ...
    async def card_of_message(self, bot_id: int, chat_id: int, message_id: int) -> Card | None: ...
    async def newest_card(self, bot_id: int, chat_id: int, owner_id: int) -> Card | None: ...
    async def portfolio(self, owner_id: int) -> StoredPortfolio: ...


async def gather(event: Event, storage: Reader) -> Facts:
    """Reads what the flows may need for `event`, one card and one portfolio, in one round trip."""
    (card, found), portfolio = await asyncio.gather(_card(event, storage), storage.portfolio(event.person.id))
    return Facts(card=card, found=found if card else None, portfolio=portfolio)


async def _card(event: Event, storage: Reader) -> tuple[Card | None, Found]:
    if isinstance(event.content, Tapped):
        payload = decode_payload(event.content.data)
        return await storage.card(event.bot_id, payload.card_id) if payload else None, "tapped"
    if event.reply_to is not None:
        card = await storage.card_of_message(event.bot_id, event.chat.id, event.reply_to)
        if card is not None:
            return card, "replied"
    return await storage.newest_card(event.bot_id, event.chat.id, event.person.id), "newest"
