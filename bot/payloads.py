"""What comes back from outside with an id of ours in it: the data behind a button, and a link to a card.

Both are hostile until they are read: anybody can send anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PAYLOAD_VERSION: Final = "1"
PAYLOAD_LIMIT: Final = 64
"""Telegram's limit for the data behind a button, in bytes."""

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST_ID: Final = 13
"""Digits of 2**63 in base 36."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Whose button of which card it is, and what it means."""

    card_id: int
    owner_id: int
    action: str


def encode_payload(payload: Payload) -> str:
    """The data behind a button: `version.card.owner.action`, numbers in base 36.

    Errors: ValueError when it would be longer than Telegram's 64 bytes.
    """
    data = f"{PAYLOAD_VERSION}.{base36(payload.card_id)}.{base36(payload.owner_id)}.{payload.action}"
    if len(data.encode()) > PAYLOAD_LIMIT:
        raise ValueError(f"a button's data must be at most {PAYLOAD_LIMIT} bytes, got {len(data.encode())}: {data!r}")
    return data


def decode_payload(data: str) -> Payload | None:
    """Reads the data behind a button; None when it is of another version or forged. Never raises."""
    version, _, rest = data.partition(".")
    card, _, rest = rest.partition(".")
    owner, _, action = rest.partition(".")
    card_id, owner_id = _id_of(card), _id_of(owner)
    if version != PAYLOAD_VERSION or card_id is None or owner_id is None or len(data) > PAYLOAD_LIMIT:
        return None
    return Payload(card_id=card_id, owner_id=owner_id, action=action)


def bot_link(bot_name: str, start: str) -> str:
    """The address that opens the bot's private chat with the payload `start`: at most 64 of A-Z, a-z, 0-9, _ and -."""
    return f"https://t.me/{bot_name}?start={start}"


CARD_LINK: Final = "card_"
"""What the payload of a link to a card begins with."""


def card_link(bot_name: str, card_id: int, trade: str | None = None) -> str:
    """The address that opens a card in its owner's private chat, and for anybody else the trade behind it.

    Arguments: trade, the card's trade as a link's payload carries it; left out where it does not fit.
    """
    start = CARD_LINK + base36(card_id)
    whole = f"{start}_{trade}" if trade else start
    return bot_link(bot_name, whole if len(whole) <= PAYLOAD_LIMIT else start)


def linked_trade(payload: str) -> str:
    """The trade that a link to a card carries; "" for none."""
    return payload.strip()[len(CARD_LINK) :].partition("_")[2] if linked_card(payload) is not None else ""


def linked_card(payload: str) -> int | None:
    """The id of the card that a link leads to; None for other links and forged ones."""
    said = payload.strip().lower()
    return _id_of(said.removeprefix(CARD_LINK).partition("_")[0]) if said.startswith(CARD_LINK) else None


def _id_of(digits: str) -> int | None:
    """An id in base 36; None for other letters, and for a number beyond the database's integers."""
    if not digits or len(digits) > _LONGEST_ID or set(digits) - set(_DIGITS):
        return None
    return number if (number := int(digits, 36)) < 2**63 else None


def base36(number: int) -> str:
    """A number from 0 up in the digits 0-9 and a-z, as `int(text, 36)` reads it."""
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits
