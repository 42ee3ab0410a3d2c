"""People and bots in the hands of a test: in this process, without HTTP for the person's side."""

# ruff: noqa: ASYNC109 - a test says how long it is ready to wait

from __future__ import annotations

from typing import Literal, overload

from bot.localchat import people
from bot.localchat.driver_inline import InlineActions
from bot.localchat.group_view import GroupView
from bot.localchat.methods.uploads import document, photo_sizes
from bot.localchat.model import Chat, Json, Tap
from bot.localchat.pictures import grey_png
from bot.localchat.views import Button, CallbackAnswer, MessageView, view
from bot.localchat.watching import PATIENCE, BotView


class PersonView(InlineActions):
    """A person who chats: in a group (`chat`, and there in a `topic`), else in the private chat with `bot`.

    `bot` may be left out while one is known, or to go on with the last one.
    """

    async def send(
        self, text: str, *, bot: BotView | None = None, chat: GroupView | None = None, topic: int | None = None
    ) -> MessageView:
        """Write a message."""
        return self._write(people.words(text), self._place(bot, chat), topic=topic)

    async def reply(
        self,
        message: MessageView,
        text: str,
        *,
        quote: str | None = None,
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> MessageView:
        """Write a message that answers another, or the part `quote` of it."""
        return self._write(people.words(text), self._place(bot, chat), reply_to=message.id, quote=quote)

    async def start(self, payload: str = "", *, bot: BotView | None = None) -> MessageView:
        """Open the link t.me/<bot>?start=payload and press Start."""
        return self._write(people.start_words(payload), self._place(bot, None))

    async def send_photo(
        self,
        caption: str | None = None,
        *,
        bot: BotView | None = None,
        chat: GroupView | None = None,
        topic: int | None = None,
    ) -> MessageView:
        """Send a small picture."""
        file = self._world.add_file(tiny_png(), name="photo.png", content_type="image/png")
        content: Json = {"photo": photo_sizes(file)} | people.caption(caption or "")
        return self._write(content, self._place(bot, chat), topic=topic)

    async def send_document(
        self,
        content: bytes,
        *,
        name: str,
        content_type: str,
        caption: str | None = None,
        stated: dict[str, int] | None = None,
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> MessageView:
        """Send a file. `stated` replaces the size that the message says it has."""
        file = self._world.add_file(content, name=name, content_type=content_type)
        carried = document(file, name=name, stated=stated) | people.caption(caption or "")
        return self._write(carried, self._place(bot, chat))

    def file(self, message: MessageView) -> bytes:
        """What is in the file of a message."""
        assert message.document is not None
        return self._world.files[message.document["file_id"]].content

    async def send_voice(self, *, bot: BotView | None = None, chat: GroupView | None = None) -> MessageView:
        """Send a voice message of three seconds."""
        voice = self._media("voice.ogg", "audio/ogg") | {"duration": 3}
        return self._write({"voice": voice}, self._place(bot, chat))

    async def send_sticker(self, *, bot: BotView | None = None, chat: GroupView | None = None) -> MessageView:
        """Send a sticker."""
        still = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
        return self._write({"sticker": self._media("sticker.webp", "image/webp") | still}, self._place(bot, chat))

    async def edit(
        self, message: MessageView, new_text: str, *, bot: BotView | None = None, chat: GroupView | None = None
    ) -> MessageView:
        """Change a message of one's own."""
        place = self._place(bot, chat)
        self._acted(place)
        return view(people.rewrite(self._world, place, self.person, message.id, new_text))

    async def delete(self, message: MessageView, *, bot: BotView | None = None, chat: GroupView | None = None) -> None:
        """Delete a message for everyone."""
        people.erase(self._world, self._place(bot, chat), self.person, message.id)

    @overload
    async def tap(
        self,
        message: MessageView | None,
        button: str,
        *,
        wait: Literal[True] = True,
        timeout: float = PATIENCE,
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> CallbackAnswer: ...

    @overload
    async def tap(
        self,
        message: MessageView | None,
        button: str,
        *,
        wait: Literal[False],
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> None: ...

    async def tap(
        self,
        message: MessageView | None,
        button: str,
        *,
        wait: bool = True,
        timeout: float = PATIENCE,
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> CallbackAnswer | None:
        """Press the button with this text or data, on the message as it stands now (None: the newest that has it).

        Waits until the bot has answered (not with wait=False). AssertionError with the buttons there are when there is
        none like it, and when no answer comes.
        """
        place = self._place(bot, chat)
        target, found = self._button(place, message, button)
        if found.data is None:
            raise AssertionError(f"{found} is not a callback button:\n{target.shown()}")
        pressed = self._press(place, target.id, found.data)
        return await self._answer(place, pressed, found.data, timeout) if wait else None

    @overload
    async def tap_data(
        self,
        message: MessageView,
        data: str,
        *,
        wait: Literal[True] = True,
        timeout: float = PATIENCE,
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> CallbackAnswer: ...

    @overload
    async def tap_data(
        self,
        message: MessageView,
        data: str,
        *,
        wait: Literal[False],
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> None: ...

    async def tap_data(
        self,
        message: MessageView,
        data: str,
        *,
        wait: bool = True,
        timeout: float = PATIENCE,
        bot: BotView | None = None,
        chat: GroupView | None = None,
    ) -> CallbackAnswer | None:
        """Press a button that is not (or no longer) there: forged or stale data."""
        place = self._place(bot, chat)
        pressed = self._press(place, message.id, data)
        return await self._answer(place, pressed, data, timeout) if wait else None

    def block(self, *, bot: BotView | None = None) -> None:
        """Block the bot."""
        people.set_blocked(self._world, self._bot(bot), self.person, True)

    def unblock(self, *, bot: BotView | None = None) -> None:
        """Take the block back."""
        people.set_blocked(self._world, self._bot(bot), self.person, False)

    def _write(
        self,
        content: Json,
        place: Chat,
        *,
        reply_to: int | None = None,
        topic: int | None = None,
        quote: str | None = None,
    ) -> MessageView:
        message = people.write(self._world, place, self.person, content, reply_to=reply_to, topic=topic, quote=quote)
        self._acted(place)
        return view(message)

    def _media(self, name: str, content_type: str) -> Json:
        file = self._world.add_file(b"local chat", name=name, content_type=content_type)
        return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}

    def _button(self, place: Chat, message: MessageView | None, wanted: str) -> tuple[MessageView, Button]:
        stored = list(reversed(place.messages.values())) if message is None else [place.messages.get(message.id)]
        seen = [view(one) for one in stored if one is not None and "reply_markup" in one.body]
        for target in seen:
            found = target.find(wanted)
            if found is not None:
                return target, found
        shown = "\n".join(one.shown() for one in seen[:3]) or "there are no buttons"
        raise AssertionError(f"no button {wanted!r}; {self.person.first_name} sees:\n{shown}")

    def _press(self, place: Chat, message_id: int, data: str) -> Tap:
        self._acted(place)
        return people.tap(self._world, place, self.person, message_id, data)

    async def _answer(self, place: Chat, pressed: Tap, data: str, timeout: float) -> CallbackAnswer:
        problem = f"the tap on {data!r} was not answered"
        return CallbackAnswer(**await self._until(place, lambda: pressed.answer, timeout, problem))


def tiny_png() -> bytes:
    """A grey PNG of 8 x 8 pixels."""
    return grey_png(8, 8)
