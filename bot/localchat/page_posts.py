"""What a person does on the page in a chat: writing, editing, deleting, tapping, blocking, sending a file."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.localchat import people, sharing
from bot.localchat.methods.uploads import PHOTO_BYTES, document, photo_sizes, picture_size
from bot.localchat.model import Json, Person
from bot.localchat.page_guard import own_form_only, own_page_only
from bot.localchat.places import place_of
from bot.localchat.world import World


class PagePosts:
    """The posts of the page that are about one chat."""

    def __init__(self, world: World, *, callback_seconds: float) -> None:
        self._world = world
        self._callback_seconds = callback_seconds

    def add_routes(self, app: web.Application) -> None:
        """Put the routes into the application."""
        for name, action in (
            ("send", self._send),
            ("edit", self._edit),
            ("delete", self._delete),
            ("tap", self._tap),
            ("block", self._block),
            ("start", self._start),
        ):
            app.router.add_post(f"/page/{name}", own_page_only(action))
        app.router.add_post("/page/photo", own_form_only(self._photo))
        app.router.add_post("/page/document", own_form_only(self._document))

    async def _send(self, asked: Json) -> Json:
        person, chat = place_of(self._world, asked)
        message = people.write(
            self._world,
            chat,
            person,
            _content(asked, person),
            reply_to=asked.get("reply_to"),
            topic=asked.get("topic"),
            quote=asked.get("quote"),
        )
        return {"id": message.id}

    async def _edit(self, asked: Json) -> Json:
        person, chat = place_of(self._world, asked)
        people.rewrite(self._world, chat, person, int(asked["message_id"]), str(asked.get("text", "")))
        return {}

    async def _delete(self, asked: Json) -> Json:
        person, chat = place_of(self._world, asked)
        people.erase(self._world, chat, person, int(asked["message_id"]))
        return {}

    async def _photo(self, asked: Json) -> Json:
        """A picture with an optional caption, from a form whose file is in `file`."""
        given, content = _uploaded(asked)
        if not all(picture_size(content)):
            raise ValueError("this is not a PNG, JPEG or GIF picture")
        file = self._world.add_file(content, name=given.filename or "photo", content_type=_picture_type(content))
        return self._carried(asked, {"photo": photo_sizes(file)})

    async def _document(self, asked: Json) -> Json:
        """A file of any kind with an optional caption, sent as it is."""
        given, content = _uploaded(asked)
        if not content:
            raise ValueError("the file is empty")
        name = given.filename or "file"
        kind = given.content_type or "application/octet-stream"
        return self._carried(asked, document(self._world.add_file(content, name=name, content_type=kind), name=name))

    def _carried(self, asked: Json, file: Json) -> Json:
        person, chat = place_of(self._world, asked)
        topic = int(asked["topic"]) if asked.get("topic") else None
        content = file | people.caption(str(asked.get("caption", "")))
        return {"id": people.write(self._world, chat, person, content, topic=topic).id}

    async def _tap(self, asked: Json) -> Json:
        """The bot's answer to a press, or `late` when none comes in time."""
        person, chat = place_of(self._world, asked)
        pressed = people.tap(self._world, chat, person, int(asked["message_id"]), str(asked["data"]))
        queue = self._world.feed.subscribe(chat.key)
        try:
            async with asyncio.timeout(self._callback_seconds):
                while pressed.answer is None:
                    if await queue.get() is None:
                        return {"late": True}
        except TimeoutError:
            return {"late": True}
        finally:
            self._world.feed.unsubscribe(queue)
        return pressed.answer

    async def _block(self, asked: Json) -> Json:
        person, chat = place_of(self._world, asked)
        if chat.kind != "private":
            raise ValueError("a bot is blocked in its private chat")
        people.set_blocked(self._world, self._world.bots[chat.bot_id], person, bool(asked.get("blocked")))
        return {}

    async def _start(self, asked: Json) -> Json:
        """A deep link t.me/<bot>?start=payload was opened and Start pressed."""
        person, chat = place_of(self._world, asked)
        if chat.kind != "private":
            raise ValueError("Start is for private chats")
        return {"id": people.write(self._world, chat, person, people.start_words(str(asked.get("payload") or ""))).id}


def _uploaded(asked: Json) -> tuple[web.FileField, bytes]:
    """The file of a form, and what is in it."""
    given = asked["file"]
    if not isinstance(given, web.FileField):
        raise ValueError("there is no file")
    content = given.file.read()
    given.file.close()
    if len(content) > PHOTO_BYTES:
        raise ValueError("the file is larger than 10 MB")
    return given, content


def _content(asked: Json, person: Person) -> Json:
    """What is sent: a text, or what a button of a bot's keyboard asked for, a phone number or a place."""
    if "contact" in asked:
        return sharing.contact(person, str(asked["contact"]))
    if "location" in asked:
        place = asked["location"]
        return sharing.location(float(place["latitude"]), float(place["longitude"]))
    return people.words(str(asked.get("text", "")))


def _picture_type(content: bytes) -> str:
    """What the content is, whatever the form says."""
    return {b"\x89P": "image/png", b"GI": "image/gif"}.get(content[:2], "image/jpeg")
