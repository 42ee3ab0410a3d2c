"""Looking at a chat from a test: what is there, and waiting for what comes."""

# ruff: noqa: ASYNC109 - a test says how long it is ready to wait

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.localchat.feed import ChatKey
from bot.localchat.group_view import GroupView
from bot.localchat.model import Bot, Chat, Json, Person, is_service
from bot.localchat.views import MessageView, view
from bot.localchat.world import World

Found = TypeVar("Found")
PATIENCE = 5.0


class BotView:
    """A bot of the server, as the driver names it."""

    def __init__(self, world: World, bot: Bot) -> None:
        self._world = world
        self.bot = bot

    @property
    def id(self) -> int:
        """The bot's user id."""
        return self.bot.id

    @property
    def username(self) -> str:
        """The bot's username, without @."""
        return self.bot.username

    @property
    def pending(self) -> int:
        """How many updates it has not confirmed yet."""
        return len(self.bot.updates)

    @property
    def commands(self) -> dict[str, list[Json]]:
        """The commands it has set, by scope and language (a JSON list as text)."""
        return self.bot.commands


class Watcher:
    """A person who looks at their chats: a group (`chat`), else the private chat with `bot`.

    `bot` may be left out while one is known, or to go on with the last one.
    """

    def __init__(self, world: World, person: Person) -> None:
        self._world = world
        self.person = person
        self._last_bot: Bot | None = None
        self._seen: dict[ChatKey, int] = {}

    @property
    def id(self) -> int:
        """The person's user id, and the id of their private chats."""
        return self.person.id

    @property
    def messages(self) -> list[MessageView]:
        """Everything in the private chat (with the last bot, or the only one), oldest first."""
        return [view(message) for message in self._place(None, None).messages.values()]

    def fresh(
        self, message: MessageView, *, bot: BotView | None = None, chat: GroupView | None = None
    ) -> MessageView | None:
        """The message as it is now, or None when it has been deleted."""
        stored = self._place(bot, chat).messages.get(message.id)
        return view(stored) if stored else None

    async def next(
        self, timeout: float = PATIENCE, *, bot: BotView | None = None, chat: GroupView | None = None
    ) -> MessageView:
        """The next message of a bot after the last thing this person did there; each is given once."""
        place = self._place(bot, chat)

        def unseen() -> MessageView | None:
            seen = self._seen.get(place.key, 0)
            later = (
                m for m in place.messages.values() if m.id > seen and m.body["from"]["is_bot"] and m.is_seen_by(self.id)
            )
            found = next((m for m in later if not is_service(m.body)), None)
            return view(found) if found else None

        message = await self._until(place, unseen, timeout, "no further message of the bot")
        self._seen[place.key] = message.id
        return message

    async def settled(
        self,
        message: MessageView,
        after_version: int | None = None,
        timeout: float = PATIENCE,
        *,
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> MessageView:
        """The message once it is newer than `after_version` (by default: than the value given)."""
        place = self._place(bot, chat)
        version = message.version if after_version is None else after_version

        def changed() -> MessageView | None:
            stored = place.messages.get(message.id)
            return view(stored) if stored and stored.version > version else None

        return await self._until(place, changed, timeout, f"message #{message.id} was not edited")

    async def gone(
        self,
        message: MessageView,
        timeout: float = PATIENCE,
        *,
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> None:
        """Wait until the message has been deleted."""
        place = self._place(bot, chat)
        problem = f"message #{message.id} is still there"
        await self._until(place, lambda: message.id not in place.messages or None, timeout, problem)

    async def wait_for(
        self,
        predicate: Callable[[MessageView], bool],
        timeout: float = PATIENCE,
        *,
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> MessageView:
        """The newest message of the chat for which `predicate` holds, as soon as there is one."""
        place = self._place(bot, chat)

        def found() -> MessageView | None:
            return next((seen for m in reversed(place.messages.values()) if predicate(seen := view(m))), None)

        return await self._until(place, found, timeout, "no message is as expected")

    def _bot(self, bot: BotView | None) -> Bot:
        if bot is not None:
            self._last_bot = bot.bot
        elif self._last_bot is None:
            if len(self._world.bots) != 1:
                raise ValueError(f"{len(self._world.bots)} bots are known: say which with bot=")
            self._last_bot = next(iter(self._world.bots.values()))
        assert self._last_bot is not None
        return self._last_bot

    def _place(self, bot: BotView | None, chat: GroupView | None) -> Chat:
        return chat.chat if chat is not None else self._world.private_chat(self._bot(bot), self.person)

    def _acted(self, place: Chat) -> None:
        self._seen[place.key] = place.newest_id()

    async def _until(self, place: Chat, look: Callable[[], Found | None], timeout: float, problem: str) -> Found:
        """What `look` finds, looked for again at every change of the chat; AssertionError after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while (found := look()) is None:
            change = self._world.feed.next_change(place.key)
            try:
                async with asyncio.timeout_at(end):
                    await change
            except TimeoutError:
                shown = "\n".join(view(message).shown() for message in list(place.messages.values())[-6:])
                raise AssertionError(f"{problem} within {timeout:g} s; the chat:\n{shown}") from None
            finally:
                self._world.feed.forget(place.key, change)
        return found
