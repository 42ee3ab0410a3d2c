"""python-telegram-bot's HTTP backend over aiohttp: many calls at once, connections kept alive, no addresses in errors.

A call's address holds the bot's token, so no text of the HTTP library (which may quote it) goes into our errors.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any, Final, cast

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_TIMEOUT: Final = 10.0
READ_TIMEOUT: Final = 20.0
UPLOAD_TIMEOUT: Final = 60.0
KEEP_ALIVE: Final = 75.0


class NotSent(NetworkError):
    """No connection came about, so Telegram has not seen the call: it can be made again without doubt."""


class AiohttpRequest(BaseRequest):
    """One connection pool for all calls of a bot. `lanes` is how many calls may be on their way at once."""

    def __init__(self, lanes: int = 64) -> None:
        self._lanes = lanes
        self._session: aiohttp.ClientSession | None = None
        self.heard = -inf
        """When the server last answered, of time.monotonic."""

    @property
    def read_timeout(self) -> float | None:
        return READ_TIMEOUT

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._lanes + 1, keepalive_timeout=KEEP_ALIVE)  # + 1: the long poll
            self._session = aiohttp.ClientSession(
                connector=connector, headers={"User-Agent": self.USER_AGENT}, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Makes one call. Result: the HTTP status and the body.

        Errors: TimedOut (Telegram may have seen the call), NotSent (it has not), NetworkError (unknown).
        """
        if self._session is None:
            raise RuntimeError("the request backend is not initialised")
        body = _body(request_data)
        patience = UPLOAD_TIMEOUT if isinstance(body, aiohttp.FormData) else READ_TIMEOUT
        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=_given(connect_timeout, CONNECT_TIMEOUT),
            sock_read=_given(read_timeout, patience),
            connect=_given(pool_timeout, None),
        )
        try:
            async with self._session.request(method, url, data=body, timeout=timeout) as response:
                content = await response.read()
                if response.status < 500:
                    self.heard = time.monotonic()
                return response.status, content
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"cannot connect to the Bot API server ({type(error).__name__})") from None
        except TimeoutError:
            raise TimedOut("the Bot API server did not answer in time") from None
        except aiohttp.ClientError as error:
            raise NetworkError(f"the connection to the Bot API server broke ({type(error).__name__})") from None
        except ValueError:
            raise NetworkError("the Bot API server's address is not valid") from None

    async def fetch(self, url: str, most: int) -> bytes:
        """The body behind an address, cut off after `most` + 1 bytes, which is how a longer one is known.

        Errors: NetworkError when it cannot be had; TimeoutError after READ_TIMEOUT.
        """
        if self._session is None:
            raise RuntimeError("the request backend is not initialised")
        timeout = aiohttp.ClientTimeout(total=READ_TIMEOUT, sock_connect=CONNECT_TIMEOUT)
        body = bytearray()
        try:
            async with self._session.get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status != 200:
                    raise NetworkError(f"the Bot API server answers {response.status} for a file")
                async for part in response.content.iter_chunked(1 << 16):
                    body += part
                    if len(body) > most:
                        break
        except (aiohttp.ClientError, ValueError) as error:
            raise NetworkError(f"a file could not be fetched ({type(error).__name__})") from None
        return bytes(body[: most + 1])


class Api:
    """The Bot API's methods with plain JSON on both sides, through PTB's request layer, which knows its refusals.

    For what goes in and out all the time: the inbox keeps updates as they came, and making PTB's objects of every
    answer costs as much as the call itself.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        *,
        read_timeout: float = READ_TIMEOUT,
        upload: Upload | None = None,
    ) -> Any:
        """Calls `method`, with a file if there is one. Result: Telegram's `result`.

        Errors: telegram.error's, as from any of PTB's methods.
        """
        if upload is not None:
            read_timeout = max(read_timeout, UPLOAD_TIMEOUT)
        url = f"{self._bot.base_url}/{method}"
        plain = cast(RequestData, _Plain(parameters, upload))  # PTB hands it on to do_request, unseen
        return await self._bot.request.post(url, plain, read_timeout=read_timeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that goes with a call, whose parameters name it as "attach://" + name."""

    name: str
    filename: str
    data: bytes
    content_type: str = "image/png"


@dataclass(frozen=True, slots=True)
class _Plain:
    parameters: Mapping[str, Any]
    upload: Upload | None = None


def _body(request_data: RequestData | _Plain | None) -> dict[str, str] | aiohttp.Payload | aiohttp.FormData | None:
    if request_data is None:
        return None
    if isinstance(request_data, _Plain):
        return _with_file(request_data.parameters, request_data.upload)
    if not request_data.contains_files:
        return request_data.json_parameters or None
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form


def _with_file(parameters: Mapping[str, Any], upload: Upload | None) -> aiohttp.Payload | aiohttp.FormData:
    if upload is None:
        return aiohttp.JsonPayload(parameters)
    form = aiohttp.FormData()
    for name, value in parameters.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    form.add_field(upload.name, upload.data, filename=upload.filename, content_type=upload.content_type)
    return form


def _given(value: Any, default: float | None) -> float | None:
    """A timeout as PTB hands it over: a number, None for no limit, or its marker for "the backend's own"."""
    return default if value is BaseRequest.DEFAULT_NONE else value
