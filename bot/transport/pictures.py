"""A letter that carries a picture: drawn when its turn comes, sent as a photo or put in place of the one before.

1. A picture that some chat has got already goes out by Telegram's `file_id`, which is kept by content: nothing is drawn
   and nothing uploaded. An id that Telegram does not know any more is forgotten, and the picture drawn.
2. One that cannot be drawn becomes its text, with the same buttons. A message cannot change between text and photo
   everywhere, so the other kind is sent anew and the old message taken away.
3. Nothing of a picture is stored but its spec: after a crash it is drawn anew.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from telegram.error import BadRequest, TelegramError

from bot.pictures.picture import Picture
from bot.pictures.specs import PictureSpec, key_of, spec_of
from bot.pictures.workshop import NotDrawn, Workshop
from bot.storage.outbox import Letter
from bot.storage.store import Store
from bot.transport.parameters import STYLE, markup_of, place_of
from bot.transport.request import Api, Upload

log = logging.getLogger(__name__)

_NAME: Final = "picture"
_OTHER_KIND: Final = ("there is no text in the message", "there is no media in the message", "there is no caption")
_UNKNOWN_FILE: Final = ("file identifier", "file_id", "file reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What a letter shows: a file that Telegram has, a picture, or neither, and then its text."""

    key: str = ""
    file_id: str | None = None
    picture: Picture | None = None


class Pictures:
    """The pictures of one bot."""

    def __init__(self, api: Api, store: Store, workshop: Workshop) -> None:
        self._api, self._store, self._workshop = api, store, workshop

    def supersede(self, card_id: int | None) -> None:
        """Something newer comes for this card: what is being drawn for it is not wanted any more."""
        if card_id is not None:
            self._workshop.supersede(card_id)

    async def offered(self, letter: Letter) -> dict[str, Any]:
        """The answer to an inline query with Telegram's files in place of specs; what it has no file of is left out."""
        results = []
        for result in letter.payload["results"]:
            own = dict(result)
            spec = own.pop("picture", None)
            if spec is not None:
                own["photo_file_id"] = await self._store.picture(letter.bot_id, key_of(spec_of(spec)))
            if spec is None or own["photo_file_id"] is not None:
                results.append(own)
        return {**letter.payload, "results": results}

    async def ready(self, letter: Letter) -> Ready:
        """Draws what the letter shows, unless Telegram has it. Raises Superseded. Never fails otherwise."""
        try:
            spec = spec_of(letter.payload["picture"])
        except ValidationError as error:  # written by another version
            log.warning("a picture of chat %s is not understood: %s", letter.chat_id, error.title)
            return Ready()
        key = key_of(spec)
        file_id = await self._store.picture(letter.bot_id, key)
        if file_id is not None:
            return Ready(key=key, file_id=file_id)
        return await self._drawn(letter, key, spec)

    async def _drawn(self, letter: Letter, key: str, spec: PictureSpec) -> Ready:
        try:
            return Ready(key=key, picture=await self._workshop.draw(spec, card=letter.card_id))
        except NotDrawn as fault:
            log.warning("no picture for chat %s (%s); it gets the text", letter.chat_id, fault.why)
            return Ready()

    async def call(self, letter: Letter, chat_id: int, message_id: int | None, ready: Ready) -> int:
        """Shows it in place of `message_id`, or as a new message. Result: the id of the message that shows it.

        Raises telegram.error's.
        """
        try:
            return await self._call(letter, chat_id, message_id, ready)
        except BadRequest as error:
            text = str(error).lower()
            if message_id is not None and any(known in text for known in _OTHER_KIND):
                shown = await self._call(letter, chat_id, None, ready)
                await self._take_away(chat_id, message_id)
                return shown
            if ready.file_id is not None and any(known in text for known in _UNKNOWN_FILE):
                await self._store.forget_picture(letter.bot_id, ready.key)
                anew = await self._drawn(letter, ready.key, spec_of(letter.payload["picture"]))
                return await self.call(letter, chat_id, message_id, anew)
            raise

    async def _call(self, letter: Letter, chat_id: int, message_id: int | None, ready: Ready) -> int:
        payload = letter.payload
        call: dict[str, Any] = {"chat_id": chat_id, **markup_of(payload)}
        if message_id is not None:
            call["message_id"] = message_id
        else:
            call |= place_of(payload)
        if ready.picture is None and ready.file_id is None:
            method = "sendMessage" if message_id is None else "editMessageText"
            await_result = self._api.call(method, {**call, "text": payload["instead"], **STYLE})
            return _id_of(await await_result, message_id)
        upload = None if ready.picture is None else Upload(name=_NAME, filename="picture.png", data=ready.picture.png)
        media = ready.file_id or f"attach://{_NAME}"
        caption = {"caption": payload["text"], "parse_mode": "HTML"}
        if message_id is None:
            shown = await self._api.call("sendPhoto", {**call, "photo": media, **caption}, upload=upload)
        else:
            call["media"] = {"type": "photo", "media": media, **caption}
            shown = await self._api.call("editMessageMedia", call, upload=upload)
        await self._keep(letter, ready, shown)
        return _id_of(shown, message_id)

    async def _keep(self, letter: Letter, ready: Ready, shown: Any) -> None:
        """Remembers Telegram's id of an uploaded picture; without it the next one is uploaded again."""
        sizes = shown.get("photo") if isinstance(shown, dict) else None
        if ready.picture is None or not sizes:
            return
        try:
            await self._store.keep_picture(letter.bot_id, ready.key, sizes[-1]["file_id"])
        except Exception:
            log.exception("the id of a picture cannot be kept")

    async def _take_away(self, chat_id: int, message_id: int) -> None:
        try:
            await self._api.call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
        except TelegramError as error:
            log.info("chat %s: the old message stays: %s", chat_id, error)


def _id_of(shown: Any, message_id: int | None) -> int:
    found: int = message_id if message_id is not None else shown["message_id"]
    return found
