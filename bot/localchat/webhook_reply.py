"""A call that a bot makes in its answer to a webhook's post: JSON or a form with `method` beside its parameters."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from aiohttp.http import HttpProcessingError

from bot.localchat.fields import read_json
from bot.localchat.model import Json
from bot.localchat.spec import Upload

# Telegram carries these out only when they are asked for by themselves; no answer to a call comes back this way.
_NOT_HERE = ("get", "setwebhook", "deletewebhook", "close", "logout")


async def asked_in_reply(answer: aiohttp.ClientResponse) -> Json:
    """The call in a webhook's answer, `method` among its fields; empty when there is none that is carried out."""
    asked = await _fields(answer)
    method = asked.get("method")
    if not isinstance(method, str) or method.lower().startswith(_NOT_HERE):
        return {}
    return asked


async def _fields(answer: aiohttp.ClientResponse) -> Json:
    kind = answer.content_type
    try:
        if kind == "multipart/form-data":
            return await _multipart(answer)
        content = await answer.read()
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(content.decode(), keep_blank_values=True))
        fields = read_json(content) if kind == "application/json" and content.strip() else {}
    except (ValueError, HttpProcessingError):
        return {}
    return fields if isinstance(fields, dict) else {}


async def _multipart(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    async for part in aiohttp.MultipartReader.from_response(answer):
        if not isinstance(part, aiohttp.BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            fields[part.name] = content.decode()
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            fields[part.name] = Upload(name=part.filename, content_type=kind, content=content)
    return fields
