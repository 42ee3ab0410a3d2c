"""Inline query results as bots give them -> the messages they become, checked as Telegram checks them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.localchat.fields import FieldError, given, refusing, required_string, string
from bot.localchat.inline import Result
from bot.localchat.methods.call import Call
from bot.localchat.methods.media import MAKERS
from bot.localchat.methods.texts import CAPTION, caption_part, inline_part, text_part
from bot.localchat.model import Json
from bot.localchat.refusals import Refusal, bad_request, not_emulated


@dataclass(frozen=True, slots=True)
class _File:
    """A kind of result that is a file: how its fields begin, what it becomes, which titles and types it must have."""

    prefix: str
    becomes: str
    titled: bool = False
    mime_types: tuple[str, ...] = ()


_FILES = {
    "photo": _File("photo", "photo"),
    "document": _File("document", "document", titled=True, mime_types=("application/pdf", "application/zip")),
    "audio": _File("audio", "audio"),
    "video": _File("video", "video", titled=True, mime_types=("video/mp4", "text/html")),
    "voice": _File("voice", "voice", titled=True),
    "gif": _File("gif", "animation"),
    "mpeg4_gif": _File("mpeg4", "animation"),
    "sticker": _File("sticker", "sticker"),
}
_NOT_EMULATED = frozenset({"contact", "game", "location", "venue"})
_OTHER_CONTENT = ("rich_message", "latitude", "phone_number", "payload")
_EMPTY_TITLES = {"article": "ARTICLE_TITLE_EMPTY", "document": "FILE_TITLE_EMPTY", "video": "VIDEO_TITLE_EMPTY"}
_WORDS = ("parse_mode", "entities", "link_preview_options")
_STAND_IN = (320, 240)


def read_results(call: Call, values: list[Any]) -> list[Result]:
    """The results of an answer; a Refusal in Telegram's words for one that it would not take."""
    return [_result(call, value) for value in values]


def _result(call: Call, value: Any) -> Result:
    with _worded_for_results():
        if not isinstance(value, dict):
            raise FieldError("Inline query result must be an object")
        kind = required_string(value, "type").lower()
        if kind in _NOT_EMULATED:
            raise not_emulated(f"an inline query result of type {kind}")
        if kind != "article" and kind not in _FILES:
            raise FieldError(f'type "{kind}" is unsupported for the inline query result')
        result_id = required_string(value, "id")
        words = _words(call, value, required=kind == "article")
        shown = Result(
            id=result_id,
            kind=kind,
            title=_title(value, kind),
            description=string(value, "description"),
            content=words or {},
        )
        found = shown if kind == "article" else _file(call, value, shown, _FILES[kind])
        return replace(found, content=found.content | _keyboard(call, value))


def _title(value: Json, kind: str) -> str:
    if kind != "article" and not _FILES[kind].titled:
        return string(value, "title") or kind.capitalize()
    title = required_string(value, "title")
    if not title and kind in _EMPTY_TITLES:
        raise bad_request(_EMPTY_TITLES[kind])
    return title


def _file(call: Call, value: Json, shown: Result, file: _File) -> Result:
    """A file that is here already, or one by URL: that is sent as words, or as a grey picture if it is a photo."""
    url = string(value, f"{file.prefix}_url")
    if not url:
        made = MAKERS[file.becomes](call, required_string(value, f"{file.prefix}_file_id"), {})
        picture = made["photo"][-1]["file_unique_id"] if "photo" in made else None
        return replace(shown, content=shown.content or made | _caption(call, value), photo=picture)
    if file.mime_types and not required_string(value, "mime_type").startswith(file.mime_types):
        raise bad_request(f"unallowed {file.becomes} MIME type")
    if file.becomes == "photo" and not required_string(value, "thumbnail_url"):
        raise bad_request("PHOTO_THUMB_URL_EMPTY")
    if shown.content:
        return shown
    if file.becomes != "photo":
        raise not_emulated(f"an inline query result with a {file.prefix}_url")
    return replace(shown, content=_caption(call, value), stand_in=_size(value))


def _words(call: Call, value: Json, *, required: bool) -> Json | None:
    """The text that is sent instead of the result itself; None when the result does not say any."""
    content = value.get("input_message_content")
    if content is None:
        if not required and not given(value, "message_text"):
            return None
        required_string(value, "message_text")
        content = value
    if not isinstance(content, dict):
        raise FieldError('Field "input_message_content" must be of type Object')
    text = string(content, "message_text")
    if not text:
        for name in _OTHER_CONTENT:
            if name in content:
                raise not_emulated(f"input_message_content with {name}")
        if required:
            raise FieldError("Input message content is not specified")
        return None
    params = {name: content[name] for name in _WORDS if content.get(name)}
    if content.get("disable_web_page_preview") is True:
        params.setdefault("link_preview_options", {"is_disabled": True})
    return text_part(replace(call, params={"text": text, **params}))


def _caption(call: Call, value: Json) -> Json:
    return caption_part(
        replace(call, params={name: value[name] for name in ("parse_mode", *CAPTION) if value.get(name)})
    )


def _keyboard(call: Call, value: Json) -> Json:
    markup = value.get("reply_markup")
    if markup is not None and not isinstance(markup, dict):
        raise FieldError('Field "reply_markup" must be of type Object')
    return inline_part(replace(call, params={"reply_markup": markup}))


def _size(value: Json) -> tuple[int, int]:
    width, height = value.get("photo_width"), value.get("photo_height")
    if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
        return width, height
    return _STAND_IN


_HERE = "inline query result"
_REWORDED = {"message is too long": "MESSAGE_TOO_LONG", "message caption is too long": "MEDIA_CAPTION_TOO_LONG"}
_READING = ("can't parse", "unsupported parse_mode")


@contextmanager
def _worded_for_results() -> Iterator[None]:
    """What a text, file or keyboard is refused with, in the words it is refused with inside a result."""
    try:
        with refusing(_HERE):
            yield
    except Refusal as refusal:
        text = refusal.description.removeprefix("Bad Request: ")
        if text in _REWORDED:
            raise bad_request(_REWORDED[text]) from None
        if text.startswith(_READING) and not text.startswith(f"can't parse {_HERE}: "):
            raise bad_request(f"can't parse {_HERE}: {text[0].upper()}{text[1:]}") from None
        raise
