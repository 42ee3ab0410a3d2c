"""A call's parameters from the query, a form, a multipart form or JSON."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.localchat.refusals import bad_request
from bot.localchat.spec import Upload

LARGEST_BODY = 64 * 1024 * 1024


async def read_call(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """The raw parameters and the uploaded files of a call; a Refusal (400) when the body cannot be read."""
    raw: dict[str, Any] = dict(request.query)
    if request.method != "POST" or not request.body_exists:
        return raw, {}
    if request.content_type == "multipart/form-data":
        return await _multipart(request, raw)
    content = await request.read()
    try:
        if request.content_type == "application/json":
            raw |= _json_object(content)
        else:
            raw |= parse_qsl(content.decode("utf-8"), keep_blank_values=True)
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return raw, {}


def _json_object(content: bytes) -> dict[str, Any]:
    if not content.strip():
        return {}
    try:
        value = json.loads(content)
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
    except ValueError:
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
        else:
            raw[name] = value
    return raw, uploads
