"""A question in plain words that read back as the same question: for sending a trade to somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

from bot.services.question import Declined, Leg, Question, question_of
from bot.services.trade_code import said_alone
from bot.understanding.readings import Reading
from bot.understanding.understand import understand
from margin_engine.model.decimals import plain

LONGEST = 256
"""Characters of an inline query."""


def words_of(question: Question, *, now: datetime) -> str | None:
    """What to write for the same answer, as "long 0.5 BTC 64000 20x isolated, wallet 10000 USDT".

    Result: None when no words are known that read back as this question. What came from the person's portfolio and
    settings stays out.
    """
    said = said_alone(question)
    if said.unknown_coin is not None or said.foreign:
        return None
    words = ", ".join([*(_leg_words(leg) for leg in said.legs), *_account_words(said)])
    return words if len(words) <= LONGEST and _reads_back(words, said, now=now) else None


def _reads_back(words: str, said: Question, *, now: datetime) -> bool:
    return any(_same(each, said) for each in readings_of(words, now=now, reading=_understood(words))[:1])


_understood: Final = lru_cache(maxsize=512)(understand)
"""A card is shown many times, and its words mean each time what they did."""


def readings_of(text: str, *, now: datetime, reading: Reading | None = None) -> list[Question]:
    """The questions that a text may ask, the likeliest first; empty when it asks none that can be answered."""
    reading = reading or understand(text)
    found = (question_of(each, now=now) for each in (reading, *reading.alternatives))
    return [each for each in found if not isinstance(each, Declined)]


def _same(read: Question, said: Question) -> bool:
    """Whether two questions are the same but for when their prices were given."""
    prices = {coin: given.price for coin, given in read.prices.items()}
    wanted = {coin: given.price for coin, given in said.prices.items()}
    asset = {read.wallet_asset or "USDT", said.wallet_asset or "USDT"}
    alike: dict[str, object] = {"prices": {}, "wallet_asset": None}
    return (
        prices == wanted
        and len(asset) == 1
        and not (read.unread or read.plan)
        and said_alone(read).model_copy(update=alike) == said.model_copy(update=alike)
    )


def _leg_words(leg: Leg) -> str:
    coin = f"{leg.coin}{leg.quote}" if leg.coin and leg.quote else leg.coin or ""
    parts: list[str] = [leg.side or ""]
    if leg.quantity is not None:
        parts.append(plain(leg.quantity))
    parts.append(coin)
    if leg.contracts is not None:
        parts.append(f"{plain(leg.contracts)} contracts")
    if leg.entry is not None:
        parts.append(f"at {plain(leg.entry)}" if leg.leverage is None else plain(leg.entry))
    elif leg.at_market:
        parts.append("at market")
    if leg.leverage is not None:
        parts.append(f"{plain(leg.leverage)}x")
    if leg.notional is not None:
        parts.append(f"{plain(leg.notional)} notional")
    if leg.margin is not None:
        unit = leg.margin_asset or "USD"
        parts.append(f"{plain(leg.margin)} {unit}" + ("" if leg.margin_taken else " margin"))
    parts += [word for word in (leg.mode, leg.contract if leg.contract != "linear" else None) if word]
    if leg.stop is not None:
        parts.append(f"stop {plain(leg.stop)}")
    if leg.target is not None:
        parts.append(f"target {plain(leg.target)}")
    return " ".join(part for part in parts if part)


def _account_words(question: Question) -> Iterable[str]:
    if question.wallet is not None:
        yield f"wallet {plain(question.wallet)} {question.wallet_asset or ''}".strip()
    for asset, amount in question.assets.items():
        yield f"{plain(amount)} {asset} collateral"
    if question.venue is not None:
        yield f"on {question.venue}"
    if question.fee_rate is not None:
        yield f"fee {plain(question.fee_rate * 100)}%"
    for coin, given in question.prices.items():
        yield f"{coin} now {plain(given.price)}"
