"""How a bot starts: what stops it is said in one line and leaves nothing open; what passes is waited for."""

import asyncio
import socket

import pytest

from bot.localchat import LocalChat
from bot.settings import SettingsError
from bot.storage.store import Store
from bot.transport.telegram_bot import TelegramBot
from tests.bot.transport.test_conversations import parrot
from tests.support.bots import PROFILE, TOKEN, running, settings


def bot(chat: LocalChat, store: Store, **more: object) -> TelegramBot:
    return TelegramBot(settings(chat, "sqlite+aiosqlite:///unused", **more), store, parrot, PROFILE)


async def test_a_refused_token_stops_the_start(chat: LocalChat, store: Store) -> None:
    chat.fault(method="getMe", kind="status", value=401, description="Unauthorized")
    with pytest.raises(SettingsError, match=r"^MARGINBOT_TOKEN: the Bot API server refuses this token$") as caught:
        await bot(chat, store).start()
    assert TOKEN not in str(caught.value)


async def test_a_taken_address_stops_the_start(chat: LocalChat, store: Store) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        hook = {"webhook_url": "http://127.0.0.1/hook", "webhook_secret": "s", "listen": listen}
        with pytest.raises(SettingsError, match=r"^MARGINBOT_LISTEN: cannot listen on "):
            await bot(chat, store, **hook).start()


async def test_a_refused_webhook_stops_the_start(chat: LocalChat, store: Store) -> None:
    chat.fault(method="setWebhook", kind="status", value=400, description="Bad Request: bad webhook: no")
    hook = {"webhook_url": "http://127.0.0.1/hook", "webhook_secret": "s", "listen": "127.0.0.1:0"}
    with pytest.raises(SettingsError, match=r"^MARGINBOT_WEBHOOK_URL: .*Bad webhook"):
        await bot(chat, store, **hook).start()


async def test_a_server_that_is_away_at_the_start_is_waited_for(chat: LocalChat, store: Store) -> None:
    chat.fault(method="getMe", kind="reset_before", times=2)
    async with running(chat, parrot, store=store):
        ann = chat.person("Ann")
        await ann.send("hello")
        assert (await ann.next()).text == "Ann said hello"


async def test_a_token_that_is_taken_back_ends_the_bot_with_one_line(chat: LocalChat, store: Store) -> None:
    revoked = bot(chat, store)
    await revoked.start()
    chat.fault(method="getUpdates", kind="status", value=401, description="Unauthorized")
    ann = chat.person("Ann")
    await ann.send("hello", bot=chat.bot(TOKEN))  # ends the poll that is under way; the next one is refused
    with pytest.raises(SettingsError, match=r"^MARGINBOT_TOKEN"):
        await asyncio.wait_for(revoked.run(asyncio.Event()), timeout=10)
    await revoked.stop()
