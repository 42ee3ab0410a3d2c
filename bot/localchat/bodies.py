"""A call's parameters from the query, a form, a multipart form or JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.http import HttpProcessingError

from bot.localchat.fields import read_json
from bot.localchat.refusals import bad_request, too_large
from bot.localchat.spec import Upload

LARGEST_BODY = 64 * 1024 * 1024


async def read_call(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """The raw parameters and the uploaded files of a call; a Refusal (400) when the body cannot be read."""
    raw: dict[str, Any] = dict(request.query)
    if request.method != "POST" or not request.body_exists:
        return raw, {}
    if request.content_type == "multipart/form-data":
        return await _multipart(request, raw)
    try:
        content = await request.read()
        if request.content_type == "application/json":
            raw |= _json_object(content)
        else:
            raw |= parse_qsl(content.decode("utf-8"), keep_blank_values=True)
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    return raw, {}


def _json_object(content: bytes) -> dict[str, Any]:
    if not content.strip():
        return {}
    try:
        value = read_json(content)
    except ValueError:
        begun = content.lstrip()
        if not begun.startswith(b"{"):
            raise bad_request("JSON object expected") from None
        raise bad_request("can't parse object" if begun.rstrip() != b"{" else "expected parameter name") from None
    if not isinstance(value, dict):
        raise bad_request("JSON object expected")
    return value


async def _multipart(request: web.Request, raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Upload]]:
    uploads: dict[str, Upload] = {}
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    except (ValueError, HttpProcessingError):
        raise bad_request("can't parse the multipart form") from None
    for name, value in form.items():
        if isinstance(value, web.FileField):
            upload = Upload(
                name=value.filename or name,
                content_type=value.content_type or "application/octet-stream",
                content=value.file.read(),
            )
            value.file.close()
            uploads[name] = raw[name] = upload
        else:  # a part that names a type, as JSON does, comes as bytes
            raw[name] = value if isinstance(value, str) else value.decode("utf-8", "replace")
    return raw, uploads
