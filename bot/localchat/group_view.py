"""A group in the hands of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localchat import groups, people, topics
from bot.localchat.model import Chat, Json
from bot.localchat.views import MessageView, view
from bot.localchat.world import World

if TYPE_CHECKING:
    from bot.localchat.watching import BotView, Watcher


class GroupView:
    """A group of the server. What happens to it is done by its creator unless `by` says otherwise."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat

    @property
    def id(self) -> int:
        """The chat id; another one after `upgrade`."""
        return self.chat.id

    @property
    def title(self) -> str:
        """The group's name."""
        return self.chat.title

    @property
    def messages(self) -> list[MessageView]:
        """Everything in the group, service messages too, oldest first."""
        return [view(message) for message in self.chat.messages.values()]

    def status(self, who: Watcher | BotView) -> str:
        """What somebody is in the group: creator, administrator, member, left or kicked."""
        return self.chat.statuses.get(who.id, "left")

    def add(self, person: Watcher, *, by: Watcher | None = None) -> None:
        """Add a person."""
        groups.add(self._world, self.chat, person.person.user(), by=self._user(by))

    def add_bot(self, bot: BotView, *, by: Watcher | None = None, payload: str | None = None) -> None:
        """Add a bot; with a `payload` as the link t.me/<bot>?startgroup=payload does."""
        groups.add(self._world, self.chat, bot.bot.user(), by=self._user(by))
        if payload is not None:
            person = self._world.people[self._user(by)["id"]]
            people.write(self._world, self.chat, person, people.start_words(payload, at=bot.username))

    def remove(self, person: Watcher, *, by: Watcher | None = None) -> None:
        """Remove a person; `by` themselves: they leave."""
        groups.remove(self._world, self.chat, person.person.user(), by=self._user(by))

    def remove_bot(self, bot: BotView, *, by: Watcher | None = None) -> None:
        """Remove a bot."""
        groups.remove(self._world, self.chat, bot.bot.user(), by=self._user(by))

    def promote(self, bot: BotView, admin: bool = True, *, by: Watcher | None = None) -> None:
        """Make a bot an administrator, or an ordinary member again."""
        groups.promote(self._world, self.chat, bot.bot.user(), admin, by=self._user(by))

    def upgrade(self, *, by: Watcher | None = None) -> GroupView:
        """Let the group become a supergroup; this same view then stands for the new one."""
        self.chat = groups.upgrade(self._world, self.chat, by=self._user(by))
        return self

    def topic(self, name: str, *, by: Watcher | None = None) -> int:
        """Begin a topic (and turn topics on if they are not); its message_thread_id."""
        if not self.chat.forum:
            self.chat = groups.set_forum(self._world, self.chat, True, by=self._user(None))
        return topics.create(self._world, self.chat, name, by=self._user(by)).id

    def close_topic(self, topic: int, *, by: Watcher | None = None) -> None:
        """Close a topic."""
        topics.set_closed(self._world, self.chat, self.chat.topics[topic], True, by=self._user(by))

    def reopen_topic(self, topic: int, *, by: Watcher | None = None) -> None:
        """Open a topic again."""
        topics.set_closed(self._world, self.chat, self.chat.topics[topic], False, by=self._user(by))

    def rename_topic(self, topic: int, name: str, *, by: Watcher | None = None) -> None:
        """Give a topic another name."""
        topics.edit(self._world, self.chat, self.chat.topics[topic], by=self._user(by), name=name)

    def delete_topic(self, topic: int) -> None:
        """Delete a topic with all its messages."""
        topics.delete(self._world, self.chat, self.chat.topics[topic])

    def _user(self, by: Watcher | None) -> Json:
        if by is not None:
            return by.person.user()
        statuses = self.chat.statuses.items()
        return self._world.people[next(user_id for user_id, status in statuses if status == "creator")].user()
