"""What a person does on the page to a group: members, administrators, topics, becoming a supergroup."""

from __future__ import annotations

from aiohttp import web

from bot.localchat import groups, people, topics
from bot.localchat.model import Bot, Chat, Json, Person
from bot.localchat.page_guard import own_page_only
from bot.localchat.places import place_of
from bot.localchat.world import World


class GroupPosts:
    """The posts of the page that are about groups themselves. Each answers with the group's id, which may be new; after
    "new_topic" with the topic's too."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_routes(self, app: web.Application) -> None:
        """Put the routes into the application."""
        app.router.add_post("/page/group", own_page_only(self._change))
        app.router.add_post("/page/new_group", own_page_only(self._new))

    async def _new(self, asked: Json) -> Json:
        """A group of everyone there is, made by this person."""
        person = self._world.people[int(asked["person"])]
        others = [other for other in self._world.people.values() if other is not person]
        return {"id": groups.create(self._world, str(asked["title"]), [person, *others]).id}

    async def _change(self, asked: Json) -> Json:
        person, chat = place_of(self._world, asked)
        if chat.kind == "private":
            raise ValueError("this is not a group")
        action = {
            "add_bot": self._add_bot,
            "remove_bot": self._remove_bot,
            "promote_bot": self._promote_bot,
            "upgrade": self._upgrade,
            "forum": self._forum,
            "new_topic": self._new_topic,
            "leave": self._leave,
            "join": self._join,
        }.get(str(asked.get("action")))
        if action is None:
            raise ValueError("no such action")
        changed = action(chat, person, asked)
        begun = {"topic": next(reversed(changed.topics))} if action == self._new_topic else {}
        return {"id": changed.id} | begun

    def _add_bot(self, chat: Chat, person: Person, asked: Json) -> Chat:
        bot = self._bot(asked)
        groups.add(self._world, chat, bot.user(), by=person.user())
        if asked.get("payload"):  # as the link t.me/<bot>?startgroup=payload does
            people.write(self._world, chat, person, people.start_words(str(asked["payload"]), at=bot.username))
        return chat

    def _remove_bot(self, chat: Chat, person: Person, asked: Json) -> Chat:
        groups.remove(self._world, chat, self._bot(asked).user(), by=person.user())
        return chat

    def _promote_bot(self, chat: Chat, person: Person, asked: Json) -> Chat:
        groups.promote(self._world, chat, self._bot(asked).user(), bool(asked.get("admin")), by=person.user())
        return chat

    def _upgrade(self, chat: Chat, person: Person, asked: Json) -> Chat:
        return groups.upgrade(self._world, chat, by=person.user())

    def _forum(self, chat: Chat, person: Person, asked: Json) -> Chat:
        return groups.set_forum(self._world, chat, bool(asked.get("on")), by=person.user())

    def _new_topic(self, chat: Chat, person: Person, asked: Json) -> Chat:
        name = str(asked.get("name", "")).strip()
        if not chat.forum or not chat.has(person.id):
            raise ValueError("topics are for members of a group that has them")
        if not 1 <= len(name) <= topics.LONGEST_NAME:
            raise ValueError(f"a topic's name has 1 to {topics.LONGEST_NAME} characters")
        topics.create(self._world, chat, name, by=person.user())
        return chat

    def _leave(self, chat: Chat, person: Person, asked: Json) -> Chat:
        groups.remove(self._world, chat, person.user(), by=person.user())
        return chat

    def _join(self, chat: Chat, person: Person, asked: Json) -> Chat:
        groups.add(self._world, chat, person.user(), by=person.user())
        return chat

    def _bot(self, asked: Json) -> Bot:
        return self._world.bots[int(asked["bot"])]
