"""Whether the bot is at work: the sign that it leaves behind, and the answer of `marginbot health`."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.settings import Address, Settings, data_folder

FRESH: Final = 90.0
"""Seconds. A poll ends after 30 at the latest, with or without updates; this forgives two that were lost."""
PATIENCE: Final = 5.0
_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class Pulse:
    """A file whose age says how long ago updates were last fetched and stored. Losing it never stops the bot.

    In it stands how many taps were refused since the start, by reason.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._refused: Counter[str] = Counter()

    @classmethod
    def of(cls, settings: Settings) -> Pulse:
        """The pulse of the bot that runs with these settings: one file a bot, in the data folder."""
        token = settings.token.get_secret_value() if settings.token else "local"
        return cls(data_folder() / f"pulse-{token.partition(':')[0]}")

    def begin(self) -> None:
        """Forgets what an earlier process left."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def beat(self) -> None:
        """Says that updates were fetched and stored just now."""
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(self._refused, sort_keys=True))

    def refuse(self, why: str) -> None:
        """Counts a tap that led to nothing; the next beat writes it down."""
        self._refused[why] += 1

    def refused(self) -> dict[str, int]:
        """How many taps were refused, by reason, as of the last beat; nothing where that cannot be read."""
        try:
            found = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return {why: count for why, count in found.items() if isinstance(count, int)} if isinstance(found, dict) else {}

    def age(self) -> float | None:
        """Seconds since the last beat; None when there was none."""
        try:
            return time.time() - self._path.stat().st_mtime
        except OSError:
            return None


def ailment(settings: Settings) -> str | None:
    """What is wrong with the bot that runs with these settings, in one line; None when it is at work.

    Polling: updates were fetched and stored within FRESH seconds. Webhooks: the listener answers, and turns away a call
    without the secret.
    """
    if settings.listen is not None and settings.webhook_url is not None:
        return _webhook_ailment(settings.listen, urlsplit(settings.webhook_url).path)
    age = Pulse.of(settings).age()
    if age is None:
        return "no updates have been fetched since the start, or the bot does not run"
    return None if age < FRESH else f"updates were last fetched {age:.0f} s ago"


def _webhook_ailment(listen: Address, path: str) -> str | None:
    connection = http.client.HTTPConnection(_ANY.get(listen.host, listen.host), listen.port, timeout=PATIENCE)
    try:
        connection.request("POST", path)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"the webhook does not answer on {listen}: {error or type(error).__name__}"
    finally:
        connection.close()
    return None if status == 403 else f"{listen} answers {status}, which is not the webhook"
