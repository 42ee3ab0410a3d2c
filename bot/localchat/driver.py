"""People and bots in the hands of a test: in this process, without HTTP for the person's side."""

# ruff: noqa: ASYNC109 - a test says how long it is ready to wait

from __future__ import annotations

import struct
import zlib
from typing import Literal, overload

from bot.localchat import people
from bot.localchat.methods.files import photo_sizes
from bot.localchat.model import Chat, Json, Tap
from bot.localchat.views import Button, CallbackAnswer, MessageView, view
from bot.localchat.watching import PATIENCE, BotView, Watcher


class PersonView(Watcher):
    """A person who chats with bots. `bot` may be left out while one is known, or to go on with the last one."""

    async def send(self, text: str, *, bot: BotView | None = None) -> MessageView:
        """Write a message."""
        return self._write(people.words(text), bot)

    async def reply(self, message: MessageView, text: str, *, bot: BotView | None = None) -> MessageView:
        """Write a message that answers another."""
        return self._write(people.words(text), bot, reply_to=message.id)

    async def send_photo(self, caption: str | None = None, *, bot: BotView | None = None) -> MessageView:
        """Send a small picture."""
        file = self._world.add_file(tiny_png(), name="photo.png", content_type="image/png")
        content: Json = {"photo": photo_sizes(file)}
        if caption:
            words = people.words(caption)
            content["caption"] = words["text"]
            if "entities" in words:
                content["caption_entities"] = words["entities"]
        return self._write(content, bot)

    async def send_voice(self, *, bot: BotView | None = None) -> MessageView:
        """Send a voice message of three seconds."""
        return self._write({"voice": self._media("voice.ogg", "audio/ogg") | {"duration": 3}}, bot)

    async def send_sticker(self, *, bot: BotView | None = None) -> MessageView:
        """Send a sticker."""
        still = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
        return self._write({"sticker": self._media("sticker.webp", "image/webp") | still}, bot)

    async def edit(self, message: MessageView, new_text: str, *, bot: BotView | None = None) -> MessageView:
        """Change a message of one's own."""
        chat = self._chat(bot)
        self._acted(chat)
        return view(people.rewrite(self._world, chat, self.person, message.id, new_text))

    @overload
    async def tap(
        self,
        message: MessageView | None,
        button: str,
        *,
        wait: Literal[True] = True,
        timeout: float = PATIENCE,
        bot: BotView | None = None,
    ) -> CallbackAnswer: ...

    @overload
    async def tap(
        self, message: MessageView | None, button: str, *, wait: Literal[False], bot: BotView | None = None
    ) -> None: ...

    async def tap(
        self,
        message: MessageView | None,
        button: str,
        *,
        wait: bool = True,
        timeout: float = PATIENCE,
        bot: BotView | None = None,
    ) -> CallbackAnswer | None:
        """Press the button with this text or data, on the message as it stands now (None: the newest that has it).

        Waits until the bot has answered (not with wait=False). AssertionError with the buttons there are when there is
        none like it, and when no answer comes.
        """
        chat = self._chat(bot)
        target, found = self._button(chat, message, button)
        if found.data is None:
            raise AssertionError(f"{found} is not a callback button:\n{target.shown()}")
        pressed = self._press(chat, target.id, found.data)
        return await self._answer(chat, pressed, found.data, timeout) if wait else None

    @overload
    async def tap_data(
        self,
        message: MessageView,
        data: str,
        *,
        wait: Literal[True] = True,
        timeout: float = PATIENCE,
        bot: BotView | None = None,
    ) -> CallbackAnswer: ...

    @overload
    async def tap_data(
        self, message: MessageView, data: str, *, wait: Literal[False], bot: BotView | None = None
    ) -> None: ...

    async def tap_data(
        self,
        message: MessageView,
        data: str,
        *,
        wait: bool = True,
        timeout: float = PATIENCE,
        bot: BotView | None = None,
    ) -> CallbackAnswer | None:
        """Press a button that is not (or no longer) there: forged or stale data."""
        chat = self._chat(bot)
        pressed = self._press(chat, message.id, data)
        return await self._answer(chat, pressed, data, timeout) if wait else None

    def block(self, *, bot: BotView | None = None) -> None:
        """Block the bot."""
        people.set_blocked(self._world, self._bot(bot), self.person, True)

    def unblock(self, *, bot: BotView | None = None) -> None:
        """Take the block back."""
        people.set_blocked(self._world, self._bot(bot), self.person, False)

    def _write(self, content: Json, bot: BotView | None, reply_to: int | None = None) -> MessageView:
        message = people.write(self._world, self._bot(bot), self.person, content, reply_to)
        self._acted(self._chat(bot))
        return view(message)

    def _media(self, name: str, content_type: str) -> Json:
        file = self._world.add_file(b"local chat", name=name, content_type=content_type)
        return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}

    def _button(self, chat: Chat, message: MessageView | None, wanted: str) -> tuple[MessageView, Button]:
        stored = list(reversed(chat.messages.values())) if message is None else [chat.messages.get(message.id)]
        seen = [view(one) for one in stored if one is not None and "reply_markup" in one.body]
        for target in seen:
            found = target.find(wanted)
            if found is not None:
                return target, found
        shown = "\n".join(one.shown() for one in seen[:3]) or "there are no buttons"
        raise AssertionError(f"no button {wanted!r}; {self.person.first_name} sees:\n{shown}")

    def _press(self, chat: Chat, message_id: int, data: str) -> Tap:
        self._acted(chat)
        return people.tap(self._world, chat, self.person, message_id, data)

    async def _answer(self, chat: Chat, pressed: Tap, data: str, timeout: float) -> CallbackAnswer:
        problem = f"the tap on {data!r} was not answered"
        return CallbackAnswer(**await self._until(chat, lambda: pressed.answer, timeout, problem))


def tiny_png() -> bytes:
    """A grey PNG of 8 x 8 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\x00" + b"\x80" * 8 for _ in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
