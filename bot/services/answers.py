"""What an answer changes in a question: a tapped choice, a typed slot, a price, a reply that says several things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.rendering.views import Slot
from bot.services.question import (
    TAKEN_AS_MARGIN,
    GivenPrice,
    Guessed,
    Leg,
    Question,
    coin_collateral,
    dollars_of,
    guesses_of,
    in_range,
    leg_of,
    question_of,
    slots_of,
    with_leg,
)
from bot.services.symbols import listing_of
from bot.understanding.answers import understand_slot
from bot.understanding.understand import understand

_NUMBER = re.compile(r"\d{1,12}(\.\d{1,8})?")
_COIN = re.compile(r"[A-Z0-9]{1,24}")
_SIZES = ("quantity", "notional", "margin", "contracts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said now; everything that is not said stays as it is. `prices` are by the coin of the question.

    guessed: slots of it whose meaning was not said but read from the number's place.
    """

    said: Leg = field(default_factory=Leg)
    wallet: Decimal | None = None
    prices: Mapping[str, GivenPrice] = field(default_factory=dict)
    guessed: tuple[Guessed, ...] = ()

    @classmethod
    def of_prices(cls, prices: Mapping[str, Decimal], *, question: Question, now: datetime) -> Answer | None:
        """Prices now for coins of the question, in the question's units; None when it has none of them."""
        found: dict[str, GivenPrice] = {}
        for leg in question.legs:
            for coin, price in prices.items():
                there, here = listing_of(coin), listing_of(leg.coin or "")
                if there is None or here is None or there.symbol != here.symbol or not in_range(price):
                    continue
                # 1000PEPE is PEPE by the thousand: the price is carried over to the units of the question.
                found[leg.coin or ""] = GivenPrice(price=price * there.per / here.per, given_at=now)
        return cls(prices=found) if found else None

    @classmethod
    def as_notional(cls, leg: Leg) -> Answer | None:
        """The amount that was taken as margin was the position's size; None when none was."""
        return cls(said=Leg(notional=leg.margin)) if leg.margin_taken and leg.margin is not None else None


def tapped_answer(slot: str, choice: str) -> Answer | None:
    """What a button `set:SLOT:CHOICE` says; None for one that we never drew."""
    match slot, choice:
        case "side", "long" | "short":
            return Answer(said=Leg.model_validate({"side": choice}))
        case "mode", "isolated" | "cross":
            return Answer(said=Leg.model_validate({"mode": choice}))
        case "symbol", _ if _COIN.fullmatch(choice):
            return Answer(said=Leg(coin=choice))
        case "leverage" | "wallet", _ if _NUMBER.fullmatch(choice) and in_range(Decimal(choice)):
            number = Decimal(choice)
            return Answer(wallet=number) if slot == "wallet" else Answer(said=Leg(leverage=number))
        case _:
            return None


def with_answer(question: Question, answer: Answer, *, leg: int) -> Question:
    """The question with what the answer says about its position number `leg`, its wallet and its prices."""
    leg = min(leg, len(question.legs) - 1)
    changes = _changes(question.legs[leg], answer.said)
    if "mode" in changes and len(question.legs) > 1 and len({each.mode for each in question.legs}) == 1:
        question = question.model_copy(
            update={"legs": tuple(each.model_copy(update={"mode": changes["mode"]}) for each in question.legs)}
        )
    question = with_leg(question, leg, **changes)
    update: dict[str, object] = {
        "prices": {**question.prices, **answer.prices},
        "guessed": (*(slot for slot in question.guessed if slot not in _slots_of(answer)), *answer.guessed),
    }
    if answer.wallet is not None:
        update |= {"wallet": answer.wallet, "wallet_from": "said"}
    return question.model_copy(update=update)


def _slots_of(answer: Answer) -> set[str]:
    """The slots that the answer settles, which are guesses no longer."""
    named = {name for name in answer.said.model_fields_set if getattr(answer.said, name)}
    slots = {"symbol" if name == "coin" else "size" if name in _SIZES else name for name in named}
    return slots | ({"wallet"} if answer.wallet is not None else set()) | ({"mark"} if answer.prices else set())


def _changes(leg: Leg, said: Leg) -> dict[str, object]:
    """The slots of a position that change, and those that a new value makes void."""
    changes: dict[str, object] = {name: getattr(said, name) for name in said.model_fields_set if getattr(said, name)}
    if any(name in changes for name in _SIZES):
        changes = {**dict.fromkeys(_SIZES), "margin_taken": False, **changes}
    elif "leverage" in changes and (leg.quantity is not None or leg.notional is not None):
        changes |= {"margin": None, "margin_taken": False}
    if "entry" in changes:
        changes["at_market"] = False
    return changes


def answered_by(text: str, *, slot: Slot, question: Question, leg: int, now: datetime) -> Answer | None:
    """What a typed text says about the slot that was asked for; None when it does not answer that."""
    coin = question.legs[min(leg, len(question.legs) - 1)].coin
    if slot == "wallet":
        wallet = typed_wallet(text)
        return None if wallet is None else Answer(wallet=wallet)
    if slot == "mark":
        price = typed_price(text, coin=coin or "")
        return Answer.of_prices({coin or "": price}, question=question, now=now) if price is not None else None
    heard = understand_slot(slot, text, coin)
    if heard is None or heard.position is None or heard.position.margin_unit is not None:
        return None
    mode = understand_slot("mode", text)
    said = leg_of(heard.position, taken=TAKEN_AS_MARGIN in slots_of(heard.assumed))
    if slot != "mode" and mode is not None and mode.position is not None:
        said = said.model_copy(update={"mode": mode.position.mode})
    numbers = (said.quantity, said.notional, said.margin, said.contracts, said.entry, said.leverage)
    if not all(in_range(number) for number in numbers if number is not None):
        return None
    return Answer(said=said, guessed=guesses_of(heard.assumed))


def answered_at_once(text: str, *, question: Question, leg: int, now: datetime) -> Answer | None:
    """What a text says that answers several questions in one go ("64k 20x 0.5"), read after what is known already.

    None when it adds fewer than two slots: then it is no such text.
    """
    known = question.legs[min(leg, len(question.legs) - 1)]
    if known.coin is None:
        return None
    reading = understand(" ".join(filter(None, (known.side, known.coin, text))))
    read = question_of(reading, now=now) if reading.kind == "position" else None
    if not isinstance(read, Question) or len(read.legs) != 1 or read.legs[0].coin != known.coin:
        return None
    said = read.legs[0].model_copy(update={"coin": None, "side": None if known.side else read.legs[0].side})
    told = [name for name in Leg.model_fields if getattr(said, name)]
    if len(told) + (read.wallet is not None) < 2:
        return None
    return Answer(said=said, wallet=read.wallet, guessed=read.guessed)


def amendment(text: str, *, question: Question, now: datetime) -> Answer | None:
    """What a short text changes where it was not asked for: a leverage with its x, a mode, a side in full."""
    slots: list[Slot] = ["mode"]
    if "x" in text.lower():
        slots.insert(0, "leverage")
    if "long" in text.lower() or "short" in text.lower():
        slots.append("side")
    answers = (answered_by(text, slot=slot, question=question, leg=0, now=now) for slot in slots)
    return next((answer for answer in answers if answer is not None), None)


def typed_wallet(text: str) -> Decimal | None:
    """A wallet balance in dollars, 0 included; None for anything else, an amount of coins included."""
    heard = understand_slot("wallet", text)
    if heard is None or coin_collateral(heard.account) is not None:
        return None
    balance = dollars_of(heard.account)
    return balance if balance is not None and (balance == 0 or in_range(balance)) else None


def typed_price(text: str, *, coin: str) -> Decimal | None:
    """A price of `coin`, above 0; None for anything else."""
    heard = understand_slot("mark", text, coin)
    return heard.price if heard is not None and heard.price is not None and in_range(heard.price) else None


def price_of_symbol(coin: str, price: Decimal) -> tuple[str, Decimal] | None:
    """The contract of a coin and its price in the contract's units; None for a coin without one."""
    listing = listing_of(coin)
    return (listing.symbol, price * listing.per) if listing and in_range(price) else None
