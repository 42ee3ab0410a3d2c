"""Refusals in Telegram's own words: the code and the description that a Bot API call is turned down with."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A Bot API call that is turned down: HTTP status `code`, `description`, and `parameters` (such as retry_after)."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, Any]:
        """The JSON body of the refusal, as Telegram sends it."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str) -> Refusal:
    """A 400 with Telegram's prefix before `text`."""
    return Refusal(400, f"Bad Request: {text}")


def too_large() -> Refusal:
    """A 413: the call brings more than a bot may send."""
    return Refusal(413, "Request Entity Too Large")


def forbidden(text: str) -> Refusal:
    """A 403 with Telegram's prefix before `text`."""
    return Refusal(403, f"Forbidden: {text}")


def conflict(text: str) -> Refusal:
    """A 409 with Telegram's prefix before `text`."""
    return Refusal(409, f"Conflict: {text}")


def not_emulated(what: str) -> Refusal:
    """A 501: the Bot API knows `what`, this server does not emulate it."""
    return Refusal(501, f"Not Implemented: {what} is not emulated by the local chat")
