"""The files that calls bring: uploads, attach://, the ids of files that are here; and what a picture measures.

A URL is not fetched, the server stays on this machine: it is answered as one whose content cannot be got.
"""

from __future__ import annotations

import re
import struct
from typing import Any

from bot.localchat.links import LinkError, checked_link
from bot.localchat.methods.call import Call
from bot.localchat.model import Json, StoredFile
from bot.localchat.refusals import Refusal, bad_request, too_large
from bot.localchat.spec import Upload

PHOTO_BYTES = 10 * 1024 * 1024
DOCUMENT_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]+=*")


def ids(file: StoredFile) -> Json:
    """The fields that every kind of file has."""
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}


def document(file: StoredFile, *, name: str, stated: Json | None = None) -> Json:
    """The fields of a document that a person sends. stated: what stands in place of its size."""
    size = {"file_size": len(file.content)} if stated is None else stated
    named = {"file_name": name, "mime_type": file.content_type}
    return {"document": {"file_id": file.id, "file_unique_id": file.unique_id} | size | named}


def file_name(file: StoredFile) -> str:
    """The name that the file came with."""
    return file.path.rsplit("/", 1)[-1].removeprefix(f"{file.unique_id}_")


def attached(call: Call, value: Any) -> Upload | str | None:
    """What a parameter means: an upload, an id or a URL, or None when what it points to did not come along."""
    if isinstance(value, str) and value.startswith("attach://"):
        return call.uploads.get(value.removeprefix("attach://"))
    return value if isinstance(value, Upload | str) else None


def stored(call: Call, value: Upload | str) -> StoredFile:
    """The file that is uploaded, or the one that has this id; a Refusal for anything else."""
    if isinstance(value, Upload):
        if len(value.content) > DOCUMENT_BYTES:
            raise too_large()
        if not value.content:
            raise bad_request("file must be non-empty")
        return call.world.add_file(value.content, name=value.name, content_type=value.content_type)
    file = call.world.files.get(value)
    if file is None:
        raise _unknown(value)
    return file


def photo(call: Call, value: Upload | str) -> StoredFile:
    """A file that can be sent as a photo; a Refusal (400) when it is too big or no picture."""
    size = len(value.content) if isinstance(value, Upload) else 0
    if size > PHOTO_BYTES:
        raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_BYTES} bytes")
    file = stored(call, value)
    width, height = picture_size(file.content)
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return file


def _unknown(value: str) -> Refusal:
    if "." in value or "://" in value:
        try:
            checked_link(value)
        except LinkError as error:
            return bad_request(f"invalid file HTTP URL specified: {error}")
        return bad_request("failed to get HTTP URL content")
    if not _IDENTIFIER.fullmatch(value):
        return bad_request("wrong remote file identifier specified: Wrong character in the string")
    if len(value.rstrip("=")) % 4 == 1:
        return bad_request("wrong remote file identifier specified: Wrong string length")
    if value.startswith("local-"):  # once an id of this server
        return bad_request("wrong file identifier/HTTP URL specified")
    return bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")


def photo_sizes(file: StoredFile) -> list[Json]:
    """The PhotoSize objects of a picture; one size is enough here."""
    width, height = picture_size(file.content)
    return [{**ids(file), "width": width, "height": height}]


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
