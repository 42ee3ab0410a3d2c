"""A bot that runs against the local chat, over HTTP and through the real python-telegram-bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from bot.localchat import BotView, LocalChat
from bot.settings import Settings
from bot.storage.store import Store
from bot.transport.dispatcher import Decide
from bot.transport.telegram_bot import Profile, TelegramBot

TOKEN = "1234567:" + "t" * 35
PROFILE = Profile(
    commands={"help": "what I can do", "portfolio": "what I hold"},
    group_commands={"help": "what I can do"},
    description="long",
    short_description="short",
    apology="Sorry, my fault.",
    unsaved="Nothing can be saved.",
)


def settings(chat: LocalChat, database: str, **more: object) -> Settings:
    return Settings.model_validate(
        {"token": SecretStr(TOKEN), "api_url": chat.url, "database_url": database, "pacing": "off", **more}
    )


@asynccontextmanager
async def running(
    chat: LocalChat, decide: Decide, *, store: Store, profile: Profile = PROFILE, **more: object
) -> AsyncIterator[BotView]:
    """The bot, polling, from start to a clean stop."""
    bot = TelegramBot(settings(chat, "sqlite+aiosqlite:///unused", **more), store, decide, profile)
    await bot.start()
    stop = asyncio.Event()
    running = asyncio.create_task(bot.run(stop))
    try:
        yield chat.bot(TOKEN)
    finally:
        stop.set()
        await asyncio.gather(running, return_exceptions=True)
        await bot.stop()
