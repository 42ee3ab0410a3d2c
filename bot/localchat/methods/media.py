"""What a message carries besides words: a photo, document, audio, video, animation, voice, sticker or video note.

Contents are kept as they come. Nothing here looks into a video or a sound: length and size are what the bot says.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.localchat.fields import FieldError, boolean, integer, refusing, required_string, string
from bot.localchat.methods.call import Call
from bot.localchat.methods.texts import caption_part
from bot.localchat.methods.uploads import attached, file_name, ids, photo, photo_sizes, stored
from bot.localchat.model import Json
from bot.localchat.refusals import bad_request, not_emulated
from bot.localchat.spec import Upload

Maker = Callable[[Call, Upload | str, Json], Json]


def _named(call: Call, value: Upload | str, fields: Json, *numbers: str) -> Json:
    file = stored(call, value)
    named = {**ids(file), "file_name": file_name(file), "mime_type": file.content_type}
    return named | {name: integer(fields, name) for name in numbers}


def _photo(call: Call, value: Upload | str, fields: Json) -> Json:
    return {"photo": photo_sizes(photo(call, value))}


def _document(call: Call, value: Upload | str, fields: Json) -> Json:
    return {"document": _named(call, value, fields)}


def _audio(call: Call, value: Upload | str, fields: Json) -> Json:
    words = {name: string(fields, name) for name in ("performer", "title") if string(fields, name)}
    return {"audio": _named(call, value, fields, "duration") | words}


def _video(call: Call, value: Upload | str, fields: Json) -> Json:
    return {"video": _named(call, value, fields, "duration", "width", "height")}


def _animation(call: Call, value: Upload | str, fields: Json) -> Json:
    animation = _named(call, value, fields, "duration", "width", "height")
    document = {name: animation[name] for name in animation if name not in ("duration", "width", "height")}
    return {"animation": animation, "document": document}


def _voice(call: Call, value: Upload | str, fields: Json) -> Json:
    file = stored(call, value)
    return {"voice": {**ids(file), "duration": integer(fields, "duration"), "mime_type": file.content_type}}


def _video_note(call: Call, value: Upload | str, fields: Json) -> Json:
    file = stored(call, value)
    return {"video_note": ids(file) | {name: integer(fields, name) for name in ("length", "duration")}}


def _sticker(call: Call, value: Upload | str, fields: Json) -> Json:
    file = stored(call, value)
    kind = file_name(file).rpartition(".")[2].lower()
    size = {"type": "regular", "width": 512, "height": 512, "is_animated": kind == "tgs", "is_video": kind == "webm"}
    emoji = {"emoji": string(fields, "emoji")} if string(fields, "emoji") else {}
    return {"sticker": ids(file) | size | emoji}


MAKERS: dict[str, Maker] = {
    "photo": _photo,
    "document": _document,
    "audio": _audio,
    "video": _video,
    "animation": _animation,
    "voice": _voice,
    "video_note": _video_note,
    "sticker": _sticker,
}
KINDS = tuple(MAKERS)
"""The fields of a message of which it has one, when it carries a file."""

_INPUT_KINDS = ("photo", "video", "animation", "audio", "document")
_ALONE = {"audio": "audio", "document": "document"}
_UNKNOWN_HERE = frozenset({"live_photo", "sticker", "story"})


def attachment(call: Call, kind: str) -> Json:
    """The fields of a message that carries the file of the parameter `kind`, without its caption."""
    value = attached(call, call.params[kind])
    if not value:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    with refusing():
        return MAKERS[kind](call, value, call.params) | spoiler(call.params)


def spoiler(fields: Json) -> Json:
    """`has_media_spoiler` when it is asked for."""
    return {"has_media_spoiler": True} if fields.get("has_spoiler") is True else {}


def input_media(call: Call, media: object, *, album: bool = False) -> Json:
    """The fields of a message that carries an InputMedia with its caption."""
    with refusing("InputMedia"):
        if not isinstance(media, dict):
            raise FieldError("expected an Object")
        if not string(media, "media"):
            raise FieldError("media not found")
        for name in ("has_spoiler", "show_caption_above_media"):
            boolean(media, name)
        value = attached(call, string(media, "media"))
        if not value:
            raise FieldError("media not found")
        kind = required_string(media, "type")
        if kind in _UNKNOWN_HERE:
            raise not_emulated(f"media of type {kind}")
        if kind not in _INPUT_KINDS:
            raise FieldError(f'type "{kind}" is unsupported')
        if album and kind == "animation":
            raise FieldError('type "animation" can\'t be used in sendMediaGroup')
        caption = caption_part(_captioned(call, media))
        return MAKERS[kind](call, value, media) | caption | spoiler(media)


def check_album(items: list[Json]) -> None:
    """A Refusal (400) for an album that Telegram does not take; a single message goes alone."""
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > 10:
        raise bad_request("too many messages to send as an album")
    kinds = {next(kind for kind in KINDS if kind in item) for item in items}
    for kind in sorted(kinds & _ALONE.keys()):
        if len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types in an album")


def _captioned(call: Call, media: Json) -> Call:
    names = ("caption", "parse_mode", "caption_entities", "show_caption_above_media")
    params = {name: media[name] for name in names if media.get(name)}
    return Call(bot=call.bot, params=params, uploads=call.uploads, services=call.services)
