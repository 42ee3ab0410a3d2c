"""Further positions of the same question, and fewer."""

from __future__ import annotations

import re
from datetime import datetime

from bot.services.question import MOST_LEGS, Leg, Question, question_of
from bot.understanding.answers import understand_slot
from bot.understanding.readings import Reading

_COIN = re.compile(r"[A-Z0-9]{1,24}")


def with_coin(question: Question, coin: str) -> Question | None:
    """The question with one position more, of which only the coin is known; None where there are too many."""
    if len(question.legs) >= MOST_LEGS or not _COIN.fullmatch(coin):
        return None
    return question.model_copy(update={"legs": (*question.legs, Leg(coin=coin, mode=question.mode))})


def with_more(question: Question, text: str, reading: Reading, *, now: datetime) -> Question | None:
    """The question with the positions of a text ("short 4 eth 3200 10x", "eth"); None when it names none.

    A wallet or an exchange that the text names as well is another account's, so that such a text is no further
    position.
    """
    read = question_of(reading, now=now) if reading.kind == "position" and reading.parsed.positions else None
    if isinstance(read, Question) and read.wallet is None and read.venue is None and read.legs[0].coin is not None:
        legs = tuple(each if each.mode else each.model_copy(update={"mode": question.mode}) for each in read.legs)
        if len(question.legs) + len(legs) > MOST_LEGS:
            return None
        update = {"legs": (*question.legs, *legs), "prices": {**question.prices, **read.prices}}
        return question.model_copy(update=update)
    heard = understand_slot("symbol", text)
    coin = heard.position.symbol if heard is not None and heard.position is not None else None
    return with_coin(question, coin) if coin is not None else None


def without_leg(question: Question, index: int) -> Question:
    """The question without one of its positions."""
    legs = tuple(leg for number, leg in enumerate(question.legs) if number != index)
    return question.model_copy(update={"legs": legs})
