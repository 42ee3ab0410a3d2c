"""Entities that a bot gives itself, beside the text instead of a parse_mode: checked as Telegram checks them."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from bot.localchat.fields import FieldError, refusing, required_integer, required_object, required_string, string
from bot.localchat.links import LARGEST_ID, LinkError, checked_link
from bot.localchat.model import Json
from bot.localchat.refusals import bad_request
from bot.localchat.utf16 import unit_offsets

_STYLED = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "blockquote",
        "expandable_blockquote",
        "date_time",
    }
)
# Telegram finds these by itself and passes over the bot's own.
_FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"})


def read_entities(values: list[Any], text: str, users: Container[int]) -> list[Json]:
    """The styled entities among `values`, which must lie within `text` (offsets in UTF-16 units).

    `users`: whom the bot may mention by id. A Refusal (400) for anything that Telegram would not take.
    """
    with refusing("MessageEntity"):
        entities = [entity for entity in map(_entity, values) if entity is not None]
    for entity in entities:
        _check_meaning(entity, users)
    if entities:
        boundaries = frozenset(unit_offsets(text))
        size = max(boundaries)
        for entity in entities:
            _check_place(entity, size, boundaries)
    return [entity for entity in entities if entity["length"]]


def _entity(value: Any) -> Json | None:
    if not isinstance(value, dict):
        raise FieldError("expected an Object")
    entity: Json = {"offset": required_integer(value, "offset"), "length": required_integer(value, "length")}
    kind = required_string(value, "type")
    if kind in _FOUND:
        return None
    if not kind:
        raise FieldError("Type is not specified")
    if kind not in _STYLED:
        raise FieldError("Unsupported type specified")
    entity["type"] = kind
    if kind == "pre" and string(value, "language"):
        entity["language"] = value["language"]
    elif kind == "text_link":
        entity["url"] = required_string(value, "url")
    elif kind == "text_mention":
        entity["user"] = {"is_bot": False, "first_name": "", **required_object(value, "user")}
        required_integer(entity["user"], "id")
    elif kind == "custom_emoji":
        entity["custom_emoji_id"] = required_string(value, "custom_emoji_id")
        if abs(required_integer(value, "custom_emoji_id")) >= LARGEST_ID:
            raise FieldError('Field "custom_emoji_id" must be a valid Number')
    elif kind == "date_time":
        entity |= {name: value[name] for name in ("unix_time", "date_time_format") if name in value}
    return entity


def _check_meaning(entity: Json, users: Container[int]) -> None:
    if entity["type"] == "text_link":
        try:
            entity["url"] = checked_link(entity["url"])
        except LinkError as error:
            raise bad_request(f"entity URL '{entity['url']}' is invalid: {error}") from None
    if entity["type"] == "text_mention" and entity["user"]["id"] not in users:
        raise bad_request("user not found")


def _check_place(entity: Json, size: int, boundaries: frozenset[int]) -> None:
    offset, length = entity["offset"], entity["length"]
    end = offset + length
    if offset < 0:
        raise bad_request(f"receive an entity with incorrect offset {offset}")
    if length < 0:
        raise bad_request(f"receive an entity with incorrect length {length}")
    if offset > size:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if end > size:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
        )
    if offset not in boundaries:
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {offset}")
    if end not in boundaries:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol at UTF-16 offset {end}"
        )
