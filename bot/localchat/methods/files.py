"""Sending files of every kind, albums, and fetching files back."""

from __future__ import annotations

import secrets

from bot.localchat.methods.call import Call, Handler, open_chat
from bot.localchat.methods.media import attachment, check_album, input_media
from bot.localchat.methods.messages import put
from bot.localchat.methods.texts import caption_part
from bot.localchat.methods.uploads import DOWNLOAD_BYTES, ids
from bot.localchat.model import Json
from bot.localchat.refusals import bad_request

_WITHOUT_CAPTION = frozenset({"sticker", "video_note"})


def sender(kind: str) -> Handler:
    """The method that sends a file of this kind: sendPhoto, sendDocument and so on."""

    def send(call: Call) -> Json:
        caption = {} if kind in _WITHOUT_CAPTION else caption_part(call)
        chat = open_chat(call)
        return put(call, chat, attachment(call, kind) | caption)

    return send


def send_media_group(call: Call) -> list[Json]:
    """sendMediaGroup: all of it, or nothing."""
    chat = open_chat(call)
    items = [input_media(call, media, album=True) for media in call.params["media"]]
    check_album(items)
    album = {"media_group_id": str(secrets.randbelow(10**17) + 10**16)} if len(items) > 1 else {}
    return [put(call, chat, item | album) for item in items]


def media_part(call: Call) -> Json:
    """The fields of a message that carries the call's InputMedia and its caption."""
    return input_media(call, call.params["media"])


def get_file(call: Call) -> Json:
    """getFile."""
    file = call.world.files.get(call.params["file_id"])
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**ids(file), "file_path": file.path}
