"""Photos, documents and fetching them back."""

from __future__ import annotations

import struct
from typing import Any

from bot.localchat.methods.call import Call, open_chat
from bot.localchat.methods.messages import put
from bot.localchat.methods.texts import caption_part
from bot.localchat.model import Json, StoredFile
from bot.localchat.refusals import Refusal, bad_request, not_emulated
from bot.localchat.spec import Upload

PHOTO_BYTES = 10 * 1024 * 1024
DOCUMENT_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024


def send_photo(call: Call) -> Json:
    """sendPhoto."""
    chat = open_chat(call)
    return put(call, chat, _photo(call, call.params["photo"]) | caption_part(call))


def send_document(call: Call) -> Json:
    """sendDocument."""
    chat = open_chat(call)
    return put(call, chat, _document(call, call.params["document"]) | caption_part(call))


def get_file(call: Call) -> Json:
    """getFile."""
    file = call.world.files.get(call.params["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**_ids(file), "file_path": file.path}


def media_part(call: Call) -> Json:
    """The fields of a message that carries the call's InputMedia (photo or document) and its caption."""
    media = call.params["media"]
    makers = {"photo": _photo, "document": _document}
    kind = media.get("type")
    if kind not in makers:
        raise not_emulated(f"media of type {kind}")
    inner = Call(
        bot=call.bot,
        params={name: media[name] for name in ("caption", "parse_mode", "caption_entities") if media.get(name)},
        uploads=call.uploads,
        services=call.services,
    )
    return makers[kind](call, media.get("media", "")) | caption_part(inner)


def photo_sizes(file: StoredFile) -> list[Json]:
    """The PhotoSize objects of a picture; one size is enough here."""
    width, height = picture_size(file.content)
    return [{**_ids(file), "width": width, "height": height}]


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG in pixels; (0, 0) when it is none."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else (0, 0)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return 0, 0


def _ids(file: StoredFile) -> Json:
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}


def _stored(call: Call, value: Any, limit: int) -> StoredFile:
    """The file that a parameter means: an upload, attach://field, or the id of one that is here already."""
    if isinstance(value, str) and value.startswith("attach://"):
        value = call.uploads.get(value.removeprefix("attach://"), value)
    if isinstance(value, Upload):
        if not value.content:
            raise bad_request("file must be non-empty")
        if len(value.content) > limit:
            raise Refusal(413, "Request Entity Too Large")
        return call.world.add_file(value.content, name=value.name, content_type=value.content_type)
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        raise not_emulated("sending files by URL")
    file = call.world.files.get(value) if isinstance(value, str) else None
    if file is None:
        raise bad_request("wrong remote file identifier specified: can't unserialize it")
    return file


def _photo(call: Call, value: Any) -> Json:
    file = _stored(call, value, PHOTO_BYTES)
    width, height = picture_size(file.content)
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return {"photo": photo_sizes(file)}


def _document(call: Call, value: Any) -> Json:
    file = _stored(call, value, DOCUMENT_BYTES)
    name = file.path.rsplit("/", 1)[-1].removeprefix(f"{file.unique_id}_")
    return {"document": {**_ids(file), "file_name": name, "mime_type": file.content_type}}
