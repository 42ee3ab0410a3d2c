"""Files: what a person sends is fetched before anything is decided, what the bot sends is written when it goes.

Neither is ever on a disk of ours: an incoming file is its text in the event, an outgoing one its text in the outbox.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from telegram import Bot, Document
from telegram.error import TelegramError

from bot.dialogue import Enclosed
from bot.transport.parameters import markup_of, place_of
from bot.transport.request import AiohttpRequest, Api, Upload

log = logging.getLogger(__name__)

MOST_BYTES: Final = 256 * 1024
_NAME: Final = "file"
_ENDINGS: Final = (".csv", ".tsv", ".json", ".txt")
_TYPES: Final = ("application/json", "application/csv", "application/vnd.ms-excel")
"""What a text may be called besides text/...: Windows calls a CSV file one of Excel."""


def may_be_text(document: Document) -> bool:
    """Whether a file says of itself, by its name or its type, that it is a text."""
    kind = document.mime_type or ""
    return (document.file_name or "").lower().endswith(_ENDINGS) or kind.startswith("text/") or kind in _TYPES


class Files:
    """Fetches what people send to one bot."""

    def __init__(self, bot: Bot, request: AiohttpRequest) -> None:
        self._bot, self._api, self._request = bot, Api(bot), request

    async def read(self, document: Document) -> Enclosed:
        """The file with its text, or why there is none. Never raises for what a server or a person can do."""
        name = (document.file_name or "file")[:100]
        if not may_be_text(document):
            return Enclosed(name=name, problem="not_text")
        if (document.file_size or 0) > MOST_BYTES:
            return Enclosed(name=name, problem="too_big")
        try:
            found = await self._api.call("getFile", {"file_id": document.file_id})
            data = await self._request.fetch(f"{self._bot.base_file_url}/{quote(found['file_path'])}", MOST_BYTES)
        except (TelegramError, TimeoutError, KeyError, TypeError) as error:
            log.info("a file could not be fetched: %s", error if isinstance(error, TelegramError) else type(error))
            return Enclosed(name=name, problem="not_fetched")
        if len(data) > MOST_BYTES:
            return Enclosed(name=name, problem="too_big")
        text = text_of(data)
        return Enclosed(name=name, text=text, problem="not_text" if text is None else None)


def text_of(data: bytes) -> str | None:
    """A file as text: UTF-8, or UTF-16 where it says so by its first two bytes; None for anything else."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


async def send_file(api: Api, chat_id: int, payload: Mapping[str, Any]) -> int:
    """Sends a letter's file with its text as the caption. Result: the id of the message. Raises telegram.error's."""
    file = payload["file"]
    call = {"chat_id": chat_id, "caption": payload["text"], "parse_mode": "HTML", **markup_of(payload)}
    upload = Upload(name=_NAME, filename=file["name"], data=file["text"].encode(), content_type="text/plain")
    shown = await api.call(
        "sendDocument", {**call, "document": f"attach://{_NAME}", **place_of(payload)}, upload=upload
    )
    message_id: int = shown["message_id"]
    return message_id
