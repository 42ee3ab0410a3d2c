"""What may stand in the log: ids, places and types; no token, and nothing that a person wrote."""

from __future__ import annotations

import logging
import re
import sqlite3
import traceback
from copy import copy
from types import TracebackType
from typing import Final

CHATTY: Final = ("alembic", "httpx", "aiohttp.access", "telegram", "uvicorn")
_FOREIGN: Final = ("asyncio", "aiohttp", "telegram", "uvicorn", "concurrent")
"""Whose messages quote exceptions."""
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Formats records without the words of exceptions, which may quote what they failed at.

    Of an exception its type and its way stay; and the reason of one that comes from the machine: a full disk, a broken
    connection, a locked file.
    """

    _token = re.compile(r"\d+:[A-Za-z0-9_-]{35}")

    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)
        record.exc_text = None  # another handler may have written the exception out in full
        return self._token.sub("<token>", super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:
        if record.name.partition(".")[0] in _FOREIGN and record.levelno >= logging.ERROR:
            record.message = record.message.partition("\n")[0]
        return super().formatMessage(record)

    def formatException(self, ei: _ExcInfo) -> str:
        return "\n".join(_way(ei[1])) if ei[1] is not None else ""


def _way(error: BaseException) -> list[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = [*_way(cause), "which led to"] if cause is not None else []
    inside = [line for each in getattr(error, "exceptions", ()) for line in _way(each)]
    stack = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    return [*before, *inside, *([stack] if stack else []), f"{type(error).__name__}{_reason(error)}"]


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f": {error.strerror}"
    if isinstance(error, sqlite3.Error):  # names tables and columns, never values
        return f": {error}"
    return ""


def begin() -> None:
    """Logs to standard error from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
