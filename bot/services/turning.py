"""What a short turn ("flip it", "65k", "10x" of two positions) makes of a question: each thing that it can mean.

One meaning is taken; of several the card asks which. Nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Context, Decimal
from typing import Final

from bot.services.answers import Answer, amendment, goal_answer, with_answer
from bot.services.question import Leg, Question, in_range, with_leg
from bot.services.symbols import listing_of
from bot.services.typed import can_be_entry
from bot.understanding.coins import plausible_quantity
from bot.understanding.readings import Reading
from bot.understanding.turns import Turn

ALL: Final = "all"
_DIGITS: Final = Context(prec=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One thing that a turn can mean. name: "entry", "mark", "wallet", "margin", "size", "leg:N" or "all"."""

    name: str
    question: Question


def meanings(turn: Turn, question: Question, *, now: datetime) -> tuple[Meaning, ...]:
    """What a turn can mean for a question, likeliest first; empty when it has no place there."""
    match turn.do:
        case "flip":
            return _each(question, _flipped, everywhere=turn.all)
        case "scale" if turn.number is not None:
            factor = turn.number
            return _each(question, lambda leg: _scaled(leg, factor), everywhere=turn.all)
        case "instead" if turn.coin is not None and len(question.legs) == 1:
            return _one(other_coin(question, turn.coin, entry=turn.number))
        case "drop" if turn.coin is not None:
            return _dropped(question, turn.coin)
        case "stop" | "target" if turn.text:
            return _planned(question, turn)
        case "venue" if turn.venue is not None:
            return _one(with_answer(question, Answer(venue=turn.venue), leg=0))
        case "price" if turn.number is not None:
            return _prices(question, turn.number, now=now)
        case "number" if turn.number is not None:
            return _prices(question, turn.number, now=now) or _amounts(question, turn.number)
        case "slots" if turn.slots is not None:
            return _slots(question, turn.slots, everywhere=turn.all, now=now)
        case _:
            return ()


def _one(question: Question) -> tuple[Meaning, ...]:
    return (Meaning(name=ALL, question=question),)


def _each(
    question: Question, change: Callable[[Leg], Leg | None], *, everywhere: bool, together: bool = True
) -> tuple[Meaning, ...]:
    """A change of one position: of which, where there are several, or of all of them.

    together: whether it makes sense for all of them at once.
    """
    changed = [change(leg) for leg in question.legs]
    found = [
        Meaning(name=f"leg:{index}", question=_with(question, index, leg))
        for index, leg in enumerate(changed)
        if leg is not None
    ]
    whole = [leg for leg in changed if leg is not None]
    if together and len(found) == len(question.legs):
        every = Meaning(name=ALL, question=question.model_copy(update={"legs": tuple(whole)}))
        return (every,) if everywhere or len(whole) == 1 else (*found, every)
    return () if everywhere else tuple(found)


def _with(question: Question, index: int, leg: Leg) -> Question:
    legs = (*question.legs[:index], leg, *question.legs[index + 1 :])
    return question.model_copy(update={"legs": legs})


def _flipped(leg: Leg) -> Leg | None:
    if leg.side is None:
        return None
    return leg.model_copy(update={"side": "short" if leg.side == "long" else "long"})


def _scaled(leg: Leg, factor: Decimal) -> Leg | None:
    """A position `factor` times as large, in whatever its size was said."""
    sizes = ("quantity", "notional", "margin", "contracts")
    changes = {name: _DIGITS.multiply(size, factor) for name in sizes if (size := getattr(leg, name)) is not None}
    return leg.model_copy(update=changes) if changes and all(map(in_range, changes.values())) else None


def other_coin(question: Question, coin: str, *, entry: Decimal | None = None) -> Question:
    """The same question about another coin: side, leverage, mode and amounts of dollars hold on.

    Sizes in coins, prices, stops and targets are those of the old coin and are left open. Only for one position.
    Arguments: entry, the price of the other coin at which it is entered, where it was said.
    """
    leg = question.legs[0].model_copy(update={"coin": coin, "quantity": None, "contracts": None, "entry": entry})
    leg = leg.model_copy(update={"stop": None, "target": None, "rate": None})
    return question.model_copy(
        update={
            "legs": (leg,),
            "prices": {},
            "unanswered": (),
            "guessed": (),
            "unread": (),
            "plan": (),
            "unknown_coin": None,
        }
    )


def _dropped(question: Question, coin: str) -> tuple[Meaning, ...]:
    """The question without its positions in a coin; the last position is never dropped."""
    kept = tuple(leg for leg in question.legs if not _is(leg, coin))
    if not kept or len(kept) == len(question.legs):
        return ()
    prices = {name: price for name, price in question.prices.items() if any(leg.coin == name for leg in kept)}
    return _one(question.model_copy(update={"legs": kept, "prices": prices}))


def _is(leg: Leg, coin: str) -> bool:
    there, here = listing_of(coin), listing_of(leg.coin or "")
    return leg.coin == coin or (there is not None and here is not None and there.symbol == here.symbol)


def _planned(question: Question, turn: Turn) -> tuple[Meaning, ...]:
    """A stop or target of the one position that its price fits; of several, which one is asked."""
    goals = [goal_answer(turn.do, turn.text, leg) for leg in question.legs]
    found = [
        Meaning(name=f"leg:{index}", question=with_answer(question, goal, leg=index))
        for index, (leg, goal) in enumerate(zip(question.legs, goals, strict=True))
        if goal is not None and _near(getattr(goal.said, turn.do), leg)
    ]
    return tuple(found)


def _near(price: Decimal | None, leg: Leg) -> bool:
    """Whether a goal can be one of a position; a position without an entry takes any, and so does taking one away."""
    return price is None or can_be_entry(price, leg)


def _prices(question: Question, price: Decimal, *, now: datetime) -> tuple[Meaning, ...]:
    """A price as the entry or as the price now of the one position that it fits."""
    fits = [index for index, leg in enumerate(question.legs) if leg.coin and can_be_entry(price, leg)]
    if len(fits) != 1 or not in_range(price):
        return ()
    leg = question.legs[fits[0]]
    entry = Meaning(name="entry", question=with_leg(question, fits[0], entry=price, at_market=False))
    given = Answer.of_prices({leg.coin or "": price}, question=question, now=now)
    if given is None or (leg.entry is None and not leg.at_market):
        return (entry,)
    return entry, Meaning(name="mark", question=with_answer(question, given, leg=fits[0]))


def _amounts(question: Question, number: Decimal) -> tuple[Meaning, ...]:
    """A bare number that is no price: a size where none is known, the wallet, or the position's margin."""
    if not in_range(number):
        return ()
    found = []
    leg = question.legs[0]
    alone = len(question.legs) == 1
    unsized = leg.quantity is None and leg.notional is None and leg.margin is None
    if alone and unsized and leg.coin and plausible_quantity(leg.coin, number):
        said = Answer(said=Leg(quantity=number))
        found.append(Meaning(name="size", question=with_answer(question, said, leg=0)))
    found.append(Meaning(name="wallet", question=with_answer(question, Answer(wallet=number), leg=0)))
    if alone:
        margin = Answer(said=Leg(margin=number))
        found.append(Meaning(name="margin", question=with_answer(question, margin, leg=0)))
    return tuple(found)


def _slots(question: Question, reading: Reading, *, everywhere: bool, now: datetime) -> tuple[Meaning, ...]:
    """Slots of one position: of a single one, of the one whose coin is named, else of each that they fit."""
    named = [each.symbol for each in reading.parsed.positions or () if each.symbol]
    if len(question.legs) == 1:
        answer = amendment(reading, question=question, leg=0, asked=False, now=now)
        return _one(with_answer(question, answer, leg=0)) if answer is not None else ()
    answer = amendment(reading, question=question, leg=0, asked=False, now=now)
    if answer is not None:  # mode and wallet hold for all
        return _one(with_answer(question, answer, leg=0))
    found: list[tuple[int, Answer]] = []
    for index, leg in enumerate(question.legs):
        said = amendment(reading, question=question, leg=index, asked=True, now=now)
        if said is not None and (not named or (leg.coin is not None and _is(leg, named[0]))):
            found.append((index, replace(said, alone=True)))
    single = [Meaning(name=f"leg:{at}", question=with_answer(question, said, leg=at)) for at, said in found]
    if named or len(found) < len(question.legs) or not _hold_together([said for _, said in found]):
        return () if everywhere and len(single) != 1 else tuple(single)
    every = question
    for at, said in found:
        every = with_answer(every, said, leg=at)
    return (Meaning(name=ALL, question=every),) if everywhere else (*single, Meaning(name=ALL, question=every))


def _hold_together(answers: Sequence[Answer]) -> bool:
    """Whether the slots can be those of every position at once: leverage and mode can, a size or a price is one's."""
    said = answers[0].said
    return all(getattr(said, name) is None for name in ("quantity", "notional", "margin", "contracts", "entry", "side"))
