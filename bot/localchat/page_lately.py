"""What the list of chats says about the chats that are not looked at: the newest message and how many are unread."""

from __future__ import annotations

from itertools import takewhile

from bot.localchat.feed import ChatKey
from bot.localchat.model import Chat, Json, Person
from bot.localchat.page_message import message_object
from bot.localchat.world import World


class Lately:
    """Who has seen what. In memory: what was there when the server began counts as seen."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._before: dict[ChatKey, int] = {chat.key: chat.newest_id() for chat in world.chats.values()}
        self._seen: dict[tuple[int, ChatKey], int] = {}

    def saw(self, person: Person, chat: Chat) -> None:
        """Note that the person's page shows the chat up to its newest message."""
        self._seen[person.id, chat.key] = chat.newest_id()

    def of(self, chat: Chat, person: Person) -> Json | None:
        """{place, message, unread} for a chat of this person, None for one that is not theirs or is empty."""
        theirs = self._theirs(chat, person)
        seen_by_them = (each for each in reversed(chat.messages.values()) if each.is_seen_by(person.id))
        newest = next(seen_by_them, None) if theirs else None
        if newest is None:
            return None
        seen = self._seen.get((person.id, chat.key), self._before.get(chat.key, 0))
        newer = takewhile(lambda message: message.id > seen, reversed(chat.messages.values()))
        return {
            "place": {"bot": chat.bot_id} if chat.kind == "private" else {"group": chat.id},
            "message": message_object(newest, person),
            "unread": sum(message.sender_id != person.id and message.is_seen_by(person.id) for message in newer),
        }

    def all(self, person: Person) -> list[Json]:
        """The same for all chats of this person."""
        return [told for chat in self._world.chats.values() if (told := self.of(chat, person))]

    def _theirs(self, chat: Chat, person: Person) -> bool:
        if chat.kind == "private":
            return chat.id == person.id
        return chat.has(person.id) and not chat.upgraded_to
