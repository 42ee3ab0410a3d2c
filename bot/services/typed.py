"""Numbers as people type them in answer to a question: a leverage, a wallet balance, a price."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.services.question import MOST, Leg, in_range, wallet_said
from bot.understanding.answers import read_number, understand_slot
from bot.understanding.coins import plausible_price

_LEVERAGE = re.compile(r"(?:x\s*)?(\d{1,15}(?:[.,]\d{1,8})?)\s*x?")
_NUMBER_ALONE = re.compile(r"[-−–]?\s*\$?\s*\d[\d.,]*\s*(?:k|m|x|\$|usdt?|u)?")


def typed_leverage(text: str) -> Decimal | None:
    """A leverage, also one that no venue allows: the card answers 0x and 500x with the limits. None for other texts."""
    hit = _LEVERAGE.fullmatch(text.strip().lower())
    value = read_number(hit[1], None) if hit else None
    return value if value is not None and value <= MOST else None


def is_below_zero(text: str) -> bool:
    """Whether a text is nothing but a number that is not above 0, as "-5" and "0" are."""
    if not _NUMBER_ALONE.fullmatch(text.strip().lower()):
        return False
    value = read_number(text.replace("−", "-").replace("–", "-"), None)
    return value is not None and value <= 0


def typed_wallet(text: str) -> tuple[Decimal, str | None] | None:
    """A wallet balance, 0 included, and the asset it was said in (None: not said); None for anything else."""
    heard = understand_slot("wallet", text)
    said = wallet_said(heard.account) if heard is not None else None
    return said if said is not None and (said[0] == 0 or in_range(said[0])) else None


def typed_price(text: str, *, coin: str) -> Decimal | None:
    """A price of `coin`, above 0; None for anything else."""
    heard = understand_slot("mark", text, coin)
    return heard.price if heard is not None and heard.price is not None and in_range(heard.price) else None


FAR = 3
"""A price within this factor of the card's entry can be another entry of it."""


def can_be_entry(price: Decimal, own: Leg) -> bool:
    """Whether a price can be meant for the card's coin: 3,200 is none of BTC at 64,000."""
    if own.entry is not None:
        return own.entry / FAR <= price <= own.entry * FAR
    return own.coin is None or plausible_price(own.coin, price) is not False
