"""The Bot API's methods and parameters: which exist, which are required, and what their values must look like.

Bots may send every value as text (query, form) or as JSON; both become one typed dictionary here. The table is compiled
once, at the first call. Parameters that the Bot API does not know are ignored, as Telegram does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn

from bot.localchat.fields import read_json
from bot.localchat.refusals import Refusal, bad_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a call: its `name`, `content_type` and `content`."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of the Bot API: its `name` as Telegram writes it, and a reader for each parameter."""

    name: str
    readers: dict[str, Callable[[str, Any], Any]]
    required: tuple[str, ...]

    def read(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The typed parameters of a call, or a Refusal (400) for a missing one or one of the wrong kind."""
        values: dict[str, Any] = {}
        for name, value in raw.items():
            reader = self.readers.get(name)
            if reader is not None and value is not None:
                values[name] = reader(name, value)
            elif name in _OLD_NAMES:
                _take_old(self, name, value, values)
        for name in self.required:
            if name not in values or (values[name] == "" and name not in _MAY_BE_EMPTY):
                raise _missing(self.name, name)
        return values

    def unknown(self, raw: Mapping[str, Any]) -> tuple[str, ...]:
        """The names in `raw` that this method does not have."""
        return tuple(name for name in raw if name not in self.readers and not self._knew(name))

    def _knew(self, name: str) -> bool:
        return _OLD_NAMES.get(name) in self.readers


# Names of before 2024 that Telegram still takes, and what took their place.
_OLD_NAMES = {
    "reply_to_message_id": "reply_parameters",
    "allow_sending_without_reply": "reply_parameters",
    "disable_web_page_preview": "link_preview_options",
}
_MAY_BE_EMPTY = frozenset({"url"})
_MISSING = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    **{
        name: f"there is no {name.replace('_', ' ')} in the request"
        for name in ("photo", "document", "audio", "video", "animation", "voice", "sticker", "video_note")
    },
}


def _missing(method: str, name: str) -> Refusal:
    if name in ("callback_query_id", "inline_query_id"):
        return bad_request("query is too old and response timeout expired or query ID is invalid")
    if method == "deleteMessage" and name == "chat_id":
        return bad_request("chat identifier is not specified")
    return bad_request(_MISSING.get(name, f'parameter "{name}" is required'))


def _take_old(method: Method, name: str, value: Any, values: dict[str, Any]) -> None:
    """Put an old parameter's value where the new one has it, unless that is given too."""
    new = _OLD_NAMES[name]
    if new not in method.readers or value is None:
        return
    if name == "disable_web_page_preview":
        values.setdefault(new, {"is_disabled": _boolean(name, value)})
    elif name == "reply_to_message_id":
        values[new] = {"message_id": _integer(name, value)} | values.get(new, {})
    else:
        values[new] = {name: _boolean(name, value)} | values.get(new, {})


def _integer(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(value if isinstance(value, str) else "")
    except ValueError:
        _wrong(name, "an integer")


def _float(name: str, value: Any) -> float:
    try:
        return float("" if isinstance(value, bool | None) else value)
    except (TypeError, ValueError):
        _wrong(name, "a number")


_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


def _boolean(name: str, value: Any) -> bool:
    known = _BOOLEANS.get(str(value).lower()) if isinstance(value, bool | str | int) else None
    if known is None:
        _wrong(name, "a boolean")
    return known


def _string(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        _wrong(name, "a string")
    return str(value)


def _chat(name: str, value: Any) -> int | str:
    text = _string(name, value)
    try:
        return int(text)
    except ValueError:
        return text


_SPOKEN = {
    "reply_markup": ("reply keyboard markup", "reply markup"),
    "reply_parameters": ("reply parameters", "reply parameters"),
    "link_preview_options": ("link preview options", "link preview options"),
    "media": ("input media", "input media"),
}


def _parsed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return read_json(value) if value else None
    except ValueError:
        what, _ = _SPOKEN.get(name, (name.replace("_", " "), ""))
        raise bad_request(f"can't parse {what} JSON object") from None


_LISTED = {"commands": "BotCommand", "media": "InputMedia", "options": "InputPollOption"}


def _list(name: str, value: Any) -> list[Any]:
    if name.endswith("entities") and isinstance(value, str):
        return _given_entities(value)
    parsed = _parsed(name, value)
    if parsed is not None and not isinstance(parsed, list):
        if name in _LISTED:
            raise bad_request(f"expected an Array of {_LISTED[name]}")
        _wrong(name, "an Array")
    return parsed or []


def _given_entities(value: str) -> list[Any]:
    """Entities that cannot be read are passed over, as Telegram does."""
    try:
        parsed = read_json(value)
    except ValueError:
        return []
    return parsed if isinstance(parsed, list) else []


def _object(name: str, value: Any) -> dict[str, Any] | None:
    parsed = _parsed(name, value)
    if parsed is not None and not isinstance(parsed, dict):
        if name in _SPOKEN:
            raise bad_request(f"object expected as {_SPOKEN[name][1]}")
        _wrong(name, "an Object")
    return parsed


def _file(name: str, value: Any) -> Upload | str:
    if not isinstance(value, Upload | str):
        _wrong(name, "a file or a string")
    return value


def _wrong(name: str, kind: str) -> NoReturn:
    raise bad_request(f'parameter "{name}" must be {kind}')


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "int": _integer,
    "float": _float,
    "bool": _boolean,
    "str": _string,
    "chat": _chat,
    "list": _list,
    "object": _object,
    "file": _file,
}


@cache
def methods() -> dict[str, Method]:
    """Every method of the Bot API by its name in lower case."""
    table = json.loads(files("bot.localchat").joinpath("data", "bot_api.json").read_text("utf-8"))["methods"]
    return {
        name.lower(): Method(
            name=name,
            readers={parameter: _READERS[kind.rstrip("!")] for parameter, kind in parameters.items()},
            required=_in_order([parameter for parameter, kind in parameters.items() if kind.endswith("!")]),
        )
        for name, parameters in table.items()
    }


def _in_order(required: list[str]) -> tuple[str, ...]:
    """Telegram looks at what is to be sent before it looks where."""
    return tuple(sorted(required, key=lambda name: name == "chat_id"))
