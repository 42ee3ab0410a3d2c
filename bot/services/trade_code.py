"""A trade in at most 64 letters that a link to the bot may carry, and back: the same question, to the digit.

    long 0.5 btc 64000 20x iso, wallet 10k  ->  t1_lBTC_q0p5_e64000_x20_i_w10000

Parts are separated by "_", a point is written "p". Each position begins with its side (l, h for short, z for none said)
and its coin; what follows a letter is that slot's value. Prices now carry when they were given, in seconds and base 36,
so that one which has grown old does not look fresh. What came from the portfolio or the settings stays out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from bot.payloads import base36
from bot.services.preferring import without_preferences
from bot.services.question import MOST_LEGS, GivenPrice, Leg, Question, in_range
from margin_engine.model.decimals import plain

VERSION: Final = "t1"
LONGEST: Final = 64
"""Characters of a link's payload."""

_SIDES: Final = {"l": "long", "h": "short", "z": None}
_NUMBERS: Final = {
    "q": "quantity",
    "n": "notional",
    "a": "margin",
    "c": "contracts",
    "v": "contract_value",
    "e": "entry",
    "x": "leverage",
    "s": "stop",
    "t": "target",
    "r": "rate",
}
_FLAGS: Final[dict[str, tuple[str, Any]]] = {
    "A": ("margin_taken", True),
    "M": ("at_market", True),
    "Q": ("quote", "USDC"),
    "i": ("mode", "isolated"),
    "o": ("mode", "cross"),
    "L": ("contract", "linear"),
    "I": ("contract", "inverse"),
    "K": ("contract", "quanto"),
}
_POOLED: Final = {"y": True, "Y": False}
_NUMBER: Final = re.compile(r"[0-9]{1,16}(?:p[0-9]{1,12})?")
_COIN: Final = re.compile(r"[A-Z0-9]{0,15}")
_VENUE: Final = re.compile(r"[a-z0-9-]{1,20}")
_LATEST: Final = datetime.max.replace(tzinfo=UTC)
_SECONDS: Final = re.compile(r"[0-9a-z]{1,7}")


def said_alone(question: Question) -> Question:
    """The question without what its person's portfolio and settings add, and with no trace of how it was told."""
    return without_preferences(question).model_copy(update={"unanswered": (), "guessed": (), "unread": (), "plan": ()})


def trade_code(question: Question) -> str | None:
    """The payload of a link to this question; None when it does not fit or cannot be written so."""
    question = said_alone(question)
    if question.unknown_coin is not None or question.foreign:
        return None
    parts = [VERSION, *(part for leg in question.legs for part in _leg_parts(leg)), *_account_parts(question)]
    code = "_".join(parts)
    fits = len(code) <= LONGEST and trade_of(code, now=_LATEST) == _to_the_second(question)
    return code if fits else None


def _leg_parts(leg: Leg) -> Iterable[str]:
    yield next(letter for letter, side in _SIDES.items() if side == leg.side) + (leg.coin or "")
    for letter, name in _NUMBERS.items():
        if getattr(leg, name) is not None:
            yield letter + _written(getattr(leg, name))
    for letter, (name, value) in _FLAGS.items():
        if getattr(leg, name) == value:
            yield letter
    if leg.margin_asset is not None:
        yield "u" + leg.margin_asset


def _account_parts(question: Question) -> Iterable[str]:
    if question.wallet is not None:
        yield "w" + _written(question.wallet)
    if question.wallet_asset is not None:
        yield "W" + question.wallet_asset
    if question.venue is not None:
        yield "V" + question.venue
    if question.fee_rate is not None:
        yield "f" + _written(question.fee_rate)
    yield from (letter for letter, pooled in _POOLED.items() if question.pooled is pooled)
    for asset, amount in question.assets.items():
        yield f"b{asset}-{_written(amount)}"
    for coin, given in question.prices.items():
        yield f"g{coin}-{_written(given.price)}-{base36(int(given.given_at.timestamp()))}"


def _to_the_second(question: Question) -> Question:
    prices = {
        coin: given.model_copy(update={"given_at": given.given_at.replace(microsecond=0)})
        for coin, given in question.prices.items()
    }
    return question.model_copy(update={"prices": prices})


def trade_of(code: str, *, now: datetime) -> Question | None:
    """The question behind a link; None when the payload is forged, cut or of another version. Never raises.

    Arguments: now, after which no price can have been given.
    """
    version, *parts = code.split("_")
    if version != VERSION or len(code) > LONGEST or not parts:
        return None
    legs: list[dict[str, Any]] = []
    account: dict[str, Any] = {}
    try:
        for part in parts:
            if part[0] in _SIDES:
                legs.append({"side": _SIDES[part[0]], "coin": _matched(_COIN, part[1:]) or None})
            elif part[0] in _NUMBERS:
                _once(legs[-1], _NUMBERS[part[0]], _read(part[1:]))
            elif part in _FLAGS:
                _once(legs[-1], *_FLAGS[part])
            elif part[0] == "u":
                _once(legs[-1], "margin_asset", _matched(_COIN, part[1:]))
            else:
                _read_account(part, account)
        if not 0 < len(legs) <= MOST_LEGS:
            return None
        question = Question(legs=tuple(Leg(**leg) for leg in legs), **account)
        return question if all(given.given_at <= now for given in question.prices.values()) else None
    except (ValueError, IndexError, OverflowError, ValidationError):
        return None


def _read_account(part: str, account: dict[str, Any]) -> None:
    name, rest = part[0], part[1:]
    match name:
        case "w":
            _once(account, "wallet", _read(rest, least_zero=True))
        case "W":
            _once(account, "wallet_asset", _matched(_COIN, rest))
        case "V":
            _once(account, "venue", _matched(_VENUE, rest))
        case "f":
            _once(account, "fee_rate", _read(rest))
        case "b":
            asset, amount = rest.split("-")
            _once(account.setdefault("assets", {}), _matched(_COIN, asset), _read(amount))
        case "g":
            coin, price, seconds = rest.split("-")
            given_at = datetime.fromtimestamp(int(_matched(_SECONDS, seconds), 36), UTC)
            given = GivenPrice(price=_read(price), given_at=given_at)
            _once(account.setdefault("prices", {}), _matched(_COIN, coin), given)
        case _ if part in _POOLED:
            _once(account, "pooled", _POOLED[part])
        case _:
            raise ValueError(part)


def _once(slots: dict[str, Any], name: str, value: Any) -> None:
    if name in slots:
        raise ValueError(name)
    slots[name] = value


def _matched(pattern: re.Pattern[str], text: str) -> str:
    if pattern.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _read(text: str, *, least_zero: bool = False) -> Decimal:
    value = Decimal(_matched(_NUMBER, text).replace("p", "."))
    if not (in_range(value) or (least_zero and not value)):
        raise ValueError(text)
    return value


def _written(value: Decimal) -> str:
    return plain(value).replace(".", "p")
