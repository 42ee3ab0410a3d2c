"""The fields of JSON objects that bots send (buttons, entities, media), read as Telegram reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from bot.localchat.model import Json
from bot.localchat.refusals import bad_request


class FieldError(Exception):
    """A field that is missing or of the wrong type; the text says which in Telegram's words."""


@contextmanager
def refusing(what: str = "") -> Iterator[None]:
    """Turns a FieldError into a Refusal (400) that names `what` could not be parsed ("" : the parameter itself)."""
    try:
        yield
    except FieldError as error:
        text = str(error)
        raise bad_request(f"can't parse {what}: {text}" if what else text[:1].lower() + text[1:]) from None


def read_json(text: str | bytes) -> Any:
    """What was sent as JSON; ValueError for what is none, such as NaN, or is nested too deeply to be read."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def given(fields: Json, name: str) -> bool:
    """Whether the field is there and not null."""
    return fields.get(name) is not None


def string(fields: Json, name: str) -> str:
    """A field of text (numbers are taken as text), "" when it is missing."""
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise FieldError(f'Field "{name}" must be of type String')
    return str(value)


def required_string(fields: Json, name: str) -> str:
    """A field of text that must be there."""
    _require(fields, name)
    return string(fields, name)


def boolean(fields: Json, name: str) -> bool:
    """A field that is true or false, False when it is missing."""
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise FieldError(f'Field "{name}" must be of type Boolean')
    return bool(value)


def integer(fields: Json, name: str, missing: int = 0) -> int:
    """A field with a whole number (also as text), `missing` when it is not there."""
    value = fields.get(name)
    if value is None:
        return missing
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise FieldError(f'Field "{name}" must be of type Number')
    try:
        return int(value)
    except ValueError:
        raise FieldError(f'Field "{name}" must be a valid Number') from None


def required_integer(fields: Json, name: str) -> int:
    """A field with a whole number that must be there."""
    _require(fields, name)
    return integer(fields, name)


def required_object(fields: Json, name: str) -> Json:
    """A field with an object that must be there."""
    _require(fields, name)
    value = fields[name]
    if not isinstance(value, dict):
        raise FieldError(f'Field "{name}" must be of type Object')
    return value


def array(fields: Json, name: str) -> list[Any]:
    """A field with an array, empty when it is missing."""
    value = fields.get(name)
    if value is not None and not isinstance(value, list):
        raise FieldError(f'Field "{name}" must be of type Array')
    return value or []


def _require(fields: Json, name: str) -> None:
    if not given(fields, name):
        raise FieldError(f'Can\'t find field "{name}"')
