"""The storage's own portfolio functions on a database in memory, for conversations that are told without a bot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot.dialogue import Card, Change
from bot.storage import group_rows, portfolio_past, portfolio_rows
from bot.storage.group_settings import StoredGroup
from bot.storage.person_settings import StoredSettings
from bot.storage.portfolios import Census, Portfolio, SavePortfolio, Share, Shelf, Step, StoredPortfolio
from bot.storage.tables import metadata
from bot.storage.transaction import apply_change


class Shelves:
    """Reads and writes like the store, at the time of the conversation; cards are the conversation's own."""

    def __init__(self) -> None:
        engine = create_engine("sqlite://", poolclass=StaticPool)
        metadata.create_all(engine)
        self.connection = engine.connect()
        self.by_id: Mapping[int, Card] = {}
        self.of_message: Mapping[int, int] = {}
        self.as_set: Mapping[int, StoredSettings] = {}

    def __del__(self) -> None:
        self.connection.close()
        self.connection.engine.dispose()

    def apply(self, changes: Iterable[Change], now: datetime) -> None:
        """Makes the changes of one event, all or nothing."""
        with self.connection.begin_nested():
            for change in changes:
                apply_change(self.connection, change, now)

    def open_of(self, owner: int) -> StoredPortfolio:
        return portfolio_rows.find(self.connection, {portfolio_rows.Of(owner)})[portfolio_rows.Of(owner)].open

    def add(self, owner: int, portfolio: Portfolio, now: datetime) -> None:
        """A portfolio that is there from the beginning."""
        self.apply([SavePortfolio(owner_id=owner, portfolio=portfolio, version=0)], now)

    # --- as `bot.services.facts.Reader` ---------------------------------------------------------------------------

    async def card(self, bot_id: int, card_id: int) -> Card | None:
        return self.by_id.get(card_id)

    async def card_of_message(self, bot_id: int, chat_id: int, message_id: int) -> Card | None:
        card = self.of_message.get(message_id)
        return self.by_id.get(card) if card is not None else None

    async def card_of_question(self, bot_id: int, chat_id: int, asked: int) -> Card | None:
        return next((card for card in self.by_id.values() if card.asked == asked), None)

    async def card_of_inline(self, bot_id: int, inline_message_id: str) -> Card | None:
        return next((card for card in self.by_id.values() if card.inline_message_id == inline_message_id), None)

    async def last_cards(self, bot_id: int, chat_id: int, owner_id: int, count: int) -> tuple[Card, ...]:
        return tuple(card for card in reversed(list(self.by_id.values())) if card.owner_id == owner_id)[:count]

    async def newest_card(self, bot_id: int, chat_id: int, owner_id: int) -> Card | None:
        return next((card for card in reversed(list(self.by_id.values())) if card.owner_id == owner_id), None)

    async def shelf(self, owner_id: int) -> Shelf:
        return portfolio_rows.find(self.connection, {portfolio_rows.Of(owner_id)})[portfolio_rows.Of(owner_id)]

    async def group(self, bot_id: int, chat_id: int) -> StoredGroup:
        key = group_rows.GroupOf(bot_id, chat_id)
        return group_rows.find(self.connection, {key})[key]

    async def settings(self, owner_id: int) -> StoredSettings:
        return self.as_set.get(owner_id, StoredSettings())

    async def portfolio_by_id(self, owner_id: int, portfolio_id: int) -> StoredPortfolio | None:
        return portfolio_rows.find_one(self.connection, owner_id, portfolio_id)

    async def steps(self, owner_id: int, portfolio_id: int, *, last: int, count: int) -> tuple[Step, ...]:
        return portfolio_past.steps(self.connection, owner_id, portfolio_id, last=last, count=count)

    async def share(self, token: str) -> Share | None:
        return portfolio_past.shared(self.connection, token)

    async def shares(self, owner_id: int) -> tuple[Share, ...]:
        return portfolio_past.shares_of(self.connection, owner_id)

    async def kept(self, owner_id: int) -> Census:
        return portfolio_past.kept(self.connection, owner_id)
